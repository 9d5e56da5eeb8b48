from __future__ import annotations

import random

import pytest

from rlm_desktop.documents.readers import pdf
from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted
from tests.documents.readers.made_pdf import TOP, Bookmark, Page, made_pdf

BOOK = made_pdf(
    [
        Page(["A short book", "by nobody"]),
        Page(["1 The road", "It was a long road to the town.", "2 The town", "Nobody lived there."]),
        Page(["It went on."]),
    ],
    bookmarks=[Bookmark("The road", 1, 780, [Bookmark("To the end", 2)]), Bookmark("The town", 1, 745)],
)


def refusal(data: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        drafted("pdf", data)
    return caught.value


def test_each_page_stands_under_its_number() -> None:
    read = drafted("pdf", BOOK)
    assert read.text == (
        "[Page 1]\nA short book\nby nobody\n\n"
        "[Page 2]\n1 The road\nIt was a long road to the town.\n2 The town\nNobody lived there.\n\n"
        "[Page 3]\nIt went on.\n"
    )
    assert read.extent == "3 pages" and read.notes == []


def test_bookmarks_lead_to_the_lines_with_their_titles() -> None:
    assert drafted("pdf", BOOK).outline == [(1, "The road", "1 The road"), (2, "To the end", "[Page 3]"), (1, "The town", "2 The town")]


def test_a_bookmark_whose_title_is_not_on_its_page_leads_to_the_height_that_it_names() -> None:
    lines = ["First", "Second", "Third"]
    data = made_pdf([Page(lines)], bookmarks=[Bookmark("Else", 0, TOP - 5)])
    assert drafted("pdf", data).outline == [(1, "Else", "Second")]


def test_without_bookmarks_the_pages_are_the_outline() -> None:
    read = drafted("pdf", made_pdf([Page(["Annual report", "x"]), Page(["Annual report", "y"]), Page(["Accounts"])]))
    assert read.outline == [(1, "Page 1: Annual report", "[Page 1]"), (1, "Page 2", "[Page 2]"), (1, "Page 3: Accounts", "[Page 3]")]


def test_without_bookmarks_what_is_set_larger_is_the_outline() -> None:
    prose = ["It was a long road to the town where nobody had been."] * 3
    pages = [
        Page(["A report", *prose], large={0: 30}, line_height=24),
        Page(["Company 2", "1. The", "north of it", *prose, "1.1. Purpose", *prose], large={0: 16, 1: 20, 2: 20, 6: 16}, line_height=24),
        Page(["Company 3", "2. The south", *prose, "2.1. Purpose", *prose], large={0: 16, 1: 20, 5: 16}, line_height=24),
        *(Page([f"Company {number}", *prose], large={0: 16}, line_height=24) for number in range(4, 8)),
    ]
    assert drafted("pdf", made_pdf(pages)).outline == [
        (1, "A report", "A report"),
        (2, "1. The north of it", "1. The"),
        (3, "1.1. Purpose", "1.1. Purpose"),
        (2, "2. The south", "2. The south"),
        (3, "2.1. Purpose", "2.1. Purpose"),
    ]


def test_a_bookmark_with_a_long_title_is_found_where_it_begins() -> None:
    title = "The long road to the town where nobody had been for years"
    data = made_pdf([Page(["Before", "1 The long road to the town", "where nobody had been for years"])], bookmarks=[Bookmark(title, 0)])
    assert drafted("pdf", data).outline == [(1, title, "1 The long road to the town")]


def test_of_many_pages_some_are_the_outline() -> None:
    read = drafted("pdf", made_pdf([Page([f"Number {number}"]) for number in range(450)]))
    assert [title for _, title, _ in read.outline[:3]] == ["Page 1: Number 0", "Page 6: Number 5", "Page 11: Number 10"]
    assert len(read.outline) == 90 and read.extent == "450 pages"


def test_pages_that_the_document_numbers_itself_say_so() -> None:
    data = made_pdf([Page(["x"]), Page(["y"])], catalog=b"/PageLabels<</Nums[0<</S/r>>1<</S/D/St 2>>]>>")
    assert drafted("pdf", data).text == "[Page 1, numbered i]\nx\n\n[Page 2]\ny\n"


def test_a_word_cut_by_a_line_end_is_whole_and_a_compound_keeps_its_hyphen() -> None:
    lines = ["It is a well-known inter-", "national matter, a well-", "known one, see http://a.example/long-", "way for it."]
    assert drafted("pdf", made_pdf([Page(lines)])).text == (
        "[Page 1]\nIt is a well-known international\nmatter, a well-known\none, see http://a.example/long-way\nfor it.\n"
    )


def test_characters_beyond_the_basic_plane_are_read() -> None:
    data = made_pdf([Page([b"000100020001", "and so on"]), Page(["end"])], bookmarks=[Bookmark("And so on", 0), Bookmark("End", 1)])
    read = drafted("pdf", data)
    assert read.text == "[Page 1]\n\U0001d400字\U0001d400\nand so on\n\n[Page 2]\nend\n"
    assert read.outline == [(1, "And so on", "and so on"), (1, "End", "end")]


def test_remarks_and_filled_fields_stand_below_the_text_of_their_page() -> None:
    remark = b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(Is this so?)/T(Ada)>>"
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(nothing)>>"
    fields = [
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Town)/V(Bergen)/Rect[0 0 99 9]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Street)/Rect[0 0 99 9]>>",
    ]
    data = made_pdf([Page(["Text"], annotations=[remark, link, *fields])])
    assert drafted("pdf", data).text == "[Page 1]\nText\n[Remark by Ada: Is this so?]\n[Field Town: Bergen]\n"


def test_files_within_a_document_are_named_in_a_note() -> None:
    names = b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(figures.csv)/UF(figures.csv)>>(b)<</F(notes.txt)/UF(notes.txt)>>]>>>>"
    read = drafted("pdf", made_pdf([Page(["Text"])], catalog=names))
    assert read.notes == ["Files within the document are not read: figures.csv, notes.txt. Save them out of it and add them."]


def test_a_document_of_pictures_is_refused_as_scanned() -> None:
    error = refusal(made_pdf([Page(has_picture=True), Page(has_picture=True), Page()]))
    assert error.kind == "scanned"
    assert str(error) == (
        "This is a PDF document that was scanned or drawn: its 3 pages are pictures without any text. "
        "Run text recognition (OCR) over it, and add what comes out."
    )


def test_pages_of_pictures_among_others_are_named_in_a_note_and_blank_ones_are_not() -> None:
    picture, blank, written = Page(has_picture=True), Page(), Page(["Text"])
    read = drafted("pdf", made_pdf([written, picture, picture, blank, written, picture]))
    assert read.text == "[Page 1]\nText\n\n[Page 2]\n\n[Page 3]\n\n[Page 4]\n\n[Page 5]\nText\n\n[Page 6]\n"
    assert read.notes == [
        "3 pages (2–3, 6) are without text, and may be scanned or drawn. Run text recognition (OCR) over the document where that matters."
    ]


def test_a_document_that_opens_with_no_password_is_read_and_one_that_needs_one_is_refused() -> None:
    pages, marks = [Page(["Secret"])], [Bookmark("Secret", 0)]
    read = drafted("pdf", made_pdf(pages, bookmarks=marks, password=""))
    assert (read.text, read.outline) == ("[Page 1]\nSecret\n", [(1, "Secret", "Secret")])
    assert refusal(made_pdf(pages, password="knock")).kind == "protected with a password"


def test_no_pages_is_said_even_after_another_document_failed() -> None:
    refusal(made_pdf([Page(["Secret"])], password="knock"))
    assert str(refusal(made_pdf([]))) == "This is a PDF document without any pages."
    assert refusal(made_pdf([Page(), Page()])).kind == "no text"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\ntrailer<</Root 1 0 R>>"])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    assert refusal(data).kind in ("damaged", "no text")


def test_a_tree_of_pages_that_contains_itself_ends() -> None:
    whole = made_pdf([Page(["x"])])
    kids = whole.index(b"/Kids[") + len(b"/Kids[")
    # Object 2 is the tree itself.
    assert refusal(whole[:kids] + b"2" + whole[kids + 1 :]).kind in ("damaged", "no text")


def test_a_count_of_pages_that_is_a_lie_ends() -> None:
    data = made_pdf([Page(["x"])]).replace(b"/Count 1/", b"/Count 150000/")
    read = drafted("pdf", data)
    assert (read.text, read.extent) == ("[Page 1]\nx\n", "1 page")
    assert read.notes == ["The document says that it has 150,000 pages, but from page 2 on it is damaged."]


def test_a_damaged_page_is_named_and_the_others_are_read() -> None:
    data = made_pdf([Page(["x"]), Page(["y"]), Page(["z"])])
    second = data.index(b"<</Type/Page/", data.index(b"<</Type/Page/") + 1)
    read = drafted("pdf", data[:second] + b"[" + data[second + 1 :])
    assert read.text == "[Page 1]\nx\n\n[Page 2]\n\n[Page 3]\nz\n"
    assert read.notes == ["Page 2 is damaged and left out."]


def test_a_document_read_in_parts_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drafted("pdf", BOOK)
    monkeypatch.setattr(pdf, "PAGES_AT_ONCE", 2)
    assert drafted("pdf", BOOK) == whole


def test_bookmarks_that_go_in_a_circle_end() -> None:
    data = made_pdf([Page(["x"])], bookmarks=[Bookmark("One", 0), Bookmark("Two", 0)])
    first = data.index(b"/Next ")
    second = data.index(b"/Prev ")
    number = data[second + 6 : data.index(b" ", second + 6)]
    circular = data[:second] + b"/Next " + data[second + 6 :]
    assert number in circular[first:]
    assert [title for _, title, _ in drafted("pdf", circular).outline] == ["One", "Two"]


def test_damage_anywhere_ends_in_a_text_or_a_sentence() -> None:
    chance = random.Random(3)
    refused = 0
    for _ in range(150):
        data = bytearray(BOOK[: chance.randrange(len(BOOK))] if chance.random() < 0.3 else BOOK)
        for _ in range(chance.randrange(1, 12) if data else 0):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            drafted("pdf", bytes(data))
        except RefusedError:
            refused += 1
    assert 10 < refused < 140
