"""Which servers of models run on this computer: asked on the usual ports of its own loopback, when a person wants to know.

Whatever answers on a port is foreign: it is given a second, two megabytes, no key, and is believed only where it sends a list of models.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from rlm_desktop.servers.providers import FoundServer, LocalKind, local_kinds

ADDRESSES: Final = ("127.0.0.1", "::1")
ANSWER_S: Final = 1.0
"""For each of the at most four questions that one port is asked; all ports are asked at once."""
MAX_ANSWER_BYTES: Final = 2 * 1024 * 1024
MAX_MODELS: Final = 2_000
MAX_NAME_CHARS: Final = 300

_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: object
    """What the JSON holds, None where it is none."""


async def find_local_servers(kinds: Sequence[LocalKind] | None = None, *, answer_s: float = ANSWER_S) -> list[FoundServer]:
    """Return the servers that answer, in the order of `kinds` (all that are known). Takes a few seconds at most."""
    known = local_kinds() if kinds is None else kinds
    places = dict.fromkeys((port, kind.path) for kind in known for port in kind.ports)
    wanted = [(address, port, path) for port, path in places for address in ADDRESSES]
    found = await asyncio.gather(*(_look(*place, known, answer_s) for place in wanted))
    kept: list[FoundServer] = []
    for (address, port, _), server in zip(wanted, found, strict=True):
        # One server that listens on both is one server.
        twin = next((one for one in kept if one.base_url.startswith(f"http://127.0.0.1:{port}/")), None)
        if server is not None and not (address == "::1" and twin is not None and twin.models == server.models):
            kept.append(server)
    return kept


async def _look(address: str, port: int, path: str, kinds: Sequence[LocalKind], answer_s: float) -> FoundServer | None:
    answer = await _ask(address, port, f"{path}/models", answer_s)
    if answer is None:
        return None
    items = _items(answer)
    is_locked = answer.status in (401, 403)
    if items is None and not is_locked:
        return None
    kind = _kind_by_answer(answer, items or [], kinds) or await _kind_by_proof(address, port, kinds, answer_s)
    if items is None and kind is None:
        # Anything may refuse a stranger; only what is known to serve models is worth a key.
        return None
    host = f"[{address}]" if ":" in address else address
    return FoundServer(
        base_url=f"http://{host}:{port}{path}",
        name="" if kind is None else kind.name,
        provider="" if kind is None else kind.provider,
        models=_names(items or []),
        needs_key=items is None,
        passes_on=kind is not None and kind.passes_on,
    )


def _items(answer: _Answer) -> list[Mapping[str, Any]] | None:
    """Return the entries of a list of models, None where it is none."""
    listed = answer.body.get("data") if answer.status == 200 and isinstance(answer.body, Mapping) else None
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) and isinstance(item.get("id"), str) for item in listed):
        return None
    # An empty list is no proof by itself that models are what it is a list of.
    return listed if listed or (isinstance(answer.body, Mapping) and answer.body.get("object") == "list") else None


def _names(items: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    names = {name for item in items if (name := str(item["id"])).isprintable() and 0 < len(name) <= MAX_NAME_CHARS}
    return tuple(sorted(names)[:MAX_MODELS])


def _kind_by_answer(answer: _Answer, items: Sequence[Mapping[str, Any]], kinds: Sequence[LocalKind]) -> LocalKind | None:
    owners = {item.get("owned_by") for item in items if isinstance(item.get("owned_by"), str)}
    for kind in kinds:
        if owners & set(kind.owners):
            return kind
        value = answer.headers.get(kind.header) if kind.header else None
        if value is not None and value.lower().startswith(kind.header_begins):
            return kind
    return None


async def _kind_by_proof(address: str, port: int, kinds: Sequence[LocalKind], answer_s: float) -> LocalKind | None:
    """Ask for what only one program has; those that are at home on this port come first, and at most three are tried."""
    provable = sorted((kind for kind in kinds if kind.proof_path), key=lambda kind: port not in kind.ports)
    for kind in provable[:3]:
        answer = await _ask(address, port, kind.proof_path, answer_s)
        if answer is not None and answer.status == 200 and isinstance(answer.body, Mapping) and kind.proof_field in answer.body:
            return kind
    return None


async def _ask(address: str, port: int, path: str, answer_s: float) -> _Answer | None:
    """Return what the port answers to one GET, None where that is no whole answer in HTTP within `answer_s`.

    Plain sockets: no proxy is asked, no redirect followed, nothing sent but this. (Importing the HTTP client takes longer than the answer.)
    """
    received = bytearray()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(answer_s):
            reader, writer = await asyncio.open_connection(address, port)
            try:
                host = f"[{address}]" if ":" in address else address
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n".encode()
                )
                while not _is_whole(received) and (chunk := await reader.read(65_536)):
                    received += chunk
                    if len(received) > MAX_ANSWER_BYTES:
                        return None
            finally:
                # Not closed in peace: who does not answer may not read the end of the connection either.
                writer.transport.abort()
    return _parsed(bytes(received))


def _is_whole(received: bytearray) -> bool:
    """Return whether nothing can follow: many servers keep the connection open though they are asked not to."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return False
    stated = _LENGTH.search(received, 0, head_end + 2)
    return len(received) - head_end - 4 >= int(stated[1]) if stated else received.endswith(b"\r\n0\r\n\r\n")


class _Bytes:
    """Bytes that have come, in the form in which the parser wants a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def _parsed(received: bytes) -> _Answer | None:
    if not received.startswith(b"HTTP/1."):
        return None
    try:
        response = http.client.HTTPResponse(_Bytes(received))  # type: ignore[arg-type]
        response.begin()
        data = response.read()
    except (http.client.HTTPException, ValueError, OverflowError, OSError):
        return None
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        body = None
    return _Answer(status=response.status, headers={name.lower(): value for name, value in response.getheaders()}, body=body)
