"""How the models' code of the run that is shown is confined: every claim with what was tried for it, and what remains possible."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from rlm_desktop.gui.claims import ICONS
from rlm_desktop.gui.clipboard import copy_words
from rlm_desktop.gui.confinement.claim_block import ClaimBlock, ClaimHead
from rlm_desktop.gui.confinement.standing_head import StandingHead
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.look.controls import CodeWords, Words
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import ReadingColumn
from rlm_desktop.present.confinement import MOST_CLAIMS, REQUIRED, Confinement, differing, on_one_line, remains
from rlm_desktop.present.confinement_text import as_text, explained, left_out
from rlm_desktop.program import spoken_command
from rlm_desktop.trace.events import SandboxStarted

COLUMN_PX = 760
"""Wider, a row is hard to follow from its name to its state."""


class ConfinementPage(ReadingColumn):
    """Shows the sandbox of the chosen call, else the root's, and how many others there are that hold the same."""

    def __init__(self, desk: Desk, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, COLUMN_PX, parent=parent)
        self._desk = desk
        self._text = ""
        self._shown: tuple[object, ...] | None = None
        desk.confinement.changed.connect(self.show_now)
        desk.selection.changed.connect(self.show_now)
        desk.current_run.changed.connect(self.show_now)

    def text(self) -> str:
        """Return the page as text, as it is copied."""
        return self._text

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_now()

    def show_now(self) -> None:
        """Show how the run stands, if the page is seen and that is another than it shows."""
        if not self.isVisible():
            return
        confined, sandboxes = self._desk.confinement.now, self._desk.confinement.sandboxes()
        shown = _chosen(sandboxes, self._desk.selection.chosen.call_id) or confined.sandbox
        place = self._place(shown, sandboxes) if shown is not None else ""
        if (confined, shown, place) == self._shown:
            return
        self._shown = (confined, shown, place)
        self._text = as_text(confined, shown, place)
        self._fill(confined, shown, place)

    def _place(self, shown: SandboxStarted, sandboxes: list[SandboxStarted]) -> str:
        """Return whose sandbox it is, what holds it, and how the others are."""
        of = self.tr("Sandbox of the root") if shown.call_id == 0 else self.tr("Sandbox of call #{0}").format(shown.call_id)
        is_held = any(claim.held for claim in shown.claims)
        words = [of, self.tr("held by {0}").format(on_one_line(shown.back_end)) if is_held else self.tr("held by nothing")]
        others = len(sandboxes) - 1
        if others > 0:
            differ = differing(sandboxes, shown)
            alike = self.tr("1 other alike") if others == 1 else self.tr("{0} others alike").format(others)
            words.append(alike if not differ else self.tr("{0} of {1} others differ").format(differ, others))
        return " · ".join(words)

    def _fill(self, confined: Confinement, shown: SandboxStarted | None, place: str) -> None:
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        themes, add = self._themes, self.column.addWidget
        head = StandingHead(themes, ICONS[confined.standing], confined.summary, explained(confined), is_warning=confined.is_lowered)
        add(head)
        add(self._row_of_acts(place))
        required = confined.required or (REQUIRED if confined.standing != "open" else ())
        if shown is not None:
            for claim in shown.claims[:MOST_CLAIMS]:
                if _is_one_story(shown):
                    add(ClaimHead(themes, claim.name, is_required=claim.name in required, claim=claim))
                else:
                    add(ClaimBlock(themes, claim, is_required=claim.name in required))
            if len(shown.claims) > MOST_CLAIMS:
                add(Words(themes, left_out(len(shown.claims) - MOST_CLAIMS), size="small", role="text_3"))
        elif confined.standing == "promised":
            for name in confined.required:
                add(ClaimHead(themes, name, is_required=True, claim=None))
        if confined.standing in ("held", "partly", "promised"):
            add(self._title(self.tr("What remains possible")))
            for words in remains(shown.claims if shown is not None else ()):
                add(Words(themes, words, size="small", role="text_2", wraps=True))
        add(self._title(self.tr("What this computer can do")))
        add(
            Words(
                themes,
                self.tr("In a terminal, this says what is tried here, how it comes out and what to do:"),
                size="small",
                role="text_2",
                wraps=True,
            )
        )
        add(self._command(spoken_command("doctor")))
        self.column.addStretch(1)

    def _title(self, words: str) -> Words:
        made = Words(self._themes, words, weight="strong")
        made.setContentsMargins(0, self._themes.current.space("l"), 0, 0)
        return made

    def _command(self, command: str) -> Words:
        made = CodeWords(self._themes, command, role="text_2")
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        return made

    def _row_of_acts(self, place: str) -> QWidget:
        row = QWidget(self.body)
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(Words(self._themes, place, size="small", role="text_3", wraps=True), 1)
        copy = QPushButton(self.tr("Copy as text"), row)
        copy.setFont(self._themes.current.ui("small", "medium"))
        copy.clicked.connect(lambda: copy_words(self._text))
        across.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        return row


def _is_one_story(sandbox: SandboxStarted) -> bool:
    """True where nothing was tried and all claims say the same, which the head of the page says already."""
    return len({claim.evidence for claim in sandbox.claims}) == 1 and not any(claim.tries for claim in sandbox.claims)


def _chosen(sandboxes: list[SandboxStarted], call_id: int | None) -> SandboxStarted | None:
    """Return the last sandbox of a call, else of the root."""
    for wanted in (call_id, 0):
        found = [sandbox for sandbox in sandboxes if sandbox.call_id == wanted]
        if found:
            return found[-1]
    return None
