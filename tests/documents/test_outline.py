"""Outlines of Markdown, of plain text in many languages, and of source code."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.documents import outline as outline_module
from rlm_desktop.documents.kept_headings import MAX_HEADINGS
from rlm_desktop.documents.outline import Outliner, outline, text_kind
from rlm_desktop.trace.events import Heading


def titles(text: str, name: str = "a.txt") -> list[tuple[int, str]]:
    found = outline(text, name)
    for heading in found:
        line = text[heading.at :].partition("\n")[0]
        assert heading.title.split()[0].strip("#") in line
        assert heading.at == 0 or text[heading.at - 1] == "\n"
    return [(heading.level, heading.title) for heading in found]


def test_markdown_has_its_hashes_and_underlines() -> None:
    text = "# One #\ntext\n## Two\n\nThree\n=====\n\nFour\n---\n\n####### seven\n#nospace\n    # code\n###\n- item\n---\n"
    assert titles(text, "a.md") == [(1, "One"), (2, "Two"), (1, "Three"), (2, "Four")]


def test_markdown_in_fences_is_code() -> None:
    text = "# A\n```sh\n# comment\n~~~\n```\n## B\n~~~~\n# c\n~~~\n# d\n~~~~\n## E\n"
    assert titles(text, "a.md") == [(1, "A"), (2, "B"), (2, "E")]


def test_front_matter_is_no_heading() -> None:
    assert titles("---\ntitle: x\n---\n\n# A\n", "a.md") == [(1, "A")]


def test_plain_text_has_underlined_titles() -> None:
    text = (
        "Title\n=====\n\nSection\n-------\nbody\n\n=========\nOverlined\n=========\n\nName Value\n---------- -----\nprose goes on\n-----\n"
    )
    assert titles(text) == [(1, "Title"), (2, "Section"), (1, "Overlined")]


def test_plain_text_has_numbered_titles_that_stand_alone() -> None:
    text = "1 Introduction\n\ntext\n\n1.1 Aims\ntext\n\n2. Methods\n\n1. an item\n2. Another item\n3. More\n\n"
    text += "3 Results .... 12\n\n2024-01-01 Log\n\n4. An item of a list is a whole sentence.\n\n4. Terms.\n\n"
    assert titles(text) == [(1, "1 Introduction"), (2, "1.1 Aims"), (1, "2. Methods"), (1, "4. Terms.")]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("Chapter IV", 2),
        ("CHAPTER 12. The Whale", 2),
        ("Chapter One", 2),
        ("Article 5", 3),
        ("Article 5 – Scope", 3),
        ("Section 3: Results", 3),
        ("Part II", 1),
        ("BOOK THE FIRST", 1),
        ("Appendix A", 2),
        ("§ 3", 3),
        ("§ 12a Begriffe", 3),
        ("Kapitel 3", 2),
        ("Chapitre II", 2),
        ("Глава 7", 2),
        ("Статья 12", 3),
        ("第三章", 2),
        ("第三章 北京的秋天", 2),
        ("第12节 结论", 3),
        ("第五条 　任何人不得违反本法。", 4),
        ("제1장 총칙", 2),
        ("제3조(정의)", 4),
        ("# Hashed", 1),
    ],
)
def test_a_named_line_by_itself_is_a_heading(line: str, level: int) -> None:
    expected = line.removeprefix("# ")
    assert titles(f"before it\n\n{line}\n\nafter it\n") == [(level, expected)]
    assert titles(f"{line}\n\nafter it\n") == [(level, expected)]


@pytest.mark.parametrize(
    "line",
    [
        "Section 5 applies when the parties have agreed.",
        "Article 5, as amended.",
        "Part of the story.",
        "Chapter IV ........ 12",
        "§ 3 gilt nicht.",
        "第三章我们讨论了这个问题，并且得出了结论。",
        "I 12",
        "Letter I wrote",
    ],
)
def test_a_sentence_that_begins_like_a_heading_is_none(line: str) -> None:
    assert titles(f"before it\n\n{line}\n\nafter it\n") == []


def test_a_named_line_amid_prose_is_none() -> None:
    assert titles("as was said in\nChapter IV\nof this book\n") == []


CODE = {
    "a.py": (
        "class A(B):\n    def f(self, x):\n        pass\n\nasync def g():\n    definite = 1\n",
        [(1, "class A(B)"), (2, "def f(self, x)"), (1, "async def g()")],
    ),
    "a.js": (
        (
            "export default class A {\n  constructor(x) {\n    if (x) {\n    }\n  }\n}\n"
            "const f = async (x) => {\n};\nfunction g(x) { return f(x); }\n"
        ),
        [(1, "export default class A"), (2, "constructor(x)"), (1, "const f = async (x) =>"), (1, "function g(x) { return f(x); }")],
    ),
    "a.ts": ("export interface A {\n  b: string;\n}\ntype C = string;\n", [(1, "export interface A"), (1, "type C = string;")]),
    "a.go": ("type A struct {\n}\n\nfunc (a *A) F(x int) error {\n}\n", [(1, "type A struct"), (1, "func (a *A) F(x int) error")]),
    "a.rs": (
        "pub struct A {\n}\nimpl A {\n    pub async fn f(&self) {\n    }\n}\n",
        [(1, "pub struct A"), (1, "impl A"), (2, "pub async fn f(&self)")],
    ),
    "a.java": (
        "public class A {\n    private static int f(int x) throws E {\n        while (x) {\n        }\n    }\n}\n",
        [(1, "public class A"), (2, "private static int f(int x) throws E")],
    ),
    "a.kt": ("data class A(val x: Int)\nfun f() = 1\n", [(1, "data class A(val x: Int)"), (1, "fun f() = 1")]),
    "a.c": (
        "#include <a.h>\nstruct a {\n};\nint main(int argc, char **argv)\n{\n    call(x);\n}\nextern int f(int);\n",
        [(1, "struct a"), (1, "int main(int argc, char **argv)")],
    ),
    "a.cpp": (
        "class A {\n};\nvoid A::f() const {\n  if (x) {\n  }\n}\nnamespace n\n{\n  int g(int x)\n  {\n    return h(x);\n",
        [(1, "class A"), (1, "void A::f() const"), (1, "namespace n"), (2, "int g(int x)")],
    ),
    "a.rb": ("module M\n  class A < B\n    def f\n", [(1, "module M"), (2, "class A < B"), (3, "def f")]),
    "a.sh": ("f() {\n  echo x\n}\nfunction g\n{\n", [(1, "f()"), (1, "function g")]),
    "a.sql": ("CREATE TABLE a (\n", [(1, "CREATE TABLE a")]),
    "a.tex": ("\\chapter{One}\n\\section*{Two {x}}\n", [(1, "One"), (2, "Two {x}")]),
    "a.org": ("* One\n** Two\n", [(1, "One"), (2, "Two")]),
}


@pytest.mark.parametrize("name", CODE)
def test_source_code_has_its_definitions(name: str) -> None:
    text, expected = CODE[name]
    assert [(heading.level, heading.title) for heading in outline(text, name)] == expected


def test_the_kind_of_a_text_is_told_by_its_name() -> None:
    assert [text_kind(name) for name in ("a.MD", "b/a.py", "a.txt", "README", "")] == ["markdown", "code", "text", "text", "text"]


def test_of_too_many_headings_the_deepest_go_first() -> None:
    text = "".join(f"# Book {book}\n\n" + "".join(f"## Verse {book}.{verse}\n\n" for verse in range(1_000)) for book in range(100))
    found = outline(text, "a.md")
    assert len(found) == MAX_HEADINGS
    assert sum(heading.level == 1 for heading in found) == 100
    assert list(found) == sorted(found, key=lambda heading: heading.at)
    halves = sum(heading.at < len(text) / 2 for heading in found if heading.level == 2)
    assert 100 < halves < 200


def test_a_long_title_is_cut() -> None:
    (heading,) = outline("# " + "word " * 50 + "\n", "a.md")
    assert len(heading.title) <= 120
    assert heading.title.endswith("…")


def test_a_text_without_line_ends_has_no_outline_and_costs_nothing() -> None:
    outliner = Outliner("a.txt")
    for _ in range(200):
        outliner.feed("word " * 10_000)
    outliner.feed("\n\nChapter 2\n\n")
    assert outliner.finish() == (Heading(level=2, title="Chapter 2", at=200 * 50_000 + 2),)


LINES = st.sampled_from(
    [
        "", "   ", "# One", "## Two", "Title", "=====", "-----", "```", "~~~", "prose of words", "1. Item", "1.2 Aims", "Chapter IV",
        "class A:", "    def f(x):", "int g(int x)", "{", "  void h() {",
        "Article 5", "x" * 299, "x" * 300, "x" * 301, "x" * 700, " " * 400, "# " + "y" * 400, "Title" * 100,
        "word " * 300, "class " + "z" * 500, "é🎉",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(
    lines=st.lists(LINES, max_size=40),
    cuts=st.lists(st.integers(0, 4_000), max_size=8),
    name=st.sampled_from(["a.md", "a.txt", "a.py", "a.cpp"]),
)
def test_an_outline_does_not_depend_on_the_chunks(lines: list[str], cuts: list[int], name: str) -> None:
    text = "\n".join(lines)
    whole = outline(text, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outline_module, "_AT_ONCE_CHARS", 1)
        outliner = Outliner(name)
        edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
        for begin, end in pairwise(edges):
            outliner.feed(text[begin:end])
        assert outliner.finish() == whole
