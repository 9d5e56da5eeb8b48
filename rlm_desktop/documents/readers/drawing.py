"""Charts and diagrams of Office documents: the numbers and words behind them."""

from __future__ import annotations

import datetime
import re
from typing import Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.openxml import Package, Relation
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_DATE: Final = re.compile("[yd]", re.IGNORECASE)
_DAY_ZERO: Final = datetime.datetime.fromisoformat("1899-12-30")
_MAX_POINTS: Final = 10_000
_SERIES_TEXTS: Final = ("tx", "cat", "val", "xVal", "yVal")


def write_drawing(element: Element, relations: dict[str, Relation], package: Package, draft: Draft) -> None:
    """Write what a `chart` or a diagram's `relIds` in a document leads to; nothing where it leads nowhere."""
    key = attribute(element, "dm") if local(element) == "relIds" else attribute(element, "id")
    relation = relations.get(key or "")
    if relation is None or relation.part not in package:
        return
    if relation.kind == "chart":
        _write_chart(package.tree(relation.part), draft)
    elif relation.kind == "diagramData":
        _write_diagram(package.tree(relation.part), draft)


def _write_chart(root: Element, draft: Draft) -> None:
    title = next(inside(root, "title"), None)
    is_of_chart = title is not None and title is child(root, "chart", "title")
    words = "".join(text.text or "" for text in inside(title, "t")) if title is not None and is_of_chart else ""
    draft.paragraph(f"Chart: {words}" if words.strip() else "Chart:")
    names: list[str] = []
    categories: dict[int, str] = {}
    columns: list[dict[int, str]] = []
    for series in inside(root, "ser"):
        parts = {name: child(series, name) for name in _SERIES_TEXTS}
        names.append(" ".join(_points(parts["tx"]).values()))
        for at, words in _points(parts["cat"] if parts["cat"] is not None else parts["xVal"]).items():
            categories.setdefault(at, words)
        columns.append(_points(parts["val"] if parts["val"] is not None else parts["yVal"]))
    rows = sorted({at for column in (categories, *columns) for at in column})
    head = [["", *names]] if any(names) else []
    draft.table([*head, *([categories.get(at, ""), *(column.get(at, "") for column in columns)] for at in rows)])


def _points(element: Element | None) -> dict[int, str]:
    """Return index → what stands there. A name may stand without points."""
    points: dict[int, str] = {}
    if element is None:
        return points
    code = next(inside(element, "formatCode"), None)
    is_date = code is not None and bool(_DATE.search(code.text or ""))
    for point in inside(element, "pt"):
        value = child(point, "v")
        at = number(attribute(point, "idx"))
        text = _shown((value.text if value is not None else None) or "", is_date=is_date)
        points[at] = f"{points[at]}, {text}" if at in points else text
        if len(points) >= _MAX_POINTS:
            break
    if not points:
        points = {0: " ".join(value.text or "" for value in inside(element, "v"))}
    return points


def _shown(text: str, *, is_date: bool) -> str:
    """Return a number without the digits that only a machine sees, or the day that it stands for; any other text as it is."""
    try:
        value = float(text)
        if is_date:
            return (_DAY_ZERO + datetime.timedelta(days=value)).date().isoformat()
        return f"{value:.15g}"
    except (ValueError, OverflowError):
        return text


def _write_diagram(root: Element, draft: Draft) -> None:
    draft.part()
    for point in inside(root, "pt"):
        words = " ".join("".join(text.text or "" for text in inside(paragraph, "t")) for paragraph in inside(point, "p")).strip()
        if words:
            draft.line(f"- {' '.join(words.split())}")
    draft.part()
