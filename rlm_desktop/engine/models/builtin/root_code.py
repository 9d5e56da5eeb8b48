"""The REPL code that the built-in model writes as root: plain Python, block by block, each using what the ones before left."""

from __future__ import annotations

PROBE = """\
# look: what kind of material, how long, which documents
if isinstance(context, dict):
    documents = {str(name): str(text) for name, text in context.items()}
elif isinstance(context, (list, tuple)):
    documents = {f"item {number}": str(text) for number, text in enumerate(context)}
else:
    documents = {@NAME@: str(context)}
total_chars = sum(map(len, documents.values()))
print(f"{type(context).__name__}, {total_chars:,} characters, {len(documents):,} document(s)")
for name, text in list(documents.items())[:12]:
    print(f"{name}: {len(text):,} characters; starts {text[:160]!r}; middle {text[len(text) // 2 : len(text) // 2 + 80]!r}")
"""

PROBE_PROMPT = """\
# look: the prompt that is to be answered
prompt_text = str(context)
print(f"{len(prompt_text):,} characters")
print("HEAD " + repr(prompt_text[:2500]))
print("TAIL " + repr(prompt_text[-1500:]))
"""

BLANK = """
# the question stands in the text itself: blank it there, so that it is not found as its own answer
asked_for = @ASKED@
documents = {name: text.replace(asked_for, " " * len(asked_for)) for name, text in documents.items()}
"""

FILTER = """\
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

ASK = """\
# ask a batch of sub-calls about the best passages
question = @QUESTION@
prompts = [
    f"Question: {question}\\n\\nText:\\n\\"\\"\\"\\n{documents[name][start:end]}\\n\\"\\"\\"\\n\\n"
    "Copy out word for word the sentence of the text that answers the question, and on a second line write how sure you are, "
    "as in `Sure: 80` (0 to 100). If no sentence answers it, reply only NOT FOUND."
    for _, name, start, end in windows
]
try:
    replies = llm_query_batched(prompts) if prompts else []
except Exception as error:
    print("the batch failed:", error)
    replies = []

candidates = []
def consider(quote, sure, name, start, end):
    # keep a quote that stands in its passage, with its place in the document
    quote = quote.strip().strip('"“”').strip()
    passage = documents[name][start:end]
    at = passage.find(quote) if quote else -1
    size = len(quote)
    if quote and at < 0:
        loose = re.search(r"\\s+".join(map(re.escape, quote.split())), passage)
        at, size = (loose.start(), len(loose[0])) if loose else (-1, 0)
    if at >= 0:
        candidates.append((name, start + at, start + at + size, sure))

for (_, name, start, end), reply in zip(windows, replies):
    quote, _, tail = str(reply).partition("\\nSure:")
    if not quote.startswith(("NOT FOUND", "Error")):
        digits = re.search(r"\\d+", tail)
        consider(quote, int(digits[0]) if digits else 50, name, start, end)
print(len(replies), "replies,", len(candidates), "with a quote that stands in the text")
for name, start, end, sure in candidates[:40]:
    print(f"candidate {name} {start}-{end} sure {sure}: {documents[name][start:end][:200]!r}")
"""

READ_ALONE = """\
# read the best passages, without sub-calls
candidates = []
for _, name, start, end in windows:
    at = start
    found = []
    for piece in re.split(r"(?<=[.!?])(\\s+)|(\\n\\s*\\n|\\n(?=\\S{1,20}:))|(?<=[。！？])", documents[name][start:end]):
        if piece and piece.strip():
            low = piece.lower()
            score = sum(weight * has(term, low) for weight, term in zip(weights, terms)) / total_weight
            found.append((score * (1.0 if fits_question(piece) else 0.6), at + len(piece) - len(piece.lstrip()), at + len(piece.rstrip())))
        at += len(piece or "")
    if found:
        score, begin, until = max(found)
        if score > 0.15:
            candidates.append((name, begin, until, round(100 * score)))
print(len(candidates), "sentences worth a look")
for name, start, end, sure in candidates[:40]:
    print(f"candidate {name} {start}-{end} sure {sure}: {documents[name][start:end][:200]!r}")
"""

CHILDREN = """\
# give each document to a child with a REPL of its own
names = list(documents)
try:
    opinions = rlm_query_batched([question] * len(names), [documents[name] for name in names])
except Exception as error:
    print("the children could not be asked:", error)
    opinions = []
for name, opinion in zip(names, opinions):
    found = re.search(r'"([^\\[\\]]{1,2000})" \\[[^\\[\\]]*?(\\d+)–(\\d+)\\]', opinion)
    if found:
        start, end = int(found[2]), int(found[3])
        consider(documents[name][start:end], 60, name, start, end)
    print(f"{name}: {opinion[:160]!r}")
"""

DECIDE = """\
# check the candidates against the text, and answer
ranked = []
for name, start, end, sure in candidates:
    text = documents[name]
    quote = text[start:end].lower()
    near = text[max(0, start - 350) : end + 200].lower()
    own = [has(term, quote) for term in terms]
    around = [max(a, (0.85 if term[1] > 1.5 else 0.7) * has(term, near)) if a < 1 else a for a, term in zip(own, terms)]
    held = sum(weight * value for weight, value in zip(weights, around)) / total_weight
    score = (0.7 * held + 0.3 * sum(weight * value for weight, value in zip(weights, own)) / total_weight) * (0.6 + 0.4 * sure / 100)
    if not fits_question(text[start:end]):
        score *= 0.6
    ranked.append((score, held, name, start, end))
ranked.sort(key=lambda row: (-row[0], row[3]))
different = []
for row in ranked:
    words = documents[row[2]][row[3] : row[4]].split()
    if all(words != documents[other[2]][other[3] : other[4]].split() for other in different):
        different.append(row)
for score, held, name, start, end in different[:5]:
    print(f"{score:.2f} holds {held:.0%} of the question: {name} {start}-{end} {documents[name][start:end][:120]!r}")

def quoted(row):
    _, _, name, start, end = row
    assert documents[name][start:end].strip(), "the quote must stand in the context"
    words = documents[name][start:end].replace("\\r", " ").replace("\\n", " ").replace("\\t", " ")
    return f'"{words}" [{name} {start}–{end}]'

note = @NOTE@
if different and different[0][1] >= @ENOUGH@:
    best = different[0]
    second = different[1] if len(different) > 1 else None
    gap = 1 - second[0] / best[0] if second else 1.0
    how = "clear" if best[1] > 0.8 and gap > 0.12 else "likely" if best[1] > 0.65 else "uncertain"
    lines = [f"Found in {best[2]}: {quoted(best)}"]
    if second and gap < 0.08 and second[1] >= @ENOUGH@:
        lines.append(f"It may also be: {quoted(second)}")
    answer["content"] = "\\n".join(lines) + f"\\n\\n({note} Match: {how}, {best[1]:.0%} of the question's weight.)"
else:
    close = f"{len(candidates)} passages came close, none held enough of it" if candidates else "no passage came close"
    looked_for = @LOOKED_FOR@
    answer["content"] = f"Nothing was found that answers the question. Looked for: {looked_for}; {close}.\\n\\n({note})"
print(answer["content"])
answer["ready"] = True
"""
