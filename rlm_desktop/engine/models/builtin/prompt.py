"""A free-form prompt taken apart: what is asked, and the text it is asked of."""

from __future__ import annotations

import re
from typing import NamedTuple

_LABELLED = re.compile(
    r"(?im)^[ \t#*]*(?:question|query|frage|pregunta|問題|问题|質問)[ \t*]*[:：][ \t*]*"
    r"(.+(?:\n(?!\s*\n)(?![ \t#*]*\w+[ \t*]*[:：]).+)*)"
)
_TEXT_LABEL = re.compile(
    r"(?im)^[ \t#*]*(?:(?:the )?"
    r"(?:text|context|passage|document|excerpt|chunk|section|content|data|material|extrait|texte|auszug|文本|文章|原文)s?"
    r"(?:[ \t]+[^:\n]{0,120})?|[^:\n]{0,80}\b(?:text|passage|document|excerpt|chunk))[ \t*]*[:：][ \t*]*"
)
# A line of signs is looked at from its beginning only, and gives nothing back: one of a million signs takes no longer than it is.
_FENCED = re.compile(r"(?s)(\"\"\"|'''|```|~~~|(?<!-)-{3,}+|(?<!=)={3,}+|<{3}|(?<!\*)\*{3,}+)[a-z]*+\n(.+?)\n[ \t]*(?:\1|>{3})")
_TAGGED = re.compile(r"(?s)<(text|document|context|passage|chunk|excerpt|data)\b[^>]*>\n?(.+?)\n?</\1>")
_ASKING = re.compile(r"[?？]")
_HEAD_CHARS = 1_500


class Prompt(NamedTuple):
    """`question` may be an instruction; `text` is empty where the prompt holds nothing but the question. `text_at` is its offset."""

    question: str
    text: str
    text_at: int


def take_apart(prompt: str) -> Prompt:
    """Return what `prompt` asks and of which text: by labels and fences where there are any, else the asking end and the rest."""
    text_from, text_to = _text_range(prompt)
    around = f"{prompt[:text_from]}\n{prompt[text_to:]}"
    labelled = _LABELLED.search(around)
    if labelled:
        question = labelled[1].strip()
        if text_to == len(prompt) and text_from == 0:
            text_from, text_to = _outside(prompt, prompt.index(labelled[0]), len(labelled[0]))
    elif text_from > 0 or text_to < len(prompt):
        question = _asking(around)
    else:
        question, text_from, text_to = _by_paragraphs(prompt)
    return Prompt(question, prompt[text_from:text_to], text_from)


def _text_range(prompt: str) -> tuple[int, int]:
    """Return where the fenced, tagged or labelled text lies; all of the prompt where nothing marks it."""
    marked = [match.span(2) for pattern in (_TAGGED, _FENCED) for match in pattern.finditer(prompt)]
    if marked:
        longest = max(marked, key=lambda span: span[1] - span[0])
        if longest[1] - longest[0] > 0.3 * len(prompt) or len(marked) == 1:
            return longest
    label = next(
        (match for match in _TEXT_LABEL.finditer(prompt, 0, min(len(prompt), _HEAD_CHARS)) if len(prompt) - match.end() > 20), None
    )
    if label is None:
        return 0, len(prompt)
    after = _LABELLED.search(prompt, label.end())
    return label.end(), after.start() if after else len(prompt)


def _outside(prompt: str, at: int, size: int) -> tuple[int, int]:
    """Return the longer of what stands before and after a stretch."""
    return (0, at) if at > len(prompt) - at - size else (at + size, len(prompt))


def _asking(text: str) -> str:
    """Return the lines of an instruction that ask; all of it where no line does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    asking = [line for line in lines if _ASKING.search(line)]
    return " ".join(asking or lines)


def _by_paragraphs(prompt: str) -> tuple[str, int, int]:
    """Take the question from the first or the last paragraph, or line, whichever asks; the rest is the text."""
    for parting in (r"\n\s*\n", r"\n", r"(?<=[.!?:])\s|(?<=[。！？：])"):
        cuts = [(match.start(), match.end()) for match in re.finditer(parting, prompt.rstrip())]
        if not cuts:
            continue
        first, last = prompt[: cuts[0][0]], prompt[cuts[-1][1] :]
        if _ASKING.search(last) and len(last) < _HEAD_CHARS and not (_ASKING.search(first) and len(first) < len(last)):
            return _asking(last), 0, cuts[-1][0]
        if (_ASKING.search(first) or len(prompt) > 4 * len(first)) and len(first) < _HEAD_CHARS:
            return _asking(first), cuts[0][1], len(prompt)
    return prompt.strip(), len(prompt), len(prompt)
