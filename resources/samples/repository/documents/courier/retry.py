"""A decorator for functions that may fail at first."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import TypeVar

from courier.backoff import Backoff

T = TypeVar("T")


def retried(attempts: int, *errors: type[Exception]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Call the function up to `attempts` times, as long as it raises one of `errors`."""

    def decorate(function: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(function)
        def call(*args: object, **more: object) -> T:
            waits = iter(Backoff(first_s=0.01))
            for _ in range(attempts - 1):
                try:
                    return function(*args, **more)
                except errors:
                    time.sleep(next(waits))
            return function(*args, **more)

        return call

    return decorate
