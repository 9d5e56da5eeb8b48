"""Replies of an earlier run, given again where the same is asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.recorded import Recorded, RecordedModel, load_replies, prompt_hash
from rlm_desktop.errors import UserError
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.writer import TraceWriter
from tests.engine.running import run, turns

ASKED = [Message(role="system", content="S"), Message(role="user", content="How many?\n\nLeft: 29 turns, 4,980 calls, $1.93, 240 s.")]
LONG = "x" * 3_000_000


def ask(model: RecordedModel, key: str, messages: list[Message]) -> ModelReply:
    return asyncio.run(model.complete(ModelRequest(messages=messages, key=key)))


def test_the_same_request_gets_the_same_reply() -> None:
    given = ModelReply(text="Twelve.", source="recorded")
    model = RecordedModel({"0#0": Recorded(prompt_sha256=prompt_hash(ASKED), reply=given)})
    assert ask(model, "0#0", ASKED) is given
    assert model.is_free


def test_what_is_left_of_the_budget_makes_no_other_request() -> None:
    later = [ASKED[0], Message(role="user", content="How many?\n\nLeft: 1 turn, 7 calls, $0.0002, 3 s.")]
    assert prompt_hash(ASKED) == prompt_hash(later)
    assert prompt_hash(ASKED) != prompt_hash([ASKED[0], Message(role="user", content="How few?")])
    assert prompt_hash(ASKED) != prompt_hash(ASKED[:1])


@pytest.mark.parametrize(("key", "messages"), [("0#1", ASKED), ("0#0", ASKED[:1])])
def test_a_run_that_takes_another_way_is_told_where(key: str, messages: list[Message]) -> None:
    model = RecordedModel({"0#0": Recorded(prompt_sha256=prompt_hash(ASKED), reply=ModelReply(text="Twelve."))})
    with pytest.raises(ModelError, match="diverged here") as caught:
        ask(model, key, messages)
    assert caught.value.is_final
    assert key in str(caught.value)


def started() -> ev.RunStarted:
    name = ev.ModelName(name="m")
    return ev.RunStarted(
        format=ev.FORMAT,
        run_id="r",
        question="How many?",
        strategy="rlm",
        model=name,
        sub_model=name,
        limits=ev.Limits(),
        prompt_version="1",
        app_version="1",
        started_at="2026-01-01T00:00:00Z",
    )


def write(path: Path) -> None:
    """A root call whose second iteration made a batch of two, of which one failed, once for a while and once for good."""
    site = ev.Site(iteration=1, block=0, ordinal=2)
    usage = ev.Usage(input_tokens=7, output_tokens=3)
    writer = TraceWriter(path)
    events: list[ev.KnownEvent] = [
        started(),
        ev.CallStarted(call_id=0, kind="rlm", depth=0, model="m", prompt="How many?"),
        ev.ModelAsked(call_id=0, iteration=0, told=ev.Told(system="S", user="U0")),
        ev.ModelReplied(call_id=0, iteration=0, response=LONG, reasoning="hm", usage=usage, cost_usd=0.5, served_model="m-1"),
        ev.CodeStarted(call_id=0, iteration=0, block=0, code="print(1)"),
        ev.CodeEnded(call_id=0, iteration=0, block=0, stdout="1\n", stdout_chars=2, seen_chars=2),
        ev.ModelAsked(call_id=0, iteration=1, told=ev.Told(user="U1")),
        ev.ModelReplied(call_id=0, iteration=1, response="B"),
        ev.CodeStarted(call_id=0, iteration=1, block=0, code="llm_query_batched(...)"),
        *(
            ev.CallStarted(
                call_id=1 + index,
                kind="llm",
                depth=1,
                model="m",
                prompt=f"P{index}",
                parent_id=0,
                site=site,
                batch=ev.Batch(batch_id=0, index=index, size=2),
            )
            for index in range(2)
        ),
        ev.ModelAsked(call_id=2, iteration=0),
        ev.ModelAsked(call_id=1, iteration=0),
        ev.ModelFailed(call_id=1, iteration=0, error="Busy.", retry_in_s=0.1),
        ev.ModelReplied(call_id=2, iteration=0, response="P1!"),
        ev.ModelAsked(call_id=1, iteration=0, attempt=1),
        ev.ModelFailed(call_id=1, iteration=0, attempt=1, error="The key was refused."),
    ]
    for event in events:
        writer.write(event)
    writer.close()


def test_the_replies_of_a_trace_are_found_by_their_keys(tmp_path: Path) -> None:
    write(tmp_path / "run.rlmtrace")
    replies = load_replies(tmp_path / "run.rlmtrace")
    assert sorted(replies) == ["0#0", "0#1", "0/1.0.2.0#0", "0/1.0.2.1#0"]
    model = RecordedModel(replies)
    first = [Message(role="system", content="S"), Message(role="user", content="U0")]
    reply = ask(model, "0#0", first)
    assert (reply.text, reply.reasoning, reply.source, reply.served_model, reply.cost_usd) == (LONG, "hm", "recorded", "m-1", None)
    assert reply.usage == ev.Usage(input_tokens=7, output_tokens=3)
    second = [*first, Message(role="assistant", content=LONG), Message(role="user", content="Output of block 1:\n1\n\n\nU1")]
    assert ask(model, "0#1", second).text == "B"
    assert ask(model, "0/1.0.2.1#0", [Message(role="user", content="P1")]).text == "P1!"
    with pytest.raises(ModelError, match="The key was refused"):
        ask(model, "0/1.0.2.0#0", [Message(role="user", content="P0")])


def test_a_run_is_repeated_from_its_trace_and_pays_nothing() -> None:
    script = turns("parts = llm_query_batched(['a', 'b', 'c'])\nprint(parts)", "answer['content'] = ''.join(parts)\nanswer['ready'] = True")
    first = run(script)
    again = run(RecordedModel(load_replies(first.store.path)))
    assert again.result == first.result
    assert again.result.answer == "<a><b><c>"
    replied = [event for event in again.events if isinstance(event, ev.ModelReplied)]
    assert {(event.source, event.cost_usd) for event in replied} == {("recorded", 0.0)}
    other = run(RecordedModel(load_replies(first.store.path)), question="How few?")
    assert other.result.status == "error"
    assert "diverged here" in str(other.result.error)


def test_what_is_no_trace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no trace\n")
    with pytest.raises(UserError):
        load_replies(tmp_path / "other")
    with pytest.raises(UserError):
        load_replies(tmp_path / "gone")
