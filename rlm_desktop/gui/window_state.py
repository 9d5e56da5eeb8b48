"""Where the window stood and how it was divided, from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray

from rlm_desktop.gui.main_window import MainWindow
from rlm_desktop.gui.settings import SettingsFile

FIRST_WIDTH_PX, FIRST_HEIGHT_PX = 1440, 900


def restore(window: MainWindow, settings: SettingsFile, *, unit: float) -> None:
    """Put the window where it was; the first time, as the design has it."""
    kept = settings.current
    if not kept.geometry or not window.restoreGeometry(QByteArray.fromHex(QByteArray(kept.geometry.encode("ascii", "replace")))):
        screen = window.screen().availableGeometry()
        window.resize(min(FIRST_WIDTH_PX, screen.width()), min(FIRST_HEIGHT_PX, screen.height()))
    left, right, answer = round(256 * unit), round(392 * unit), round(140 * unit)
    centre = max(360, window.width() - left - right)
    window.sides.setSizes(_kept(kept.sides_px, (left, centre, right)))
    window.centre.split.set_answer_px(kept.answer_px or answer)


def keep(window: MainWindow, settings: SettingsFile) -> None:
    settings.change(geometry=bytes(window.saveGeometry().data()).hex())
    # Sizes of what was never shown are not what the person chose.
    if window.strip.isVisibleTo(window):
        settings.change(sides_px=tuple(window.sides.sizes()), answer_px=window.centre.split.answer_px)


def _kept(sizes: tuple[int, ...], first: tuple[int, ...]) -> list[int]:
    return list(sizes if len(sizes) == len(first) and sum(sizes) > 0 else first)
