"""Finding all there is of something by code: places of words, rows by their fields, things by their form. Leaves `found`."""

from __future__ import annotations

import re

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.things import THINGS
from rlm_desktop.engine.models.builtin.ways.block import Block, fill, pattern_literal, text_literal
from rlm_desktop.engine.models.builtin.ways.headings import find_headings, headings_code
from rlm_desktop.engine.models.builtin.ways.named import what_was_found
from rlm_desktop.engine.models.builtin.ways.rows import rows_where, values_of
from rlm_desktop.engine.models.builtin.words import lower

_CHOSEN = """\
import re

chosen = @CHOSEN@
"""

_WORDS = """\
# every place where the words stand: in any case, and as words of their own
words = @WORDS@
def lowered(text):
    # as long as before: only a capital I with a dot grows in lower case
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\\u0130", "I").lower()

def joins(char):
    # scripts from here on need no space between words
    return (char.isalnum() or char == "_") and char < "\\u2e80"

inside = {}  # longer words that hold a word: they are not counted, and that is said
def places(word, low, start=0, stop=None):
    stop = len(low) if stop is None else stop
    at = low.find(word, start, stop)
    while at >= 0:
        end = at + len(word)
        if joins(word[0]) and joins(low[at - 1 : at]) or joins(word[-1]) and joins(low[end : end + 1]):
            if len(inside) < 1_000:
                longer = re.search(r"\\w*\\Z", low[max(0, at - 30) : at])[0] + word + re.match(r"\\w*", low[end : end + 30])[0]
                inside[longer] = inside.get(longer, 0) + 1
        else:
            yield at
        at = low.find(word, end, stop)

def longer_words():
    # forms of the word come first; what holds a short word by chance (`ice` in `twice`) is left out
    near = [longer for longer in inside if any(longer.startswith(word) or len(word) > 4 and word in longer for word in words)]
    often = sorted(near, key=lambda longer: (not any(map(longer.startswith, words)), -inside[longer]))[:5]
    return f"places inside longer words, such as {', '.join(often)}." if often else ""

def unit_at(text, at, end):
    # the @UNIT@ that holds this place
    @BOUNDS@

found = []  # document, start, end, place of the word in it
for name, text in chosen.items():
    low = lowered(text)
    until = 0
    for at in sorted(at for word in words for at in places(word, low)) if @ANY@ else places(min(words, key=low.count), low):
        if at < until:
            continue  # in a @UNIT@ that is counted already
        start, end = unit_at(text, at, at + 1)
        if @ANY@ or all(next(places(word, low, start, end), -1) >= 0 for word in words):
            found.append((name, start, end, at))
        until = max(end, at + 1)
    del low
"""

_BOUNDS = {
    "line": 'return text.rfind("\\n", 0, at) + 1, (text.find("\\n", end) + 1 or len(text) + 1) - 1',
    "paragraph": 'return text.rfind("\\n\\n", 0, at) + 1, (text.find("\\n\\n", end) + 1 or len(text) + 1) - 1',
    "document": "return 0, len(text)",
    "sentence": (
        'before = [m.end() for m in re.finditer(r"[.!?][\'”\\"]?\\s|[。！？]|\\n\\s*\\n", text[max(0, at - 2_000) : at])]\n'
        '    after = re.compile(r"[.!?](?=\\s|$)|[。！？]|\\n\\s*\\n").search(text, end)\n'
        "    return max(0, at - 2_000) + (before[-1] if before else 0), after.end() if after else len(text)"
    ),
    "occurrence": "return at, at + max((len(word) for word in words if text[at : at + len(word)].lower() == word), default=1)",
}

_THINGS = """\
# everything of this form, over the whole text
form = re.compile(@PATTERN@)
found = []  # document, start, end, place
for name, text in chosen.items():
    for m in form.finditer(text):
        start, end = m.end() - len(m[0].lstrip()), m.start() + len(m[0].rstrip())
        if start < end:
            found.append((name, start, end, start))
"""

_QUESTIONS = """\
# every question mark, and the sentence before it
begins = re.compile(r"(?:^|[.!?:。！？：]['”\\"]?\\s|[。！？]|\\n\\s*\\n)(?=\\S)")
found = []  # document, start, end, place
for name, text in chosen.items():
    for m in re.finditer(@PATTERN@, text):
        floor = max(0, m.start() - 500)
        start = floor + max((cut.end() for cut in begins.finditer(text[floor : m.start()])), default=0)
        if m.start() - start > 1:
            found.append((name, start, m.end(), start))
"""

_DEFINITIONS = """\
# every line that defines the name
form = re.compile(@PATTERN@)
found = []  # document, start, end, place
for name, text in chosen.items():
    for m in form.finditer(text):
        end = text.find("\\n", m.start(1))
        found.append((name, m.start(1), end if end >= 0 else len(text), m.start(1)))
"""

_SIZES = """\
# the documents themselves, each by its first line that is not empty
found = []
for name, text in chosen.items():
    line = re.search(r"\\S.*", text)
    found.append((name, *(line.span() if line else (0, len(text))), 0))
"""

_TOTALS = """\
# counted document by document, without keeping any
form = re.compile(@PATTERN@)
sizes = {name: @SIZE@ for name, text in chosen.items()}
found = range(sum(sizes.values()))
"""
_SIZE_OF = {
    "line": ('text.count("\\n") + (1 if text and not text.endswith("\\n") else 0)', r"\n"),
    "word": ("sum(1 for _ in form.finditer(text))", r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+(?:['’-]\w+)*"),
    "character": ("len(text)", r"."),
    "paragraph": ("sum(1 for _ in form.finditer(text))", r"(?m)(?:^[ \t]*+\S[^\n]*\n?)+"),
    "sentence": ("sum(1 for _ in form.finditer(text))", r"(?<![.!?])[.!?]+(?=[\s\"”')]|$)|[。！？]+"),
}


_FOUND = """
print(f"found {len(found):,}: " + @WHAT@)
"""


def chosen_documents(only: tuple[str, ...]) -> str:
    """Return the code that leaves `chosen`: the documents that the question names, all where it names none."""
    names = ", ".join(map(text_literal, only))
    return fill(_CHOSEN, CHOSEN=f"{{name: documents[name] for name in [{names}] if name in documents}}" if only else "documents")


def find(chosen: Chosen) -> Block:
    """Return the block that finds what `chosen` asks for."""
    head = chosen_documents(chosen.only)
    match chosen.what:
        case "words":
            says = f"I go through all of it for {listed(chosen.phrases)} and keep every {chosen.unit} with it."
            words = repr([lower(phrase) for phrase in chosen.phrases])
            code = fill(_WORDS, WORDS=words, UNIT=chosen.unit, BOUNDS=_BOUNDS[chosen.unit], ANY=str(chosen.is_any))
        case "rows":
            says, code = "Its lines carry fields, so I go by these.", rows_where(chosen)
        case "values":
            says, code = (
                "I count the values of one field over all rows.",
                values_of(chosen),
            )
        case "definitions":
            says = f"I look for the lines that define {listed(chosen.phrases)}."
            code = fill(_DEFINITIONS, PATTERN=pattern_literal(definition_of(chosen.phrases[0])))
        case "documents":
            says, code = "I take the documents themselves.", _SIZES
        case "size":
            size, pattern = _SIZE_OF[chosen.unit]
            says, code = "I count by code, document by document.", fill(_TOTALS, SIZE=size, PATTERN=pattern_literal(pattern))
        case "headings":
            says, code = "I look for its headings.", headings_code() + find_headings(chosen.thing)
        case _:
            thing = THINGS[chosen.thing]
            says = f"I look for {thing.many} {thing.way}."
            code = fill(_QUESTIONS if chosen.thing == "question" else _THINGS, PATTERN=pattern_literal(thing.pattern))
    _, many, rule = what_was_found(chosen)
    opening, _, rest = code.partition("\n")
    return Block(says=says, code=f"{opening}\n{head}{rest}" + fill(_FOUND, WHAT=text_literal(many + rule)))


def listed(phrases: tuple[str, ...]) -> str:
    return " and ".join(f"‘{phrase}’" for phrase in phrases)


def definition_of(name: str) -> str:
    """Return a pattern whose first group begins where a line defines `name`, in the usual languages."""
    escaped = re.escape(name).replace("`", r"\x60")
    kinds = (
        r"def|class|function\*?|func|fn|struct|enum|interface|trait|type|const|let|var|module|record|union|typedef|macro_rules!|sub|fun|val"
    )
    marks = r"(?:export|default|async|public|private|protected|static|final|abstract|pub(?:\([\w:]+\))?|inline|extern|unsafe|override)"
    return (
        rf"(?m)^[ \t]*((?:{marks}[ \t]+)*(?:(?:{kinds})[ \t]+(?:\([^()\n]*\)[ \t]*)?{escaped}(?!\w)|#[ \t]*define[ \t]+{escaped}(?!\w)"
        rf"|{escaped}[ \t]*(?::[^=\n]{{1,60}})?=(?!=)))"
    )
