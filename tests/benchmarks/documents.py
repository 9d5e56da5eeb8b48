"""How fast and in how much memory documents are read."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rlm_desktop.documents.outline import Outliner
from rlm_desktop.program import program_command

_PROSE = "It was a long road to the town where nobody had been for years, and 12 of them went on.\n"
_CHAPTER = "Chapter {}\n\n" + (_PROSE * 12 + "\n") * 10
_CODE = "class A{}:\n    def first(self, x):\n        return self.second(x) + 1\n\n    def second(self, x):\n        return x\n\n"


def figures() -> Iterator[dict[str, Any]]:
    text = _text(_CHAPTER, 40_000_000)
    yield _figure("outline of 40 MB of text", _outline_s(text, "a.txt"), "s", 0.3)
    yield _figure("outline of 40 MB of Markdown", _outline_s(text.replace("Chapter", "##"), "a.md"), "s", 0.3)
    yield _figure("outline of 40 MB of Python", _outline_s(_text(_CODE, 40_000_000), "a.py"), "s", 0.6)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        small, large, huge = home / "small.txt", home / "large.txt", home / "huge.txt"
        small.write_text("words\n")
        large.write_text(text)
        with huge.open("w") as file:
            for _ in range(10):
                file.write(text)
        del text
        yield _figure("rlm-desktop read of a small file", min(_read(small, home)[0] for _ in range(3)), "s", 0.25)
        yield _figure("rlm-desktop read of 40 MB", min(_read(large, home)[0] for _ in range(2)), "s", 0.7)
        seconds, peak_bytes = _read(huge, home)
        yield _figure("rlm-desktop read of 400 MB", seconds, "s", 6.0)
        yield _figure("memory to read 400 MB", peak_bytes / 1e6, "MB", 400.0)


def _figure(name: str, value: float, unit: str, limit: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "unit": unit, "limit": limit, "ratio": round(value / limit, 3)}


def _text(pattern: str, chars: int) -> str:
    return "".join(pattern.format(number) for number in range(chars // len(pattern)))


def _outline_s(text: str, name: str) -> float:
    started = time.perf_counter()
    outliner = Outliner(name)
    for start in range(0, len(text), 1 << 20):
        outliner.feed(text[start : start + (1 << 20)])
    assert len(outliner.finish()) == 400
    return time.perf_counter() - started


def _read(path: Path, home: Path) -> tuple[float, int]:
    """Return the seconds from start to exit of a reading process, and the most memory that it held in bytes."""
    started = time.perf_counter()
    child = subprocess.Popen(
        program_command("read", "--jsonl", str(path)), stdout=subprocess.DEVNULL, env={**os.environ, "RLM_DESKTOP_HOME": str(home / "home")}
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return time.perf_counter() - started, usage.ru_maxrss * 1024
