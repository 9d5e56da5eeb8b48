"""What a person chose, read into the text store: the work of the process `rlm-desktop read`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from rlm_desktop.documents.chosen import ChosenFile, FolderTally, chosen_files, shown
from rlm_desktop.documents.read_file import read_file, read_text
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice

OnProgress = Callable[[DocumentProgressed], None]
_STEP = 0.02
"""Progress is told at most each fiftieth of a file, and at its end."""


def read_documents(
    choices: Sequence[DocumentChoice], store: TextStore, *, on_progress: OnProgress
) -> Iterator[DocumentRead | DocumentRefused]:
    """Yield what became of each file as it is done; last, for each folder, one refusal for all that was left out of it.

    Names are unique. Raises UserError where the store cannot be written: that no choice can mend.
    """
    files, tallies = chosen_files(choices)
    for file in files:
        outcome = _outcome(file, store, tallies.get(file.folder or ""), on_progress)
        if outcome is not None:
            yield outcome
    for tally in tallies.values():
        refusal = tally.refusal()
        if refusal is not None:
            yield refusal


def _outcome(
    file: ChosenFile, store: TextStore, tally: FolderTally | None, on_progress: OnProgress
) -> DocumentRead | DocumentRefused | None:
    """Return what became of a file; None when it was left out of a folder, whose tally then has it."""
    try:
        document = _read(file, store, on_progress)
    except RefusedError as refused:
        if tally is not None:
            tally.leave_out(refused.kind, file.name)
            return None
        return DocumentRefused(name=file.name, path=shown(file.choice.path) if file.choice.path else None, reason=shown(str(refused)))
    if tally is not None:
        tally.read += 1
    return document


def _read(file: ChosenFile, store: TextStore, on_progress: OnProgress) -> DocumentRead:
    choice = file.choice
    if choice.read is not None and store.is_sound(choice.read.text_sha256):
        return msgspec.structs.replace(choice.read, name=file.name)
    path = choice.path or (choice.read.path if choice.read else None)
    if choice.text is not None:
        return read_text(choice.text, file.name, store)
    if path is None:
        raise RefusedError("The text of this document is no longer kept. Add it again.", "no longer kept")
    told = -_STEP

    def on_share(share: float) -> None:
        nonlocal told
        if share - told >= _STEP or share == 1.0 > told:
            told = share
            on_progress(DocumentProgressed(name=file.name, share=share))

    document = read_file(path, file.name, store, encoding=choice.encoding, on_share=on_share)
    return msgspec.structs.replace(document, path=shown(path))
