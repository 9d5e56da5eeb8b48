"""Hands small messages over to other programs."""

from courier.message import Message
from courier.outbox import Outbox
from courier.route import transport_for

__all__ = ["Message", "Outbox", "transport_for"]
