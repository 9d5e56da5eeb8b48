"""How an answer is written: quotes with their places, and figures by document."""

from __future__ import annotations

TELL = """\
# write the answer, each quote with its place
def quoted(name, start, end, at=None, most=260):
    # as it stands there; of a long piece so many characters around the place that counts, in whole words
    text = documents[name]
    if end - start > most:
        start = max(start, (start if at is None else at) - most // 3)
        shorter = min(end, start + most)
        end = max(text.rfind(" ", start, shorter), text.rfind("\\n", start, shorter)) if shorter < end else end
        end = shorter if end <= start + most // 2 else end
        while at is not None and start < at and not text[start - 1 : start].isspace() and text[start] < "\\u2e80":
            start += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    words = text[start:end]
    # runs of spaces say nothing; but a quotation with marks inside is told from its marks by its length alone
    words = " ".join(words.splitlines()) if any(mark in words for mark in '"“”„«»「」『』') else " ".join(words.split())
    return f'"{words}" [{name} {start}–{end}]'

def line_around(name, start, end, at):
    # the line of a place, as far as it is not too long
    text = documents[name]
    until = text.find("\\n", end, end + 90)
    return name, max(text.rfind("\\n", 0, start) + 1, start - 90), until if until >= 0 else min(len(text), end + 90), at

def number(count, one, many):
    return f"{count:,} {one if count == 1 else many}"

def by_document(names):
    # one line that says how many are in which document, most first
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    often = sorted(counts.items(), key=lambda pair: -pair[1])
    rest = len(often) - 20
    return "By document: " + ", ".join(f"{name} {n:,}" for name, n in often[:20]) + (f", and {rest:,} more" if rest > 0 else "") + "."
"""
