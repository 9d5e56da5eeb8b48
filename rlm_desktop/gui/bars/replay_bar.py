"""The replay bar: play, step, speed and clock, the track, and where the cursor stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from rlm_desktop.gui.bars.replay_track import ReplayTrack
from rlm_desktop.gui.look.button import IconButton, PaintedButton
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.paint import CENTRE, RIGHT, fill, hline, outline, text, text_width
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.replay import Replay
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.present import numbers
from rlm_desktop.trace.player import SPEEDS

FRACTIONS = {0.25: "¼", 0.5: "½"}


def speed_words(speed: float) -> str:
    return f"{FRACTIONS.get(speed, f'{speed:g}')}×"


class Position(PaintedButton):
    """Where the cursor stands, and how much is new beyond it; pressed, it asks to follow."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._event, self._detail, self._new = "", "", ""

    def show_place(self, event: str, detail: str, *, new: str = "") -> None:
        """`event` above, `detail` below; `new` takes the place of `detail` as a pill."""
        if (event, detail, new) != (self._event, self._detail, self._new):
            self._event, self._detail, self._new = event, detail, new
            self.setAccessibleName(in_line(" ".join(part for part in (event, detail, new) if part)))
            self.setEnabled(bool(new))
            self.update()

    def sizeHint(self) -> QSize:
        t = self.theme
        return QSize(t.px(156), t.height("replay") - t.px(8))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        text(p, QRectF(0, t.px(9), box.width(), t.px(18)), self._event, t.ui("body", "strong"), t.c("text"), RIGHT)
        if not self._new:
            text(p, QRectF(0, t.px(29), box.width(), t.px(16)), self._detail, t.ui("caption"), t.c("text_3"), RIGHT)
            return
        font = t.ui("caption", "strong")
        width = min(box.width(), text_width(font, self._new) + t.px(16))
        pill = QRectF(box.width() - width, t.px(30), width, t.px(18))
        fill(p, pill, t.c("ink", 0.88 if self.state() == "hover" else 1.0), pill.height() / 2)
        text(p, pill, self._new, font, t.c("on_ink"), CENTRE)
        if self.hasFocus():
            outline(p, pill.adjusted(-2, -2, 2, 2), t.c("focus"), pill.height() / 2, 2.0)


class ReplayBar(QWidget):
    def __init__(self, current_run: CurrentRun, replay: Replay, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current, self._replay, self._themes = current_run, replay, themes
        self._run: RunModel | None = None
        self._last_seq_seen = -1
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Replay"))
        self.start = self._button("skip-back", self.tr("Start"))
        self.before = self._button("chevron-left", self.tr("Event before"))
        self.play = self._button("play", self.tr("Play"))
        self.after = self._button("chevron-right", self.tr("Event after"))
        self.end = self._button("skip-forward", self.tr("End, and follow"))
        self.speed = Picker(themes, self.tr("Speed"), parent=self)
        self.clock = Picker(themes, self.tr("Clock"), parent=self)
        self.track = ReplayTrack(current_run, replay, themes, parent=self)
        self.position = Position(themes, parent=self)
        self._row = QHBoxLayout(self)
        for button in (self.start, self.before, self.play, self.after, self.end):
            self._row.addWidget(button)
        self._row.addSpacing(themes.current.px(6))
        self._row.addWidget(self.speed)
        self._row.addSpacing(themes.current.px(2))
        self._row.addWidget(self.clock)
        self._row.addSpacing(themes.current.px(12))
        self._row.addWidget(self.track, 1)
        self._row.addSpacing(themes.current.px(12))
        self._row.addWidget(self.position)
        self._wire()
        self._measure()
        self._take_run()
        self._show_settings()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(900), t.height("replay"))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._themes.current.height("replay"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        t = self._themes.current
        p.fillRect(self.rect(), t.c("chrome"))
        hline(p, 0, self.width(), 0, t.c("hair"))
        p.end()

    def _button(self, icon: str, name: str) -> IconButton:
        return IconButton(self._themes, icon, name, is_small=False, parent=self)

    def _wire(self) -> None:
        replay = self._replay
        self.start.clicked.connect(replay.to_start)
        self.before.clicked.connect(lambda: replay.step(-1))
        self.play.clicked.connect(replay.toggle)
        self.after.clicked.connect(lambda: replay.step(1))
        self.end.clicked.connect(replay.to_end)
        self.position.clicked.connect(replay.to_end)
        self.track.seek_asked.connect(replay.seek)
        self.track.step_asked.connect(replay.step)
        self.track.iteration_asked.connect(replay.step_iteration)
        self.speed.picked.connect(lambda key: replay.set_speed(float(key)))
        self.clock.picked.connect(self._set_clock)
        replay.changed.connect(self._show_settings)
        self._current.changed.connect(self._take_run)

    def _measure(self) -> None:
        t = self._themes.current
        self._row.setContentsMargins(t.space("xl"), t.px(4), t.space("xl"), t.px(4))
        self._row.setSpacing(t.px(2))

    def _set_clock(self, key: str) -> None:
        self._replay.shorten_gaps(key == "short")
        self._replay.set_clock("events" if key == "events" else "time")

    def _show_settings(self) -> None:
        replay = self._replay
        self.speed.set_options([Option(key=str(speed), words=speed_words(speed)) for speed in SPEEDS], current=str(replay.speed))
        clocks = (
            Option(key="time", words=self.tr("Time")),
            Option(key="short", words=self.tr("Time"), detail=self.tr("waits cut to 2 s")),
            Option(key="events", words=self.tr("Events")),
        )
        current = "events" if replay.clock == "events" else "short" if replay.are_gaps_shortened else "time"
        self.clock.set_options(clocks, current=current)
        self.play.set_icon("pause" if replay.is_playing else "play")
        self.play.set_name(self.tr("Pause the replay") if replay.is_playing else self.tr("Play"))

    def _take_run(self) -> None:
        if self._run is not None:
            for signal in (self._run.grown, self._run.cursor_moved, self._run.status_changed):
                signal.disconnect(self._show_place)
            self._run.following_changed.disconnect(self._following_changed)
        self._run = self._current.run
        if self._run is not None:
            for signal in (self._run.grown, self._run.cursor_moved, self._run.status_changed):
                signal.connect(self._show_place)
            self._run.following_changed.connect(self._following_changed)
            self._last_seq_seen = self._run.last_seq
        for widget in (self.start, self.before, self.play, self.after, self.end, self.track):
            widget.setEnabled(self._run is not None)
        self._show_place()

    def _following_changed(self, is_following: bool) -> None:
        if not is_following and self._run is not None:
            self._last_seq_seen = self._run.last_seq
        self._show_place()

    def _show_place(self) -> None:
        run = self._run
        if run is None or run.last_seq < 0:
            self.position.show_place("", "")
            return
        event = self.tr("Event {0}").format(numbers.count(run.cursor + 1))
        detail = self.tr("of {0} · {1}").format(numbers.count(run.last_seq + 1), numbers.duration(run.as_of().t_s))
        new = ""
        if run.is_live and not run.is_following:
            count = run.last_seq - self._last_seq_seen
            new = self.tr("{0} new · End to follow").format(numbers.count(count)) if count else self.tr("End to follow")
        self.position.show_place(event, detail, new=new)
