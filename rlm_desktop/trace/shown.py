"""Names of files as they may be shown and written: what would move the cursor or turn the order of letters is taken out of them."""

from __future__ import annotations

import re

_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(name: str) -> str:
    """Return a name or path without control characters, which can be written as UTF-8. Paths of documents in a trace are such."""
    return _NOT_SHOWN.sub("\ufffd", name)
