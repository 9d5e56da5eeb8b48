"""`rlm-desktop sample NAME`: documents to try the program on, a question, and its true answer where no run gets it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from rlm_desktop import streams
from rlm_desktop.cli.parser import Parser
from rlm_desktop.errors import UsageError
from rlm_desktop.present.numbers import size
from rlm_desktop.present.plain import plain
from rlm_desktop.program import spoken_command
from rlm_desktop.samples.catalogue import TAKES, Entry, Wanted, entries, make
from rlm_desktop.samples.made import Made
from rlm_desktop.samples.writing import Written, write

_TOKENS = (1_000, 200_000_000)
_LINES = (1, 1_000_000)
_OPTIONS = {"tokens": "--tokens", "lines": "--lines", "seed": "--seed", "is_hidden": "--hidden"}


def main(arguments: Sequence[str]) -> int:
    """Return the exit status. Raises UsageError and UserError."""
    given = _parser().parse_args(arguments)
    if given.list or given.name is None:
        _say_list(entries(), as_json=given.json)
        return 0
    entry = next((entry for entry in entries() if entry.name == given.name), None)
    if entry is None:
        raise UsageError(f"There is no sample {given.name}. There are {', '.join(TAKES)}; `rlm-desktop sample` says what each is.")
    made = make(entry.name, _wanted(given))
    written = write(made, Path(given.output or entry.name).absolute())
    needs_language_model = entry.needs_language_model or given.hidden
    if given.json:
        told = {
            "name": entry.name,
            "folder": str(written.folder),
            "documents": str(written.documents),
            "question": made.question,
            "answer": str(written.answer),
            "needs_language_model": needs_language_model,
        }
        streams.say(json.dumps(told))
    else:
        streams.say(_words(made, written, needs_language_model=needs_language_model))
    return 0


def _parser() -> Parser:
    parser = Parser(
        prog="rlm-desktop sample",
        description="Write documents to try the program on, a question, and its true answer. Without a name: which samples there are.",
    )
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", help=", ".join(TAKES))
    add("-o", "--output", metavar="DIR", help="a folder that is new or empty; without it one named after the sample")
    add("--tokens", metavar="N", type=int, help="needle: how long the text is, about (1,000,000)")
    add("--lines", metavar="N", type=int, help="aggregate, pairs: how many messages (3,000 and 240)")
    add("--seed", metavar="N", type=int, help="needle, research, aggregate, pairs: another number, another text")
    add("--hidden", action="store_true", help="aggregate: without the labels, so that each message has to be understood")
    add("--list", action="store_true", help="which samples there are")
    add("--json", action="store_true", help="say the same as one JSON line")
    return parser


def _wanted(given: argparse.Namespace) -> Wanted:
    wanted = Wanted(seed=given.seed, tokens=given.tokens, lines=given.lines, is_hidden=given.hidden)
    for field, option in _OPTIONS.items():
        if getattr(wanted, field) not in (None, False) and field not in TAKES[given.name]:
            takers = ", ".join(name for name, fields in TAKES.items() if field in fields)
            raise UsageError(f"The sample {given.name} takes no {option}. It is for {takers}.")
    for number, (low, high), option in ((wanted.tokens, _TOKENS, "--tokens"), (wanted.lines, _LINES, "--lines")):
        if number is not None and not low <= number <= high:
            raise UsageError(f"{option} is from {low:,} to {high:,}, not {number:,}.")
    return wanted


def _say_list(samples: Sequence[Entry], *, as_json: bool) -> None:
    if as_json:
        fields = ("name", "title", "about", "needs_language_model")
        streams.say(json.dumps([{field: getattr(sample, field) for field in fields} for sample in samples]))
        return
    width = max(len(sample.name) for sample in samples)
    for sample in samples:
        mark = " (needs a language model)" if sample.needs_language_model else ""
        streams.say(f"{sample.name:{width}}  {sample.about}{mark}")
    streams.say("\n`rlm-desktop sample NAME` writes one into a folder of that name.")


def _words(made: Made, written: Written, *, needs_language_model: bool) -> str:
    documents = "1 document" if written.document_count == 1 else f"{written.document_count:,} documents"
    model = (
        "It needs a language model. The built-in one is none: it searches, counts and quotes. Name yours with --model and --base-url."
        if needs_language_model
        else "The built-in model answers it, without a key or a network."
    )
    # A space that does not break is none to a terminal.
    size_words = " ".join(size(written.document_bytes).split())
    return plain(
        f"wrote     {written.folder} ({documents}, {size_words})\n"
        f"question  {made.question}\n"
        f"answer    {written.answer}, which is not among the documents\n"
        f"model     {model}\n"
        f"\n{spoken_command('run', _shown(written.documents), '-q', made.question)}"
    )


def _shown(path: Path) -> str:
    """Return the path from the current folder, if that holds it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
