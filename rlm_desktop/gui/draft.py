"""The run that is being prepared: question, documents, models, limits; what is missing, and the request it becomes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.limit_presets import CUSTOM, limits_of
from rlm_desktop.gui.models.model_list import BUILTIN_ID, ModelList
from rlm_desktop.gui.settings import SettingsFile
from rlm_desktop.redact import LIVE
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.request import RunRequest


class Draft(QObject):
    """`changed`: anything of it, what is missing included."""

    changed = Signal()

    def __init__(self, documents: DocumentList, models: ModelList, settings: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents, self._models, self._settings = documents, models, settings
        self._question = ""
        documents.documents_changed.connect(self.changed)
        models.changed.connect(self.changed)

    @property
    def question(self) -> str:
        return self._question

    def set_question(self, question: str) -> None:
        if question != self._question:
            self._question = question
            self.changed.emit()

    @property
    def root_model(self) -> str:
        wanted = self._settings.current.root_model
        return wanted if self._models.card(wanted) is not None else BUILTIN_ID

    @property
    def sub_model(self) -> str:
        """Empty: the root model serves the sub-calls too."""
        wanted = self._settings.current.sub_model
        return wanted if wanted == BUILTIN_ID or self._models.card(wanted) is not None else ""

    def set_root_model(self, card_id: str) -> None:
        self._settings.change(root_model=card_id)
        self.changed.emit()

    def set_sub_model(self, card_id: str) -> None:
        self._settings.change(sub_model=card_id)
        self.changed.emit()

    @property
    def preset(self) -> str:
        return self._settings.current.limits_preset

    def set_preset(self, preset: str) -> None:
        self._settings.change(limits_preset=preset)
        self.changed.emit()

    @property
    def limits(self) -> Limits:
        return limits_of(self.preset, self._settings.current.custom_limits)

    def set_custom_limits(self, limits: Limits) -> None:
        self._settings.change(custom_limits=limits, limits_preset=CUSTOM)
        self.changed.emit()

    @property
    def hosts(self) -> list[str]:
        return [self._models.host(self.root_model), self._models.host(self.sub_model or self.root_model)]

    @property
    def is_free(self) -> bool:
        return self._models.is_free(self.root_model) and self._models.is_free(self.sub_model or self.root_model)

    def missing(self) -> str:
        """Return why it cannot be run now, as a sentence; empty when it can."""
        found = self._documents.summary
        if not found.documents and not self._question.strip():
            return self.tr("Add a document and type a question first.")
        if not found.documents:
            return self.tr("Add a document first: drop it on the window, or choose it with +.")
        if found.unread:
            return self.tr("{0} is still being read.").format(found.unread)
        if not found.has_usable:
            return self.tr("None of the documents can be read. Add another one.")
        if not self._question.strip():
            return self.tr("Type a question first.")
        return self._models.missing(self.root_model) or (self._models.missing(self.sub_model) if self.sub_model else "")

    def request(self, trace: Path) -> RunRequest:
        """Return what the engine is asked for. `trace` is where it writes. A key of a model is in no question."""
        return RunRequest(
            question=LIVE.exact(self._question.strip()),
            documents=tuple(document.choice() for document in self._documents.documents if document.is_usable),
            model=self._models.choice(self.root_model),
            sub_model=self._models.choice(self.sub_model) if self.sub_model else None,
            limits=self.limits,
            trace=str(trace),
        )
