"""A stated fact: sub-calls read the best passages, code checks their quotes and answers with the one that holds most of the question."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.question import Question
from rlm_desktop.engine.models.builtin.shapes import NUMBER_WORDS
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, fill, text_literal

ENOUGH_HELD = 0.52

_ASK = """\
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
_READ_ALONE = """\
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
_CHILDREN = """\
# give each document to a child with a REPL of its own
# those that promise most, when there are many
worth = {}
for score, name, *_ in windows:
    worth[name] = max(worth.get(name, 0), score)
promising = set(sorted(documents, key=lambda name: -worth.get(name, 0))[:@MOST@])
names = [name for name in documents if name in promising]
try:
    opinions = rlm_query_batched([question] * len(names), [documents[name] for name in names])
except Exception as error:
    print("the children could not be asked:", error)
    opinions = []
for name, opinion in zip(names, opinions):
    found = re.search(r'"([^\\[\\]]{1,2000})" \\[[^\\[\\]]*?(\\d+)–(\\d+)\\]', opinion)
    if found:
        start, end = int(found[2]), int(found[3])
        sure = re.search(r"Sure: \\w+, (\\d+) %", opinion)
        consider(documents[name][start:end], int(sure[1]) if sure else 60, name, start, end)
    print(f"{name}: {opinion[:160]!r}")
"""
_DECIDE = """\
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

def lines_with_all():
    # lines that hold every word of the question, from the places of its rarest word
    strong = [number for number, term in enumerate(terms) if term[1] >= 0.5]
    if len(strong) < 2:
        return []
    rarest = min(strong, key=lambda number: counts[number])
    found = {}
    for name, text in documents.items():
        low = text.lower()
        for at in (at for form in terms[rarest][2] for at in places(form, low)) if counts[rarest] <= 20_000 else ():
            # a line of more than a thousand characters is no line of a list
            start, end = low.rfind("\\n", max(0, at - 1_000), at) + 1, (low.find("\\n", at, at + 1_000) + 1 or len(low) + 1) - 1
            if end - start < 1_000 and all(has(terms[number], low[start:end]) == 1.0 for number in strong):
                found[name, start] = (1.0, 1.0, name, start, end)
    return list(found.values())

noun = @NOUN@  # of a question that asks how many: a figure right beside the word is what states it
figure = r"(?:\\d[\\d.,]*|" + @NUMBERS@ + ")"
beside = re.compile(rf"(?i)(?<![#\\w:.,/-]){figure}\\s+(?:\\S+\\s+){{0,3}}?{noun}|{noun}\\w*\\W{{0,3}}(?:\\w+\\s+)?{figure}")
def states_a_figure(text):
    return not noun or not re.search(noun, text, re.I) or bool(beside.search(text))

note = @NOTE@
way = @WAY@
asks_for_reasons = @REASONS@
if different and different[0][1] >= @ENOUGH@:
    best = different[0]
    second = different[1] if len(different) > 1 else None
    gap = 1 - second[0] / best[0] if second else 1.0
    how = "clear" if best[1] > 0.8 and gap > 0.12 else "likely" if best[1] > 0.65 else "uncertain"
    quote = documents[best[2]][best[3] : best[4]]
    if asks_for_reasons or not states_a_figure(quote) or not fits_question(quote):
        how = "uncertain"  # words like the question's are no reasons, no judgement, and no figure, name or date where one is asked for
    sure = round(100 * min(1.0, best[1]) * {"clear": 1.0, "likely": 0.85, "uncertain": 0.5}[how])
    lines = [f"Found in {best[2]}: {quoted(best)}"]
    if second and gap < 0.08 and second[1] >= @ENOUGH@:
        lines.append(f"It may also be: {quoted(second)}")
    answer["content"] = "\\n".join(lines) + f"\\n\\n({way} Sure: {how}, {sure} %. {note})"
else:
    close = f"{len(candidates)} passages came close, none held enough of it" if candidates else "no passage came close"
    looked_for = @LOOKED_FOR@
    answer["content"] = f"Nothing was found that answers the question. Looked for: {looked_for}; {close}.\\n\\n({way} {note})"
lined = lines_with_all() if noun and (not different or different[0][1] < @ENOUGH@ or how == "uncertain") else []
if lined:
    # no figure is stated, but something can be counted
    head, _, tail = answer["content"].rpartition("\\n\\n(")
    counted = [f"Counted by code, and perhaps what is asked for: lines with all of its words: {len(lined):,}."]
    counted += ["- " + quoted(row) for row in lined[:3]]
    answer["content"] = head + "\\n\\n" + "\\n".join(counted) + "\\n\\n(" + tail
print(answer["content"])
answer["ready"] = True
"""


def ask(question: str) -> Block:
    """Return the block that asks a sub-call about each passage."""
    return Block(says="Each passage goes to a sub-call, all in one batch.", code=fill(_ASK, QUESTION=text_literal(question)))


def read_alone() -> Block:
    return Block(says="Without sub-calls I weigh the sentences by code.", code=_READ_ALONE)


def ask_children(most: int) -> Block:
    """Return the block that gives the documents that promise most to a child each, at most `most`."""
    return Block(says="For a second opinion a child searches each document on its own.", code=fill(_CHILDREN, MOST=str(most)))


def decide(question: Question, *, has_calls: bool, needs_reasoning: bool, noun: str) -> Block:
    """Return the block that chooses, checks and answers. With `needs_reasoning` it says that a quote alone is no answer.

    `noun` is the beginning of what a question asks the number of, empty where it asks for something else.
    """
    words = ", ".join(dict.fromkeys(term.as_written for term in question.terms))
    reader = "sub-calls" if has_calls else "code"
    way = f"Way: searched for the question's words, read by {reader}, checked against the text."
    if needs_reasoning:
        way += " What it asks for must be understood, not found: a language model is needed for that."
    return Block(
        says="Now I choose, check the quote against `context`, and answer.",
        code=fill(
            _DECIDE,
            NOTE=text_literal(NOTE),
            NOUN=text_literal(noun),
            NUMBERS=text_literal(NUMBER_WORDS),
            WAY=text_literal(way),
            REASONS=str(needs_reasoning),
            ENOUGH=str(ENOUGH_HELD),
            LOOKED_FOR=text_literal(words),
        ),
    )
