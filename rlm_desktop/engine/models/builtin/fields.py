"""Fields of rows, as a first look has shown them, and what a question says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from rlm_desktop.engine.models.builtin.choice import Condition
from rlm_desktop.engine.models.builtin.lexicon import STOPS
from rlm_desktop.engine.models.builtin.words import stem

Seen = Mapping[str, Mapping[str, int]]
"""Field in lower case -> its most frequent values, and how often each stands in the rows that were looked at."""

LABEL_FIELDS: Final = (
    "label",
    "labels",
    "category",
    "class",
    "tag",
    "kategorie",
    "étiquette",
    "categoría",
    "etiqueta",
    "标签",
    "类别",
    "分类",
)
_LABEL = re.compile(
    r"(?i)(?<!\w)(?:labels?|label?led|labelling|tags?|tagged|categor(?:y|ies)|class(?:es)?|classified|kategorien?|etikett(?:en)?"
    r"|étiquett(?:es?|é|és|ée|ées)|catégories?|etiquetas?|etiquetad[oa]s?|categorías?)(?!\w)|标签|标记|类别|分类"
)
_FIELD = re.compile(r'(?m)^fields (\{".*)$')
_ROWS = re.compile(r"(?m)^(\d+)% of it are rows with fields$")
_MOSTLY = 50
_NAMED_VALUE = (
    r"\s*(?:is|are|was|were|of|the|as|a|an|=|:|：|equals?|to|ist|als|est|es|como|comme|de|为|是|为“|等于)?\s*"
    r"(?:[\"'‘’“”«»„「`]\s?([^\"'‘’“”«»„」`]{1,60}?)\s?[\"'‘’“”«»„」`]|([^\W_][\w-]*))"
)
_YES = frozenset({"true", "yes", "ja", "oui", "sí", "1", "y"})
_NO = frozenset({"false", "no", "nein", "non", "0", "n"})
_ABOVE = (
    r"(?:above|over|more than|greater than|larger than|higher than|exceed\w*|über|mehr als|größer als"
    r"|plus de|supérieure? à|más de|mayor que|超过|大于|>)"
)
_BELOW = (
    r"(?:below|under|less than|smaller than|lower than|fewer than|unter|weniger als|kleiner als"
    r"|moins de|inférieure? à|menos de|menor que|低于|小于|<)"
)
_DENIED = re.compile(
    r"(?i)(?:\bnot|n['’]t|\bnever|\bwithout|\bnicht|\bkeine?n?|\bpas|\bnon|\bno|\bsin|\bother than|\bexcept)\s+(?:\w+\s+)?$"
    r"|没有?$|不是$|未$|非$"
)
_FIGURE = re.compile(r"[^\w-]{0,3}-?\d[\d.,]*\s?[^\W\d]{0,3}%?")
_NEGATED = re.compile(r"(?i)\b(?:not|nicht|pas|no|un)\s*$|没有?$|未$")
_SHORTEST = 3
_LEAST_ROWS = 3
"""A field of fewer rows is no field of a table, but words before a colon."""


def seen_fields(output: str) -> Seen:
    """Return the fields that the first look printed."""
    found: dict[str, dict[str, int]] = {}
    for match in _FIELD.finditer(output):
        try:
            found.update(json.loads(match[1]))
        except ValueError:
            # A field with many long values is cut where it is printed; its name is known all the same.
            name = re.match(r'\{"((?:[^"\\]|\\.)*)"', match[1])
            values = {value: int(n) for value, n in re.findall(r'"((?:[^"\\]|\\.)*)": (\d+)', match[1])}
            if name:
                found[name[1]] = values
    return found


def are_rows(output: str) -> bool:
    """True where the first look found that the text is mostly rows, not prose with a colon here and there."""
    share = _ROWS.search(output)
    return share is None or int(share[1]) >= _MOSTLY


def field_named(question: str, seen: Seen) -> tuple[str, ...]:
    """Return the field that `question` names first, with other names for it; empty where it names none."""
    named: list[tuple[int, int, tuple[str, ...]]]
    named = [(match.start(), -len(field), (field,)) for field in seen if (match := _mention(field, question))]
    if label := _LABEL.search(question):
        named.append((label.start(), 0, label_fields(seen)))
    return min(named)[2] if named else ()


def label_fields(seen: Seen) -> tuple[str, ...]:
    return tuple(sorted(LABEL_FIELDS, key=lambda field: field not in seen))


def stated_conditions(question: str, seen: Seen) -> tuple[Condition, ...]:
    """Return the conditions that `question` states outright: a field's name with a value or a limit beside it."""
    found: list[Condition] = []
    for field in seen:
        for match in _mentions(field, question):
            limit = _limit(question[match.end() : match.end() + 60])
            if limit:
                found.append(Condition(fields=(field,), comparison=limit[0], value=limit[1]))
                break
            value = _value_beside(question, match, seen[field])
            if value:
                found.append(Condition(fields=(field,), value=value))
                break
    if not any(set(condition.fields) & set(LABEL_FIELDS) for condition in found):
        for match in _LABEL.finditer(question):
            names = label_fields(seen)
            known = next((seen[name] for name in names if name in seen), {})
            value = _value_beside(question, match, known) or (_any_value_after(question, match) if not known or len(known) >= 40 else "")
            if value and not any(condition.value == value for condition in found):
                found.append(Condition(fields=names, value=value))
                break
    return tuple(found)


def implied_conditions(question: str, seen: Seen, *, known: tuple[Condition, ...] = ()) -> tuple[Condition, ...]:
    """Return conditions by values that stand in `question` without their field: whole names, or the values of a field with few of them."""
    taken = {field for condition in known for field in condition.fields}
    found: list[Condition] = []
    for field, values in seen.items():
        if field in taken or not values:
            continue
        lowered = {value.lower() for value in values}
        if lowered <= _YES | _NO:
            match = _mention(field, question)
            wanted = _NO if match and _NEGATED.search(question[: match.start()]) else _YES
            if match and lowered & wanted:
                found.append(Condition(fields=(field,), value=next(value for value in values if value.lower() in wanted)))
            continue
        rows = sum(values.values())
        if rows < _LEAST_ROWS or len(values) > max(3, 0.6 * rows):
            continue
        inside = [value for value in values if len(value) >= _SHORTEST and value.lower() not in STOPS and _mention(value, question)]
        if inside:
            best = max(inside, key=len)
            if not any(best.lower() in other.value.lower() or other.value.lower() in best.lower() for other in found):
                match = _mention(best, question)
                is_denied = match is not None and _DENIED.search(question[: match.start()]) is not None
                found.append(Condition(fields=(field,), comparison="!=" if is_denied else "=", value=best))
    return tuple(found)


def numeric_field_named(question: str, seen: Seen) -> str:
    """Return the field of figures that `question` names; empty where it names none."""
    fields = field_named(question, {field: values for field, values in seen.items() if all(map(_FIGURE.fullmatch, values))})
    return fields[0] if fields and fields[0] in seen else ""


def _mention(phrase: str, question: str) -> re.Match[str] | None:
    return next(_mentions(phrase, question), None)


def _mentions(phrase: str, question: str) -> Iterator[re.Match[str]]:
    words = re.findall(r"\w+", phrase.replace("_", " "))
    if not words:
        return iter(())
    *first, last = words
    ending = re.escape(stem(last.lower())) + r"\w{0,4}" if len(last) > 3 and last.isalpha() and last.isascii() else re.escape(last)
    if phrase and phrase[-1] >= "\u2e80":
        return re.finditer(re.escape(phrase), question)
    pattern = r"[\W_]+".join([*map(re.escape, first), ending])
    return re.finditer(rf"(?i)(?<![^\W_]){pattern}(?![^\W_])", question, re.ASCII if phrase.isascii() else 0)


def _limit(after: str) -> tuple[Literal[">", "<"], str] | None:
    for comparison, words in ((">", _ABOVE), ("<", _BELOW)):
        match = re.match(rf"(?i)\W*(?:is|are|was|of|ist|est|es)?\s*{words}\s*\D{{0,3}}(\d[\d,]*(?:\.\d+)?)", after)
        if match:
            return (">" if comparison == ">" else "<"), match[1].replace(",", "")
    return None


def _value_beside(question: str, match: re.Match[str], values: Mapping[str, int]) -> str:
    """Return the value right after a field's name, or right before it; one that the field is known to have, or one in quotes."""
    after = question[match.end() : match.end() + 90]
    before = question[: match.start()]
    for value in sorted(values, key=len, reverse=True):
        escaped = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", value)))
        if not escaped:
            continue
        unspaced = after[:1] >= "\u2e80" or value[-1] >= "\u2e80" or before[-1:] >= "\u2e80"
        edge = "" if unspaced else r"(?!\w)"
        if re.match(rf"(?i)\W*(?:(?:is|are|was|of|the|as|ist|als|est|es|de|equal to|为|是|等于)\W*){{0,2}}{escaped}{edge}", after):
            return value
        if re.search(rf"(?i)(?<!\w){escaped}\W*(?:的\W*)?$", before):
            return value
    quoted = re.match(_NAMED_VALUE, after)
    return quoted[1] if quoted and quoted[1] else ""


def _any_value_after(question: str, match: re.Match[str]) -> str:
    named = re.match(_NAMED_VALUE, question[match.end() : match.end() + 90])
    value = (named[1] or named[2] or "") if named else ""
    return "" if value.lower() in STOPS else value
