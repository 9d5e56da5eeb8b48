"""What was said to a model: the exact messages, what of them is new, and every attempt to get a reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlm_desktop.present.call_log import CallLog
from rlm_desktop.present.exchange import new_from, reply_passages, request_passages
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.store import TraceStore
from tests.present.inspected_runs import eventful


@pytest.fixture
def store(tmp_path: Path) -> TraceStore:
    return TraceStore.open(eventful(tmp_path / "t.rlmtrace"))


def asked_seq(store: TraceStore, iteration: int) -> int:
    return int(store.columns.rows["asked_seq"][store.columns.rows_of(0)[iteration]])


@pytest.mark.parametrize("iteration", [0, 1, 2])
def test_the_messages_are_those_that_were_sent(store: TraceStore, iteration: int) -> None:
    shown = request_passages(CallLog(store, 0), iteration, len(store.columns) - 1, store.text, Limits())
    sent = store.messages_of(asked_seq(store, iteration))
    assert [(p.chip, p.text) for p in shown] == [(said.role, said.content) for said in sent]


def test_what_follows_the_request_before_is_new(store: TraceStore) -> None:
    log, last = CallLog(store, 0), len(store.columns) - 1
    first, second = (request_passages(log, i, last, store.text, Limits()) for i in (0, 1))
    assert new_from(first) is None
    assert new_from(second) == len(first) == 2
    assert [p.tone for p in second] == ["plain", "plain", "new", "new"]


def test_what_the_program_told_and_what_was_cut_is_marked(store: TraceStore) -> None:
    shown = request_passages(CallLog(store, 0), 2, len(store.columns) - 1, store.text, Limits())
    cut = shown[-1]
    assert ", cut" in cut.note
    (mark,) = [r for r in cut.ranges if r.role == "fail_text"]
    assert cut.text[mark.start : mark.end] == "[cut: 19,000 of 39,000 characters are not shown]"
    told = request_passages(CallLog(store, 0), 1, len(store.columns) - 1, store.text, Limits())[-1]
    (own,) = [r for r in told.ranges if r.role == "text_2"]
    assert told.text[own.start : own.end] == "Left: 29 turns."


def test_a_plain_call_says_its_prompt(store: TraceStore) -> None:
    (prompt,) = request_passages(CallLog(store, 1), 0, len(store.columns) - 1, store.text, Limits())
    assert (prompt.chip, prompt.text) == ("user", "Compare the two clauses. Say SAME or CHANGED, and how. Pair 1.")


def test_attempts_stand_before_the_reply_and_reasoning_apart_from_it(store: TraceStore) -> None:
    failed, reasoning, reply = reply_passages(CallLog(store, 0), 1, len(store.columns) - 1, store.text)
    assert (failed.title, failed.chip, failed.text, failed.tone) == ("Attempt 1 failed", "HTTP 429", "429 Too many requests", "fail")
    assert "tried again after 2.0" in failed.note
    assert (reasoning.title, reasoning.text) == ("Reasoning", "A batch is cheaper.")
    assert reply.title == "Reply"
    assert reply.text.startswith("In a batch.")


def test_a_reply_that_comes_in_is_shown_as_far_as_it_is(store: TraceStore) -> None:
    log = CallLog(store, 0)
    (awaited,) = reply_passages(log, 0, asked_seq(store, 0), store.text)
    assert (awaited.chip, awaited.text) == ("awaited", "")
    (coming,) = reply_passages(log, 0, asked_seq(store, 0), store.text, streamed="A lo")
    assert (coming.chip, coming.text) == ("comes in", "A lo")


def test_while_a_request_waits_to_be_tried_again_no_reply_is_awaited(store: TraceStore) -> None:
    (failed,) = reply_passages(CallLog(store, 0), 1, asked_seq(store, 1) + 1, store.text)
    assert failed.tone == "fail"


def test_before_the_request_there_is_nothing(store: TraceStore) -> None:
    assert request_passages(CallLog(store, 0), 1, asked_seq(store, 1) - 1, store.text, Limits()) == []
