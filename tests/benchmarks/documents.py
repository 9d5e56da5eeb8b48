"""How fast and in how much memory documents are read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rlm_desktop.documents.outline import Outliner
from rlm_desktop.program import program_command
from tests.benchmarks.figure import figure

_PROSE = "It was a long road to the town where nobody had been for years, and 12 of them went on.\n"
_CHAPTER = "Chapter {}\n\n" + (_PROSE * 12 + "\n") * 10
_BODY = "        if self.first(x) > 12 and x is not None:\n            total += self.second(x) + 1\n" * 6
_CODE = f"class A{{}}:\n    def first(self, x):\n{_BODY}        return x\n\n    def second(self, x):\n{_BODY}        return x\n\n"


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    text = _text(_CHAPTER, 40_000_000)
    yield figure("documents_outline_40_mb_text", _outline_s(text, "a.txt"), "s", 0.3)
    yield figure("documents_outline_40_mb_markdown", _outline_s(text.replace("Chapter", "##"), "a.md"), "s", 0.3)
    yield figure("documents_outline_40_mb_python", _outline_s(_text(_CODE, 40_000_000), "a.py"), "s", 0.6)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        small, large, huge = home / "small.txt", home / "large.txt", home / "huge.txt"
        small.write_text("words\n")
        large.write_text(text)
        with huge.open("w") as file:
            for _ in range(10):
                file.write(text)
        del text
        yield figure("documents_read_small", min(_read(small, home)[0] for _ in range(3)), "s", 0.25)
        yield figure("documents_read_40_mb", min(_read(large, home)[0] for _ in range(2)), "s", 0.7)
        seconds, peak_bytes = _read(huge, home)
        yield figure("documents_read_400_mb", seconds, "s", 6.0)
        yield figure("documents_read_400_mb_memory", peak_bytes / 1e6, "MB", 80.0)


def _text(pattern: str, chars: int) -> str:
    return "".join(pattern.format(number) for number in range(chars // len(pattern)))


def _outline_s(text: str, name: str) -> float:
    started = time.perf_counter()
    outliner = Outliner(name)
    for start in range(0, len(text), 1 << 20):
        outliner.feed(text[start : start + (1 << 20)])
    assert len(outliner.finish()) == 400
    return time.perf_counter() - started


# A process counts as its own what the one that started it held: so a small one stands between.
_MEASURE = "import os, subprocess, sys; child = subprocess.Popen(sys.argv[1:], stdout=2); print(*os.wait4(child.pid, 0)[1:])"


def _read(path: Path, home: Path) -> tuple[float, int]:
    """Return the seconds from start to exit of a reading process, and the most memory that it held in bytes."""
    environment = {**os.environ, "RLM_DESKTOP_HOME": str(home / "home")}
    command = program_command("read", "--jsonl", str(path))
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)
    seconds = time.perf_counter() - started
    measured = subprocess.run([sys.executable, "-S", "-c", _MEASURE, *command], capture_output=True, text=True, check=True, env=environment)
    peak_kib = re.search(r"ru_maxrss=(\d+)", measured.stdout)
    assert peak_kib, measured.stderr
    return seconds, int(peak_kib[1]) * 1024
