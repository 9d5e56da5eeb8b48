"""Which of the encodings from before Unicode a text has.

Each decodes nearly any bytes, so the question is what the result looks like: are its letters the frequent ones of the languages that
used the encoding, do capitals stand at the beginnings of words and symbols outside them? Where none looks right, charset-normalizer
has the word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

SAMPLE_BYTES = 8_192
"""More than this does not make the answer better."""

_GOOD_ENOUGH = 0.6
_ERRORS_ALLOWED = 0.01
_SIGNS = "“”‘’„‚«»‹›–—…€£§°·•©®™²³½¼¾±×\xa0\xad"
_WEST = frozenset(_SIGNS + "àâäåæçéèêëîïíìñóòôöøœùúûüßáãõÀÂÄÅÆÇÉÈÊËÎÏÍÌÑÓÒÔÖØŒÙÚÛÜÁÃÕ¿¡ªº")
_ICELANDIC = frozenset(_SIGNS + "áéíóúýðþæöÁÉÍÓÚÝÐÞÆÖ")
_CENTRE = frozenset(_SIGNS + "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰöüäÖÜÄßăâîşţĂÂÎŞŢđĐľĺôŕľ")
_BALTIC = frozenset(_SIGNS + "āčēģīķļņšūžąęėįųĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲõäöüÕÄÖÜ")
_TURKISH = frozenset(_SIGNS + "ğışçöüâîûİĞŞÇÖÜ")
_GREEK = frozenset(_SIGNS + "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ" + "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ")
_CYRILLIC = frozenset(_SIGNS + "№" + "".join(map(chr, range(0x410, 0x450))) + "ёЁіїєґІЇЄҐўЎ")
_HEBREW = frozenset(_SIGNS + "₪" + "".join(map(chr, range(0x5D0, 0x5EB))))
_ARABIC = frozenset(_SIGNS + "،؛؟پچژگک" + "".join(map(chr, range(0x621, 0x653))))


_THAI = frozenset(_SIGNS + "".join(map(chr, range(0xE01, 0xE3B))) + "".join(map(chr, range(0xE3F, 0xE5C))))


def _is_common_chinese(character: str) -> bool:
    return "\u3000" <= character <= "\u301f" or "\uff00" <= character <= "\uff5e" or _lead(character, "gb2312", 0xB0, 0xD7)


def _is_common_taiwanese(character: str) -> bool:
    return "\u3000" <= character <= "\u301f" or "\uff00" <= character <= "\uff5e" or _lead(character, "big5", 0xA4, 0xC6)


def _is_common_japanese(character: str) -> bool:
    return "\u3000" <= character <= "\u30ff" or "\uff00" <= character <= "\uff5e" or _lead(character, "shift_jis", 0x88, 0x97)


def _is_common_korean(character: str) -> bool:
    return "\u3000" <= character <= "\u301f" or ("가" <= character <= "힣" and _lead(character, "euc_kr", 0xB0, 0xC8))


def _lead(character: str, encoding: str, first: int, last: int) -> bool:
    """The common characters come first in these tables: say whether the character's first byte lies among theirs."""
    try:
        return first <= character.encode(encoding)[0] <= last
    except UnicodeEncodeError:
        return False


# In the order in which a tie is settled: of two that explain all letters, the one with fewer letters to explain them by comes first.
_CANDIDATES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp1252", _WEST.__contains__),
    ("cp932", _is_common_japanese),
    ("cp949", _is_common_korean),
    ("gb18030", _is_common_chinese),
    ("big5", _is_common_taiwanese),
    ("euc_jp", _is_common_japanese),
    ("cp1255", _HEBREW.__contains__),
    ("cp1251", _CYRILLIC.__contains__),
    ("koi8_r", _CYRILLIC.__contains__),
    ("koi8_u", _CYRILLIC.__contains__),
    ("iso8859_5", _CYRILLIC.__contains__),
    ("cp866", _CYRILLIC.__contains__),
    ("cp1254", _TURKISH.__contains__),
    ("cp1252", _ICELANDIC.__contains__),
    ("cp1250", _CENTRE.__contains__),
    ("iso8859_2", _CENTRE.__contains__),
    ("cp1253", _GREEK.__contains__),
    ("cp874", _THAI.__contains__),
    ("cp1256", _ARABIC.__contains__),
    ("cp1257", _BALTIC.__contains__),
    ("iso8859_15", _WEST.__contains__),
    ("mac_roman", _WEST.__contains__),
    ("cp850", _WEST.__contains__),
)


def guess_legacy(sample: bytes) -> str | None:
    """Return the likeliest encoding of bytes that are not UTF-8, None when they look like no text at all."""
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:SAMPLE_BYTES]
    if not telling:
        return "cp1252"
    best, best_score = "", -2.0
    for encoding, is_common in _CANDIDATES:
        score = _score(telling, encoding, lru_cache(maxsize=None)(is_common))
        if score > best_score + 0.005:
            best, best_score = encoding, score
    if best_score >= _GOOD_ENOUGH:
        return best
    # Imported here: most texts are UTF-8 and do not wait for it.
    from charset_normalizer import from_bytes

    match = from_bytes(telling).best()
    if match is not None:
        return match.encoding
    return best if best_score > 0 else None


def _score(data: bytes, encoding: str, is_common: Callable[[str], bool]) -> float:
    """Return from about -2 to 1 how much the decoded text looks like a text."""
    text = data.decode(encoding, "replace")
    total = count = errors = 0
    before = " "
    for character, after in zip(text, text[1:] + " ", strict=True):
        if character > "\x7f":
            count += 1
            if character == "\ufffd":
                errors += 1
            total += _points(before, character, after, is_common=is_common)
        before = character
    if not count or errors > max(1, _ERRORS_ALLOWED * len(data)):
        return -2.0
    return total / count


def _points(before: str, character: str, after: str, *, is_common: Callable[[str], bool]) -> int:
    points = 1 if is_common(character) else 0 if character.isalpha() else -1
    if character.isalpha():
        is_latin = character < "\u0250"
        is_mixed = (
            not is_latin and ((before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())) and character < "\u2000"
        )
        return points - (character.isupper() and before.islower()) - is_mixed
    if unicodedata.category(character) == "Mn":
        return points - (not before.isalpha() and unicodedata.category(before) != "Mn")
    is_in_word = before.isalpha() and after.isalpha() and before.isascii() == after.isascii() and before < "\u3000"
    return points - (is_in_word and character not in "’‘·–—\xad\xa0")
