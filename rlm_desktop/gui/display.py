"""Whether there is a screen to open a window on. Without one Qt ends the process; a person gets a sentence instead."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Mapping

from rlm_desktop.errors import UserError

_WITHOUT = "`rlm-desktop run DOC… -q QUESTION` answers without a window, `rlm-desktop screenshot` shows a trace as a picture."


def names_display(environment: Mapping[str, str]) -> bool:
    """False on Linux and its like where nothing says on what a window could be shown."""
    return sys.platform in ("win32", "darwin") or any(environment.get(name) for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"))


def require_display(environment: Mapping[str, str]) -> None:
    """Raise UserError on Linux and its like where no display is named, or the X display on this computer that is named does not answer."""
    if sys.platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return
    if environment.get("WAYLAND_DISPLAY"):
        return
    display = environment.get("DISPLAY")
    if not display:
        raise UserError(f"There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). {_WITHOUT}")
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local and not _answers(int(local[1])):
        raise UserError(f"The display {display} does not answer, so no window can be opened. Start it, or set DISPLAY. {_WITHOUT}")


def _answers(number: int) -> bool:
    """True when the X server of this number listens on its path or, on Linux, its abstract name."""
    for address in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(address)
            except OSError:
                continue
            return True
    return False
