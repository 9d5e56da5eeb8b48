"""The run as a bar: how much happened when, marks above, iterations below, one cursor through all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rlm_desktop.gui.bars.replay_axis import Axis
from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import fill, hline, outline, text, vline
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.replay import Replay, iteration_starts
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.trace.codes import EVENT_CODE, STATUS_CODE
from rlm_desktop.trace.events import AnswerSet, CancelAsked, InterruptAsked, Paused

GROWN_MS = 40
BAR_PX = 4
MARK_PX = 12
LIVE_SHARE = 0.985
"""While live, a little room is left at the end for what is to come."""


@dataclass(frozen=True, slots=True)
class Mark:
    seq: int
    kind: Literal["error", "answer", "person"]


def marks_of(run: RunModel) -> list[Mark]:
    """Return what deserves a mark: calls that failed, drafts of the answer, what a person did."""
    columns = run.columns
    calls = columns.calls
    failed = calls["ended_seq"][calls["status"] == STATUS_CODE["error"]]
    found = [Mark(int(seq), "error") for seq in failed if seq >= 0]
    answers = columns.seqs_of_type(EVENT_CODE[AnswerSet])
    root = answers[columns.events["call"][answers] == 0]
    found += [Mark(int(seq), "answer") for seq in root]
    for cls in (Paused, CancelAsked, InterruptAsked):
        found += [Mark(int(seq), "person") for seq in columns.seqs_of_type(EVENT_CODE[cls])]
    return sorted(found, key=lambda mark: mark.seq)


class ReplayTrack(QWidget):
    """`seek_asked` carries the entry under the pointer, `step_asked` a number of entries, `iteration_asked` -1 or 1."""

    seek_asked = Signal(int)
    step_asked = Signal(int)
    iteration_asked = Signal(int)

    def __init__(self, current_run: CurrentRun, replay: Replay, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current, self._replay, self._themes = current_run, replay, themes
        self._run: RunModel | None = None
        self._axis = Axis(np.zeros(0), clock="time", are_gaps_shortened=False)
        self._marks: list[Mark] = []
        self._iterations: list[int] = []
        self._has_focus_ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Place in the run"))
        # While live, entries come more often than the bar can change by a pixel.
        self._grown_timer = QTimer(self)
        self._grown_timer.setSingleShot(True)
        self._grown_timer.setInterval(GROWN_MS)
        self._grown_timer.timeout.connect(self._look_again)
        current_run.changed.connect(self._take_run)
        replay.changed.connect(self._look_again)
        self._take_run()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(400), t.height("replay") - t.px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._themes.current.px(80), self.sizeHint().height())

    def x_of(self, seq: int) -> float:
        """Return where entry `seq` is drawn, in pixels from the left."""
        return self._axis.share(seq) * self._room_px()

    def _room_px(self) -> float:
        return self.width() * (LIVE_SHARE if self._run is not None and self._run.is_live else 1.0)

    def _take_run(self) -> None:
        if self._run is not None:
            self._run.grown.disconnect(self._grown_timer.start)
            self._run.cursor_moved.disconnect(self.update)
            self._run.status_changed.disconnect(self._look_again)
        self._run = self._current.run
        if self._run is not None:
            self._run.grown.connect(self._grown_timer.start)
            self._run.cursor_moved.connect(self.update)
            self._run.status_changed.connect(self._look_again)
        self._look_again()

    def _look_again(self) -> None:
        run = self._run
        times_s = run.columns.events["t_s"] if run is not None else np.zeros(0)
        self._axis = Axis(times_s, clock=self._replay.clock, are_gaps_shortened=self._replay.are_gaps_shortened)
        self._marks = marks_of(run) if run is not None else []
        self._iterations = [int(seq) for seq in iteration_starts(run)] if run is not None else []
        self.update()

    def _seek_to(self, x: float) -> None:
        if self._run is not None and self._run.last_seq >= 0:
            self.seek_asked.emit(self._axis.seq_at(x / max(1.0, self._room_px())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        iterations = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.step_asked.emit(steps[key])
        elif key in iterations:
            self.iteration_asked.emit(iterations[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Whoever uses the mouse sees where they are.
        self._has_focus_ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        bars_top, bars_height = float(t.px(16)), float(t.px(24))
        base = bars_top + bars_height
        cursor = self._run.cursor if self._run is not None else -1
        at = self.x_of(cursor)
        self._paint_bars(p, t, at, bars_top, bars_height)
        hline(p, 0, self.width(), base, t.c("edge"))
        if self._run is not None and self._run.last_seq >= 0:
            self._paint_iterations(p, t, cursor, base)
            self._paint_marks(p, t, cursor)
            x = float(round(at))
            x = max(t.px(5), min(x, self.width() - t.px(5)))
            fill(p, QRectF(x - 1, t.px(6), 2, base - t.px(8)), t.c("ink"), 1)
            knob = t.px(5)
            fill(p, QRectF(x - knob, 0, 2 * knob, 2 * knob), t.c("ink"), knob)
            fill(p, QRectF(x - knob * 0.4, knob * 0.6, knob * 0.8, knob * 0.8), t.c("on_ink"), knob * 0.4)
        if self._has_focus_ring and self.hasFocus():
            outline(p, QRectF(self.rect()), t.c("focus"), t.radius("chip"), 2.0)
        p.end()

    def _paint_bars(self, p: QPainter, t: Theme, at: float, top: float, height: float) -> None:
        """One bar each 4 px; its height is the square root of the count, so that a dense fan does not flatten the rest."""
        bins = max(1, int(self._room_px()) // BAR_PX)
        counts = self._axis.density(bins)
        some = counts[counts > 0]
        if not len(some):
            return
        # A batch starts all its calls in one instant: that one bar may be cut off, so that the others keep their height.
        most = float(np.percentile(some, 98))
        heights = np.clip(height * np.sqrt(counts / most), 1.5, height)
        past: list[QRectF] = []
        future: list[QRectF] = []
        for i in np.flatnonzero(counts).tolist():
            bar = QRectF(i * BAR_PX, top + height - heights[i], BAR_PX - 1, heights[i])
            (past if (i + 0.5) * BAR_PX <= at + BAR_PX / 2 else future).append(bar)
        p.setPen(Qt.PenStyle.NoPen)
        # Upright and on whole pixels from side to side: smoothing would only cost time.
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for bars, role in ((past, "text_3"), (future, "edge")):
            p.setBrush(t.c(role))
            p.drawRects(bars)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_iterations(self, p: QPainter, t: Theme, cursor: int, base: float) -> None:
        if self._run is None or not self._iterations:
            return
        ends = [*self._iterations[1:], self._run.last_seq]
        high = t.px(13)
        last_x = -100.0
        for number, (start, end) in enumerate(zip(self._iterations, ends, strict=True), start=1):
            x, room = self.x_of(start), self.x_of(end) - self.x_of(start)
            if x - last_x < t.px(4):
                continue
            last_x = x
            vline(p, round(x), base, base + high, t.c("edge"))
            if room > t.px(14):
                words = self.tr("iteration {0}").format(number) if room > t.px(74) else str(number)
                row = QRectF(x + t.px(5), base + 1, room - t.px(6), high)
                text(p, row, words, t.ui("caption"), t.c("text_3" if cursor >= start else "text_off"))

    def _paint_marks(self, p: QPainter, t: Theme, cursor: int) -> None:
        """Marks that would lie on one another are one; a failure is shown before anything else."""
        placed: dict[int, Mark] = {}
        for mark in self._marks:
            slot = int(self.x_of(mark.seq)) // MARK_PX
            there = placed.get(slot)
            if there is None or (mark.kind == "error" and there.kind != "error"):
                placed[slot] = mark
        side = t.px(12)
        for mark in placed.values():
            x, is_past = self.x_of(mark.seq), mark.seq <= cursor
            x = max(side / 2, min(x, self.width() - side / 2))
            off = t.c("text_off")
            if mark.kind == "error":
                paint_status(p, "error", QPointF(x, t.px(7)), t, size=t.px(11), colour=None if is_past else off)
            elif mark.kind == "answer":
                paint_icon(p, "flag", QRectF(x - 2, 1, side, side), t.c("text") if is_past else off)
            else:
                paint_icon(p, "hand", QRectF(x - side / 2, 1, side, side), t.c("person") if is_past else off)
