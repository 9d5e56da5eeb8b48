"""How fast many files, and files of one long line, are read: `rlm-desktop read` as a whole process, its text store empty."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.documents import read_whole
from tests.benchmarks.figure import figure
from tests.benchmarks.made_files import repository, text_files

RUNS = 3


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        yield figure("read_1000_text_files", _cold(text_files(home / "texts", 1_000), home)[0], "s", 2.0)
        seconds, peak_bytes = _cold(repository(home / "repository", 5_000), home)
        yield figure("read_repository_of_5000_files", seconds, "s", 5.0)
        yield figure("read_repository_of_5000_files_memory", peak_bytes / 1e6, "MB", 80.0)
        (home / "line.json").write_text(json.dumps([{"id": n, "words": "a long road " * 4, "tags": ["a", "b"]} for n in range(500_000)]))
        yield figure("read_50_mb_json_in_one_line", _cold(home / "line.json", home)[0], "s", 1.5)
        (home / "table.csv").write_text("id,words,number\n" + "".join(f"{n},a long road,{n * 3}\n" for n in range(1_800_000)))
        yield figure("read_50_mb_csv", _cold(home / "table.csv", home)[0], "s", 2.5)


def _cold(path: Path, home: Path) -> tuple[float, int]:
    """Return the median of the seconds, and the most memory, of reading with an empty store."""
    found = []
    for _ in range(RUNS):
        shutil.rmtree(home / "home", ignore_errors=True)
        found.append(read_whole(path, home))
    return statistics.median(seconds for seconds, _ in found), max(peak for _, peak in found)
