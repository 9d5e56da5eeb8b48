"""XML within documents, parsed without what makes it dangerous: no entities but the five, nothing fetched, nothing too deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Version 6.1 says nothing of its types.
from lxml import etree  # type: ignore[import-untyped]

Element = Any
"""lxml's."""


def xml_root(data: bytes) -> Element | None:
    """Return the root of as much as can be parsed, None where there is nothing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def named(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements below of a name, whatever their namespace, in the order of the document."""
    yield from element.iter(f"{{*}}{name}")


def text_of(element: Element) -> str:
    """Return all text within an element, white space put together."""
    return " ".join("".join(element.itertext()).split())
