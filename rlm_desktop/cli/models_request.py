"""`rlm-desktop models --request -`: what the models page asks for, one JSON line in on stdin, one out on stdout.

    {"action": "list", "model": {"name": "", "base_url": "http://localhost:11434/v1"}}  ->  {"models": ["a", "b"]}
    {"action": "test", "model": {"name": "a", ...}}                                     ->  {"message": "a replied in 0.4 s."}
    {"action": "test_key", "model": {"name": "", ...}}                                  ->  {"message": "The key works: …"}
    {"action": "local"}                                                                 ->  {"servers": [{"base_url": "…", …}]}
    {"action": "store_key", "name": "openai", "key": "..."}                             ->  {"message": "..."}
    {"action": "delete_key", "name": "openai"}                                          ->  {"message": "..."}

What cannot be done is {"error": "a sentence"}.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.engine.models.keys import checked_key
from rlm_desktop.engine.models.local_servers import find_local_servers
from rlm_desktop.engine.models.select import chat_with, key_for, select
from rlm_desktop.engine.models.try_out import try_out
from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.own_process import close_to_others
from rlm_desktop.redact import LIVE
from rlm_desktop.servers.address import server_at
from rlm_desktop.servers.providers import FoundServer, provider_at
from rlm_desktop.trace.request import ModelChoice

MAX_REQUEST_BYTES = 1024 * 1024


class ListModels(msgspec.Struct, frozen=True, kw_only=True, tag_field="action", tag="list"):
    """The names of the models that the server of `model` offers."""

    model: ModelChoice


class TestModel(msgspec.Struct, frozen=True, kw_only=True, tag_field="action", tag="test"):
    """Whether `model` replies."""

    model: ModelChoice


class TestKey(msgspec.Struct, frozen=True, kw_only=True, tag_field="action", tag="test_key"):
    """Whether the server of `model` takes its key: one request that costs nothing."""

    model: ModelChoice


class FindLocal(msgspec.Struct, frozen=True, kw_only=True, tag_field="action", tag="local"):
    """The servers that answer on the usual ports of this computer."""


class StoreKey(msgspec.Struct, frozen=True, kw_only=True, tag_field="action", tag="store_key"):
    name: str
    key: str

    def __repr__(self) -> str:
        return f"StoreKey(name={self.name!r}, key=***)"


class DeleteKey(msgspec.Struct, frozen=True, kw_only=True, tag_field="action", tag="delete_key"):
    name: str


AnyRequest = ListModels | TestModel | TestKey | FindLocal | StoreKey | DeleteKey


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of it: exactly one of the first four is there."""

    models: list[str] | None = None
    servers: list[FoundServer] | None = None
    message: str | None = None
    error: str | None = None
    has_no_list: bool = False
    """Beside a message: the server can be asked nothing for free, so the key is not tested yet."""


def main() -> int:
    """Exit 0 done, 1 not done, 2 wrong use."""
    close_to_others()
    result, code = answer(sys.stdin.buffer, os.environ)
    # All of it: a server may name a model as it likes.
    sys.stdout.buffer.write(LIVE.redact_bytes(msgspec.json.encode(result)) + b"\n")
    sys.stdout.buffer.flush()
    return code


def answer(stdin: BinaryIO, environment: Mapping[str, str]) -> tuple[Result, int]:
    """Do what the first line of `stdin` asks; return the result and the exit code. No key is in the result."""
    try:
        try:
            request = msgspec.json.decode(stdin.readline(MAX_REQUEST_BYTES), type=AnyRequest)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UsageError(f"The request is not one for models: {error}.") from error
        return _done(request, environment), 0
    except (UserError, ModelError) as error:
        return Result(error=LIVE(str(error))), 2 if isinstance(error, UsageError) else 1


def _done(request: AnyRequest, environment: Mapping[str, str]) -> Result:
    match request:
        case ListModels(model=choice):
            return Result(models=asyncio.run(list_models(choice, environment)))
        case TestModel(model=choice):
            return Result(message=asyncio.run(_test(choice, environment)))
        case TestKey(model=choice):
            return asyncio.run(_test_key(choice, environment))
        case FindLocal():
            return Result(servers=asyncio.run(find_local_servers()))
        case StoreKey(name=name, key=key):
            from rlm_desktop.engine.models.key_store import store_key

            LIVE.add(key)
            store_key(_named(name), checked_key(key, where="The key").reveal())
            return Result(message=f"The key “{name}” is kept in the system's key store.")
        case DeleteKey(name=name):
            from rlm_desktop.engine.models.key_store import delete_key

            was_there = delete_key(_named(name))
            return Result(message=f"The key “{name}” was removed." if was_there else f"There was no key “{name}”.")


async def list_models(choice: ModelChoice, environment: Mapping[str, str]) -> list[str]:
    """Return the names of the models at the server of `choice`. Raises UserError, ModelError."""
    key = key_for(choice, environment)
    model = chat_with(choice, key)
    try:
        return await model.list_models()
    finally:
        await model.aclose()


async def _test(choice: ModelChoice, environment: Mapping[str, str]) -> str:
    selected = select(choice, environment)
    try:
        return await try_out(selected.model, selected.parameters)
    finally:
        await selected.model.aclose()


async def _test_key(choice: ModelChoice, environment: Mapping[str, str]) -> Result:
    # Imported here, as the client takes 0.7 s.
    from rlm_desktop.engine.models.try_key import try_key

    server = server_at(choice.base_url, allows_plain_http=choice.allows_plain_http, passes_on=choice.passes_on)
    key = key_for(choice, environment)
    if key is None:
        raise UserError(f"There is no key for {server.netloc} to test. Give one first.")
    tried = await try_key(server, key, provider_at(choice.base_url or ""))
    return Result(message=tried.sentence, has_no_list=tried.has_no_list)


def _named(name: str) -> str:
    if not name.strip() or not name.isprintable() or len(name) > 200:
        raise UserError("The name of a key should be a short word, such as “openai”.")
    return name
