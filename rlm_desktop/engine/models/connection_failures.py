"""What it means that a server was not reached, or fell silent: a sentence for the person, and whether asking again can help."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from typing import Protocol

from rlm_desktop.engine.models.base import ModelError


class Waits(Protocol):
    @property
    def connect_s(self) -> float: ...
    @property
    def silence_s(self) -> float: ...
    @property
    def total_s(self) -> float: ...


def connection_failure(error: BaseException, server: str, waits: Waits) -> ModelError:
    """Return the ModelError for what the HTTP client raised. It is told by the chain of causes and by names of classes, not by texts."""
    chain = list(_causes(error))
    names = {kind.__name__ for cause in chain for kind in type(cause).__mro__}
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message or "it cannot be verified"
            return ModelError(
                f"The certificate of {server} was not accepted: {why}. Check the base URL, this computer's clock, and whether the network "
                "puts a certificate of its own in between.",
                is_final=True,
            )
        if isinstance(cause, socket.gaierror):
            return ModelError(f"No server named {server} was found. Check the base URL, and whether this computer is online.")
    if "ProxyError" in names:
        return ModelError(f"The network's proxy did not let {server} be reached: {chain[-1]}. Check HTTPS_PROXY.", is_final=True)
    if "ConnectTimeout" in names:
        return ModelError(f"{server} did not answer the connection within {waits.connect_s:g} s.")
    if "ReadTimeout" in names or "WriteTimeout" in names:
        return ModelError(f"{server} sent nothing for {waits.silence_s:g} s.")
    if "ConnectError" in names:
        return ModelError(f"{server} cannot be reached: {_reason(chain)}. Check that it runs, and the base URL.")
    if "DecodingError" in names:
        return ModelError(f"{server} sent a body that cannot be decompressed.")
    if "UnsupportedProtocol" in names or "InvalidURL" in names:
        return ModelError(f"{server} cannot be asked: its address is not one of the web. Check the base URL.", is_final=True)
    if isinstance(error, TimeoutError):
        return ModelError(f"{server} did not finish within {waits.total_s:g} s.")
    return ModelError(f"The connection to {server} broke off before the reply was complete.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what led to it, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [cause for cause in (found.__context__, found.__cause__) if cause is not None]
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions


def _reason(chain: list[BaseException]) -> str:
    for cause in chain:
        if isinstance(cause, OSError) and cause.errno:
            # Not its own text: asyncio puts the address in there, in brackets.
            return os.strerror(cause.errno).lower()
    return "the connection was not accepted"
