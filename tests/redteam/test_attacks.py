"""No attack works on a confined sandbox, as an ordinary person runs it; without confinement nearly all of them do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from functools import cache

import pytest

from tests.redteam.attack import Attack, Outcome, Way
from tests.redteam.attacks import ATTACKS
from tests.redteam.person import ordinary_person
from tests.redteam.table import as_table

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these are attacks on Linux")
BY_NUMBER = {attack.number: attack for attack in ATTACKS}


def run(way: Way) -> list[Outcome]:
    """Run all attacks, print what became of them, return it."""
    with ordinary_person() as person:
        outcomes = person.attack(way)
    print(told(outcomes))
    assert len(outcomes) == len(ATTACKS)
    return outcomes


def told(outcomes: Sequence[Outcome]) -> str:
    return "\n" + as_table(outcomes)


def is_a_known_one(attack: Attack, way: Way) -> bool:
    """Names and sizes can be seen where bubblewrap is missing; native code and the machine's name are nowhere kept from it."""
    return attack.survives == "informational" or (attack.survives == "file metadata" and way == "confined")


def holes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.worked and not is_a_known_one(BY_NUMBER[outcome.number], outcome.way)]


def lost(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return attacks that ended the process, though a refusal would have done."""
    return [outcome for outcome in outcomes if not outcome.goes_on and not BY_NUMBER[outcome.number].may_end]


BROKEN = ("NameError", "TypeError", "AttributeError", "SyntaxError", "struct.error", "ArgumentError", "Too many open files")
"""Errors of an attack that is wrong, or of one that stands in the way of the next. Neither is a refusal."""


def failed_by_itself(outcomes: Sequence[Outcome]) -> list[Outcome]:
    free_of_it = [outcome for outcome in outcomes if outcome.number != "84"]  # it takes all descriptors
    return [outcome for outcome in free_of_it if any(word in outcome.said for word in BROKEN)]


def assert_nothing_worked(outcomes: Sequence[Outcome]) -> None:
    assert not failed_by_itself(outcomes), told(failed_by_itself(outcomes))
    assert not holes(outcomes), told(holes(outcomes))
    assert not lost(outcomes), told(lost(outcomes))


def test_each_attack_is_one_without_confinement_or_says_what_else_holds() -> None:
    for outcome in run("unconfined"):
        attack = BY_NUMBER[outcome.number]
        if attack.held_anyway:
            assert not outcome.worked, f"{attack.number} is not held by {attack.held_anyway}: {outcome}"
        elif not attack.may_lack:
            assert outcome.worked, f"{attack.number}, {attack.name}, is no attack on this machine, so its refusal proves nothing: {outcome}"


def test_none_works_when_confined() -> None:
    assert_nothing_worked(run("confined"))


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is an addition, and is not installed")
def test_with_bubblewrap_not_even_the_names_of_files_are_seen() -> None:
    assert_nothing_worked(run("bubblewrap"))


def test_numbers_name_one_attack_each_and_each_says_what_it_rests_on() -> None:
    assert len(BY_NUMBER) == len(ATTACKS)
    assert not [attack.number for attack in ATTACKS if attack.held_anyway and attack.may_lack]


def test_the_person_can_be_made_without_a_view_of_their_own() -> None:
    with ordinary_person(copies=True) as person:
        ways: list[tuple[Way, bool]] = [("unconfined", True), ("confined", False)]
        for way, works in ways:
            outcomes = person.attack(way, "1", "46", "64")
            assert [outcome.worked for outcome in outcomes] == [works] * 3


@cache
def started_where(*answers: str) -> tuple[str, str]:
    with ordinary_person() as person:
        found = person.start(str(person.base / "home"), "start", before=answers)
    return found["cause"], found["reason"]


def test_a_stage_that_refuses_nothing_lets_it_start() -> None:
    assert started_where("landlock_create_ruleset:99=EPERM") == ("", "it started")


@pytest.mark.parametrize(
    "answers",
    [
        ["landlock_create_ruleset=ENOSYS", "landlock_add_rule=ENOSYS", "landlock_restrict_self=ENOSYS"],
        ["landlock_create_ruleset=EOPNOTSUPP"],
        ["landlock_add_rule=EINVAL"],
        ["landlock_restrict_self=E2BIG"],
        ["landlock_restrict_self=nothing"],
        ["seccomp=ENOSYS", "prctl:22=ENOSYS"],
        ["seccomp=EINVAL", "prctl:22=EINVAL"],
        ["seccomp=nothing", "prctl:22=nothing"],
        ["prctl:38=EINVAL"],
    ],
    ids=" ".join,
)
def test_where_the_kernel_does_not_confine_the_child_dies_before_it_is_ready(answers: list[str]) -> None:
    cause, reason = started_where(*answers)
    assert cause == "confinement", reason
    assert reason.endswith(".") and len(reason) > 40


@pytest.mark.parametrize(
    "answers",
    [
        ["landlock_create_ruleset=nothing", "landlock_add_rule=nothing", "landlock_restrict_self=nothing"],
        ["landlock_create_ruleset=nothing", "landlock_add_rule=nothing", "landlock_restrict_self=nothing", "seccomp=nothing"],
    ],
    ids=" ".join,
)
def test_a_kernel_that_says_yes_and_does_nothing_is_not_believed(answers: list[str]) -> None:
    cause, reason = started_where(*answers)
    assert cause, reason
