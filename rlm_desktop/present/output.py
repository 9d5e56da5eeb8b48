"""What the blocks of an iteration printed: stdout and stderr apart, and where the model's view of them ends."""

from __future__ import annotations

from rlm_desktop.present import numbers
from rlm_desktop.present.call_log import CallLog
from rlm_desktop.present.passages import Passage, Tone
from rlm_desktop.trace.events import AnswerSet, CallEnded, CodeEnded, CodeStarted, InterruptAsked, Limits, SandboxLost
from rlm_desktop.trace.messages import ReadText, shares

_ENDINGS = {"ok": "Ended", "error": "The call failed", "cancelled": "The call was stopped", "limit": "A limit ended the call"}


def output_passages(log: CallLog, iteration: int, seq: int, read: ReadText, limits: Limits, *, is_last: bool) -> list[Passage]:
    """Return the outputs as of entry `seq`. `is_last`: nothing of the call follows this iteration, so its end belongs here."""
    found: list[Passage] = []
    blocks = 0
    open_block: int | None = None
    is_asked_to_end = False
    is_reached = False
    for logged in log.until(seq):
        event = logged.event
        at = getattr(event, "iteration", None)
        is_reached = is_reached or at == iteration
        if isinstance(event, CodeStarted) and at == iteration:
            blocks += 1
            open_block, is_asked_to_end = event.block, False
        elif isinstance(event, InterruptAsked):
            is_asked_to_end = True
        elif isinstance(event, CodeEnded) and at == iteration:
            open_block = None
            found += _block(event, read, limits)
        elif isinstance(event, AnswerSet) and at == iteration:
            content = read(event.content)
            found.append(
                Passage(
                    text=content,
                    title="Answer",
                    chip="ready" if event.ready else "draft",
                    note=f"{numbers.count(len(content))} characters, set here",
                )
            )
        elif isinstance(event, SandboxLost) and is_reached and is_last:
            found.append(Passage(text=f"{event.reason} {event.lost}".strip(), title="The REPL was lost", tone="fail"))
        elif isinstance(event, CallEnded) and is_last:
            found += _end(event, read)
    if open_block is not None:
        note = "a person asked to end it, and it has not ended yet" if is_asked_to_end else "nothing printed yet at this event"
        found.append(Passage(text="", title=_title(open_block, blocks), note=note))
    return found


def call_end_passages(log: CallLog, seq: int, read: ReadText) -> list[Passage]:
    """Return how the call ended, nothing while it goes on."""
    return [passage for logged in log.until(seq) if isinstance(logged.event, CallEnded) for passage in _end(logged.event, read)]


def _title(block: int, blocks: int) -> str:
    return f"Output of block {block + 1}" if blocks > 1 or block else "Output"


def _block(event: CodeEnded, read: ReadText, limits: Limits) -> list[Passage]:
    out, err = read(event.stdout), read(event.stderr)
    seen_out, seen_err = shares(len(out), len(err), limits.output_chars)
    title = _title(event.block, 1)
    took = numbers.duration(event.duration_s) if event.duration_s else ""
    found: list[Passage] = []
    if out or not err:
        if out:
            note = _note(max(event.stdout_chars, len(out)), len(out), seen_out)
            found.append(Passage(text=out[:seen_out], title=title, chip="stdout", note=note))
            if seen_out < len(out):
                found.append(_unseen(out[seen_out:], f"cut for the model here · {numbers.count(len(out) - seen_out)} more"))
        else:
            found.append(Passage(text="", title=title, note="nothing was printed" + (f" · took {took}" if took else "")))
    if err:
        note = _note(max(event.stderr_chars, len(err)), len(err), seen_err)
        tone: Tone = "fail" if event.is_error else "plain"
        if event.is_error:
            title += ": failed"
        # Of stderr the model sees the end, where a traceback says what went wrong.
        unseen = err[: len(err) - seen_err]
        found.append(Passage(text=unseen or err, title=title, chip="stderr", note=note, tone=tone, is_dim=bool(unseen)))
        if unseen:
            found.append(
                Passage(text=err[len(unseen) :], title=f"the model saw from here on · {numbers.count(len(unseen))} before", tone="cut")
            )
    return found


def _unseen(text: str, words: str) -> Passage:
    return Passage(text=text, title=words, tone="cut", is_dim=True)


def _note(printed: int, kept: int, seen: int) -> str:
    parts = [f"{numbers.count(printed)} characters"]
    if kept < printed:
        parts.append(f"{numbers.count(kept)} kept")
    if seen < printed:
        parts.append(f"model saw {numbers.count(seen)}")
    return ", ".join(parts)


def _end(event: CallEnded, read: ReadText) -> list[Passage]:
    found = []
    if event.answer is not None:
        answer = read(event.answer)
        found.append(Passage(text=answer, title="Answer of the call", note=f"{numbers.count(len(answer))} characters"))
    if event.error or event.status != "ok":
        title = {"ok": "Ended", "error": "The call failed", "cancelled": "The call was stopped", "limit": "A limit ended the call"}[
            event.status
        ]
        found.append(Passage(text=event.error or "", title=title, tone="plain" if event.status == "cancelled" else "fail"))
    return found
