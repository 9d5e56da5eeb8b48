"""A summary in the text's own sentences: the outline is its frame, and sub-calls choose from each section."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.ways.block import NOTE, Block, fill, text_literal
from rlm_desktop.engine.models.builtin.ways.find import chosen_documents
from rlm_desktop.engine.models.builtin.ways.headings import headings_code
from rlm_desktop.engine.models.builtin.ways.tell import TELL

MOST_SECTIONS = 60
Outline = dict[str, list[tuple[int, int, str]]]
"""Document -> its headings: how deep each is, from 1, the offset of its line, and its title."""

_SECTIONS = """
# the frame: the sections below the upper headings of each document; a text without any is cut into equal parts
def depth_of(line):
    # # and ## by their number; 1 and 1.1 by their points; other headings are all alike
    marks, number = re.match(r"#*", line)[0], re.match(r"\\d+(?:\\.\\d+)*", line)
    return len(marks) or (1 + number[0].count(".") if number else 1)

outline = @OUTLINE@  # of documents whose headings were told: how deep each is, where it begins, its title

def sections_of(name, most):
    text = documents[name]
    if most == 1:
        return [(name, 0, len(text), "")]
    heads = headings_of(name, text)
    depths = [depth_of(text[start:end]) for start, end in heads]
    titles = {}
    if len(heads) < 2 and name in outline:
        # bookmarks of a book, say, which its text does not show
        heads, depths = [(at, at) for _, at, _ in outline[name]], [depth for depth, _, _ in outline[name]]
        titles = {at: title for _, at, title in outline[name]}
    # the upper level that has at least two; a lone title above it is no section
    level = min((d for d in set(depths) if depths.count(d) >= 2), default=1)
    tops = [head for head, d in zip(heads, depths) if d <= level]
    if len(tops) < 2:
        tops, step, at = [], max(1_500, len(text) // min(8, most)), 0
        while at < len(text):
            tops.append((at, at))
            cut = text.find("\\n\\n", at + step)
            at = cut + 2 if cut >= 0 else len(text)
    elif text[: tops[0][0]].strip():
        tops.insert(0, (0, 0))
    found = []
    for (start, end), (until, _) in zip(tops, [*tops[1:], (len(text), 0)]):
        title = titles.get(start) or " ".join(text[start:end].strip("#= \\n").split())
        if len(re.findall(r"\\w", text[end : min(until, end + 400)])) >= 15:
            # a clause that goes on in the line of its number is quoted with it
            found.append((name, start if text[end : end + 1] not in ("\\n", "") else end, until, title))
    return found

@CHOSEN@share = max(1, @MOST@ // max(1, len(chosen)))
frame, left_out = [], 0
for name in chosen:
    sections = sections_of(name, share)
    # of more sections than there is room for, the longest say most
    long_first = sorted(sections, key=lambda section: section[1] - section[2])[: max(1, share)]
    frame += [section for section in sections if section in long_first]
    left_out += max(0, len(sections) - len(long_first))
asked_for = @SECTION@  # words of the title, or the number, of a section that the question names
if asked_for:
    named = [section for section in frame if all(re.search(rf"(?i)(?<!\\w){re.escape(word)}(?!\\w)", section[3]) for word in asked_for)]
    frame, left_out = (named, 0) if named else (frame, left_out)
left_out += max(0, len(frame) - @MOST@)
frame = frame[:@MOST@]
print(f"{len(frame)} sections to sum up, {left_out} left out")
for name, start, end, title in frame[:30]:
    print(f"{name} {start:,}-{end:,} {title[:80]!r}")
"""

_ASK = """\
# ask a batch of sub-calls for the sentences that say best what each section is about
prompts = [
    "Summarise this text: copy out word for word the @FEW@ that say best what it is about, each on a line of its own.\\n\\n"
    f"Text:\\n\\"\\"\\"\\n{documents[name][start : min(end, start + 8_000)]}\\n\\"\\"\\""
    for name, start, end, title in frame
]
try:
    replies = llm_query_batched(prompts) if prompts else []
except Exception as error:
    print("the batch failed:", error)
    replies = []

chosen_sentences = []  # for each section: the places of its sentences
for (name, start, end, title), reply in zip(frame, replies):
    places = []
    for line in str(reply).splitlines():
        words = line.strip(' -*•"“”').split()
        at = re.compile(r"\\s+".join(map(re.escape, words))).search(documents[name], start, end) if words else None
        if at and not line.startswith(("NOT FOUND", "Error")):
            places.append(at.span())
    chosen_sentences.append(places)
print(f"{len(replies)} replies, {sum(map(len, chosen_sentences))} sentences that stand in the text")
"""

_CHOOSE_ALONE = """\
# without sub-calls: of each section the sentences with the words that stand in it most often, the first one before others
chosen_sentences = []
for name, start, end, title in frame:
    text = documents[name][start : min(end, start + 20_000)]
    cuts = [0, *(m.end() for m in re.finditer(r"(?<=[.!?])\\s+|(?<=[。！？])|\\n\\s*\\n", text)), len(text)]
    parts = [(a, b) for a, b in zip(cuts, cuts[1:]) if len(text[a:b].strip()) > 30 and not text[a:b].rstrip().endswith(("?", "？"))]
    words = re.findall(r"[^\\W\\d_]{5,}|[\\u3400-\\u9fff]", text.lower())
    often = {word: words.count(word) for word in set(words[:3_000])}
    def weight(part):
        inside = set(re.findall(r"[^\\W\\d_]{5,}|[\\u3400-\\u9fff]", text[part[0] : part[1]].lower()))
        return sum(often.get(word, 0) ** 0.7 for word in inside) / max(6, len(inside)) ** 0.75 * (1.6 if part == parts[0] else 1)
    best = sorted(sorted(parts, key=weight, reverse=True)[:@EACH@])
    chosen_sentences.append([(start + a, start + b) for a, b in best])
"""

_TELL = """
# write it: document by document and section by section
lines = []
last = None
told = 0
for (name, start, end, title), places in zip(frame, chosen_sentences):
    places = [place for place in places if documents[name][slice(*place)].strip()]
    if not places:
        left_out += 1
        continue
    if name != last:
        lines += ([""] if lines else []) + [f"{name} ({len(documents[name]):,} characters), in its own sentences:"]
        last = name
    told += 1
    lines.append("- " + (f"{title[:100]}: " if title else "") + " ".join(quoted(name, *place, most=420) for place in places[:@EACH@]))
if left_out and told:
    lines += ["", f"{left_out:,} shorter or empty sections are left out."]
if not told:
    lines = ["Nothing was found to sum up: " + ("there is no text." if not total_chars else "no sentence says what it is about.")]
answer["content"] = "\\n".join(lines) + "\\n\\n(" + @WAY@ + " " + @NOTE@ + ")"
print(answer["content"][:3_000])
answer["ready"] = True
"""
_WAY = (
    "Way: summed up section by section along the outline. Sure: likely; these are sentences of the text, chosen by their words and places, "
    "and a language model would say it in words of its own."
)


def cut_into_sections(chosen: Chosen, most: int, outline: Outline) -> Block:
    """Return the block that leaves `frame`: at most `most` sections. `outline` is what the first message told of headings."""
    code = fill(_SECTIONS, CHOSEN=chosen_documents(chosen.only), MOST=str(most), SECTION=repr(list(chosen.phrases)), OUTLINE=repr(outline))
    return Block(says="I take the outline as the frame of the summary.", code=headings_code() + code)


def ask_sections() -> Block:
    return Block(says="Each section goes to a sub-call, all in one batch.", code=fill(_ASK, FEW="one or two sentences"))


def choose_alone() -> Block:
    return Block(says="Without sub-calls I choose the sentences by code.", code=fill(_CHOOSE_ALONE, EACH="2"))


def tell_summary() -> Block:
    code = fill(_TELL, EACH="2", WAY=text_literal(_WAY), NOTE=text_literal(NOTE))
    return Block(says="Now I write the summary, each sentence with its place.", code=TELL + code)
