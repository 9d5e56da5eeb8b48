"""What was left out of a folder or an archive, as a text: by reasons, so that the one thing that should not be among it is found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from rlm_desktop.present import numbers
from rlm_desktop.trace.events import LeftOut


def left_out_text(left_out: Sequence[LeftOut], count: int) -> str:
    """Return a paragraph a reason, the most frequent first; `count` is how many there are, of which not all may be listed."""
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.reason, []).append(one.name)
    parts = [
        "\n".join((f"{reason} · {numbers.count(len(names))}", *(f"    {name}" for name in names)))
        for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    ]
    if count > len(left_out):
        more = QCoreApplication.translate("LeftOut", "and {0} more, which are not listed").format(numbers.count(count - len(left_out)))
        parts.append(more)
    return "\n\n".join(parts)
