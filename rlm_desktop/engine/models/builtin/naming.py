"""Documents that a question names, and the two that it compares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from rlm_desktop.engine.models.builtin.words import UNSPACED

_SHORTEST_STEM = 4
"""A shorter name without its ending, such as `a` of `a.txt`, is a word like any other."""
_BEFORE_NAME = r"(?:\b(?:in|from|of|der|dem|im|dans|de|du|en|del?)\s+(?:the\s+)?(?:file\s+|document\s+)?)?"
_OLD = re.compile(r"(?i)(?<![^\W_])(?:old|alt|ancien\w*|vieux|viejo|antigu\w+|before|original|previous)(?![^\W_])|旧")
_NEW = re.compile(r"(?i)(?<![^\W_])(?:new|neu|nouveau|nouvelle|nuev\w+|after|revised)(?![^\W_])|新")
_VERSION_MARK = re.compile(
    r"(?i)[ ._-]*(?:(?:v(?:ersion)?[ ._-]?)?\d+(?:\.\d+)*|(?<![^\W_])(?:old|new|alt|neu|before|after|draft|final)|旧|新)(?=[ ._-]|$)"
)
_BETWEEN = re.compile(
    r"(?i)\b(?:between|zwischen|entre|compare|vergleiche?|compare[rz]?|compara)\s+(.{0,60}?)"
    r"\s+(?:and|und|et|y|with|mit|avec|con)\s+(.{0,60}?)\W*$"
)
VERSION_WORD = re.compile(
    r"(?i)\bv\d|\b(?:versions?|old|new|first|second|former|latter|alt\w*|neu\w*|erste[rn]?|zweite[rn]?|ancien\w*|nouve\w+|premi\w+"
    r"|antigu\w+|nuev\w+|primer\w*|segund\w*|documents?|files?|texts?|\d+)\b"
)
_ASKED_VERSION = re.compile(r"(?i)(?<!\w)v(?:ersion)?[ ._-]?(\d+(?:\.\d+)*)(?!\w)")


def documents_named(question: str, names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the documents that `question` names, by the whole name or its stem, and the question without those names."""
    if len(names) == 1:
        return (), re.sub(rf"(?i){_BEFORE_NAME}{_as_written(names[0])}", " ", question)
    found: list[str] = []
    rest = question
    for name in sorted(names, key=len, reverse=True):
        path = PurePath(name)
        for written in dict.fromkeys((name, path.name, path.name.split(".")[0])):
            is_stem = "." not in written
            if not written or (is_stem and len(written) < _SHORTEST_STEM):
                continue
            pattern = rf"(?i){_BEFORE_NAME}{_as_written(written)}"
            match = re.search(pattern, rest)
            # A stem that is a plain word (`lease`, `notes`) names the document only after `in` or the like.
            if match and (not is_stem or re.search(r"[\d_]", written) or not match[0].lower().startswith(written.lower()[:2])):
                found.append(name)
                rest = re.sub(pattern, " ", rest)
                break
    return tuple(name for name in names if name in found), rest


def _as_written(name: str) -> str:
    stem = re.escape(name).replace("_", "[_ ]")
    return rf"(?<![^\W_]){stem}(?![^\W{UNSPACED}])"


def pair_to_compare(question: str, names: Sequence[str], only: tuple[str, ...]) -> tuple[str, ...]:
    """Return the older and the newer of two documents: those named, the only two, or two of like names. Empty where there are none."""
    for chosen in (only, tuple(names)):
        if len(chosen) == 2:
            return _older_first(chosen[0], chosen[1])
    asked = set(_ASKED_VERSION.findall(question)[:2])
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            if _bare(first) == _bare(second) and asked <= {_version(first), _version(second)}:
                return _older_first(first, second)
    return ()


def is_between_documents(rest: str) -> bool:
    """True unless a question, its names of documents left out, sets two other things against each other (`between tea and coffee`)."""
    sides = _BETWEEN.search(rest)
    return sides is None or all(VERSION_WORD.search(side) or not re.search(r"\w{3,}", side) for side in sides.groups())


def _bare(name: str) -> str:
    return _VERSION_MARK.sub("", name).lower()


def _version(name: str) -> str:
    digits = re.findall(r"\d+(?:\.\d+)*", PurePath(name).stem)
    return digits[-1] if digits else ""


def _older_first(first: str, second: str) -> tuple[str, str]:
    if (_OLD.search(second) and not _OLD.search(first)) or (_NEW.search(first) and not _NEW.search(second)):
        return second, first
    numbers = [[int(part) for part in _version(name).split(".") if part] for name in (first, second)]
    return (second, first) if numbers[0] > numbers[1] else (first, second)
