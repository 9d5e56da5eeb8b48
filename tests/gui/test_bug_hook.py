"""A bug reaches the hook as a report: from a slot, from an override of Qt's, from a thread."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from rlm_desktop.gui.bug_hook import BugHook
from rlm_desktop.redact import LIVE

def fail():
    key = "canary-" + "hook-0123456789"
    raise LookupError(f"nothing is known of {key}")

class Faulty(QWidget):
    def paintEvent(self, event):
        if WHERE == "override":
            fail()

LIVE.add("canary-hook-0123456789")
WHERE = "{where}"
app = QApplication([])
hook = BugHook(app)
found = []
hook.found.connect(found.append)
widget = Faulty()
if WHERE == "slot":
    QTimer.singleShot(0, fail)
if WHERE == "thread":
    threading.Thread(target=fail).start()
widget.show()
QTimer.singleShot(200, app.quit)
app.exec()
print("found" if "nothing is known of ***" in found[0] else found)
"""


@pytest.mark.parametrize("where", ["override", "slot", "thread"])
def test_an_error_reaches_the_hook_without_keys_and_the_program_goes_on(where: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    program = PROGRAM.replace("{where}", where)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "found"), done.stderr
    assert "LookupError" in done.stderr
    assert "canary-hook-0123456789" not in done.stderr
