"""The rows of a list that Qt draws itself, as plain single lines."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QStyledItemDelegate

from rlm_desktop.gui.look.foreign import in_line


class PlainDelegate(QStyledItemDelegate):
    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        return in_line(str(value))
