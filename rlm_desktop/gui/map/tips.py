"""What a node's tip says: the lines that are cut short on its card, in full, as plain text."""

from __future__ import annotations

from rlm_desktop.gui.map.facts import NodeFacts
from rlm_desktop.gui.map.hits import Hit
from rlm_desktop.present import numbers
from rlm_desktop.present.cards import CardFacts, PlainFacts


def words_of(facts: NodeFacts, hit: Hit) -> str:
    """Return it for the part of the node that is pointed at, or for the node."""
    if isinstance(facts, CardFacts):
        if hit.part == "row" and hit.number < len(facts.rows):
            row = facts.rows[hit.number]
            return "\n".join(x for x in (f"Iteration {row.number}, {row.status}, {row.cost} in total", row.code, row.output) if x)
        return f"{facts.title}: {facts.words}\n{facts.status}, self {facts.self_cost}, total {facts.total_cost}, {facts.duration}"
    if isinstance(facts, PlainFacts):
        return "\n".join(
            x for x in (f"{facts.title}, {facts.status}, {facts.total_cost}, {facts.duration}", facts.prompt, facts.reply) if x
        )
    if hit.part == "member" and facts.opened is not None and hit.number < len(facts.opened.rows):
        member = facts.opened.rows[hit.number]
        return f"#{member.call}, {member.status}, {member.cost}\n{member.words}"
    tally = facts.tally
    parts = (
        (tally.ok, "ok"), (tally.failed, "failed"), (tally.cancelled, "cancelled"), (tally.interrupted, "interrupted"),
        (tally.running, "running"), (tally.queued + tally.to_come, "queued"), (tally.never, "not asked"),
    )  # fmt: skip
    counts = ", ".join(f"{numbers.count(n)} {name}" for n, name in parts if n)
    failure = f"\n{facts.failure}" if facts.failure else ""
    return f"{numbers.count(facts.expected)} {facts.title} to {facts.words}, total {facts.total_cost}, {facts.duration}\n{counts}{failure}"
