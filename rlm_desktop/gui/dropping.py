"""What is dragged over the window, and what a drop of it would do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData

from rlm_desktop.gui.runs.trace_files import is_trace
from rlm_desktop.present import numbers

NAMES_SHOWN = 3


def _tr(words: str) -> str:
    return QCoreApplication.translate("Dropping", words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dragged:
    """Files and folders, or a text; `title` says what a drop does, `names` of what."""

    paths: tuple[Path, ...] = ()
    text: str = ""
    title: str = ""
    names: str = ""


def dragged(mime: QMimeData) -> Dragged | None:
    """Return what may be dropped; None for anything else. Addresses on the web are not fetched."""
    paths = tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    if paths:
        traces = [path for path in paths if path.is_file() and is_trace(path)]
        documents = [path for path in paths if path not in traces]
        if not documents:
            title = _tr("Open this trace") if len(traces) == 1 else _tr("Open {0} traces").format(len(traces))
        elif len(documents) == 1:
            title = _tr("Add this folder") if documents[0].is_dir() else _tr("Add 1 document")
        else:
            title = _tr("Add {0} documents").format(len(documents))
        return Dragged(paths=paths, title=title, names=_names(paths))
    if mime.hasUrls() or not mime.hasText() or not mime.text().strip():
        return None
    text = mime.text()
    return Dragged(text=text, title=_tr("Add this text"), names=_tr("{0} characters").format(numbers.chars(len(text))))


def _names(paths: tuple[Path, ...]) -> str:
    names = ", ".join(path.name for path in paths[:NAMES_SHOWN])
    if len(paths) > NAMES_SHOWN:
        names += _tr(" and {0} more").format(len(paths) - NAMES_SHOWN)
    size = sum(path.stat().st_size for path in paths if path.is_file())
    return f"{names} · {numbers.size(size)}" if size else names
