"""Counting: how many there are, by what rule they were counted, in which documents, and some of them as quotes."""

from __future__ import annotations

import re

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.shapes import NUMBER_WORDS
from rlm_desktop.engine.models.builtin.things import THINGS
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, fill, text_literal
from rlm_desktop.engine.models.builtin.ways.named import not_used, what_was_found, where_said
from rlm_desktop.engine.models.builtin.ways.tell import TELL
from rlm_desktop.engine.models.builtin.words import stem

_EXAMPLES = 5
_SEVERAL = NUMBER_WORDS.removeprefix("one|")

_STATED = """
# the text may state the figure itself: a number right before the word
stated = []
figure = re.compile(r"(?i)(?<![#\\w:.,/-])(?:\\d(?:[\\d.,]*\\d)?|" + @NUMBERS@ + r")\\s+(?:[^\\W\\d_]+\\s+){0,2}\\Z")
others = @OTHERS@  # the other words of the question must stand by
for name, text in chosen.items():
    low = text.lower()
    at = low.find(@NOUN@)
    for _ in range(5_000):
        if at < 0:
            break
        if not low[at - 1 : at].isalnum() and figure.search(text, max(0, at - 60), at):
            floor = max(0, at - 400)
            start = max(floor, *(low.rfind(mark, floor, at) + 1 for mark in ("\\n\\n", ". ", ".\\n", "! ", "? ", "。")))
            after = re.compile(r"[.!?](?=\\s|$)|。|\\n\\n").search(text, at, at + 400)
            end = after.end() if after else min(len(text), at + 400)
            if all(word in low[start:end] for word in others):
                stated.append((name, start, end))
        at = low.find(@NOUN@, at + 1)
stated = stated[:3]
"""

_COUNT = """
# answer: the figure, how it was counted, where, and some of them
total = len(found)
lines = []
if total:
    lines.append(@TOTAL@ + @RULE@ + ".")
    if len(chosen) > 1:
        lines.append(by_document(name for name, *_ in found))
else:
    lines.append("Nothing was found: no " + @ONE@ + @RULE@ + ".")
@INSIDE@
examples = found[:: max(1, total // @EXAMPLES@)][:@EXAMPLES@]
if @IS_PLACE@:
    examples = [line_around(name, at, at + 1, at) for name, _, _, at in examples]
if examples:
    lines.append("")
    lines.append("All of them:" if total == len(examples) else f"{len(examples)} of them:")
    lines += ["- " + quoted(*place) for place in examples]
"""
_TOTAL = "number(total, @ONE@, @MANY@)"
_DISTINCT_TOTAL = (
    'number(len({documents[name][start:end] for name, start, end, _ in found}), "different " + @ONE@, "different " + @MANY@)'
    " + f\" in {number(total, 'place', 'places')}\""
)
_INSIDE = """\
if longer_words():
    lines.append("Not counted: " + longer_words())"""

_SAY_STATED = """
if stated:
    # both may be meant: what is stated goes first, as it was counted by somebody who knew
    told = ["The text states a figure itself:", *("- " + quoted(name, start, end) for name, start, end in stated), ""]
    lines = [*told, "Counted by code: " + lines[0], *lines[1:]]
"""

_END = """
answer["content"] = "\\n".join(lines) + "\\n\\n(" + @WAY@ + " " + @NOTE@ + ")"
print(answer["content"][:2_000])
answer["ready"] = True
"""

_SIZES = """
# answer: the sum, and each document's part of it
total = sum(sizes.values())
lines = [number(total, @ONE@, @MANY@) + @RULE@ + "."]
often = sorted(sizes.items(), key=lambda pair: -pair[1])
rank = @RANK@
if rank in ("most", "least") and often:
    name, size = often[0 if rank == "most" else -1]
    kind = "longest" if rank == "most" else "shortest"
    lines.insert(0, f"The {kind} document is {name}, with " + number(size, @ONE@, @MANY@) + ". In all:")
if len(sizes) > 1:
    lines += [f"- {name}: {size:,}" for name, size in often[:200]]
    lines += [f"and {len(often) - 200:,} more documents"] if len(often) > 200 else []
"""

_VALUES = """
# answer: each value with its count and its first place
lines = []
if not groups:
    lines.append("Nothing was found: no " + @ONE@ + @RULE@ + ".")
else:
    rank = @RANK@
    field = next(name for name in fields if any(name in row for text in chosen.values() for _, _, row in rows_of(text)))
    order = by_size[::-1] if rank == "least" else by_size
    top = len(groups[order[0]])
    if rank in ("most", "least"):
        ties = [value[:80] for value in order if len(groups[value]) == top]
        lines.append(f"The {rank} common {field} is {' and '.join(ties[:10])}, in {number(top, 'row', 'rows')}")
        lines[0] += f" of {len(found):,}" + @WHERE@ + "."
    elif rank == "sum":
        figures = [(as_number(value), len(groups[value])) for value in groups if as_number(value) is not None]
        total, n = sum(figure * times for figure, times in figures), sum(times for _, times in figures)
        low, high = min(figures, default=(0, 0))[0], max(figures, default=(0, 0))[0]
        lines.append(f"The sum of {field} is {total:,.10g}, the average {total / max(1, n):,.10g}, the lowest {low:,.10g}, ")
        lines[0] += f"the highest {high:,.10g}, over {number(n, 'row', 'rows')}" + @WHERE@ + "."
        order = sorted(order, key=lambda value: -(as_number(value) or 0))[:10]
    elif rank == "distinct":
        lines.append(number(len(groups), "different value", "different values") + f" of {field}, in {len(found):,} rows.")
    else:
        lines.append(number(len(found), @ONE@, @MANY@) + @RULE@ + f", and {number(len(groups), 'value', 'different values')}:")
    lines.append("")
    for value in order[:3_000]:
        count = len(groups[value])
        lines.append(f"- {value[:120]}: {count:,} ({100 * count / len(found):.1f} %), first in {quoted(*groups[value][0])}")
    lines += [f"and {len(order) - 3_000:,} more values"] if len(order) > 3_000 else []
"""


def count(chosen: Chosen, question: str) -> Block:
    """Return the block that tells how many were found."""
    one, many, rule = what_was_found(chosen)
    parts = {"ONE": text_literal(one), "MANY": text_literal(many), "RULE": text_literal(rule)}
    if chosen.what == "values":
        code = fill(_VALUES, **parts, WHERE=text_literal(where_said(chosen)), RANK=text_literal(chosen.rank))
    elif chosen.what == "size":
        code = fill(_SIZES, **parts, RANK=text_literal(chosen.rank))
    else:
        total = _DISTINCT_TOTAL if chosen.what == "things" and THINGS[chosen.thing].is_distinct else _TOTAL
        inside = _INSIDE if chosen.what == "words" else "# each stands for itself"
        code = fill(
            _COUNT,
            **parts,
            TOTAL=fill(total, **parts),
            EXAMPLES=str(_EXAMPLES),
            IS_PLACE=str(chosen.what == "words" and chosen.unit in ("occurrence", "document")),
            INSIDE=inside,
        )
        if chosen.may_be_stated and chosen.noun.isascii() and len(chosen.noun) > 2:
            others = _other_words(chosen, question)
            # With nothing else asked (`how many documents are there`) the documents here are meant, not any that a text speaks of.
            if others or chosen.what != "documents":
                code = _stated(chosen, others) + code + _SAY_STATED
    where = "the documents named" if chosen.only else "the whole text"
    end = fill(_END, WAY=text_literal(f"Way: counted by code over {where}. Sure: {_sure(chosen)}."), NOTE=text_literal(NOTE))
    return Block(says="Now I write down the figure, and quote some of what was counted.", code=TELL + code + end)


def _sure(chosen: Chosen) -> str:
    if chosen.unused:
        return not_used(chosen)
    if chosen.what == "headings" or (chosen.what == "size" and chosen.unit == "sentence"):
        return "likely, as it goes by the form of the text"
    if chosen.what == "things":
        return THINGS[chosen.thing].sure
    return "exact as a count, likely as what was asked for" if chosen.is_guessed and chosen.what == "rows" else "exact"


def _other_words(chosen: Chosen, question: str) -> list[str]:
    """Return the stems of the question's words beside what is counted."""
    noun = stem(chosen.noun.lower())
    words = [word for word in re.findall(r"[^\W\d_]{4,}", question.lower()) if not word.startswith(noun) and word not in _ASKING]
    return [stem(word) for word in words]


def _stated(chosen: Chosen, others: list[str]) -> str:
    return fill(_STATED, NUMBERS=text_literal(_SEVERAL), NOUN=text_literal(stem(chosen.noun.lower())), OTHERS=repr(others))


_ASKING = frozenset(
    [
        "many",
        "there",
        "does",
        "have",
        "has",
        "were",
        "which",
        "that",
        "this",
        "with",
        "from",
        "wie",
        "viele",
        "gibt",
        "haben",
        "combien",
        "dans",
        "cuántos",
        "cuántas",
        "tiene",
        "hay",
    ]
)
