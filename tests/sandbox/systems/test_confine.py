"""How a child confines itself on other systems: in which order, and what is said where that fails."""

from __future__ import annotations

import sys

import pytest

from rlm_desktop.sandbox.child import seatbelt, windows_tries
from rlm_desktop.sandbox.child.confine import NotConfined, confine

HOME = "/Users/someone"


def test_on_macos_the_home_is_asked_for_before_the_profile_is_on_as_nobody_answers_then(monkeypatch: pytest.MonkeyPatch) -> None:
    did: list[object] = []

    def home_folder() -> str:
        did.append("asked for the home")
        return HOME

    def apply(readable: list[str], home: str) -> str:
        did.append(("confined", readable[-1], home))
        return "Seatbelt"

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(seatbelt, "home_folder", home_folder)
    monkeypatch.setattr(seatbelt, "apply", apply)
    monkeypatch.setattr(seatbelt, "tries", lambda home: [("network", home, "EPERM", True)])
    assert confine(more_readable=["/more"]) == ("Seatbelt", [("network", HOME, "EPERM", True)])
    assert did == ["asked for the home", ("confined", "/more", HOME)]


def test_on_macos_the_reason_of_a_refusal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_readable: object, _home: object) -> str:
        raise OSError("line 3: unbound variable")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(seatbelt, "home_folder", lambda: HOME)
    monkeypatch.setattr(seatbelt, "apply", refuse)
    with pytest.raises(NotConfined, match="Seatbelt, .* does not work here: line 3: unbound variable."):
        confine()


@pytest.mark.skipif(sys.platform == "win32", reason="a home is asked for otherwise there")
def test_who_has_no_home_has_none_that_could_be_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_number: int) -> None:
        raise KeyError("uid not found")

    monkeypatch.setattr("pwd.getpwuid", nobody)
    with pytest.raises(OSError, match="knows no home"):
        seatbelt.home_folder()


def test_on_windows_a_child_is_confined_only_if_it_was_born_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("SYSTEMROOT", "C:\\Windows")
    monkeypatch.setattr(windows_tries, "tries", lambda root: [("network", root, "EACCES", True)])
    monkeypatch.setattr(windows_tries, "is_app_container", lambda: True)
    assert confine() == ("AppContainer, job", [("network", "C:\\Windows", "EACCES", True)])
    monkeypatch.setattr(windows_tries, "is_app_container", lambda: False)
    with pytest.raises(NotConfined, match="without an AppContainer"):
        confine()
