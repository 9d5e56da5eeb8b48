"""A real HTTP server on loopback that speaks the OpenAI chat protocol, streaming and not, with replies and faults made to order.

In a test::

    with OpenAIServer(lambda messages, body: "hello") as server:
        ... server.base_url ... server.requests ... server.wait_until(lambda s: s.closed_by_client == 1)

As a process, to try the window against: `python tests/openai_server.py --port 0 --model builtin|echo|SCRIPT.json [--delay-s S]`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

MAX_HEADER_BYTES = 64 * 1024


class Gate:
    """Holds replies back until `open()` is called, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_open = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self) -> None:
        with self._lock:
            self._is_open = True
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            loop.call_soon_threadsafe(event.set)

    async def passed(self) -> None:
        event = asyncio.Event()
        with self._lock:
            if self._is_open:
                return
            self._waiting.append((asyncio.get_running_loop(), event))
        await event.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply as a provider would give it.

    `usage` "counted" is a quarter of the characters, None leaves it out, a mapping is sent as it is. `message` and `body` are merged into
    the message (the last delta of a stream) and the body (the last chunk). `gate` and `delay_s` stand before the first byte,
    `piece_gates[n]` before chunk n of a stream; chunk 0 carries the role, chunk 1 the first piece.
    """

    text: str | None = "hello"
    reasoning: str | None = None
    finish_reason: str | None = "stop"
    usage: Mapping[str, object] | Literal["counted"] | None = "counted"
    served_model: str | None = None
    message: Mapping[str, object] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)
    delay_s: float = 0.0
    gate: Gate | None = None
    pieces: Sequence[str] | None = None
    """How a stream cuts the text; 40 characters a piece by default."""
    piece_gates: Mapping[int, Gate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Any bytes under any status.

    After `cut_after` bytes of the body the connection is closed; `never_ends` keeps it open and silent after the body. `interval_s` is
    waited before each piece of `body`. `is_raw` writes the pieces as they are, without status line, headers or framing, and closes the
    connection.
    """

    status: int = 500
    body: bytes | str | Sequence[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    interval_s: float = 0.0
    cut_after: int | None = None
    never_ends: bool = False
    is_raw: bool = False


Answer = str | Reply | Fault
ServerModel = Callable[[list[dict[str, Any]], dict[str, Any]], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived; `body` is empty where there was none."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        found = self.body.get("messages", [])
        assert isinstance(found, list)
        return found


def error_body(message: str, *, code: str | None = None, param: str | None = None) -> bytes:
    """An error as OpenAI words it."""
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}).encode()


def sse(*data: object) -> bytes:
    """Server-sent events, one for each of `data`; texts as they are, anything else as JSON."""
    return b"".join(f"data: {item if isinstance(item, str) else json.dumps(item)}\n\n".encode() for item in data)


def delta(text: str | None = None, *, finish_reason: str | None = None, **more: object) -> dict[str, object]:
    """One chunk of a stream."""
    content: dict[str, object] = {**more} if text is None else {"content": text, **more}
    return {"object": "chat.completion.chunk", "model": "m", "choices": [{"index": 0, "delta": content, "finish_reason": finish_reason}]}


class OpenAIServer:
    """Runs on its own thread between `__enter__` and `__exit__`. Counts are read from any thread."""

    def __init__(
        self,
        model: ServerModel | Answer | None = None,
        *,
        names: Sequence[str] = ("test-model",),
        refuses: Sequence[str] = (),
        owned_by: str = "tests",
        gets: Mapping[str, Fault] | None = None,
        required_key: str | None = None,
        port: int = 0,
    ) -> None:
        self.model: ServerModel = model if callable(model) else _always(Reply() if model is None else model)
        self.names = tuple(names)
        self.refuses = tuple(refuses)
        """Parameters that are answered as OpenAI answers those that a model does not take, one at a time."""
        self.required_key = required_key
        self.owned_by = owned_by
        self.gets = dict(gets or {})
        """What is answered to a GET of a path, whatever the key."""
        self.requests: list[Request] = []
        self.open_now = 0
        self.most_open = 0
        self.closed_by_client = 0
        """Requests whose connection the client closed before the reply was complete."""
        self.connections = 0
        self.failure: BaseException | None = None
        """What a model raised, which is a mistake of the test."""
        self._port = port
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="openai-server", daemon=True)
        self._stop = asyncio.Event()
        self._protocols: set[_Connection] = set()

    @property
    def port(self) -> int:
        return self._port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self.failure is not None and error is None:
            raise self.failure

    def wait_until(self, is_so: Callable[[OpenAIServer], bool], timeout_s: float = 10.0) -> None:
        """Block until `is_so(self)`, looked at after each change. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: is_so(self), timeout_s):
                raise TimeoutError(
                    f"Not so after {timeout_s} s: {len(self.requests)} requests, {self.open_now} open, {self.closed_by_client} closed."
                )

    def note(self, *, opened: int = 0, is_closed_by_client: bool = False, request: Request | None = None, connections: int = 0) -> None:
        with self._changed:
            self.open_now += opened
            self.most_open = max(self.most_open, self.open_now)
            self.closed_by_client += is_closed_by_client
            self.connections += connections
            if request is not None:
                self.requests.append(request)
            self._changed.notify_all()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await self._loop.create_server(lambda: _Connection(self, self._protocols), "127.0.0.1", self._port, backlog=1024)
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for connection in tuple(self._protocols):
            connection.abort()
            await connection.lost.wait()


def _always(answer: Answer) -> ServerModel:
    return lambda _messages, _body: answer


class _Connection(asyncio.Protocol):
    """One kept-alive connection; one request at a time, as the protocol without pipelining has it."""

    def __init__(self, server: OpenAIServer, protocols: set[_Connection]) -> None:
        self._server = server
        self._protocols = protocols
        self._received = bytearray()
        self._expected: tuple[int, int] | None = None
        self._transport: asyncio.Transport | None = None
        self._serving: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._protocols.add(self)
        self._server.note(connections=1)

    def connection_lost(self, exc: Exception | None) -> None:
        self._protocols.discard(self)
        self.lost.set()
        self._writable.set()
        if self._serving is not None:
            self._serving.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def abort(self) -> None:
        assert self._transport is not None
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._serving is None:
            self._start_next()

    def _start_next(self) -> None:
        if self._expected is None:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                assert len(self._received) < MAX_HEADER_BYTES
                return
            head = bytes(self._received[:end]).lower()
            at = head.find(b"\r\ncontent-length:")
            length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            self._expected = end + 4, length
        head_bytes, body_bytes = self._expected
        if len(self._received) < head_bytes + body_bytes:
            return
        request = _parse(bytes(self._received[: head_bytes - 4]), bytes(self._received[head_bytes : head_bytes + body_bytes]))
        del self._received[: head_bytes + body_bytes]
        self._expected = None
        self._serving = asyncio.get_running_loop().create_task(self._serve(request))

    async def _serve(self, request: Request) -> None:
        self._server.note(opened=1, request=request)
        is_whole = False
        try:
            is_whole = await self._answer(request)
        except Exception as error:  # noqa: BLE001 - whatever the test's model raises must fail the test, on its own thread
            self._server.failure = error
            self.abort()
            is_whole = True
        finally:
            self._serving = None
            self._server.note(opened=-1, is_closed_by_client=not is_whole)
        if self._received:
            self._start_next()

    async def _answer(self, request: Request) -> bool:
        server = self._server
        if request.method == "GET" and request.path in server.gets:
            answer: Answer = server.gets[request.path]
        elif server.required_key is not None and request.headers.get("authorization") != f"Bearer {server.required_key}":
            answer = Fault(status=401, body=error_body("Incorrect API key provided.", code="invalid_api_key"))
        elif request.method == "GET" and request.path.split("?")[0] == "/v1/models":
            listed = [{"id": name, "object": "model", "created": 0, "owned_by": server.owned_by} for name in server.names]
            answer = Fault(status=200, body=json.dumps({"object": "list", "data": listed}))
        elif request.method != "POST" or request.path != "/v1/chat/completions":
            answer = Fault(status=404, body=error_body(f"Unknown request URL: {request.method} {request.path}."))
        elif refused := next((name for name in server.refuses if name in request.body), None):
            sentence = f"Unsupported parameter: '{refused}' is not supported with this model."
            answer = Fault(status=400, body=error_body(sentence, code="unsupported_parameter", param=refused))
        else:
            given = server.model(request.messages, request.body)
            answer = await given if isinstance(given, Awaitable) else given
        if isinstance(answer, str):
            answer = Reply(text=answer)
        if isinstance(answer, Fault):
            return await self._send_fault(answer)
        if answer.gate is not None:
            await answer.gate.passed()
        if answer.delay_s:
            await asyncio.sleep(answer.delay_s)
        if request.body.get("stream"):
            await self._send_stream(answer, request)
        else:
            await self._send(200, {"content-type": "application/json"}, json.dumps(_completion(answer, request)).encode())
        return True

    async def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        await self._write(_head(status, {**headers, "content-length": str(len(body))}) + body)

    async def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)
        if self._transport.is_closing():
            # The client has gone; `connection_lost` comes a turn later and ends this reply, which is not whole.
            await asyncio.Event().wait()
        await self._writable.wait()

    async def _send_stream(self, reply: Reply, request: Request) -> None:
        await self._write(_head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}))
        for number, chunk in enumerate(_chunks(reply, request)):
            if number in reply.piece_gates:
                await reply.piece_gates[number].passed()
            await self._write_chunk(sse(chunk))
        await self._write_chunk(sse("[DONE]"))
        await self._write(b"0\r\n\r\n")

    async def _write_chunk(self, data: bytes) -> None:
        await self._write(b"%x\r\n%s\r\n" % (len(data), data))

    async def _send_fault(self, fault: Fault) -> bool:
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        pieces = [body] if isinstance(body, bytes) else list(body)
        total = sum(map(len, pieces))
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if not fault.is_raw:
            promised = total + 1 if fault.never_ends else total
            await self._write(_head(fault.status, {"content-type": "application/json", "content-length": str(promised), **fault.headers}))
        left = total if fault.cut_after is None else fault.cut_after
        for piece in pieces:
            if fault.interval_s:
                await asyncio.sleep(fault.interval_s)
            await self._write(piece[:left])
            left -= len(piece[:left])
        if fault.never_ends:
            await asyncio.Event().wait()
        if fault.cut_after is not None or fault.is_raw:
            assert self._transport is not None
            self._serving = None
            self._transport.close()
        return True


def _parse(head: bytes, body: bytes) -> Request:
    first, *rest = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return Request(method=method, path=path, headers=headers, body=json.loads(body) if body else {})


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    return (f"HTTP/1.1 {status} Status\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode("latin-1")


def _usage(reply: Reply, request: Request) -> Mapping[str, object] | None:
    if reply.usage != "counted":
        return reply.usage
    asked = sum(len(str(message.get("content", ""))) for message in request.messages)
    counted = {"prompt_tokens": asked // 4 + 1, "completion_tokens": len(reply.text or "") // 4 + 1}
    return {**counted, "total_tokens": sum(counted.values())}


def _completion(reply: Reply, request: Request) -> dict[str, object]:
    message: dict[str, object] = {"role": "assistant", "content": reply.text}
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning
    choice = {"index": 0, "message": {**message, **reply.message}, "finish_reason": reply.finish_reason}
    body: dict[str, object] = {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": reply.served_model or request.body.get("model", ""),
        "choices": [choice],
    }
    usage = _usage(reply, request)
    return {**body, **({} if usage is None else {"usage": usage}), **reply.body}


def _chunks(reply: Reply, request: Request) -> list[dict[str, object]]:
    common: dict[str, object] = {
        "id": "chatcmpl-test",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": reply.served_model or request.body.get("model", ""),
    }

    def chunk(content: Mapping[str, object], finish_reason: str | None = None) -> dict[str, object]:
        return {**common, "choices": [{"index": 0, "delta": content, "finish_reason": finish_reason}]}

    found = [chunk({"role": "assistant", "content": ""})]
    if reply.reasoning is not None:
        found.append(chunk({"reasoning_content": reply.reasoning}))
    text = reply.text or ""
    found += [chunk({"content": piece}) for piece in (reply.pieces or [text[at : at + 40] for at in range(0, len(text), 40)])]
    found.append({**chunk(reply.message, reply.finish_reason), **reply.body})
    usage = _usage(reply, request)
    if usage is not None and request.body.get("stream_options", {}).get("include_usage"):
        found.append({**common, "choices": [], "usage": usage})
    return found


def _chosen_model(name: str, delay_s: float) -> ServerModel:
    """The built-in model and scripts are given the messages and nothing else."""
    if name == "echo":
        return lambda messages, _body: Reply(text=str(messages[-1]["content"]), delay_s=delay_s)
    # Found when this file is run by its path, too.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from rlm_desktop.engine.models.base import Message, ModelError
    from rlm_desktop.engine.models.builtin import reply
    from rlm_desktop.engine.models.scripted import load_script

    script = None if name == "builtin" else load_script(Path(name))

    def answer(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Answer:
        said = [Message(role=message["role"], content=message["content"]) for message in messages]
        if script is None:
            return Reply(text=reply(said), delay_s=delay_s)
        try:
            rule = script(said)
        except ModelError as error:
            return Fault(status=400, body=error_body(str(error)))
        if rule.error is not None:
            return Fault(status=400 if rule.is_final else 503, body=error_body(rule.error), delay_s=delay_s + rule.delay_s)
        return Reply(text=rule.reply, reasoning=rule.reasoning, delay_s=delay_s + rule.delay_s)

    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description="A server on this computer that speaks the OpenAI chat protocol.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--model", default="echo", help="builtin, echo, or a script of replies (JSON)")
    parser.add_argument("--delay-s", type=float, default=0.0, help="wait before each reply")
    options = parser.parse_args()
    with OpenAIServer(_chosen_model(options.model, options.delay_s), names=(options.model,), port=options.port) as server:
        print(server.base_url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
