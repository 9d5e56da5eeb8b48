"""Which endings of names promise a document of which kind."""

from __future__ import annotations

from typing import Final

ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "pdf": (".pdf", ".ai"),
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "pptx": (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"),
    "spreadsheet": (".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".xlt", ".xlam", ".xla", ".ods", ".ots"),
    "opendocument": (".odt", ".ott", ".odp", ".otp", ".odm", ".odg"),
    "epub": (".epub",),
    "rtf": (".rtf",),
    "html": (".html", ".htm", ".xhtml", ".xht", ".shtml"),
    "email": (".eml", ".mht", ".mhtml"),
    "mailbox": (".mbox", ".mbx"),
    "notebook": (".ipynb",),
    "subtitles": (".srt", ".vtt", ".ass", ".ssa"),
}
"""Kind of a reader → the endings of names that say so; the first is the usual one."""
