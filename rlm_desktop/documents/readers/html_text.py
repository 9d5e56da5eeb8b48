"""The text of a web page in reading order: headings, paragraphs, lists, tables and preformatted text, as a draft has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.html_elements import ANCHOR_MARKS, HEADINGS, LINES, PARAGRAPHS, UNSEEN, is_hidden
from rlm_desktop.documents.readers.html_links import Addresses
from rlm_desktop.documents.readers.html_table import Grid, is_for_layout
from rlm_desktop.documents.readers.html_words import Words, one_line

_POWER: Final = re.compile(r"[-−+]?[\d.,]+|[a-zA-Z]|[-−+]?[a-z][-−+]\d")
_MAX_QUOTES: Final = 5
_SHARE_EVERY: Final = 20_000
_NONE: Final[Mapping[str, str | None]] = {}


def write_html(
    markup: str,
    draft: Draft,
    *,
    is_title_wanted: bool = True,
    ids: frozenset[str] = frozenset(),
    shares: tuple[float, float] = (0.0, 1.0),
) -> dict[str, int]:
    """Write the text of tamed markup. Return id → offset for those of the wanted `ids` that elements have.

    `shares` is how much of the whole document is done before this markup, and after it.
    """
    parser = LexborHTMLParser(markup, options=LexborDocumentOptions.WO_EVENTS.value)
    before, after = shares

    def on_seen(chars: int) -> None:
        draft.share(before + (after - before) * min(1.0, chars / max(1, len(markup))))

    writer = _Writer(draft, addresses=Addresses(parser), ids=ids, on_seen=on_seen)
    if is_title_wanted and parser.css_first("h1") is None:
        title = parser.css_first("head > title")
        draft.heading(1, title.text() if title else "")
    if parser.root is not None:
        writer.walk(parser.root)
    return writer.places


class _Open(NamedTuple):
    """An element that is being read; the fields say what ends with it."""

    node: LexborNode
    tag: str
    link: tuple[str, int] | None = None
    """The address, and where in the pieces its text began."""
    grid: Grid | None = None


class _Writer:
    def __init__(self, draft: Draft, *, addresses: Addresses, ids: frozenset[str], on_seen: Callable[[int], None]) -> None:
        self.places: dict[str, int] = {}
        self._draft = draft
        self._addresses = addresses
        self._ids = ids
        self._on_seen = on_seen
        self._words = Words()
        self._waiting_ids: list[str] = []
        self._lists: list[int | None] = []
        """The next number of each list that is open, None for one with points."""
        self._label = ""
        self._quotes = 0
        self._grids: list[Grid] = []
        self._capturing: LexborNode | None = None
        """A heading or a cell: within it, what would end a line is a space."""
        self._pre = 0
        self._is_apart = False
        """An empty line is wanted before the next one."""
        self._seen = self._told = 0

    def walk(self, root: LexborNode) -> None:
        """Go through the tree without recursion: pages nest as deep as they like."""
        stack: list[_Open] = []
        node: LexborNode | None = root
        while node is not None or stack:
            if node is None:
                ended = stack.pop()
                self._leave(ended)
                node = ended.node.next
                continue
            opened = self._enter(node)
            if opened is not None:
                stack.append(opened)
                node = node.first_child
            else:
                node = node.next
        self._flush()

    def _enter(self, node: LexborNode) -> _Open | None:
        """Take note of a node; return it as open where what is within is to be read."""
        if node.is_text_node:
            self._text(node.text_content or "")
            return None
        tag = node.tag or ""
        if not node.is_element_node or tag in UNSEEN:
            return None
        attributes = node.attributes or _NONE
        if is_hidden(tag, attributes):
            return None
        if self._ids:
            self._id(attributes.get("id") or (attributes.get("name") if tag == "a" else None))
        if tag in ("br", "img", "input", "hr"):
            self._single(tag, attributes)
            return None
        if tag in LINES or tag in PARAGRAPHS or tag in HEADINGS:
            return self._enter_block(node, tag, attributes)
        if tag == "a":
            return _Open(node, tag, link=(attributes.get("href") or "", self._words.place))
        if tag == "math" and attributes.get("alttext"):
            self._words.add(attributes["alttext"] or "")
            return None
        if tag == "sup" and self._is_power(node):
            self._words.add("^")
        elif tag in ("q", "rt"):
            self._words.add("“" if tag == "q" else "(")
        return _Open(node, tag)

    def _enter_block(self, node: LexborNode, tag: str, attributes: Mapping[str, str | None]) -> _Open:
        if self._capturing is not None:
            self._words.add(" ")
            return _Open(node, tag)
        grid = None
        if self._grids and tag in ("tr", "td", "th", "caption"):
            self._cell(node, tag, attributes)
            return _Open(node, tag)
        self._flush()
        if tag in PARAGRAPHS and not self._lists:
            self._is_apart = True
        if tag in HEADINGS:
            self._capturing = node
        elif tag in ("ul", "menu", "dir", "ol"):
            self._lists.append(_number(attributes.get("start"), 1) if tag == "ol" else None)
        elif tag == "li":
            self._label = self._list_label(attributes)
        elif tag == "dd":
            self._label = "  " * (len(self._lists) + 1)
        elif tag == "blockquote":
            self._quotes += 1
        elif tag in ("pre", "listing", "xmp", "plaintext"):
            self._pre += 1
        elif tag == "table" and not is_for_layout(node, attributes):
            grid = Grid()
            self._grids.append(grid)
        return _Open(node, tag, grid=grid)

    def _leave(self, ended: _Open) -> None:
        tag = ended.tag
        if ended.node is self._capturing:
            self._capturing = None
            text = self._words.taken()
            if tag in HEADINGS:
                self._is_apart = True
                self._place()
                self._draft.heading(HEADINGS[tag], text.replace("\n", " "))
            else:
                self._grids[-1].add(text)
        elif ended.link is not None:
            self._end_link(*ended.link)
        elif tag in ("q", "rt"):
            self._words.add("”" if tag == "q" else ")")
        elif ended.grid is not None:
            self._grids.pop()
            self._is_apart = True
            self._place()
            if ended.grid.caption:
                self._draft.write(f"{ended.grid.caption}\n\n")
            self._draft.table(ended.grid.rows)
        elif self._capturing is None and not self._grids and (tag in LINES or tag in PARAGRAPHS):
            self._leave_block(tag)

    def _leave_block(self, tag: str) -> None:
        if tag in ("pre", "listing", "xmp", "plaintext"):
            self._end_pre()
            return
        self._flush()
        if tag in ("ul", "menu", "dir", "ol"):
            self._lists.pop()
        elif tag == "li":
            self._label = ""
        elif tag == "blockquote":
            self._quotes -= 1
        if tag in PARAGRAPHS and not self._lists:
            self._is_apart = True

    def _cell(self, node: LexborNode, tag: str, attributes: Mapping[str, str | None]) -> None:
        self._words.taken()
        if tag == "tr":
            self._grids[-1].begin_row()
            return
        self._capturing = node
        if tag == "caption":
            self._grids[-1].begin_caption()
        else:
            self._grids[-1].begin_cell(_number(attributes.get("colspan"), 1), _number(attributes.get("rowspan"), 1))

    def _text(self, text: str) -> None:
        self._words.add(text, is_kept=self._pre > 0 and self._capturing is None)
        self._seen += len(text)
        if self._seen > self._told + _SHARE_EVERY:
            self._told = self._seen
            self._on_seen(self._seen)

    def _single(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "br":
            self._words.end_line()
        elif tag == "img":
            alt = one_line(attributes.get("alt") or "")
            self._words.add(f"[{alt}]" if alt else "")
        elif tag == "input" and attributes.get("type") == "checkbox" and self._lists:
            self._words.add("[x] " if "checked" in attributes else "[ ] ")
        elif tag == "hr" and self._capturing is None and not self._grids:
            self._flush()
            self._is_apart = True

    def _end_link(self, address: str, begin: int) -> None:
        """Drop a mark that leads to its own heading; add the address of another site, once, where the text does not say it."""
        text = self._words.since(begin)
        address = address.strip()
        if text in ANCHOR_MARKS and address.startswith("#"):
            self._words.drop_since(begin)
            return
        is_in_heading = self._capturing is not None and self._capturing.tag in HEADINGS
        is_picture = text.startswith("[") and text.endswith("]")
        if not is_in_heading and not is_picture and self._addresses.worth_saying(address, text):
            self._words.add(f" ({address})")

    def _is_power(self, node: LexborNode) -> bool:
        """Say whether a raised text is an exponent rather than the number of a note or an ending such as `th`."""
        child = node.first_child
        before = self._words.last
        return (
            child is not None
            and child.is_text_node
            and child.next is None
            and (before.isalnum() or before == ")")
            and bool(_POWER.fullmatch((child.text_content or "").strip()))
        )

    def _list_label(self, attributes: Mapping[str, str | None]) -> str:
        indent = "  " * (len(self._lists) - 1)
        if not self._lists or self._lists[-1] is None:
            return f"{indent}- "
        number = _number(attributes.get("value"), self._lists[-1])
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _flush(self) -> None:
        """Write what has come since the last line ended, on lines of its own."""
        if self._pre:
            return
        text = self._words.taken()
        if not text:
            return
        indent = "  " * len(self._lists)
        first = self._label or indent
        quote = "> " * min(self._quotes, _MAX_QUOTES)
        lines = [f"{quote}{indent if number else first}{line}" for number, line in enumerate(text.split("\n"))]
        self._label = ""
        self._place()
        self._draft.write("\n".join(lines) + "\n")

    def _end_pre(self) -> None:
        self._pre -= 1
        if self._pre:
            return
        text = self._words.taken_as_is()
        if text.strip():
            self._place()
            self._draft.write(f"{text}\n")
        self._is_apart = True

    def _id(self, name: str | None) -> None:
        if name and name in self._ids and name not in self.places:
            self._waiting_ids.append(name)

    def _place(self) -> None:
        """Make ready for a line: what is written next is where the elements are that were last met."""
        if self._is_apart:
            self._draft.part()
            self._is_apart = False
        for name in self._waiting_ids:
            self.places.setdefault(name, self._draft.chars)
        self._waiting_ids.clear()


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) < 7 and text.isascii() and text.lstrip("-").isdigit() else otherwise
