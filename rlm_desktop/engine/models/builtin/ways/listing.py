"""Listing: all that was found, each with its place as a quote, equal ones once, and the whole of a long list."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.things import THINGS
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, fill, text_literal
from rlm_desktop.engine.models.builtin.ways.named import not_used, what_was_found
from rlm_desktop.engine.models.builtin.ways.tell import TELL

_MOST_LINES = 3_000

_EACH = """
# answer: each with its place
lines = []
if found:
    lines.append(number(len(found), @ONE@, @MANY@) + @RULE@ + ":")
    lines.append("")
    lines += ["- " + quoted(*place) for place in found[:@MOST@]]
    if len(found) > @MOST@:
        lines.append(f"and {len(found) - @MOST@:,} more.")
    if len(chosen) > 1:
        lines += ["", by_document(name for name, *_ in found)]
else:
    lines.append("Nothing was found: no " + @ONE@ + @RULE@ + ".")
"""

_DISTINCT = """
# answer: each value once, with its first place, and how often it stands
values = {}
for name, start, end, at in found:
    values.setdefault(" ".join(documents[name][start:end].split()), []).append((name, start, end, at))
lines = []
if values:
    lines.append(number(len(values), "different " + @ONE@, "different " + @MANY@) + @RULE@ + ":")
    lines.append("")
    for value, where in list(values.items())[:@MOST@]:
        lines.append("- " + quoted(*where[0]) + (f", {len(where):,} times" if len(where) > 1 else ""))
    if len(values) > @MOST@:
        lines.append(f"and {len(values) - @MOST@:,} more.")
    if len(chosen) > 1:
        lines += ["", by_document(name for name, *_ in found)]
else:
    lines.append("Nothing was found: no " + @ONE@ + @RULE@ + ".")
"""

_BY_DOCUMENT = """
# answer: the documents, each with its first place and how many there are
first = {}
for name, start, end, at in found:
    text = documents[name]
    first.setdefault(name, (name, text.rfind("\\n", 0, at) + 1, (text.find("\\n", at) + 1 or end + 1) - 1, at))
lines = []
if first:
    lines.append(number(len(first), "document", "documents") + f" of {len(chosen):,}" + @RULE@ + ":")
    lines.append("")
    lines += [f"- {name}: {quoted(*place)}" for name, place in list(first.items())[:@MOST@]]
else:
    lines.append("Nothing was found: no document" + @RULE@ + ".")
"""

_INSIDE = """
if longer_words():
    lines += ["", "Not listed: " + longer_words()]
"""
_END = """
answer["content"] = "\\n".join(lines) + "\\n\\n(" + @WAY@ + " " + @NOTE@ + ")"
print(answer["content"][:3_000])
answer["ready"] = True
"""


def list_all(chosen: Chosen) -> Block:
    """Return the block that lists what was found."""
    one, many, rule = what_was_found(chosen)
    sure = "exact"
    if chosen.unused:
        sure = not_used(chosen)
    elif chosen.what == "headings":
        sure = "likely"
    elif chosen.what == "things":
        sure = THINGS[chosen.thing].sure
    elif chosen.is_guessed:
        sure = "likely; these are all places of the word, and a language model would tell which of them are meant"
    if chosen.what == "words" and chosen.unit == "document":
        code = _BY_DOCUMENT
    elif chosen.what == "things" and THINGS[chosen.thing].is_distinct:
        code = _DISTINCT
    else:
        code = _EACH
    way = f"Way: listed by code over {'the documents named' if chosen.only else 'the whole text'}. Sure: {sure}."
    parts = {"ONE": text_literal(one), "MANY": text_literal(many), "RULE": text_literal(rule), "MOST": f"{_MOST_LINES:_}"}
    return Block(
        says="Now I write the list, each with its place.",
        code=TELL
        + fill(code, **parts)
        + (_INSIDE if chosen.what == "words" else "")
        + fill(_END, WAY=text_literal(way), NOTE=text_literal(NOTE)),
    )
