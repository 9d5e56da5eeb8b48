"""A run's progress for a person at a terminal: a few lines on stderr."""

from __future__ import annotations

from collections.abc import Callable

from rlm_desktop import streams
from rlm_desktop.present.numbers import count, duration
from rlm_desktop.present.plain import plain
from rlm_desktop.trace import events as ev


class RunProgress:
    """Prints what is new of each event that tells a person something. What is cut is redacted before: half a key tells much of it."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._depths: dict[int, int] = {}

    def event(self, event: ev.KnownEvent) -> None:
        match event:
            case ev.DocumentRead():
                self._say(f"read {event.name}: {count(event.chars)} characters")
            case ev.DocumentRefused():
                self._say(f"not read: {event.name}: {event.reason}")
            case ev.CallStarted():
                self._depths[event.call_id] = event.depth
                if event.batch is not None and event.batch.index == 0:
                    name = "rlm_query" if event.kind == "rlm" else "llm_query"
                    self._say(f"{count(event.batch.size)} × {name}", depth=event.depth)
            case ev.CodeStarted():
                first = next((line.strip() for line in str(event.code).splitlines() if line.strip()), "")
                self._say(f"iteration {event.iteration + 1}: {self._redact(first)[:100]}", depth=self._depths.get(event.call_id, 0))
            case ev.CodeEnded(is_error=True):
                last = str(event.stderr).strip().splitlines()[-1:] or [""]
                self._say(f"error: {self._redact(last[0])[:200]}", depth=self._depths.get(event.call_id, 0))
            case ev.ModelFailed():
                again = f" Again in {duration(event.retry_in_s)}." if event.retry_in_s is not None else ""
                self._say(f"call {event.call_id}: {event.error}{again}", depth=self._depths.get(event.call_id, 0))
            case ev.SandboxLost():
                self._say(f"call {event.call_id}: {event.reason} {event.lost}")
            case ev.Noticed():
                self._say(event.message)
            case _:
                return

    def _say(self, text: str, *, depth: int = 0) -> None:
        streams.tell("  " * depth + plain(self._redact(text), keeps_lines=False))
