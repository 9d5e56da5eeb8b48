"""Outputs: apart by stream, and parted where the model's view of them ends."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.present.call_log import CallLog
from rlm_desktop.present.output import output_passages
from rlm_desktop.present.passages import Passage, as_markdown, as_text
from rlm_desktop.trace.events import InterruptAsked, Limits
from rlm_desktop.trace.messages import shares
from rlm_desktop.trace.store import TraceStore
from tests.present.inspected_runs import OUTPUT, TRACEBACK, eventful
from tests.traces import Scribe


def outputs(path: Path, iteration: int, limits: Limits | None = None, *, is_last: bool = False) -> list[Passage]:
    store = TraceStore.open(path)
    return output_passages(CallLog(store, 0), iteration, len(store.columns) - 1, store.text, limits or Limits(), is_last=is_last)


def test_the_output_is_parted_where_the_models_view_ends(tmp_path: Path) -> None:
    seen, unseen, _draft = outputs(eventful(tmp_path / "t.rlmtrace"), 1)
    assert (seen.chip, seen.note) == ("stdout", "39,000 characters, model saw 20,000")
    assert seen.text + unseen.text == OUTPUT
    assert (len(seen.text), unseen.tone, unseen.is_dim) == (20_000, "cut", True)
    assert unseen.title == "cut for the model here · 19,000 more"


def test_of_an_error_the_end_is_what_the_model_saw(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "deep()")
        s.printed(root, 0, "", stderr="frame\n" * 5_000 + "RecursionError")
    unseen, seen = outputs(path, 0)
    assert (unseen.is_dim, unseen.tone, seen.tone) == (True, "fail", "cut")
    assert len(seen.text) == 20_000
    assert seen.text.endswith("RecursionError")


def test_an_error_is_marked_and_the_end_of_the_call_stands_below(tmp_path: Path) -> None:
    error, answer, end = outputs(eventful(tmp_path / "t.rlmtrace"), 2, is_last=True)
    assert (error.title, error.chip, error.tone, error.text) == ("Output: failed", "stderr", "fail", TRACEBACK)
    assert (answer.title, answer.chip) == ("Answer", "ready")
    assert end.title == "Answer of the call"


def test_a_block_that_runs_has_printed_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        s.open_turn(s.call(), 0, "work()")
    (waiting,) = outputs(path, 0)
    assert (waiting.text, waiting.note) == ("", "nothing printed yet at this event")


def test_a_block_that_a_person_asked_to_end_says_so_until_it_has(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        root = s.call()
        s.turn(root, 0, "first()")
        s.open_turn(root, 1, "work()")
        s.emit(InterruptAsked(call_id=root))
    (waiting,) = outputs(path, 1)
    assert waiting.note == "a person asked to end it, and it has not ended yet"
    (before,) = outputs(path, 0)
    assert before.note.startswith("nothing was printed")


def test_a_block_that_printed_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        s.turn(s.call(), 0, "x = 1")
    (said,) = outputs(path, 0)
    assert (said.text, said.note) == ("", "nothing was printed")


@given(st.integers(0, 60_000), st.integers(0, 60_000), st.integers(100, 40_000))
def test_what_the_model_saw_is_what_its_messages_hold(out: int, err: int, limit: int) -> None:
    seen_out, seen_err = shares(out, err, limit)
    assert seen_out + seen_err <= max(limit, 0)
    assert (seen_out, seen_err) == (out, err) if out + err <= limit else True


def test_copies_keep_every_word_and_nothing_ends_a_fence(tmp_path: Path) -> None:
    passages = [Passage(text="print(1)\n```\nnot the end", title="Reply", chip="assistant"), Passage(text="7\n", title="Output")]
    assert as_text(passages) == "Reply · assistant\nprint(1)\n```\nnot the end\n\nOutput\n7"
    assert as_markdown(passages) == "### Reply · assistant\n\n````\nprint(1)\n```\nnot the end\n````\n\n### Output\n\n```\n7\n```"
