"""What is sent: a text with a number of its own."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Message:
    id: str
    text: str

    @classmethod
    def new(cls, text: str) -> Message:
        return cls(id=uuid.uuid4().hex, text=text)

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, data: bytes) -> Message:
        return cls(**json.loads(data))
