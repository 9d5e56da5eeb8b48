"""The encoding in which a document was read, and the others in which it may be read again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.theme import Themes

ENCODINGS: Final = (
    ("utf-8", "Unicode"),
    ("utf-16", "Unicode"),
    ("cp1252", "Western Europe"),
    ("cp1250", "Central Europe"),
    ("iso8859-2", "Central Europe"),
    ("cp1251", "Cyrillic"),
    ("koi8-r", "Cyrillic"),
    ("cp1253", "Greek"),
    ("cp1254", "Turkish"),
    ("cp1255", "Hebrew"),
    ("cp1256", "Arabic"),
    ("cp1257", "Baltic"),
    ("cp932", "Japanese"),
    ("euc_jp", "Japanese"),
    ("gb18030", "Chinese"),
    ("big5", "Chinese"),
    ("cp949", "Korean"),
    ("cp874", "Thai"),
    ("cp850", "DOS"),
    ("mac_roman", "Macintosh"),
)


class EncodingPicker(Picker):
    """Shows itself only for a document that lies where it can be read again, and whose format does not state its encoding."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, QCoreApplication.translate("EncodingPicker", "Encoding"), parent=parent)
        self.hide()

    def show_for(self, document: Document | None) -> None:
        """Offer the encodings for a document of the person's own."""
        found = document.read.encoding if document is not None and document.read is not None else None
        current = _named((found or "").partition(",")[0] or (document.encoding if document is not None else None) or "")
        is_offered = document is not None and document.path is not None and not document.is_list and bool(current)
        if is_offered:
            known = dict(ENCODINGS)
            names = [current, *(name for name in known if name != current)] if current not in known else list(known)
            self.set_options([Option(key=name, words=name, detail=known.get(name, "")) for name in names], current=current)
        self.setVisible(is_offered)


def _named(encoding: str) -> str:
    """Return an encoding by the name under which it is offered: `koi8_r` and `koi8-r` are one."""
    return next((name for name, _ in ENCODINGS if name.replace("_", "-") == encoding.replace("_", "-")), encoding)
