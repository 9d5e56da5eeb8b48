"""What pdfium finds on a page, made readable: words that a line's end cut in two, characters that stand for nothing."""

from __future__ import annotations

import re
from typing import Final

_CUT: Final = "\ufffe"
"""pdfium's mark for a hyphen at the end of a line; it puts the two lines together around it. The line is ended after the whole word."""
_AROUND_CUT: Final = re.compile("([^\\s\ufffe]{0,60})\ufffe([^\\s\ufffe]{0,60})[ \n]?")
_SOFT: Final = re.compile("\u00ad\n?|\u200b")
_AROUND_WORDS: Final = ".,;:!?()[]“”‘’\"'-"
_NO_WORD: Final = re.compile(r"[\d/\\:@_.#]")
_UNREADABLE: Final = re.compile("[\ufffd\ue000-\uf8ff]")
_MAX_COMPOUNDS: Final = 100_000


class Mending:
    """Mends page after page of one document: a word that has its hyphen elsewhere in the document keeps it at a line's end, too."""

    def __init__(self) -> None:
        self._compounds: set[str] = set()

    def mended(self, text: str) -> str:
        """Return the text with `\\n` for line ends and without white space before them."""
        text = text.replace("\r\n", "\n")
        if " \n" in text or "\u00a0\n" in text or "\t\n" in text:
            text = "\n".join(line.rstrip() for line in text.split("\n"))
        if len(self._compounds) < _MAX_COMPOUNDS and "-" in text:
            self._compounds.update(word.strip(_AROUND_WORDS).lower() for word in text.split() if "-" in word)
        while _CUT in text:
            text = _AROUND_CUT.sub(self._joined, text)
        return (text if text.isascii() else _SOFT.sub("", text)).strip("\n")

    def _joined(self, match: re.Match[str]) -> str:
        before, after = match[1], match[2]
        is_word = before[-1:].isalpha() and after[:1].islower()
        is_address = bool(_NO_WORD.search(before) or _NO_WORD.search(after.rstrip(".,:;")))
        last, first = re.split(r"\W", before)[-1], re.split(r"\W", after, maxsplit=1)[0]
        is_compound = f"{last}-{first}".lower() in self._compounds
        return f"{before}{'' if is_word and not is_address and not is_compound else '-'}{after}\n"


def unreadable(text: str) -> int:
    """Return how many characters of the text its document gives no meaning for: those of fonts without a table of what they show."""
    return 0 if text.isascii() else len(_UNREADABLE.findall(text))
