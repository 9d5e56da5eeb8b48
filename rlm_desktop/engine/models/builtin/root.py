"""The built-in model as root: what it writes at each turn, from nothing but the messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.choose import choose, wants_fields
from rlm_desktop.engine.models.builtin.fields import are_rows, seen_fields
from rlm_desktop.engine.models.builtin.prompt import take_apart
from rlm_desktop.engine.models.builtin.question import understand
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, written
from rlm_desktop.engine.models.builtin.ways.compare import cut_and_match, tell_changes
from rlm_desktop.engine.models.builtin.ways.count import count
from rlm_desktop.engine.models.builtin.ways.fact import ask, ask_children, decide, read_alone
from rlm_desktop.engine.models.builtin.ways.find import find
from rlm_desktop.engine.models.builtin.ways.listing import list_all
from rlm_desktop.engine.models.builtin.ways.look import look, look_at_prompt
from rlm_desktop.engine.models.builtin.ways.search import MOST_PASSAGES, search
from rlm_desktop.engine.models.builtin.ways.summary import (
    MOST_SECTIONS,
    Outline,
    ask_sections,
    choose_alone,
    cut_into_sections,
    tell_summary,
)
from rlm_desktop.engine.models.builtin.words import stem
from rlm_desktop.engine.prompts import LAST_OPENS, OUTLINE_OPENS, QUESTION_CLOSES, QUESTION_IN_CONTEXT, QUESTION_OPENS
from rlm_desktop.trace.messages import REPL_LOST

CHILDREN_MOST_DOCUMENTS = 6
CHILDREN_FROM_CHARS = 40_000
CHILDREN_TO_CHARS = 8_000_000
_CHILD_CALLS = MOST_PASSAGES + 1
_PASSAGE_TOKENS = 700
_SECTION_TOKENS = 2_100

_LEFT = re.compile(r"Left: ([\d,]+) turns?(?:, ([\d,]+) calls?)?(?:, ([\d,]+) tokens)?")
_SIZE = re.compile(
    r"`context` is a (str|list|dict) of ([\d,]+) characters(?:, the document ('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))?(?: in ([\d,]+) )?"
)
_QUOTED_NAME = r"('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_LISTED = re.compile(rf"(?m)^- {_QUOTED_NAME}: [\d,]+ characters$")
_HEADING = re.compile(r"( *)- (.+) @(\d+)$")
_OUTLINED = re.compile(rf"{_QUOTED_NAME}:$")
_FOUND = re.compile(r"(?m)^found ([\d,]+): (.+)$")
_NONE_FOUND = re.compile(r"(?m)^found 0: ")
_CANDIDATE = re.compile(r"(?m)^candidate (.+) (\d+)-(\d+) sure (\d+): (['\"].*['\"])$")


def is_root(messages: Sequence[Message]) -> bool:
    """True when the system prompt speaks of a REPL that holds a `context`."""
    return any(m.role == "system" and "REPL" in m.content and "context" in m.content for m in messages)


def reply_as_root(messages: Sequence[Message]) -> str:
    """Return the next turn of a call with a REPL: a sentence and a block of code, or at the end plain text."""
    users = [m.content for m in messages if m.role == "user"]
    first, last = users[0] if users else "", users[-1] if users else ""
    if LAST_OPENS in last:
        return _best_so_far(users)
    turn = sum(m.role == "assistant" for m in messages)
    system = next((m.content for m in messages if m.role == "system"), "")
    if QUESTION_IN_CONTEXT in first and turn == 0:
        return written([look_at_prompt()])
    blocks = _blocks(system, users, first=first, last=last)
    if QUESTION_IN_CONTEXT in first:
        turn -= 1
    if turn >= len(blocks) or (turn and "Traceback (most recent call last)" in last):
        return _best_so_far(users)
    turns_left = _left(last)[0]
    begin = 0 if REPL_LOST in last else turn
    end = len(blocks) if turns_left <= 1 else max(turn + 1, len(blocks) - turns_left + 1)
    return written(blocks[begin:end])


def _blocks(system: str, users: Sequence[str], *, first: str, last: str) -> list[Block]:
    """Return all turns of this call in order. They depend on the first message and the first outputs alone, so each turn finds the same."""
    asked, from_context = _question(users)
    name, names = _documents(first)
    outputs = users[2 if from_context else 1 :]
    with_fields = wants_fields(asked)
    looked = outputs[0] if outputs and with_fields else ""
    chosen = choose(asked, names, seen_fields(looked), is_table=are_rows(looked))
    blocks = [look(name, asked=asked if from_context else None, with_fields=with_fields)]
    if chosen.way in ("count", "list"):
        blocks.append(find(chosen))
        if chosen.is_guessed and len(outputs) > 1 and _NONE_FOUND.search(outputs[1]):
            # Nothing of that form is there, so a stated fact may have been meant.
            return blocks + _fact_blocks(system, asked, first, chosen)
        blocks.append(list_all(chosen) if chosen.way == "list" and chosen.what != "values" else count(chosen, asked))
    elif chosen.way == "compare":
        blocks += [cut_and_match(chosen), tell_changes(chosen)]
    elif chosen.way == "summary":
        blocks += _summary_blocks(system, first, chosen)
    else:
        blocks += _fact_blocks(system, asked, first, chosen)
    return blocks


def _summary_blocks(system: str, first: str, chosen: Chosen) -> list[Block]:
    _, calls, tokens = _left(first)
    has_calls = "llm_query_batched" in system and calls > 1
    most = max(1, min(MOST_SECTIONS, calls - 1, tokens // (2 * _SECTION_TOKENS))) if has_calls else MOST_SECTIONS
    return [cut_into_sections(chosen, most, _outline(first)), ask_sections() if has_calls else choose_alone(), tell_summary()]


def _fact_blocks(system: str, asked: str, first: str, chosen: Chosen) -> list[Block]:
    question = understand(chosen.rest or asked)
    _, calls, tokens = _left(first)
    has_calls = "llm_query_batched" in system and calls > 1
    most = max(1, min(MOST_PASSAGES, calls - 1, tokens // (2 * _PASSAGE_TOKENS))) if has_calls else MOST_PASSAGES
    children = has_calls and "rlm_query(" in system and _suits_children(first, calls)
    if children:
        most = max(1, most * 3 // 4)
    blocks = [search(question, most, chosen.only), ask(asked) if has_calls else read_alone()]
    if children:
        blocks.append(ask_children(CHILDREN_MOST_DOCUMENTS))
    return [*blocks, decide(question, has_calls=has_calls, needs_reasoning=chosen.needs_reasoning, noun=stem(chosen.noun.lower()))]


def _question(users: Sequence[str]) -> tuple[str, bool]:
    """Return the question, and whether it was read out of the context that the first block printed."""
    first = users[0] if users else ""
    if QUESTION_IN_CONTEXT in first:
        printed = users[1] if len(users) > 1 else ""
        head, tail = (_printed(printed, label) for label in ("HEAD", "TAIL"))
        whole = head if len(head) < 2_500 else f"{head}\n\n{tail}"
        return take_apart(whole).question, True
    if QUESTION_OPENS in first and QUESTION_CLOSES in first:
        return first.split(QUESTION_OPENS, 1)[1].rsplit(QUESTION_CLOSES, 1)[0].strip(), False
    return take_apart(first).question, False


def _printed(output: str, label: str) -> str:
    found = re.search(rf"(?m)^{label} (['\"].*['\"])$", output)
    return str(ast.literal_eval(found[1])) if found else ""


def _left(message: str) -> tuple[int, int, int]:
    """Return turns, calls and tokens left as the message says; what it does not say is plenty."""
    found = _LEFT.search(message)
    numbers = [int(part.replace(",", "")) if part else 1_000_000_000 for part in found.groups()] if found else [1_000_000_000] * 3
    return numbers[0], numbers[1], numbers[2]


def _suits_children(first: str, calls: int) -> bool:
    """True when there are several large documents, and calls enough for a child on each of those that promise most."""
    size = _SIZE.search(first)
    if size is None or size[1] != "dict" or not size[4]:
        return False
    chars, count = int(size[2].replace(",", "")), int(size[4].replace(",", ""))
    most = min(count, CHILDREN_MOST_DOCUMENTS)
    return (
        count >= 2
        and chars >= CHILDREN_FROM_CHARS * count
        and chars * most <= CHILDREN_TO_CHARS * count
        and calls > (most + 1) * _CHILD_CALLS
    )


def _documents(first: str) -> tuple[str, list[str]]:
    """Return what a single text is called, and the names of the documents that the first message lists."""
    size = _SIZE.search(first)
    name = str(ast.literal_eval(size[3])) if size and size[3] else "context"
    if size is None or size[1] == "str":
        return name, [name]
    return name, [str(ast.literal_eval(found[1])) for found in _LISTED.finditer(first)]


def _outline(first: str) -> Outline:
    """Return the headings that the first message tells, of documents of which it tells all."""
    _, opened, told = first.partition(OUTLINE_OPENS)
    found: Outline = {}
    name = _documents(first)[0]
    for line in told.splitlines() if opened else ():
        heading = _HEADING.match(line)
        if heading:
            found.setdefault(name, []).append((1 + len(heading[1]) // 2, int(heading[3]), heading[2]))
        elif of_document := _OUTLINED.match(line):
            name = str(ast.literal_eval(of_document[1]))
        elif line.startswith("- ("):
            found.pop(name, None)
        elif line and not line.startswith("("):
            break
    return found


def _best_so_far(users: Sequence[str]) -> str:
    """Return an answer in plain text from the candidates that outputs so far have shown."""
    shown = [match for text in users[1:] for match in _CANDIDATE.finditer(text)]
    counted = [match for text in users[1:] for match in _FOUND.finditer(text)]
    if not shown and counted:
        way = "Way: counted by code. Sure: exact, but the run had to end before any was quoted."
        return f"{counted[-1][1]} {counted[-1][2]}.\n\n({way} {NOTE})"
    if not shown:
        return f"Nothing was found before the run had to end. ({NOTE})"
    best = max(shown, key=lambda match: int(match[4]))
    quote = " ".join(str(ast.literal_eval(best[5])).splitlines())
    end = int(best[2]) + len(quote)
    return f'Found in {best[1]}: "{quote}" [{best[1]} {best[2]}–{end}]\n\n({NOTE} The run had to end before the quote was checked.)'
