"""Delivery to a server."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

from courier.backoff import Backoff
from courier.errors import DeliveryError
from courier.message import Message


class HttpTransport:
    """Posts a message. A server that is busy or away is asked again, up to `attempts` times in all."""

    def __init__(self, address: str, attempts: int = 4, backoff: Backoff | None = None) -> None:
        self.address, self.attempts, self.backoff = address, attempts, backoff or Backoff()

    def send(self, message: Message) -> None:
        waits = iter(self.backoff)
        for attempt in range(1, self.attempts + 1):
            try:
                self._post(message)
            except OSError as error:
                is_final = isinstance(error, urllib.error.HTTPError) and error.code < 500
                if is_final or attempt == self.attempts:
                    raise DeliveryError(f"{self.address}: {error}") from error
                time.sleep(next(waits))
            else:
                return

    def _post(self, message: Message) -> None:
        request = urllib.request.Request(self.address, data=message.encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            reply.read()
