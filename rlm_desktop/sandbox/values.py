"""What crosses the border between a sandbox and the engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

JsonContext = str | list[str] | dict[str, str]
ContextKind = Literal["str", "list", "dict"]
DeathCause = Literal["exit", "signal", "memory", "cpu", "time_limit", "interrupt", "protocol", "start", "confinement"]
Confinement = Literal["required", "unconfined"]
REQUIRED_CLAIMS = ("files read", "files write", "network", "processes")
"""What a run needs to hold unless a person has chosen, for that run and by name, to do without."""


class SandboxDied(Exception):
    """The child process is gone, and with it the REPL's variables. `reason` is a sentence."""

    def __init__(self, reason: str, cause: DeathCause) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause: DeathCause = cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One thing that must fail in a confined process, and how it came out there."""

    tried: str
    outcome: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that a sandbox holds, or does not; `evidence` is a sentence."""

    name: str
    held: bool
    evidence: str
    tries: tuple[Try, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """`memory_bytes` None: 1 GiB and 8 times the context, at least 2 GiB, at most 60 % of the machine's memory."""

    memory_bytes: int | None = None
    cpu_s: int = 7_200
    """CPU time of the whole process; the last resort when the engine cannot watch it."""
    open_files: int = 256
    kept_output_chars: int = 256 * 1024
    """Of each block's stdout, and of its stderr: head and tail, with a mark of what was cut."""
    captured_output_chars: int = 1024 * 1024
    """Held in the child; at least four times what is kept, since it counts bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPart:
    """One text of the context: a UTF-8 file of the text store, or a text."""

    name: str = ""
    path: Path | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubPrompt:
    prompt: str
    context: JsonContext | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubRequest:
    """One `llm_query` or the like in the model's code. `ordinal` numbers the requests of one block from 0, in the order they were sent."""

    op: Literal["llm", "rlm"]
    is_batch: bool
    prompts: tuple[SubPrompt, ...]
    line: int | None
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubReply:
    """A text, or an error: a sentence that the model's code sees."""

    text: str | None = None
    error: str | None = None


OnRequest = Callable[[SubRequest], Awaitable[Sequence[SubReply]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    content: str
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableInfo:
    name: str
    type: str
    short: str
    size: int | None
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What one block did. `stdout` and `stderr` are what was kept of them, `*_chars` what was printed.

    `answer` is the REPL's `answer` as it stands, None while nothing was put there. `duration_s` is wall clock, `waiting_s` the part in
    which a request was outstanding. `stray` is what C code wrote to the process's own stdout and stderr.
    """

    stdout: str
    stderr: str
    stdout_chars: int
    stderr_chars: int
    is_error: bool
    error_type: str | None
    answer: Answer | None
    answer_changed: bool
    variables: tuple[VariableInfo, ...]
    duration_s: float
    waiting_s: float
    stray: str
    is_interrupted: bool
