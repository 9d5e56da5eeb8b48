"""XML of documents that nobody vouches for: no entity is resolved, nothing is fetched, and no tree grows past what fits in memory.

Elements are told by their names without the namespace: the same document may use any of several for one and the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, Protocol, cast

# Version 6.1 says nothing of its types.
from lxml import etree  # type: ignore[import-untyped]

from rlm_desktop.documents.readers.unpacking import broken
from rlm_desktop.documents.refused import RefusedError

MAX_TAGS: Final = 16_000_000
"""As a tree an element takes some 250 bytes, however short it is written, and has two tags."""


class Element(Protocol):
    """What is used of lxml's elements."""

    @property
    def tag(self) -> object: ...
    @property
    def text(self) -> str | None: ...
    @property
    def tail(self) -> str | None: ...
    @property
    def attrib(self) -> Mapping[str, str]: ...
    def get(self, key: str) -> str | None: ...
    def iter(self, *tags: str) -> Iterator[Element]: ...
    def itertext(self) -> Iterator[str]: ...
    def iterancestors(self) -> Iterator[Element]: ...
    def __iter__(self) -> Iterator[Element]: ...
    def __len__(self) -> int: ...


def parsed(data: bytes, title: str) -> Element:
    """Return the root of a document of the kind that `title` says. Raises RefusedError where it is not well-formed or too large."""
    if data.count(b"<") > MAX_TAGS:
        raise RefusedError(
            f"This is {title} that is larger than can be read at once. Save a part of it as a document of its own.", "too large"
        )
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(title) from error
    return cast("Element", root)


def xml_root(data: bytes) -> Element | None:
    """Return the root of as much as can be parsed, None where there is nothing."""
    try:
        root = etree.fromstring(data, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return cast("Element | None", root)


def _parser(*, recover: bool) -> Any:
    # Without huge_tree libxml2 itself ends entities that grow, trees deeper than 256 and texts of more than 10 MB.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def local(element: Element) -> str:
    """Return an element's name without its namespace, nothing for what is no element, such as an entity."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@cache
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """Return the attribute of that name, whatever its namespace is; one without a namespace first."""
    found = element.get(name)
    if found is not None:
        return found
    return next((value for key, value in element.attrib.items() if _local(key) == name), None)


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first child of the first name in `path`, its first child of the second, and so on; None where one is not there."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def inside(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of these names anywhere below `element`, in the order of the document."""
    return element.iter(*(f"{{*}}{name}" for name in names))


def named(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements below of a name, whatever their namespace, in the order of the document."""
    yield from inside(element, name)


def text_of(element: Element) -> str:
    """Return all text within an element, white space put together."""
    return " ".join("".join(element.itertext()).split())


def number(text: str | None, default: int = 0) -> int:
    """Return a whole number that an attribute says, `default` where it says none or a monstrous one."""
    try:
        return int(text) if text is not None and len(text) < 19 else default
    except ValueError:
        return default
