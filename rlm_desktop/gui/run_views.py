"""What shows a run: map, inspector, answer, documents, replay bar. Made when the window has been painted, or for a run shown before."""

from __future__ import annotations

from rlm_desktop.gui.answer.answer_panel import AnswerPanel
from rlm_desktop.gui.bars.replay_bar import ReplayBar
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.documents.document_page import DocumentPage
from rlm_desktop.gui.inspector.inspector import Inspector
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.map.canvas import MapCanvas


class RunViews:
    """They do not know each other: each follows the current run, and some the selection."""

    def __init__(self, desk: Desk, themes: Themes, turning: Turning) -> None:
        current, selection = desk.current_run, desk.selection
        self.map = MapCanvas(current, selection, themes, turning=turning)
        self.inspector = Inspector(current, selection, themes)
        self.answer = AnswerPanel(current, themes)
        self.document_page = DocumentPage(current, desk.documents, themes)
        self.replay_bar = ReplayBar(current, desk.replay, themes)
