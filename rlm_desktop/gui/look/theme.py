"""The appearance in force: colours by role, fonts and measures at the desktop's text size; and the switch between light and dark."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication

from rlm_desktop.gui.look import fonts
from rlm_desktop.gui.look.tokens import tokens

Choice = Literal["system", "light", "dark"]
TypeSize = Literal["caption", "small", "body", "title", "display", "code", "code_small"]
Weight = Literal["regular", "medium", "strong"]

# Hairlines carry no information and are faint; with high contrast they are as strong as the edges of the tree.
HIGH_CONTRAST = {"hair": "wire", "edge": "wire"}


@dataclass(frozen=True, slots=True)
class Theme:
    """One appearance. Painters take it and never name a colour, a font or a size of their own."""

    name: str
    is_dark: bool
    unit: float
    hexes: dict[str, str] = field(compare=False)
    ramp_hexes: tuple[str, ...]
    families: fonts.Families

    def c(self, role: str, alpha: float = 1.0) -> QColor:
        """Return the colour of a role; `alpha` thins it."""
        colour = QColor(self.hexes[role])
        if alpha < 1.0:
            colour.setAlphaF(alpha)
        return colour

    def ramp(self, share: float) -> QColor:
        """Return the cividis colour for 0..1, strongest against the surface at 1."""
        last = len(self.ramp_hexes) - 1
        at = max(0.0, min(1.0, share)) * last
        low = QColor(self.ramp_hexes[int(at)])
        high = QColor(self.ramp_hexes[min(last, int(at) + 1)])
        part = at - int(at)
        channels = zip((low.redF(), low.greenF(), low.blueF()), (high.redF(), high.greenF(), high.blueF()), strict=True)
        return QColor.fromRgbF(*(a + (b - a) * part for a, b in channels))

    def ui(self, size: TypeSize = "body", weight: Weight = "regular", *, tabular: bool = True) -> QFont:
        """Return the interface font; figures stand below one another unless `tabular` is off."""
        raw = tokens()
        return fonts.font(self.families.ui, self.px(raw.type_px[size]), raw.weight[weight], tabular=tabular)

    def code(self, size: TypeSize = "code", weight: Weight = "regular") -> QFont:
        """Return the font of code and output."""
        raw = tokens()
        return fonts.font(self.families.code, self.px(raw.type_px[size]), raw.weight[weight], tabular=False)

    def px(self, size_px: float) -> int:
        """Return a size given at 100 % in whole logical pixels."""
        return round(size_px * self.unit)

    def height(self, name: str) -> int:
        """Return a height of the tokens, such as `row` or `strip`."""
        return self.px(tokens().height_px[name])

    def width(self, name: str) -> int:
        """Return a width of the tokens, such as `inspector`."""
        return self.px(tokens().width_px[name])

    def space(self, name: str) -> int:
        """Return a distance of the tokens: hair 2, xs 4, s 6, m 8, l 12, xl 16, xxl 24, xxxl 32."""
        return self.px(tokens().space_px[name])

    def radius(self, name: str) -> float:
        """Return a corner radius of the tokens: bar, chip, control, card, window."""
        return tokens().radius_px[name] * self.unit

    def icon_px(self, name: str = "normal") -> int:
        """Return an icon's size: small, normal, large."""
        return self.px(tokens().icon_px[name])

    def node(self, name: str) -> int:
        """Return a measure of the map's nodes."""
        return self.px(tokens().node_px[name])


def make_theme(name: Literal["light", "dark"], *, unit: float = 1.0, is_high_contrast: bool = False) -> Theme:
    """Return one of the two themes at a text size."""
    appearance = tokens().theme[name]
    hexes = dict(appearance.colour)
    if is_high_contrast:
        hexes |= {role: hexes[stands_for] for role, stands_for in HIGH_CONTRAST.items()}
        hexes |= {role: hexes["panel"] for role in hexes if role.endswith("_tint")}
    return Theme(name, appearance.dark, unit, hexes, appearance.ramp, fonts.families())


def _is_system_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _wants_high_contrast() -> bool:
    hints = QGuiApplication.styleHints()
    # QAccessibilityHints came with Qt 6.10; we allow 6.8, where the wish cannot be known.
    if not hasattr(hints, "accessibility"):
        return False
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


class Themes(QObject):
    """Holds the appearance in force. `changed` comes after `current` was replaced; it follows the system unless told otherwise."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, choice: Choice = "system", unit: float | None = None) -> None:
        super().__init__(parent)
        self._choice: Choice = choice
        self._fixed_unit = unit
        self.current = self._made()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.refresh)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self.refresh)

    @property
    def choice(self) -> Choice:
        """What the person asked for."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self.refresh()

    def set_unit(self, unit: float | None) -> None:
        """Set the text size (1.0 is 13 px), or follow the desktop's with None."""
        self._fixed_unit = unit
        self.refresh()

    def refresh(self) -> None:
        """Read the system's wishes again, and say so if the appearance is another one."""
        made = self._made()
        if made != self.current or made.hexes != self.current.hexes:
            self.current = made
            self.changed.emit()

    def _made(self) -> Theme:
        is_dark = _is_system_dark() if self._choice == "system" else self._choice == "dark"
        unit = fonts.system_unit() if self._fixed_unit is None else self._fixed_unit
        return make_theme("dark" if is_dark else "light", unit=unit, is_high_contrast=_wants_high_contrast())
