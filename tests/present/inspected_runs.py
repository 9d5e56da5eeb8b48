"""A run with everything that the inspector shows: told messages, a retry, reasoning, a cut output, a fan, a child, an error, a draft."""

from __future__ import annotations

from pathlib import Path

from rlm_desktop.trace import events as ev
from rlm_desktop.trace.store import TraceStore
from tests.traces import Scribe, items

CODE = "prompts = [ask(a) for a in pairs]\n\nviews = llm_query_batched(prompts)\nprint(views)\nchild = rlm_query('Check clause 14')"
OUTPUT = "CHANGED 14.2\n" * 3_000
TRACEBACK = 'Traceback (most recent call last):\n  File "<repl 2.0>", line 1\nIndexError: list index out of range'
ANSWER = "Eleven obligations changed."


def variable(name: str, *, is_changed: bool = False) -> ev.Variable:
    return ev.Variable(name=name, type="list", size=1_204, short="['SAME']", is_changed=is_changed)


def eventful(path: Path, *, width: int = 30) -> Path:
    """Root with three iterations: a look; a failed attempt, then a fan and a child; an error. Call 0 is the root, 1 the fan's first."""
    with Scribe(path) as s:
        s.document("msa_2023.txt")
        root = s.call()
        s.emit(ev.SandboxStarted(call_id=root, back_end="process", claims=(ev.Claim(name="network", held=False, evidence="not confined"),)))
        s.emit(ev.ModelAsked(call_id=root, iteration=0, told=ev.Told(system="You answer.", user="Question: which?\nLeft: 30 turns.")))
        s.wait(3)
        s.replied(root, 0, response="A look.\n```repl\nprint(len(context))\n```", cost_usd=0.01, tokens=(900, 30))
        s.code(root, 0, "print(len(context))")
        s.printed(root, 0, "812440\n", variables=[variable("pairs", is_changed=True)])
        s.emit(ev.ModelAsked(call_id=root, iteration=1, told=ev.Told(user="Left: 29 turns.")))
        s.wait(1)
        s.emit(ev.ModelFailed(call_id=root, iteration=1, error="429 Too many requests", retry_in_s=2.0, status_code=429, latency_s=1.0))
        s.wait(2)
        s.asked(root, 1, attempt=1)
        s.wait(4)
        s.emit(
            ev.ModelReplied(
                call_id=root, iteration=1, attempt=1, response=f"In a batch.\n```repl\n{CODE}\n```", reasoning="A batch is cheaper.",
                usage=ev.Usage(input_tokens=7_900, output_tokens=284), cost_usd=0.0127, latency_s=4.0, first_token_s=1.9,
            )
        )  # fmt: skip
        s.code(root, 1, CODE)
        s.batch(root, items(width, failed=(7,)), at=(1, 0, 3), at_once=4)
        child = s.call(root, depth=1, prompt="Check clause 14", at=(1, 0, 5))
        s.turn(child, 0, "print(context[:100])", "14.2", cost_usd=0.002, seconds=5.0)
        s.ended(child, answer="It holds.")
        s.printed(root, 1, OUTPUT, variables=[variable("pairs"), variable("views", is_changed=True)])
        s.emit(ev.AnswerSet(call_id=root, iteration=1, block=0, content="Eleven?", ready=False))
        s.open_turn(root, 2, "views[5_000]")
        s.printed(root, 2, "", stderr=TRACEBACK, variables=[variable("pairs"), variable("views")])
        s.emit(ev.AnswerSet(call_id=root, iteration=2, block=0, content=ANSWER, ready=True))
        s.ended(root, answer=ANSWER)
        s.run_ended(answer=ANSWER)
    return path


def cut_after(store: TraceStore, seq: int, path: Path) -> TraceStore:
    """Return a trace that holds only the entries up to `seq`."""
    path.write_bytes(b"".join(store.raw(at) + b"\n" for at in range(seq + 1)))
    return TraceStore.open(path)
