"""A worker without a process of its own, so that a test can hand it a reader: its frames go through a pipe made of bytes."""

from __future__ import annotations

import io

from rlm_desktop.documents import worker
from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.started_worker import answered


class ZygoteHere:
    imported = frozenset[str]()

    def __init__(self, command: object) -> None:
        pass

    def have(self, kind: str) -> None:
        pass

    def fork(self) -> None:
        pass

    def end(self) -> None:
        pass


class WorkerHere:
    def __init__(self, process: object, limits: ReadingLimits, memory_bytes: int, confinement: str, ready_for: object = ()) -> None:
        self.memory_bytes = memory_bytes
        self.has_waited = False
        self.documents = 1
        self.peak_bytes = 0
        self.time_out = ""
        self._limits = limits

    def can_take(self, size: int, memory_bytes: int) -> bool:
        return True

    def read(self, source: Source, kind: str, put: worker.Put) -> frames.Done:
        sent = bytearray()
        source.file.seek(0)
        ask = frames.Ask(
            kind=kind, name=source.name, encoding=source.encoding, size=source.size, is_handed_over=False, memory_bytes=self.memory_bytes
        )
        worker.answer(ask, io.BytesIO(source.file.read()), sent.extend)
        return answered(io.BytesIO(sent).read, source, kind, put, self._limits.text_chars)

    def end(self, patience_s: float) -> int | None:
        return None
