"""What a person chose, read into the text store: the work of the process `rlm-desktop read`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from rlm_desktop.documents.archives import members
from rlm_desktop.documents.chosen import ChosenFile, chosen_files
from rlm_desktop.documents.kinds import kind_of
from rlm_desktop.documents.names import Names
from rlm_desktop.documents.read_file import read_source, read_text
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source, opened
from rlm_desktop.documents.tally import Tally
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from rlm_desktop.trace.shown import shown

OnProgress = Callable[[DocumentProgressed], None]
Outcome = DocumentRead | DocumentRefused
_STEP = 0.02
"""Progress is told at most each fiftieth of a file, and at its end."""


def read_documents(
    choices: Sequence[DocumentChoice], store: TextStore, *, on_progress: OnProgress, reader: ReaderProcess | None = None
) -> Iterator[Outcome]:
    """Yield what became of each file as it is done; after an archive, and at the end for each folder, one refusal for what was left out.

    Names are unique. Raises UserError where the store cannot be written: that no choice can mend. `reader` is for other limits.
    """
    with reader or ReaderProcess() as process:
        yield from _outcomes(choices, store, on_progress, process)


def _outcomes(choices: Sequence[DocumentChoice], store: TextStore, on_progress: OnProgress, reader: ReaderProcess) -> Iterator[Outcome]:
    chosen = chosen_files(choices)
    reading = _Reading(store, chosen.names, on_progress, reader)
    of_folders = [(tally, _Progress(tally.name, on_progress)) for tally in chosen.tallies]
    left = Counter(id(file.tally) for file in chosen.files)
    totals = dict(left)
    for file in chosen.files:
        yield from reading.outcomes(file)
        left[id(file.tally)] -= 1
        for tally, progress in of_folders:
            if tally is file.tally:
                progress.tell(1 - left[id(tally)] / totals[id(tally)])
    for tally, _ in of_folders:
        refusal = tally.refusal()
        if refusal is not None:
            yield refusal


class _Progress:
    """Tells how much of one thing is read, where that takes more than one step."""

    def __init__(self, name: str, on_progress: OnProgress) -> None:
        self._name, self._on_progress = name, on_progress
        self._told = 0.0

    def tell(self, share: float) -> None:
        # What is done at once needs no word but its own.
        if (share - self._told >= _STEP and share < 1.0) or share == 1.0 > self._told > 0.0:
            self._told = share
            self._on_progress(DocumentProgressed(name=self._name, share=share))


class _Reading:
    def __init__(self, store: TextStore, names: Names, on_progress: OnProgress, reader: ReaderProcess) -> None:
        self._store, self._names, self._on_progress, self._reader = store, names, on_progress, reader

    def outcomes(self, file: ChosenFile) -> Iterator[Outcome]:
        """Yield what became of a file or of those in an archive; nothing for what was left out of a folder, whose tally then has it."""
        try:
            yield from self._read(file)
        except RefusedError as refused:
            if file.tally is not None:
                file.tally.leave_out(refused.kind, file.name)
            else:
                path = file.choice.path
                yield DocumentRefused(name=file.name, path=shown(path) if path else None, reason=shown(str(refused)))

    def _read(self, file: ChosenFile) -> Iterator[Outcome]:
        choice = file.choice
        if choice.read is not None and self._store.is_sound(choice.read.text_sha256):
            yield msgspec.structs.replace(choice.read, name=file.name)
            return
        if choice.text is not None:
            yield read_text(choice.text, file.name, self._store)
            return
        path = choice.path or (choice.read.path if choice.read else None)
        member = choice.member or (choice.read.member if choice.read else None)
        if path is None:
            raise RefusedError("The text of this document is no longer kept. Add it again.", "no longer kept")
        with opened(path, encoding=choice.encoding, on_share=_Progress(file.name, self._on_progress).tell) as source:
            kind = kind_of(source.file, source.name)
            if member is not None:
                if kind.name != "archive":
                    raise RefusedError(
                        f"{member} was in an archive that is now another file. Look for the archive and add it again.", "missing"
                    )
                document = self._member(source, member)
            elif kind.name != "archive":
                document = read_source(source, kind, self._store, self._reader)
            else:
                yield from self._members(file, source)
                return
        if file.tally is not None:
            file.tally.read += 1
        yield msgspec.structs.replace(document, name=file.name, path=shown(path))

    def _member(self, archive: Source, name: str) -> DocumentRead:
        self._store.make_folder()
        reasons: list[str] = []
        for member in members(archive, self._store.folder, lambda reason, name: reasons.append(reason), only=name):
            document = read_source(member.source, kind_of(member.source.file, member.name), self._store, self._reader)
            return msgspec.structs.replace(document, member=name)
        why = f": {reasons[0]}" if reasons else ""
        raise RefusedError(f"The archive has no {name} that can be read{why}. Look into it for where that has gone.", "missing")

    def _members(self, file: ChosenFile, archive: Source) -> Iterator[Outcome]:
        """Yield the documents in an archive, and what was left out of it, where it is not in a folder whose tally takes that."""
        self._store.make_folder()
        path = file.choice.path or ""
        tally = file.tally or Tally(file.name, path, "archive")
        above = f"{file.name}/"
        within = above if file.tally else ""
        for member in members(archive, self._store.folder, lambda reason, name: tally.leave_out(reason, within + name)):
            try:
                document = read_source(member.source, kind_of(member.source.file, member.name), self._store, self._reader)
            except RefusedError as refused:
                tally.leave_out(refused.kind, within + member.name)
                continue
            tally.read += 1
            name = self._names.take(within + member.name, above + member.name)
            yield msgspec.structs.replace(document, name=name, path=shown(path), member=member.name)
        refusal = tally.refusal() if file.tally is None else None
        if refusal is not None:
            yield refusal
