"""Delivery into a folder, from where another program takes it."""

from __future__ import annotations

from pathlib import Path

from courier.errors import DeliveryError
from courier.message import Message


class FolderTransport:
    """Writes a file a message. A disk that is full will be full a second later too, so there is no retry."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def send(self, message: Message) -> None:
        part = self.folder / f".{message.id}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(message.encode())
            part.replace(self.folder / f"{message.id}.json")
        except OSError as error:
            raise DeliveryError(f"{self.folder}: {error}") from error
