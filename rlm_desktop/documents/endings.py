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


def suffix_of(name: str) -> str:
    """Return the ending of a path's last part, in small letters and with its dot; empty where there is none."""
    last = name[max(name.rfind("/"), name.rfind("\\")) + 1 :]
    dot = last.rfind(".")
    return last[dot:].lower() if 0 < dot < len(last) - 1 else ""
