"""What a file is, told by what it holds before what it is called."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from rlm_desktop.documents.kinds import kind_of
from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.compound_files import compound

PAGE = b"<!DOCTYPE html>\n<html><body><p>One</p></body></html>"
MAIL = b"Received: from a by b\n\tfor c\nFrom: A <a@b.example>\nSubject: One\n\nHello\n"
BOX = b"From a@b.example Thu Jan  1 00:00:00 2026\n" + MAIL
MOVIE = b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n"


def a_zip(members: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # without the time, which the name of a test would hold
    return made.getvalue()


def office(content_type: str) -> bytes:
    types = f'<Types><Default Extension="xlsx" ContentType="application/x"/><Override PartName="/a" ContentType="{content_type}"/></Types>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        # Far behind the beginning, where no look at the first bytes finds it.
        archive.writestr("media/image.png", b"\x89PNG" + bytes(range(256)) * 400)
        archive.writestr("[Content_Types].xml", types)
    return made.getvalue()


def kind(data: bytes, name: str) -> str:
    return kind_of(io.BytesIO(data), name).name


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
DOCX = office(_OPEN_XML + "wordprocessingml.document.main+xml")

TOLD_BY_CONTENT: list[tuple[str, bytes]] = [
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
    ("pdf", b"\x00\x01 a header of a printer\n" * 20 + b"%PDF-1.4\n1 0 obj\n"),
    ("rtf", b"{\\rtf1\\ansi One}"),
    ("docx", DOCX),
    ("docx", office("application/vnd.ms-word.document.macroEnabled.main+xml")),
    ("docx", office(_OPEN_XML + "wordprocessingml.template.main+xml")),
    ("spreadsheet", office(_OPEN_XML + "spreadsheetml.sheet.main+xml")),
    ("spreadsheet", office("application/vnd.ms-excel.sheet.binary.macroEnabled.main")),
    ("spreadsheet", office("application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    ("pptx", office(_OPEN_XML + "presentationml.presentation.main+xml")),
    ("pptx", office(_OPEN_XML + "presentationml.slideshow.main+xml")),
    ("spreadsheet", a_zip({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"})),
    ("epub", a_zip({"mimetype": "application/epub+zip", "a": "x"})),
    ("epub", a_zip({"META-INF/container.xml": "<container/>"})),
    ("opendocument", a_zip({"mimetype": _OPEN_DOCUMENT + "text", "content.xml": "<a/>"})),
    ("opendocument", a_zip({"mimetype": _OPEN_DOCUMENT + "presentation"})),
    ("spreadsheet", a_zip({"mimetype": _OPEN_DOCUMENT + "spreadsheet"})),
    ("archive", a_zip({"a.txt": "x"})),
    ("archive", a_zip({"word/a.txt": "told by its description, not by the names in it"})),
    ("html", PAGE),
    ("html", b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- a - comment -->\n<HTML lang=en>"),
    ("html", "\ufeff<!doctype HTML><title>Größe</title>".encode("utf-16-le")),
    ("mailbox", BOX),
]


@pytest.mark.parametrize("ending", [".txt", ".dat", ""])
@pytest.mark.parametrize(("wanted", "data"), TOLD_BY_CONTENT)
def test_what_a_file_holds_tells_what_it_is(wanted: str, data: bytes, ending: str) -> None:
    assert kind(data, f"a{ending}") == wanted


def test_an_old_workbook_is_a_spreadsheet_and_other_old_documents_say_what_they_are() -> None:
    assert kind(compound({"Workbook": b"x"}), "a.dat") == "spreadsheet"
    with pytest.raises(RefusedError, match="an old Word document") as refused:
        kind(compound({"WordDocument": b"x", "Workbook": b"x"}), "a.doc")
    assert "save it as .docx" in str(refused.value)
    with pytest.raises(RefusedError, match="protected with a password"):
        kind(compound({"EncryptedPackage": b"x"}), "a.docx")


@pytest.mark.parametrize(
    ("wanted", "data", "name"),
    [
        ("html", b"<div>{{ name }}</div>", "a.html"),
        ("html", b"<table><tr><td>1</td></tr></table>", "export.xls"),
        ("html", b"<style>td {}</style><table><tr><td>1</td></tr></table>", "export.doc"),
        ("email", MAIL, "a.eml"),
        ("email", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n", "a.mht"),
        ("email", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n", "saved from word.doc"),
        ("notebook", b'\n{"cells": []}', "a.ipynb"),
        ("subtitles", MOVIE, "a.SRT"),
        ("subtitles", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "a.vtt"),
        ("subtitles", b"\xef\xbb\xbf[Script Info]\nTitle: x\n", "a.ass"),
        ("text", b"words\n", "a.txt"),
        ("markdown", b"# One\n", "a.md"),
        ("code", b"import os\n", "a.py"),
    ],
)
def test_the_ending_of_the_name_decides_where_the_content_alone_cannot(wanted: str, data: bytes, name: str) -> None:
    assert kind(data, name) == wanted


@pytest.mark.parametrize(
    ("wanted", "data", "name"),
    [
        ("text", b"%PDF-1.7 is how such a file begins.\n" * 100, "about pdf.txt"),
        ("code", b'MARK = b"%PDF-1.7"  # not an obj\n', "marks.py"),
        ("text", MAIL, "a.txt"),
        ("text", MOVIE, "a.txt"),
        ("text", b"From here to there it was far.\nNote: it rained.\n", "a.txt"),
        ("text", b"<p>A line with a tag</p>\n", "a.txt"),
        ("text", b'<?xml version="1.0"?>\n<svg/>\n', "a.svg"),
        ("text", b'{"nbformat": 4}', "a.txt"),
        ("markdown", PAGE, "page.md"),
        ("code", PAGE, "page.php"),
        ("text", b"BZh is no archive\n", "a.txt"),
    ],
)
def test_a_text_about_a_format_is_not_taken_for_it(wanted: str, data: bytes, name: str) -> None:
    assert kind(data, name) == wanted


@pytest.mark.parametrize(
    ("data", "name", "note"),
    [
        (b"%PDF-1.7\n1 0 obj", "a.txt", "It was read as a PDF document (.pdf), although its name ends in .txt."),
        (DOCX, "a.doc", "as a Word document (.docx), although its name ends in .doc."),
        (PAGE, "a.XLS", "It was read as a web page (.html), although its name ends in .xls."),
        (b"words", "a.pdf", "It was read as plain text, although its name ends in .pdf."),
        (b"words", "a.html", "It was read as plain text, although its name ends in .html."),
        (b"a,b\n", "a.xlsx", "It was read as plain text, although its name ends in .xlsx."),
    ],
)
def test_a_wrong_name_is_told(data: bytes, name: str, note: str) -> None:
    assert kind_of(io.BytesIO(data), name).note.endswith(note)


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"%PDF-1.7\n1 0 obj", "a.pdf"), (PAGE, "a.htm"), (PAGE, "page"), (BOX, "Inbox"), (b"words", "a.cfg"), (a_zip({"a": "b"}), "a.docx")],
)
def test_a_right_name_and_none_at_all_need_no_word(data: bytes, name: str) -> None:
    assert kind_of(io.BytesIO(data), name).note == ""


@pytest.mark.parametrize(
    ("data", "name", "words", "short"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a.txt", "This is a PNG image, in which no text can be read.", "a PNG image"),
        (a_zip({"META-INF/MANIFEST.MF": "x"}), "a.jar", "This is a Java archive, in which no text can be read.", "a Java archive"),
        (
            DOCX[:-30],
            "a.docx",
            "seems to be a Word document, but it is damaged",
            "damaged",
        ),
        (a_zip({"a": "b"})[:-9], "a.zip", "seems to be a zip archive, but it is damaged", "damaged"),
        (b"", "a.pdf", "The file is empty.", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, name: str, words: str, short: str) -> None:
    with pytest.raises(RefusedError) as refused:
        kind_of(io.BytesIO(data), name)
    assert words in str(refused.value)
    assert refused.value.kind == short


@pytest.mark.parametrize(
    "data",
    [b"<!--" * 4_000, b"<!-- -" * 4_000, b" " * 8_192, b"a:b\n" * 4_000, b"From " * 4_000, b"a: b\n c\n" * 2_000, b"<?xml " * 2_000],
)
@pytest.mark.parametrize("name", ["a.xls", "a.eml", "a.html"])
def test_no_content_takes_long_to_be_looked_at(data: bytes, name: str) -> None:
    for _ in range(20):
        assert kind(data, name)
