"""What a call's `context` is: its parts for the sandbox, and the facts its model is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rlm_desktop.engine.prompts import ContextFacts, ContextPiece
from rlm_desktop.sandbox.values import ContextKind, ContextPart, JsonContext
from rlm_desktop.trace.events import DocumentRead


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    kind: ContextKind
    parts: tuple[ContextPart, ...]
    facts: ContextFacts


def of_documents(documents: Sequence[DocumentRead], paths: Sequence[Path]) -> Context:
    """One document gives a str, several a dict from name to text. `paths` are their texts in the store."""
    kind: ContextKind = "str" if len(documents) == 1 else "dict"
    pieces = tuple(ContextPiece(name=d.name, chars=d.chars, outline=d.outline) for d in documents)
    return Context(
        kind=kind,
        parts=tuple(ContextPart(name=d.name, path=path) for d, path in zip(documents, paths, strict=True)),
        facts=ContextFacts(kind=kind, chars=sum(d.chars for d in documents), pieces=pieces),
    )


def of_value(value: JsonContext) -> Context:
    """A context that the parent's code, or a program that uses the library, handed over."""
    if isinstance(value, str):
        named, kind = [("", value)], "str"
    elif isinstance(value, dict):
        named, kind = list(value.items()), "dict"
    else:
        named, kind = [(str(i), text) for i, text in enumerate(value)], "list"
    return Context(
        kind=kind,  # type: ignore[arg-type]
        parts=tuple(ContextPart(name=name, text=text) for name, text in named),
        facts=ContextFacts(
            kind=kind,  # type: ignore[arg-type]
            chars=sum(len(text) for _, text in named),
            pieces=tuple(ContextPiece(name=name, chars=len(text)) for name, text in named),
        ),
    )


def as_text(value: JsonContext) -> str:
    """Return a context as one text, for a plain call that has no REPL to hold it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n\n".join(f"{name}:\n{text}" for name, text in value.items())
    return "\n\n".join(value)
