"""Texts from documents, names, models, servers and traces on their way into a widget: cut to a length it can lay out, and all in sight.

Nothing here is markup: what a widget would take for markup, for a key of a menu or for a mark of a title is made to be shown as it is.
"""

from __future__ import annotations

import html
import re
import textwrap

from PySide6.QtGui import Qt

from rlm_desktop.trace.invisible import written_out

MOST_LINE_CHARS = 1_000
"""No screen is wider. The end of a name counts as much as its beginning, so both stay."""
MOST_CHARS = 4_000
MOST_LINES = 40
TIP_CHARS = 80
"""Qt breaks no plain text in a tip, and markup far too early."""
_LONG_WORD = re.compile(r"\S{40}(?=\S)")


def in_line(words: str) -> str:
    """Return `words` for one line: of a very long one its beginning and its end."""
    if len(words) > MOST_LINE_CHARS:
        words = f"{words[: MOST_LINE_CHARS // 2]}…{words[-MOST_LINE_CHARS // 2 :]}"
    return words if words.isascii() and words.isprintable() else written_out(words, keeps_lines=False)


def in_lines(words: str) -> str:
    """Return `words` for a place of several lines; what is too much for it is left out at the end."""
    if len(words) > MOST_CHARS:
        words = words[:MOST_CHARS] + "…"
    if words.count("\n") >= MOST_LINES:
        words = "\n".join((*words.split("\n", MOST_LINES)[:MOST_LINES], "…"))
    return written_out(words)


def breakable(words: str) -> str:
    """Return `in_lines` of them that can be broken anywhere: a widget is otherwise as wide as the longest word in it."""
    return _LONG_WORD.sub("\\g<0>\u200b", in_lines(words))


def plain_tip(words: str) -> str:
    """Return `words` as a tip that nothing in them can style, link or hide. Qt takes any that look like HTML for HTML."""
    wrapped = (part for row in in_lines(words).split("\n") for part in textwrap.wrap(row, TIP_CHARS, drop_whitespace=False) or [""])
    shown = "\n".join(wrapped)
    return f'<div style="white-space: pre-wrap">{html.escape(shown)}</div>' if Qt.mightBeRichText(shown) else shown


def in_menu(words: str) -> str:
    """Return `words` for an entry of a menu or a button: an ampersand would mark a key, and a tab begin the column of keys."""
    return in_line(words).replace("&", "&&")


def in_title(words: str) -> str:
    """Return `words` for the title of a window, in which `[*]` would stand for what is not saved."""
    return in_line(words).replace("[*]", "[*][*]")
