"""Reading in this process, for tests: choices in, outcomes and texts out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice


def read(store: TextStore, *choices: DocumentChoice | Path) -> list[DocumentRead | DocumentRefused]:
    given = [DocumentChoice(path=str(choice)) if isinstance(choice, Path) else choice for choice in choices]
    return list(read_documents(given, store, on_progress=lambda progress: None))


def texts(store: TextStore, outcomes: list[DocumentRead | DocumentRefused]) -> dict[str, str]:
    """Return name → text of those that were read."""
    return {outcome.name: store.read(outcome.text_sha256) for outcome in outcomes if isinstance(outcome, DocumentRead)}


def left_out(outcomes: list[DocumentRead | DocumentRefused]) -> dict[str, str]:
    """Return name → reason of everything that is listed as left out."""
    return {one.name: one.reason for outcome in outcomes if isinstance(outcome, DocumentRefused) for one in outcome.left_out}


def make(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below `folder`, by their names relative to it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
