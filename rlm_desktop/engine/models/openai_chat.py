"""A model behind any server that speaks the OpenAI chat protocol. The only file that imports openai (0.7 s); imported on first use."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx2
import openai

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.chat_reply import ReplyReader, model_names
from rlm_desktop.engine.models.connection_failures import connection_failure
from rlm_desktop.engine.models.failures import status_failure
from rlm_desktop.engine.models.keys import Secret
from rlm_desktop.engine.models.refused_parameters import Untaken, refused_parameter
from rlm_desktop.redact import LIVE, RedactedStream
from rlm_desktop.servers.address import Server

MAX_REPLY_BYTES = 64 * 1024 * 1024
MAX_ERROR_BYTES = 64 * 1024
"""What is read of the body of a refusal. Small, as the client decompresses such a body whole."""
AFTER_DONE_S = 0.5
"""How long the end of a body is waited for once the reply is complete; a connection read to its end can be used again."""
LIST_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one attempt may take: to connect, between two bytes, and in all. A long prompt on a local model is silent for minutes."""

    connect_s: float = 10.0
    silence_s: float = 600.0
    total_s: float = 1_800.0


class OpenAIChat:
    """`name` at `server`. Retries nothing, as each attempt is an event of the run; redirects are not followed, so the key stays."""

    def __init__(
        self,
        name: str,
        *,
        server: Server,
        key: Secret | None = None,
        patience: Patience = Patience(),
        max_reply_bytes: int = MAX_REPLY_BYTES,
    ) -> None:
        self._name = name
        self._server = server
        self._patience = patience
        self._max_reply_bytes = max_reply_bytes
        self._untaken = Untaken()
        self._key = key
        self._headers = _key_headers(server, key)
        self._opened: openai.AsyncOpenAI | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> str:
        return self._server.host_of(self._name)

    @property
    def is_encrypted(self) -> bool:
        return self._server.is_encrypted

    @property
    def is_free(self) -> bool:
        """Never known for certain: a server on this computer may pass requests on to a paid provider, whose figure then comes back."""
        return False

    async def aclose(self) -> None:
        """Close the connections; a request after this opens new ones, in another event loop too."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.close()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt, streamed where `request.on_text` is given. Raises ModelError.

        A server that refuses a parameter is asked again at once without it, and never with it again: nothing was paid.
        """
        async with self._errors_as_ours():
            while True:
                fields = self._fields(request)
                try:
                    return await self._attempt(request, fields)
                except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                    refused = refused_parameter(LIVE.of_cut(error.response.text), [name for name in fields if name != "messages"])
                    if refused is None:
                        raise
                    # Requests under way at once are all refused it; it is told once.
                    if self._untaken.note(refused) and request.on_notice is not None:
                        request.on_notice(LIVE(refused.told(model=self._name, server=self._server.netloc)))

    async def list_models(self) -> list[str]:
        """Return the names of the models that the server offers, in alphabetical order. Raises ModelError."""
        body = bytearray()
        waits = replace(self._patience, total_s=min(LIST_S, self._patience.total_s))
        async with self._errors_as_ours(waits), asyncio.timeout(waits.total_s):
            headers, query = _list_headers(self._server, self._key)
            async with self._client.models.with_streaming_response.list(
                extra_headers={**self._headers, **headers}, extra_query=query
            ) as response:
                async for data in response.iter_bytes():
                    body += data
                    if len(body) > self._max_reply_bytes:
                        raise ModelError(self._too_large())
            return [LIVE(name) for name in model_names(bytes(body), self._server.netloc)]

    async def ask_for(self, path: str) -> None:
        """Get what stands at `path`, below the base URL, to see whether the server lets that be. Raises ModelError."""
        async with self._errors_as_ours(), asyncio.timeout(self._patience.total_s):
            await self._client.get(path, cast_to=object, options={"headers": self._headers})

    @property
    def _client(self) -> openai.AsyncOpenAI:
        if self._opened is None:
            self._opened = self._new_client()
        return self._opened

    def _new_client(self) -> openai.AsyncOpenAI:
        # Reading the certificates takes 0.1 s. Plain HTTP needs none, and this context accepts none.
        is_tls = self._server.url.lower().startswith("https:")
        timeout = openai.Timeout(self._patience.silence_s, connect=self._patience.connect_s, pool=None)
        client = openai.AsyncOpenAI(
            api_key="none" if self._key is None else self._key.reveal(),
            base_url=self._server.url,
            max_retries=0,
            timeout=timeout,
            default_headers={"Accept-Encoding": "identity"},
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False,
                timeout=timeout,
                verify=True if is_tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=256),
                # A proxy named in the environment must not see what is meant to stay on this computer.
                trust_env=not self._server.is_local,
                event_hooks={"response": [_cut_refusal]},
            ),
        )
        # The client takes these from the environment, where they are meant for OpenAI alone.
        client.organization = client.project = client.admin_api_key = None
        return client

    def _fields(self, request: ModelRequest) -> dict[str, object]:
        fields: dict[str, object] = dict(request.parameters)
        if request.on_text is not None:
            fields |= {"stream": True, "stream_options": {"include_usage": True}}
        taken = self._untaken.without(fields)
        if "stream" not in taken:
            taken.pop("stream_options", None)
        return {"messages": _as_sent(request.messages), **taken}

    async def _attempt(self, request: ModelRequest, fields: Mapping[str, object]) -> ModelReply:
        clock = asyncio.get_running_loop().time
        started_s, first_token_s, size = clock(), None, 0
        reader, heard = ReplyReader(self._server.netloc, request.messages), _Heard(request.on_text)
        try:
            # `messages=[]` with the real list in `extra_body`: the client walks what it is given as `messages` by typing reflection, which
            # costs 62 ms a call at 200 turns, against 2 ms this way (openai 3.54; the benchmark compares 10 and 200 turns).
            async with (
                asyncio.timeout(self._patience.total_s) as deadline,
                self._client.chat.completions.with_streaming_response.create(
                    model=self._name, messages=[], extra_body=fields, extra_headers=self._headers
                ) as response,
            ):
                async for data in response.iter_bytes():
                    size += len(data)
                    if size > self._max_reply_bytes:
                        raise reader.failed(self._too_large())
                    pieces = reader.feed(data)
                    if pieces and first_token_s is None:
                        first_token_s = clock() - started_s
                    for piece in pieces:
                        heard.feed(piece)
                    if reader.is_done:
                        deadline.reschedule(min(deadline.when() or clock(), clock() + AFTER_DONE_S))
        except (TimeoutError, httpx2.HTTPError) as error:
            if not reader.is_done:
                failure = connection_failure(error, self._server.netloc, self._patience)
                raise reader.failed(str(failure), is_final=failure.is_final) from error
        reply = reader.finish(first_token_s=first_token_s)
        heard.close()
        return _without_keys(reply)

    def _too_large(self) -> str:
        return f"{self._server.netloc} sent more than {self._max_reply_bytes:,} bytes, which no reply is; the rest was not read."

    @asynccontextmanager
    async def _errors_as_ours(self, waits: Patience | None = None) -> AsyncIterator[None]:
        """Raise ModelError for whatever goes wrong with a request; a key that the server echoes is not in it."""
        server = self._server.netloc
        try:
            yield
        except openai.APIStatusError as error:
            found = error.response
            # Without its cause, whose text is the server's own and may hold the key.
            raise _redacted(status_failure(found.status_code, found.headers, found.content, model=self._name, server=server)) from None
        except (TimeoutError, openai.APIConnectionError, httpx2.HTTPError) as error:
            raise _redacted(connection_failure(error, server, waits or self._patience)) from error
        except ModelError as error:
            raise _redacted(error) from error.__cause__


def _redacted(error: ModelError) -> ModelError:
    error.args = (LIVE(str(error)),)
    return error


def _without_keys(reply: ModelReply) -> ModelReply:
    """Return a reply in which a server that echoes the key has not: code that runs, later prompts and whatever is cut get it from here.

    What merely looks like a key stays, as it may be what the question is about; it is hidden where it would be shown or written.
    """
    hidden = LIVE.exact
    return replace(
        reply,
        text=hidden(reply.text),
        reasoning=hidden(reply.reasoning) if reply.reasoning else reply.reasoning,
        served_model=hidden(reply.served_model) if reply.served_model else reply.served_model,
        finish_reason=hidden(reply.finish_reason) if reply.finish_reason else reply.finish_reason,
    )


def _key_headers(server: Server, key: Secret | None) -> dict[str, str | openai.Omit]:
    """Return what is sent in the place of the client's own Authorization header, which it insists on without a key, too."""
    if key is None:
        return {"Authorization": openai.Omit()}
    # An access token is a JWT, which begins with an encoded brace; Azure takes those as bearer, and keys in a header of their own.
    if server.takes_key_header and not key.reveal().startswith("eyJ"):
        return {"Authorization": openai.Omit(), "api-key": key.reveal()}
    return {}


def _list_headers(server: Server, key: Secret | None) -> tuple[dict[str, str | openai.Omit], dict[str, object] | None]:
    """Return what else the request for the models says, in headers and query. Anthropic knows no bearer there, and lists 20 by itself."""
    if not server.lists_as_anthropic or key is None:
        return {}, None
    return {"Authorization": openai.Omit(), "x-api-key": key.reveal(), "anthropic-version": "2023-06-01"}, {"limit": 1000}


class _Heard:
    """Passes the pieces of a reply on, where somebody listens, without a key that the server echoes in them."""

    def __init__(self, on_text: Callable[[str], None] | None) -> None:
        self._on_text = on_text
        self._stream = RedactedStream(LIVE)

    def feed(self, piece: str) -> None:
        self._pass(self._stream.feed(piece) if self._on_text else "")

    def close(self) -> None:
        self._pass(self._stream.close())

    def _pass(self, text: str) -> None:
        if text and self._on_text is not None:
            self._on_text(text)


class _Cut(httpx2.AsyncByteStream):
    """The first `limit_bytes` of `stream`, as if it ended there."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit_bytes: int) -> None:
        self._stream = stream
        self._limit_bytes = limit_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit_bytes
        async for part in self._stream:
            yield part[:left]
            left -= len(part)
            if left <= 0:
                return

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _cut_refusal(response: httpx2.Response) -> None:
    """Bound what is read of a refusal: the client reads its body whole, however long it is."""
    if not response.is_success and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Cut(response.stream, MAX_ERROR_BYTES)


def _as_sent(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return the messages as JSON can carry them: UTF-8 has no lone surrogates, texts from code may."""
    return [{"role": message.role, "content": _encodable(message.content)} for message in messages]


def _encodable(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
