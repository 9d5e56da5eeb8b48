"""What is believed of a process depends on what its system shows of it from outside."""

from __future__ import annotations

import sys

import pytest

from rlm_desktop.sandbox.child import seatbelt
from rlm_desktop.sandbox.claims import CLAIMS, Outside, claims_of, look
from rlm_desktop.sandbox.values import Claim, Try

PROFILE = Outside(is_known=True, has_profile=True)
FILTER = Outside(is_known=True, has_no_new_privileges=True, is_filtered=True)
REFUSED = [(name, Try(tried="it", outcome="EPERM", held=True)) for name in CLAIMS]


def network(outside: Outside) -> Claim:
    (found,) = (claim for claim in claims_of("required", REFUSED, outside) if claim.name == "network")
    return found


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        (FILTER, "a filter of system calls and no new privileges"),
        (PROFILE, "a Seatbelt profile"),
        (Outside(is_known=True), ""),
        (Outside(is_known=True, is_filtered=True), ""),
        (Outside(is_known=True, has_no_new_privileges=True), ""),
        (Outside(has_no_new_privileges=True, is_filtered=True, has_profile=True), ""),
    ],
)
def test_only_what_confines_is_shown(outside: Outside, shown: str) -> None:
    assert outside.shown == shown


def test_on_macos_the_profile_is_looked_for_and_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(seatbelt, "is_confined", lambda pid: pid == 42)
    assert look(42) == PROFILE and look(43) == Outside(is_known=True)
    assert network(PROFILE).held and "from outside the kernel shows a Seatbelt profile" in network(PROFILE).evidence
    assert not network(Outside(is_known=True)).held and "shows no Seatbelt profile" in network(Outside(is_known=True)).evidence


def test_on_windows_it_was_looked_at_when_it_was_born(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert look(42) == Outside() and network(Outside()).held
