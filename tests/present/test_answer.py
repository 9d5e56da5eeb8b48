"""The answer as of the cursor, in every state it can be in."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlm_desktop.analysis.facts import answer_as_of
from rlm_desktop.present.answer import Answers
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.store import TraceStore
from tests.present.inspected_runs import ANSWER, eventful
from tests.traces import Scribe, forest


def test_it_is_none_then_a_draft_then_final(tmp_path: Path) -> None:
    store = TraceStore.open(eventful(tmp_path / "t.rlmtrace"))
    answers = Answers(store)
    states: list[tuple[str, object, object]] = []
    for seq in range(len(store.columns)):
        facts = answers.as_of(seq, is_over=False)
        if not states or states[-1] != (facts.state, facts.text, facts.iteration):
            states.append((facts.state, facts.text, facts.iteration))
    assert states == [("none", None, None), ("draft", "Eleven?", 1), ("ready", ANSWER, 2), ("final", ANSWER, 2)]


def test_it_is_the_answer_that_info_prints(tmp_path: Path) -> None:
    for path in (eventful(tmp_path / "a.rlmtrace"), forest(tmp_path / "b.rlmtrace")):
        store = TraceStore.open(path)
        answers = Answers(store)
        for seq in range(len(store.columns)):
            facts = answers.as_of(seq, is_over=False)
            assert facts.text == answer_as_of(store, seq)[0], seq


@pytest.mark.parametrize("status", ["error", "limit", "cancelled"])
def test_a_run_that_did_not_end_well_keeps_its_best_answer(tmp_path: Path, status: ev.CallStatus) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "answer['content'] = 'Nine.'")
        s.printed(root, 0, "")
        s.emit(ev.AnswerSet(call_id=root, iteration=0, block=0, content="Nine.", ready=False))
        s.ended(root, status)
        s.emit(ev.RunEnded(status=status, error="The reason."))
    store = TraceStore.open(path)
    facts = Answers(store).as_of(len(store.columns) - 1, is_over=True)
    assert (facts.state, facts.text, facts.error) == (status, "Nine.", "The reason.")


def test_a_run_whose_engine_died_is_interrupted_only_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        s.open_turn(s.call(), 0, "work()")
    store = TraceStore.open(path)
    last = len(store.columns) - 1
    assert Answers(store).as_of(last, is_over=True).state == "interrupted"
    assert Answers(store).as_of(last - 1, is_over=True).state == "none"
