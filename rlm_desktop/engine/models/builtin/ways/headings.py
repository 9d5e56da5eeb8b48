"""Headings by their form: the code that finds them, and which of them a question means."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.things import HEADING
from rlm_desktop.engine.models.builtin.ways.block import fill, pattern_literal

_HEADINGS = """\
# headings: marks of Markdown, numbered clauses, lines in capitals; without any, short lines that open a paragraph
import re

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


def headings_code() -> str:
    """Return the code that leaves `headings_of(name, text)`."""
    return fill(_HEADINGS, PATTERN=pattern_literal(HEADING.replace("`", r"\x60")))


def find_headings(meant: str) -> str:
    """Return the code that leaves headings in `found`; `meant` is `title` for all, `section` or `clause` for some."""
    return fill(_FIND_HEADINGS, KEEP=_KEEP_HEADINGS[meant])
