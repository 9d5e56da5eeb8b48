"""`rlm-desktop screenshot TRACE -o FILE.png`: the window as a picture, without a display."""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rlm_desktop import paths
from rlm_desktop.errors import UsageError, UserError

SMALLEST: Final = (960, 640)
LARGEST: Final = (10_000, 10_000)
_SETTLE_MS: Final = 400
"""After the trace is open: time for the views' own timers (layout, texts, quotations) to come to rest."""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    width, height = _size(options.size)
    if not options.trace.is_file():
        raise UserError(f"There is no trace {options.trace}.")
    # Before Qt starts: it reads both once.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = f"{options.scale:g}"
    with tempfile.TemporaryDirectory(prefix="rlm-desktop-") as folder:
        _take(options, width, height, Path(folder))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rlm-desktop screenshot", description="The window showing a trace, as a picture.")
    add = parser.add_argument
    add("trace", metavar="TRACE", type=Path)
    add("-o", "--output", metavar="FILE.png", type=Path, required=True)
    add("--select", metavar="CALL", type=int, help="the call to choose, by its number")
    add("--at", metavar="SEQ", type=int, help="the entry to stand on; without it the last")
    add("--theme", choices=["light", "dark"], default="light")
    add("--scale", type=float, default=1.0, metavar="2", help="device pixels a logical pixel")
    add("--size", default="1600x1000", metavar="1600x1000", help="logical pixels")
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError(f"{text!r} is no size; 1600x1000 is one.")
    size = int(width), int(height)
    if not all(least <= given <= most for given, least, most in zip(size, SMALLEST, LARGEST, strict=True)):
        raise UsageError(f"The size {text} is not between {SMALLEST[0]}x{SMALLEST[1]} and {LARGEST[0]}x{LARGEST[1]}.")
    return size


def _take(options: argparse.Namespace, width: int, height: int, folder: Path) -> None:
    # Imported here, after the environment is set, and so that wrong use is said without loading the window.
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from rlm_desktop.gui import window_state
    from rlm_desktop.gui.conductor import Conductor
    from rlm_desktop.gui.desk import Desk, Folders
    from rlm_desktop.gui.look.motion import Turning
    from rlm_desktop.gui.look.sheet import keep_dressed
    from rlm_desktop.gui.look.theme import Themes
    from rlm_desktop.gui.selection import Chosen
    from rlm_desktop.gui.settings import SettingsFile

    application = QApplication([sys.argv[0]])
    themes = Themes(application, choice=options.theme)
    keep_dressed(application, themes)
    turning = Turning(application, is_still=True)
    # Settings and the list of runs are a newcomer's, so that a picture shows nothing but the trace; only the texts are the person's own.
    settings = SettingsFile(folder / "settings.json", application)
    desk = Desk(settings, Folders(runs=folder, cache=folder, texts=paths.texts_folder()), application)
    conductor = Conductor(desk, themes, turning, sample_title="", parent=application)
    window = conductor.window
    window_state.restore(window, settings, unit=themes.current.unit)
    window.resize(width, height)
    window.show()
    # A slow machine takes longer over a frame; it does not show half a map.
    window.map.new_pictures_s = math.inf
    failures: list[str] = []
    loop = QEventLoop(application)

    def failed(_path: str, sentence: str) -> None:
        failures.append(sentence)
        loop.quit()

    desk.open_runs.load_failed.connect(failed)
    desk.current_run.changed.connect(loop.quit)
    desk.open_runs.show(options.trace.absolute())
    if desk.current_run.run is None and not failures:
        loop.exec()
    run = desk.current_run.run
    if run is None:
        raise UserError(failures[0] if failures else f"{options.trace.name} could not be opened.")
    # Now that the map is in view it can have the focus; a caret in the question would blink into some pictures.
    window.map.setFocus()
    if options.at is not None:
        _check(options.at, run.last_seq, "entry")
        run.seek(options.at)
    if options.select is not None:
        _check(options.select, len(run.columns.calls) - 1, "call")
        desk.selection.choose(Chosen(call_id=options.select))
    QTimer.singleShot(_SETTLE_MS, loop.quit)
    loop.exec()
    picture = window.grab()
    desk.abandon()
    if not picture.save(str(options.output), "PNG"):
        raise UserError(f"The picture could not be written to {options.output}. Choose another place.")


def _check(number: int, last: int, what: str) -> None:
    if not 0 <= number <= last:
        raise UsageError(f"There is no {what} {number} in this trace; the last is {last}.")
