"""Foreign text for a terminal: what would move the cursor, change colours or turn the reading direction is written out."""

from __future__ import annotations

from rlm_desktop.trace.invisible import written_out


def plain(text: str, *, keeps_lines: bool = True) -> str:
    """Return `text` with all that cannot be seen written out, as `‹ESC›`; line ends and tabs stay where `keeps_lines`."""
    return written_out(text.replace("\r\n", "\n") if keeps_lines else text, keeps_lines=keeps_lines)
