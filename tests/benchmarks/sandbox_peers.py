"""What a sandbox is measured beside: the least that its pipes cost, and the same code in the process that measures."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
from types import TracebackType
from typing import Any, Self

from rlm_desktop.sandbox.child import wire
from rlm_desktop.sandbox.frames import parse_json

_ECHO = """
import os, sys
sys.path.insert(0, sys.argv[1])
from rlm_desktop.sandbox.child.wire import Interrupts, Pipe
pipe = Pipe(os.dup(0), os.dup(1), Interrupts())
while (frame := pipe.read()) is not None:
    pipe.send([frame])
"""


class Echo:
    """A child that sends every frame back, both sides blocking: frames as a sandbox's, nothing between them but two pipes."""

    def __init__(self, root: str) -> None:
        command = [sys.executable, "-s", "-P", "-X", "utf8", "-c", _ECHO, root]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._in.close()
        self._out.close()
        self._process.wait()

    def round_s(self, header: dict[str, Any], body: bytes = b"") -> float:
        """Return the seconds that a frame takes there and back, its header written and read as JSON on both sides by what a sandbox has."""
        started = time.perf_counter()
        os.write(self._in.fileno(), wire.pack(header, body))
        head_bytes, body_bytes = wire.LENGTHS.unpack(self._out.read(wire.LENGTHS.size))
        back = parse_json(self._out.read(head_bytes)), self._out.read(body_bytes)
        taken_s = time.perf_counter() - started
        assert back == (header, body)
        return taken_s


def exec_here(code: str, namespace: dict[str, Any]) -> tuple[float, str]:
    """Return the seconds that a block takes as `exec` here, and what it printed."""
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<repl>", "exec"), namespace)
    return time.perf_counter() - started, printed.getvalue()
