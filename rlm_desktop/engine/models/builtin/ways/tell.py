"""How an answer is written: quotes with their places, and figures by document."""

from __future__ import annotations

TELL = """\
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
    return f'"{" ".join(text[start:end].splitlines())}" [{name} {start}–{end}]'

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
