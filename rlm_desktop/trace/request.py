"""What a run is asked to do: the first line of the engine's stdin, and what the command line options become."""

from __future__ import annotations

from typing import Literal

import msgspec

from rlm_desktop.trace.events import DocumentRead, Limits, Part


class ModelChoice(Part, frozen=True, kw_only=True, gc=False):
    """A model and how to reach it. `provider` `openai_chat` speaks the OpenAI protocol at `base_url`; the others need no network.

    Of several sources of a key the first that holds one counts: a name in the system's key store, an environment variable, typed for now
    (`api_key`, never written anywhere).
    """

    name: str
    provider: Literal["builtin", "openai_chat", "scripted", "recorded"] = "openai_chat"
    base_url: str | None = None
    allows_plain_http: bool = False
    """The person's yes to what is sent to another computer crossing the network readable."""
    passes_on: bool = False
    """A server on this computer that is known to send on what it is asked: text leaves the computer all the same."""
    api_key: str | None = None
    api_key_env: str | None = None
    api_key_stored_as: str | None = None
    script: str | None = None
    """Path of the replies of a `scripted` model, or of the trace that a `recorded` one serves."""
    input_usd_per_million: float | None = None
    output_usd_per_million: float | None = None
    parameters: dict[str, str | int | float | bool] = msgspec.field(default_factory=dict)
    """What each request says beside its messages, such as `temperature`; a server that refuses one is asked without it."""

    def __repr__(self) -> str:
        key = "***" if self.api_key else None
        return f"ModelChoice(name={self.name!r}, provider={self.provider!r}, base_url={self.base_url!r}, api_key={key})"


class DocumentChoice(Part, frozen=True, kw_only=True, gc=False):
    """A document to give to the model: a path, a text pasted for it, or one that was read before. `name` overrides the path's own."""

    path: str | None = None
    member: str | None = None
    """One file inside the archive at `path`, by its name there."""
    text: str | None = None
    name: str | None = None
    encoding: str | None = None
    read: DocumentRead | None = None
    """Already read into the text store: nothing is read again while the store has it whole."""


class RunRequest(Part, frozen=True, kw_only=True, gc=False):
    question: str
    documents: tuple[DocumentChoice, ...] = ()
    model: ModelChoice
    sub_model: ModelChoice | None = None
    """None: the root model serves the plain sub-calls too."""
    limits: Limits = Limits()
    trace: str | None = None
    """Where the trace is written; None lets the engine choose a name in the runs folder."""
    run_id: str | None = None
    required_claims: tuple[str, ...] = ()
    """Beyond those that `confinement` requires."""
    confinement: Literal["required", "unconfined"] = "required"
    """`unconfined` is a person's choice for this one run: nothing that was stored or received may set it."""
