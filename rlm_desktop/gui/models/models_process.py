"""What the models page asks of the engine's side: servers, models, whether one replies, keeping a key. One process a question."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.child_process import ChildProcess
from rlm_desktop.program import program_command
from rlm_desktop.servers.providers import FoundServer
from rlm_desktop.trace.request import ModelChoice

TIMEOUT_MS = 180_000
"""More than a test of a model takes at the most, which may have to be loaded first, after its key was waited for."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: one of the first four is there."""

    models: tuple[str, ...] | None = None
    servers: tuple[FoundServer, ...] | None = None
    message: str | None = None
    error: str | None = None
    has_no_list: bool = False
    """Beside a message: the server can be asked nothing for free, so the key is not tested yet."""


class ModelsProcess(QObject):
    """`replied` carries a `Reply`, once, then this may go. A key goes in on stdin and never comes back."""

    replied = Signal(object)

    def __init__(self, parent: QObject | None = None, *, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._reply: Reply | None = None
        self._child = ChildProcess(command or program_command("models", "--request", "-"), self)
        self._child.lines_received.connect(self._take)
        self._child.ended.connect(self._end)

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    def list_models(self, model: ModelChoice) -> None:
        self._ask({"action": "list", "model": model})

    def test(self, model: ModelChoice) -> None:
        self._ask({"action": "test", "model": model})

    def test_key(self, model: ModelChoice) -> None:
        self._ask({"action": "test_key", "model": model})

    def find_local(self) -> None:
        self._ask({"action": "local"})

    def store_key(self, name: str, key: str) -> None:
        self._ask({"action": "store_key", "name": name, "key": key})

    def delete_key(self, name: str) -> None:
        self._ask({"action": "delete_key", "name": name})

    def cancel(self) -> None:
        """End it at once; `replied` comes with what it had said by then, or with an error."""
        self._child.kill()

    def abandon(self) -> None:
        self._child.abandon()

    def _ask(self, request: dict[str, object]) -> None:
        self._child.start(msgspec.json.encode(request) + b"\n")
        self._child.kill_after(TIMEOUT_MS)

    def _take(self, lines: list[bytes]) -> None:
        try:
            self._reply = msgspec.json.decode(lines[-1], type=Reply)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            self._reply = Reply(error=self.tr("The answer cannot be read: {0}.").format(error))

    def _end(self) -> None:
        why = self._child.complaint or self.tr("No answer came within {0} seconds.").format(TIMEOUT_MS // 1000)
        self.replied.emit(self._reply or Reply(error=why))
