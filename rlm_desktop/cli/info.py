"""`rlm-desktop info TRACE [--json]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from rlm_desktop import streams
from rlm_desktop.analysis.facts import RunFacts, facts_of
from rlm_desktop.cli.parser import Parser
from rlm_desktop.present.confined_run import confinement_of
from rlm_desktop.present.confinement import Confinement
from rlm_desktop.present.numbers import cost, count, duration, tokens
from rlm_desktop.present.plain import plain
from rlm_desktop.trace.invisible import escaped_json
from rlm_desktop.trace.store import TraceStore


def main(arguments: Sequence[str]) -> int:
    parser = Parser(prog="rlm-desktop info", description="What a trace says of its run.")
    parser.add_argument("trace", metavar="TRACE", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    store = TraceStore.open(options.trace)
    facts = facts_of(store)
    confined = confinement_of(store, is_live=facts.status == "running")
    if options.json:
        told = msgspec.to_builtins(facts) | {"confinement": confined.summary, "is_lowered": confined.is_lowered}
        streams.say(escaped_json(msgspec.json.encode(told).decode("utf-8")))
    else:
        streams.say(_table(facts, confined))
    if facts.problem is not None:
        streams.tell(f"rlm-desktop: {plain(options.trace.name, keeps_lines=False)} was read up to entry {facts.entries:,}. {facts.problem}")
    return 0


def _table(facts: RunFacts, confined: Confinement) -> str:
    known = cost(facts.known_cost_usd)
    rows = [
        ("question", facts.question),
        ("answer", facts.answer or "none"),
        ("status", facts.status + (f": {facts.error}" if facts.error else "")),
        ("models", ", ".join(facts.models)),
        (
            "calls",
            f"{count(facts.calls)} ({count(facts.rlm_calls)} with a REPL, {count(facts.llm_calls)} plain), {count(facts.errors)} failed",
        ),
        ("iterations", f"{count(facts.iterations)} with {count(facts.blocks)} blocks of code, depth {facts.depth}"),
        ("tokens", _tokens(facts)),
        ("cost", known if facts.cost_usd is not None else f"at least {known}; {count(facts.unpriced_calls)} calls have no known price"),
        ("time", duration(facts.duration_s)),
        ("confinement", confined.summary + (f"; held by {confined.sandbox.back_end}" if confined.held and confined.sandbox else "")),
        ("documents", ", ".join(f"{d.name} ({count(d.chars)} characters)" for d in facts.documents) or "none"),
        ("run", f"{facts.run_id}, started {facts.started_at}"),
        ("written by", f"version {facts.app_version}, format {facts.format}, {count(facts.entries)} entries"),
    ]
    # What a text says on a line of its own never stands where a figure of the run does.
    indent = "\n" + " " * 12
    return "\n".join(f"{name:<11} {indent.join(plain(value).splitlines())}" for name, value in rows)


def _tokens(facts: RunFacts) -> str:
    is_estimate = facts.tokens_are_estimates
    read, cached, written = (tokens(n, is_estimate=is_estimate) for n in (facts.input_tokens, facts.cached_tokens, facts.output_tokens))
    return f"{read} in ({cached} cached), {written} out"
