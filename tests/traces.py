"""Traces made to measure, through the real writer with a clock that is moved by hand: the same call makes the same bytes.

`Scribe` writes the events of a run one by one. The functions below write whole runs of a given shape and return the file.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from rlm_desktop.trace import events as ev
from rlm_desktop.trace.writer import TraceWriter

ROOT_MODEL, SUB_MODEL = "gpt-5", "gpt-5-mini"
QUESTION = "Which obligations changed between the 2023 and the 2025 agreement, and which side bears the new cost?"
HOSTILE = (
    "<b>bold</b><img src=x> \u202eright to left\u202c \x00\x1b[31m \u2028 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u0301\u0302\u0303"
)


@dataclass(frozen=True, slots=True)
class Item:
    """How one call of a batch goes: what it costs (None: no price is known), how long it takes, its error if it fails."""

    cost_usd: float | None = 0.0002
    seconds: float = 2.0
    error: str | None = None
    reply: str = "SAME"


class Scribe:
    """Writes a run. Nothing moves the clock but `wait`; lines written are also kept in `lines` for those who feed them piecemeal."""

    def __init__(
        self, path: Path, *, question: str = QUESTION, max_cost_usd: float | None = 2.0, confinement: str = "", required: Sequence[str] = ()
    ) -> None:
        self.now_s = 0.0
        self.lines: list[bytes] = []
        self.calls = 0
        self._batches = 0
        self._ordinals: dict[tuple[int, int, int], int] = {}
        self._writer = TraceWriter(path, clock=lambda: self.now_s)
        self.path = path
        self.emit(
            ev.RunStarted(
                format=ev.FORMAT, run_id="00000000-0000-4000-8000-000000000001", question=question, strategy="rlm",
                model=ev.ModelName(name=ROOT_MODEL, host="api.openai.com"), sub_model=ev.ModelName(name=SUB_MODEL, host="api.openai.com"),
                limits=ev.Limits(max_depth=3, max_cost_usd=max_cost_usd), prompt_version="1", app_version="0.1",
                started_at="2025-06-01T12:00:00+00:00", confinement=confinement, required_claims=tuple(required),
            )
        )  # fmt: skip

    def __enter__(self) -> Scribe:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._writer.close()

    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    def emit(self, event: ev.KnownEvent) -> None:
        lines, _ = self._writer.write(event)
        self.lines.extend(lines)

    def document(self, name: str, *, chars: int = 812_440) -> None:
        self.emit(ev.DocumentRead(name=name, text_sha256=f"{len(name):064x}", chars=chars, reader="text/1"))

    def call(
        self,
        parent: int | None = None,
        *,
        kind: ev.CallKind = "rlm",
        depth: int = 0,
        prompt: str = QUESTION,
        at: tuple[int, int, int | None] = (0, 0, None),
        batch: ev.Batch | None = None,
    ) -> int:
        """Start a call and return its id; `at` is the parent's iteration, block and line."""
        iteration, block, line = at
        site = None
        if parent is not None:
            key = (parent, iteration, block)
            ordinal = self._ordinals.get(key, -1) + (1 if batch is None or batch.index == 0 else 0)
            self._ordinals[key] = ordinal
            site = ev.Site(iteration=iteration, block=block, line=line, ordinal=ordinal)
        call_id, self.calls = self.calls, self.calls + 1
        model = SUB_MODEL if kind == "llm" else ROOT_MODEL
        self.emit(
            ev.CallStarted(call_id=call_id, kind=kind, depth=depth, model=model, prompt=prompt, parent_id=parent, site=site, batch=batch)
        )
        return call_id

    def asked(self, call: int, iteration: int = 0, *, attempt: int = 0) -> None:
        self.emit(ev.ModelAsked(call_id=call, iteration=iteration, attempt=attempt))

    def replied(
        self, call: int, iteration: int = 0, *, response: str, cost_usd: float | None = 0.01, tokens: tuple[int, int] = (1_000, 60)
    ) -> None:
        usage = ev.Usage(input_tokens=tokens[0], output_tokens=tokens[1])
        priced_by = None if cost_usd is None else "provider"
        self.emit(
            ev.ModelReplied(call_id=call, iteration=iteration, response=response, usage=usage, cost_usd=cost_usd, priced_by=priced_by)
        )

    def code(self, call: int, iteration: int, code: str, *, block: int = 0) -> None:
        self.emit(ev.CodeStarted(call_id=call, iteration=iteration, block=block, code=code))

    def printed(
        self, call: int, iteration: int, stdout: str, *, block: int = 0, stderr: str = "", variables: Sequence[ev.Variable] = ()
    ) -> None:
        """End a block; text on stderr makes it one that failed."""
        self.emit(
            ev.CodeEnded(
                call_id=call, iteration=iteration, block=block, stdout=stdout, stderr=stderr, stdout_chars=len(stdout),
                stderr_chars=len(stderr), seen_chars=min(20_000, len(stdout)), is_error=bool(stderr), variables=tuple(variables),
            )
        )  # fmt: skip

    def turn(self, call: int, iteration: int, code: str, stdout: str = "", *, cost_usd: float | None = 0.01, seconds: float = 9.0) -> None:
        """One iteration from request to output, without sub-calls."""
        self.open_turn(call, iteration, code, cost_usd=cost_usd, seconds=seconds)
        self.printed(call, iteration, stdout)

    def open_turn(self, call: int, iteration: int, code: str, *, cost_usd: float | None = 0.01, seconds: float = 9.0) -> None:
        """One iteration up to where its code runs."""
        self.asked(call, iteration)
        self.wait(seconds)
        self.replied(call, iteration, response=f"```repl\n{code}\n```", cost_usd=cost_usd, tokens=(7_900, 284))
        self.code(call, iteration, code)

    def ended(self, call: int, status: ev.CallStatus = "ok", *, answer: str | None = None, error: str | None = None) -> None:
        self.emit(ev.CallEnded(call_id=call, status=status, answer=answer, error=error))

    def run_ended(self, status: ev.CallStatus = "ok", *, answer: str | None = None) -> None:
        self.emit(ev.RunEnded(status=status, answer=answer))

    def batch(
        self,
        parent: int,
        items: Sequence[Item],
        *,
        at: tuple[int, int, int | None],
        depth: int = 1,
        prompt: str = "Compare the two clauses. Say SAME or CHANGED, and how.",
        at_once: int = 16,
        until: tuple[int, int] | None = None,
    ) -> list[int]:
        """A batch of plain calls, `at_once` in flight. `until` (ended, asked) leaves the rest as they stand then."""
        number = self._batches
        self._batches += 1
        calls = [
            self.call(
                parent,
                kind="llm",
                depth=depth,
                prompt=f"{prompt} Pair {i + 1}.",
                at=at,
                batch=ev.Batch(batch_id=number, index=i, size=len(items)),
            )
            for i in range(len(items))
        ]
        last_ended, last_asked = (len(items), len(items)) if until is None else until
        asked = 0
        for done, (call, item) in enumerate(zip(calls[:last_ended], items[:last_ended], strict=True)):
            while asked < min(last_asked, done + at_once):
                self.asked(calls[asked])
                asked += 1
            self.wait(item.seconds / min(at_once, len(items)))
            self.end_plain(call, item)
        for call in calls[asked:last_asked]:
            self.asked(call)
        return calls

    def end_plain(self, call: int, item: Item) -> None:
        if item.error is None:
            self.replied(call, response=item.reply, cost_usd=item.cost_usd, tokens=(600, 40))
            self.ended(call, answer=item.reply)
        else:
            self.emit(ev.ModelFailed(call_id=call, iteration=0, error=item.error))
            self.ended(call, "error", error=item.error)


def items(count: int, *, seed: int = 1, median_usd: float = 0.00023, seconds: float = 2.5, failed: Iterable[int] = ()) -> list[Item]:
    """Items with costs and times spread as real ones are; those of index `failed` end in an error."""
    rng = random.Random(seed)
    fails = frozenset(failed)
    return [
        Item(
            cost_usd=round(rng.lognormvariate(0, 0.5) * median_usd, 9),
            seconds=round(rng.lognormvariate(0, 0.4) * seconds, 3),
            error="rate limited, gave up after 5 tries" if i in fails else None,
            reply=f"CHANGED §{i % 40}" if i % 33 == 0 else "SAME",
        )
        for i in range(count)
    ]


def sample(path: Path, *, until: Literal["end", "last_fan"] = "end", width: int = 1_204) -> Path:
    """The run of the design pictures: root with 5 iterations, a fan of 1,204 with one failure, two child RLMs with a fan each.

    Until `last_fan` the run is going on: the second child waits for 4 of its 18 calls, 2 of them not yet sent.
    """
    with Scribe(path) as s:
        s.document("msa_2023.pdf")
        s.document("msa_2025.docx", chars=861_902)
        s.wait(1.0)
        root = s.call()
        s.turn(
            root,
            0,
            "for name, text in context.items():\n    print(name, len(text))",
            "msa_2023.pdf 812,440 · msa_2025.docx 861,902",
            cost_usd=0.0081,
        )
        s.turn(
            root, 1, "clauses = {n: split_clauses(t) for n, t in context.items()}", "1,182 and 1,231 clauses, 1,204 pairs", cost_usd=0.0112
        )
        code = "prompts = [ASK.format(old=a, new=b)\n  for a, b in pairs]\nverdicts = llm_query_batched(prompts)\nprint(len(verdicts))"
        s.open_turn(root, 2, code, cost_usd=0.0127)
        s.batch(root, items(width, failed=(877,) if width > 877 else (width // 2,)), at=(2, 0, 3), at_once=24)
        s.printed(root, 2, f"37 of {width:,} changed, 1 unanswered\nCHANGED §14.2")
        s.turn(root, 3, 'answer["content"] = draft(topics)', "11 obligations in 6 topics", cost_usd=0.0198, seconds=21.8)
        s.open_turn(root, 4, "checks = rlm_query_batched(doubtful)", cost_usd=0.0177)
        pair = ev.Batch(batch_id=10_000, index=0, size=2), ev.Batch(batch_id=10_000, index=1, size=2)
        first = s.call(root, depth=1, prompt="Does clause 11 or 12 widen who is indemnified?", at=(4, 0, 1), batch=pair[0])
        second = s.call(root, depth=1, prompt="Is the cap of clause 14 per year or in total?", at=(4, 0, 1), batch=pair[1])
        s.turn(first, 0, 'hits = find(context, r"indemnif")', "64 places in 2 documents", cost_usd=0.0052)
        s.open_turn(first, 1, "parts = cut(hits)\nviews = llm_query_batched(parts)", cost_usd=0.0041)
        s.batch(first, items(6, seed=5, median_usd=0.0007), at=(1, 0, 2), depth=2, prompt="Who is indemnified here?")
        s.printed(first, 1, "6 replies, 5 agree")
        s.turn(first, 2, 'answer["ready"] = True', "“Supplier now indemnifies affiliates”", cost_usd=0.0048)
        s.ended(first, answer="Supplier now indemnifies affiliates.")
        s.turn(second, 0, "print(section(context, 14)[:2000])", "14.2 … one hundred and fifty per cent", cost_usd=0.0044)
        s.open_turn(second, 1, "caps = llm_query_batched(carve_outs)", cost_usd=0.0038)
        if until == "last_fan":
            s.batch(
                second,
                items(18, seed=6, median_usd=0.0004),
                at=(1, 0, 1),
                depth=2,
                prompt="Is the cap per year?",
                at_once=4,
                until=(12, 16),
            )
            return path
        s.batch(second, items(18, seed=6, median_usd=0.0004), at=(1, 0, 1), depth=2, prompt="Is the cap per year?")
        s.printed(second, 1, "18 replies")
        s.ended(second, answer="Per year.")
        s.printed(root, 4, "2 checks, both hold")
        s.turn(root, 5, 'answer["ready"] = True', cost_usd=0.0101)
        s.ended(root, answer="Eleven obligations changed in substance.")
        s.run_ended(answer="Eleven obligations changed in substance.")
    return path


def wide(path: Path, width: int = 1_000, *, failed: Iterable[int] = (), is_over: bool = True) -> Path:
    """One root with one batch of `width` plain calls."""
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "answers = llm_query_batched(prompts)")
        s.batch(
            root,
            items(width, failed=failed),
            at=(0, 0, 1),
            at_once=64,
            until=None if is_over else (width // 2, min(width, width // 2 + 64)),
        )
        if is_over:
            s.printed(root, 0, f"{width} replies")
            s.ended(root, answer="Done.")
            s.run_ended(answer="Done.")
    return path


def _bush(s: Scribe, parent: int | None, depth: int, deepest: int, branches: int, at: tuple[int, int, int | None]) -> int:
    call = s.call(parent, depth=depth, prompt=f"Look into part {s.calls}.", at=at)
    s.turn(call, 0, "print(context[:200])", f"Part at depth {depth}", cost_usd=0.002, seconds=1.0)
    if depth < deepest:
        s.open_turn(call, 1, "for part in parts:\n    rlm_query(part)", cost_usd=0.002, seconds=1.0)
        for _ in range(branches):
            _bush(s, call, depth + 1, deepest, branches, (1, 0, 2))
        s.printed(call, 1, "all parts seen")
    s.open_turn(call, 2, "note = llm_query(view)", cost_usd=0.001, seconds=1.0)
    note = s.call(call, kind="llm", depth=depth + 1, prompt="Sum up this view.", at=(2, 0, 1))
    s.asked(note)
    s.wait(0.5)
    s.end_plain(note, Item())
    s.printed(call, 2, "noted")
    s.ended(call, answer=f"Seen at depth {depth}.")
    return call


def bush(path: Path, *, deepest: int = 6, branches: int = 1) -> Path:
    """Every RLM call makes `branches` of its kind down to depth `deepest`, and one plain call: (b^(d+1)-1)/(b-1) * 2 calls."""
    with Scribe(path) as s:
        _bush(s, None, 0, deepest, branches, (0, 0, None))
        s.run_ended(answer="Seen.")
    return path


def deep(path: Path) -> Path:
    """A chain of RLM calls down to depth 6."""
    return bush(path)


def forest(path: Path) -> Path:
    """Two root calls: a question and its follow-up, each with a fan."""
    with Scribe(path) as s:
        for prompt, answer in ((QUESTION, "Eleven."), ("And which of them is the dearest?", "The cap.")):
            root = s.call(prompt=prompt)
            s.open_turn(root, 0, "views = llm_query_batched(parts)")
            s.batch(root, items(30, seed=len(prompt)), at=(0, 0, 1))
            s.printed(root, 0, "30 replies")
            s.ended(root, answer=answer)
        s.run_ended(answer="The cap.")
    return path


def interrupted(path: Path) -> Path:
    """A run whose engine died in mid-batch: no entry ends it, and nobody holds the file."""
    return wide(path, 60, is_over=False)


def all_failed(path: Path, width: int = 40) -> Path:
    """Every sub-call failed, for one of three reasons, and so did the run."""
    reasons = ("rate limited, gave up after 5 tries", "timed out after 60 s, 3 tries", "empty reply")
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "views = llm_query_batched(parts)")
        s.batch(root, [Item(error=reasons[i % 3]) for i in range(width)], at=(0, 0, 1))
        s.printed(root, 0, "", stderr='Traceback (most recent call last):\n  File "<repl 0.0>", line 1\nSubCallError: every call failed')
        s.ended(root, "error", error="every call failed")
        s.run_ended("error")
    return path


def unpriced(path: Path, width: int = 60) -> Path:
    """No price is known for the sub-model; the root's is known."""
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "views = llm_query_batched(parts)", cost_usd=0.07)
        s.batch(root, [Item(cost_usd=None, seconds=item.seconds) for item in items(width)], at=(0, 0, 1))
        s.printed(root, 0, "60 replies")
        s.ended(root, answer="Done.")
        s.run_ended(answer="Done.")
    return path


def hostile(path: Path) -> Path:
    """Texts that a careless view would interpret, and lines of a million characters."""
    with Scribe(path, question=HOSTILE) as s:
        root = s.call(prompt=HOSTILE)
        s.turn(root, 0, f"x = {HOSTILE!r}", HOSTILE * 50)
        s.open_turn(root, 1, "y" * 1_000_000)
        child = s.call(root, depth=1, prompt=HOSTILE + "z" * 1_000_000, at=(1, 0, 1))
        s.turn(child, 0, "\n\n   \n" + HOSTILE, "\n" * 5_000)
        s.ended(child, "error", error=HOSTILE)
        s.batch(root, [Item(error=HOSTILE), Item(reply=HOSTILE), Item(reply="")], at=(1, 0, 2), prompt=HOSTILE)
        s.printed(root, 1, "z" * 1_000_000, stderr=HOSTILE)
        s.ended(root, "limit", error=HOSTILE)
        s.run_ended("limit", answer=HOSTILE)
    return path
