"""Word documents as text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.compound_files import compound
from tests.documents.readers.drafts import drafted
from tests.documents.readers.office import p, part, style, word
from tests.documents.readers.zipped import changed, damaged, survives, zipped


def made() -> bytes:
    """A document as python-docx makes it."""
    document = docx.Document()
    document.add_heading("The lease", 0)
    document.add_paragraph("Between Ann and Bob.")
    document.add_heading("Rent", 1)
    document.add_paragraph("1,200 a month", style="List Bullet")
    document.add_paragraph("due on the first", style="List Bullet")
    document.add_paragraph("pay it", style="List Number")
    document.add_heading("Rooms", 2)
    table = document.add_table(2, 3)
    for at, text in enumerate(["Room", "Size", "Use", "Hall", "9 | 10\nm²", ""]):
        table.cell(at // 3, at % 3).text = text
    document.add_paragraph("Signed\there.\nTwice.")
    document.sections[0].header.paragraphs[0].text = "Draft of May"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_paragraphs_headings_lists_and_tables_stand_in_their_order() -> None:
    read = drafted("docx", made())
    assert read.text == (
        "# The lease\n\nBetween Ann and Bob.\n\n# Rent\n\n- 1,200 a month\n- due on the first\n1. pay it\n\n## Rooms\n\n"
        "| Room | Size | Use |\n| Hall | 9 \\| 10 m² |  |\n\nSigned\there.\nTwice.\n\nHeaders and footers:\nDraft of May\n"
    )
    assert read.outline == [(1, "The lease", "# The lease"), (1, "Rent", "# Rent"), (2, "Rooms", "## Rooms")]
    assert read.extent == "13 paragraphs, 1 table"
    assert read.notes == []


def test_headings_are_known_in_any_language_by_inheritance_and_by_their_outline_level() -> None:
    styles = part(
        "w:styles",
        style("berschrift1", "heading 1")
        + style("Klausel", "Klausel", based_on="berschrift1")
        + style("Eigen", "Eigen", '<w:outlineLvl w:val="2"/>')
        + style("Kreis", "Kreis", based_on="Kreis")
        + style("Ruhe", "Ruhe", '<w:outlineLvl w:val="9"/>', based_on="berschrift1"),
    )
    body = (
        p("Eins", '<w:pStyle w:val="berschrift1"/>')
        + p("Zwei", '<w:pStyle w:val="Klausel"/>')
        + p("Drei", '<w:pStyle w:val="Eigen"/>')
        + p("Vier", '<w:outlineLvl w:val="1"/>')
        + p("Text", '<w:pStyle w:val="Ruhe"/>')
        + p("Auch Text", '<w:pStyle w:val="Kreis"/>')
        + p("Ebenso", '<w:pStyle w:val="fehlt"/>')
    )
    read = drafted("docx", word(body, {"styles": styles}))
    assert [mark[:2] for mark in read.outline] == [(1, "Eins"), (1, "Zwei"), (3, "Drei"), (2, "Vier")]
    assert read.text.endswith("## Vier\n\nText\n\nAuch Text\n\nEbenso\n")


def test_numbers_are_counted_as_word_counts_them() -> None:
    def level(at: int, style: str, text: str, more: str = "") -> str:
        return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'

    numbering = part(
        "w:numbering",
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "upperRoman", "%1.")
        + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        + level(2, "lowerLetter", "(%3)")
        + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
        + level(0, "bullet", "\uf0b7")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>',
    )

    def item(text: str, level: int, key: int = 1, more: str = "") -> str:
        return p(text, f'{more}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>')

    body = (
        item("Term", 0, more='<w:outlineLvl w:val="0"/>')
        + item("a year", 1)
        + item("or two", 1)
        + item("at most", 2)
        + item("Rent", 0, more='<w:outlineLvl w:val="0"/>')
        + item("monthly", 1)
        + item("point", 0, 2)
        + item("anew", 0, 3)
        + item("not numbered", 0, 0)
    )
    assert drafted("docx", word(body, {"numbering": numbering})).text == (
        "# I. Term\n\n  1.1 a year\n  1.2 or two\n    (a) at most\n\n# II. Rent\n\n  2.1 monthly\n- point\nI. anew\n\nnot numbered\n"
    )


def test_notes_and_comments_are_marked_and_follow_at_the_end() -> None:
    body = (
        '<w:p><w:r><w:t>Paid</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t xml:space="preserve"> late</w:t></w:r>'
        '<w:r><w:endnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        '<w:p><w:r><w:t xml:space="preserve">As before </w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    parts = {
        "footnotes": part(
            "w:footnotes", f'<w:footnote w:type="separator" w:id="-1">{p("")}</w:footnote><w:footnote w:id="2">{p("In May.")}</w:footnote>'
        ),
        "endnotes": part("w:endnotes", f'<w:endnote w:id="1">{p("Twice.")}{p("At least.")}</w:endnote>'),
        "comments": part("w:comments", f'<w:comment w:id="0" w:author="Ann">{p("Sure?")}</w:comment>'),
    }
    assert drafted("docx", word(body, parts)).text == (
        "Paid[^1] late[^2][comment 1]\n\nAs before [^1]\n\nNotes:\n[^1]: In May.\n[^2]: Twice. At least.\n\n"
        "Comments:\n[comment 1] Ann: Sure?\n"
    )


def test_of_tracked_changes_the_insertions_are_in_the_text_and_it_is_said() -> None:
    body = (
        '<w:p><w:r><w:t xml:space="preserve">The rent is </w:t></w:r><w:del><w:r><w:delText>900</w:delText></w:r></w:del>'
        "<w:ins><w:r><w:t>1,000</w:t></w:r></w:ins></w:p>"
        f"<w:moveFrom>{p('gone')}</w:moveFrom><w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('a')}</w:tc><w:tc>{p('b')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{p('c')}</w:tc><w:tc>{p('d')}</w:tc></w:tr></w:tbl>"
    )
    read = drafted("docx", word(body))
    assert read.text == "The rent is 1,000\n\n| c | d |\n\n"
    assert read.notes == ["The document has tracked changes: insertions are in the text, deletions are not."]


def test_fields_show_their_results_and_hidden_text_is_left_out() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r><w:r><w:t>code</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Section 3</w:t></w:r></w:p>'
        '<w:p><w:r><w:t xml:space="preserve">still </w:t><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:fldSimple w:instr=" DATE "><w:r><w:t>May</w:t></w:r>'
        "</w:fldSimple><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>lost</w:t></w:r></w:p>' + p("found")
    )
    read = drafted("docx", word(body))
    assert read.text == "Section 3\n\nstill May\n\nfound\n"
    assert read.notes == ["Text that is formatted as hidden is left out."]


def test_text_boxes_content_controls_links_and_formulas_are_in_the_text() -> None:
    box = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Beside</w:t><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{p('Controlled.')}</w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink>"
        "<w:r><w:br/><w:sym w:font='Wingdings' w:char='F0FE'/><w:noBreakHyphen/></w:r></w:p>"
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
        "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"
    )
    assert drafted("docx", word(body)).text == "Beside\n\nIn a box.\n\nControlled.\n\nA link\n☒-\n\n(a+b)/2x^2\n"


def test_a_table_of_one_column_is_a_frame_and_a_table_in_a_cell_is_flattened() -> None:
    first_level = '<w:outlineLvl w:val="0"/>'
    inner = f"<w:tbl><w:tr><w:tc>{p('x')}</w:tc><w:tc>{p('y')}</w:tc></w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr><w:tc>{p('Title', first_level)}{p('Words.')}{inner}</w:tc></w:tr></w:tbl>"
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{p('wide')}</w:tc><w:tc>{p('a')}{inner}</w:tc></w:tr>"
        f"<w:sdt><w:sdtContent><w:tr><w:tc>{p('1')}</w:tc><w:tc>{p('2')}</w:tc><w:tc>{p('3')}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    assert drafted("docx", word(body)).text == "# Title\n\nWords.\n\n| x | y |\n\n| wide |  | a x y |\n| 1 | 2 | 3 |\n\n"


def test_a_chart_gives_its_numbers() -> None:
    def points(*values: str) -> str:
        return "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))

    chart = part(
        "c:chartSpace",
        "<c:chart><c:title><a:t>Sales</a:t></c:title><c:barChart>"
        f"<c:ser><c:tx>{points('2023')}</c:tx><c:cat>{points('North', 'South')}</c:cat><c:val>{points('4', '5')}</c:val></c:ser>"
        f"<c:ser><c:tx><c:v>2024</c:v></c:tx><c:cat>{points('North', 'South')}</c:cat><c:val>{points('6')}</c:val></c:ser>"
        "</c:barChart></c:chart>",
    )
    body = '<w:p><w:r><w:drawing><c:chart r:id="r0"/></w:drawing></w:r></w:p>'
    assert drafted("docx", word(body, {"chart": chart})).text == (
        "Chart: Sales\n\n|  | 2023 | 2024 |\n| North | 4 | 6 |\n| South | 5 |  |\n\n"
    )


def test_strict_open_xml_and_templates_are_read_alike() -> None:
    plain = word(p("Same.", '<w:outlineLvl w:val="0"/>'))
    strict = changed(plain, {})
    for old, new in (
        ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
        ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    ):
        with zipfile.ZipFile(io.BytesIO(strict)) as archive:
            strict = zipped({name: archive.read(name).replace(old.encode(), new.encode()) for name in archive.namelist()})
    assert drafted("docx", strict) == drafted("docx", plain)


def test_entities_name_no_file_and_do_not_grow(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("stolen")
    named = word("<w:p><w:r><w:t>A&x;B</w:t></w:r></w:p>", before=f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>')
    assert drafted("docx", named).text == "A\n"
    laughs = "".join(f'<!ENTITY x{at + 1} "{f"&x{at};" * 10}">' for at in range(9))
    body = "<w:p><w:r><w:t>&x9;</w:t></w:r></w:p>"
    with pytest.raises(RefusedError, match="damaged"):
        drafted("docx", word(body, before=f'<!DOCTYPE x [<!ENTITY x0 "ha">{laughs}]>'))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"nothing of the kind", "damaged"),
        (zipped({"a": "b"}), "damaged"),
        (compound({"EncryptedPackage": b"x"}), "protected with a password"),
        (compound({"WordDocument": b"x"}), "an old Word document (.doc)"),
        (compound({"Workbook": b"x"}), "damaged"),
        (word(""), "no text"),
        (changed(word(p("a")), {"word/document.xml": "<w:document"}), "damaged"),
        (word("<w:p>" * 300 + "</w:p>" * 300), "damaged"),
    ],
)
def test_what_is_no_document_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("docx", data)
    assert refused.value.kind == kind


def test_what_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(RefusedError, match="would unpack to 70 MB"):
        drafted("docx", word(p("a") + " " * 70_000_000))


def test_damage_ends_in_a_text_or_a_sentence() -> None:
    read, refused = survives("docx", damaged(made(), 40))
    assert read > 5
    assert refused > 5
