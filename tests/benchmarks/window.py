"""What a person waits for at the window: its first paint, a new event on the map, a frame while a thousand sub-calls go on."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rlm_desktop.program import program_command
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from tests.benchmarks.figure import figure, percentile

STARTS = 7
RUNS = 3
SUB_CALLS, AT_ONCE, REPLY_S = 1_000, 64, 0.05
LONE_CALLS, LONE_REPLY_S = 8, 0.23
_LAST = "```repl\nanswer['content'], answer['ready'] = 'Done.', True\n```"


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    first_paint_s()
    yield figure("window_first_paint", statistics.median(first_paint_s() for _ in range(STARTS)), "s", 0.6)
    delays_s = [delay for _ in range(RUNS) for delay in event_to_pixel_s(LONE_CALLS)]
    yield figure("window_event_to_pixel", statistics.median(delays_s) * 1000, "ms", 50.0)
    yield figure("window_event_to_pixel_p95", percentile(delays_s, 0.95) * 1000, "ms", 50.0)
    frames = [fan_frames_s(SUB_CALLS) for _ in range(RUNS)]
    for name, which in (("window_fan_of_1000_frame_p99", 0), ("window_fan_of_1000_frame_p99_cpu", 1)):
        yield figure(name, statistics.median(percentile(one[which], 0.99) for one in frames) * 1000, "ms", 16.7)
    yield figure("window_fan_of_1000_frame_median", statistics.median(statistics.median(one[0]) for one in frames) * 1000, "ms", 16.7)


def first_paint_s() -> float:
    """Return the seconds from the start of the program's process to its window painted."""
    command = program_command("--measure-first-paint", repr(time.time()))
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return float(json.loads(done.stdout)["first_paint_s"])


def event_to_pixel_s(calls: int) -> list[float]:
    """Return for each of a real run's sub-calls the seconds from when its first event was stamped to when its node was on the screen.

    A frame counts when what the platform holds of the window has a pixel that is not the ground's, where the call's node stands.
    """
    from tests.benchmarks.window_parts import Frames, opened_window

    asks = "\n".join(f"llm_query('What is in part {number}?')" for number in range(calls))
    seen_s: dict[int, float] = {}
    with opened_window() as app, tempfile.TemporaryDirectory() as folder:
        frames = Frames(app)
        canvas = app.window.map
        app.desk.open_runs.start(_request(Path(folder), [f"```repl\n{asks}\n```", _LAST], LONE_REPLY_S))
        run = app.desk.current_run.run
        assert run is not None

        def look(now_s: float) -> None:
            scene = canvas.scene
            if scene is None or not canvas.isVisible():
                return
            for call in range(1, len(run.columns.calls)):
                node = scene.node_of(call)
                if call not in seen_s and node >= 0 and scene.layout.first[node] == call and canvas_shows(app, node):
                    seen_s[call] = now_s

        frames.on_frame = look
        frames.wait_until(lambda: not run.is_live and canvas.is_complete)
        columns, started = run.columns, run.columns.run_started
        assert started is not None
        # The run's clock begins with its first entry, which carries the time of day to the millisecond.
        begin_s = datetime.fromisoformat(started.started_at).timestamp() - float(columns.events["t_s"][0])
        assert seen_s, "No node was seen."
        return [at_s - begin_s - float(columns.calls["started_s"][call]) for call, at_s in seen_s.items()]


def canvas_shows(app: Any, node: int) -> bool:
    """True when the screen holds more than the ground where `node` stands."""
    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtGui import QColor

    canvas, window = app.window.map, app.window
    box, unit = canvas.travel.view.rect(canvas.scene.layout.box(node)), canvas.unit
    place = QRect(round(box.x() * unit), round(box.y() * unit), round(box.width() * unit), round(box.height() * unit))
    place = place.intersected(canvas.rect())
    if place.isEmpty():
        return False
    at = canvas.mapTo(window, QPoint(place.x(), place.y()))
    image = window.screen().grabWindow(window.winId(), at.x(), at.y(), place.width(), place.height()).toImage()
    ground = QColor(canvas.unscaled_theme.c("canvas")).rgb()
    return any(image.pixel(x, image.height() // 2) != ground for x in range(0, image.width(), 2))


def fan_frames_s(sub_calls: int) -> tuple[list[float], list[float]]:
    """Return how long the window's thread was busy for each frame while a real engine ran so many sub-calls: wall clock, and CPU time."""
    from tests.benchmarks.window_parts import Frames, opened_window

    fan = f"notes = llm_query_batched([f'What is in part {{i}}?' for i in range({sub_calls})])"
    with opened_window() as app, tempfile.TemporaryDirectory() as folder:
        frames = Frames(app)
        app.desk.open_runs.start(_request(Path(folder), [f"```repl\n{fan}\n```", _LAST], REPLY_S))
        run = app.desk.current_run.run
        assert run is not None
        # The window's change from the start to a run is not what is asked here.
        frames.wait_until(lambda: len(run.columns.calls) > 1)
        frames.clear()
        frames.wait_until(lambda: not run.is_live)
        assert len(run.columns.calls) == sub_calls + 1
        return frames.worked_s, frames.cpu_s


def _request(folder: Path, turns: Sequence[str], reply_s: float) -> RunRequest:
    """Return a run in which a real engine is given these replies, and each plain sub-call one after `reply_s`."""
    script, document = folder / "script.json", folder / "document.txt"
    script.write_text(json.dumps({"rules": [{"when": "^What is in part", "reply": "Nothing.", "delay_s": reply_s}, *turns]}))
    document.write_text("It was a long road to the town where nobody had been for years.\n" * 1_000)
    return RunRequest(
        question="How long?",
        documents=(DocumentChoice(path=str(document)),),
        model=ModelChoice(name="scripted", provider="scripted", script=str(script)),
        limits=Limits(max_requests_at_once=AT_ONCE),
        trace=str(folder / "run.rlmtrace"),
    )
