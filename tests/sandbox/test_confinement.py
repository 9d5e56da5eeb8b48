"""What a sandbox says of itself: the claims, their evidence, and that it dies rather than run without them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rlm_desktop.sandbox import host, process
from rlm_desktop.sandbox.bubblewrap import Bubblewrap, bubblewrap
from rlm_desktop.sandbox.child import confine, readable
from rlm_desktop.sandbox.claims import CLAIMS, Outside, claims_of
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS, Claim, Confinement, SandboxDied, Try

linux = pytest.mark.skipif(sys.platform != "linux", reason="this is Linux's confinement")
FILTERED = Outside(is_known=True, has_no_new_privileges=True, is_filtered=True)


def claims(confinement: Confinement) -> dict[str, Claim]:
    async def go() -> tuple[Claim, ...]:
        async with await Sandbox.start(confinement=confinement) as sandbox:
            return sandbox.claims

    return {claim.name: claim for claim in asyncio.run(go())}


@linux
def test_a_sandbox_holds_what_a_run_requires_and_says_what_it_tried() -> None:
    found = claims("required")
    assert tuple(found) == CLAIMS
    for name in (*REQUIRED_CLAIMS, "memory"):
        assert found[name].held and found[name].tries and all(tried.held for tried in found[name].tries), found[name]
    assert "from outside the kernel shows" in found["network"].evidence


def test_an_unconfined_one_claims_nothing() -> None:
    assert not any(claim.held or claim.tries for claim in claims("unconfined").values())


def tries(*, held: bool = True) -> list[tuple[str, Try]]:
    return [(name, Try(tried="it", outcome="EPERM" if held else "worked", held=held)) for name in CLAIMS]


@linux
def test_a_filter_that_the_kernel_does_not_show_is_not_believed() -> None:
    for outside in (Outside(), Outside(is_known=True, has_no_new_privileges=True), Outside(is_known=True, is_filtered=True)):
        held = {claim.name for claim in claims_of("required", tries(), outside) if claim.held}
        assert not held & {"network", "processes"}


def test_a_claim_of_which_nothing_was_tried_does_not_hold() -> None:
    assert not any(claim.held for claim in claims_of("required", [], FILTERED))


def test_one_try_that_worked_is_enough_against_a_claim() -> None:
    for claim in claims_of("required", [*tries(), *tries(held=False)], FILTERED):
        assert not claim.held and "worked" in claim.evidence


@linux
def test_a_sandbox_that_does_not_hold_what_is_required_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlm_desktop.sandbox.host.look", lambda _pid: Outside())
    with pytest.raises(SandboxDied, match="does not hold network, processes") as caught:
        asyncio.run(Sandbox.start())
    assert caught.value.cause == "confinement"


def test_a_child_that_cannot_confine_itself_ends_before_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "import os; os.write(2, b'There is no lock on this door.'); os._exit(87)"
    monkeypatch.setattr(process, "child_command", lambda *_: [sys.executable, "-c", said])
    with pytest.raises(SandboxDied, match=r"could not be confined\. There is no lock on this door\.") as caught:
        asyncio.run(Sandbox.start())
    assert caught.value.cause == "confinement"


def test_what_may_be_read_is_no_folder_of_a_persons() -> None:
    paths = readable.readable_paths()
    assert {"/", "/home", "/root", "/etc", "/tmp", "/proc", "/usr", sys.prefix, sys.base_prefix}.isdisjoint(paths)


def test_of_a_persons_folder_that_is_a_virtual_environment_only_its_libraries_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/home/ada")
    monkeypatch.setattr(sys, "path", ["/home/ada/lib/python3.11/site-packages", "/home/ada/diaries", "/home/ada"])
    assert {path for path in readable.readable_paths() if path.startswith("/home/ada")} == {"/home/ada/lib", "/home/ada/lib64"}


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root has rights of which something must be given up")
def test_root_keeps_no_right_to_lift_a_limit_nor_any_other_but_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "refused", "It takes them all.")

    async def go() -> str:
        async with await Sandbox.start() as sandbox:
            return Path(f"/proc/{sandbox.pid}/status").read_text()

    said = dict(line.split(":\t") for line in asyncio.run(go()).splitlines() if line.startswith("Cap"))
    read_all_files = 1 << 2
    assert (int(said["CapEff"], 16) | int(said["CapPrm"], 16) | int(said["CapInh"], 16) | int(said["CapAmb"], 16)) & ~read_all_files == 0


@linux
def test_a_process_with_another_thread_is_not_called_confined() -> None:
    code = (
        "import sys, threading, time\n"
        f"sys.path.insert(0, {str(Path(confine.__file__).parents[3])!r})\n"
        "from rlm_desktop.sandbox.child.confine import NotConfined, confine\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "try:\n    confine()\nexcept NotConfined as e:\n    print(e)"
    )
    assert "Another thread" in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@linux
def test_trying_where_nothing_is_refused_leaves_nothing_behind() -> None:
    code = (
        "import os, sys\n"
        f"sys.path.insert(0, {str(Path(confine.__file__).parents[3])!r})\n"
        "from rlm_desktop.sandbox.child.selftest import tries\n"
        "null = os.open('/dev/null', os.O_RDWR)\n"
        "for fd in (0, 2): os.dup2(null, fd)\n"
        "before = os.stat('/dev/null'), sorted(os.listdir('/tmp'))\n"
        "held = [tried for claim, tried, _, held in tries() if held and claim != 'memory']\n"
        "left = any(name.startswith(f'rlm-desktop-{os.getpid()}') for name in os.listdir('/tmp'))\n"
        "print(before[0].st_mode == os.stat('/dev/null').st_mode, left, held)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.startswith("True False []")


@linux
def test_what_others_left_in_tmp_refuses_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [Path(f"/tmp/rlm-desktop-{number}") for number in range(os.getpid(), os.getpid() + 300)]
    for path in left:
        path.touch()
    try:
        monkeypatch.setattr(host, "bubblewrap", NoBubblewrap())
        assert claims("required")["files write"].held
    finally:
        for path in left:
            path.unlink()


class NoBubblewrap(Bubblewrap):
    """One that is not installed."""

    @property
    def path(self) -> str | None:
        return None
