"""A sample on disk: its documents in a folder of their own, so that a run gets those and not the answer that lies beside them."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rlm_desktop.errors import UserError
from rlm_desktop.samples.made import Made

DOCUMENTS: Final = "documents"
ANSWER: Final = "answer.json"
QUESTION: Final = "question.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    folder: Path
    documents: Path
    answer: Path
    document_count: int
    document_bytes: int


def write(made: Made, folder: Path) -> Written:
    """Write a sample into a folder that is new or empty: all of it, or nothing. Raises UserError."""
    if _holds_something(folder):
        raise UserError(f"{folder} is there already, and nothing is written over. Name another folder with -o, or remove it.")
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        count, size = _write_into(beside, made)
        if folder.is_dir():
            # Somebody may stand in it.
            for path in list(beside.iterdir()):
                path.rename(folder / path.name)
        else:
            beside.rename(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(f"The sample cannot be written to {folder}: {why}. Free some space, or name another folder with -o.") from error
    finally:
        # It is gone where all went well.
        shutil.rmtree(beside, ignore_errors=True)
    return Written(folder=folder, documents=folder / DOCUMENTS, answer=folder / ANSWER, document_count=count, document_bytes=size)


def _holds_something(folder: Path) -> bool:
    try:
        return folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be looked into: {error.strerror}. Name another one with -o.") from error


def _write_into(folder: Path, made: Made) -> tuple[int, int]:
    """Return how many documents were written, and their bytes together."""
    documents = folder / DOCUMENTS
    documents.mkdir(parents=True)
    count = size = 0
    for name, pieces in made.documents:
        path = documents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
            size += file.tell()
        count += 1
    (folder / QUESTION).write_text(made.question + "\n", encoding="utf-8")
    answer = {"question": made.question, **made.answer}
    (folder / ANSWER).write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return count, size
