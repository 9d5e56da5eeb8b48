"""The built-in model as root: what it writes at each turn, from nothing but the messages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.builtin import root_code
from rlm_desktop.engine.models.builtin.lexicon import ENDINGS
from rlm_desktop.engine.models.builtin.prompt import take_apart
from rlm_desktop.engine.models.builtin.question import Question, understand
from rlm_desktop.engine.models.builtin.sub_model import BUILTIN_NAME
from rlm_desktop.engine.prompts import LAST_OPENS, QUESTION_CLOSES, QUESTION_IN_CONTEXT, QUESTION_OPENS
from rlm_desktop.trace.messages import REPL_LOST

NOTE = f"This is the {BUILTIN_NAME}: it quotes what matches, it does not reason."
READ_ALL_CHARS = 30_000
"""A context of at most so many characters is read whole instead of filtered."""
MOST_PASSAGES = 32
FEW_PASSAGES = 20
"""So many are read however weakly they match: a second look costs little."""
ENOUGH_HELD = 0.52
CHILDREN_MOST_DOCUMENTS = 6
CHILDREN_FROM_CHARS = 40_000
CHILDREN_TO_CHARS = 8_000_000
_CHILD_CALLS = MOST_PASSAGES + 1
_PASSAGE_TOKENS = 700

_LEFT = re.compile(r"Left: ([\d,]+) turns?(?:, ([\d,]+) calls?)?(?:, ([\d,]+) tokens)?")
_SIZE = re.compile(
    r"`context` is a (str|list|dict) of ([\d,]+) characters(?:, the document ('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))?(?: in ([\d,]+) )?"
)
_CANDIDATE = re.compile(r"(?m)^candidate (.+) (\d+)-(\d+) sure (\d+): (['\"].*['\"])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One turn's worth of code and the sentence that goes before it."""

    says: str
    code: str


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
        return _written([Block(says="First I look at the prompt that `context` holds.", code=root_code.PROBE_PROMPT)])
    blocks = _blocks(system, users, first=first, last=last)
    if QUESTION_IN_CONTEXT in first:
        turn -= 1
    if turn >= len(blocks) or (turn and "Traceback (most recent call last)" in last):
        return _best_so_far(users)
    turns_left = _left(last)[0]
    begin = 0 if REPL_LOST in last else turn
    end = len(blocks) if turns_left <= 1 else max(turn + 1, len(blocks) - turns_left + 1)
    return _written(blocks[begin:end])


def _blocks(system: str, users: Sequence[str], *, first: str, last: str) -> list[Block]:
    """Return all turns of this call in order. They depend on the first message and the first output alone, so each turn finds the same."""
    asked, from_context = _question(users)
    question = understand(asked)
    _, calls, tokens = _left(first)
    has_calls = "llm_query_batched" in system and calls > 1
    most = max(1, min(MOST_PASSAGES, calls - 1, tokens // (2 * _PASSAGE_TOKENS))) if has_calls else MOST_PASSAGES
    children = has_calls and "rlm_query(" in system and _suits_children(first, calls)
    if children:
        most = max(1, most * 3 // 4)
    kind = f"the kind of answer is `{question.kind}`" if question.kind != "any" else "any kind of answer will do"
    blocks = [
        Block(says="First I look at what there is.", code=_probe(first, asked if from_context else None)),
        Block(says=f"Now I search the whole of it for the words of the question; {kind}.", code=_filter(question, most)),
    ]
    if has_calls:
        blocks.append(
            Block(
                says="Each passage goes to a sub-call, all in one batch.",
                code=_fill(root_code.ASK, QUESTION=json.dumps(asked, ensure_ascii=False)),
            )
        )
    else:
        blocks.append(Block(says="Without sub-calls I weigh the sentences by code.", code=root_code.READ_ALONE))
    if children:
        blocks.append(Block(says="For a second opinion a child searches each document on its own.", code=root_code.CHILDREN))
    blocks.append(Block(says="Now I choose, check the quote against `context`, and answer.", code=_decide(question)))
    return blocks


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
    """True when there are a few large documents, and calls enough for a child on each."""
    size = _SIZE.search(first)
    if size is None or size[1] != "dict" or not size[4]:
        return False
    chars, count = int(size[2].replace(",", "")), int(size[4].replace(",", ""))
    return (
        2 <= count <= CHILDREN_MOST_DOCUMENTS
        and CHILDREN_FROM_CHARS * count <= chars <= CHILDREN_TO_CHARS
        and calls > (count + 1) * _CHILD_CALLS
    )


def _probe(first: str, asked: str | None) -> str:
    """Return the first look. A question that stands in the context itself is blanked there, so that it does not answer itself."""
    size = _SIZE.search(first)
    name = ast.literal_eval(size[3]) if size and size[3] else "context"
    code = _fill(root_code.PROBE, NAME=repr(name))
    if asked is None:
        return code
    return code + _fill(root_code.BLANK, ASKED=json.dumps(asked, ensure_ascii=False))


def _filter(question: Question, most: int) -> str:
    rows = "\n".join(f"    ({t.kind!r}, {t.weight:.2f}, {list(t.forms)!r}, {list(t.alike)!r})," for t in question.terms)
    return _fill(
        root_code.FILTER,
        TERMS=rows,
        ENDINGS=repr(" ".join(sorted(ENDINGS))),
        SHAPE=repr(question.shape),
        ASKED=json.dumps(" ".join(sorted(question.asked)), ensure_ascii=False),
        READ_ALL=f"{READ_ALL_CHARS:_}",
        MOST=str(most),
        FEW=str(min(most, FEW_PASSAGES)),
    )


def _decide(question: Question) -> str:
    words = ", ".join(dict.fromkeys(term.as_written for term in question.terms))
    return _fill(root_code.DECIDE, NOTE=json.dumps(NOTE), ENOUGH=str(ENOUGH_HELD), LOOKED_FOR=json.dumps(words, ensure_ascii=False))


def _fill(code: str, **parts: str) -> str:
    """Put each part where `@NAME@` stands, in one pass, so that a part's own text is never taken for a place.

    All parts are literals of Python; a backtick in one is escaped, lest three of them end the block.
    """
    return re.sub(r"@([A-Z_]+)@", lambda match: parts[match[1]].replace("`", r"\x60"), code)


def _written(blocks: Sequence[Block]) -> str:
    return "\n".join(block.says for block in blocks) + "\n\n```repl\n" + "\n".join(block.code for block in blocks) + "```"


def _best_so_far(users: Sequence[str]) -> str:
    """Return an answer in plain text from the candidates that outputs so far have shown."""
    shown = [match for text in users[1:] for match in _CANDIDATE.finditer(text)]
    if not shown:
        return f"Nothing was found before the run had to end. ({NOTE})"
    best = max(shown, key=lambda match: int(match[4]))
    quote = " ".join(str(ast.literal_eval(best[5])).splitlines())
    end = int(best[2]) + len(quote)
    return f'Found in {best[1]}: "{quote}" [{best[1]} {best[2]}–{end}]\n\n({NOTE} The run had to end before the quote was checked.)'
