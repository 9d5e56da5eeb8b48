"""A document that breaks, hangs or floods its reader is refused in a sentence; those before and after it are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.program import program_command
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from tests.documents.readers.made_pdf import Page, made_pdf
from tests.documents.reading import make

_T = TypeVar("_T")
ROOT = Path(__file__).resolve().parents[2]
SHORT = ReadingLimits(stall_s=1.0)
# A reader for every kind, in the place of ours: it does what the first word of the document says.
WORKER = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
from rlm_desktop.documents import worker, worker_frames as frames

def read(file, draft):
    text = file.read().decode().removeprefix("{{\\\\rtf1 ").rstrip("}}")
    draft.write("words ")
    what, _, more = text.partition(" ")
    if what == "signal":
        os.kill(os.getpid(), int(more))
    elif what == "abort":
        os.abort()
    elif what == "exit":
        os._exit(7)
    elif what == "memory":
        held = [bytes(1 << 20) for _ in range(1 << 14)]
    elif what == "full":
        held = b"x" * 900_000_000
        os.abort()
    elif what == "for-ever":
        while True:
            draft.share(0.5)
            time.sleep(0)
    elif what == "hang":
        # So much that the store has begun a file for it.
        draft.write("words " * 100_000)
        signal.pause()
    elif what == "print":
        os.write(1, b"garbage")
        os.write(2, b"garbage")
        print("garbage", flush=True)
    elif what == "panic":
        raise BaseException("as Rust does")
    elif what == "frames":
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, bytes.fromhex(more))
            except OSError:
                pass
        signal.pause()
    draft.write(what)

answer = worker.answer

def answer_and_more(ask, file, send):
    answer(ask, file, send)
    file.seek(0)
    if b"late-frame" in file.read():
        send(frames.packed(frames.TEXT, b"forged"))
    file.seek(0)
    if b"late-end" in file.read():
        os._exit(7)

worker.answer = answer_and_more
worker.reader_of = lambda kind: read
sys.exit(worker.main(sys.argv[1:]))
"""
COMMAND = [sys.executable, "-P", "-c", WORKER.format(root=str(ROOT))]


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


def outcomes_of(store: TextStore, folder: Path, reader: ReaderProcess, **files: str | bytes) -> list[DocumentRead | DocumentRefused]:
    make(folder, {name.replace("__", "."): content for name, content in files.items()})
    choices = [DocumentChoice(path=str(folder / name.replace("__", "."))) for name in files]
    return list(read_documents(choices, store, on_progress=lambda progress: None, reader=reader))


def amid_others(store: TextStore, folder: Path, limits: ReadingLimits, what: str) -> str:
    """Return the sentence for a document that does `what`, after making sure that its neighbours were read and nothing is left behind."""
    reader = ReaderProcess(limits, COMMAND)
    before, refused, after = outcomes_of(
        store, folder, reader, a__rtf="{\\rtf1 before}", b__rtf=f"{{\\rtf1 {what}}}", c__rtf="{\\rtf1 after}"
    )
    assert isinstance(before, DocumentRead), before
    assert isinstance(after, DocumentRead), after
    assert [store.read(one.text_sha256) for one in (before, after)] == ["words before", "words after"]
    assert not list(store.folder.glob("*.part"))
    assert isinstance(refused, DocumentRefused), refused
    return refused.reason


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("signal 11", "This is a rich text document that made its reader fail (signal 11)."),
        ("abort", "made its reader fail (signal 6)"),
        ("exit", "made its reader fail (exit code 7)"),
        ("panic", "cannot be read: BaseException in the reader"),
        ("memory", "needs more memory than 0.3 GB to read"),
        ("full", "needs more memory than 1.0 GB to read"),
        ("signal 9", "needs more memory than"),
        ("hang", "takes more than 1.0 seconds to read a part of"),
        ("for-ever", "takes more than 0.9 seconds to read."),
    ],
)
def test_what_happens_to_a_reader_costs_one_document(what: str, words: str, store: TextStore, tmp_path: Path) -> None:
    limits = ReadingLimits(
        stall_s=1.0 if what == "hang" else 20.0,
        total_s=0.9 if what == "for-ever" else 20.0,
        # So much that it is told from what the process of the tests holds.
        least_memory_bytes=1_000_000_000 if what == "full" else 300_000_000,
    )
    assert words in amid_others(store, tmp_path, limits, what)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    "forged",
    [
        b"X\x00\x00\x00\x00",
        frames.HEAD.pack(frames.TEXT, 0xFFFFFFFF),
        frames.packed(frames.TEXT, b"\xff"),
        frames.packed(frames.TEXT, b"x" * 2_000),
        frames.packed(frames.READY),
        frames.packed(frames.SHARE, b"\xff" * 8),
        frames.packed(frames.SHARE, b""),
        frames.packed(frames.DONE, b"{}"),
        frames.packed(frames.DONE, b"[" * 100_000),
        frames.packed(frames.DONE, b'{"marks":[[1,"a",7]],"notes":[],"extent":"","encoding":null}'),
        frames.packed(frames.DONE, b'{"marks":[[99,"a",0]],"notes":[],"extent":"","encoding":null}'),
        frames.packed(frames.DONE, b'{"marks":[],"notes":["%s"],"extent":"","encoding":null}' % (b"x" * 5_000)),
        frames.packed(frames.REFUSED, b'{"sentence":1,"kind":""}'),
    ],
)
def test_forged_frames_cost_one_document(forged: bytes, store: TextStore, tmp_path: Path) -> None:
    limits = ReadingLimits(stall_s=20.0, text_chars=1_000)
    assert "made its reader fail (it answered what makes no sense)" in amid_others(store, tmp_path, limits, f"frames {forged.hex()}")


@pytest.mark.parametrize("what", ["late-frame", "late-end"])
def test_what_a_worker_does_after_a_document_does_not_cost_the_next(what: str, store: TextStore, tmp_path: Path) -> None:
    reader = ReaderProcess(None, COMMAND)
    outcomes = outcomes_of(store, tmp_path, reader, a__rtf=f"{{\\rtf1 {what}}}", b__rtf="{\\rtf1 next}")
    read = [store.read(one.text_sha256) for one in outcomes if isinstance(one, DocumentRead)]
    assert read == [f"words {what}", "words next"]


def test_what_a_library_prints_is_in_no_text(store: TextStore, tmp_path: Path) -> None:
    (document,) = outcomes_of(store, tmp_path, ReaderProcess(None, COMMAND), a__rtf="{\\rtf1 print}")
    assert isinstance(document, DocumentRead)
    assert store.read(document.text_sha256) == "words print"


def test_a_page_that_draws_itself_for_ever_is_refused(store: TextStore, tmp_path: Path) -> None:
    good = made_pdf([Page(["Words of a page"])])
    before, refused, after = outcomes_of(store, tmp_path, ReaderProcess(SHORT), a__pdf=good, b__pdf=drawing_bomb(), c__pdf=good)
    assert isinstance(before, DocumentRead), before
    assert isinstance(after, DocumentRead), after
    assert isinstance(refused, DocumentRefused)
    assert refused.reason.startswith("This is a PDF document that takes more than 1.0 seconds to read a part of.")


def test_a_document_larger_than_is_sent_is_handed_over(store: TextStore, tmp_path: Path) -> None:
    good = made_pdf([Page(["Words of a page"], content=b"% " + b"x" * 2_000_000 + b"\n")])
    (document,) = outcomes_of(store, tmp_path, ReaderProcess(), a__pdf=good)
    assert isinstance(document, DocumentRead)
    assert store.read(document.text_sha256) == "[Page 1]\nWords of a page\n"


def test_plain_texts_start_no_process(store: TextStore, tmp_path: Path) -> None:
    (document,) = outcomes_of(store, tmp_path, ReaderProcess(None, ["/no/such/program"]), a__txt="words")
    assert isinstance(document, DocumentRead)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_the_process_that_reads(number: signal.Signals, tmp_path: Path) -> None:
    path = make(tmp_path, {"bomb.pdf": drawing_bomb()}) / "bomb.pdf"
    home = {**os.environ, "RLM_DESKTOP_HOME": str(tmp_path / "home")}
    reading = subprocess.Popen(
        program_command("read", "--jsonl", str(path)), env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    workers = until(lambda: workers_of(reading.pid))
    reading.send_signal(number)
    assert reading.wait(20) != 0
    until(lambda: not any(is_alive(worker) for worker in workers))
    assert not list((tmp_path / "home").rglob("*.part"))


def drawing_bomb() -> bytes:
    """Return a small PDF document whose page draws ten forms, each of which draws ten, twenty deep."""
    levels = 20
    forms = b""
    first = 100
    for level in range(levels):
        content = b"/F Do " * 10 if level + 1 < levels else b"0 0 1 1 re f"
        below = b"/Resources<</XObject<</F %d 0 R>>>>" % (first + level + 1) if level + 1 < levels else b""
        forms += b"%d 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length %d>>stream\n%s\nendstream\nendobj\n" % (
            first + level,
            below,
            len(content),
            content,
        )
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</F 100 0 R>>>>/Contents 4 0 R>>\nendobj\n"
        b"4 0 obj\n<</Length 6>>stream\n/F Do \nendstream\nendobj\n" + forms + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"
    )


def workers_of(pid: int) -> list[int]:
    """Return the processes that a process has started to read, once one of them is at work; none before."""
    started = children_of(pid)
    forked = [child for parent in started for child in children_of(parent)]
    return started + forked if any("pdfium" in said_of(f"{child}/maps") for child in forked) else []


def children_of(pid: int) -> list[int]:
    return [int(child) for child in said_of(f"{pid}/task/{pid}/children").split()]


def said_of(process: str) -> str:
    """Return a file of /proc, nothing of a process that is gone."""
    try:
        return Path(f"/proc/{process}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(what: Callable[[], _T]) -> _T:
    deadline = time.monotonic() + 20
    while not (found := what()):
        assert time.monotonic() < deadline
        os.sched_yield()
    return found
