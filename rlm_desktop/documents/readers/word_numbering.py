"""The numbers and bullets that Word shows before paragraphs, which stand nowhere in the text of the file."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rlm_desktop.documents.readers.list_numbers import written_number
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_LEVELS: Final = 9
_MAX_NUMBER: Final = 100_000
_MAX_MARKER: Final = 100
_PLACE_OF_NUMBER = re.compile(r"%([1-9])")


class ListPlace(NamedTuple):
    list_id: str | None
    level: int


class _Level(NamedTuple):
    format: str = "decimal"
    text: str = "%1."
    start: int = 1
    is_legal: bool = False


class Numbering:
    """Counts along while the paragraphs go by in order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        by_style: dict[str, str] = {}
        linked: dict[str, str] = {}
        for element in inside(root, "abstractNum"):
            key = attribute(element, "abstractNumId") or ""
            self._abstract[key] = {number(attribute(inner, "ilvl")): _level(inner) for inner in element if local(inner) == "lvl"}
            by_style.setdefault(_value(element, "styleLink"), key)
            linked[key] = _value(element, "numStyleLink")
        for key, style in linked.items():
            if style and not self._abstract[key]:
                self._abstract[key] = self._abstract.get(by_style.get(style, ""), {})
        for element in inside(root, "num"):
            list_id, abstract = attribute(element, "numId"), child(element, "abstractNumId")
            if list_id is None or abstract is None:
                continue
            self._lists[list_id] = attribute(abstract, "val") or ""
            for override in inside(element, "lvlOverride"):
                start = child(override, "startOverride")
                if start is not None:
                    self._restarts.setdefault(list_id, {})[number(attribute(override, "ilvl"))] = number(attribute(start, "val"), 1)

    def marker(self, place: ListPlace) -> str | None:
        """Return what stands before the next paragraph of a list: `-` for any bullet, else the number as it is shown; None for neither."""
        abstract = self._lists.get(place.list_id or "")
        if abstract is None or not 0 <= place.level < _LEVELS:
            return None
        levels = self._abstract.get(abstract, {})
        level = levels.get(place.level, _Level())
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        restart = self._restarts.get(place.list_id or "", {}).get(place.level)
        if restart is not None and (place.list_id or "", place.level) not in self._begun:
            counts[place.level] = restart
        else:
            before = counts[place.level]
            counts[place.level] = level.start if before is None else min(before + 1, _MAX_NUMBER)
        self._begun.add((place.list_id or "", place.level))
        for deeper in range(place.level + 1, _LEVELS):
            counts[deeper] = None
        if level.format == "bullet":
            return "-"
        if level.format == "none":
            return level.text.strip() if "%" not in level.text else None

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = levels.get(at, _Level())
            count = counts[at]
            return written_number(of.start if count is None else count, "decimal" if level.is_legal else of.format)

        return _PLACE_OF_NUMBER.sub(shown, level.text).strip() or None


def _value(element: Element, name: str) -> str:
    inner = child(element, name)
    return (attribute(inner, "val") if inner is not None else None) or ""


def _level(element: Element) -> _Level:
    values = {local(inner): attribute(inner, "val") for inner in element}
    return _Level(
        format=values.get("numFmt") or "decimal",
        text=(values.get("lvlText") or "")[:_MAX_MARKER],
        start=max(0, min(number(values.get("start"), 1), _MAX_NUMBER)),
        is_legal="isLgl" in values and values["isLgl"] not in ("0", "false", "off"),
    )
