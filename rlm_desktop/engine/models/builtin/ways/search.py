"""Searching all of the text for a question's words: the passages worth reading. Leaves `windows`, and what weighs how much."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.lexicon import ENDINGS
from rlm_desktop.engine.models.builtin.question import Question
from rlm_desktop.engine.models.builtin.ways.block import Block, fill, text_literal

READ_ALL_CHARS = 30_000
"""A context of at most so many characters is read whole instead of filtered."""
MOST_PASSAGES = 32
FEW_PASSAGES = 20
"""So many are read however weakly they match: a second look costs little."""

_ONLY = """\
# the question names its documents
documents = {name: documents[name] for name in @ONLY@ if name in documents}
total_chars = sum(map(len, documents.values()))

"""
_FILTER = """\
# search all of it for the question's words and numbers
import math, re

# kind, weight, beginnings to look for, beginnings of words that mean about the same
terms = [
@TERMS@
]
endings = set(@ENDINGS@.split())

def fits(kind, form, low, at):
    # whether the form found at this place is the term, not the middle of another word
    end = at + len(form)
    if kind == "piece":
        return True
    if kind == "exact":
        return not low[at - 1 : at].isalnum() and not low[end : end + 1].isalnum()
    rest = re.match(r"[^\\W\\d_]*", low[end : end + 24])[0]
    if low.startswith("://", end + len(rest)):
        return False  # the beginning of an address
    return not low[at - 1 : at].isalpha() and (not rest or rest in endings or rest[:1] == form[-1] and rest[1:] in endings)

def places(form, low):
    at = low.find(form)
    while at >= 0:
        yield at
        at = low.find(form, at + 1)

def has(term, low):
    # 1.0 where a term stands in low (lower case), less for a word like it or a part of a longer word
    kind, _, forms, alike = term
    best = 0.0
    for form, worth in [(form, 1.0) for form in forms] + [(form, 0.6) for form in alike]:
        for at in places(form, low) if worth > best else ():
            if fits(kind, form, low, at):
                best = max(best, worth)
                break
            if kind == "word" and len(form) >= (6 if worth == 1.0 else 5):
                best = max(best, 0.6 * worth)
    return best

def count_of(kind, form):
    # exact where it is rare, and that is where it matters
    raw = sum(low.count(form) for low in lows.values())
    return raw if raw > 500 else sum(fits(kind, form, low, at) for low in lows.values() for at in places(form, low))

shape = re.compile(@SHAPE@)
asked = set(@ASKED@.split())

def fits_question(text):
    # something of the kind that is asked for, other than the question's own words
    return bool(shape.search(re.sub(r"\\w+", lambda m: " " * len(m[0]) if m[0].lower() in asked else m[0], text)))

def lowered(text):
    # as long as before: only a capital I with a dot grows in lower case
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\\u0130", "I").lower()

lows = {name: lowered(text) for name, text in documents.items()}
counts = [max(count_of(term[0], form) for form in term[2]) for term in terms]
pieces_in_all = total_chars / 400 + 1
weights = [term[1] * math.log(2 + pieces_in_all / (1 + min(count, pieces_in_all))) for term, count in zip(terms, counts)]
# a name or a figure that stands nowhere is the surest sign that nothing answers
weights = [weight * 1.8 if not count and term[1] > 1.2 else weight for weight, term, count in zip(weights, terms, counts)]
total_weight = sum(weights) or 1.0
print("how often each stands in the text:", {term[2][0]: count for term, count in zip(terms, counts)})

def cut_at(text, at, step):
    # the nearest end of a paragraph or sentence, at most 500 characters away
    if step < 0:
        piece = text[max(0, at - 700) : at]
        parts = [m.end() for m in re.finditer(r"\\n\\s*\\n", piece)]
        if len(parts) > 1 and parts[-1] - parts[-2] < 90:
            parts.pop()  # a short paragraph before is a heading
        ends = parts or [m.end() for m in re.finditer(r"[.!?]\\s|[。！？]", piece)]
        return at - len(piece) + ends[-1] if ends and at > 700 else max(0, at - 700)
    piece = text[at : at + 500]
    found = re.search(r"\\n\\s*\\n|[.!?](?=\\s)|[。！？]", piece)
    return at + found.end() if found else at + len(piece)

windows = []
if total_chars <= @READ_ALL@:
    for name, text in documents.items():
        at = 0
        while at < len(text):
            end = cut_at(text, at + 1200, 1) if at + 1700 < len(text) else len(text)
            windows.append((0.0, name, at, end))
            at = end
else:
    for name, low in lows.items():
        bits = {}
        room = 250_000
        for number in sorted(range(len(terms)), key=lambda number: counts[number]):
            if len(bits) > 100 and (terms[number][1] < 0.5 or counts[number] > room):
                continue
            for form in terms[number][2] + (terms[number][3] if counts[number] < 20_000 else []):
                at = low.find(form)
                while at >= 0 and room > 0:
                    bits[at // 400] = bits.get(at // 400, 0) | 1 << number
                    room -= 1
                    at = low.find(form, at + 1)
        worth = {}
        rough = []
        for bucket, mask in bits.items():
            key = mask, bits.get(bucket - 1, 0) | bits.get(bucket + 1, 0)
            if key not in worth:
                worth[key] = sum(w * (1.0 if mask >> n & 1 else 0.6 * (key[1] >> n & 1)) for n, w in enumerate(weights))
            rough.append((worth[key], bucket))
        rough.sort(reverse=True)
        for _, bucket in rough[:300]:
            start, end = max(0, bucket * 400 - 400), min(len(low), bucket * 400 + 800)
            inner = [has(term, low[bucket * 400 - 40 if bucket else 0 : bucket * 400 + 440]) for term in terms]
            outer = [has(term, low[start:end]) for term in terms]
            score = sum(weight * max(a, 0.7 * b) for weight, a, b in zip(weights, inner, outer)) / total_weight
            windows.append((score * (1.0 if fits_question(documents[name][start:end]) else 0.7), name, start, end))
    windows.sort(key=lambda window: -window[0])
    best = windows[0][0] if windows else 0.0
    kept = []
    for score, name, start, end in windows:
        if len(kept) >= @MOST@ or score < 0.4 * best and len(kept) >= @FEW@:
            break
        if not any(name == other and start < until and end > begin for _, other, begin, until in kept):
            text = documents[name]
            kept.append((score, name, cut_at(text, start, -1) if start else 0, cut_at(text, end, 1)))
    for score, name, start, end in kept[:4] if len(kept) < 4 else []:
        # little was found: what stands around it is worth reading too
        text = documents[name]
        kept.append((score / 2, name, cut_at(text, max(0, start - 1200), -1), start))
        kept.append((score / 2, name, end, cut_at(text, min(len(text), end + 1200), 1)))
    windows = [window for window in kept if documents[window[1]][window[2] : window[3]].strip()]
del lows
windows = windows[:@MOST@]
print(len(windows), "passages worth reading")
for score, name, start, end in windows[:8]:
    print(f"{score:.2f} {name} {start:,}-{end:,}: {documents[name][start : start + 70]!r}")
"""


def search(question: Question, most: int, only: tuple[str, ...] = ()) -> Block:
    """Return the block that leaves at most `most` passages, of the documents `only` where any are named."""
    rows = "\n".join(f"    ({t.kind!r}, {t.weight:.2f}, {list(t.forms)!r}, {list(t.alike)!r})," for t in question.terms)
    kind = f"the kind of answer is `{question.kind}`" if question.kind != "any" else "any kind of answer will do"
    return Block(
        says=f"Now I search the whole of it for the words of the question; {kind}.",
        code=(fill(_ONLY, ONLY=repr(list(only))) if only else "")
        + fill(
            _FILTER,
            TERMS=rows,
            ENDINGS=repr(" ".join(sorted(ENDINGS))),
            SHAPE=repr(question.shape),
            ASKED=text_literal(" ".join(sorted(question.asked))),
            READ_ALL=f"{READ_ALL_CHARS:_}",
            MOST=str(most),
            FEW=str(min(most, FEW_PASSAGES)),
        ),
    )
