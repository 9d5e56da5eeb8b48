"""The exact messages of a request, as a function of the events before it. The engine builds its requests with this and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from rlm_desktop.trace.events import (
    CallStarted,
    CodeEnded,
    HistoryCompacted,
    KnownEvent,
    Limits,
    ModelAsked,
    ModelReplied,
    SandboxLost,
    Text,
    Told,
    UnknownEvent,
)

Role = Literal["system", "user", "assistant"]
ReadText = Callable[[Text], str]
REPL_LOST: Final = "The REPL's process ended and a new one was started"


class Said(NamedTuple):
    """One message of a request."""

    role: Role
    content: str


class Conversation:
    """What one call has said to its model and heard from it, advanced by the call's own events in their order.

    A plain call says its prompt. A call with a REPL says what it is told; each iteration then adds two messages: the reply, and one message
    with the outputs of its blocks followed by what the next request is told.
    """

    def __init__(self, read_text: ReadText, limits: Limits) -> None:
        self._read = read_text
        self._output_chars = limits.output_chars
        self._said: list[Said] = []
        self._system: Said | None = None
        self._outputs: list[str] = []
        self.asked_iteration = -1

    def apply(self, event: KnownEvent | UnknownEvent) -> None:
        match event:
            case CallStarted(kind="llm"):
                self._said.append(Said("user", self._read(event.prompt)))
            case ModelAsked() if event.iteration > self.asked_iteration:
                self.asked_iteration = event.iteration
                self._tell(event.told)
            case ModelReplied():
                self._said.append(Said("assistant", self._read(event.response)))
            case CodeEnded():
                self._outputs.append(self._output(event))
            case SandboxLost():
                self._outputs.append(f"{REPL_LOST}: {event.reason} {event.lost}".strip())
            case HistoryCompacted():
                self._said = [*([self._system] if self._system else []), Said("user", self._read(event.summary))]
                self._outputs = []
            case _:
                return

    def messages(self) -> list[Said]:
        """Return the messages of the request that was asked last."""
        return list(self._said)

    def waiting_outputs(self) -> list[str]:
        """Return the outputs that the next request will carry before what it is told."""
        return list(self._outputs)

    def _tell(self, told: Told) -> None:
        if told.system is not None:
            self._system = Said("system", self._read(told.system))
            self._said.append(self._system)
        parts = [*self._outputs, *([self._read(told.user)] if told.user is not None else [])]
        self._outputs = []
        if parts and self._said and self._said[-1].role == "user":
            # The request before was taken back without a reply; servers refuse two user messages in a row.
            parts.insert(0, self._said.pop().content)
        if parts:
            self._said.append(Said("user", "\n\n".join(parts)))

    def _output(self, event: CodeEnded) -> str:
        return seen_output(self._read(event.stdout), self._read(event.stderr), event, output_chars=self._output_chars)


def seen_output(stdout: str, stderr: str, event: CodeEnded, *, output_chars: int) -> str:
    """Return what the model reads of a block's output. `stdout` and `stderr` are the texts that `event` carries."""
    shown_out, shown_err = shares(len(stdout), len(stderr), output_chars)
    parts = [f"Output of block {event.block + 1}:"]
    if stdout:
        parts.append(_cut(stdout, shown_out, event.stdout_chars))
    if stderr:
        parts.append("stderr:\n" + _cut(stderr, shown_err, event.stderr_chars, keep_end=True))
    if not stdout and not stderr:
        parts.append("(nothing was printed)")
    return "\n".join(parts)


def shares(stdout_chars: int, stderr_chars: int, output_chars: int) -> tuple[int, int]:
    """Return how much of stdout and of stderr the model sees; stderr is given up to half before stdout is cut."""
    err = min(stderr_chars, max(output_chars // 2, output_chars - stdout_chars))
    return min(stdout_chars, output_chars - err), err


def _cut(text: str, shown: int, printed: int, *, keep_end: bool = False) -> str:
    """A traceback says most at its end, everything else at its start."""
    if shown >= len(text) and printed <= len(text):
        return text
    kept = text[len(text) - shown :] if keep_end else text[:shown]
    mark = f"[cut: {max(printed, len(text)) - shown:,} of {max(printed, len(text)):,} characters are not shown]"
    return f"{mark}\n{kept}" if keep_end else f"{kept}\n{mark}"
