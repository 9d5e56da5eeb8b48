"""The entries of what is chosen as they stand in the trace: JSON, set out for reading, unknown fields included."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from rlm_desktop.errors import UserError
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.trace.store import TraceStore

SLICE_S = 0.005


class RawView(TextView):
    """Reads in slices; the view shows what is there, and the whole when it is."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent, face="output")
        self.setAccessibleName(self.tr("Raw entries"))
        self._seqs: tuple[int, ...] = ()
        self._store: TraceStore | None = None
        self._parts: list[str] = []
        self._reading_on: Iterator[str] = iter(())
        self._slices = QTimer(self)
        self._slices.timeout.connect(self._go_on)

    def show_entries(self, store: TraceStore, seqs: Sequence[int], *, keeps_place: bool) -> None:
        """Show the entries with these numbers."""
        if self._store is store and tuple(seqs) == self._seqs:
            return
        grows = keeps_place and self._store is store and tuple(seqs[: len(self._seqs)]) == self._seqs and not self._slices.isActive()
        known = len(self._seqs) if grows else 0
        self._store, self._seqs = store, tuple(seqs)
        if not grows:
            self._parts = []
        self._reading_on = (pretty(store, seq) for seq in seqs[known:])
        self._take_slice()
        self.set_text("\n".join(self._parts), keeps_place=grows)

    def stop(self) -> None:
        """Read no further."""
        self._slices.stop()

    def _go_on(self) -> None:
        self._take_slice()
        if not self._slices.isActive():
            self.set_text("\n".join(self._parts), keeps_place=True)

    def _take_slice(self) -> None:
        end_s = time.monotonic() + SLICE_S
        try:
            for part in self._reading_on:
                self._parts.append(part)
                if time.monotonic() > end_s:
                    if not self._slices.isActive():
                        self._slices.start(0)
                    return
        except UserError as error:
            self._parts.append(str(error))
        self._slices.stop()


def pretty(store: TraceStore, seq: int) -> str:
    """Return one entry over several lines; one that is no JSON as it stands."""
    raw = store.raw(seq)
    try:
        return msgspec.json.format(raw, indent=2).decode("utf-8", "replace")
    except msgspec.DecodeError:
        return raw.decode("utf-8", "replace")
