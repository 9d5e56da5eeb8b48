"""What the engine needs of a language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rlm_desktop.trace.events import ReplySource, Usage
from rlm_desktop.trace.messages import Said

Message = Said
"""The messages of a request are those of the trace, passed on as they are: a copy of each for every request adds up in a long call."""

Parameters = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One attempt at one reply. `on_text`, where given, is called with each new piece of the reply's text on the engine's loop."""

    messages: Sequence[Message]
    key: str = ""
    """The request's stable key within its run (see `Site`); a `recorded` model looks replies up by it."""
    parameters: Parameters = field(default_factory=dict)
    on_text: Callable[[str], None] | None = None
    on_notice: Callable[[str], None] | None = None
    """Called with a sentence on what a person should know of the model, such as that a parameter is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """`text` is never empty. `cost_usd` is the provider's own figure, None where it gave none."""

    text: str
    reasoning: str | None = None
    served_model: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    cost_usd: float | None = None
    source: ReplySource = "provider"
    first_token_s: float | None = None


class ModelError(Exception):
    """A request gave no usable reply: a sentence for the person; `is_final` when asking again cannot help."""

    def __init__(
        self,
        message: str,
        *,
        is_final: bool = False,
        retry_after_s: float | None = None,
        status_code: int | None = None,
        usage: Usage | None = None,
        cost_usd: float | None = None,
    ) -> None:
        super().__init__(message)
        self.is_final = is_final
        self.retry_after_s = retry_after_s
        self.status_code = status_code
        self.usage = usage
        self.cost_usd = cost_usd


class Model(Protocol):
    """A model under one name. `complete` makes exactly one attempt; cancelling it closes the request at the server."""

    @property
    def name(self) -> str: ...

    @property
    def host(self) -> str:
        """Where text goes; empty when it stays on this computer."""
        ...

    @property
    def is_encrypted(self) -> bool:
        """False where anyone on the way to `host` can read along."""
        ...

    @property
    def is_free(self) -> bool:
        """True where a request costs nothing, known for certain."""
        ...

    async def complete(self, request: ModelRequest) -> ModelReply: ...

    async def aclose(self) -> None: ...


class ServerlessModel:
    """What the models have in common that ask nobody: no text leaves this computer, a request costs nothing, nothing is held."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> str:
        return ""

    @property
    def is_encrypted(self) -> bool:
        return True

    @property
    def is_free(self) -> bool:
        return True

    async def aclose(self) -> None:
        """Nothing is held."""
