"""Delivery by mail."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage

from courier.errors import DeliveryError
from courier.message import Message


class MailTransport:
    """Hands a message to the mail server of this computer, which may be starting and is given a minute for that."""

    patience_s = 60.0
    pause_s = 2.0

    def __init__(self, address: str) -> None:
        self.address = address

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["To"], mail["Subject"] = self.address, f"Message {message.id}"
        mail.set_content(message.text)
        until = time.monotonic() + self.patience_s
        while True:
            try:
                with smtplib.SMTP("localhost", timeout=10) as server:
                    server.send_message(mail, from_addr="courier@localhost")
                return
            except (OSError, smtplib.SMTPServerDisconnected) as error:
                if time.monotonic() >= until:
                    raise DeliveryError(f"{self.address}: {error}") from error
            time.sleep(self.pause_s)
