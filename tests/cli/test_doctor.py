"""`rlm-desktop doctor` says what this machine really does, and what to do where it does not confine."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from rlm_desktop.cli.doctor import Examination, examine
from rlm_desktop.cli.doctor_report import report
from rlm_desktop.documents.reader_process import ReaderHeld
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS
from tests import unconfinable
from tests.cli.program import program

linux = pytest.mark.skipif(sys.platform != "linux", reason="this is Linux's confinement")


@pytest.fixture(scope="module")
def here() -> Examination:
    return asyncio.run(examine())


@linux
def test_this_machine_holds_what_every_run_requires_and_says_how_that_is_known() -> None:
    done = program("doctor", "--json")
    assert done.returncode == 0, done.stdout
    found = json.loads(done.stdout)
    claims = {claim["name"]: claim for claim in found["claims"]}
    assert found["is_confined"] and found["required"] == list(REQUIRED_CLAIMS)
    for name in REQUIRED_CLAIMS:
        assert claims[name]["held"] and len(claims[name]["tries"]) >= 2
        assert all(tried["outcome"].isupper() for tried in claims[name]["tries"])
    assert found["machine"]["landlock"] >= 1 and found["machine"]["seccomp"] == "there"
    assert found["start_ms"] > 1 and found["memory_limit_bytes"] > 1 << 30


@linux
def test_the_words_for_a_person_name_the_three_claims_and_every_try_within_80_columns(here: Examination) -> None:
    words = report(here)
    assert "\nConfined: files, network, processes\n" in words
    lines = words.splitlines()
    for name in ("files", "network", "processes"):
        assert f"{name:<14}held" in lines
    for claim in here.claims:
        assert claim.name in words or len(claim.tries) == 0
        for tried in claim.tries:
            assert any(line.lstrip(" !").split(None, 1) == [tried.outcome, tried.tried] for line in lines), tried
    assert max(map(len, lines)) < 80


@linux
def test_a_machine_that_does_not_confine_is_status_1_with_the_reason_and_the_choices_in_order() -> None:
    done = subprocess.run([*unconfinable.engine(), "doctor"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    words = " ".join(done.stdout.split())
    assert "Not confined: files, network, processes. Runs are refused here." in words
    assert unconfinable.WHY in words
    assert words.index("1. ") < words.index("2. Or run one question unconfined") < words.index("--confinement unconfined")
    assert "read and change your files, use the network" in words


@linux
def test_what_reads_documents_is_tried_as_well(here: Examination) -> None:
    assert not here.readers.reason and "Landlock" in here.readers.held_by
    held = {claim.name: claim for claim in here.readers.claims}
    for name in REQUIRED_CLAIMS:
        assert held[name].held and held[name].tries, name
    assert "\nWhat reads documents is confined too: files, network, processes\n" in report(here)
    told = json.loads(program("doctor", "--json").stdout)["readers"]
    assert told["is_confined"] and [claim["name"] for claim in told["claims"]] == [claim.name for claim in here.readers.claims]


@linux
def test_readers_that_are_not_confined_are_told_of_and_change_no_exit_status(here: Examination) -> None:
    bad = replace(here, readers=ReaderHeld(reason="There is no lock on this door."))
    words = " ".join(report(bad).split())
    assert "What reads documents is NOT confined. PDF, office documents, web pages and the like are refused here. There is no lock" in words
    assert bad.is_confined


@linux
def test_a_claim_that_does_not_hold_stands_out_with_the_try_that_worked(here: Examination) -> None:
    bad = replace(here.claims[2], held=False, evidence="1 of 5 tries came out as they must not: a TCP socket: worked.")
    bad = replace(bad, tries=(replace(bad.tries[0], outcome="worked", held=False), *bad.tries[1:]))
    claims = (*here.claims[:2], bad, *here.claims[3:])
    words = report(replace(here, claims=claims, missing=("network",), reason=bad.evidence, remedy="Do this."))
    assert f"{'network':<14}NOT HELD" in words.splitlines()
    assert "  ! worked" in words
    assert "1. Do this." in words and "can use the network:" in " ".join(words.split())
