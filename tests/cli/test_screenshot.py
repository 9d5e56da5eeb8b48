"""`rlm-desktop screenshot`: pictures without a display."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests import traces
from tests.cli.program import program


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}


def test_a_picture_has_the_size_theme_and_scale_that_were_asked_for(tmp_path: Path) -> None:
    trace, out = traces.sample(tmp_path / "x.rlmtrace"), tmp_path / "out.png"
    done = program(
        "screenshot", trace, "-o", out, "--size", "1280x800", "--scale", "2", "--theme", "dark", "--select", "1205", "--at", "3000"
    )
    assert done.returncode == 0, done.stderr
    image = QImage(str(out))
    assert (image.width(), image.height()) == (2_560, 1_600)
    assert image.pixelColor(20, 1_000).lightness() < 60
    # Not a blank: a map in the colours of kinds, with text.
    assert len(colours(image)) > 30


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--size", "10x10"], 2, "not between"),
        (["--size", "large"], 2, "no size"),
        (["--select", "99999"], 2, "no call 99999"),
        (["--at", "-5"], 2, "no entry -5"),
    ],
)
def test_wrong_use_is_said(tmp_path: Path, options: list[str], status: int, says: str) -> None:
    trace = traces.wide(tmp_path / "x.rlmtrace", 5)
    done = program("screenshot", trace, "-o", tmp_path / "out.png", *options)
    assert (done.returncode, says in done.stderr.decode()) == (status, True)
    assert not (tmp_path / "out.png").exists()


def test_no_trace_is_said(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("hello")
    for path in (other, tmp_path / "missing"):
        done = program("screenshot", path, "-o", tmp_path / "out.png")
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
