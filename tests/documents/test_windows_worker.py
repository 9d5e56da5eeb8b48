"""A worker on Windows, over a Windows that is played by another system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rlm_desktop.documents import reader_process
from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.documents.windows_worker import WindowsProcess
from rlm_desktop.sandbox.windows.launch import LEVELS
from rlm_desktop.sandbox.windows.start import Machine
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from tests.documents.readers.made_pdf import Page, made_pdf
from tests.documents.reading import make
from tests.sandbox.systems.small_windows import FdPipes, SmallWindows

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows played by another system")


def outcomes_on(windows: SmallWindows, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[DocumentRead | DocumentRefused]:
    """Read a page, a document larger than is sent at once, and a plain text."""
    machine = Machine(windows.calls, FdPipes(), "C:\\Windows", LEVELS[0])
    monkeypatch.setattr(reader_process, "OwnProcess", lambda command: WindowsProcess(command, 2 << 30, machine))
    pdf = made_pdf([Page(["Words of a page"], content=b"% " + b"x" * 2_000_000 + b"\n")])
    make(folder, {"a.html": "<p>words", "b.pdf": pdf, "c.txt": "words"})
    choices = [DocumentChoice(path=str(folder / name)) for name in ("a.html", "b.pdf", "c.txt")]
    reader = ReaderProcess(is_shared=True)
    return list(read_documents(choices, TextStore(folder / "texts"), on_progress=lambda progress: None, reader=reader))


def test_it_reads_documents_that_are_sent_to_it_and_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = SmallWindows()
    page, pdf, text = outcomes_on(windows, tmp_path, monkeypatch)
    assert isinstance(page, DocumentRead) and isinstance(pdf, DocumentRead) and isinstance(text, DocumentRead)
    assert {"capabilities", "jobs"} < set(windows.attributes)
    assert len(windows.commands) == 1
    assert windows.open == set()


def test_where_windows_does_not_show_it_to_be_confined_formats_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = SmallWindows()
    windows.is_app_container = 0
    page, pdf, text = outcomes_on(windows, tmp_path, monkeypatch)
    assert isinstance(page, DocumentRefused) and isinstance(pdf, DocumentRefused) and isinstance(text, DocumentRead)
    assert "could not be confined" in page.reason and "in no AppContainer" in page.reason
    assert len(windows.commands) == 2
    assert windows.open == set()
