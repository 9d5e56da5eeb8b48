"""Finding all there is of something by code: places of words, rows by their fields, things by their form. Leaves `found`."""

from __future__ import annotations

import re

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.things import HEADING, THINGS
from rlm_desktop.engine.models.builtin.ways.block import Block, fill, pattern_literal, text_literal
from rlm_desktop.engine.models.builtin.ways.named import what_was_found
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
    "occurrence": "return at, at + max(len(word) for word in words if text[at : at + len(word)].lower() == word)",
}

_ROWS_WHERE = """\
# every row that the question asks for, by its fields
conditions = @CONDITIONS@  # field (and other names for it), comparison, value
def value_in(row, fields):
    return next((row[field] for field in fields if field in row), None)

def as_number(value):
    digits = re.search(r"-?\\d[\\d,]*(?:\\.\\d+)?", value)
    return float(digits[0].replace(",", "")) if digits else None

def holds(row, fields, comparison, wanted):
    value = value_in(row, fields)
    if value is None or comparison in "<>" and as_number(value) is None:
        return False
    if comparison == ">":
        return as_number(value) > float(wanted)
    if comparison == "<":
        return as_number(value) < float(wanted)
    return (value.strip("\\"' .").casefold() == wanted.casefold()) == (comparison == "=")

found = []  # document, start, end, place
rows = 0
for name, text in chosen.items():
    for start, end, row in rows_of(text):
        rows += 1
        if all(holds(row, *condition) for condition in conditions):
            found.append((name, start, end, start))
print(f"{rows:,} rows with fields")
"""

_VALUES = """\
# how often each value of a field stands, and where first
fields = @FIELDS@
conditions = @CONDITIONS@
groups = {}
found = []
for name, text in chosen.items():
    for start, end, row in rows_of(text):
        value = next((row[field] for field in fields if field in row), None)
        if value is not None:
            found.append((name, start, end, start))
            groups.setdefault(value, []).append((name, start, end, start))
by_size = sorted(groups, key=lambda value: (-len(groups[value]), value))
print(f"{len(groups):,} different values")
"""

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

_HEADINGS = """\
import re

# headings: marks of Markdown, numbered clauses, lines in capitals; without any, short lines that open a paragraph
marked = re.compile(@PATTERN@)
capitals = re.compile(r"(?m)(?<=\\n\\n)[^\\n\\x60]{4,90}(?=\\n\\n)")
opening = re.compile(r"(?m)(?<=\\n\\n)(?![-*>|])[^\\n]{3,70}(?=\\n)")
code_line = re.compile(r"(?m)^(?:export |async |public |abstract )*(?:class|def|function|struct|interface|fn|func) \\w[^\\n]*")
is_code = re.compile(r"(?i)\\.(?:py|js|ts|tsx|jsx|java|c|h|cc|cpp|hpp|rs|go|rb|php|cs|kt|swift|sh)$")

next_line = re.compile(r"\\n[ \\t]*\\S")

def headings_of(name, text):
    # start and end of each heading in order
    if is_code.search(name):
        return [m.span() for m in code_line.finditer(text)]
    if "\\x60\\x60\\x60" in text:
        # a line of code that begins with # is no heading
        text = re.sub(r"(?ms)^\\x60{3}.*?^\\x60{3}", lambda m: re.sub(r"[^\\n]", " ", m[0]), text)
    padded = "\\n\\n" + text + "\\n\\n"
    spans = [m.span() for m in marked.finditer(padded)]
    spans += [m.span() for m in capitals.finditer(padded) if m[0].isupper() and not marked.match(padded, m.start())]
    if len(spans) < 2:
        spans += [m.span() for m in opening.finditer(padded) if m[0].rstrip()[-1:] not in ".!?;,。！？；，" and m.span() not in spans]
    found = []
    for start, end in sorted(spans):
        line = padded[start:end].split("\\n")[0]
        start += len(line) - len(line.lstrip()) - 2
        line = line.strip()
        # a clause may go on right after its number: its title is then its first sentence, or how it begins
        size = len(line[:120].rstrip())
        article = re.match(r"第.{1,6}?[条章节條節]\\s*", line)
        if article and len(line) > 16:
            size = len(article[0].rstrip())
        elif line[0] != "#" and len(line) > 45 and (len(line) > 90 or next_line.match(padded, end)) and line[-1] not in ":!?":
            title = re.match(r"\\S*[\\dIVXLC][.)]?\\s+\\S.{1,70}?[.:：](?=\\s)", line)
            size = len(title[0]) if title else len(line[:60].rsplit(" ", 1)[0])
        found.append((start, start + size))
    return found
"""
_KEEP_HEADINGS = {
    "title": "return spans",
    "section": (
        "# where most are numbered, the others are titles, preambles and appendices\n"
        '    numbered = [span for span in spans if re.match(r"\\W*\\w{0,12}\\W{0,2}\\d|§|第", documents[name][slice(*span)])]\n'
        "    if len(numbered) > 0.6 * len(spans):\n"
        "        return numbered\n"
        "    # a lone first heading above all others is the title of the whole\n"
        '    lead = [re.match(r"#*", documents[name][start:end])[0] for start, end in spans]\n'
        '    return spans[1:] if len(spans) > 2 and lead[0] == "#" and lead.count("#") == 1 else spans'
    ),
    "clause": (
        "# clauses are numbered, where anything is\n"
        '    numbered = [span for span in spans if re.match(r"\\W*\\w{0,12}\\W{0,2}\\d|§|第", documents[name][slice(*span)])]\n'
        "    return numbered or spans"
    ),
}
_FIND_HEADINGS = """
def asked_for(name, spans):
    @KEEP@

found = [(name, start, end, start) for name, text in chosen.items() for start, end in asked_for(name, headings_of(name, text))]
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
# the documents themselves, or how long they are
found = [(name, 0, max(1, text.find("\\n")) if "\\n" in text else len(text), 0) for name, text in chosen.items()]
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
    "paragraph": ("sum(1 for _ in form.finditer(text))", r"(?:[^\n]*\S[^\n]*\n?)+"),
    "sentence": ("sum(1 for _ in form.finditer(text))", r"[.!?]+(?=[\s\"”')]|$)|[。！？]+"),
}


_FOUND = """
print(f"found {len(found):,}: " + @WHAT@)
"""


def headings_code() -> str:
    """Return the code that leaves `headings_of(name, text)`."""
    return fill(_HEADINGS, PATTERN=pattern_literal(HEADING.replace("`", r"\x60")))


def chosen_documents(only: tuple[str, ...]) -> str:
    """Return the code that leaves `chosen`: the documents that the question names, all where it names none."""
    names = ", ".join(map(text_literal, only))
    return fill(_CHOSEN, CHOSEN=f"{{name: documents[name] for name in [{names}] if name in documents}}" if only else "documents")


def find(chosen: Chosen) -> Block:
    """Return the block that finds what `chosen` asks for."""
    head = chosen_documents(chosen.only)
    conditions = repr([(list(c.fields), c.comparison, c.value) for c in chosen.conditions])
    match chosen.what:
        case "words":
            says = f"I go through all of it for {listed(chosen.phrases)} and keep every {chosen.unit} with it."
            words = repr([lower(phrase) for phrase in chosen.phrases])
            code = fill(_WORDS, WORDS=words, UNIT=chosen.unit, BOUNDS=_BOUNDS[chosen.unit], ANY=str(chosen.is_any))
        case "rows":
            says, code = "Its lines carry fields, so I go by these.", fill(_ROWS_WHERE, CONDITIONS=conditions)
        case "values":
            says, code = (
                "I count the values of one field over all rows.",
                fill(_VALUES, FIELDS=repr(list(chosen.fields)), CONDITIONS=conditions),
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
            says, code = "I look for its headings.", headings_code() + fill(_FIND_HEADINGS, KEEP=_KEEP_HEADINGS[chosen.thing])
        case _:
            thing = THINGS[chosen.thing]
            says = f"I look for {thing.many} {thing.way}."
            code = fill(_QUESTIONS if chosen.thing == "question" else _THINGS, PATTERN=pattern_literal(thing.pattern))
    _, many, rule = what_was_found(chosen)
    return Block(says=says, code=head + code + fill(_FOUND, WHAT=text_literal(many + rule)))


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
