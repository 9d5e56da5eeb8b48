"""Words as they are compared: folded, stemmed, and found in a text by their beginnings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rlm_desktop.engine.models.builtin.lexicon import ALIKE, CUT, ENDINGS, IRREGULAR

UNSPACED = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
"""Scripts written without spaces between words, as the inside of a regular expression's set."""

_is_unspaced = re.compile(f"[{UNSPACED}]").match


def is_unspaced(char: str) -> bool:
    return _is_unspaced(char) is not None


@lru_cache(maxsize=4_096)
def _fold_char(char: str) -> str:
    low = char.lower()
    base = unicodedata.normalize("NFKD", low)[:1] if not is_unspaced(char) else char
    return base if len(base) == 1 and base.isalnum() else (low if len(low) == 1 else char)


def fold(text: str) -> str:
    """Return `text` in lower case and without accents, of the same length, so that offsets hold."""
    return text.lower() if text.isascii() else "".join(map(_fold_char, text))


def lower(text: str) -> str:
    """Return `text` in lower case, of the same length (the dotted capital I alone would grow)."""
    return text.replace("\u0130", "I").lower()


def stem(word: str) -> str:
    """Return the beginning that the forms of a word in lower case share; short words are left whole."""
    for ending in CUT:
        shortest = 5 if len(ending) > 3 else 4 if len(ending) > 2 else 3
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sle":
        word = word[:-1]
    return word


def is_form_of(stemmed: str, rest: str) -> bool:
    """True when a word that begins with `stemmed` and goes on with `rest` is a form of it."""
    return not rest or rest in ENDINGS or (rest[0] == stemmed[-1] and rest[1:] in ENDINGS)


@lru_cache(maxsize=1)
def _groups() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return word or stem -> its irregular forms, and word or stem -> words like it."""
    tables: tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]] = ({}, {})
    for table, groups in zip(tables, (IRREGULAR, ALIKE), strict=True):
        for group in groups:
            for word in group:
                for key in {word, stem(word), fold(word)}:
                    table[key] = tuple(dict.fromkeys((*table.get(key, ()), *(other for other in group if other != word))))
    return tables


def _looked_up(table: dict[str, tuple[str, ...]], word: str) -> tuple[str, ...]:
    """Return what `table` has for a word, else for its stem, else for the stem of that (`kostete`, `kostet`, `kost`)."""
    for key in (word, stem(word), stem(stem(word))):
        if key in table:
            return table[key]
    return ()


def forms(word: str) -> tuple[str, ...]:
    """Return the beginnings under which a word in lower case is looked for: its stem, irregular forms, and the same without accents."""
    found = [stem(word)]
    if word.startswith("ge") and word.endswith(("t", "en")) and len(word) > 5:
        found.append(stem(word[2:]))
    found += [stem(other) for other in _looked_up(_groups()[0], word)]
    found += [other.replace("ß", "ss") for other in found if "ß" in other]
    found += [fold(other) for other in found]
    return tuple(dict.fromkeys(form for form in found if len(form) > 1 or len(word) == 1))


def alike(word: str) -> tuple[str, ...]:
    """Return the beginnings of words that mean about the same."""
    own = set(forms(word))
    found = [stem(other) if len(stem(other)) > 4 else other for other in _looked_up(_groups()[1], word)]
    found += [fold(other) for other in found]
    return tuple(dict.fromkeys(form for form in found if len(form) > 2 and form not in own))
