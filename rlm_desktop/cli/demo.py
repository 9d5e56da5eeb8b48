"""What the program does where there is no display and nothing was asked of it: the sample's job, in the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rlm_desktop import streams
from rlm_desktop.analysis.facts import RunFacts, facts_of
from rlm_desktop.cli.run import run_to_end
from rlm_desktop.cli.run_options import parse
from rlm_desktop.errors import UserError
from rlm_desktop.present import numbers
from rlm_desktop.present.plain import plain
from rlm_desktop.program import spoken_command
from rlm_desktop.samples.shipped import expedition_on_disk
from rlm_desktop.trace.store import TraceStore

_WIDEST: Final = 100


def main(arguments: Sequence[str]) -> int:
    """Return the exit status of the run."""
    del arguments  # there are none, or this would not be it
    title, documents, question = expedition_on_disk()
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    for line in (
        "There is no display to open a window on, so the sample runs here, on the built-in model: no key, no network, no cost.",
        f"{title}: {', '.join(path.name for path in documents)}",
        f"Question: {question}",
    ):
        streams.say(textwrap.fill(line, width, break_on_hyphens=False) + "\n")
    streams.flush_stdout()
    status, trace = run_to_end(parse([*map(str, documents), "-q", question]))
    try:
        facts = facts_of(TraceStore.open(trace))
    except UserError as error:
        streams.tell(f"rlm-desktop: {error}")
        return status or 1
    streams.say(_summary(facts, trace))
    return status


def _summary(facts: RunFacts, trace: Path) -> str:
    picture = Path("map.png")
    rows = [
        ("cost", numbers.cost(facts.cost_usd)),
        ("calls", f"{facts.calls:,}: {facts.rlm_calls:,} with a REPL, {facts.llm_calls:,} plain; {facts.errors:,} failed"),
        ("tokens", f"{numbers.tokens(facts.input_tokens)} in, {numbers.tokens(facts.output_tokens)} out"),
        ("time", numbers.duration(facts.duration_s)),
        ("trace", str(trace)),
    ]
    ways = [
        ("The run as a picture", spoken_command("screenshot", str(trace), "-o", str(picture))),
        ("What its trace says", spoken_command("info", str(trace))),
        ("Live and in replay, where there is a display", spoken_command("open", str(trace))),
        ("Your own documents", spoken_command("run", "FILE", "-q", "QUESTION")),
        ("More samples", spoken_command("sample")),
    ]
    figures = "\n".join(f"{name:<7} {value}" for name, value in rows).replace(numbers.NARROW, " ")
    return plain(f"\n{figures}\n\n" + "\n".join(f"{words}\n    {command}" for words, command in ways))
