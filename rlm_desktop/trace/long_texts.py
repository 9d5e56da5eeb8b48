"""Long texts leave their event and are written before it in parts, each text once."""

from __future__ import annotations

import hashlib
import types
import typing
from collections.abc import Callable, Iterator

import msgspec

from rlm_desktop.trace.events import KnownEvent, Text, TextPart, TextRef, Told

INLINE_CHARS = 4_096
"""A longer text stands in parts, so that an identical one can refer to it."""
PART_CHARS = 170_000
"""At the most six bytes a character in JSON: a part's line stays under 1 MiB."""


def _text_fields(cls: type) -> tuple[str, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(name for name, hint in hints.items() if isinstance(hint, types.UnionType) and TextRef in hint.__args__)


_FIELDS: dict[type, tuple[str, ...]] = {cls: _text_fields(cls) for cls in (*KnownEvent.__args__, Told)}


class LongTexts:
    """Remembers which texts stand in the trace already, by their hash."""

    def __init__(self, redact: Callable[[str], str] | None = None) -> None:
        """`redact` sees each long text whole, before it is split."""
        self._redact = redact
        self._known: dict[bytes, TextRef] = {}
        self._count = 0

    def extract(self, event: KnownEvent) -> tuple[list[TextPart], KnownEvent]:
        """Return the parts to be written before `event`, and the event referring to them."""
        parts: list[TextPart] = []
        changed = {name: ref for name in _FIELDS[type(event)] if (ref := self._refer(getattr(event, name), parts)) is not None}
        told = getattr(event, "told", None)
        if told is not None:
            inner = {name: ref for name in _FIELDS[Told] if (ref := self._refer(getattr(told, name), parts)) is not None}
            if inner:
                changed["told"] = msgspec.structs.replace(told, **inner)
        return parts, msgspec.structs.replace(event, **changed) if changed else event

    def _refer(self, text: Text | None, parts: list[TextPart]) -> TextRef | None:
        if not isinstance(text, str) or len(text) <= INLINE_CHARS:
            return None
        if self._redact is not None:
            text = self._redact(text)
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        ref = self._known.get(digest)
        if ref is None:
            ref = self._known[digest] = TextRef(text_id=self._count, chars=len(text))
            parts.extend(_split(text, self._count))
            self._count += 1
        return ref


def _split(text: str, text_id: int) -> Iterator[TextPart]:
    for part, start in enumerate(range(0, len(text), PART_CHARS)):
        yield TextPart(text_id=text_id, part=part, text=text[start : start + PART_CHARS])
