"""Help pages taken apart."""

from __future__ import annotations

from rlm_desktop.paths import resource
from rlm_desktop.present.help_text import Piece, pieces


def test_each_form_is_told_and_its_marks_are_gone() -> None:
    text = (
        "# What\n\nA `word`\nand **more**.\n\n## How\n\n- **Files.** None\n  at all.\n- No lead.\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n"
        "**Linux**, new."
    )
    assert list(pieces(text)) == [
        Piece(form="title", text="What"),
        Piece(form="paragraph", text="A word and more."),
        Piece(form="heading", text="How"),
        Piece(form="point", lead="Files.", text="None at all."),
        Piece(form="point", text="No lead."),
        Piece(form="table", rows=(("a", "b"), ("1", "2"))),
        Piece(form="paragraph", text="Linux, new."),
    ]


def test_the_shipped_page_has_no_mark_left_and_tables_of_one_width() -> None:
    found = list(pieces(resource("security.md").read_text(encoding="utf-8")))
    said = "".join(piece.text + piece.lead + "".join(map("".join, piece.rows)) for piece in found)
    assert not set(said) & set("*`|#")
    assert [len({len(row) for row in piece.rows}) for piece in found if piece.form == "table"] == [1]
    # Its lead stands on a line of its own, so what follows must be a sentence.
    assert all(piece.lead.endswith(".") and piece.text[0].isupper() for piece in found if piece.lead)
    assert [piece.form for piece in found][:2] == ["title", "paragraph"]
