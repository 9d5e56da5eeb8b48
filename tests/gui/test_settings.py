"""Settings come back; a broken file is kept beside and told of; a disk that refuses is told of."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.settings import MOST_RECENT, ModelCard, SettingsFile
from rlm_desktop.trace.events import Limits


def test_what_was_changed_comes_back(qapp: QApplication, tmp_path: Path) -> None:
    first = SettingsFile(tmp_path / "settings.json")
    first.change(theme="dark", models=(ModelCard(card_id="a", name="m"),), custom_limits=Limits(max_cost_usd=None))
    first.remember_cursor(Path("/a"), 7)
    first.save()
    second = SettingsFile(tmp_path / "settings.json")
    assert second.current == first.current and second.problem == ""


def test_a_field_of_a_later_version_is_no_obstacle(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "light", "hologram": true}', "utf-8")
    assert SettingsFile(tmp_path / "settings.json").current.theme == "light"


def test_a_broken_file_is_kept_beside_and_told_of(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": 3}', "utf-8")
    settings = SettingsFile(path)
    assert settings.current.theme == "system"
    assert "settings.json.broken" in settings.problem
    assert (tmp_path / "settings.json.broken").read_text("utf-8") == '{"theme": 3}'


def test_a_disk_that_refuses_is_told_of_once(qapp: QApplication, tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "file").write_text("", "utf-8")
    settings = SettingsFile(tmp_path / "file" / "settings.json")
    settings.failed.connect(said.append)
    settings.change(theme="dark")
    settings.save()
    settings.save()
    assert len(said) == 1 and "cannot be written" in said[0]


def test_the_recent_traces_are_few_and_each_there_once(qapp: QApplication, tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    for number in range(MOST_RECENT + 3):
        settings.remember_recent(Path(f"/{number}"))
    settings.remember_recent(Path("/5"))
    assert settings.current.recent[0] == "/5"
    assert len(settings.current.recent) == len(set(settings.current.recent)) == MOST_RECENT
