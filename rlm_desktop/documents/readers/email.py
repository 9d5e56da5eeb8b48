"""E-mail messages in files of their own, and web pages that a browser saved as one (MHTML)."""

from __future__ import annotations

from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.email_message import Attached, parsed, write_message
from rlm_desktop.documents.readers.email_words import content_type, field
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.refused import RefusedError

TITLE: Final = "an e-mail"
MAX_BYTES: Final = 200 << 20
_NAMED: Final = 10
_ENCRYPTED: Final = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})


def read(file: BinaryIO, draft: Draft) -> None:
    """Write a message. Raises RefusedError where it is encrypted, empty, or none."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedError(
            f"This is {TITLE} of more than {MAX_BYTES >> 20} MB, which is more than can be read. Save its attachments, and add those.",
            "too large",
        )
    message = parsed(data)
    if message is None or not message.keys():
        raise broken(TITLE)
    if content_type(message) in _ENCRYPTED:
        raise RefusedError(f"This is {TITLE} that is encrypted. Open it in your mail program, save its text, and add that.", "encrypted")
    attached = write_message(message, draft)
    if not draft.chars:
        raise without_text(TITLE)
    draft.mark(1, field(message, "Subject"), at=0)
    if attached:
        draft.note(f"Attachments are not read: {_named(attached)}. Save them and add them.")


def _named(attached: list[Attached]) -> str:
    names = [f"{one.name} ({_size(one.size_bytes)})" for one in attached[:_NAMED]]
    return ", ".join(names) + (f" and {len(attached) - _NAMED} more" if len(attached) > _NAMED else "")


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 100_000 else f"{max(1, round(size_bytes / 1e3))} KB"
