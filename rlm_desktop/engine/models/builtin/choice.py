"""What the built-in model has chosen to do about a question: a way, and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["fact", "count", "list", "compare", "summary"]
What = Literal["words", "rows", "values", "things", "headings", "definitions", "documents", "size"]
UnitOfText = Literal["occurrence", "line", "paragraph", "sentence", "document", "word", "character"]
Rank = Literal["all", "most", "least", "distinct", "sum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A row's field must compare so with a value. `fields` are names in lower case, the first that a row has counts."""

    fields: tuple[str, ...]
    comparison: Literal["=", "!=", ">", "<"] = "="
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A way with what it needs. Of `count` and `list`, `what` says what is found; only the parameters of that are read.

    `only` are the documents that the question names, none for all. `noun` is the question's own word for what is counted.
    `may_be_stated`: a text may state the figure itself. `is_guessed`: nothing in the question says outright that it is to be done this way.
    """

    way: Way
    what: What = "words"
    unit: UnitOfText = "line"
    phrases: tuple[str, ...] = ()
    is_any: bool = False
    conditions: tuple[Condition, ...] = ()
    fields: tuple[str, ...] = ()
    rank: Rank = "all"
    thing: str = ""
    only: tuple[str, ...] = ()
    rest: str = ""
    """The question without the names of documents."""
    noun: str = ""
    may_be_stated: bool = False
    is_guessed: bool = False
    unused: tuple[str, ...] = ()
    """Names and figures of the question that this way does not look at."""
    needs_reasoning: bool = False
    side: Literal["all", "added", "removed"] = "all"
