"""Which files a person's choice means, and what each is called.

A document is called by its path relative to what was dropped; where two would have one name, the folder above tells them apart, else a
number.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rlm_desktop.trace.events import DocumentRefused
from rlm_desktop.trace.request import DocumentChoice

MAX_FILES = 10_000
"""More than so many files of one folder is not what anybody meant to drop."""

_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_TEXTS = frozenset({"node_modules", "__pycache__", "CVS", "_darcs", "site-packages"})


class ChosenFile(NamedTuple):
    """One file or pasted text to read. `folder` is the dropped folder that it was found in."""

    name: str
    choice: DocumentChoice
    folder: str | None = None


class FolderTally:
    """What a dropped folder held besides its texts."""

    def __init__(self, name: str, path: str) -> None:
        self.read = 0
        self._name, self._path = shown(name), shown(path)
        self._left_out: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def leave_out(self, reason: str, name: str) -> None:
        self._left_out[reason] += 1
        self._examples.setdefault(reason, shown(name))

    def refusal(self) -> DocumentRefused | None:
        """Return one sentence on everything that was left out, None when nothing was."""
        if not self._left_out:
            if self.read:
                return None
            return DocumentRefused(name=self._name, path=self._path, reason="The folder is empty.")
        parts = []
        for reason, count in self._left_out.most_common():
            example = self._examples[reason]
            parts.append(f"{example} ({reason})" if count == 1 else f"{count:,} × {reason}, such as {example}")
        begin = "Left out of the folder: " if self.read else "The folder holds no text that can be read: "
        return DocumentRefused(name=self._name, path=self._path, reason=begin + "; ".join(parts) + ".")


def chosen_files(choices: Sequence[DocumentChoice]) -> tuple[list[ChosenFile], dict[str, FolderTally]]:
    """Return the files in the order of the choices, a folder's in the order of names, and the tally of each dropped folder by its path."""
    files: list[ChosenFile] = []
    tallies: dict[str, FolderTally] = {}
    for choice in choices:
        if choice.read is not None:
            files.append(ChosenFile(name=choice.name or choice.read.name, choice=choice))
        elif choice.text is not None:
            files.append(ChosenFile(name=choice.name or "Pasted text", choice=choice))
        elif choice.path and _is_folder(choice.path):
            tally = FolderTally(choice.name or _own_name(choice.path), choice.path)
            tallies[choice.path] = tally
            files += _walk(choice, tally)
        else:
            path = choice.path or ""
            files.append(ChosenFile(name=choice.name or _own_name(path), choice=choice))
    return _with_unique_names(files), tallies


def shown(name: str) -> str:
    """Return a name or path fit to be shown and to be written as UTF-8: without control characters and what turns the order of letters."""
    return _NOT_SHOWN.sub("\ufffd", name)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:
        return False  # it lies where we may not look: opening it as a file says so


def _own_name(path: str) -> str:
    return Path(path).absolute().name or path


def _walk(choice: DocumentChoice, tally: FolderTally) -> list[ChosenFile]:
    """Hidden files, folders of version control and of packages are left out, and links, which may lead anywhere."""
    top = choice.path or ""
    found: list[ChosenFile] = []
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            tally.leave_out(f"cannot be opened: {error.strerror}", os.path.relpath(folder, top))
            continue
        inner = []
        for entry in entries:
            name = os.path.relpath(entry.path, top).replace(os.sep, "/")
            if entry.name.startswith("."):
                tally.leave_out("hidden", name)
            elif entry.is_symlink():
                tally.leave_out("a link", name)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name in _NOT_TEXTS:
                    tally.leave_out("a folder of packages or caches", name)
                else:
                    inner.append(entry.path)
            elif not entry.is_file(follow_symlinks=False):
                tally.leave_out("not a file", name)
            elif len(found) >= MAX_FILES:
                tally.leave_out(f"beyond the first {MAX_FILES:,} files", name)
            else:
                found.append(ChosenFile(name=name, choice=_with_path(choice, entry.path), folder=top))
        folders += reversed(inner)
    return found


def _with_path(choice: DocumentChoice, path: str) -> DocumentChoice:
    return DocumentChoice(path=path, encoding=choice.encoding)


def _with_unique_names(files: list[ChosenFile]) -> list[ChosenFile]:
    counts = Counter(file.name for file in files)
    names = [shown(_longer_name(file) if counts[file.name] > 1 else file.name) for file in files]
    taken: set[str] = set()
    unique = []
    for file, name in zip(files, names, strict=True):
        stem, dot, suffix = name.rpartition(".")
        number, candidate = 2, name
        while candidate in taken:
            candidate = f"{stem} ({number}){dot}{suffix}" if stem and "/" not in suffix else f"{name} ({number})"
            number += 1
        taken.add(candidate)
        unique.append(file._replace(name=candidate))
    return unique


def _longer_name(file: ChosenFile) -> str:
    """Put the folder before the name: the one that was dropped, or the one that the file lies in."""
    if file.folder is not None:
        return f"{_own_name(file.folder)}/{file.name}"
    if file.choice.path is not None and file.choice.name is None and file.choice.read is None:
        return f"{Path(file.choice.path).absolute().parent.name}/{file.name}".lstrip("/")
    return file.name
