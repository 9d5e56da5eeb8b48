"""What is chosen, shared by all views: a call, an iteration of it, or a fan of calls."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`call_id` None: nothing. With `fan`, the calls that one line of `call_id`'s iteration made, named by the id of the first of them."""

    call_id: int | None = None
    iteration: int | None = None
    fan: int | None = None


class Selection(QObject):
    """The one selection. Views say what the person chose; all of them follow `changed`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = Chosen()

    @property
    def chosen(self) -> Chosen:
        return self._chosen

    def choose(self, chosen: Chosen) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self.changed.emit()
