"""What a maker of samples hands over: texts by their names, a question, and its true answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`documents` are names below the folder of documents, with `/` between folders, and each text in pieces, so that a long one is never
    held whole."""

    documents: Iterable[tuple[str, Iterable[str]]]
    question: str
    answer: Mapping[str, object]
    """What stands in `answer.json`: at least `answer`, and `holds` where that is long: what every true answer names."""
