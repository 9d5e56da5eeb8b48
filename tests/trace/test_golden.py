"""A trace that was ever written opens for ever: one file for each format number, never changed, never removed."""

from __future__ import annotations

from pathlib import Path

from rlm_desktop.analysis.facts import facts_of
from rlm_desktop.trace.codec import decode, encode
from rlm_desktop.trace.events import FORMAT, Entry
from rlm_desktop.trace.store import TraceStore

GOLDEN = Path(__file__).with_name("golden")


def test_there_is_one_for_the_present_format() -> None:
    assert (GOLDEN / f"format-{FORMAT}.rlmtrace").is_file()


def test_format_1_opens_and_says_what_it_said() -> None:
    store = TraceStore.open(GOLDEN / "format-1.rlmtrace")
    assert store.problem is None
    facts = facts_of(store)
    assert facts.status == "ok"
    assert facts.answer == "<a> <b> <c>"
    assert facts.question.startswith("Look at the log, the log, ")
    assert len(facts.question) > 4_096
    assert (facts.calls, facts.rlm_calls, facts.llm_calls, facts.depth, facts.iterations, facts.blocks) == (5, 2, 3, 2, 3, 3)
    assert facts.models == ("m1", "m2")
    assert facts.cost_usd == 0
    assert [d.name for d in facts.documents] == ["log.md"]


def test_format_1_is_written_today_as_it_was_then() -> None:
    for line in (GOLDEN / "format-1.rlmtrace").read_bytes().splitlines(keepends=True):
        entry = decode(line)
        assert encode(Entry(entry.seq, entry.t_s, entry.event)) == line
