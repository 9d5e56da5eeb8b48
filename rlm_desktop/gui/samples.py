"""The further samples: which there are, and one of them on disk, which a process writes. It is kept in the cache for the next time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

import rlm_desktop
from rlm_desktop.gui.child_process import ChildProcess
from rlm_desktop.paths import resource
from rlm_desktop.program import program_command

FIRST = "expedition"
"""The one of the first start, which has a button of its own."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of `resources/samples/catalogue.json`."""

    name: str
    title: str
    about: str
    needs_language_model: bool


class OnDisk(msgspec.Struct, frozen=True, kw_only=True):
    """A sample whose documents lie in the folder `documents`, and its true answer in the file `answer`."""

    listed: Listed
    documents: Path
    answer: Path
    question: str


class _Answer(msgspec.Struct, frozen=True):
    question: str


@cache
def further_samples() -> tuple[Listed, ...]:
    """Return all but the first; none where the program was installed without them."""
    try:
        listed = msgspec.json.decode(resource("samples", "catalogue.json").read_bytes(), type=tuple[Listed, ...])
    except (OSError, msgspec.MsgspecError):
        return ()
    return tuple(one for one in listed if one.name != FIRST)


class Samples(QObject):
    """`ready` carries an `OnDisk`; `failed` a sentence. What was chosen last is the one that comes."""

    ready = Signal(object)
    failed = Signal(str)

    def __init__(self, cache_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Another version of the program may make another text.
        self._folder = cache_folder / "samples" / rlm_desktop.__version__
        self._child: ChildProcess | None = None
        self._writing = ""
        self._wanted: Listed | None = None

    @property
    def is_writing(self) -> bool:
        return self._child is not None

    def choose(self, name: str) -> None:
        """Have a sample written, unless it was before."""
        self._wanted = next(one for one in further_samples() if one.name == name)
        if self._is_there(name):
            self._hand_over()
        elif self._child is None:
            self._write(name)

    def forget(self) -> None:
        """Let what is being written come to its place in the cache and to nobody."""
        self._wanted = None

    def abandon(self) -> None:
        """End the process: the window goes."""
        if self._child is not None:
            self._child.abandon()

    def _is_there(self, name: str) -> bool:
        return (self._folder / name / "answer.json").is_file()

    def _write(self, name: str) -> None:
        self._writing = name
        self._child = ChildProcess(program_command("sample", name, "-o", str(self._folder / name)), self, gets_keys=False)
        self._child.ended.connect(self._written)
        self._child.start(b"")

    def _written(self) -> None:
        child, self._child = self._child, None
        wanted = self._wanted
        if child is None:
            return
        child.deleteLater()
        if wanted is None:
            return
        if self._is_there(wanted.name):
            self._hand_over()
        elif wanted.name != self._writing:
            # How the other one ended is no longer of interest.
            self._write(wanted.name)
        else:
            self.failed.emit(child.complaint or self.tr("The process that writes samples ended before its time."))

    def _hand_over(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        folder = self._folder / wanted.name
        try:
            question = msgspec.json.decode((folder / "answer.json").read_bytes(), type=_Answer).question
        except (OSError, msgspec.MsgspecError) as error:
            self.failed.emit(
                self.tr("The sample in {0} cannot be read: {1}. Remove that folder and choose it again.").format(folder, error)
            )
            return
        self.ready.emit(OnDisk(listed=wanted, documents=folder / "documents", answer=folder / "answer.json", question=question))
