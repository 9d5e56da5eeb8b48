"""What the elements of a web page are to its text: paragraphs, lines, words of a line, or nothing that is seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
UNSEEN: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "iframe",
        "object",
        "embed",
        "applet",
        "canvas",
        "video",
        "audio",
        "select",
        "datalist",
        "svg",
        "map",
        "noframes",
        "noembed",
        "annotation",
        "annotation-xml",
        "rp",
    ]
)
PARAGRAPHS: Final = frozenset(
    [
        "p",
        "ul",
        "ol",
        "dl",
        "pre",
        "blockquote",
        "table",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "aside",
        "figure",
        "form",
        "fieldset",
        "details",
        "hr",
        "hgroup",
        "address",
        "dialog",
        "menu",
        "center",
        "listing",
        "xmp",
        "plaintext",
    ]
)
LINES: Final = frozenset(
    [
        "div",
        "li",
        "dt",
        "dd",
        "tr",
        "caption",
        "figcaption",
        "legend",
        "summary",
        "body",
        "html",
        "dir",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "search",
    ]
)
_DECORATION: Final = frozenset(["span", "i", "em", "a", "b", "s"])
_HIDDEN_STYLE: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!\s*important\s*)?(?:;|$)", re.IGNORECASE)
ANCHOR_MARKS: Final = frozenset({"", "¶", "#", "§", "🔗", "🔗︎"})


def is_hidden(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Say whether a browser without scripts shows nothing of an element."""
    if not attributes:
        return False
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    # Whole pages carry this while a dialog is open; on such it marks a picture drawn with letters, or what a reader hears otherwise.
    if attributes.get("aria-hidden") == "true" and tag in _DECORATION:
        return True
    style = attributes.get("style")
    return bool(style and ":" in style and _HIDDEN_STYLE.search(style))
