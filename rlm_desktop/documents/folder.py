"""The files of a dropped folder that are worth a look, in the order of names, and what is left out of it, and why."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from rlm_desktop.documents.ignored import Ignored
from rlm_desktop.documents.names import reason_by_name

MAX_FILES: Final = 10_000
"""More than so many files of one folder is not what anybody meant to drop."""
_MAX_LOOKED_AT: Final = 200_000
_MARKED: Final = {"pyvenv.cfg": "a Python environment", "CACHEDIR.TAG": "a folder of caches"}
"""A file that a folder below the dropped one has → what the folder is."""

LeaveOut = Callable[[str, str], None]
"""Takes the reason and the name of what is not read; the name of a folder ends in `/`."""


class Found(NamedTuple):
    """`name` is relative to the dropped folder, with `/` between its parts."""

    name: str
    path: str


class _Folder(NamedTuple):
    name: str
    path: str
    ignored: Ignored


def files_in(top: str, leave_out: LeaveOut) -> list[Found]:
    """Return the files below `top`. Links are left out, as they may lead anywhere, and what git or its name says is no text of a person."""
    found: list[Found] = []
    real = str(Path(top).resolve())
    folders = [_Folder("", top, Ignored.above(real))]
    # What git says goes by the place where the folder really lies.
    real = real if real.endswith(os.sep) else real + os.sep
    looked_at = 0
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder.path) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            leave_out(f"cannot be opened: {error.strerror}", folder.name or ".")
            continue
        names = {entry.name for entry in entries}
        mark = next((reason for marking, reason in _MARKED.items() if marking in names), None)
        if mark and folder.name:
            leave_out(mark, folder.name)
            continue
        ignored = folder.ignored.within(real + folder.name, names=names)
        inner = []
        for entry in entries:
            looked_at += 1
            name = folder.name + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            reason = _reason(entry, is_folder=is_folder) or ignored.reason(real + name, is_folder=is_folder)
            if reason:
                leave_out(reason, name + "/" if is_folder else name)
            elif is_folder:
                inner.append(_Folder(name + "/", entry.path, ignored))
            elif len(found) >= MAX_FILES:
                leave_out(f"beyond the first {MAX_FILES:,} files", name)
            else:
                found.append(Found(name, entry.path))
        if looked_at > _MAX_LOOKED_AT:
            for unseen in (*inner, *reversed(folders)):
                leave_out("not looked at, as there are too many files", unseen.name)
            break
        folders += reversed(inner)
    return found


def _reason(entry: os.DirEntry[str], *, is_folder: bool) -> str | None:
    reason = reason_by_name(entry.name, is_folder=is_folder)
    if reason:
        return reason
    if entry.is_symlink():
        return "a link"
    if not is_folder and not entry.is_file(follow_symlinks=False):
        return "not a file"
    return None
