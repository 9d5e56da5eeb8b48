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
        r"\n {0,3}(?:(?=(?P<fence>`{3,}|~{3,})(?P<info>[^\n]{0,200})\n)"
        r"|(?=(?P<hashes>\#{1,6})(?:[ \t]+(?P<title>[^\n]{0,290}))?\n)"
        r"|(?=(?P<under>=+|--+)[ \t]{0,80}\n))"
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
            title = re.sub(r"(?:^|[ \t]+)#+[ \t]*$", "", match["title"] or "").strip()
            return (len(match["hashes"]), title, match.start() + 1) if title else None
        start, title = line_before(match.string, match.start())
        if not title or title.startswith(("#", ">", "|", "- ", "* ", "```", "~~~")) or is_line_before_filled(match.string, start):
            return None
        return 1 if match["under"][0] == "=" else 2, title, start


class TextRule:
    """Titles that are underlined, numbered, or named by a word such as "Chapter", standing by themselves."""

    _WORDS = (
        "Part|Book|Volume|Chapter|Section|Article|Appendix|Annex|Act|Scene|Schedule|Title|Lecture|Letter|Canto|Kapitel|Teil|Abschnitt|Artikel|Anhang|Buch|"
        "Chapitre|Partie|Livre|Annexe|Tome|Capítulo|Capitulo|Parte|Sección|Artículo|Anexo|Seção|Artigo|Capitolo|Articolo|Libro|Hoofdstuk|Deel|Rozdział|Artykuł|"
        "Глава|Часть|Раздел|Статья|Книга|Розділ|Стаття|Κεφάλαιο|Άρθρο|Bölüm|Madde"
    )
    _FIRST_LEVEL = re.compile("PART|BOOK|VOLUME|TEIL|BUCH|PARTIE|LIVRE|TOME|PARTE|LIBRO|DEEL|ЧАСТЬ|КНИГА|ACT|TITLE")
    _THIRD_LEVEL = re.compile(
        "SECTION|ARTICLE|SCENE|ABSCHNITT|ARTIKEL|SECCIÓN|ARTÍCULO|SEÇÃO|ARTIGO|ARTICOLO|ARTYKUŁ|СТАТЬЯ|СТАТТЯ|РАЗДЕЛ|ΆΡΘΡΟ|MADDE"
    )
    _NUMBER_WORDS = "One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|The First|The Second|The Third|First|Second|Third"
    pattern = re.compile(
        r"\n[ \t]{0,12}+(?:"
        r"(?=(?P<under>={3,}|-{3,}|~{3,}|\^{3,}|\*{3,}|\+{3,}|\"{3,})[ \t]{0,80}\n)"
        r"|(?=(?P<hashes>\#{1,6})[ \t]+(?P<hashed>[^\s#][^\n]{0,200})\n)"
        r"|(?=(?P<number>\d{1,3}(?:\.\d{1,3}){0,5})[.)]?[ \t]+(?P<numbered>[^\W\d_][^\n]{0,110})\n)"
        rf"|(?=(?P<word>(?:{_WORDS}|{_WORDS.upper()}))[ \t]+"
        rf"(?:\d{{1,4}}[a-z]?|[IVXLCDMivxlcdm]{{1,8}}|[A-Z]|{_NUMBER_WORDS}|{_NUMBER_WORDS.upper()})\b"
        r"(?P<worded>[^\n]{0,110})\n)"
        r"|(?=(?P<sign>§{1,2})[ \t\xa0]?\d{1,4}[a-z]?\b(?P<signed>[^\n]{0,110})\n)"
        r"|(?=第[ \t]?[一二三四五六七八九十百千〇零两\d]{1,8}[ \t]?(?P<cjk>[章节節回卷巻部篇编編条條幕集话話講])(?P<cjk_rest>[^\n]{0,200})\n)"
        r"|(?=제[ \t]?\d{1,4}[ \t]?(?P<korean>[장절조편부관])(?P<korean_rest>[^\n]{0,200})\n)"
        r")"
    )

    def heading(self, match: re.Match[str]) -> Found | None:
        start = match.start() + 1
        if match["under"]:
            return self._underlined(match)
        has_room_before = not is_line_before_filled(match.string, start)
        if match["hashes"]:
            return (len(match["hashes"]), match["hashed"].rstrip("# \t"), start) if has_room_before else None
        if match["number"]:
            return self._numbered(match, has_room_before=has_room_before)
        if match["word"]:
            word = match["word"].upper()
            level = 1 if self._FIRST_LEVEL.fullmatch(word) else 3 if self._THIRD_LEVEL.fullmatch(word) else 2
            return self._named(match, level, match["worded"], has_room_before=has_room_before)
        if match["sign"]:
            return self._named(match, 3, match["signed"], has_room_before=has_room_before)
        mark, rest = (match["cjk"], match["cjk_rest"]) if match["cjk"] else (match["korean"], match["korean_rest"])
        return self._east_asian(match, mark, rest, has_room_before=has_room_before)

    def _underlined(self, match: re.Match[str]) -> Found | None:
        mark = match["under"]
        start, title = line_before(match.string, match.start())
        if abs(len(title) - len(mark)) > max(3, len(title) // 3) or not any(map(str.isalnum, title)):
            return None
        if is_line_before_filled(match.string, start):
            _, over = line_before(match.string, start - 1)
            if not over or set(over) != {mark[0]}:
                return None
        return {"=": 1, "-": 2, "~": 3}.get(mark[0], 4), title, start

    def _numbered(self, match: re.Match[str], *, has_room_before: bool) -> Found | None:
        levels, title = match["number"].count(".") + 1, match["numbered"].rstrip()
        has_room_after = is_next_line_blank(match)
        if title[0].islower() or title[-1] in ".,;:" or ". . " in title or "..." in title or "\t" in title:
            return None
        if not (has_room_before and has_room_after) and (levels == 1 or not (has_room_before or has_room_after)):
            return None
        return levels, line_at(match), match.start() + 1

    def _named(self, match: re.Match[str], level: int, rest: str, *, has_room_before: bool) -> Found | None:
        rest = rest.strip()
        is_prose = rest[:1].islower() or rest[:1] in {",", ";", "("} or (len(rest) > 1 and rest[-1] in ".,;")
        if is_prose or "..." in rest or ". . " in rest or not (has_room_before or is_next_line_blank(match)):
            return None
        return level, line_at(match), match.start() + 1

    def _east_asian(self, match: re.Match[str], mark: str, rest: str, *, has_room_before: bool) -> Found | None:
        is_article = mark in "条條조"
        if not is_article and (len(rest) > 60 or rest.rstrip().endswith(("。", "，", ",", "."))):
            return None
        if rest and not rest[0].isspace() and rest[0] not in "：:(（【、.-—" and not (has_room_before or is_next_line_blank(match)):
            return None
        if is_article and rest and not (rest[0].isspace() or rest[0] in "：:(（【"):
            return None
        level = 1 if mark in "卷巻部篇编編편부" else 4 if is_article else 3 if mark in "节節절관" else 2
        return level, line_at(match), match.start() + 1


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
