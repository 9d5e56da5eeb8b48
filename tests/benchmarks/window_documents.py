"""What a drop of a large repository costs the window's frames."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import figure, percentile
from tests.benchmarks.made_files import repository

FILES = 5_000


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures: how long the window's thread was busy for each frame from the drop to the last of the documents."""
    from tests.benchmarks.window_parts import Frames, opened_window

    with opened_window() as app, tempfile.TemporaryDirectory() as folder:
        path = repository(Path(folder) / "repository", FILES)
        frames = Frames(app)
        # What a window makes after its first paint, and counts to the next, is not what is asked here.
        frames.wait_until(lambda: app.is_ready)
        frames.clear()
        app.window.update()
        frames.wait_until(lambda: bool(frames.cpu_s))
        frames.clear()
        app.desk.take([path])
        frames.wait_until(lambda: not app.desk.reading.is_reading)
        assert sum(document.is_usable for document in app.desk.documents.documents) == FILES
        yield figure("window_documents_5000_files_worst_frame", max(frames.worked_s) * 1000, "ms", 33.0)
        yield figure("window_documents_5000_files_worst_frame_cpu", max(frames.cpu_s) * 1000, "ms", 33.0)
        yield figure("window_documents_5000_files_frame_p95", percentile(frames.worked_s, 0.95) * 1000, "ms", 33.0)
        frames.clear()
        app.window.document_page.show_document(next(d.read for d in app.desk.documents.documents if d.read is not None))
        app.desk.documents.clear()
        frames.wait_until(lambda: bool(frames.worked_s))
        yield figure("window_documents_5000_removed_frame", max(frames.worked_s) * 1000, "ms", 33.0)
