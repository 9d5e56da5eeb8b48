"""Which transport a target asks for."""

from __future__ import annotations

from courier.errors import DeliveryError
from courier.folder import FolderTransport
from courier.http import HttpTransport
from courier.mail import MailTransport


def transport_for(target: str, attempts: int = 4) -> FolderTransport | HttpTransport | MailTransport:
    kind, _, rest = target.partition(":")
    if kind == "folder":
        return FolderTransport(rest)
    if kind == "mail":
        return MailTransport(rest)
    if kind in ("http", "https"):
        return HttpTransport(target, attempts)
    raise DeliveryError(f"{target} names no way to deliver")
