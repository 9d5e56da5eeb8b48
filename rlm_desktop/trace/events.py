"""The vocabulary of a run. Whatever a consumer knows about a run, it knows from these events.

Every event is a frozen struct whose JSON carries `type`, its snake-case name. Fields that hold long text are
`Text`: a `str`, or a `TextRef` to parts written before. Offsets and lengths count characters unless the name says otherwise.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

FORMAT = 1
"""Raised only when the meaning of something that exists changes; additions do not raise it."""

CallKind = Literal["rlm", "llm"]
CallStatus = Literal["ok", "error", "cancelled", "limit"]
ReplySource = Literal["provider", "builtin", "cache", "recorded"]

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Id = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Depth = Annotated[int, msgspec.Meta(ge=0, le=255)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=1e10)]
Usd = Annotated[float, msgspec.Meta(ge=0.0, le=1e6)]
Price = Annotated[float, msgspec.Meta(ge=0.0, le=1e4)]
"""In USD, of one request: far more than any costs, and little enough for sums of whole picodollars to stay in 64 bits."""


def snake_case(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A value inside an event."""


class Event(Part, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="type", tag=snake_case):
    """One thing that happened."""


class TextRef(Part, frozen=True, kw_only=True, gc=False):
    """A text that stands in the `TextPart` lines before; `text_id` counts such texts from 0."""

    text_id: Id
    chars: Count


Text = str | TextRef


class TextPart(Event, frozen=True, kw_only=True, gc=False):
    """A piece of a long text; the pieces of one text follow one another, numbered from 0."""

    text_id: Id
    part: Id
    text: str


class Limits(Part, frozen=True, kw_only=True, gc=False):
    """What a run may use; None is no limit.

    `max_depth` 0: the root has a REPL and no sub-calls; 1: plain sub-calls; 2 and more: children with REPLs of their own.
    """

    max_depth: Depth = 2
    max_iterations: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 30
    max_calls: Count | None = 5_000
    """Sub-calls and root calls together."""
    max_tokens: Count | None = None
    """Input and output tokens of all calls together."""
    max_cost_usd: Usd | None = None
    max_time_s: Seconds | None = None
    max_requests_at_once: Annotated[int, msgspec.Meta(ge=1, le=4_096)] = 16
    max_repls_per_depth: Annotated[int, msgspec.Meta(ge=1, le=256)] = 4
    block_time_s: Seconds = 120.0
    """Wall clock of one block while none of its requests is outstanding and the run is not paused."""
    output_chars: Annotated[int, msgspec.Meta(ge=100, le=10_000_000)] = 20_000
    """How much of a block's output the model sees."""
    attempts: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    """Requests for one reply before the call fails."""


class ModelName(Part, frozen=True, kw_only=True, gc=False):
    """A model as the trace names it: no key, only where text goes. `host` is empty when no text leaves the computer."""

    name: str
    host: str = ""
    is_encrypted: bool = True
    """False where what is sent to `host` can be read by anyone on the way, as the person allowed."""


class Origin(Part, frozen=True, kw_only=True, gc=False):
    """Where a run comes from when it does not start from nothing."""

    kind: Literal["fork", "resume", "follow_up"]
    run_id: str
    seq: Count


class RunStarted(Event, frozen=True, kw_only=True, gc=False):
    """First line of every trace, written before anything is read. `started_at` is ISO 8601 with zone; all other times are relative."""

    format: Count
    run_id: str
    question: Text
    strategy: str
    model: ModelName
    sub_model: ModelName
    limits: Limits
    prompt_version: str
    app_version: str
    started_at: str
    origin: Origin | None = None
    required_claims: tuple[str, ...] = ()
    confinement: str = ""
    """`required`, or `unconfined` where a person chose that for this run by name; empty in a trace that does not say."""


class Heading(Part, frozen=True, kw_only=True, gc=False):
    """One line of a document's outline; `at` is the character offset of the heading's line in the document's text."""

    level: Annotated[int, msgspec.Meta(ge=1, le=9)]
    title: str
    at: Count


class DocumentRead(Event, frozen=True, kw_only=True, gc=False):
    """A document's text lies in the text store under `text_sha256`. `name` is relative to what was dropped and unique in the run."""

    name: str
    text_sha256: str
    chars: Count
    reader: str
    """Reader and version, such as `text/1`."""
    path: str | None = None
    file_sha256: str | None = None
    file_bytes: Count | None = None
    encoding: str | None = None
    outline: tuple[Heading, ...] = ()
    member: str | None = None
    """Its name inside the archive at `path`."""
    extent: str | None = None
    """Its size in its own measure, such as `1,000 pages`."""
    tokens_about: Count | None = None
    """An estimate: no model was asked."""
    notes: tuple[str, ...] = ()
    """Sentences on what of the document is not in the text."""


class LeftOut(Part, frozen=True, kw_only=True, gc=False):
    """A file or folder inside what was dropped that is no document of the run. `reason` is a few words."""

    name: str
    reason: str


class DocumentRefused(Event, frozen=True, kw_only=True, gc=False):
    """`left_out` lists, of a folder or an archive, what is not read, the first thousand of `left_out_count`."""

    name: str
    reason: str
    path: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    left_out_count: Count = 0


class Try(Part, frozen=True, kw_only=True, gc=False):
    """One thing that must fail in a sandbox, and how it came out when it was tried: `read /etc/passwd`, `EACCES`."""

    tried: str
    outcome: str
    held: bool


class Claim(Part, frozen=True, kw_only=True, gc=False):
    """One thing the sandbox is said to hold, such as `files read`, with what was tried to know it."""

    name: str
    held: bool
    evidence: str
    tries: tuple[Try, ...] = ()
    """Left out where they are those of the sandbox before, claim by claim."""


class SandboxStarted(Event, frozen=True, kw_only=True, gc=False):
    call_id: Id
    back_end: str
    claims: tuple[Claim, ...] = ()


class SandboxLost(Event, frozen=True, kw_only=True, gc=False):
    """The call's child process ended before its time; `lost` says in words what is gone."""

    call_id: Id
    reason: str
    lost: str


class Site(Part, frozen=True, kw_only=True, gc=False):
    """The place in the parent's code that asked.

    `line` counts from 1 in the block; None when a thread, or a function of an earlier block, asked.
    `ordinal` numbers the requests of one block from 0; with parent, iteration, block and batch index it is the request's stable key.
    """

    iteration: Id
    block: Id
    ordinal: Id
    line: Id | None = None


class Batch(Part, frozen=True, kw_only=True, gc=False):
    batch_id: Id
    index: Id
    size: Id


class CallStarted(Event, frozen=True, kw_only=True, gc=False):
    """`call_id` is dense from 0 in order of start. A root call has neither parent nor site."""

    call_id: Id
    kind: CallKind
    depth: Depth
    model: str
    prompt: Text
    parent_id: Id | None = None
    site: Site | None = None
    batch: Batch | None = None


class Parameter(Part, frozen=True, kw_only=True, gc=False):
    name: str
    value: str


class Told(Part, frozen=True, kw_only=True, gc=False):
    """What a request says that earlier events do not determine. `user` follows the outputs of the iteration before, in the same message."""

    system: Text | None = None
    user: Text | None = None


class ModelAsked(Event, frozen=True, kw_only=True, gc=False):
    """Written when the slot is held and the request goes out. Attempts count from 0; a later attempt repeats what the first was told."""

    call_id: Id
    iteration: Id
    attempt: Id = 0
    parameters: tuple[Parameter, ...] = ()
    reserved_usd: Usd | None = None
    told: Told = Told()


class Usage(Part, frozen=True, kw_only=True, gc=False):
    """Tokens of one request. `cached_tokens` are part of `input_tokens`, `reasoning_tokens` part of `output_tokens`."""

    input_tokens: Count
    output_tokens: Count
    cached_tokens: Count = 0
    reasoning_tokens: Count = 0
    is_estimate: bool = False


class ModelReplied(Event, frozen=True, kw_only=True, gc=False):
    """`cost_usd` None is unknown; `priced_by` says whose figure it is (`provider`, `genai-prices`, `entered`, `free`)."""

    call_id: Id
    iteration: Id
    attempt: Id = 0
    response: Text
    reasoning: Text | None = None
    served_model: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    cost_usd: Price | None = None
    priced_by: str | None = None
    source: ReplySource = "provider"
    latency_s: Seconds = 0.0
    first_token_s: Seconds | None = None


class ModelFailed(Event, frozen=True, kw_only=True, gc=False):
    """A request that gave no usable reply. `retry_in_s` None: it is not tried again. What it cost counts."""

    call_id: Id
    iteration: Id
    attempt: Id = 0
    error: str
    retry_in_s: Seconds | None = None
    status_code: Id | None = None
    usage: Usage | None = None
    cost_usd: Price | None = None
    priced_by: str | None = None
    latency_s: Seconds = 0.0


class CodeStarted(Event, frozen=True, kw_only=True, gc=False):
    call_id: Id
    iteration: Id
    block: Id
    code: Text


class Variable(Part, frozen=True, kw_only=True, gc=False):
    """`size` is what `len()` says, None where it says nothing; `short` is a repr cut to some 200 characters."""

    name: str
    type: str
    short: str
    size: Count | None = None
    is_changed: bool = False


class CodeEnded(Event, frozen=True, kw_only=True, gc=False):
    """`*_chars` are what was printed; the text is what was kept of it. The model sees `seen_chars` (see `trace.messages`)."""

    call_id: Id
    iteration: Id
    block: Id
    stdout: Text = ""
    stderr: Text = ""
    stdout_chars: Count = 0
    stderr_chars: Count = 0
    seen_chars: Count = 0
    is_error: bool = False
    variables: tuple[Variable, ...] = ()
    duration_s: Seconds = 0.0
    waiting_s: Seconds = 0.0
    """Of the duration, the time in which at least one sub-call was outstanding."""


class AnswerSet(Event, frozen=True, kw_only=True, gc=False):
    """The REPL's `answer` changed in this block; a draft until the call ends with it."""

    call_id: Id
    iteration: Id
    block: Id
    content: Text
    ready: bool


class CallEnded(Event, frozen=True, kw_only=True, gc=False):
    call_id: Id
    status: CallStatus
    answer: Text | None = None
    error: str | None = None


class Paused(Event, frozen=True, kw_only=True, gc=False):
    """Nothing new starts from here; `at` names the safe point that took effect."""

    at: str


class Resumed(Event, frozen=True, kw_only=True, gc=False):
    pass


class CodeEdited(Event, frozen=True, kw_only=True, gc=False):
    """A person replaced the code that was about to run."""

    call_id: Id
    iteration: Id
    block: Id
    code: Text


class CancelAsked(Event, frozen=True, kw_only=True, gc=False):
    """A person asked to stop one call and all below it, or, without a call, the run."""

    call_id: Id | None = None


class InterruptAsked(Event, frozen=True, kw_only=True, gc=False):
    """A person asked to end the block of code that the call runs; the call goes on."""

    call_id: Id


class LimitsChanged(Event, frozen=True, kw_only=True, gc=False):
    limits: Limits


class HistoryCompacted(Event, frozen=True, kw_only=True, gc=False):
    """From here the call's messages are its system prompt and `summary` in place of what came before `iteration`."""

    call_id: Id
    iteration: Id
    summary: Text


class Noticed(Event, frozen=True, kw_only=True, gc=False):
    """Something the engine wants to be known: a sentence."""

    message: str
    call_id: Id | None = None
    level: Literal["info", "warning"] = "info"


class RunEnded(Event, frozen=True, kw_only=True, gc=False):
    status: CallStatus
    answer: Text | None = None
    error: str | None = None


KnownEvent = (
    RunStarted | DocumentRead | DocumentRefused | SandboxStarted | SandboxLost | CallStarted | ModelAsked | ModelReplied
    | ModelFailed | CodeStarted | CodeEnded | AnswerSet | CallEnded | Paused | Resumed | CodeEdited | CancelAsked
    | InterruptAsked | LimitsChanged | HistoryCompacted | Noticed | RunEnded | TextPart
)  # fmt: skip


class UnknownEvent(Part, frozen=True, kw_only=True):
    """An event of a later version, kept as it was read."""

    type: str
    fields: dict[str, Any]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of a trace: `seq` is dense from 0, `t_s` counts seconds since the start on a monotonic clock."""

    seq: Count
    t_s: Seconds
    event: KnownEvent | UnknownEvent
