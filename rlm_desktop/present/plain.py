"""Foreign text for a terminal: what would move the cursor, change colours or turn the reading direction is shown as a dot."""

from __future__ import annotations


def plain(text: str, *, keeps_lines: bool = True) -> str:
    """Return `text` with every control, format and unassigned character replaced; line ends and tabs stay where `keeps_lines`."""
    kept = "\n\t" if keeps_lines else ""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in kept else "·" for c in text)
