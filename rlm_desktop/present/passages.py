"""A text in named pieces, one below the other: messages, replies, outputs. What a view shows under a head each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Tone = Literal["plain", "new", "fail", "cut", "person"]


class Range(NamedTuple):
    """Characters of a passage's text, and the colour role of their words."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """`chip` says what it is in a word, `title` names it, `note` says more. `is_dim`: nobody but the reader sees it."""

    text: str
    title: str = ""
    chip: str = ""
    note: str = ""
    tone: Tone = "plain"
    is_dim: bool = False
    ranges: tuple[Range, ...] = ()


def as_text(passages: Sequence[Passage]) -> str:
    """Return the passages under their heads, for the clipboard."""
    return "\n\n".join("\n".join(part for part in (_head(p), p.text.rstrip("\n")) if part) for p in passages)


def as_markdown(passages: Sequence[Passage]) -> str:
    """Return the passages under headings, each fenced so that nothing in it is taken for Markdown."""
    parts = []
    for passage in passages:
        fence = "```"
        while fence in passage.text:
            fence += "`"
        head = f"### {_head(passage)}\n\n" if _head(passage) else ""
        parts.append(f"{head}{fence}\n{passage.text.rstrip(chr(10))}\n{fence}")
    return "\n\n".join(parts)


def _head(passage: Passage) -> str:
    return " · ".join(part for part in (passage.title, passage.chip, passage.note) if part)
