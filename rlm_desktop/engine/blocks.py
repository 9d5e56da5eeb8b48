"""Finds the code in a model's reply, in the spellings that models use, and the older ways of ending a run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_RUNNABLE: Final = frozenset({"repl", "python", "py", "python3", "ipython", "pycon", "tool_code", "code"})
# A reply is foreign input of any length: the patterns give nothing back (`*+`), so that each takes time in proportion to it.
_FENCE: Final = re.compile(r"^([ \t]*+)(`{3,}+|~{3,}+)[ \t]*+([^\s`{]*+)([^`\n]*+)$")
_FINAL_VAR: Final = re.compile(r"^[ \t>*-]*+FINAL_VAR\(\s*+[\"'`]?([A-Za-z_]\w*+)[\"'`]?\s*+\)", re.MULTILINE)
_FINAL: Final = re.compile(r"^[ \t>*-]*+FINAL\(", re.MULTILINE)
_QUOTED: Final = re.compile(r"\"\"\"|'''|#.*|\"(?:\\.|[^\"\\])*+\"?|'(?:\\.|[^'\\])*+'?")
"""What opens a long string, and what only looks like it: comments and short strings."""
_MOST_FENCES_IN_STRING: Final = 100
"""A string that holds more fences than this was never closed."""


@dataclass(frozen=True, slots=True)
class End:
    """An end outside of code: a text itself, or the name of the variable that holds it."""

    text: str | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    blocks: tuple[str, ...]
    final: End | None


def parse(reply: str) -> Parsed:
    """Return the blocks to run, in order, and the end that the reply states outside of them.

    Fences may be indented, upper-case, of tildes, longer than three marks, or unterminated (the block then ends with the reply). A fence
    inside a longer one belongs to it; one of the same length inside code is code when it sits in an open triple-quoted string.
    """
    blocks: list[str] = []
    prose: list[str] = []
    # Not splitlines: it also cuts at characters that are part of a line of Python.
    lines = reply.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        opened = _FENCE.match(lines[at])
        if opened is None:
            prose.append(lines[at])
            at += 1
            continue
        end = _closing(lines, at + 1, mark=opened[2])
        if opened[3].lower().strip(":.") in _RUNNABLE:
            code = _dedent(lines[at + 1 : end], opened[1])
            if code.strip():
                blocks.append(code)
        at = end + 1
    return Parsed(tuple(blocks), _final("\n".join(prose)))


def _closing(lines: list[str], start: int, *, mark: str) -> int:
    """Return the index of the line that closes a fence, the number of lines where none does."""
    passed: list[int] = []
    string: str | None = None
    for at in range(start, len(lines)):
        stripped = lines[at].strip()
        if stripped.startswith(mark) and not stripped.strip(mark[0]):
            if string is None:
                return at
            passed.append(at)
            if len(passed) > _MOST_FENCES_IN_STRING:
                break
        string = _string_after(lines[at], string)
    # A string that never closes would swallow the rest of the reply: then the first closing line counts after all.
    return passed[0] if passed else len(lines)


def _string_after(line: str, string: str | None) -> str | None:
    """Return the triple quotes of the string that is open after `line`, where `string` was open before it; None for none."""
    at = 0
    while True:
        if string is not None:
            closed = line.find(string, at)
            if closed < 0:
                return string
            at, string = closed + len(string), None
        found = _QUOTED.search(line, at)
        if found is None:
            return None
        at = found.end()
        string = found[0] if found[0] in ('"""', "'''") else None


def _dedent(lines: list[str], indent: str) -> str:
    return "\n".join(line.removeprefix(indent) if indent else line for line in lines)


def _final(prose: str) -> End | None:
    variable = _FINAL_VAR.search(prose)
    if variable is not None:
        return End(variable=variable[1])
    opened = _FINAL.search(prose)
    if opened is None:
        return None
    return End(text=_argument(prose[opened.end() :]))


def _argument(rest: str) -> str:
    """Return what stands up to the parenthesis that closes the call; the whole rest where none does."""
    depth = 1
    for at, character in enumerate(rest):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return _unquoted(rest[:at].strip())
    last = rest.rfind(")")
    return _unquoted((rest[:last] if last >= 0 else rest).strip())


def _unquoted(text: str) -> str:
    for quote in ('"""', "'''", '"', "'"):
        if len(text) >= 2 * len(quote) and text.startswith(quote) and text.endswith(quote) and quote not in text[len(quote) : -len(quote)]:
            return text[len(quote) : -len(quote)]
    return text
