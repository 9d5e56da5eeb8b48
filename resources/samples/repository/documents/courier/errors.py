"""What can go wrong."""


class DeliveryError(Exception):
    """A message was not delivered, and the sender has given up."""


class Busy(DeliveryError):
    """Somebody else holds the lock. Whether to wait is for the caller to say."""
