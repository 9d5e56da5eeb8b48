"""From the bytes of a web page to markup that a parser takes in good time: encoding, XHTML's own ways, tags nested without end."""

from __future__ import annotations

import re
from typing import Final

from rlm_desktop.documents.chosen_encoding import chosen_encoding
from rlm_desktop.documents.encodings import HEAD_BYTES, encoding_after_failure, encoding_of, named_encoding
from rlm_desktop.documents.refused import RefusedError

_DECLARED: Final = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN_BYTES: Final = 8_192
# What pages mean who say these names: each is a part of the one that is taken.
_MEANT: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}

_EMPTY: Final = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([A-Za-z][\w.:-]*+)"
    r"""((?:\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'))?+)*+)\s*+/>""",
    re.IGNORECASE,
)

MAX_DEPTH: Final = 500
"""Browsers stop here, too. A parser needs a time that grows with the square of the depth."""
_MAX_STYLES: Final = 40
_MAX_TAG_CHARS: Final = 4_000
_MAX_ATTRIBUTES: Final = 300
_DEEP_FROM_CHARS: Final = 2_000
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^>]*>?")
_NO_TAGS_IN: Final = tuple(
    (re.compile(begins, re.IGNORECASE), re.compile(ends, re.IGNORECASE))
    for begins, ends in ((r"<script\b", r"</script\s*>"), (r"<style\b", r"</style\s*>"), ("<!--", "-->"))
)
_STYLES: Final = frozenset(["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
_ENDS_BY_ITSELF: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "option",
        "optgroup",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "colgroup",
        "rp",
        "rt",
        "html",
        "head",
        "body",
    ]
)


def decoded(data: bytes, chosen: str | None = None) -> tuple[str, str]:
    """Return the markup and the name of its encoding: the `chosen` one, or what its mark, its declaration or its bytes say.

    Raises RefusedError where the bytes are no text, or there is no encoding of the chosen name.
    """
    if chosen is not None:
        encoding = chosen_encoding(data[:HEAD_BYTES], chosen)
        return data[encoding.mark_bytes :].decode(encoding.name, "replace"), encoding.name
    found = encoding_of(data[:HEAD_BYTES])
    if found is None:
        raise RefusedError(
            "This seems to be a web page, but holds binary data. Open it in a browser, save it again, and add that.", "damaged"
        )
    if found.is_certain:
        return data[found.mark_bytes :].decode(found.name, "replace"), found.name
    declared = _declared(data)
    try:
        # A page that is valid UTF-8 and has more than ASCII is UTF-8, whatever it says.
        if not (data.isascii() and declared):
            return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        declared = declared or encoding_after_failure(data, error.start)
    name = declared or "cp1252"
    return data.decode(name, "replace"), name


def _declared(data: bytes) -> str | None:
    head = data[:_DECLARED_WITHIN_BYTES]
    match = _XML_DECLARED.match(head) or _DECLARED.search(head)
    name = named_encoding(match[1].decode("ascii")) if match else None
    # A declaration that could be read is in no encoding of two bytes a letter.
    return None if name is None or name.startswith(("utf-16", "utf-32")) else _MEANT.get(name, name)


def tame(markup: str, *, is_xhtml: bool | None = None) -> str:
    """Return markup that parses in a time that grows with its length: tags nested deeper than any page's go, their texts stay.

    `is_xhtml` says whether `<title/>` is an empty element, as in XML, or one that is open; where it is not known, the markup tells.
    """
    head = markup[:2_000]
    if is_xhtml or (is_xhtml is None and ("<?xml" in head or "//www.w3.org/1999/xhtml" in head)):
        markup = _EMPTY.sub(r"<\1\2></\1>", markup)
    return _Shallow().of(markup) if len(markup) > _DEEP_FROM_CHARS else markup


class _Shallow:
    def __init__(self) -> None:
        self._depth = self._styles = 0

    def of(self, markup: str) -> str:
        # Scripts and comments hold tags that are none; without them most pages turn out to be as flat as others.
        if self._is_deep(markup) and self._is_deep(markup := _without_scripts(markup)):
            self._depth = self._styles = 0
            return _TAG.sub(lambda one: one[0] if (instead := self._tag(one)) is None else instead, markup)
        return markup

    def _is_deep(self, markup: str) -> bool:
        self._depth = self._styles = 0
        return any(self._tag(match) is not None for match in _TAG.finditer(markup))

    def _tag(self, match: re.Match[str]) -> str | None:
        """Return what to put in the place of a tag, None where it stays."""
        name = match[2].lower()
        if match[1]:
            if name in _STYLES:
                self._styles -= self._styles > 0
                return "" if self._styles >= _MAX_STYLES else None
            if name not in _ENDS_BY_ITSELF:
                self._depth -= self._depth > 0
                return " " if self._depth >= MAX_DEPTH else None
            return None
        if name in _STYLES:
            self._styles += 1
            if self._styles > _MAX_STYLES:
                return ""
        elif name not in _ENDS_BY_ITSELF and not match[0].endswith("/>"):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                return " "
        if match.end() - match.start() > _MAX_TAG_CHARS and len(match[0].split(None, _MAX_ATTRIBUTES)) > _MAX_ATTRIBUTES:
            return f"<{match[2]}>"
        return None


def _without_scripts(markup: str) -> str:
    for begins, ends in _NO_TAGS_IN:
        kept, at = [], 0
        while (begin := begins.search(markup, at)) and (end := ends.search(markup, begin.end())):
            kept.append(markup[at : begin.start()])
            at = end.end()
        kept.append(markup[at:])
        markup = "".join(kept)
    return markup
