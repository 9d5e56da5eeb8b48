"""The main thread of a sandbox process: takes commands one by one, runs blocks of code in one namespace."""

from __future__ import annotations

import builtins
import os
import signal
import sys
import threading

from rlm_desktop.sandbox.child import limits, wire
from rlm_desktop.sandbox.child.bridge import Bridge, as_text
from rlm_desktop.sandbox.child.confine import NotConfined, confine
from rlm_desktop.sandbox.child.context import read_context
from rlm_desktop.sandbox.child.errors import explain
from rlm_desktop.sandbox.child.hints import hint
from rlm_desktop.sandbox.child.output import OwnThreadsOnly, Sink, mark_threads, text_stream, watch_threads
from rlm_desktop.sandbox.child.scaffold import HIDDEN, Scaffold
from rlm_desktop.sandbox.child.variables import clean, describe, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rlm_desktop.sandbox.child.tries import Outcome

_OWN_THREADS = 2
_OURS_TOO = [(vars(module), dict(vars(module))) for module in (builtins, os, signal, threading)]
"""Modules that this process itself lives on: what a block changes in them is put back after it."""


def take_pipes() -> tuple[int, int]:
    """Move the protocol away from stdin and stdout: fd 0 becomes the null device, fd 1 what fd 2 is, the capped stray pipe."""
    protocol = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return protocol


def context_descriptor(number: str) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(int(number), os.O_RDONLY)
    os.set_inheritable(int(number), False)
    return int(number)


def main(arguments: list[str]) -> None:
    """Serve until the host closes the pipe. `arguments` holds the context's descriptor, and `required` or `unconfined`."""
    sys.dont_write_bytecode = True  # of what the model's code imports; our own files may be kept compiled
    try:
        fds = take_pipes()
        context_fd = context_descriptor(arguments[0])
        limits.die_with_parent()
        limits.set_birth_limits()
        is_confined = arguments[1] != "unconfined"
        if not is_confined:
            limits.keep_orphans()
        held_by, tries = confine() if is_confined else ("", [])
        Repl(fds, context_fd).serve(held_by, tries)
    except NotConfined as refused:
        os.write(2, str(refused).encode("utf-8", "replace"))
        os._exit(wire.NOT_CONFINED_EXIT)
    except MemoryError:
        os._exit(wire.MEMORY_EXIT)
    except BaseException as error:  # noqa: BLE001  (the border of the process)
        os.write(2, explain(error, {}).encode("utf-8", "replace"))
        os._exit(wire.FAILED_EXIT)


class _TooLong(ValueError):
    """Of an answer: how long it is and may be."""


class Repl:
    """One namespace and all that is put around it."""

    def __init__(self, fds: tuple[int, int], context_fd: int) -> None:
        self._context_fd = context_fd
        self._pid = os.getpid()
        self._interrupts = wire.Interrupts()
        self._pipe = wire.Pipe(*fds, self._interrupts)
        self._bridge = Bridge(self._pipe, self._interrupts)
        module = type(sys)("__main__")
        self._namespace: dict[str, Any] = vars(module)
        self._namespace["__builtins__"] = builtins
        sys.argv[:] = [""]
        sys.modules["__main__"] = module  # dataclasses, pickle and typing look names up there
        self._scaffold = Scaffold(self._namespace, self._bridge)
        self._sources: dict[str, str] = {}
        self._variables: dict[str, tuple[int, Any, str]] = {}
        self._next_streams = _streams()
        self._last_streams: tuple[Any, Any] | None = None
        self._sent_answer: tuple[Any, bool] = ("", False)
        self._memory_bytes: int | None = None
        self._is_confined = False
        self._hello: dict[str, Any] = {}

    def serve(self, held_by: str, tries: list[Outcome]) -> None:
        """Say what confines this process and how that was tried, then obey."""
        self._is_confined = held_by != ""
        self._bridge.start()
        version = ".".join(map(str, sys.version_info[:3]))
        self._send({"op": "ready", "python": version, "held_by": held_by}, wire.to_json(tries))
        watch_threads()
        import random  # noqa: F401  (for the seed that comes; here, as a spare has time now, and nobody waits for it)

        while True:
            header, body = self._bridge.commands.get()
            try:
                getattr(self, "_on_" + header["op"])(header, body)
            except KeyboardInterrupt:
                continue  # came between two blocks

    def _on_hello(self, header: dict[str, Any], _body: bytes) -> None:
        self._hello = header
        self._bridge.may_query = header["may_query"]
        limits.set_process_limits(header)
        import random

        random.seed(header["seed"])

    def _on_load(self, header: dict[str, Any], body: bytes) -> None:
        index = [(name, size) for name, size in wire.from_json(body)]
        self._limit_memory(header["memory_bytes"], sum(size for _, size in index))
        try:
            self._scaffold.context = read_context(self._context_fd, header["kind"], index)
        except (ValueError, OSError) as error:
            return self._send({"op": "loaded", "chars": 0, "error": clean(str(error), 500)})
        texts = self._scaffold.context
        chars = len(texts) if header["kind"] == "str" else sum(map(len, texts.values() if header["kind"] == "dict" else texts))
        self._send({"op": "loaded", "chars": chars, "error": None})

    def _limit_memory(self, memory_bytes: int, context_bytes: int) -> None:
        if self._memory_bytes is None:
            self._memory_bytes = memory_bytes
            limits.set_memory_limit(memory_bytes, context_bytes)

    def _on_lookup(self, header: dict[str, Any], body: bytes) -> None:
        found = self._scaffold.variable(body.decode("utf-8"))
        data = None
        if found is not None:
            try:
                data = _encode_answer(found[0])
            except _TooLong as error:
                data = f"(the variable has {error})".encode()
            except BaseException as error:  # noqa: BLE001  (the object's own code)
                data = f"(the variable's str() raised {type_of(error)})".encode()
        self._send({"op": "value", "id": header["id"], "found": data is not None}, data or b"")

    def _on_exec(self, header: dict[str, Any], body: bytes) -> None:
        self._limit_memory(self._hello["memory_bytes"], 0)
        code = body.decode("utf-8")
        block, file_name = header["block"], f"<repl {header['name']}>"
        self._bridge.block, self._bridge.file_name = block, file_name
        mark_threads(block)
        self._namespace["__builtins__"] = builtins
        self._sources[file_name] = code
        (out, err), streams = self._next_streams
        out.half = err.half = header["captured_bytes"] // 2
        self._scaffold.restore()
        self._interrupts.install()
        self._last_streams = sys.stdout, sys.stderr
        self._redirect(streams, block)
        streams = sys.stdout, sys.stderr
        error = self._run(code, file_name)
        for names, before in _OURS_TOO:
            names.update(before)
        if os.getpid() != self._pid:
            os._exit(0)  # the model's code forked, and this is the copy
        text = "" if error is None else explain(error, self._sources) + self._hint(error)
        error_type = None if error is None else type_of(error)
        error = None  # its frames hold on to what the code had
        answer, problem = self._new_answer()
        for stream, sink, more in ((streams[0], out, ""), (streams[1], err, text + problem)):
            _end(stream, sink, more)
        self._report(block, error_type, out, err, answer)
        # Now that nobody waits: to make streams, and to end what held others, is a good part of the time that a short block takes.
        self._scaffold.history.append((code, (out.head + out.tail).decode("utf-8", "replace")))
        self._last_streams = None
        self._next_streams = _streams()

    def _hint(self, error: BaseException) -> str:
        memory_bytes, open_files = self._memory_bytes or 0, self._hello["open_files"]
        return hint(error, memory_bytes=memory_bytes, open_files=open_files, is_confined=self._is_confined)

    def _redirect(self, streams: tuple[Any, Any], block: int) -> None:
        if sys.stdin is None or sys.stdin.closed:
            sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (the model's code closed it, as exit() does)
        has_strangers = len(sys._current_frames()) > _OWN_THREADS
        sys.stdout, sys.stderr = (OwnThreadsOnly(stream, block) for stream in streams) if has_strangers else streams

    def _run(self, code: str, file_name: str) -> BaseException | None:
        interrupts = self._interrupts
        try:
            compiled = compile(code, file_name, "exec", dont_inherit=True)
            interrupts.is_block_running = True
            exec(compiled, self._namespace)
            interrupts.is_block_running = False
            sys.settrace(None)
            sys.setprofile(None)
        except BaseException as error:  # noqa: BLE001  (SystemExit and KeyboardInterrupt too: only the host ends this process)
            interrupts.is_block_running = False
            sys.settrace(None)
            sys.setprofile(None)
            return error
        return None

    def _report(self, block: int, error_type: str | None, out: Sink, err: Sink, answer: bytes | None) -> None:
        variables = wire.to_json(describe(self._namespace, HIDDEN, self._variables))
        parts = [bytes(out.head), bytes(out.tail), bytes(err.head), bytes(err.tail), variables]
        header = {
            "op": "done", "block": block, "error": error_type, "parts": [len(part) for part in parts],
            "stdout_chars": out.chars, "stdout_cut": out.is_cut, "stderr_chars": err.chars, "stderr_cut": err.is_cut,
            "answer_bytes": None, "ready": self._sent_answer[1],
        }  # fmt: skip
        if answer is not None:
            header["answer_bytes"] = len(answer)
            parts.append(answer)
        self._send(header, b"".join(parts))

    def _new_answer(self) -> tuple[bytes | None, str]:
        """Return the answer's text if it is not the one sent last, and what the model must be told where it has none."""
        self._scaffold.adopt_answer()
        try:
            content, ready = self._scaffold.answer_state()
            if type(content) is str and (content, ready) == self._sent_answer:
                return None, ""
            data = _encode_answer(content)
        except _TooLong as error:
            return None, f"answer['content'] is not taken: it has {error}. Shorten it.\n"
        except BaseException as error:  # noqa: BLE001  (the methods of what was put there)
            return None, f"answer is not taken: reading it raised {type_of(error)}. Put a str into answer['content'].\n"
        if (data, ready) == self._sent_answer:
            return None, ""
        self._sent_answer = (content if type(content) is str else data, ready)
        return data, ""

    def _send(self, header: dict[str, Any], body: bytes = b"") -> None:
        self._pipe.send([(header, body)])


def _streams() -> tuple[tuple[Sink, Sink], tuple[Any, Any]]:
    """What will hold the next block's stdout and stderr, and what it will write to."""
    out, err = Sink(), Sink()
    return (out, err), (text_stream(out), text_stream(err))


def _end(stream: Any, sink: Sink, more: str) -> None:
    try:
        if more:
            stream.write(more)
        stream.flush()
    except (ValueError, MemoryError):
        sink.write(more.encode("utf-8", "backslashreplace"))  # the code closed the stream, or left it nothing to work with
    sink.finish()


def _encode_answer(content: object) -> bytes:
    if isinstance(content, (list, dict, tuple)):
        try:
            text = wire.to_text_json(content)
        except (TypeError, ValueError, RecursionError):
            text = repr(content)
    else:
        text = as_text(content)
    if len(text) > wire.MAX_ANSWER_BYTES:
        raise _TooLong(f"{len(text):,} characters; at most {wire.MAX_ANSWER_BYTES:,} are possible")
    return text.encode("utf-8", "replace")[: wire.MAX_ANSWER_BYTES]
