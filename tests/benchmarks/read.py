"""How fast many files, and files of one long line, are read: `rlm-desktop read` as a whole process, its text store empty."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rlm_desktop.program import program_command
from tests.benchmarks.figure import figure, home_environment
from tests.benchmarks.made_files import repository, text_files
from tests.documents.readers.made_pdf import Page, made_pdf

RUNS = 3


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        texts = _cold(text_files(home / "texts", 1_000), home)
        yield figure("read_1000_text_files", texts.seconds, "s", 2.0)
        yield figure("read_1000_text_files_cpu", texts.cpu_s, "s", 2.0)
        many = _cold(repository(home / "repository", 5_000), home)
        yield figure("read_repository_of_5000_files", many.seconds, "s", 5.0)
        yield figure("read_repository_of_5000_files_cpu", many.cpu_s, "s", 5.0)
        yield figure("read_repository_of_5000_files_memory", many.peak_bytes / 1e6, "MB", 80.0)
        pages = home / "pages"
        pages.mkdir()
        for number in range(200):
            (pages / f"{number}.html").write_text(f"<html><body><h1>Page {number}</h1><p>It was a long road.</p></body></html>")
        yield figure("read_200_small_web_pages", _cold(pages, home).seconds, "s", 1.2)
        (home / "page.html").write_text("<p>It was a long road.</p>")
        yield figure("read_one_small_web_page", _cold(home / "page.html", home).seconds, "s", 0.4)
        (home / "book.pdf").write_bytes(made_pdf([Page([f"Line {line} of page {page}." for line in range(45)]) for page in range(1_000)]))
        yield figure("read_pdf_1000_pages", _cold(home / "book.pdf", home).seconds, "s", 5.0)
        (home / "line.json").write_text(json.dumps([{"id": n, "words": "a long road " * 4, "tags": ["a", "b"]} for n in range(500_000)]))
        yield figure("read_50_mb_json_in_one_line", _cold(home / "line.json", home).seconds, "s", 1.5)
        (home / "table.csv").write_text("id,words,number\n" + "".join(f"{n},a long road,{n * 3}\n" for n in range(1_800_000)))
        yield figure("read_50_mb_csv", _cold(home / "table.csv", home).seconds, "s", 2.5)


# A process counts as its own what the one that started it held: so a small one stands between.
_MEASURE = (
    "import os, subprocess, sys, time; started = time.perf_counter(); child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL); "
    "_, status, used = os.wait4(child.pid, 0); print(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss, status)"
)


class _Measured(NamedTuple):
    """From start to exit of a reading process; `cpu_s` is what of that does not depend on what else the computer does."""

    seconds: float
    cpu_s: float
    peak_bytes: float


def _cold(path: Path, home: Path) -> _Measured:
    """Return the medians of reading with an empty store."""
    found = []
    for run in range(RUNS):
        # A store of its own for each: where many files were just removed, ext4 is slow to make new ones.
        store = home / f"{path.name} {run}"
        command = [sys.executable, "-S", "-c", _MEASURE, *program_command("read", "--jsonl", str(path))]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=home_environment(store))
        seconds, cpu_s, peak_kib, status = map(float, done.stdout.split())
        assert status == 0, done.stderr
        found.append(_Measured(seconds, cpu_s, peak_kib * 1024))
    return _Measured(*(statistics.median(values) for values in zip(*found, strict=True)))
