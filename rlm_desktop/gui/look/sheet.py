"""Fusion and a palette for everything that Qt draws by itself, and one short style sheet for what a palette cannot say."""

from __future__ import annotations

import re
from string import Template

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.look.tokens import tokens

# Number fields have no arrows: keys and wheel count up and down, and arrows of this size are hard to hit.
# Sizes are px at 100 %, multiplied by the text size; one marked `=1px` (a border) stays as it is.
SHEET = Template("""
QMainWindow, QMenuBar, QDialog { background: $chrome; }
QMenuBar { padding: 2px 0; border: none; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; color: $text_2; }
QMenuBar::item:selected { background: $pressed; color: $text; }
QMenu { background: $popover; border: =1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $text_off; }
QMenu::separator { height: =1px; background: $hair; margin: 4px 6px; }
QMenu::icon, QMenu::indicator { left: 8px; }
QToolTip { background: $ink; color: $on_ink; border: none; padding: 4px 8px; }

QPushButton, QToolButton {
    min-height: 26px; padding: 0 10px; border: =1px solid $edge; border-radius: 6px; background: $card; color: $text;
}
QToolButton { padding: 0 6px; }
QPushButton:hover, QToolButton:hover { background: $hover; border-color: $wire; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $pressed; }
QPushButton:disabled, QToolButton:disabled { color: $text_off; border-color: $hair; background: $chrome; }
QPushButton:focus, QToolButton:focus { border: =2px solid $focus; padding: 0 9px; min-height: 24px; }
QPushButton[role="primary"] { background: $ink; color: $on_ink; border-color: $ink; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $ink_hover; }
QPushButton[role="primary"]:focus { border-color: $focus; }
QPushButton[role="primary"]:disabled { background: $pressed; color: $text_off; border-color: transparent; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border-color: transparent; color: $text_2; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $pressed; color: $text; }
QPushButton[role="quiet"]:checked, QToolButton[role="quiet"]:checked { background: $selected; color: $text; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $focus; }
QPushButton[role="danger"] { color: $fail_text; border-color: $fail_soft; background: $card; }
QPushButton[role="danger"]:hover { background: $fail_tint; border-color: $fail; }
QPushButton[role="danger"]:focus { border-color: $focus; }
QPushButton[role="danger"]:disabled { color: $text_off; border-color: $hair; background: $chrome; }
QPushButton[role="quiet"]:disabled, QToolButton[role="quiet"]:disabled { color: $text_off; background: transparent; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {
    border: =1px solid $edge; border-radius: 6px; background: $card; color: $text; padding: 0 8px; min-height: 26px;
    selection-background-color: $mark_text; selection-color: $text; placeholder-text-color: $text_3;
}
QPlainTextEdit { padding: 4px 8px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {
    border: =2px solid $focus; padding: 0 7px; min-height: 24px;
}
QPlainTextEdit:focus { padding: 3px 7px; }
QLineEdit[wrong="true"] { border-color: $fail; }
QLineEdit[role="question"] { padding: 0 12px; min-height: 38px; font-size: ${title}px; font-weight: 500; }
QLineEdit[role="question"]:focus { padding: 0 11px; min-height: 36px; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: $text_2; background: $sunken; border-color: $hair; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; background: transparent; min-height: 0; padding: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; height: 0; border: none; }
QLineEdit QToolButton, QLineEdit QToolButton:hover { border: none; background: transparent; min-height: 0; padding: 0; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $edge; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 2px; }
QScrollBar::handle:hover { background: $wire; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QSplitter::handle { background: $hair; }
QAbstractItemView { background: $panel; border: none; outline: none; selection-background-color: $selected; selection-color: $text; }
QListWidget::item { border-radius: 4px; padding: 0 8px; color: $text; }
QListWidget::item:hover { background: $hover; }
QListWidget::item:selected { background: $selected; }
QListView[role="popup"] { background: $popover; border: =1px solid $edge; padding: 0 4px; }
QListView[role="popup"]::item { min-height: 24px; padding: 0 6px; border-radius: 4px; color: $text; }
QListView[role="popup"]::item:hover, QListView[role="popup"]::item:selected { background: $selected; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $text_3; border: none; border-bottom: =1px solid $hair; padding: 0 8px;
    font-size: ${caption}px; font-weight: 500;
}
QHeaderView::section:first { padding-left: 16px; }
QTableCornerButton::section { background: $panel; border: none; }
""")

PALETTE = {
    QPalette.ColorRole.Window: "chrome",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text_3",
    QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "fail_text",
    QPalette.ColorRole.Highlight: "mark_text",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Accent: "focus",
    QPalette.ColorRole.Link: "rlm_text",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "on_ink",
    QPalette.ColorRole.Light: "card",
    QPalette.ColorRole.Midlight: "hair",
    QPalette.ColorRole.Mid: "edge",
    QPalette.ColorRole.Dark: "wire",
    QPalette.ColorRole.Shadow: "canvas",
}


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet."""
    sizes = {name: str(size) for name, size in tokens().type_px.items()}
    extra = {"ink_hover": "#FFFFFF" if theme.is_dark else theme.hexes["text_2"]}
    words = SHEET.substitute(theme.hexes | sizes | extra)
    return re.sub(r"(=?)\b(\d+)px", lambda m: f"{m[2]}px" if m[1] else f"{theme.px(int(m[2]))}px", words)


def palette(theme: Theme) -> QPalette:
    """Return what Fusion draws standard widgets with."""
    made = QPalette()
    for role, name in PALETTE.items():
        made.setColor(role, theme.c(name))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.c("text_off"))
    return made


def dress(app: QApplication, theme: Theme) -> None:
    """Give the whole application one appearance. Every widget hears of it as a style change and repaints."""
    app.setPalette(palette(theme))
    app.setFont(theme.ui())
    app.setStyleSheet(style_sheet(theme))


def keep_dressed(app: QApplication, themes: Themes) -> None:
    """Dress the application now and whenever the theme changes. Called once, before the first window is made."""
    app.setStyle(QStyleFactory.create("Fusion"))
    dress(app, themes.current)
    themes.changed.connect(lambda: dress(app, themes.current))
