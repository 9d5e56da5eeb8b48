"""What is found on ports of this computer, and what a hostile one can do: nothing."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
from msgspec.structs import replace

from rlm_desktop.engine.models.local_servers import MAX_ANSWER_BYTES, MAX_MODELS, find_local_servers
from rlm_desktop.servers.providers import FoundServer, LocalKind, local_kinds
from tests.openai_server import Fault, OpenAIServer


def find(server: OpenAIServer, *, port: int | None = None, path: str = "/v1", answer_s: float = 5.0) -> list[FoundServer]:
    """Look on the port of `server`, as if every known program could be there."""
    here = LocalKind(name="Nothing known", ports=(server.port if port is None else port,), path=path)
    elsewhere = [replace(kind, ports=()) for kind in local_kinds()]
    return asyncio.run(find_local_servers([here, *elsewhere], answer_s=answer_s))


def page(value: object) -> Fault:
    return Fault(status=200, body=json.dumps(value))


def models(*names: object, **more: object) -> Fault:
    return page({"object": "list", "data": [{"id": name, **more} for name in names]})


@pytest.mark.parametrize(
    ("owned_by", "gets", "name", "provider"),
    [
        ("library", {}, "Ollama", "ollama"),
        ("me", {"/api/version": page({"version": "0.12.3"})}, "Ollama", "ollama"),
        ("organization_owner", {}, "LM Studio", "lmstudio"),
        ("llamacpp", {}, "llama.cpp", "llamacpp"),
        ("me", {"/props": page({"default_generation_settings": {}, "total_slots": 1})}, "llama.cpp", "llamacpp"),
        ("vllm", {}, "vLLM", "vllm"),
        ("sglang", {}, "SGLang", ""),
        ("koboldcpp", {}, "KoboldCpp", ""),
        ("nobody that is known", {}, "", ""),
    ],
)
def test_a_server_is_known_by_what_it_says_and_not_by_its_port(owned_by: str, gets: dict[str, Fault], name: str, provider: str) -> None:
    with OpenAIServer(names=("b", "a"), owned_by=owned_by, gets=gets) as server:
        (found,) = find(server)
    assert found == FoundServer(base_url=server.base_url, name=name, provider=provider, models=("a", "b"))


def test_no_key_is_sent_and_nothing_but_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with OpenAIServer(owned_by="nobody") as server:
        assert find(server)
    assert {seen.method for seen in server.requests} == {"GET"}
    assert "canary" not in str(server.requests)
    assert not any("authorization" in seen.headers for seen in server.requests)


def test_a_program_that_passes_requests_on_is_said_to() -> None:
    listed = Fault(status=200, headers={"x-litellm-version": "1.80"}, body=models("gpt", owned_by="openai").body)
    with OpenAIServer(gets={"/v1/models": listed}) as server:
        (found,) = find(server)
    assert (found.name, found.passes_on) == ("LiteLLM", True)


def test_a_known_program_that_wants_a_key_is_found_and_an_unknown_one_is_not() -> None:
    with OpenAIServer(required_key="k", gets={"/props": page({"default_generation_settings": {}})}) as server:
        (found,) = find(server)
    assert (found.name, found.needs_key, found.models) == ("llama.cpp", True, ())
    with OpenAIServer(required_key="k") as server:
        assert find(server) == []


def test_a_server_without_a_loaded_model_is_found() -> None:
    with OpenAIServer(names=()) as server:
        assert [one.models for one in find(server)] == [()]


def test_all_ports_are_asked_and_a_closed_one_is_none() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        closed = held.getsockname()[1]
        with OpenAIServer(names=("a",)) as one, OpenAIServer(names=("b",)) as two:
            kinds = [LocalKind(name="x", ports=(closed, one.port)), LocalKind(name="y", ports=(two.port,), path="/v1")]
            found = asyncio.run(find_local_servers(kinds, answer_s=5.0))
    assert [server.base_url for server in found] == [one.base_url, two.base_url]


def test_names_are_made_safe_to_show() -> None:
    names = ["good", "", "x" * 301, "\x1b[31mred", "two\nlines", "a\u202eb", *(f"m{n}" for n in range(MAX_MODELS + 10))]
    with OpenAIServer(gets={"/v1/models": models(*names)}) as server:
        (found,) = find(server)
    assert len(found.models) == MAX_MODELS
    assert all(name.isprintable() and 0 < len(name) <= 300 for name in found.models)
    assert "good" in found.models


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=200, body=b""),
        Fault(status=200, body=b"<html>It works!</html>"),
        Fault(status=200, body=b"[" * 100_000),
        page([]),
        page({}),
        page({"data": []}),
        page({"data": {"id": "a"}}),
        page({"data": [{"id": 7}]}),
        page({"data": [{"id": "a"}, "b"]}),
        page({"data": [{"name": "a user"}]}),
        Fault(status=200, body=models("a").body, cut_after=10),
        Fault(status=404, body=models("a").body),
        Fault(status=500, body=models("a").body),
        Fault(status=301, headers={"location": "http://127.0.0.1:9/v1/models"}, body=models("a").body),
        Fault(is_raw=True, body=b"SSH-2.0-OpenSSH_9.6\r\n"),
        Fault(is_raw=True, body=b"\x00" * 5_000),
        Fault(is_raw=True, body=b"HTTP/1.1 \r\n\r\n"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 40 + b"\r\n\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5_000 + b"\r\n\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffffff\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n{}"),
        Fault(is_raw=True, body=b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
        Fault(is_raw=True, body=[b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65_536] * (MAX_ANSWER_BYTES // 65_536 + 2)]),
    ],
)
def test_what_sends_no_list_of_models_is_no_server(fault: Fault) -> None:
    with OpenAIServer(gets={"/v1/models": fault}) as server:
        assert find(server) == []


def test_a_server_that_hangs_or_never_ends_is_left_alone() -> None:
    hanging = Fault(status=200, body=b'{"object": "list", "data": [', never_ends=True)
    dripping = Fault(status=200, body=[b" "] * 100_000, interval_s=0.01)
    for fault in (hanging, dripping):
        with OpenAIServer(gets={"/v1/models": fault}) as server:
            assert find(server, answer_s=0.1) == []
            server.wait_until(lambda s: s.closed_by_client == 1)


def test_an_answer_whose_connection_stays_open_is_whole_by_its_length() -> None:
    body = models("a").body
    assert isinstance(body, str)
    raw = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()

    async def both() -> list[FoundServer]:
        async def stay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            await reader.read()
            writer.close()

        server = await asyncio.start_server(stay, "127.0.0.1", 0)
        kind = LocalKind(name="x", ports=(server.sockets[0].getsockname()[1],))
        async with server:
            return await find_local_servers([kind], answer_s=0.2)

    assert [one.models for one in asyncio.run(both())] == [("a",)]


def test_one_server_on_both_loopback_addresses_is_one() -> None:
    async def both() -> list[FoundServer]:
        body = models("a").body
        assert isinstance(body, str)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 200 OK\r\n\r\n{body}".encode())
            writer.close()

        first = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = first.sockets[0].getsockname()[1]
        try:
            second = await asyncio.start_server(answer, "::1", port)
        except OSError:
            pytest.skip("This computer has no IPv6 loopback.")
        async with first, second:
            return await find_local_servers([LocalKind(name="x", ports=(port,))], answer_s=5.0)

    (found,) = asyncio.run(both())
    assert found.base_url.startswith("http://127.0.0.1:")
