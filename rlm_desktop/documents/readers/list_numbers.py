"""How the number of an item in a list is written."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def written_number(count: int, style: str) -> str:
    """Return a number in a style as Word names it, such as `lowerRoman`; in plain digits in any other."""
    if style in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (count // value)
            count %= value
        return roman.upper() if style == "upperRoman" else roman
    if style in ("lowerLetter", "upperLetter") and 0 < count <= 780:
        # After z comes aa, then bb.
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    return "" if style == "bullet" else f"{count:02}" if style == "decimalZero" else str(count)
