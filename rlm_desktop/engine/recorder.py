"""Where every event of a run goes: number, stamp, encode, append, then whoever listens. One function."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rlm_desktop.trace.events import KnownEvent
from rlm_desktop.trace.writer import TraceWriteError, TraceWriter

OnLines = Callable[[Sequence[bytes]], None]
OnEvent = Callable[[KnownEvent], None]


class Recorder:
    """Writes events to the trace, where there is one, and passes the same lines on.

    After a failed write nothing more is recorded: `failure` holds the sentence and `on_failure` is called once, so that the run ends.
    """

    def __init__(self, writer: TraceWriter | None, *, on_lines: OnLines | None = None, on_event: OnEvent | None = None) -> None:
        self._writer, self._on_lines, self._on_event = writer, on_lines, on_event
        self.failure: TraceWriteError | None = None
        self.on_failure: Callable[[], None] | None = None

    def emit(self, event: KnownEvent) -> None:
        if self.failure is not None:
            return
        if self._writer is not None:
            try:
                lines, _ = self._writer.write(event)
            except TraceWriteError as error:
                self.failure = error
                if self.on_failure is not None:
                    self.on_failure()
                return
            if self._on_lines is not None:
                self._on_lines(lines)
        if self._on_event is not None:
            self._on_event(event)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
