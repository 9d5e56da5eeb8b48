"""Workbooks as text."""

from __future__ import annotations

import datetime
import io
import struct

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.compound_files import binary_records, compound, wide, xls
from tests.documents.readers.drafts import drafted
from tests.documents.readers.office import relations
from tests.documents.readers.zipped import changed, damaged, survives, zipped


def xlsx() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    day, moment, clock, span = (
        book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss")
    )
    sheet = book.add_worksheet("Sales & more")
    sheet.write(2, 1, "Orders of the year")
    for column, name in enumerate(["id", "when", "price", "paid", "note"]):
        sheet.write(4, 1 + column * 2, name)
    sheet.write_row(5, 1, [17])
    sheet.write_datetime(5, 3, datetime.date(2024, 1, 31), day)
    sheet.write(5, 5, 0.1 + 0.2)
    sheet.write(5, 7, True)
    sheet.write(5, 9, "two\nlines | a bar")
    sheet.write_formula(6, 1, "=1/0", None, "#DIV/0!")
    sheet.write_datetime(6, 3, datetime.datetime.fromisoformat("2024-02-01 08:30"), moment)
    sheet.write_datetime(6, 5, datetime.time(7, 5, 9), clock)
    sheet.write(6, 7, 1.5, span)
    sheet.write(6, 9, 1e20)
    sheet.write(9, 1, "after empty rows")
    sheet.write_blank(200, 90, None, day)
    hidden = book.add_worksheet("Secret")
    hidden.hide()
    hidden.write(0, 0, 12_345_678_901)
    hidden.write_comment("A1", "Sure?", {"author": "Ann"})
    book.add_worksheet("Nothing")
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Secret!$A$1:$A$1"})
    book.add_chartsheet("Picture").set_chart(chart)
    book.close()
    return file.getvalue()


def xlsb(row: int = 0, column: int = 0) -> bytes:
    """A binary workbook with one row of three cells, the last an error."""
    sheet = binary_records(
        (129, b""),
        (148, struct.pack("<IIII", 0, 0, 0, 3)),
        (145, b""),
        (0, struct.pack("<I", row) + bytes(13)),
        (6, struct.pack("<II", column, 0) + wide("name")),
        (5, struct.pack("<IId", column + 1, 0, 2.5)),
        (3, struct.pack("<IIB", column + 2, 0, 7)),
        (146, b""),
        (130, b""),
    )
    book = binary_records((131, b""), (143, b""), (156, struct.pack("<II", 0, 1) + wide("r1") + wide("Bin")), (144, b""), (132, b""))
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations({"a": ("officeDocument", "xl/workbook.bin")}),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relations({"r1": ("worksheet", "worksheets/sheet1.bin")}),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def ods(tables: str, manifest: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = (
        f"<office:document-content {spaces}><office:automatic-styles><style:style style:name='ta2' style:family='table'>"
        "<style:table-properties table:display='false'/></style:style></office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


def cell(kind: str = "", value: str = "", text: str = "", more: str = "") -> str:
    said = {"": "", "string": ' office:value-type="string"'}.get(
        kind, f' office:value-type="{kind}" office:{"value" if kind in ("float", "percentage") else f"{kind}-value"}="{value}"'
    )
    return f"<table:table-cell{said} {more}><text:p>{text}</text:p></table:table-cell>"


def test_every_sheet_stands_under_its_name_with_values_as_a_person_reads_them() -> None:
    read = drafted("spreadsheet", xlsx())
    assert read.text == (
        "# Sales & more (5 rows, 5 columns)\n\n"
        "| Orders of the year |  |  |  |  |\n"
        "| id | when | price | paid | note |\n"
        "| 17 | 2024-01-31 | 0.3 | TRUE | two lines \\| a bar |\n"
        "| #DIV/0! | 2024-02-01 08:30:00 | 07:05:09 | 36:00:00 | 1e+20 |\n"
        "| after empty rows |  |  |  |  |\n\n"
        "# Secret (hidden, 1 row, 1 column)\n\n| 12345678901 |\n\nComments:\nA1 Ann: Sure?\n\n# Nothing (empty)\n\n"
    )
    assert [mark[1] for mark in read.outline] == ["Sales & more (5 rows, 5 columns)", "Secret (hidden, 1 row, 1 column)", "Nothing (empty)"]
    assert read.notes == [
        "The sheet Picture holds a chart and no cells, and is left out.",
        "The sheet Secret is hidden in the workbook. It is in the text.",
    ]
    assert read.extent == "3 sheets, 6 rows"


def test_a_formula_without_a_value_is_written_as_it_is() -> None:
    rows = (
        '<row r="2"><c r="B2"><f>A1&amp;"x"</f><v></v></c><c r="C2"><v>5</v></c><c r="D2"><f>SUM(C2)</f></c>'
        '<c r="E2"><f>1+1</f><v>2</v></c></row>'
        '<row r="9"><c r="A9" t="str"><f>NOW()</f><v/></c></row>'
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    read = drafted("spreadsheet", changed(xlsx(), {"xl/worksheets/sheet1.xml": sheet}))
    assert read.text.startswith('# Sales & more (2 rows, 5 columns)\n\n|  | =A1&"x" | 5 | =SUM(C2) | 2 |\n| =NOW() |  |  |  |  |\n\n')
    assert read.notes[1].startswith("3 formulas have no value in the file, and stand in the text instead.")


def test_in_a_long_sheet_the_header_is_said_again_with_the_number_of_the_row() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Long")
    sheet.write_row(0, 0, ["A title above"])
    sheet.write_row(2, 0, ["id", "name"])
    for at in range(1_000):
        sheet.write_row(3 + at, 0, [at, "x" * 20])
    book.close()
    lines = drafted("spreadsheet", file.getvalue()).text.splitlines()
    assert [line for line in lines if line.startswith("| ") and line.endswith(f" {'x' * 20} |")] == [
        f"| {at} | {'x' * 20} |" for at in range(1_000)
    ]
    said = [(line, lines[at + 2]) for at, line in enumerate(lines) if line.startswith("From row ")]
    assert said[0] == ("From row 145: id | name", f"| 141 | {'x' * 20} |")
    assert 5 < len(said) < 10
    assert lines.count("| id | name |") == 1


def test_old_and_binary_workbooks_are_read() -> None:
    assert drafted("spreadsheet", xls()).text == "# Old (2 rows, 2 columns)\n\n| name | 12.5 |\n| TRUE | #N/A |\n\n"
    assert drafted("spreadsheet", xlsb()).text == "# Bin (1 row, 3 columns)\n\n| name | 2.5 | #DIV/0! |\n\n"


def test_an_opendocument_workbook_is_read_with_repeated_cells_and_rows() -> None:
    twice = "table:number-columns-repeated='2'"
    rows = (
        f"\n <table:table-header-rows><table:table-row>\n{cell('string', text='what')}{cell('string', text='when')}</table:table-row>"
        "</table:table-header-rows>"
        f"<table:table-row table:number-rows-repeated='2'>{cell('float', '3', '3,00 €', twice)}</table:table-row>"
        "<table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='1024'/></table:table-row>"
        f"<table:table-row>{cell('date', '2024-05-06')}{cell('date', '2024-05-06T07:08:09')}{cell('time', 'PT26H03M04S')}"
        f"{cell('boolean', 'true')}{cell('percentage', '0.25', '25 %')}{cell('string', text='#DIV/0!')}</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    )
    hidden = f"<table:table-row>{cell('string', text='a<text:s/>b')}</table:table-row>"
    tables = (
        f"<table:table table:name='Eins'>{rows}</table:table><table:table table:name='Zwei' table:style-name='ta2'>{hidden}</table:table>"
    )
    read = drafted("spreadsheet", ods(tables))
    assert read.text == (
        "# Eins (4 rows, 6 columns)\n\n| what | when |  |  |  |  |\n| 3 | 3 |  |  |  |  |\n| 3 | 3 |  |  |  |  |\n"
        "| 2024-05-06 | 2024-05-06 07:08:09 | 26:03:04 | TRUE | 0.25 | #DIV/0! |\n\n# Zwei (hidden, 1 row, 1 column)\n\n| a b |\n\n"
    )
    assert read.extent == "2 sheets, 5 rows"


def far(name: str) -> bytes:
    """A workbook of a few bytes whose cells reach further than any memory."""
    filled = cell("float", "1", "1", "table:number-columns-repeated='16384'")
    if name == "ods":
        return ods(
            f"<table:table table:name='a'><table:table-row table:number-rows-repeated='2000000000'>{filled}</table:table-row></table:table>"
        )
    if name == "xls":
        return xls().replace(struct.pack("<HHHd", 0, 1, 0, 12.5), struct.pack("<HHHd", 65_535, 65_535, 0, 12.5))
    if name == "xls, announced":
        return xls().replace(struct.pack("<IIHHH", 0, 2, 0, 2, 0), struct.pack("<IIHHH", 0, 2**31, 0, 256, 0))
    if name == "xlsb":
        return xlsb(row=1_048_575, column=16_000)
    if name == "xlsb, beyond":
        return xlsb(row=2**32 - 1)
    rows = {
        "xlsx": '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "xlsx, without places": "<row><c><v>1</v></c></row>" * 40_000 + "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>",
    }[name]
    return changed(
        xlsx(),
        {
            "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            f"{rows}</sheetData></worksheet>"
        },
    )


@pytest.mark.parametrize("name", ["ods", "xls", "xls, announced", "xlsb", "xlsb, beyond", "xlsx", "xlsx, without places"])
def test_cells_that_reach_too_far_are_refused_before_room_is_made_for_them(name: str) -> None:
    with pytest.raises(RefusedError, match="more than 32,000,000 cells"):
        drafted("spreadsheet", far(name))


def test_a_text_that_stands_in_too_many_cells_is_refused() -> None:
    cells = '<row><c t="s"><v>0</v></c></row>' * 20_000
    data = changed(
        xlsx(),
        {
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst><si><t>{'x' * 60_000}</t></si></sst>",
        },
    )
    with pytest.raises(RefusedError, match="more than 1,074 MB of text"):
        drafted("spreadsheet", data)


def test_cells_without_a_value_reach_nowhere() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    read = drafted("spreadsheet", changed(xlsx(), {"xl/worksheets/sheet1.xml": sheet}))
    assert read.text.startswith("# Sales & more (1 row, 2 columns)\n\n| 1 | #N/A |\n")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more", "an old Office document"),
        (zipped({"a": "b"}), "damaged"),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "protected with a password"),
        (compound({"WordDocument": b"x"}), "an old Word document (.doc)"),
        (compound({"Workbook": b"x" * 4096}), "damaged"),
        (ods("", '<encryption-data algorithm="x"/>'), "protected with a password"),
        (ods("<table:table table:name='a'/>"), "no text"),
    ],
)
def test_what_is_no_workbook_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("spreadsheet", data)
    assert refused.value.kind == kind


@pytest.mark.parametrize("name", ["xlsx", "xlsb", "xls", "ods"])
def test_damage_ends_in_a_text_or_a_sentence(name: str) -> None:
    table = f"<table:table table:name='a'><table:table-row>{cell('float', '1')}</table:table-row></table:table>"
    made = {"xlsx": xlsx(), "xlsb": xlsb(), "xls": xls(), "ods": ods(table)}
    data = made[name]
    read, refused = survives("spreadsheet", damaged(data, 40, is_zip=data.startswith(b"PK")))
    assert read > 0
    assert refused > 0
