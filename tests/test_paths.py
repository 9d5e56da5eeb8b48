"""Where the program's own files lie."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rlm_desktop import paths
from rlm_desktop.errors import UserError


def test_everything_written_lies_below_the_named_home(home: Path) -> None:
    for path in (paths.cache_folder(), paths.texts_folder(), paths.runs_folder(), paths.settings_file()):
        assert path.is_relative_to(home)
    assert paths.texts_folder().is_relative_to(paths.cache_folder())


def test_nothing_is_made_before_it_is_asked_for(home: Path) -> None:
    paths.resource("icons")
    assert list(home.iterdir()) == []
    paths.settings_file()
    assert list(home.iterdir()) == []
    assert paths.runs_folder().is_dir()


def test_the_home_is_followed_when_the_variable_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "elsewhere"))
    assert paths.runs_folder().is_relative_to(tmp_path / "elsewhere")


def test_a_relative_home_is_meant_from_the_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(paths.HOME_VARIABLE, "here")
    assert paths.settings_file() == tmp_path / "here" / "settings.json"


def test_without_a_named_home_the_folders_are_those_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    monkeypatch.setattr(
        paths, "_DIRS", type("Dirs", (), {n: tmp_path / n for n in ("user_cache_path", "user_data_path", "user_config_path")})
    )
    assert paths.cache_folder() == tmp_path / "user_cache_path"
    assert paths.runs_folder() == tmp_path / "user_data_path" / "runs"
    assert paths.settings_file() == tmp_path / "user_config_path" / "settings.json"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_a_made_folder_is_its_owners_alone() -> None:
    assert stat.S_IMODE(paths.texts_folder().stat().st_mode) & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "file" / "home"))
    with pytest.raises(UserError, match=r"cannot be made: .*RLM_DESKTOP_HOME"):
        paths.cache_folder()


def test_resources_are_found_in_a_checkout() -> None:
    assert paths.resource() == Path(__file__).resolve().parent.parent / "resources"


def test_resources_inside_the_package_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "_resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path)
    assert paths.resource("icons").is_dir()
