"""What the card of one call says: its figures, and a row for each iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rlm_desktop.present import numbers
from rlm_desktop.present.standing import Standing
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM

_GOING_ON: frozenset[Standing] = frozenset(("queued", "running", "waiting"))
NOTHING_PRINTED = "printed nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacts:
    """One iteration. `number` counts from 1 as people do; `share` is its time as part of the longest of the card."""

    number: int
    code: str = ""
    is_code: bool = True
    output: str = ""
    status: Standing = "future"
    cost: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    call: int
    title: str
    words: str
    status: Standing
    self_cost: str
    total_cost: str
    duration: str
    rows: tuple[RowFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFacts:
    """A plain call that is alone on its line."""

    call: int
    title: str
    words: str
    status: Standing
    line: str
    total_cost: str
    duration: str
    prompt: str
    reply: str


def card_facts(tree: Tree, node: int) -> CardFacts:
    """Return what the card of an RLM call says as of the cursor. Reads the lines of its rows from the trace."""
    call = int(tree.layout.first[node])
    total = tree.cost(call, "total")
    digits = numbers.cost_digits(total.known_usd)
    has_paid = tree.has_paid(np.array([call]))
    going_on = tree.status(call) in _GOING_ON
    is_root = tree.columns.calls["parent"][call] < 0
    return CardFacts(
        call=call,
        title=tree.name(call),
        words=tree.model(call) if is_root else tree.lines.prompt(call),
        status=tree.status(call),
        self_cost=numbers.cost_sum(tree.cost(call, "self"), digits=digits) if has_paid or not going_on else numbers.NOT_YET,
        total_cost=numbers.cost_sum(total, digits=digits) if has_paid or not going_on else numbers.NOT_YET,
        duration=numbers.duration(tree.seconds(call)),
        rows=_rows(tree, call, digits),
    )


def plain_facts(tree: Tree, node: int) -> PlainFacts:
    call = int(tree.layout.first[node])
    status = tree.status(call)
    line = int(tree.columns.calls["site_line"][call])
    paid = tree.has_paid(np.array([call])) or status not in _GOING_ON
    reply = tree.lines.error(call) or tree.lines.answer(call) if status not in _GOING_ON and status != "interrupted" else ""
    return PlainFacts(
        call=call,
        title=f"{tree.name(call)}  llm_query" if tree.columns.calls["parent"][call] >= 0 else tree.name(call),
        words=tree.model(call),
        status=status,
        line=str(line) if line >= 0 else numbers.NONE,
        total_cost=numbers.cost_sum(tree.cost(call, "total")) if paid else numbers.NOT_YET,
        duration=numbers.duration(tree.seconds(call)),
        prompt=tree.lines.prompt(call),
        reply=reply or ("empty reply" if status == "ok" else ""),
    )


def _rows(tree: Tree, call: int, digits: int) -> tuple[RowFacts, ...]:
    found = [row for row in tree.columns.rows_of(call) if row < tree.rows.count]
    if not found:
        return (RowFacts(number=1),)
    asked = tree.columns.rows["asked_seq"]
    begun = [tree.time_of(int(asked[row])) for row in found if tree.happened(int(asked[row]))]
    end_s = float(tree.columns.calls["started_s"][call]) + tree.seconds(call)
    lasted = [max(0.0, b - a) for a, b in zip(begun, [*begun[1:], end_s], strict=True)] if begun else []
    longest = max(lasted, default=0.0) or 1.0
    return tuple(
        _row(tree, call, row, digits, lasted[place] / longest, is_last=place == len(lasted) - 1)
        if place < len(lasted)
        else RowFacts(number=int(tree.columns.rows["iteration"][row]) + 1)
        for place, row in enumerate(found)
    )


def _row(tree: Tree, call: int, row: int, digits: int, share: float, *, is_last: bool) -> RowFacts:
    seqs = {name: int(tree.columns.rows[name][row]) for name in ("replied_seq", "failed_seq", "code_seq", "code_ended_seq", "error_seq")}
    has_replied, has_code = tree.happened(seqs["replied_seq"]), tree.happened(seqs["code_seq"])
    is_open = int(tree.columns.rows["open_block"][row]) >= 0 and tree.seq == len(tree.columns) - 1
    has_ended = has_code and tree.happened(seqs["code_ended_seq"]) and not is_open
    if has_code and not has_ended:
        status = tree.status(call)
    elif has_replied:
        status = "error" if tree.happened(seqs["error_seq"]) else "ok"
    else:
        status = tree.status(call) if is_last else "error"
    cost = tree.row_cost(row)
    return RowFacts(
        number=int(tree.columns.rows["iteration"][row]) + 1,
        code=_code(tree, call, seqs, has_code=has_code, has_replied=has_replied),
        is_code=has_code,
        output=_output(tree, row, seqs, has_ended=has_ended, status=status),
        status=status,
        cost=numbers.NOT_YET if cost[:2] == (0.0, 0) and status in _GOING_ON else numbers.cost_sum(cost, digits=digits),
        share=round(share, 3),
    )


def _code(tree: Tree, call: int, seqs: dict[str, int], *, has_code: bool, has_replied: bool) -> str:
    if has_code:
        return tree.lines.code(seqs["code_seq"])
    if has_replied:
        return tree.lines.response(seqs["replied_seq"]) or "empty reply"
    return f"asks {tree.model(call)}"


def _output(tree: Tree, row: int, seqs: dict[str, int], *, has_ended: bool, status: Standing) -> str:
    if has_ended:
        return tree.lines.output(seqs["code_ended_seq"]) or NOTHING_PRINTED
    call, iteration = (int(tree.columns.rows[name][row]) for name in ("call", "iteration"))
    if status == "waiting":
        return _progress(tree, call, iteration)
    sent_of, chars = tree.streamed.get(call, (-1, 0))
    if sent_of == iteration and not tree.happened(seqs["replied_seq"]) and status == "running":
        return f"{numbers.count(chars)} characters so far"
    if tree.happened(seqs["failed_seq"]) and not tree.happened(seqs["replied_seq"]):
        return tree.lines.failure(seqs["failed_seq"])
    return ""


def _progress(tree: Tree, call: int, iteration: int) -> str:
    """Return how far the sub-calls of a row are: `702 of 1,204 replies`, `waiting for 1 of 2 children`."""
    calls = tree.columns.calls
    made = np.flatnonzero((calls["parent"] == call) & (calls["site_iteration"] == iteration))
    if not len(made):
        return ""
    ended = calls["ended_seq"][made]
    done = int(np.count_nonzero((ended >= 0) & (ended <= tree.seq)))
    by_batch = made[np.argsort(calls["batch"][made], kind="stable")]
    batch = calls["batch"][by_batch]
    begins = (batch >= 0) & np.r_[True, batch[1:] != batch[:-1]]
    alone = int(np.count_nonzero(batch < 0))
    all_calls = max(len(made), alone + int(calls["batch_size"][by_batch][begins].sum(dtype=np.int64)))
    if (calls["kind"][made] == LLM).any():
        return f"{numbers.count(done)} of {numbers.count(all_calls)} replies"
    return f"waiting for {numbers.count(all_calls - done)} of {numbers.count(all_calls)} {'child' if all_calls == 1 else 'children'}"
