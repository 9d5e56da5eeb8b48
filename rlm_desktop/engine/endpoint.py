"""A model together with what its tokens cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from rlm_desktop.engine.budget import Amount
from rlm_desktop.engine.models.base import Message, Model, ModelReply, Parameters
from rlm_desktop.engine.models.select import select
from rlm_desktop.engine.pricing import price
from rlm_desktop.trace.codes import pico
from rlm_desktop.trace.events import ModelName, Parameter, Usage
from rlm_desktop.trace.request import ModelChoice

EXPECTED_OUTPUT_TOKENS = 2_048
"""Output reserved for a request whose length cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`usd` None: no price is known. `by`: whose figure it is."""

    usd: float | None
    by: str | None

    @property
    def pico(self) -> int:
        return 0 if self.usd is None else pico(self.usd)


class Endpoint:
    """`entered` is what the person says a million input and output tokens cost in USD, used where nobody else knows.

    `parameters` go with every request.
    """

    def __init__(self, model: Model, *, entered: tuple[float, float] | None = None, parameters: Parameters | None = None) -> None:
        self.model = model
        self.parameters: Parameters = parameters or {}
        self._entered = entered
        self._dearest_usd: float | None = None

    @property
    def name(self) -> str:
        return self.model.name

    def as_named(self) -> ModelName:
        return ModelName(name=self.model.name, host=self.model.host, is_encrypted=self.model.is_encrypted)

    def stated_parameters(self) -> tuple[Parameter, ...]:
        """Return what goes with a request as the trace has it: values as JSON writes them, texts as they are."""
        return tuple(
            Parameter(name=name, value=value if isinstance(value, str) else json.dumps(value)) for name, value in self.parameters.items()
        )

    def cost_of(self, usage: Usage | None, *, stated_usd: float | None = None) -> Cost:
        """The provider's own figure wins, then a price list, then what was entered, else it is unknown."""
        if self.model.is_free:
            return Cost(usd=0.0, by="free")
        if stated_usd is not None:
            self._dearest_usd = max(stated_usd, self._dearest_usd or 0.0)
            return Cost(usd=stated_usd, by="provider")
        if usage is None:
            return Cost(usd=None, by=None)
        usd, by = price(self.model.name, self.model.host, usage, entered=self._entered)
        return Cost(usd=usd, by=by)

    def usage_of(self, messages: list[Message], reply: ModelReply) -> Usage:
        """What the provider counted, else an estimate of four characters a token."""
        if reply.usage is not None:
            return reply.usage
        return Usage(input_tokens=estimate_tokens(messages), output_tokens=max(1, len(reply.text) // 4), is_estimate=True)

    def expected(self, messages: list[Message], *, more_chars: int = 0) -> tuple[Amount, float | None]:
        """Return what to reserve for a request, and the same in USD, None where no price is known.

        `more_chars` may yet come as one message more. Where the person limits a reply's tokens, that many are reserved for it.
        A provider that has no listed price but states its costs is taken at the dearest request so far.
        """
        usage = Usage(
            input_tokens=estimate_tokens(messages, more_chars=more_chars), output_tokens=self._expected_output_tokens(), is_estimate=True
        )
        cost = self.cost_of(usage)
        if cost.usd is None and self._dearest_usd is not None:
            cost = Cost(usd=self._dearest_usd, by="provider")
        return Amount(tokens=usage.input_tokens + usage.output_tokens, cost_pico=cost.pico), cost.usd

    def _expected_output_tokens(self) -> int:
        most = self.parameters.get("max_tokens", self.parameters.get("max_completion_tokens"))
        return most if type(most) is int and most > 0 else EXPECTED_OUTPUT_TOKENS


def estimate_tokens(messages: list[Message], *, more_chars: int = 0) -> int:
    """Four characters a token, and four tokens a message; `more_chars` count as one message."""
    chars = sum(len(message.content) for message in messages) + more_chars
    return chars // 4 + 4 * (len(messages) + bool(more_chars))


def open_endpoint(choice: ModelChoice, environment: Mapping[str, str]) -> Endpoint:
    """Return the model that a person chose. Raises UserError with what is missing."""
    selected = select(choice, environment)
    return Endpoint(selected.model, entered=selected.entered, parameters=selected.parameters)
