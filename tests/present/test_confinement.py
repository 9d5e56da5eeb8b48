"""How a run is confined is read from what its sandbox tried, not from what was asked for; what is not known is said so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from rlm_desktop.present.confined_run import confinement_of
from rlm_desktop.present.confinement import REQUIRED, Confinement, confinement, differing, in_words, possible, remains, with_tries
from rlm_desktop.present.confinement_text import as_text, claims_as_text
from rlm_desktop.present.run_passages import run_passages
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.store import TraceStore
from tests import confined_traces, traces
from tests.traces import Scribe


def of(path: Path, *, is_live: bool = False) -> Confinement:
    return confinement_of(TraceStore.open(path), is_live=is_live)


def test_a_run_whose_required_claims_hold_is_confined(tmp_path: Path) -> None:
    found = of(confined_traces.confined(tmp_path / "a.rlmtrace"))
    assert (found.standing, found.missing, found.is_lowered) == ("held", (), False)
    assert found.summary == "Confined: files, network, processes"


def test_one_missing_claim_is_named_as_what_it_makes_possible(tmp_path: Path) -> None:
    started = ev.SandboxStarted(call_id=0, back_end="x", claims=confined_traces.claims(("files read", "network", "processes")))
    found = confinement(None, started, is_live=True, has_run=True)
    assert (found.standing, found.missing) == ("partly", ("files write",))
    assert found.summary == "Partly confined: files read, network, processes"
    assert possible(found.missing) == "change your files"


def test_a_lowered_run_is_open_whether_or_not_its_sandbox_has_started(tmp_path: Path) -> None:
    path = confined_traces.unconfined(tmp_path / "a.rlmtrace")
    words = "Not confined: the code can read and change your files, use the network and control other programs"
    started = TraceStore.open(path).columns.run_started
    for found in (of(path), confinement(started, None, is_live=True), confinement(started, None, is_live=False)):
        assert (found.standing, found.summary, found.is_lowered) == ("open", words, True)


def test_a_run_that_a_person_lowered_stays_marked_whatever_its_sandbox_says(tmp_path: Path) -> None:
    started = TraceStore.open(confined_traces.unconfined(tmp_path / "a.rlmtrace")).columns.run_started
    assert confinement(started, confined_traces.started(), is_live=False, has_run=True).is_lowered


def test_a_sandbox_that_holds_nothing_is_open_whatever_the_run_says_of_itself(tmp_path: Path) -> None:
    started = TraceStore.open(confined_traces.confined(tmp_path / "a.rlmtrace")).columns.run_started
    sandbox = confined_traces.unconfined_sandbox()
    assert confinement(started, sandbox, is_live=False, has_run=True).standing == "open"
    with Scribe(tmp_path / "b.rlmtrace", confinement="required", required=REQUIRED) as s:
        root = s.call()
        s.emit(sandbox)
        s.turn(root, 0, "print(1)")
    assert of(s.path).standing == "open"


def test_a_run_without_a_sandbox_says_what_it_requires_as_long_as_it_goes_on(tmp_path: Path) -> None:
    started = TraceStore.open(confined_traces.confined(tmp_path / "a.rlmtrace")).columns.run_started
    assert confinement(started, None, is_live=True).summary == "Will be confined: files, network, processes"
    assert confinement(None, None, is_live=True).standing == "promised"
    assert confinement(started, None, is_live=False).standing == "unknown"


def test_a_trace_that_does_not_say_is_neither_confined_nor_not(tmp_path: Path) -> None:
    found = of(traces.sample(tmp_path / "a.rlmtrace"))
    assert (found.standing, found.is_lowered, found.summary) == ("unknown", False, "Confinement not recorded")


def test_a_refused_run_names_the_claims_and_why(tmp_path: Path) -> None:
    found = of(confined_traces.refused(tmp_path / "a.rlmtrace"))
    assert (found.standing, found.missing, found.is_lowered) == ("refused", REQUIRED, False)
    text = as_text(found, None, "")
    assert text.startswith("Refused: files, network, processes cannot be confined here\n")
    assert confined_traces.ERROR in text and "No code was run." in text


def test_a_call_below_the_root_that_is_refused_a_sandbox_does_not_make_the_run_a_refused_one(tmp_path: Path) -> None:
    with Scribe(tmp_path / "a.rlmtrace", confinement="required", required=REQUIRED) as s:
        root = s.call()
        s.emit(confined_traces.started())
        s.open_turn(root, 0, "rlm_query(a)")
        child = s.call(root, depth=1, at=(0, 0, 1))
        s.emit(confined_traces.refused_sandbox(child))
        s.ended(child, "error", error="refused")
    assert of(s.path).standing == "held"


def test_as_of_an_entry_before_the_sandbox_nothing_is_held_yet(tmp_path: Path) -> None:
    store = TraceStore.open(confined_traces.confined(tmp_path / "a.rlmtrace"))
    at = store.columns.seqs_of_type(EVENT_CODE[ev.SandboxStarted])[0]
    standings = [confinement_of(store, is_live=True, until=int(seq)).standing for seq in (at - 1, at)]
    assert standings == ["promised", "held"]


def test_what_a_run_requires_beyond_the_rule_counts() -> None:
    started = ev.RunStarted(
        format=1, run_id="a", question="q", strategy="rlm", model=ev.ModelName(name="m"), sub_model=ev.ModelName(name="m"),
        limits=ev.Limits(), prompt_version="1", app_version="1", started_at="", confinement="required",
        required_claims=(*REQUIRED, "names hidden"),
    )  # fmt: skip
    found = confinement(started, confined_traces.started(), is_live=True)
    assert (found.standing, found.missing) == ("refused", ("names hidden",))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (REQUIRED, "files, network, processes"),
        (("network", "files read"), "network, files read"),
        (("files write", "memory"), "files write, memory"),
        ((), ""),
    ],
)
def test_reading_and_writing_are_files_only_together(names: tuple[str, ...], words: str) -> None:
    assert in_words(names) == words


def test_seen_names_are_said_only_where_they_are_seen() -> None:
    seen = [words for words in remains(confined_traces.claims()) if "Names" in words]
    assert len(seen) == 1
    assert not [words for words in remains(confined_traces.claims(confined_traces.NAMES)) if "Names" in words]


def test_sandboxes_that_hold_less_are_counted() -> None:
    root = confined_traces.started()
    less = confined_traces.started(2, held=("network",))
    assert differing([root, confined_traces.started(1), less], root) == 1


def test_tries_that_a_later_sandbox_leaves_out_are_those_of_the_one_before(tmp_path: Path) -> None:
    """The trace holds what was tried once, as long as it comes out alike."""
    without = tuple(msgspec.structs.replace(claim, tries=()) for claim in confined_traces.claims())
    with Scribe(tmp_path / "a.rlmtrace", confinement="required", required=REQUIRED) as s:
        root = s.call()
        s.emit(confined_traces.started())
        s.open_turn(root, 0, "rlm_query(a)")
        child = s.call(root, depth=1, at=(0, 0, 1))
        s.emit(ev.SandboxStarted(call_id=child, back_end="x", claims=without))
    sandbox = of(s.path, is_live=True).sandbox
    assert sandbox is not None and (sandbox.call_id, sandbox.claims) == (child, confined_traces.claims())
    other = confined_traces.claims(("network",))
    assert [claim.name for claim in with_tries(without, other) if claim.tries] == ["network", "names hidden"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            confined_traces.confined,
            "Confined: files, network, processes\nheld by Landlock 7, seccomp\n\nfiles read    held      required\n",
        ),
        (confined_traces.unconfined, "Not confined: the code can read and change your files"),
        (confined_traces.refused, "Refused: files, network, processes cannot be confined here\nNo code was run. The sandbox process could"),
        (traces.interrupted, "Confinement not recorded\n"),
    ],
)
def test_the_inspector_says_how_the_run_is_confined(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    store = TraceStore.open(make(tmp_path / "a.rlmtrace"))
    (passage,) = [p for p in run_passages(store, len(store.columns) - 1, store.text) if p.title == "Confinement"]
    assert passage.text.startswith(says)
    assert (passage.tone == "fail") == ("Not confined" in says)


def test_the_text_lists_every_try_with_its_outcome_in_one_column() -> None:
    lines = claims_as_text(confined_traces.claims()).splitlines()
    tried = [line for line in lines if line.endswith(("read /etc/passwd", "a TCP socket", "ask whether /etc/passwd is there"))]
    assert [line.split()[0] for line in tried] == ["EACCES", "EPERM", "!"]
    assert len({len(line) - len(line.lstrip(" !")) for line in tried}) == 1
    assert "names hidden  not held  not required" in lines


def test_control_characters_of_a_foreign_trace_do_not_come_through() -> None:
    claim = ev.Claim(name="a\x1b[31m", held=False, evidence="b\u202ec\nd", tries=(ev.Try(tried="e\x07", outcome="f\r", held=False),))
    text = claims_as_text([claim] * 1_000)
    assert text.replace("\n", "").isprintable()
    assert text.count("not held") == 50 and text.endswith("and 950 more, which the trace holds")
