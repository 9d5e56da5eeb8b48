"""What a call with a REPL is told: our system prompt and the user messages around its turns. A changed sentence raises `PROMPT_VERSION`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from rlm_desktop.trace.events import Heading

PROMPT_VERSION = "2"
SubCalls = Literal["none", "plain", "recursive"]

QUESTION_OPENS = "<question>"
QUESTION_CLOSES = "</question>"
QUESTION_IN_CONTEXT = "Your question is the prompt held in `context`: read it there and answer it."
OUTLINE_OPENS = "Outline (title, then the offset of its line in the document):"
LAST_OPENS = "This is the last message, because"

_OVERVIEW_CHARS = 6_000
_NAMES_SHARE = 0.5
_TITLE_CHARS = 90
_NAME_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPiece:
    """One document of the context: a value of the dict, an item of the list, or the whole string."""

    name: str
    chars: int
    outline: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFacts:
    """What a model is told of its context: never any of the text itself but its headings."""

    kind: Literal["str", "list", "dict"]
    chars: int
    pieces: tuple[ContextPiece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLeft:
    """What is left after everything so far; None is no limit. `iterations` counts the turn that is asked for."""

    iterations: int
    calls: int | None = None
    tokens: int | None = None
    cost_usd: float | None = None
    time_s: float | None = None


_START = """\
You answer a question about material that may be far longer than anything you can read at once. The material is not in this conversation: \
it is the variable `context` in a Python REPL that is yours alone. You look at it by writing code; what the code prints comes back to you; \
you go on turn by turn until you set the answer.

How a turn works
- Reply with a little reasoning and one block of Python between a line ```repl and a line ```. It runs at once, and variables, functions \
and imports live on into later turns, also after an exception.
- You see only what the block prints, and of that at most {output_chars:,} characters. Keep long results in variables and print counts, \
samples and short slices. If an output says it was cut, do not conclude anything from what is missing.
- The standard library is there. Network, other processes and files, temporary ones too, are refused: keep everything in variables.

Names in the REPL
- `context`: the material, a str, or a list or dict of str (document name -> text).
- `answer`: a dict, at first {{"content": "", "ready": False}}. Put the answer's text into answer["content"], and when it is final set \
answer["ready"] = True: the run ends after that block. The content may be far longer than what you could write out: build it in variables.
- `SHOW_VARS()`: returns the names and types of your variables.
- `history`: the blocks that ran before, a list of pairs: the code and what it printed.
"""

_PLAIN = """\
- `llm_query(prompt, model=None)`: asks a language model and returns its reply as a str. It sees the prompt and nothing else, so put the \
instruction and the text it should work on into it; about 100,000 characters fit.
- `llm_query_batched(prompts, model=None)`: the same for a list of prompts, up to {concurrency} at once; the replies come back \
in the same order. Always prefer one batch to a loop of single calls.
"""

_RECURSIVE = """\
- `rlm_query(prompt, context=None, model=None)`: hands a part of the work to a child that has a REPL of its own, for what needs many \
turns: with `context` (a str, list or dict) the prompt is its question over that material, without it the prompt itself is its material. \
Slower and dearer than `llm_query`.
- `rlm_query_batched(prompts, contexts=None, model=None)`: the same for a list of prompts, with a list of contexts of the same length.
"""

_SUB_CALL_ERRORS = """\
- A single sub-call that fails or is over the budget raises an exception in your code. In a batch it does not: its place in the list \
then holds a str that starts with `Error:`.
"""

_WAY = """
A way that works
1. Look first: type, length, a slice from the start, the middle and the end. Never answer before you have looked.
2. Plan: narrow down with code (search, regular expressions, headings, splitting) as far as code can; {reading}
3. Keep results in variables, put them together by code, and check what you found against `context` by code.
4. Print the candidate answer and look at it; set answer["ready"] in a later block, or in the same one only when nothing is in doubt.
When you quote, name the document and the range of characters after the quotation, like this: "quoted words" [document name 120–161]. \
When the material does not hold the answer, say so; do not fill the gap from memory.
"""

_READING_ALONE = "read the few passages that remain yourself, by printing them."
_READING_WITH_CALLS = "give the passages that need reading to sub-calls, in large pieces, not line by line, and never the same one twice."

_OLDER_END = """\
Instead of setting `answer` you may end with a line FINAL(the answer) or FINAL_VAR(name of a variable) outside any code block.
"""


def system_prompt(*, sub_calls: SubCalls, concurrency: int, output_chars: int) -> str:
    """Return the system prompt of a call with a REPL. With `sub_calls` `none` it names no function that calls a model."""
    parts = [_START.format(output_chars=output_chars)]
    if sub_calls != "none":
        parts.append(_PLAIN.format(concurrency=concurrency))
    if sub_calls == "recursive":
        parts.append(_RECURSIVE)
    if sub_calls != "none":
        parts.append(_SUB_CALL_ERRORS)
    parts.append(_WAY.format(reading=_READING_ALONE if sub_calls == "none" else _READING_WITH_CALLS))
    parts.append(_OLDER_END)
    return "".join(parts)


def first_user(*, question: str, facts: ContextFacts, left: BudgetLeft, question_is_in_context: bool = False) -> str:
    """Return the first user message: the question, what the context is, and the budget.

    With `question_is_in_context` the context is the prompt of an `rlm_query`, and `question` is not said again.
    """
    asked = QUESTION_IN_CONTEXT if question_is_in_context else f"{QUESTION_OPENS}\n{question}\n{QUESTION_CLOSES}"
    return "\n\n".join((asked, _overview(facts), budget_line(left), "Start by looking at `context`."))


def next_user(*, left: BudgetLeft, no_code: bool, note: str | None = None) -> str:
    """Return what follows the outputs of a turn. `note` is a sentence on what the reply got wrong otherwise."""
    parts = [] if note is None else [note]
    if no_code:
        parts.append(
            "Your reply held no block of code, so nothing ran. Write one between ```repl and ```; "
            'to finish, set answer["content"] and answer["ready"] = True in it.'
        )
    parts.append(budget_line(left))
    return "\n\n".join(parts)


def last_user(*, reason: str) -> str:
    """Return the request for the best answer now; the reply's text is the answer. `reason` is a clause, such as `no turns are left`."""
    return (
        f"{LAST_OPENS} {reason.rstrip('.')}. No more code will run. Give the best answer you can from what is above, "
        "as plain text without any code block, and say what you could not establish."
    )


def budget_line(left: BudgetLeft) -> str:
    """Return one line such as `Left: 29 turns, 4,980 calls, $1.93, 240 s.`"""
    parts = [f"{left.iterations:,} {'turn' if left.iterations == 1 else 'turns'}"]
    if left.calls is not None:
        parts.append(f"{left.calls:,} {'call' if left.calls == 1 else 'calls'}")
    if left.tokens is not None:
        parts.append(f"{left.tokens:,} tokens")
    if left.cost_usd is not None:
        parts.append(f"${left.cost_usd:,.2f}" if left.cost_usd >= 0.01 or left.cost_usd == 0 else f"${left.cost_usd:.4f}")
    if left.time_s is not None:
        parts.append(f"{left.time_s:,.0f} s")
    return f"Left: {', '.join(parts)}."


def _overview(facts: ContextFacts) -> str:
    head = f"`context` is a {facts.kind} of {facts.chars:,} characters"
    if facts.kind == "str":
        lines = [f"{head}{_named(facts.pieces)}."]
    else:
        unit = "item" if facts.kind == "list" else "document"
        lines = [f"{head} in {len(facts.pieces):,} {unit}{'' if len(facts.pieces) == 1 else 's'}{':' if facts.pieces else '.'}"]
        rows = [f"- {_cut(piece.name, _NAME_CHARS)!r}: {piece.chars:,} characters" for piece in facts.pieces]
        shown = list(_fitting(rows, int(_OVERVIEW_CHARS * _NAMES_SHARE)))
        lines += shown
        if len(shown) < len(rows):
            lines.append(f"- and {len(rows) - len(shown):,} more, not listed here.")
    outlined = [piece for piece in facts.pieces if piece.outline]
    if outlined:
        room = _OVERVIEW_CHARS - sum(len(line) + 1 for line in lines)
        lines += [
            "",
            OUTLINE_OPENS,
            *_outlines(outlined, room, named=facts.kind != "str"),
        ]
    return "\n".join(lines)


def _named(pieces: Sequence[ContextPiece]) -> str:
    return f", the document {_cut(pieces[0].name, _NAME_CHARS)!r}" if len(pieces) == 1 and pieces[0].name else ""


def _outlines(pieces: Sequence[ContextPiece], room: int, *, named: bool) -> Iterator[str]:
    """Yield outline lines of at most about `room` characters, the same share for each document, upper levels first."""
    for count, piece in enumerate(pieces):
        share = room // (len(pieces) - count)
        title = f"{_cut(piece.name, _NAME_CHARS)!r}:" if named else ""
        if share < len(title) + _TITLE_CHARS:
            yield f"(outlines of {len(pieces) - count:,} more documents are not shown)"
            return
        rows = list(_outline_rows(piece.outline, share - len(title)))
        if named:
            yield title
        yield from rows
        room -= len(title) + sum(len(row) + 1 for row in rows)


def _outline_rows(outline: Sequence[Heading], room: int) -> Iterator[str]:
    rows: list[str] = []
    top = min(heading.level for heading in outline)
    for deepest in range(max(heading.level for heading in outline), top - 1, -1):
        rows = [f"{'  ' * (h.level - top)}- {_cut(h.title, _TITLE_CHARS)} @{h.at}" for h in outline if h.level <= deepest]
        if sum(len(row) + 1 for row in rows) <= room:
            break
    shown = list(_fitting(rows, room - 40))
    yield from shown
    hidden = len(outline) - len(shown)
    if hidden:
        yield f"- ({hidden:,} more headings are not shown)"


def _fitting(rows: Sequence[str], room: int) -> Iterator[str]:
    used = 0

    def fits(row: str) -> bool:
        nonlocal used
        used += len(row) + 1
        return used <= room

    return takewhile(fits, rows)


def _cut(text: str, chars: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= chars else f"{flat[: chars - 1]}…"
