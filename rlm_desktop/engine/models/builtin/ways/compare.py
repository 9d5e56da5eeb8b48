"""What changed between two documents: clause by clause, matched by text, title and likeness, with the words of both as quotes."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, fill, text_literal
from rlm_desktop.engine.models.builtin.ways.headings import headings_code
from rlm_desktop.engine.models.builtin.ways.tell import TELL

_CUT = """
# cut both documents into clauses: below each heading, else paragraph by paragraph
import re

old, new = @OLD@, @NEW@
number_mark = re.compile(
    r"^\\s*(第.{1,6}?[条章节條節])\\s*|^(?:#+\\s*)?(?:§+|(?:art(?:icle|ikel|ículo|\\.)|section|chapter|clause|part|kapitel|abschnitt|chapitre|capítulo)\\b)?\\s*"
    r"(\\d+(?:\\.\\d+)*|[IVXLC]+(?=[.) ]))?[.)]?\\s*", re.I)

def plain(text):
    # spaces, line ends and typography do not count as changes
    for marks, mark in (("’‘‚", "'"), ("“”„«»", '"'), ("–—‑", "-"), ("\\u00ad\\u200b", "")):
        for one in marks:
            text = text.replace(one, mark)
    return " ".join(text.split())

def clauses(name):
    text = documents[name]
    heads = headings_of(name, text)
    if len(heads) >= 2:
        starts = sorted({0, *(start for start, _ in heads)}) if text[: heads[0][0]].strip() else [start for start, _ in heads]
        titles = dict(heads)
    else:
        starts = [m.start() for m in re.finditer(r"(?:^|(?<=\\n\\n))[^\\n]*\\S", text)] or [0]
        titles = {}
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)]):
        title = text[start : titles.get(start, start)]
        mark = number_mark.match(title)
        body = text[start + (mark.end() if mark else 0) : end]
        if text[start:end].strip():
            number = (mark[1] or mark[2] or "") if mark else ""
            key = plain(title[mark.end() if mark else 0 :]).lower().strip(" .:")
            # until where to quote it when only its place changed
            head_end = titles[start] if key and start in titles else (text.find("\\n", start) + 1 or len(text) + 1) - 1
            title = " ".join(title.strip("# \\n").split())
            found.append({"name": name, "start": start, "end": end, "head_end": head_end,
                          "title": title, "number": number, "key": key, "plain": plain(body)})
    return found

before, after = clauses(old), clauses(new)
print(f"{len(before)} clauses in {old}, {len(after)} in {new}")
"""

_MATCH = """
# which clause became which: the same words first, then the same title, then the most words in common
pairs, free_before, free_after = [], dict.fromkeys(range(len(before))), dict.fromkeys(range(len(after)))

def take(i, j):
    pairs.append((i, j))
    del free_before[i], free_after[j]

def by(key, clauses, free):
    found = {}
    for i in free:
        if clauses[i][key]:
            found.setdefault(clauses[i][key], []).append(i)
    return found

for key in ("plain", "key"):
    mine, theirs = by(key, before, free_before), by(key, after, free_after)
    for value in mine:
        # a title that stands several times says nothing, but the same words in the same order do
        if value in theirs and (key == "plain" or len(mine[value]) == len(theirs[value]) == 1):
            for i, j in zip(mine[value], theirs[value]):
                take(i, j)

def words_of(clause):
    return set(re.findall(r"[^\\W\\u3400-\\u9fff]+", clause["plain"].lower())) | {
        clause["plain"][at : at + 2] for at in range(len(clause["plain"]) - 1) if clause["plain"][at] >= "\\u3400"}

words_before, words_after = {i: words_of(before[i]) for i in free_before}, {j: words_of(after[j]) for j in free_after}
likely = []
few = len(free_before) * len(free_after) < 500_000
for i in free_before:
    for j in free_after if few else (j for j in range(max(0, i - 50), i + 50) if j in free_after):
        alike = 2 * len(words_before[i] & words_after[j]) / (len(words_before[i]) + len(words_after[j]) or 1)
        if alike > (0.45 if before[i]["number"] and before[i]["number"] == after[j]["number"] else 0.55):
            likely.append((alike, -abs(i - j), i, j))
for _, _, i, j in sorted(likely, reverse=True):
    if i in free_before and j in free_after:
        take(i, j)
pairs.sort(key=lambda pair: pair[1])
print(f"{len(pairs)} clauses are in both, {len(free_before)} only in {old}, {len(free_after)} only in {new}")
"""

_TELL = """
# tell the changes in the order of the new document, with the words of both
import bisect, difflib

def pieces(clause):
    # its sentences: their place and their words
    text = documents[clause["name"]]
    parting = r"(?<=[.!?;:])\\s+|(?<=[。！？；])|\\n\\s*\\n"
    start, end = clause["start"], clause["end"]
    cuts = [start, *(start + m.end() for m in re.finditer(parting, text[start:end])), end]
    found = [(a, b, plain(text[a:b])) for a, b in zip(cuts, cuts[1:]) if text[a:b].strip()]
    mark = number_mark.match(found[0][2]) if found and clause["number"] else None
    if mark:
        found[0] = (found[0][0], found[0][1], found[0][2][mark.end() :])  # the number alone is no change of words
    return [piece for piece in found if piece[2]]

def joined(words):
    return re.sub(r"(?<=[\\u3400-\\u9fff]) (?=[\\u3400-\\u9fff])", "", " ".join(words)).strip(",;")

def words_changed(one, other):
    # ‘two years’ → ‘three years’, for a few words
    one, other = (re.findall(r"[\\u3400-\\u9fff]|[^\\s\\u3400-\\u9fff]+", " ".join(piece[2] for piece in part)) for part in (one, other))
    said = []
    if len(one) + len(other) > 2_000:
        return ""
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        gone, come = joined(one[a:b]), joined(other[c:d])
        if kind != "equal" and len(gone) + len(come) < 80 and gone != come:
            said.append(f"‘{gone}’ → ‘{come}’" if gone and come else f"without ‘{gone}’" if gone else f"with ‘{come}’")
    return ", ".join(said) if len(said) <= 6 else ""

def both_titles(one, other):
    return one["title"] if one["title"] == other["title"] or not other["title"] else f"{one['title']} → {other['title']}"

changed, moved, spaced, same = [], [], [], 0
for i, j in pairs:
    one, other = before[i], after[j]
    head = both_titles(one, other)
    if one["plain"] == other["plain"]:
        if one["number"] != other["number"]:
            moved.append(f"- {head}: " + quoted(new, other["start"], other["head_end"]))
        elif documents[old][one["start"] : one["end"]].strip() != documents[new][other["start"] : other["end"]].strip():
            spaced.append(other["title"] or other["plain"][:60])
        else:
            same += 1
        continue
    left, right = pieces(one), pieces(other)
    lines = []
    # with many sentences, those that stand again and again are no anchors: they would take time by the square
    for kind, a, b, c, d in difflib.SequenceMatcher(None, [p[2] for p in left], [p[2] for p in right], len(left) > 500).get_opcodes():
        if kind == "equal":
            continue
        few = words_changed(left[a:b], right[c:d]) if kind == "replace" else ""
        lines += [f"  {few}"] if few else []
        lines += ["  before: " + quoted(old, left[a][0], left[b - 1][1], most=420)] if b > a else []
        lines += ["  now: " + quoted(new, right[c][0], right[d - 1][1], most=420)] if d > c else []
    if lines:
        changed.append("\\n".join([f"- {head or 'a paragraph'}", *lines]))
    else:
        same += 1
added = ["- " + quoted(new, after[j]["start"], after[j]["end"]) for j in free_after]
removed = ["- " + quoted(old, before[i]["start"], before[i]["end"]) for i in free_before]
# clauses without a number that stand in another order: all but the longest run that kept it
ends, before_it, last_of = [], {}, []
for i, _ in pairs:
    at = bisect.bisect_left(ends, i)
    before_it[i] = last_of[at - 1] if at else None
    ends[at : at + 1], last_of[at : at + 1] = [i], [i]
kept, i = set(), last_of[-1] if last_of else None
while i is not None:
    kept.add(i)
    i = before_it[i]
moved += [f"- {before[i]['title'] or quoted(old, before[i]['start'], before[i]['end'])} (in another place)"
          for i, j in pairs if i not in kept and not before[i]["number"]][:200]

# what the question asks about goes first
focus = @FOCUS@
for rows in (changed, added, removed, moved):
    rows.sort(key=lambda row: not any(word in row.lower() for word in focus))
side = @SIDE@
parts = [("changed", "Changed", changed, "all"), ("added", f"Only in {new}", added, "added"),
         ("removed", f"Only in {old}", removed, "removed"),
         ("renumbered or moved", "Renumbered or moved, with the same words", moved, "all")]
counts = ", ".join(f"{len(rows)} {what}" for what, _, rows, _ in parts if rows)
lines = []
if documents[old] == documents[new]:
    lines.append(f"Nothing changed: {old} and {new} are the same, character for character.")
elif not counts:
    lines.append(f"Nothing changed in the words of {old} and {new}; only spaces, line ends or typography differ.")
else:
    lines.append(f"From {old} to {new}: {counts}; {same + len(spaced)} the same.")
    if len(pairs) < 0.3 * max(len(before), len(after)):
        lines.append("The two have little in common, so this is hardly a new version of the same text.")
    for _, title, rows, of_side in parts:
        if rows and side in ("all", of_side):
            lines += ["", f"{title} ({len(rows):,}):", *rows[:1_000], *([f"and {len(rows) - 1_000:,} more"] if len(rows) > 1_000 else [])]
    if side != "all" and not any(rows for _, _, rows, of_side in parts if of_side == side):
        lines.append(f"No whole clause was {side}.")
if spaced and counts:
    lines += ["", f"Only spaces, line ends or typography differ in {len(spaced)}: " + "; ".join(spaced[:20]) + "."]
answer["content"] = "\\n".join(lines) + "\\n\\n(" + @WAY@ + " " + @NOTE@ + ")"
print(answer["content"][:3_000])
answer["ready"] = True
"""
_WAY = (
    "Way: compared by code, clause by clause. Sure: exact as to the words that differ; likely as to which clause became which, "
    "and only a language model could tell what a change means."
)


def cut_and_match(chosen: Chosen) -> Block:
    """Return the block that cuts the two documents of `chosen` into clauses and finds which belong together."""
    code = fill(_CUT, OLD=text_literal(chosen.only[0]), NEW=text_literal(chosen.only[1]))
    return Block(says="I cut both documents into clauses and see which belong together.", code=headings_code() + code + _MATCH)


def tell_changes(chosen: Chosen) -> Block:
    """Return the block that writes what changed."""
    code = fill(_TELL, SIDE=text_literal(chosen.side), FOCUS=repr(list(chosen.phrases)), WAY=text_literal(_WAY), NOTE=text_literal(NOTE))
    return Block(says="Now I compare the words of each pair.", code=TELL + code)
