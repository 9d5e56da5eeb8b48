"""An attack that only macOS or Windows knows, for whoever runs the program there.

Its code finds these names: `secret`, the path of a file that must not be read, in a folder whose name has an accent; `token`, the path of
a file that does not exist; `parent`, the number of the engine's process; `port`, where the engine listens on 127.0.0.1 and serves a page;
and `WORKED`, a word that stands in that file and on that page, too. It has worked where the word is printed, or `token` appears, as it also
does when a share is asked for at that port.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

System = Literal["darwin", "win32"]
NAMES = ("WORKED", "parent", "port", "secret", "token")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignAttack:
    """`fails_anyway`: why it may fail without confinement, too."""

    number: str
    name: str
    system: System
    code: str
    fails_anyway: str = ""
