"""Servers behind certificates, proxies and names that do not hold."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.engine.models.connection_failures import connection_failure
from rlm_desktop.engine.models.openai_chat import OpenAIChat, Patience
from rlm_desktop.servers.address import Server, server_at
from tests.engine.chat import request

CERTIFICATE = Path(__file__).with_name("untrusted_certificate.pem")
"""Self-signed, for another host, expired: whatever is looked at first, it must not hold."""


def failure(server: Server) -> ModelError:
    async def go() -> None:
        model = OpenAIChat("test-model", server=server, patience=Patience(connect_s=5, silence_s=5, total_s=10))
        try:
            await model.complete(request())
        finally:
            await model.aclose()

    with pytest.raises(ModelError) as caught:
        asyncio.run(go())
    return caught.value


@contextmanager
def listening(answer: bytes | None, *, certificate: Path | None = None) -> Iterator[int]:
    """Yield the port of a server that answers one connection with `answer`, whatever it is sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                if certificate is not None:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(certificate)
                    with pytest.raises(OSError):  # noqa: PT011 - the client hangs up during the handshake, in whatever way
                        context.wrap_socket(connection, server_side=True)
                elif answer is not None:
                    connection.recv(65_536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def test_a_certificate_that_does_not_hold_is_final_and_said_to_be_the_reason() -> None:
    with listening(None, certificate=CERTIFICATE) as port:
        error = failure(server_at(f"https://127.0.0.1:{port}/v1"))
    assert error.is_final
    assert "certificate" in str(error)


def test_a_proxy_that_wants_a_password_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = failure(server_at("https://models.example.com/v1"))
    assert error.is_final
    assert "proxy" in str(error)
    assert "407" in str(error)


def test_a_host_that_speaks_no_tls_may_be_asked_again() -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert not failure(server_at(f"https://127.0.0.1:{port}/v1")).is_final


def test_a_name_that_is_not_found_may_be_asked_again_once_online() -> None:
    error = OSError("wrapped")
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    found = connection_failure(error, "models.example.com", Patience())
    assert not found.is_final
    assert "No server named models.example.com" in str(found)
