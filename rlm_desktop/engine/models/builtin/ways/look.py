"""Looking first: what the context is, and which fields its lines carry."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.ways.block import Block, fill, text_literal

_PROBE = """\
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

_PROBE_PROMPT = """\
# look: the prompt that is to be answered
prompt_text = str(context)
print(f"{len(prompt_text):,} characters")
print("HEAD " + repr(prompt_text[:2500]))
print("TAIL " + repr(prompt_text[-1500:]))
"""

_BLANK = """
# the question stands in the text itself: blank it there, so that it is not found as its own answer
asked_for = @ASKED@
documents = {name: text.replace(asked_for, " " * len(asked_for)) for name, text in documents.items()}
"""

_ROWS = """
# rows with fields: JSON objects, tables under their header, and `Field: value` parts
import csv, json, re

def split_at(mark, line):
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])]
    return [cell.strip() for cell in line.split(mark)]

is_header = re.compile(r"[^:!?]{0,60}(?<![.,])")

def table_mark(text):
    # what parts the columns, when the first lines all have the same number of them under a header of words
    head = [line for line in text[:20_000].split("\\n")[:40] if line.strip()][:12]
    for mark in "\\t;,":
        widths = {len(split_at(mark, line)) for line in head}
        if len(head) > 1 and len(widths) == 1 and widths != {1} and re.search(r"[^\\W\\d]", head[0]):
            return mark if all(map(is_header.fullmatch, split_at(mark, head[0]))) else None

last_part = re.compile(r"(?:^|[\\s(\\[])([^\\W\\d]\\w{1,24}):\\s*([^:]{1,60}?)[)\\]]?\\s*$")
log_level = re.compile(r"\\b(DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|TRACE)\\b")
parting = re.compile(r"\\|\\||\\t|\\s\\|\\s")
known_names = {}  # what stands before a colon -> the field, or nothing where it is no name

def field_of(words):
    if words not in known_names:
        known_names[words] = words.strip().lower() if re.fullmatch(r"\\s*[^\\W\\d][\\w .-]{0,30}", words) else ""
    return known_names[words]

def parts_of(line):
    found = {}
    pieces = line.split("||") if "||" in line else parting.split(line)
    for piece in pieces if len(pieces) > 1 or len(line) < 200 else ():
        before, colon, after = piece.replace("：", ":").partition(":")
        if colon and after.strip() and field_of(before):
            found[field_of(before)] = after.strip()
    if len(pieces) == 1:
        tail = last_part.search(line[-90:])
        if tail:
            found.setdefault(tail[1].lower(), tail[2])
        level = log_level.search(line, 0, 70)
        if level and re.search(r"\\d\\d:\\d\\d|^\\W*" + level[1], line[:40]):
            found["level"] = level[1]
    return found

def rows_of(text, stop=None):
    # yield start, end, {field: value} of every row, in order
    def named(cells):
        return {field: cell for field, cell in zip(header, cells) if cell}
    first = text[:2_000].lstrip()[:2]
    mark = table_mark(text)
    if first[:1] == "{" or first[:1] == "[" and first[1:].strip() in ("", "{"):
        shape = r"\\{[^\\n]*\\}" if first[:1] == "{" and "}\\n" in text[:100_000] else r"\\{[^{}]*\\}"
        for m in re.finditer(shape, text[:stop]):
            try:
                row = json.loads(m[0])
            except ValueError:
                continue
            plain = {str(k).lower(): json.dumps(v) if isinstance(v, (bool, list, dict)) else str(v) for k, v in row.items()}
            yield m.start(), m.end(), plain
        return
    header, bars, open_row = None, None, None
    for m in re.finditer(r"[^\\n]+", text[:stop]):
        line = m[0]
        if mark:
            if header is None:
                header = [cell.lower() for cell in split_at(mark, line)]
            else:
                yield m.start(), m.end(), named(split_at(mark, line))
            continue
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if re.fullmatch(r"[-:| ]+", line.strip()):
                header = bars
            elif header:
                yield m.start(), m.end(), named(cells)
            bars = [cell.lower() for cell in cells]
            continue
        header = bars = None
        found = parts_of(line) if ":" in line or "：" in line or log_level.search(line, 0, 70) else {}
        # lines of fields right below each other are one row, such as the head of a mail
        if open_row and (not found or len(found) > 1 or open_row[1] + 1 != m.start() or open_row[2].keys() & found):
            yield open_row
            open_row = None
        if open_row:
            open_row = open_row[0], m.end(), {**open_row[2], **found}
        elif found:
            open_row = m.start(), m.end(), found
    if open_row:
        yield open_row

# how often each value stands in the first rows of each document
values = {}
in_rows = looked_at = 0
for text in list(documents.values())[:40]:
    looked_at += len(text[:30_000].strip())
    for start, end, row in rows_of(text, 30_000):
        in_rows += end - start
        for field, value in row.items():
            counts = values.setdefault(field, {})
            counts[value] = counts.get(value, 0) + 1
print(f"{in_rows / max(1, looked_at):.0%} of it are rows with fields")
often = sorted((field for field in values if sum(values[field].values()) > 1), key=lambda field: -sum(values[field].values()))[:24]
seen = {field[:40]: {value[:60]: n for value, n in sorted(values[field].items(), key=lambda v: -v[1])[:40]} for field in often}
for field in often:
    print("fields", json.dumps({field[:40]: seen[field[:40]]}, ensure_ascii=False)[:1_500])
"""


def look_at_prompt() -> Block:
    """Return the first look where the context is the prompt of an `rlm_query`."""
    return Block(says="First I look at the prompt that `context` holds.", code=_PROBE_PROMPT)


def look(name: str, *, asked: str | None, with_fields: bool) -> Block:
    """Return the first look at a context; a single text is called `name`.

    A question that stands in the context itself is `asked`: it is blanked there, so that it does not answer itself.
    """
    code = fill(_PROBE, NAME=repr(name))
    if asked is not None:
        code += fill(_BLANK, ASKED=text_literal(asked))
    return Block(says="First I look at what there is.", code=code + _ROWS if with_fields else code)
