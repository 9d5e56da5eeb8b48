"""OpenDocument texts and presentations as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted
from tests.documents.readers.zipped import changed, damaged, survives, zipped

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "drawing", "presentation", "manifest", "svg", "dc")
)


def opendocument(body: str, styles: str = "", *, before: str = "", margins: str = "", manifest: str = "") -> bytes:
    content = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"{before}<office:document-content {_SPACES}>{content}</office:document-content>",
            "styles.xml": f"<office:document-styles {_SPACES}>{margins}</office:document-styles>",
            "META-INF/manifest.xml": f"<manifest:manifest {_SPACES}>{manifest}</manifest:manifest>",
        }
    )


def odt(text: str, styles: str = "", *, margins: str = "") -> bytes:
    return opendocument(f"<office:text>{text}</office:text>", styles, margins=margins)


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def test_headings_paragraphs_and_white_space_are_as_the_document_shows_them() -> None:
    text = (
        '<text:p text:style-name="P1">The   lease</text:p>'
        '<text:h text:outline-level="2"><text:number>1.2</text:number>Rent\n  and more</text:h>'
        "<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d <text:span> e</text:span></text:p>"
        "<text:section><text:p>In a section.</text:p></text:section><text:p/>"
    )
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    read = drafted("opendocument", odt(text, styles))
    assert read.text == "# The lease\n\n## 1.2 Rent and more\n\na   b\tc\nd e\n\nIn a section.\n"
    assert read.outline == [(1, "The lease", "# The lease"), (2, "1.2 Rent and more", "## 1.2 Rent and more")]
    assert read.extent == "4 paragraphs"


def test_lists_bear_their_numbers_and_tables_stand_in_their_places() -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/></text:list-style>'
    )

    def item(inner: str, more: str = "") -> str:
        return f"<text:list-item {more}>{inner}</text:list-item>"

    inner = f"<text:list>{item(p('deeper'))}{item(p('still'))}</text:list>"
    text = (
        f'<text:list text:style-name="L">{item(p("one") + p("and more"))}{item(p("two") + inner)}</text:list>'
        f'<text:list text:style-name="L" text:continue-numbering="true">{item(p("three"))}</text:list>'
        f"<text:list>{item(p('point'))}</text:list>"
        "<table:table><table:table-header-rows><table:table-row>"
        f"<table:table-cell>{p('A')}</table:table-cell><table:table-cell>{p('B')}{p('B2')}</table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell table:number-columns-repeated='2'>"
        f"{p('same')}</table:table-cell></table:table-row></table:table>{p('After.')}"
    )
    assert drafted("opendocument", odt(text, styles)).text == (
        "1. one\n\nand more\n\n2. two\n  (a) deeper\n  (b) still\n3. three\n- point\n\n| A | B B2 |\n| same | same |\n\nAfter.\n"
    )


def test_notes_comments_and_margins_follow_at_the_end() -> None:
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{p('In May.')}</text:note-body></text:note>"
    comment = f"<office:annotation><dc:creator>Ann</dc:creator>{p('Sure?')}</office:annotation>"
    box = f"<drawing:frame><drawing:text-box>{p('Boxed.')}</drawing:text-box></drawing:frame>"
    margins = f"<style:master-page><style:header>{p('Draft')}</style:header><style:footer>{p('7')}</style:footer></style:master-page>"
    changes = f"<text:tracked-changes><text:deletion>{p('gone')}</text:deletion></text:tracked-changes>"
    read = drafted("opendocument", odt(f"{changes}{p(f'Paid{note} late{comment}{box}.')}", margins=margins))
    assert read.text == (
        "Paid[^1] late[comment 1].\n\nBoxed.\n\nNotes:\n[^1]: In May.\n\nComments:\n[comment 1] Ann: Sure?\n\nHeaders and footers:\nDraft\n"
    )
    assert read.notes == ["The document has tracked changes: insertions are in the text, deletions are not."]


def test_slides_are_written_as_those_of_powerpoint() -> None:
    def frame(kind: str, inner: str, top: str = "1cm") -> str:
        box = f"<drawing:text-box>{inner}</drawing:text-box>"
        return f'<drawing:frame presentation:class="{kind}" svg:x="1cm" svg:y="{top}">{box}</drawing:frame>'

    item = f"<text:list><text:list-item>{p('point')}</text:list-item></text:list>"
    pages = (
        f"<drawing:page>{frame('outline', item, '9cm')}{frame('title', p('The year'), '12cm')}{frame('subtitle', p('up'), '50mm')}"
        f"{frame('footer', p('foot'))}<presentation:notes>{frame('notes', p('Slowly.'))}</presentation:notes></drawing:page>"
        f'<drawing:page drawing:style-name="dp2">'
        f"<drawing:g><drawing:custom-shape>{p('shape')}</drawing:custom-shape></drawing:g></drawing:page>"
    )
    styles = '<style:style style:name="dp2"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    read = drafted("opendocument", opendocument(f"<office:presentation>{pages}</office:presentation>", styles))
    assert read.text == "# Slide 1: The year\n\nup\n\n- point\n\nNotes:\nSlowly.\n\n# Slide 2 (hidden)\n\nshape\n"
    assert (read.extent, read.notes) == ("2 slides", ["A slide is hidden. It is in the text."])


def test_entities_name_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("stolen")
    named = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert drafted("opendocument", opendocument(f"<office:text>{p('A&x;')}</office:text>", before=named)).text == "A\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK", "damaged"),
        (zipped({"mimetype": "x"}), "damaged"),
        (odt(""), "no text"),
        (opendocument("<office:presentation><drawing:page/></office:presentation>"), "no text"),
        (opendocument("", manifest="<manifest:encryption-data/>"), "protected with a password"),
        (changed(odt(p("a")), {"content.xml": "<a>"}), "damaged"),
    ],
)
def test_what_is_no_text_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("opendocument", data)
    assert refused.value.kind == kind


def test_damage_ends_in_a_text_or_a_sentence() -> None:
    items = f"<text:list><text:list-item>{p('Two')}</text:list-item></text:list>"
    read, refused = survives("opendocument", damaged(odt(p("One") + items), 80))
    assert read > 5
    assert refused > 10
