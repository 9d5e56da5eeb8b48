"""What the window remembers from one start to the next: a JSON file. Never a key."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.trace.events import Limits

SAVE_DELAY_MS = 500
MOST_RECENT = 12
MOST_CURSORS = 200

ThemeChoice = Literal["system", "light", "dark"]
KeyFrom = Literal["none", "environment", "key_store", "typed"]


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model that the person entered. A typed key is held by `ModelList` until the window closes, a stored one by the system."""

    card_id: str
    name: str
    base_url: str = ""
    allows_plain_http: bool = False
    """The person's yes to what is sent to another computer crossing the network readable."""
    passes_on: bool = False
    """A server on this computer that is known to send on what it is asked."""
    key_from: KeyFrom = "none"
    key_env: str = ""
    key_stored_as: str = ""
    input_usd_per_million: float | None = None
    output_usd_per_million: float | None = None
    parameters: dict[str, str | int | float | bool] = {}


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Fields that a later version adds are dropped by this one; missing ones have their defaults."""

    theme: ThemeChoice = "system"
    geometry: str = ""
    """`QWidget.saveGeometry`, as hexadecimal digits."""
    sides_px: tuple[int, ...] = ()
    answer_px: int = 0
    models: tuple[ModelCard, ...] = ()
    root_model: str = "builtin"
    sub_model: str = ""
    """Empty: the same as the root model."""
    limits_preset: str = "thorough"
    custom_limits: Limits = Limits(max_cost_usd=2.0)
    recent: tuple[str, ...] = ()
    cursors: dict[str, int] = {}
    """Path of a trace -> the entry its cursor stood on; a trace whose cursor follows the end has none."""
    replay_speed: float = 1.0
    replay_clock: Literal["time", "events"] = "time"
    are_gaps_shortened: bool = False


class SettingsFile(QObject):
    """Holds the settings in force and writes them soon after a change. `failed` carries a sentence."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.problem = ""
        """What was wrong with the file at the start, for the person."""
        self._is_saved = True
        self.current = self._read()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_DELAY_MS)
        self._timer.timeout.connect(self.save)

    def change(self, **fields: object) -> None:
        """Replace fields of the settings by name."""
        changed = msgspec.structs.replace(self.current, **fields)
        if changed != self.current:
            self.current = changed
            self._is_saved = False
            self._timer.start()
            self.changed.emit()

    def remember_recent(self, path: Path) -> None:
        """Put a trace at the head of the recent ones."""
        name = str(path)
        self.change(recent=(name, *(other for other in self.current.recent if other != name))[:MOST_RECENT])

    def remember_cursor(self, path: Path, seq: int | None) -> None:
        """Keep where the cursor stands in a trace; None when it follows the end."""
        name = str(path)
        cursors = {other: at for other, at in self.current.cursors.items() if other != name}
        if seq is not None:
            cursors[name] = seq
        self.change(cursors=dict(list(cursors.items())[-MOST_CURSORS:]))

    def save(self) -> None:
        """Write what changed, by way of a second file: a crash leaves the old settings or the new ones."""
        self._timer.stop()
        if self._is_saved:
            return
        self._is_saved = True
        written = msgspec.json.format(msgspec.json.encode(self.current), indent=2)
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(written)
            beside.replace(self._path)
        except OSError as error:
            words = self.tr("The settings cannot be written to {0}: {1}. What you set holds until the window closes.")
            self.failed.emit(words.format(self._path, error.strerror))

    def _read(self) -> Settings:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            words = self.tr("The settings cannot be read from {0}: {1}. The window starts with its defaults.")
            self.problem = words.format(self._path, error.strerror)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
            self.problem = self._set_aside(error)
        return Settings()

    def _set_aside(self, error: Exception) -> str:
        aside = self._path.with_name(f"{self._path.name}.broken")
        try:
            self._path.replace(aside)
        except OSError as failure:
            raise UserError(f"{self._path} holds no settings ({error}) and cannot be moved away: {failure.strerror}.") from failure
        words = self.tr("{0} holds no settings that this version reads ({1}). It is kept as {2}; the defaults are in force.")
        return words.format(self._path, error, aside.name)
