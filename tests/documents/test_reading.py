"""Reading in a child process: what comes back, and what is left when it ends early."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from rlm_desktop.documents.reading import read_in_child
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.errors import UserError
from rlm_desktop.paths import texts_folder
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice

FULL_DISK = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
    "from rlm_desktop.__main__ import main; raise SystemExit(main(sys.argv[1:]))"
)


def read(
    *choices: DocumentChoice, command: list[str] | None = None
) -> tuple[list[DocumentRead | DocumentRefused], list[DocumentProgressed]]:
    told: list[DocumentProgressed] = []
    return asyncio.run(read_in_child(choices, on_progress=told.append, command=command)), told


def test_a_child_reads_what_was_chosen_into_the_store(tmp_path: Path) -> None:
    path = tmp_path / "größe.md"
    text = "# A\n\nwords\n" + "more words\n" * 200_000
    path.write_text(text)
    outcomes, told = read(DocumentChoice(path=str(path)), DocumentChoice(text="é" * 3_000_000), DocumentChoice(path=str(tmp_path / "gone")))
    document, pasted, refused = outcomes
    assert isinstance(document, DocumentRead)
    assert isinstance(pasted, DocumentRead)
    assert isinstance(refused, DocumentRefused)
    store = TextStore(texts_folder())
    assert store.read(document.text_sha256) == text
    assert store.read(pasted.text_sha256, 2_999_999) == "é"
    assert document.outline[0].title == "A"
    assert told[-1] == DocumentProgressed(name="größe.md", share=1.0)


def test_a_choice_that_cannot_be_read_is_no_failure_of_the_child(tmp_path: Path) -> None:
    (outcome,), _ = read(DocumentChoice(path=str(tmp_path / "gone")))
    assert isinstance(outcome, DocumentRefused)


def test_no_choice_gives_nothing() -> None:
    assert read() == ([], [])


def test_cancelling_ends_the_child_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_text("words and more words\n" * 1_500_000)

    async def cancelled_at_the_first_progress() -> None:
        def on_progress(progress: DocumentProgressed) -> None:
            reading.cancel()

        reading = asyncio.create_task(read_in_child([DocumentChoice(path=str(path))], on_progress=on_progress))
        await reading

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled_at_the_first_progress())
    assert list(texts_folder().iterdir()) == []


def test_a_full_disk_is_said_in_the_words_of_the_child() -> None:
    with pytest.raises(UserError, match=r"^The text cannot be stored in .*: the disk is full\. Free some space"):
        read(DocumentChoice(text="x" * 100_000), command=[sys.executable, "-c", FULL_DISK, "read", "--jsonl", "--request", "-"])
    assert list(texts_folder().iterdir()) == []


def test_a_name_that_is_no_utf8_is_said() -> None:
    with pytest.raises(UserError, match="Rename the file"):
        read(DocumentChoice(path="caf\udce9.txt"))


def test_a_child_that_is_killed_is_said() -> None:
    with pytest.raises(UserError, match="ended before its time \\(signal 9\\)"):
        read(command=[sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])


def test_a_child_that_speaks_otherwise_is_said() -> None:
    with pytest.raises(UserError, match="makes no sense"):
        read(command=[sys.executable, "-c", "print('hello')"])
