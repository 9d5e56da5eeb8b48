"""Which families text is set in: the desktop's own where it is one of those we trust, else the ones that the program ships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

from rlm_desktop.gui.look.tokens import tokens
from rlm_desktop.paths import resource

Group = Literal["ui", "code"]

# Body text is 13 px at 100 %; a desktop whose own text is smaller still gets 13, for captions would fall under 11 px.
BODY_PX = 13
LEAST_UNIT, MOST_UNIT = 1.0, 3.0

# Static cuts, not the variable fonts: of a variable application font Qt 6.11 registers the regular weight alone.
SHIPPED: dict[Group, tuple[str, ...]] = {
    "ui": ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf"),
    "code": ("JetBrainsMono-Regular.ttf", "JetBrainsMono-Medium.ttf"),
}
# Ships with nearly every Linux and is the default where nothing was chosen: much wider than what the window was drawn for.
NOT_CHOSEN = ("DejaVu Sans", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """Families in order, the system's own last: what a glyph that the first lacks is looked for in."""

    ui: tuple[str, ...]
    code: tuple[str, ...]


def _system_family(group: Group) -> str:
    which = QFontDatabase.SystemFont.FixedFont if group == "code" else QFontDatabase.SystemFont.GeneralFont
    return QFontInfo(QFontDatabase.systemFont(which)).family()


def _families(group: Group) -> tuple[str, ...]:
    own = _system_family(group)
    trusted = [family for family in tokens().font[group] if family not in NOT_CHOSEN]
    # macOS and Windows name their own font by a private name (".AppleSystemUIFont"); it is always right for the interface.
    is_native = group == "ui" and QGuiApplication.platformName() in ("cocoa", "windows")
    if is_native or own in trusted:
        return (own,)
    loaded: list[str] = []
    for name in SHIPPED[group]:
        loaded += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(resource("look", "fonts", name))))
    return (*dict.fromkeys(loaded), own)


@lru_cache(maxsize=1)
def families() -> Families:
    """Return the families of this desktop; loads the shipped fonts if they are needed (2 ms, once)."""
    return Families(ui=_families("ui"), code=_families("code"))


def system_unit() -> float:
    """Return how much larger than 13 px the desktop's own text is, at least 1."""
    size_px = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).pixelSize()
    return min(MOST_UNIT, max(LEAST_UNIT, size_px / BODY_PX))


@lru_cache(maxsize=256)
def font(names: tuple[str, ...], size_px: int, weight: int, *, tabular: bool) -> QFont:
    """Return a font without ligatures: one would misstate what a model wrote."""
    made = QFont(list(names))
    made.setPixelSize(size_px)
    made.setWeight(QFont.Weight(weight))
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setFeature(QFont.Tag("calt"), 0)
    made.setFeature(QFont.Tag("liga"), 0)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made
