"""What documents are called, and which names say without a look that a file or folder is no document."""

from __future__ import annotations

from collections.abc import Iterable

from rlm_desktop.trace.shown import shown

_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", "CVS", "_darcs"})
_PACKAGES = frozenset({"node_modules", "__pycache__", "site-packages", "bower_components"})
_OF_THE_SYSTEM = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})


def inner_name(name: str) -> str:
    """Return the name of a file within an archive as a relative path that leads nowhere else, fit to be shown; empty where none is left."""
    parts = shown(name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def reason_by_name(name: str, *, is_folder: bool) -> str | None:
    """Return in a few words why a file or folder of this name is not read, None where its name does not say so."""
    if name in _OF_THE_SYSTEM:
        return "kept there by the system"
    if is_folder and name in _VERSION_CONTROL:
        return "version control"
    if name.startswith("."):
        return "hidden"
    if is_folder and name in _PACKAGES:
        return "a folder of packages or caches"
    return None


def left_out_within(path: str) -> tuple[str, str] | None:
    """Return the first folder of a relative path that is not read, or the path itself, with the reason; None where all of it is read.

    A folder's name ends in `/`.
    """
    parts = path.split("/")
    for depth, part in enumerate(parts, 1):
        is_folder = depth < len(parts)
        reason = reason_by_name(part, is_folder=is_folder)
        if reason:
            return "/".join(parts[:depth]) + ("/" if is_folder else ""), reason
    return None


class Names:
    """The names that are taken. In the model's `context` they are keys: no two documents share one."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, *candidates: str) -> str:
        """Return the first candidate that is free, fit to be shown; where all are taken, the last one with a number."""
        name = ""
        for name in map(shown, candidates):
            if name not in self._taken:
                self._taken.add(name)
                return name
        name = next(numbered for numbered in _numbered(name) if numbered not in self._taken)
        self._taken.add(name)
        return name


def _numbered(name: str) -> Iterable[str]:
    stem, dot, suffix = name.rpartition(".")
    has_suffix = bool(stem) and "/" not in suffix
    number = 2
    while True:
        yield f"{stem} ({number}){dot}{suffix}" if has_suffix else f"{name} ({number})"
        number += 1
