"""Charts and diagrams of Office documents: the numbers and words behind them."""

from __future__ import annotations

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.openxml import Package, Relation
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_MAX_POINTS = 10_000
_SERIES_TEXTS = ("tx", "cat", "val", "xVal", "yVal")


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
    for point in inside(element, "pt"):
        value = child(point, "v")
        at = number(attribute(point, "idx"))
        text = (value.text if value is not None else None) or ""
        points[at] = f"{points[at]}, {text}" if at in points else text
        if len(points) >= _MAX_POINTS:
            break
    if not points:
        points = {0: " ".join(value.text or "" for value in inside(element, "v"))}
    return points


def _write_diagram(root: Element, draft: Draft) -> None:
    draft.part()
    for point in inside(root, "pt"):
        words = " ".join("".join(text.text or "" for text in inside(paragraph, "t")) for paragraph in inside(point, "p")).strip()
        if words:
            draft.line(f"- {' '.join(words.split())}")
    draft.part()
