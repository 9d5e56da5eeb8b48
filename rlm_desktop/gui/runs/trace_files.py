"""Telling a trace from a document, and naming, copying, removing and restoring traces."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Container
from datetime import datetime
from pathlib import Path

from rlm_desktop.errors import UserError
from rlm_desktop.gui.runs.run_facts import TRACE_SUFFIX
from rlm_desktop.redact import LIVE

TRASH_DAYS = 30
_SNIFF_BYTES = 4096
_SLUG_CHARS = 40


def is_trace(path: Path) -> bool:
    """True for a file with a trace's suffix, and for one whose first line starts a run."""
    if path.suffix.lower() == TRACE_SUFFIX:
        return True
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFF_BYTES)
    except OSError:
        return False
    return start.startswith(b'{"seq":0,') and b'"type":"run_started"' in start


def new_trace_path(folder: Path, question: str, now: datetime, *, taken: Container[str] = ()) -> Path:
    """Return a path in `folder` that no file has and that is not `taken`: an engine that was just started has not made its file yet.

    It is named by the question, but for a key that stands in there.
    """
    words = re.sub(r"[^\w]+", "-", LIVE(question).casefold(), flags=re.UNICODE).strip("-_")[:_SLUG_CHARS].rstrip("-_")
    # Names stay far under the 255 bytes that file systems allow, in any script.
    while len(words.encode()) > 120:
        words = words[:-1]
    stem = f"{now:%Y-%m-%d-%H%M%S}" + (f"-{words}" if words else "")
    path, number = folder / f"{stem}{TRACE_SUFFIX}", 2
    while path.exists() or str(path) in taken:
        path, number = folder / f"{stem}-{number}{TRACE_SUFFIX}", number + 1
    return path


def save_copy(source: Path, target: Path) -> None:
    """Copy a trace, by way of a file beside the target: what stood there is lost only when the copy is whole. Raises UserError."""
    beside = target.with_name(f"{target.name}.part")
    try:
        if target.exists() and target.samefile(source):
            raise UserError(f"{target.name} is the trace itself. Choose another name for the copy.")
        shutil.copyfile(source, beside)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UserError(f"The copy could not be written to {target}: {error.strerror}. The trace itself is kept as {source}.") from error


class Trash:
    """Where removed traces wait to be restored; what is older than 30 days goes for good."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: Path) -> Path:
        """Move a trace here; returns where it lies now. Raises UserError."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            target = self._folder / f"{time.time_ns()}-{path.name}"
            path.replace(target)
        except OSError as error:
            raise UserError(f"{path.name} could not be removed: {error.strerror}.") from error
        return target

    def restore(self, lies_at: Path, path: Path) -> None:
        """Move a trace back. Raises UserError."""
        try:
            if path.exists():
                raise UserError(f"{path.name} cannot be brought back: another trace has its name by now. It lies at {lies_at}.")
            lies_at.replace(path)
        except OSError as error:
            raise UserError(f"{path.name} could not be brought back from {lies_at}: {error.strerror}.") from error

    def empty_old(self) -> None:
        """Delete what was removed more than 30 days ago."""
        oldest_ns = time.time_ns() - TRASH_DAYS * 24 * 3600 * 10**9
        for path in self._folder.glob(f"*{TRACE_SUFFIX}") if self._folder.is_dir() else ():
            stamp = path.name.partition("-")[0]
            if stamp.isdigit() and int(stamp) < oldest_ns:
                path.unlink(missing_ok=True)
