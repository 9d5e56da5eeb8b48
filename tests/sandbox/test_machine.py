"""What is to be done follows from what the kernel answered, and nothing is asked that changes anything."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from rlm_desktop.sandbox.machine import Machine, machine
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS

GOOD = Machine(system="Linux", release="6.8.0-45-generic", architecture="x86_64", landlock=4, seccomp="there")
NONE = replace(GOOD, landlock=0, landlock_error="ENOSYS")


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (replace(NONE, release="5.10.0-28-amd64"), "5.10.0-28-amd64, is older than 5.13"),
        (replace(NONE, landlock_error="EOPNOTSUPP"), "switched off when this computer starts"),
        (replace(NONE, security_modules="lockdown,yama"), "lsm=landlock,lockdown,yama"),
        (replace(NONE, is_container=True), "container that this program runs in forbids Landlock"),
        (replace(NONE, landlock_error="EPERM"), "landlock_create_ruleset"),
        (NONE, "built without Landlock (CONFIG_SECURITY_LANDLOCK)"),
        (replace(GOOD, seccomp="missing"), "CONFIG_SECCOMP_FILTER"),
        (replace(GOOD, seccomp="missing", is_container=True), "The container forbids it, or the kernel"),
        (replace(GOOD, architecture="riscv64"), "on x86_64 and aarch64, not on riscv64"),
        (replace(GOOD, system="Darwin"), "on Darwin is not yet proven on a machine, and did not hold"),
        (GOOD, "start it outside of that"),
    ],
)
def test_each_cause_has_its_remedy(found: Machine, says: str) -> None:
    words = found.remedy(REQUIRED_CLAIMS)
    assert says in words and words.endswith(".")


def test_beyond_what_is_required_there_is_bubblewrap() -> None:
    assert "bubblewrap" in GOOD.remedy(("names hidden",))
    assert "bubblewrap" not in NONE.remedy(("names hidden", "network"))


@pytest.mark.skipif(sys.platform != "linux", reason="this is Linux's confinement")
def test_asking_binds_nothing() -> None:
    before, after = machine(), machine()
    assert before == after
    assert before.landlock >= 1 and before.seccomp == "there"
