"""Messages that wait to be delivered, in a folder, a file each."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from courier.errors import DeliveryError
from courier.lock import FileLock
from courier.message import Message


class Transport(Protocol):
    def send(self, message: Message) -> None: ...


class Outbox:
    """What cannot be delivered goes to `failed` and stays there: retrying is the transport's business."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.failed = folder, folder / "failed"
        self.failed.mkdir(parents=True, exist_ok=True)

    def put(self, text: str) -> Message:
        message = Message.new(text)
        (self.folder / f"{message.id}.json").write_bytes(message.encode())
        return message

    def flush(self, transport: Transport) -> int:
        """Send everything once; return how many were delivered."""
        delivered = 0
        with FileLock(self.folder / "lock"):
            for path in sorted(self.folder.glob("*.json")):
                try:
                    transport.send(Message.decode(path.read_bytes()))
                except DeliveryError:
                    path.replace(self.failed / path.name)
                else:
                    path.unlink()
                    delivered += 1
        return delivered
