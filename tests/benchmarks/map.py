"""How fast the map is: laid out and painted at 100,000 calls, and frame by frame while a fan of 1,000 comes in."""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.map.canvas import MapCanvas
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.present.iteration_rows import IterationRows
from rlm_desktop.present.layout import lay_out
from rlm_desktop.present.wires import Wires
from rlm_desktop.trace.store import TraceStore
from tests import traces
from tests.benchmarks.figure import figure, percentile

FRAME_MS = 16.7
LAYOUT_MS = 60.0
_ZOOMS = {"card": 1.0, "title": 0.45, "bar": 0.17, "dot": 0.04, "merged": 0.002, "all": 0.0}
_PAN_FRAMES = 80
_LIVE_BATCH = 24
"""Events a frame: a fan of 1,000 is 4,000 events, which come in within three seconds."""


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    # As in the window, which collects between frames.
    gc.disable()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _warm_up(folder)
        yield from _of_a_fan(folder)
        yield from _of_a_tree(folder)
        yield from _live(folder)
    gc.enable()
    del application


def _warm_up(folder: Path) -> None:
    """Paint once: what the first frame of a process pays for (fonts, icons, Qt's names) is part of its start, not of the map."""
    canvas = _canvas(RunModel(TraceStore.open(traces.sample(folder / "small.rlmtrace", width=30)), is_live=False))
    image = QImage(QSize(1_200, 800), QImage.Format.Format_RGB32)
    for zoom in _ZOOMS.values():
        canvas.travel.zoom_to(zoom or 1.0)
        canvas.render(image)
    canvas.deleteLater()


def _of_a_tree(folder: Path) -> Iterator[dict[str, Any]]:
    """111,974 calls in as many nodes: no fan takes any of them away."""
    store = TraceStore.open(traces.bush(folder / "tree.rlmtrace", deepest=6, branches=6))
    assert len(store.columns.calls) > 100_000
    yield figure("map_layout_100k_tree", _layout_ms(store), "ms", LAYOUT_MS)
    canvas = _canvas(RunModel(store, is_live=False))
    yield from _panning(canvas, "tree")
    canvas.deleteLater()


def _of_a_fan(folder: Path) -> Iterator[dict[str, Any]]:
    store = TraceStore.open(traces.wide(folder / "wide.rlmtrace", 100_000, failed=(7, 70_000)))
    yield figure("map_layout_100k_fan", _layout_ms(store), "ms", LAYOUT_MS)
    canvas = _canvas(RunModel(store, is_live=False))
    yield from _panning(canvas, "fan")
    canvas.deleteLater()


def _layout_ms(store: TraceStore) -> float:
    def measured() -> float:
        started = time.perf_counter()
        Wires(lay_out(store.columns, IterationRows(store.columns)))
        return (time.perf_counter() - started) * 1e3

    return statistics.median(measured() for _ in range(5))


def _canvas(run: RunModel) -> MapCanvas:
    current, selection, themes = CurrentRun(), Selection(), Themes(choice="light", unit=1.0)
    current.show(run)
    canvas = MapCanvas(current, selection, themes)
    for part in (current, selection, themes):
        part.setParent(canvas)
    canvas.resize(1_200, 800)
    selection.choose(Chosen(call_id=0))
    canvas.show()
    return canvas


def _panning(canvas: MapCanvas, what: str) -> Iterator[dict[str, Any]]:
    """Pan steadily downwards in the middle of the tree, 20 px a frame, from the first frame at a zoom on."""
    image = QImage(QSize(1_200, 800), QImage.Format.Format_RGB32)
    for level, zoom in _ZOOMS.items():
        if zoom:
            canvas.travel.zoom_to(zoom)
            _to_the_middle(canvas, canvas.scene)
        else:
            canvas.fit()
        frames_ms = []
        for _ in range(_PAN_FRAMES):
            started = time.perf_counter()
            canvas.travel.pan(-1, -20 if zoom else -1)
            canvas.render(image)
            frames_ms.append((time.perf_counter() - started) * 1e3)
        yield figure(f"map_paint_{what}_{level}_median", statistics.median(frames_ms), "ms", FRAME_MS)
        yield figure(f"map_paint_{what}_{level}_worst", max(frames_ms), "ms", FRAME_MS)


def _to_the_middle(canvas: MapCanvas, scene: Scene | None) -> None:
    if scene is not None:
        node = (int(scene.layout.columns[-2]) + len(scene.layout)) // 2
        box = scene.layout.box(node)
        canvas.travel.show_at(box.x, box.y)


def _live(folder: Path) -> Iterator[dict[str, Any]]:
    """What the map takes of each frame while events come in: taking them up, laying out, painting."""
    lines = traces.wide(folder / "live.rlmtrace", 1_000, failed=(300, 301)).read_bytes().splitlines(keepends=True)
    store = TraceStore(folder / "live.rlmtrace")
    store.append_lines(lines[:10])
    run = RunModel(store, is_live=True)
    canvas = _canvas(run)
    busy_ms = []
    for start in range(10, len(lines), _LIVE_BATCH):
        until = time.perf_counter() + FRAME_MS / 1e3
        taken = time.perf_counter()
        run.append_lines(lines[start : start + _LIVE_BATCH])
        busy = time.perf_counter() - taken
        while time.perf_counter() < until:
            turned = time.perf_counter()
            QApplication.processEvents()
            busy += time.perf_counter() - turned
            time.sleep(0.001)
        busy_ms.append(busy * 1e3)
    yield figure("map_live_fan_1000_median", statistics.median(busy_ms), "ms", FRAME_MS)
    yield figure("map_live_fan_1000_p99", percentile(busy_ms, 0.99), "ms", FRAME_MS)
    canvas.deleteLater()
