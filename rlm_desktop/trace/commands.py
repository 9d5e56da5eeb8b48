"""What a person may tell a running engine, one JSON line each on its stdin, and the lines it sends back that are not kept."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from rlm_desktop.trace.events import Id, Part, snake_case


class Command(Part, frozen=True, kw_only=True, gc=False, tag_field="command", tag=snake_case):
    """Answered by an event, or by a `CommandRefused`."""


class Stop(Command, frozen=True, kw_only=True, gc=False):
    """End the run; everything so far is kept. Answered by `CancelAsked` and at last `RunEnded`."""


class Cancel(Command, frozen=True, kw_only=True, gc=False):
    """End one call and all below it. Answered by `CancelAsked` and `CallEnded`."""

    call_id: Id


class Interrupt(Command, frozen=True, kw_only=True, gc=False):
    """End the block of code that one call runs, with the sub-calls it waits for; the call goes on and its model is told.

    Answered by `InterruptAsked` and `CodeEnded`.
    """

    call_id: Id


class Pause(Command, frozen=True, kw_only=True, gc=False):
    """Hold at the next safe point. Answered by `Paused`."""


class Resume(Command, frozen=True, kw_only=True, gc=False):
    """Answered by `Resumed`."""


class Detach(Command, frozen=True, kw_only=True, gc=False):
    """From now on the end of stdin does not stop the run."""


_T = TypeVar("_T")
AnyCommand = Stop | Cancel | Interrupt | Pause | Resume | Detach


class Progress(Part, frozen=True, kw_only=True, gc=False, tag_field="progress", tag=snake_case):
    """A line without `seq`: shown while it is fresh, never kept."""


class TextStreamed(Progress, frozen=True, kw_only=True, gc=False):
    """More of the reply that call `call_id` is being sent."""

    call_id: Id
    iteration: Id
    text: str


class DocumentProgressed(Progress, frozen=True, kw_only=True, gc=False):
    """How far the reading of a document is, 0 to 1; None when that is not known."""

    name: str
    share: float | None = None


class CommandRefused(Progress, frozen=True, kw_only=True, gc=False):
    command: str
    reason: str


AnyProgress = TextStreamed | DocumentProgressed | CommandRefused

_command_decoder: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_progress_decoder: msgspec.json.Decoder[AnyProgress] = msgspec.json.Decoder(AnyProgress)
_encoder = msgspec.json.Encoder()


def encode_line(message: Command | Progress) -> bytes:
    """Return `message` as one line of JSON with its newline."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> AnyCommand:
    """Raises msgspec.ValidationError or msgspec.DecodeError where `line` is not a command."""
    return _decoded(line, _command_decoder)


def decode_progress(line: bytes) -> AnyProgress:
    """Raises msgspec.ValidationError or msgspec.DecodeError where `line` is not progress."""
    return _decoded(line, _progress_decoder)


def _decoded(line: bytes, decoder: msgspec.json.Decoder[_T]) -> _T:
    try:
        return decoder.decode(line)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(f"JSON is malformed: {error}") from error
