"""How an answer is written: quotes with their places, figures by document, the way that was taken and how sure it is."""

from __future__ import annotations

TELL = """\
def quoted(name, start, end, at=None):
    # as it stands there: of a long piece some 240 characters around the place that counts
    text = documents[name]
    if end - start > 260:
        start, end = max(start, (start if at is None else at) - 90), min(end, (start if at is None else at) + 150)
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
