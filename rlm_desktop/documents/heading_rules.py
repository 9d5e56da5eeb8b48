"""What a heading looks like in Markdown and in plain text, and which lines of source code are worth a place in an outline.

A rule is a pattern that begins with the line end before a line, and says of each match whether it is a heading. Lines of more than
`MAX_LINE` characters are never headings, so that a text without line ends costs nothing.
"""

from __future__ import annotations

import re
from typing import Protocol

MAX_LINE = 300

Found = tuple[int, str, int]
"""Level, title, and the index in the buffer at which its line begins."""


class HeadingRule(Protocol):
    pattern: re.Pattern[str]

    def heading(self, match: re.Match[str]) -> Found | None:
        """Say what `match` is. It is asked about each match in order, and sees two lines before and one after."""
        ...


class MarkdownRule:
    """`# …` and underlined titles, outside fences."""

    pattern = re.compile(
        r"\n {0,3}(?:(?=(?P<fence>`{3,}+|~{3,}+)(?P<info>[^\n]{0,200}+)\n)"
        r"|(?=(?P<hashes>\#{1,6}+)(?:[ \t]++(?P<title>[^\n]{0,290}+))?+\n)"
        r"|(?=(?P<under>=++|--++)[ \t]{0,80}+\n))"
    )

    def __init__(self) -> None:
        self._fence = ""

    def heading(self, match: re.Match[str]) -> Found | None:
        fence = match["fence"]
        if fence:
            if not self._fence:
                self._fence = "" if fence[0] == "`" and "`" in match["info"] else fence
            elif fence.startswith(self._fence) and not match["info"].strip():
                self._fence = ""
            return None
        if self._fence:
            return None
        if match["hashes"]:
            title = _without_closing_hashes((match["title"] or "").strip())
            return (len(match["hashes"]), title, match.start() + 1) if title else None
        start, title = line_before(match.string, match.start())
        if not title or title.startswith(("#", ">", "|", "- ", "* ", "```", "~~~")) or is_line_before_filled(match.string, start):
            return None
        return 1 if match["under"][0] == "=" else 2, title, start


def _without_closing_hashes(title: str) -> str:
    opened = title.rstrip("#")
    return opened.rstrip() if not opened or opened[-1].isspace() else title


class TextRule:
    """Titles that are underlined, numbered, or named by a word such as "Chapter", standing by themselves."""

    _WORDS = re.compile(
        "PART|BOOK|VOLUME|CHAPTER|SECTION|ARTICLE|APPENDIX|ANNEX|ACT|SCENE|SCHEDULE|TITLE|LECTURE|LETTER|CANTO|KAPITEL|TEIL|ABSCHNITT|ARTIKEL|ANHANG"
        "|BUCH|CHAPITRE|PARTIE|LIVRE|ANNEXE|TOME|CAPÍTULO|CAPITULO|PARTE|SECCIÓN|ARTÍCULO|ANEXO|SEÇÃO|ARTIGO|CAPITOLO|ARTICOLO|LIBRO|HOOFDSTUK|DEEL"
        "|ROZDZIAŁ|ARTYKUŁ|ГЛАВА|ЧАСТЬ|РАЗДЕЛ|СТАТЬЯ|КНИГА|РОЗДІЛ|СТАТТЯ|ΚΕΦΆΛΑΙΟ|ΆΡΘΡΟ|BÖLÜM|MADDE"
    )
    _FIRST_LEVEL = re.compile("PART|BOOK|VOLUME|TEIL|BUCH|PARTIE|LIVRE|TOME|PARTE|LIBRO|DEEL|ЧАСТЬ|КНИГА|ACT|TITLE")
    _THIRD_LEVEL = re.compile(
        "SECTION|ARTICLE|SCENE|ABSCHNITT|ARTIKEL|SECCIÓN|ARTÍCULO|SEÇÃO|ARTIGO|ARTICOLO|ARTYKUŁ|СТАТЬЯ|СТАТТЯ|РАЗДЕЛ|ΆΡΘΡΟ|MADDE"
    )
    _NUMBERS = (
        r"(?:\d{1,4}[a-z]?|[IVXLCDM]{1,8}|[ivxlcdm]{1,8}|[A-Z]|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve"
        r"|(?:The )?(?:First|Second|Third)"
        r"|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|ELEVEN|TWELVE|(?:THE )?(?:FIRST|SECOND|THIRD))\b"
    )
    # Each branch begins with a plain character or class: only then does the engine pass over a line of prose in some 50 ns.
    pattern = re.compile(
        r"\n[ \t]{0,12}+(?:"
        r"={3}|-{3}|~{3}|\^{3}|\*{3}|\+{3}|\"{3}"
        r"|\#{1,6}+[ \t]"
        r"|\d{1,3}+(?:\.\d{1,3}+){0,5}+[.)]?+[ \t]++[^\W\d_a-z](?:[^\n.]|\.(?! ?\.)){0,110}+(?=\n)"
        rf"|[A-ZΆ-ΩА-Я]\w{{2,10}}+[ \t]++{_NUMBERS}[^\n]{{0,110}}+(?=\n)"
        r"|§{1,2}+[ \t\xa0]?+\d"
        r"|第[ \t]?+[一二三四五六七八九十百千〇零两\d]"
        r"|제[ \t]?+\d"
        r")"
    )
    _NUMBERED = re.compile(r"(\d+(?:\.\d+)*)[.)]?[ \t]+(.+)")
    _NAMED = re.compile(rf"(\w+)[ \t]+{_NUMBERS}(.*)")
    _SIGNED = re.compile(r"§{1,2}[ \t\xa0]?\d{1,4}[a-z]?\b(.*)")
    _CHINESE = re.compile(r"第[ \t]?[一二三四五六七八九十百千〇零两\d]{1,8}[ \t]?([章节節回卷巻部篇编編条條幕集话話講])(.*)")
    _KOREAN = re.compile(r"제[ \t]?\d{1,4}[ \t]?([장절조편부관])(.*)")

    def heading(self, match: re.Match[str]) -> Found | None:
        line = line_at(match)
        first = line[0]
        if first in '=-~^*+"':
            return self._underlined(match, line)
        start = match.start() + 1
        has_room_before = not is_line_before_filled(match.string, start)
        if first == "#":
            title = line.strip("# \t")
            return (len(line) - len(line.lstrip("#")), title, start) if has_room_before and title else None
        has_room_after = is_next_line_blank(match)
        if not (has_room_before or has_room_after) and first not in "第제":
            return None
        if "0" <= first <= "9":
            found = self._numbered(line, is_alone=has_room_before and has_room_after)
        elif first == "§":
            found = self._named(self._SIGNED.fullmatch(line))
        elif first in "第제":
            found = self._east_asian(
                (self._CHINESE if first == "第" else self._KOREAN).fullmatch(line), has_room=has_room_before or has_room_after
            )
        else:
            found = self._named(self._NAMED.fullmatch(line))
        return (found, line, start) if found else None

    def _underlined(self, match: re.Match[str], mark: str) -> Found | None:
        start, title = line_before(match.string, match.start())
        if len(set(mark)) > 1 or abs(len(title) - len(mark)) > max(3, len(title) // 3) or not any(map(str.isalnum, title)):
            return None
        if is_line_before_filled(match.string, start):
            _, over = line_before(match.string, start - 1)
            if set(over) != {mark[0]}:
                return None
        return {"=": 1, "-": 2, "~": 3}.get(mark[0], 4), title, start

    def _numbered(self, line: str, *, is_alone: bool) -> int | None:
        """Return the level, None for an item of a list, a row of a table or a line of a table of contents."""
        match = self._NUMBERED.fullmatch(line)
        if match is None or match[2][-1] in ",;:" or "\t" in match[2]:
            return None
        # Licences and contracts write "1. Definitions."; a sentence has more words, and few of them with capitals.
        words = match[2].split()
        if match[2][-1] == "." and len(words) > 4 and 2 * sum(word[0].isupper() for word in words) < len(words):
            return None
        level = match[1].count(".") + 1
        return level if is_alone or level > 1 else None

    def _named(self, match: re.Match[str] | None) -> int | None:
        """Return the level, None for a sentence that only begins like a heading ("Section 5 applies when …")."""
        if match is None:
            return None
        rest = match[match.re.groups].strip()
        if rest[:1].islower() or rest[:1] in {",", ";", "("} or (len(rest) > 1 and rest[-1] in ".,;") or "..." in rest or ". ." in rest:
            return None
        if match.re is self._SIGNED:
            return 3
        word = match[1].upper()
        if not self._WORDS.fullmatch(word):
            return None
        return 1 if self._FIRST_LEVEL.fullmatch(word) else 3 if self._THIRD_LEVEL.fullmatch(word) else 2

    def _east_asian(self, match: re.Match[str] | None, *, has_room: bool) -> int | None:
        """Return the level. An article may have its whole text on its line; anything else must be short and no sentence."""
        if match is None:
            return None
        mark, rest = match[1], match[2]
        is_apart = not rest or rest[0].isspace() or rest[0] in "：:(（【、.-—"
        if mark in "条條조":
            return 4 if is_apart else None
        if not (is_apart or has_room) or len(rest) > 60 or rest.endswith(("。", "，", ",", ".", "；")):
            return None
        return 1 if mark in "卷巻部篇编編편부" else 3 if mark in "节節절관" else 2


def line_at(match: re.Match[str]) -> str:
    """Return the line that a match stands before, without the space around it."""
    text, start = match.string, match.start() + 1
    return text[start : text.find("\n", start)].strip()


def line_before(text: str, end: int) -> tuple[int, str]:
    """Return where the line begins whose end is at `end`, and the line without the space around it; nothing for a line too long."""
    start = text.rfind("\n", max(0, end - MAX_LINE), end) + 1
    return (start, text[start:end].strip()) if start else (end, "")


def is_line_before_filled(text: str, start: int) -> bool:
    """Say whether something stands on the line above the one that begins at `start`; a line too long to look at does."""
    above = text.rfind("\n", max(0, start - 1 - MAX_LINE), start - 1)
    return above < 0 or bool(text[above + 1 : start - 1].strip())


def is_next_line_blank(match: re.Match[str]) -> bool:
    text = match.string
    start = text.find("\n", match.start() + 1) + 1
    end = text.find("\n", start, start + MAX_LINE)
    return end >= 0 and not text[start:end].strip()
