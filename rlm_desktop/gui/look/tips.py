"""Tool tips that show their words as they are. Qt takes any tip that looks like HTML for HTML, and names of files may look like that."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt


def plain_tip(words: str) -> str:
    """Return `words` as a tip that nothing in them can style, link or hide."""
    if not Qt.mightBeRichText(words):
        return words
    return f'<div style="white-space: pre-wrap">{html.escape(words)}</div>'
