"""Samples whose texts ship with the program, written by hand: their documents, question and true answer, from the folder of resources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rlm_desktop.errors import UserError
from rlm_desktop.paths import resource
from rlm_desktop.samples.made import Made


def shipped(name: str) -> Made:
    """Return a sample with a folder of its own, which holds `sample.json` and the folder `documents`. Raises UserError."""
    folder = resource("samples", name)
    told = _told(folder / "sample.json")
    documents = folder / "documents"
    # Python leaves what it compiles beside a file that somebody ran.
    paths = sorted(path for path in documents.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return _made(told, ((path.relative_to(documents).as_posix(), path) for path in paths))


def expedition() -> Made:
    """Return the sample that the window opens on its first start. Raises UserError."""
    folder = resource("samples")
    told = _told(folder / "sample.json")
    return _made(told, ((Path(name).name, folder / name) for name in told.pop("documents")))


def expedition_on_disk() -> tuple[str, list[Path], str]:
    """Return its title, its documents where they ship, and its question: nothing is copied. Raises UserError if it is not there."""
    folder = resource("samples")
    told = _told(folder / "sample.json")
    return told["title"], [folder / name for name in told["documents"]], told["question"]


def _told(path: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"The sample cannot be read from {path}: {error}. Install the program again.") from error
    return told


def _made(told: dict[str, Any], paths: Iterable[tuple[str, Path]]) -> Made:
    question = told.pop("question")
    told.pop("title", None)
    return Made(documents=((name, _text(path)) for name, path in paths), question=question, answer=told)


def _text(path: Path) -> Iterator[str]:
    try:
        yield path.read_text("utf-8")
    except OSError as error:
        raise UserError(f"The sample cannot be read from {path}: {error.strerror}. Install the program again.") from error
