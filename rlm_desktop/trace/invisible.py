"""Characters that show nothing themselves, and steer a terminal, turn the order of letters or hide a text: found, and written out.

What ordinary writing needs stays as it is: the joiners of Arabic, Persian and the scripts of India, emoji made of several, variation
selectors after what they vary, the three flags that are spelt in tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_CONTROLS = "\x00-\x1f\x7f-\x9f"
_CONTROLS_BUT_LINES = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = "\u200b\u2060-\u2065\u206a-\u206f\ufeff"
_TAGS = "\U000e0000-\U000e007f"
_JOINERS = "\u200c\u200d"
_RARE_SELECTORS = "\U000e0100-\U000e01ef"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f" + _RARE_SELECTORS
# Fillers and format characters of single scripts, breaks that are no line ends here, and halves of pairs.
_OTHERS = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2028\u2029\u3164\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\ud800-\udfff"

# Scripts whose letters are joined, or kept from joining, by the zero-width joiners.
_JOINED = (
    "\u0600-\u061b\u061d-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u1cff\ua840-\ua8ff\ua980-\uaaff\uabc0-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
_EMOJI = "\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# A selector varies what is not ASCII, but for the key caps: digits, # and *.
_NOT_VARIED = '\x00-"$-)+-/:-\xa0\\s' + _BIDI + _ZERO_WIDTH + _TAGS + _JOINERS + _SELECTORS


# The characters that are counted as hiding something, of those between U+2000 and U+206F, in UTF-8.
_HIDING_BYTES = re.compile(rb"\xe2(?:\x80[\x8b-\x8f\xaa-\xae]|\x81[\xa0-\xaf])")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_FLAGS = frozenset("".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f" for region in ("gbeng", "gbsct", "gbwls"))
_TAG_RUNS = re.compile(f"[{_TAGS}]+")
_FLAG_CHARS = 6
_BLACK_FLAG = "\U0001f3f4"

# In the order of their codes, from 0.
_C0 = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
_NAMES = dict(enumerate(_C0)) | {
    0x7F: "DEL", 0x85: "NEL", 0x90: "DCS", 0x9B: "CSI", 0x9C: "ST", 0x9D: "OSC", 0xAD: "SHY", 0x34F: "CGJ", 0x61C: "ALM", 0x180E: "MVS",
    0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP", 0x202A: "LRE",
    0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
    0xFEFF: "BOM",
}  # fmt: skip


class Mark(NamedTuple):
    """`text[start:end]` cannot be seen; `words` is shown for it.

    Tags spell a text: each of them is one of the letters in `words`, from `TAG_CHARS` on.
    """

    start: int
    end: int
    words: str
    is_spelt: bool = False


_LONG_RUN_CHARS = 9
_MOST_PARTS = 4
_MOST_NAMES = 6
TAG_WORDS = "‹TAG "
TAG_CHARS = len(TAG_WORDS)


@cache
def _pattern(always: str, selectors: str) -> re.Pattern[str]:
    """Return what finds one invisible character, made on first use: that takes longer than most texts do.

    It begins with a class of characters, which is what makes the search fast.
    """
    return re.compile(
        f"[{always}{_JOINERS}{selectors}]"
        f"(?:(?<![{_JOINERS}{selectors}])"
        f"|(?<=[{_JOINERS}])(?<![{_JOINED}][{_JOINERS}])(?:(?<![{_EMOJI}\ufe0f]\u200d)|(?![{_EMOJI}]))"
        f"|(?<=[{selectors}])(?<![^{_NOT_VARIED}][{selectors}]))"
    )


@cache
def _runs(*, keeps_lines: bool) -> re.Pattern[str]:
    """Return what finds many of them side by side: a text of nothing else would take a second to go through one by one."""
    controls = _CONTROLS_BUT_LINES if keeps_lines else _CONTROLS
    return re.compile(f"[{controls}{_BIDI}{_ZERO_WIDTH}{_TAGS}{_OTHERS}{_JOINERS}{_SELECTORS}]{{{_LONG_RUN_CHARS},}}")


def _any(*, keeps_lines: bool) -> re.Pattern[str]:
    return _pattern((_CONTROLS_BUT_LINES if keeps_lines else _CONTROLS) + _BIDI + _ZERO_WIDTH + _TAGS + _OTHERS, _SELECTORS)


def marks(text: str, *, keeps_lines: bool = True) -> Iterator[Mark]:
    """Yield what of a text has to be written out, in order. O(n). Line ends and tabs have not, where `keeps_lines`.

    A character that is repeated more than three times is written once, with its count; many different ones side by side as one mark.
    """
    if text.isascii() and text.isprintable():
        return
    at = 0
    for run in _runs(keeps_lines=keeps_lines).finditer(text):
        yield from _single(text, at, run.start(), keeps_lines=keeps_lines)
        at = run.end()
        # The first of them may belong to what stands before it.
        yield from _of_run(text, run.start() + (_any(keeps_lines=keeps_lines).match(text, run.start()) is None), at)
    yield from _single(text, at, len(text), keeps_lines=keeps_lines)


def written_out(text: str, *, keeps_lines: bool = True) -> str:
    """Return a text in which everything can be seen: `a‹RLO›b`."""
    parts: list[str] = []
    at = 0
    for mark in marks(text, keeps_lines=keeps_lines):
        parts += (text[at : mark.start], mark.words)
        at = mark.end
    return "".join((*parts, text[at:])) if parts else text


def escaped_json(json: str) -> str:
    """Return the same JSON in letters that can be seen: `"a\\u202eb"`."""

    def escape(found: re.Match[str]) -> str:
        data = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{data[i]:02x}{data[i + 1]:02x}" for i in range(0, len(data), 2))

    return _any(keeps_lines=True).sub(escape, json)


def _single(text: str, at: int, end: int, *, keeps_lines: bool) -> Iterator[Mark]:
    """Yield a mark for each character, or for one that is repeated, or for tags, where no long run of them is."""
    for found in _any(keeps_lines=keeps_lines).finditer(text, at, end):
        if found.start() < at:
            continue
        mark = _mark(text, found.start(), end)
        if mark is not None:
            yield mark
        at = found.start() + _FLAG_CHARS if mark is None else mark.end


def _of_run(text: str, at: int, end: int) -> Iterator[Mark]:
    """Yield marks for a long run: tags as what they spell, all else as its names and its length."""
    parts = list(_TAG_RUNS.finditer(text, at, end))
    if len(parts) > _MOST_PARTS:
        parts = []
    for tags in parts:
        if tags.start() > at:
            yield _summed_up(text, at, tags.start())
        yield Mark(tags.start(), tags.end(), f"{TAG_WORDS}{_spelt(tags[0])}›", is_spelt=True)
        at = tags.end()
    if at < end:
        yield _summed_up(text, at, end)


def _summed_up(text: str, start: int, end: int) -> Mark:
    names = list(dict.fromkeys("TAG" if _is_tag(character) else _name(ord(character)) for character in dict.fromkeys(text[start:end])))
    words = " ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
    return Mark(start, end, f"‹{words}×{end - start}›" if end - start > 1 else f"‹{words}›")


def _mark(text: str, at: int, end: int) -> Mark | None:
    """Return the mark for what begins at `at`; None for a flag spelt in tags."""
    same = at + 1
    if _is_tag(text[at]):
        while same < end and _is_tag(text[same]):
            same += 1
        if text[max(0, at - 1) : at] == _BLACK_FLAG and text[at:same] in _FLAGS:
            return None
        return Mark(at, same, f"{TAG_WORDS}{_spelt(text[at:same])}›", is_spelt=True)
    while same < end and text[same] == text[at]:
        same += 1
    return _summed_up(text, at, same if same - at > 3 else at + 1)


def _spelt(tags: str) -> str:
    return "".join(chr(ord(tag) - 0xE0000) if 0xE0020 <= ord(tag) < 0xE007F else "·" for tag in tags)


def _is_tag(character: str) -> bool:
    return "\U000e0000" <= character <= "\U000e007f"


def _name(code: int) -> str:
    if 0xFE00 <= code <= 0xFE0F:
        return f"VS{code - 0xFE00 + 1}"
    if 0xE0100 <= code <= 0xE01EF:
        return f"VS{code - 0xE0100 + 17}"
    return _NAMES.get(code, f"U+{code:04X}")


class Hidden:
    """Counts, in a text that comes piece by piece, what hides words or turns their order.

    Controls, fillers and soft hyphens are not counted. Most texts have none of the rest, which their bytes tell far sooner than
    their characters do.
    """

    def __init__(self) -> None:
        self._zero_width = self._tags = self._direction = 0
        # A joiner is judged by what stands on both sides of it, so the seam of two pieces is kept: what was judged, and what was not.
        self._before, self._waiting = "", ""

    def feed(self, text: str, utf8: bytes) -> None:
        """Take the next piece, and the same in UTF-8."""
        if self._waiting or (not text.isascii() and _may_hide(text, utf8)):
            self._count(text, is_end=False)
        elif text:
            self._before = text[-1]

    def notes(self) -> tuple[str, ...]:
        """End the text; return what a person should know of it, which is nothing where nothing is hidden."""
        if self._waiting:
            self._count("", is_end=True)
        kinds = ((self._zero_width, "zero-width"), (self._tags, "tags"), (self._direction, "for the direction of writing"))
        said = ", ".join(f"{count:,} {kind}" for count, kind in kinds if count)
        count = self._zero_width + self._tags + self._direction
        characters = "1 invisible character is" if count == 1 else f"{count:,} invisible characters are"
        return (f"{characters} in the text: {said}.",) if count else ()

    def _count(self, text: str, *, is_end: bool) -> None:
        text, start = f"{self._before}{self._waiting}{text}", len(self._before)
        waits = not is_end and text[-1] in _JOINERS
        for found in _pattern(_BIDI + _ZERO_WIDTH + _TAGS, _RARE_SELECTORS).finditer(text, start, len(text) - waits):
            if _is_tag(found[0]):
                self._tags += 1
            elif found[0] in _TURNING:
                self._direction += 1
            else:
                self._zero_width += 1
        self._tags -= sum(text.count(_BLACK_FLAG + flag, start) * len(flag) for flag in _FLAGS)
        self._before, self._waiting = (text[-2:-1], text[-1]) if waits else (text[-1:], "")


def _may_hide(text: str, utf8: bytes) -> bool:
    # U+E0000 and what lies near it begin with F3 in UTF-8, and hardly anything else does.
    return b"\xf3" in utf8 or "\ufeff" in text or "\u061c" in text or _HIDING_BYTES.search(utf8) is not None
