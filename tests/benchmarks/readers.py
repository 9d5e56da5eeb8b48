"""How fast and in how much memory documents of other formats than plain text are read, without the process around it."""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.source import Source
from rlm_desktop.sandbox.values import Confinement
from tests.benchmarks.figure import figure
from tests.documents.readers.made_pdf import Bookmark, Page, made_pdf

_RUNS = 5
_DOCUMENTS = 10
ROOT = Path(__file__).resolve().parents[2]
_LINE = "It was a long road to the town where nobody had been for years, and {} of them went on."
_PARAGRAPHS = (
    "<h2>Chapter {0}</h2>" + "<p>It was a <b>long</b> road to the <a href='t.html'>town</a> where nobody had been for years.</p>\n" * 20
)
_ROWS = "<table><tr><th>Port<th>Ships</tr><tr><td>Bergen<td>{0}</tr></table><ul><li>one<li>two</ul>\n"
_MESSAGE = (
    "From ada@a.example Fri Mar 14 09:30:00 2025\nFrom: Ada <ada@a.example>\nTo: olaf@b.example\n"
    "Date: Fri, 14 Mar 2025 09:30:00 +0100\nSubject: Number {0}\n\n" + "It was a long road to the town.\n" * 60 + "\n"
)
_MEASURE = """
import json, resource, sys, time
from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import reader_of
draft = Draft(lambda text: None)
with open(sys.argv[2], "rb", buffering=0) as file:
    started = time.perf_counter()
    reader_of(sys.argv[1])(file, draft)
    seconds = time.perf_counter() - started
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, draft.chars]))
"""


class Measured(NamedTuple):
    """`peak_bytes` is the most memory that the process held, Python's own 20 MB included."""

    seconds: float
    peak_bytes: int
    chars: int


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    confined, unconfined = (statistics.median(_process_s(confinement) for _ in range(_RUNS)) for confinement in get_args(Confinement))
    yield figure("readers_own_process", confined * 1e3, "ms", 15.0)
    yield figure("readers_own_process_to_unconfined", confined * 1e3, "ms", 15.0, peer="unconfined", ratio=confined / unconfined)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = [Page([_LINE.format(number * 45 + line) for line in range(45)]) for number in range(1_000)]
        marks = [Bookmark(_LINE.format(number * 45 + 3), number, 700) for number in range(0, 1_000, 5)]
        pdf = _measured("pdf", folder, made_pdf(pages, bookmarks=marks))
        yield figure("readers_pdf_1000_pages", pdf.seconds, "s", 5.0)
        yield figure("readers_pdf_1000_pages_memory", pdf.peak_bytes / 1e6, "MB", 80.0)
        html = _measured("html", folder, _repeated((_PARAGRAPHS + _ROWS).format, 10_000_000))
        yield figure("readers_html_10_mb", html.seconds, "s", 6.0)
        yield figure("readers_html_10_mb_memory", html.peak_bytes / 1e6, "MB", 400.0)
        mailbox = _measured("mailbox", folder, _repeated(_MESSAGE.format, 50_000_000))
        yield figure("readers_mailbox_50_mb", mailbox.seconds, "s", 10.0)
        yield figure("readers_mailbox_50_mb_memory", mailbox.peak_bytes / 1e6, "MB", 60.0)


def _process_s(confinement: Confinement) -> float:
    """Return how long a small document takes of which each has a process of its own, the first two left out."""
    data = b"<p>It was a long road.</p>"
    with ReaderProcess(confinement=confinement) as reader:
        for number in range(2 + _DOCUMENTS):
            if number == 2:
                started = time.perf_counter()
            reader.read(Source(file=io.BytesIO(data), name="a.html", size=len(data)), "html", lambda text: None)
        return (time.perf_counter() - started) / _DOCUMENTS


def _repeated(part: Callable[[int], str], size_bytes: int) -> bytes:
    count = size_bytes // len(part(0))
    return "".join(part(number) for number in range(count)).encode()


def _measured(kind: str, folder: Path, data: bytes) -> Measured:
    path = folder / f"document.{kind}"
    path.write_bytes(data)
    # A process of its own, so that its memory is not that of what made the document. A small one stands between, as it counts what
    # the process that started it held.
    between = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
    command = [sys.executable, "-S", "-c", between, sys.executable, "-c", _MEASURE, kind, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, peak_bytes, chars = json.loads(done.stdout)
    assert chars > 100_000, chars
    return Measured(seconds, peak_bytes, chars)
