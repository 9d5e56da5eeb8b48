"""Names of files as they may be shown and written: what cannot be seen in them is written out."""

from __future__ import annotations

from rlm_desktop.trace.invisible import written_out


def shown(name: str) -> str:
    """Return a name or path that shows all of itself, and can be written as UTF-8. Paths of documents in a trace are such."""
    return written_out(name, keeps_lines=False)
