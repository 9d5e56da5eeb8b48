"""What is kept of a block's output: all of it, or its head and tail with a mark of what was cut between them."""

from __future__ import annotations


def keep(pieces: tuple[bytes, bytes], *, printed_chars: int, is_cut: bool, limit_chars: int) -> str:
    """Return at most `limit_chars` characters and the mark. `pieces` are head and tail; if nothing is cut, they join."""
    head, tail = pieces
    if not is_cut:
        text = (head + tail).decode("utf-8", "replace")
        if len(text) <= limit_chars:
            return text
        start, end = text, text
    else:  # each was cut at a byte, so a broken character at the cut goes
        start, end = head.decode("utf-8", "ignore"), tail.decode("utf-8", "ignore")
    half = limit_chars // 2
    start, end = start[:half], end[-half:]
    return f"{start}\n[… {max(printed_chars - len(start) - len(end), 0):,} characters were cut here …]\n{end}"
