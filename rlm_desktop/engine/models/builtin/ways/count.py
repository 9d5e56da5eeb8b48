"""Counting: how many there are, by what rule they were counted, in which documents, and some of them as quotes."""

from __future__ import annotations

import re

from rlm_desktop.engine.models.builtin.choice import Chosen, Condition
from rlm_desktop.engine.models.builtin.shapes import NUMBER_WORDS
from rlm_desktop.engine.models.builtin.things import THINGS
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, fill, pattern_literal, text_literal
from rlm_desktop.engine.models.builtin.ways.tell import TELL
from rlm_desktop.engine.models.builtin.words import stem

_EXAMPLES = 5

_STATED = """
# the text may state the figure itself: a number right before the word
stated = []
form = re.compile(@PATTERN@)
others = @OTHERS@  # the other words of the question
for name, text in chosen.items():
    for m in form.finditer(text):
        start = max(text.rfind("\\n\\n", 0, m.start()) + 2, *(text.rfind(mark, 0, m.start()) + 1 for mark in (". ", "! ", "? ", "。")), 0)
        after = re.compile(r"[.!?](?=\\s|$)|。|\\n\\n").search(text, m.end())
        end = after.end() if after else len(text)
        if end - start < 500:
            held = sum(word in text[start:end].lower() for word in others)
            stated.append((held, name, start, end))
stated = sorted((row for row in stated if row[0] == len(others)), key=lambda row: row[1:3])[:3]
"""

_COUNT = """
# answer: the figure, how it was counted, where, and some of them
total = len(found)
print(f"counted {total:,}")
lines = []
if total:
    lines.append(number(total, @ONE@, @MANY@) + @RULE@ + ".")
    if len(chosen) > 1:
        lines.append(by_document(name for name, *_ in found))
else:
    lines.append("Nothing was found: no " + @ONE@ + @RULE@ + ".")
@INSIDE@
examples = found[:: max(1, total // @EXAMPLES@)][:@EXAMPLES@]
if examples:
    lines.append("")
    lines.append("All of them:" if total == len(examples) else f"{len(examples)} of them:")
    lines += ["- " + quoted(*place) for place in examples]
"""
_INSIDE = """\
if inside:
    often = sorted(inside, key=inside.get, reverse=True)[:5]
    lines.append(f"Not counted: places inside longer words, such as {', '.join(often)}.")"""

_SAY_STATED = """
if stated:
    lines += ["", "The text also states a figure:" if total else "But the text states a figure:"]
    lines += ["- " + quoted(name, start, end) for _, name, start, end in stated]
"""

_END = """
answer["content"] = "\\n".join(lines) + "\\n\\n(" + @WAY@ + " " + @NOTE@ + ")"
print(answer["content"][:2_000])
answer["ready"] = True
"""

_SIZES = """
# answer: the sum, and each document's part of it
total = sum(sizes.values())
print(f"counted {total:,}")
lines = [number(total, @ONE@, @MANY@) + @RULE@ + "."]
if len(sizes) > 1:
    often = sorted(sizes.items(), key=lambda pair: -pair[1])
    lines += [f"- {name}: {size:,}" for name, size in often[:200]]
    lines += [f"and {len(often) - 200:,} more documents"] if len(often) > 200 else []
"""

_VALUES = """
# answer: each value with its count and its first place
lines = []
if not groups:
    lines.append("Nothing was found: no row has a field called " + @FIELD@ + ".")
else:
    rank = @RANK@
    field = next(name for name in fields if any(name in row for text in chosen.values() for _, _, row in rows_of(text)))
    order = by_size[::-1] if rank == "least" else by_size
    top = len(groups[order[0]])
    if rank in ("most", "least"):
        ties = [value[:80] for value in order if len(groups[value]) == top]
        lines.append(f"The {rank} common {field} is {' and '.join(ties[:10])}, in {number(top, 'row', 'rows')} of {len(found):,}.")
    elif rank == "distinct":
        lines.append(number(len(groups), "different value", "different values") + f" of {field}, in {len(found):,} rows.")
    else:
        lines.append(f"{len(found):,} rows have a {field}, with {number(len(groups), 'value', 'different values')}:")
    lines.append("")
    for value in order[:3_000]:
        count = len(groups[value])
        lines.append(f"- {value[:120]}: {count:,} ({100 * count / len(found):.1f} %), first in {quoted(*groups[value][0])}")
    lines += [f"and {len(order) - 3_000:,} more values"] if len(order) > 3_000 else []
"""


def count(chosen: Chosen, question: str) -> Block:
    """Return the block that tells how many were found."""
    way = f"Way: counted by code over {'the documents named' if chosen.only else 'the whole text'}."
    sure = "exact"
    if chosen.what == "values":
        code = fill(_VALUES, FIELD=text_literal(chosen.fields[0]), RANK=text_literal(chosen.rank))
    elif chosen.what == "size":
        names = {"ONE": text_literal(chosen.unit), "MANY": text_literal(f"{chosen.unit}s")}
        code = fill(_SIZES, **names, RULE=text_literal(_SIZE_RULES[chosen.unit]))
        sure = "likely" if chosen.unit == "sentence" else "exact"
    else:
        one, many, rule = what_was_found(chosen)
        sure = "likely" if chosen.what == "headings" else THINGS[chosen.thing].sure if chosen.what == "things" else "exact"
        code = fill(
            _COUNT,
            ONE=text_literal(one),
            MANY=text_literal(many),
            RULE=text_literal(rule),
            EXAMPLES=str(_EXAMPLES),
            INSIDE=_INSIDE if chosen.what == "words" else "# in order of the text",
        )
        if chosen.may_be_stated and chosen.noun and chosen.noun.isascii():
            code = _stated(chosen, question) + code + _SAY_STATED
    if chosen.is_guessed and chosen.what == "rows":
        sure = "exact as a count; likely what was asked for"
    end = fill(_END, WAY=text_literal(f"{way} Sure: {sure}."), NOTE=text_literal(NOTE))
    return Block(says="Now I count, and quote some of it.", code=TELL + code + end)


_SIZE_RULES = {
    "line": ", empty ones too",
    "paragraph": ", parted by empty lines",
    "sentence": ", by their end marks",
    "word": ", letters and figures in a row as one; each Chinese or Japanese sign as one",
    "character": ", spaces and line ends too",
}


def _stated(chosen: Chosen, question: str) -> str:
    noun = stem(chosen.noun.lower())
    words = [word for word in re.findall(r"[^\W\d_]{4,}", question.lower()) if not word.startswith(noun) and word not in _ASKING]
    pattern = rf"(?i)\b(?:\d[\d.,]*|{NUMBER_WORDS})\s+(?:[^\W\d_]+\s+){{0,2}}{re.escape(noun)}[^\W\d_]{{0,4}}\b"
    return fill(_STATED, PATTERN=pattern_literal(pattern), OTHERS=repr([stem(word) for word in words]))


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


def what_was_found(chosen: Chosen) -> tuple[str, str, str]:
    """Return what is counted, in the singular and the plural, and the rule that goes after it."""
    match chosen.what:
        case "words":
            joined = (" or " if chosen.is_any else " and ").join(f"‘{phrase}’" for phrase in chosen.phrases)
            if chosen.unit == "occurrence":
                return "place", "places", f" with {joined}, in any case, as a word of its own"
            return chosen.unit, f"{chosen.unit}s", f" with {joined}, in any case, as a word of its own"
        case "rows":
            return "row", "rows", f" where {' and '.join(map(_said, chosen.conditions))}" if chosen.conditions else ", without headers"
        case "documents":
            return "document", "documents", " in the context"
        case "definitions":
            return "definition", "definitions", f" of ‘{chosen.phrases[0]}’"
        case "headings":
            return "heading", "headings", ", by their marks, numbers, or lines set apart"
        case _:
            thing = THINGS[chosen.thing]
            return thing.one, thing.many, f", found {thing.way}"


def _said(condition: Condition) -> str:
    means = {"=": "is", "!=": "is not", ">": "is above", "<": "is below"}[condition.comparison]
    return f"{condition.fields[0]} {means} ‘{condition.value}’"
