"""The loop, with scripted models and real sandbox processes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec
import pytest

from rlm_desktop.engine import RLM
from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.scripted import ScriptedModel
from rlm_desktop.sandbox import process
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS, Confinement
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.events import Limits
from tests.engine.running import Recorded, repl, run, turns

DONE = "answer['content'] = 'done'; answer['ready'] = True"


def last_outputs(recorded: Recorded) -> list[str]:
    return [recorded.store.text(e.stdout) for e in recorded.of(ev.CodeEnded)]


def test_names_live_from_turn_to_turn_and_the_answer_ends_the_run() -> None:
    recorded = run(turns("n = len(context)", "print(n)", "answer['content'] = str(n); answer['ready'] = True"))
    assert recorded.result.status == "ok"
    assert recorded.result.answer == "9"
    assert last_outputs(recorded)[1] == "9\n"


def test_a_batch_keeps_its_order_and_runs_at_once() -> None:
    code = "print(llm_query_batched([str(i) for i in range(30)]))"
    recorded = run(turns(code, DONE))
    assert last_outputs(recorded)[0] == repr([f"<{i}>" for i in range(30)]) + "\n"
    calls = recorded.store.columns.calls
    assert list(calls["batch_index"][1:]) == list(range(30))
    assert set(calls["batch_size"][1:]) == {30}
    assert set(calls["site_line"][1:]) == {1}
    # All of them have started before the first has ended.
    assert calls["started_seq"][1:].max() < calls["ended_seq"][1:].min()


def test_several_blocks_of_one_reply_are_one_message() -> None:
    asked: list[Sequence[Message]] = []

    def script(messages: Sequence[Message]) -> str:
        asked.append(messages)
        return repl("print('one')") + "\nand\n" + repl("print('two')") if len(asked) == 1 else repl(DONE)

    run(script)
    second = asked[1]
    assert [m.role for m in second] == ["system", "user", "assistant", "user"]
    assert "one\n" in second[-1].content
    assert "two\n" in second[-1].content


def test_rlm_query_makes_a_child_whose_context_is_the_prompt() -> None:
    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            return "plain"
        if "the prompt held in `context`" in messages[1].content:
            return repl("answer['content'] = 'child saw ' + context; answer['ready'] = True")
        return repl("answer['content'] = rlm_query('tell me'); answer['ready'] = True")

    recorded = run(script)
    assert recorded.result.answer == "child saw tell me"
    assert list(recorded.store.columns.calls["depth"]) == [0, 1]
    assert list(recorded.store.columns.calls["kind"]) == [0, 0]


def test_rlm_query_with_a_context_asks_its_prompt_over_it() -> None:
    def script(messages: Sequence[Message]) -> str:
        if "count them" in messages[1].content:
            return repl("answer['content'] = str(len(context)) + type(context).__name__; answer['ready'] = True")
        return repl("answer['content'] = rlm_query('count them', context={'a': 'x', 'b': 'y'}); answer['ready'] = True")

    assert run(script).result.answer == "2dict"


def test_where_recursion_ends_rlm_query_is_a_plain_call_of_the_sub_model() -> None:
    recorded = run(
        turns("answer['content'] = rlm_query('q', context='material'); answer['ready'] = True"),
        sub=ScriptedModel(lambda messages: "sub read: " + messages[0].content, name="small"),
        limits=Limits(max_depth=1),
    )
    assert recorded.result.answer == "sub read: q\n\nmaterial"
    assert recorded.store.columns.models == ["scripted", "small"]


def test_at_depth_0_there_are_no_sub_calls() -> None:
    code = "try:\n    llm_query('x')\nexcept Exception as e:\n    print(type(e).__name__)\n" + DONE
    recorded = run(turns(code), limits=Limits(max_depth=0))
    assert recorded.result.status == "ok"
    assert len(recorded.store.columns.calls) == 1


def test_a_model_may_be_named_and_a_foreign_name_is_an_error_in_the_code() -> None:
    code = "print(llm_query_batched(['a', 'b'], model='small'))\nprint(llm_query_batched(['c'], model='huge'))"
    recorded = run(turns(code, DONE), sub=ScriptedModel(lambda messages: "small says", name="small"))
    assert "['small says', 'small says']" in last_outputs(recorded)[0]
    assert "no model 'huge'" in last_outputs(recorded)[0]


def test_a_failed_sub_call_is_an_error_in_the_code_and_the_run_goes_on() -> None:
    from rlm_desktop.engine.models.base import ModelError

    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            raise ModelError("The model refused.", is_final=True, status_code=403)
        turn = sum(m.role == "assistant" for m in messages)
        return repl(["print(llm_query_batched(['a', 'b']))\nllm_query('c')", DONE][turn])

    recorded = run(script)
    assert recorded.result.status == "ok"
    assert last_outputs(recorded)[0].count("The model refused.") == 2
    assert "LMQueryError" in recorded.store.text(recorded.of(ev.CodeEnded)[0].stderr)
    assert [e.status for e in recorded.of(ev.CallEnded)] == ["error", "error", "error", "ok"]


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("FINAL(forty-two)", "forty-two"),
        ('Thinking.\n\nFINAL("a (nested) answer")', "a (nested) answer"),
        ("FINAL_VAR(result)", "from a variable"),
        ("**FINAL_VAR('result')**", "from a variable"),
    ],
)
def test_the_older_ways_of_ending_work(reply: str, answer: str) -> None:
    replies = iter([repl("result = 'from a variable'"), reply])
    assert run(lambda _messages: next(replies)).result.answer == answer


def test_an_answer_of_10_mb_reaches_result_and_trace() -> None:
    recorded = run(turns("answer['content'] = 'xyz\\n' * 2_500_000; answer['ready'] = True"))
    assert recorded.result.answer == "xyz\n" * 2_500_000
    ended = recorded.store.columns.run_ended
    assert ended is not None
    assert ended.answer is not None
    assert recorded.store.text(ended.answer) == recorded.result.answer
    # The text stands in the file once, although answer, call and run all end with it.
    assert recorded.store.path.stat().st_size < 15_000_000


def test_variables_and_paid_replies_survive_an_exception_in_a_block() -> None:
    recorded = run(turns("r = llm_query('a')\nraise ValueError('no')", "print(r)", DONE))
    assert last_outputs(recorded)[1] == "<a>\n"
    assert "ValueError: no" in recorded.store.text(recorded.of(ev.CodeEnded)[0].stderr)


def test_a_reply_without_code_is_told_so_and_five_in_a_row_end_the_call() -> None:
    asked: list[Sequence[Message]] = []

    def script(messages: Sequence[Message]) -> str:
        asked.append(messages)
        return "I think the answer is twelve."

    recorded = run(script)
    assert recorded.result.status == "error"
    assert "wrote no code in 5 replies in a row" in (recorded.result.error or "")
    assert len(asked) == 5
    assert "no block of code" in asked[1][-1].content


def test_a_killed_process_is_rebuilt_from_the_record_and_nothing_is_paid_twice() -> None:
    asked: list[str] = []

    def sub(prompt: str) -> str:
        asked.append(prompt)
        return f"<{prompt}>"

    recorded = run(
        turns("kept = llm_query('once')", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "print(kept)", DONE, sub=sub)
    )
    assert recorded.result.status == "ok"
    assert last_outputs(recorded)[2] == "<once>\n"
    assert asked == ["once"]
    (lost,) = recorded.of(ev.SandboxLost)
    assert "run again" in lost.lost
    assert len(recorded.of(ev.SandboxStarted)) == 2


def test_a_process_that_dies_again_and_again_fails_the_call_with_a_sentence() -> None:
    recorded = run(turns("import os\nos._exit(3)"))
    assert recorded.result.status == "error"
    assert "was lost 3 times" in (recorded.result.error or "")


def test_a_required_claim_that_does_not_hold_refuses_the_run() -> None:
    recorded = run(turns(DONE), required_claims=("levitation",))
    assert recorded.result.status == "error"
    assert "levitation" in (recorded.result.error or "")
    assert not recorded.of(ev.ModelAsked)


def test_a_sandbox_that_cannot_be_confined_refuses_the_run_and_leaves_the_reason_in_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "import os; os.write(2, b'There is no lock on this door.'); os._exit(87)"
    monkeypatch.setattr(process, "child_command", lambda *_: [sys.executable, "-c", said])
    recorded = run(turns(DONE))
    assert (recorded.result.status, not recorded.of(ev.ModelAsked)) == ("error", True)
    assert "There is no lock on this door. No document was handed over." in (recorded.result.error or "")
    (started,) = recorded.of(ev.SandboxStarted)
    assert not any(claim.held for claim in started.claims) and "no lock" in started.claims[0].evidence


def test_a_confined_run_says_what_it_requires_and_what_holds() -> None:
    recorded = run(turns(DONE))
    (first,), (started,) = recorded.of(ev.RunStarted), recorded.of(ev.SandboxStarted)
    assert (first.confinement, first.required_claims) == ("required", REQUIRED_CLAIMS)
    assert set(REQUIRED_CLAIMS) <= {claim.name for claim in started.claims if claim.held and claim.tries}


def test_an_unconfined_run_says_so_for_good() -> None:
    recorded = run(turns(DONE), confinement="unconfined")
    assert recorded.result.status == "ok"
    assert [(first.confinement, first.required_claims) for first in recorded.of(ev.RunStarted)] == [("unconfined", ())]
    assert any("unconfined" in noticed.message and noticed.level == "warning" for noticed in recorded.of(ev.Noticed))
    assert not any(claim.held for claim in recorded.of(ev.SandboxStarted)[0].claims)


def test_the_messages_of_every_request_follow_from_the_trace() -> None:
    asked: dict[str, list[tuple[str, str]]] = {}

    def script(messages: Sequence[Message]) -> str:
        said: list[tuple[str, str]] = [(m.role, m.content) for m in messages]
        asked[repr(said)] = said
        if messages[0].role == "user":
            return "sub " * 3_000
        turn = sum(m.role == "assistant" for m in messages)
        codes = ["print('x' * 30_000)\nimport sys; print('oops', file=sys.stderr)", "print(llm_query('p' * 9_000)[:50])", "no code", DONE]
        return codes[turn] if turn == 2 else repl(codes[turn])

    recorded = run(script)
    store = recorded.store
    seqs = [i for i in range(len(store.columns)) if isinstance(store.entry(i).event, ev.ModelAsked)]
    rebuilt = [[(said.role, said.content) for said in store.messages_of(seq)] for seq in seqs]
    assert sorted(map(repr, rebuilt)) == sorted(asked)


def test_the_same_script_gives_the_same_events_but_for_times_and_ids() -> None:
    code = "import random\nprint(random.random(), {'a', 'b', 'c'}, llm_query('x'))"
    differing = {"run_id", "started_at", "latency_s", "duration_s", "waiting_s", "evidence"}

    def blanked(value: object) -> object:
        if isinstance(value, dict):
            return {key: blanked(item) for key, item in value.items() if key not in differing}
        return [blanked(item) for item in value] if isinstance(value, list) else value

    def whole() -> list[object]:
        return [blanked(msgspec.to_builtins(event)) for event in run(turns(code, DONE)).events]

    assert whole() == whole()


def test_text_in_text_out_in_three_lines() -> None:
    rlm = RLM()
    answer = rlm.ask("What is the code of the vault?", "Rain fell all day.\nThe code of the vault is 4711.\nNobody came." * 3)
    assert "4711" in answer


def test_an_empty_end_is_no_answer_and_the_model_is_told_why() -> None:
    told: list[str] = []
    replies = iter([repl("answer['ready'] = True"), "FINAL()", "FINAL_VAR(nope)", repl("empty = ''"), "FINAL_VAR(empty)", "FINAL(at last)"])

    def script(messages: Sequence[Message]) -> str:
        told.append(messages[-1].content)
        return next(replies)

    recorded = run(script)
    assert recorded.result.answer == "at last"
    assert 'answer["content"] is empty' in told[1]
    assert "FINAL() was empty" in told[2]
    assert "no variable of this name" in told[3]
    assert "the variable is empty" in told[5]


def test_characters_that_only_look_like_line_ends_stay_in_the_code() -> None:
    recorded = run(lambda _messages: repl("answer['content'] = 'a\u2028b\x0cc\x85d'; answer['ready'] = True"))
    assert recorded.result.answer == "a\u2028b\x0cc\x85d"


def test_a_rebuild_tells_requests_with_one_prompt_over_other_contexts_apart() -> None:
    ask = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(8) as pool:\n    x = list(pool.map(lambda i: rlm_query('which?', context=f'c{i}'), range(8)))"
    )

    def script(messages: Sequence[Message]) -> str:
        if "which?" in messages[1].content:
            return repl("answer['content'] = context; answer['ready'] = True")
        codes = [
            ask,
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "answer['content'] = ' '.join(x); answer['ready'] = True",
        ]
        return repl(codes[min(2, sum(m.role == "assistant" for m in messages))])

    assert run(script).result.answer == "c0 c1 c2 c3 c4 c5 c6 c7"


@pytest.mark.parametrize(("confinement", "seen"), [("required", "PermissionError"), ("unconfined", "a name")])
def test_another_program_chooses_by_name_whether_its_runs_are_confined(confinement: Confinement, seen: str) -> None:
    code = "import os\ntry:\n found = 'a name' if os.listdir('/') else ''\nexcept OSError as e:\n found = type(e).__name__\nFINAL(found)"
    rlm = RLM(ScriptedModel(turns(code)), confinement=confinement)
    assert rlm.ask("What lies there?", "text") == seen


def test_what_was_tried_is_told_once_as_long_as_it_comes_out_alike() -> None:
    recorded = run(turns("print(rlm_query('a'), rlm_query('b'))", DONE), limits=Limits(max_depth=2))
    tries = [[len(claim.tries) for claim in started.claims] for started in recorded.of(ev.SandboxStarted)]
    assert len(tries) > 1 and all(tries[0]) and not any(map(any, tries[1:]))
