"""Qt's bindings hold up: 6.12.0 on Python 3.11 dropped a reference to None and True at most calls and aborted within seconds."""

from __future__ import annotations

import os
import subprocess
import sys

TIMES = 20_000

SCRIPT = f"""
import sys
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from rlm_desktop.gui.look.glyphs import paint_kind, paint_status
from rlm_desktop.gui.look.paint import fill, hline, outline, text
from rlm_desktop.gui.look.theme import Themes

app = QApplication([])
themes = Themes(choice="light", unit=1.0)
theme = themes.current

class Teller(QObject):
    told = Signal(object, bool)

teller = Teller()
heard = []
teller.told.connect(lambda what, flag: heard.append((what, flag)))
image = QImage(64, 32, QImage.Format.Format_ARGB32_Premultiplied)
box = QRectF(0, 0, 64, 32)
font, ink = theme.ui(), theme.c("text")
for turn in range({TIMES}):
    p = QPainter(image)
    p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    fill(p, box, theme.c("card"), 4)
    outline(p, box, theme.c("edge"), 4)
    hline(p, 0, 64, 20, theme.c("hair"))
    text(p, box, "$0.41", font, ink)
    paint_status(p, "running", QPointF(50, 10), theme)
    paint_kind(p, "rlm", QRectF(4, 4, 10, 10), ink)
    p.end()
    teller.told.emit(None, turn % 2 == 0)
assert len(heard) == {TIMES} and heard[-1] == (None, False)
assert sys.getrefcount(None) > 100
print("whole")
"""


def test_painting_and_telling_twenty_thousand_times_does_not_abort() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=False, timeout=100)
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr
