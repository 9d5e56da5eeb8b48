"""Long texts of a trace, read between frames: the first part at once, the rest in slices."""

from __future__ import annotations

import time
from collections import OrderedDict

from PySide6.QtCore import QObject, QTimer, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.trace.events import Text, TextPart, TextRef
from rlm_desktop.trace.store import TraceStore

SLICE_S = 0.004
PARTS_AT_ONCE = 4
"""So many parts (some 680,000 characters) are read without waiting."""
MOST_KEPT_CHARS = 64_000_000


class LongTexts(QObject):
    """`completed`: a text of which only the beginning was at hand is now there as a whole."""

    completed = Signal()

    def __init__(self, store: TraceStore, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._whole: OrderedDict[int, str] = OrderedDict()
        self._parts: dict[int, list[str]] = {}
        self._chars: dict[int, int] = {}
        self._beginning: dict[int, str] = {}
        self.version = 0
        """Counts the texts that were completed."""
        self._wanted: dict[int, TextRef] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._read_on)

    @property
    def is_reading(self) -> bool:
        return bool(self._wanted)

    def read(self, text: Text) -> str:
        """Return a text, of a very long one its beginning until all of it is read. Raises UserError when the file has gone."""
        if isinstance(text, str):
            return text
        known = self._whole.get(text.text_id)
        if known is not None:
            self._whole.move_to_end(text.text_id)
            return known
        if text.text_id not in self._parts:
            self._parts[text.text_id], self._chars[text.text_id] = [], 0
            for _ in range(PARTS_AT_ONCE):
                if self._take_part(text):
                    return self._whole[text.text_id]
            self._beginning[text.text_id] = "".join(self._parts[text.text_id])
        self._wanted[text.text_id] = text
        if not self._timer.isActive():
            self._timer.start(0)
        return self._beginning[text.text_id]

    def stop(self) -> None:
        """Read no further."""
        self._timer.stop()
        self._wanted.clear()

    def _read_on(self) -> None:
        end_s = time.monotonic() + SLICE_S
        has_completed = False
        try:
            while self._wanted and time.monotonic() < end_s:
                ref = next(iter(self._wanted.values()))
                if self._take_part(ref):
                    del self._wanted[ref.text_id]
                    has_completed = True
        except UserError:
            # The file went away while it was read: what was read stays in view, and the next look says why there is no more.
            self._wanted.clear()
        if not self._wanted:
            self._timer.stop()
        if has_completed:
            self.completed.emit()

    def _take_part(self, ref: TextRef) -> bool:
        """Read one part more; True when that was the last."""
        parts = self._parts[ref.text_id]
        seqs = self._store.columns.text_seqs
        seq = seqs[ref.text_id] + len(parts) if ref.text_id < len(seqs) else len(self._store.columns)
        event = self._store.entry(seq).event if seq < len(self._store.columns) else None
        if isinstance(event, TextPart) and event.text_id == ref.text_id:
            parts.append(event.text)
            self._chars[ref.text_id] += len(event.text)
            if self._chars[ref.text_id] < ref.chars:
                return False
        self._whole[ref.text_id] = "".join(self._parts.pop(ref.text_id))
        self._beginning.pop(ref.text_id, None)
        self.version += 1
        self._forget()
        return True

    def _forget(self) -> None:
        """Keep what was used last, and always the last one."""
        while len(self._whole) > 1 and sum(map(len, self._whole.values())) > MOST_KEPT_CHARS:
            self._whole.popitem(last=False)
