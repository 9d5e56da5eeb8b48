"""Which files a person's choice means, and what each is called.

A document is called by its path relative to what was dropped; where two would have one name, the folder above tells them apart, else a
number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rlm_desktop.documents.folder import files_in
from rlm_desktop.documents.names import Names
from rlm_desktop.documents.tally import Tally
from rlm_desktop.trace.request import DocumentChoice


class ChosenFile(NamedTuple):
    """One file, archive or pasted text to read. `tally` is that of the dropped folder in which it was found."""

    name: str
    choice: DocumentChoice
    tally: Tally | None = None
    folder: str = ""
    """The dropped folder's own name."""


class Chosen(NamedTuple):
    """`files` in the order of the choices, a folder's in the order of names. `names` are those that are taken by now."""

    files: list[ChosenFile]
    tallies: list[Tally]
    names: Names


def chosen_files(choices: Sequence[DocumentChoice]) -> Chosen:
    files: list[ChosenFile] = []
    tallies: list[Tally] = []
    for choice in choices:
        if choice.read is not None:
            files.append(ChosenFile(name=choice.name or choice.read.name, choice=choice))
        elif choice.text is not None:
            files.append(ChosenFile(name=choice.name or "Pasted text", choice=choice))
        elif choice.member is not None:
            files.append(ChosenFile(name=choice.name or choice.member, choice=choice))
        elif choice.path and _is_folder(choice.path):
            folder = _own_name(choice.path)
            tally = Tally(choice.name or folder, choice.path, "folder")
            tallies.append(tally)
            for found in files_in(choice.path, tally.leave_out):
                inner = DocumentChoice(path=found.path, encoding=choice.encoding)
                files.append(ChosenFile(name=found.name, choice=inner, tally=tally, folder=folder))
        else:
            files.append(ChosenFile(name=choice.name or _own_name(choice.path or ""), choice=choice))
    return _with_unique_names(files, tallies)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False  # it lies where we may not look: opening it as a file says so


def _own_name(path: str) -> str:
    return Path(path).absolute().name or path


def _with_unique_names(files: list[ChosenFile], tallies: list[Tally]) -> Chosen:
    counts = Counter(file.name for file in files)
    names = Names()
    named = [file._replace(name=names.take(_longer_name(file) if counts[file.name] > 1 else file.name)) for file in files]
    return Chosen(named, tallies, names)


def _longer_name(file: ChosenFile) -> str:
    """Put the folder before the name: the one that was dropped, or the one that the file lies in."""
    if file.tally is not None:
        return f"{file.folder}/{file.name}"
    if file.choice.path is not None and file.choice.name is None and file.choice.read is None:
        return f"{Path(file.choice.path).absolute().parent.name}/{file.name}".lstrip("/")
    return file.name
