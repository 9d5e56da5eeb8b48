"""How an EPUB book is put together: its title and authors, the parts in the order of reading, its table of contents."""

from __future__ import annotations

import posixpath
from typing import Final, NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from rlm_desktop.documents.readers.html_markup import decoded, tame
from rlm_desktop.documents.readers.unpacking import Unpacking, broken
from rlm_desktop.documents.readers.xml_tree import Element, named, text_of, xml_root
from rlm_desktop.documents.refused import RefusedError

TITLE: Final = "an EPUB book"
_MAX_PARTS: Final = 20_000
_MAX_ENTRIES: Final = 50_000
_FONTS_ONLY: Final = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""Ways to hide fonts, which every program undoes."""


class Entry(NamedTuple):
    """An entry of the table of contents: it leads to a part, and to an element in it where `fragment` is not empty."""

    level: int
    title: str
    part: str
    fragment: str


class Package:
    """What a book's own description says. Names of parts are those within the archive. Raises RefusedError where there is none."""

    def __init__(self, archive: Unpacking) -> None:
        self._archive = archive
        self._by_lower = {name.lower(): name for name in archive.names}
        self._opf = self._opf_name()
        root = xml_root(archive.read(self._opf))
        if root is None:
            raise broken(TITLE)
        self._root = root
        self._items = {item.get("id"): item for item in named(root, "item") if item.get("href")}
        self.title = "; ".join(self._said("title")[:2])
        self.authors = ", ".join(self._said("creator"))
        self.parts = self._parts()
        """Some may not be in the archive."""

    def contents(self) -> list[Entry]:
        """Return the table of contents, from the book's own page for it or from the older list; empty where there is none."""
        for item in self._items.values():
            if "nav" in (item.get("properties") or "").split() and (name := self.found(self._name(item.get("href")))):
                return self._of_page(name)
        for item in self._items.values():
            if item.get("media-type") == "application/x-dtbncx+xml" and (name := self.found(self._name(item.get("href")))):
                return self._of_list(name)
        return []

    def found(self, name: str) -> str | None:
        """Return the name that a part has in the archive, which may differ in capitals; None where it is missing."""
        return name if name in self._archive else self._by_lower.get(name.lower())

    def encrypted(self) -> set[str]:
        """Return the names of the members that only a bought program can read."""
        name = "META-INF/encryption.xml"
        root = xml_root(self._archive.read(name)) if name in self._archive else None
        if root is None:
            return set()
        hidden: set[str] = set()
        for data in named(root, "EncryptedData"):
            method = next(named(data, "EncryptionMethod"), None)
            if method is None or method.get("Algorithm") not in _FONTS_ONLY:
                hidden.update(unquote(reference.get("URI") or "") for reference in named(data, "CipherReference"))
        return hidden

    def _opf_name(self) -> str:
        root = xml_root(self._archive.read("META-INF/container.xml")) if "META-INF/container.xml" in self._archive else None
        paths = [unquote(file.get("full-path") or "") for file in named(root, "rootfile")] if root is not None else []
        for name in (*paths, *(name for name in self._archive.names if name.endswith(".opf"))):
            if found := self.found(name):
                return found
        raise RefusedError(
            f"This seems to be {TITLE}, but says nowhere of which parts it consists. Convert it to another format, and add that.", "damaged"
        )

    def _said(self, name: str) -> list[str]:
        metadata = next(named(self._root, "metadata"), None)
        return [text for element in named(metadata, name) if (text := text_of(element))] if metadata is not None else []

    def _parts(self) -> list[str]:
        read = [self._items[ref.get("idref")] for ref in named(self._root, "itemref") if ref.get("idref") in self._items]
        items: list[Element] = read or list(self._items.values())
        names = [self._name(item.get("href")) for item in items if "html" in (item.get("media-type") or "html")]
        return list(dict.fromkeys(names))[:_MAX_PARTS]

    def _name(self, href: str | None, base: str = "") -> str:
        folder = posixpath.dirname(base or self._opf)
        return posixpath.normpath(posixpath.join(folder, unquote((href or "").partition("#")[0]))).lstrip("/")

    def _of_list(self, name: str) -> list[Entry]:
        root = xml_root(self._archive.read(name))
        entries: list[Entry] = []
        for point in named(root, "navPoint") if root is not None else ():
            label, content = next(named(point, "navLabel"), None), next(named(point, "content"), None)
            if label is None or content is None or len(entries) >= _MAX_ENTRIES:
                continue
            level = 1 + sum(1 for above in point.iterancestors() if str(above.tag).endswith("navPoint"))
            entries.append(self._entry(level, text_of(label), content.get("src") or "", name))
        return entries

    def _of_page(self, name: str) -> list[Entry]:
        markup, _ = decoded(self._archive.read(name))
        parser = LexborHTMLParser(tame(markup, is_xhtml=True), options=LexborDocumentOptions.WO_EVENTS.value)
        pages = parser.css("nav")
        page = next((one for one in pages if "toc" in (one.attributes.get("epub:type") or "").split()), pages[0] if pages else None)
        links = page.css("li a[href]")[:_MAX_ENTRIES] if page else []
        return [self._entry(_depth(link), " ".join(link.text().split()), link.attributes.get("href") or "", name) for link in links]

    def _entry(self, level: int, title: str, href: str, base: str) -> Entry:
        part = self._name(href, base)
        return Entry(level, title, self.found(part) or part, unquote(href.partition("#")[2]))


def _depth(link: LexborNode) -> int:
    """Return in how many lists within a table of contents a link stands; tame markup is not deep."""
    depth, node = 0, link.parent
    while node is not None and node.tag != "nav":
        depth += node.tag in ("ol", "ul")
        node = node.parent
    return max(1, depth)
