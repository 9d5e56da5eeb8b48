"""Presentations as text."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted
from tests.documents.readers.office import part, relations
from tests.documents.readers.zipped import changed, damaged, survives, zipped


def made() -> bytes:
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "The year"
    first.placeholders[1].text = "In numbers"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "What we did"
    body = second.placeholders[1].text_frame
    body.text = "Built"
    for text, level in (("a bridge", 1), ("Sold", 0)):
        paragraph = body.add_paragraph()
        paragraph.text, paragraph.level = text, level
    second.notes_slide.notes_text_frame.text = "Say it slowly.\nThen smile."
    third = deck.slides.add_slide(deck.slide_layouts[6])
    third._element.set("show", "0")
    for text, left, top in (("below", 1, 12), ("right", 15, 2.2), ("left", 1, 2)):
        third.shapes.add_textbox(Cm(left), Cm(top), Cm(5), Cm(1)).text_frame.text = text
    group = third.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(1), Cm(8), Cm(5), Cm(1)).text_frame.text = "in a group"
    table = third.shapes.add_table(2, 2, Cm(1), Cm(10), Cm(8), Cm(1)).table
    for at, text in enumerate(["City", "People", "Rome", "2.7 | m"]):
        table.cell(at // 2, at % 2).text = text
    new_data: Callable[[], Any] = CategoryChartData
    data = new_data()
    data.categories = ["North", "South"]
    data.add_series("2024", (1.5, 2))
    chart = third.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Cm(1), Cm(14), Cm(5), Cm(3), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Sales"
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def test_each_slide_stands_under_its_title_in_the_order_of_reading_with_its_notes() -> None:
    read = drafted("pptx", made())
    assert read.text == (
        "# Slide 1: The year\n\nIn numbers\n\n"
        "# Slide 2: What we did\n\n- Built\n  - a bridge\n- Sold\n\nNotes:\nSay it slowly.\nThen smile.\n\n"
        "# Slide 3 (hidden)\n\nleft\n\nright\n\nin a group\n\n| City | People |\n| Rome | 2.7 \\| m |\n\nbelow\n\n"
        "Chart: Sales\n\n|  | 2024 |\n| North | 1.5 |\n| South | 2 |\n\n"
    )
    assert read.outline == [
        (1, "Slide 1: The year", "# Slide 1: The year"),
        (1, "Slide 2: What we did", "# Slide 2: What we did"),
        (1, "Slide 3 (hidden)", "# Slide 3 (hidden)"),
    ]
    assert read.extent == "3 slides"
    assert read.notes == ["A slide is hidden. It is in the text."]


def deck(slide: str, *, before: str = "", more: dict[str, str] | None = None) -> bytes:
    """A presentation of one slide with these shapes."""
    others = {f"r{at}": (kind, f"../{kind}.xml") for at, kind in enumerate(more or {})}
    return zipped(
        {
            "_rels/.rels": relations({"a": ("officeDocument", "/ppt/presentation.xml")}),
            "ppt/presentation.xml": part("p:presentation", '<p:sldIdLst><p:sldId id="256" r:id="s1"/></p:sldIdLst>'),
            "ppt/_rels/presentation.xml.rels": relations({"s1": ("slide", "slides/slide1.xml")}),
            "ppt/slides/slide1.xml": part("p:sld", f"<p:cSld><p:spTree>{slide}</p:spTree></p:cSld>", before=before),
            "ppt/slides/_rels/slide1.xml.rels": relations(others),
            **{f"ppt/{kind}.xml": text for kind, text in (more or {}).items()},
        }
    )


def shape(text: str, mark: str = "") -> str:
    return f"<p:sp><p:nvSpPr><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


def test_what_stands_on_every_slide_is_left_out_and_pictures_are_counted() -> None:
    slide = shape("A footer", '<p:ph type="ftr"/>') + shape("7", '<p:ph type="sldNum"/>') + shape("Words") + "<p:pic/><p:pic/>"
    read = drafted("pptx", deck(slide))
    assert read.text == "# Slide 1\n\nWords\n"
    assert read.notes == ["2 pictures are not read."]


def test_diagrams_comments_and_alternatives_are_in_the_text() -> None:
    points = "".join(f"<p:pt><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:pt>" for text in ("Plan", "Do"))
    slide = (
        "<mc:AlternateContent><mc:Choice>"
        f"{shape('New')}</mc:Choice><mc:Fallback>{shape('Old')}</mc:Fallback></mc:AlternateContent>"
        '<p:graphicFrame><a:graphic><a:graphicData><p:relIds r:dm="r0"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    more = {
        "diagramData": part("p:dataModel", f"<p:ptLst>{points}</p:ptLst>"),
        "comments": part("p:cmLst", "<p:cm><p:text>Really?</p:text></p:cm>"),
    }
    assert drafted("pptx", deck(slide, more=more)).text == "# Slide 1\n\nNew\n\n- Plan\n- Do\n\nComments:\nReally?\n"


def test_placeholders_stand_where_their_layout_puts_them() -> None:
    def placed(index: int, top: int) -> str:
        mark = f'<p:nvSpPr><p:nvPr><p:ph idx="{index}"/></p:nvPr></p:nvSpPr>'
        return f'<p:sp>{mark}<p:spPr><a:xfrm><a:off x="0" y="{top}"/></a:xfrm></p:spPr></p:sp>'

    layout = part("p:sldLayout", f"<p:cSld><p:spTree>{placed(1, 5_000_000)}{placed(2, 1_000_000)}</p:spTree></p:cSld>")
    slide = shape("second", '<p:ph idx="1"/>') + shape("first", '<p:ph idx="2"/>')
    assert drafted("pptx", deck(slide, more={"slideLayout": layout})).text == "# Slide 1\n\nfirst\n\nsecond\n"


def test_entities_name_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("stolen")
    read = drafted("pptx", deck(shape("A&x;"), before=f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'))
    assert read.text == "# Slide 1\n\nA\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK", "damaged"),
        (deck("<p:pic/>"), "no text"),
        (changed(deck(""), {"ppt/_rels/presentation.xml.rels": relations({})}), "damaged"),
        (changed(deck(""), {"ppt/presentation.xml": "<w:document xmlns:w='w'/>"}), "damaged"),
    ],
)
def test_what_is_no_presentation_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("pptx", data)
    assert refused.value.kind == kind


def test_damage_ends_in_a_text_or_a_sentence() -> None:
    read, refused = survives("pptx", damaged(deck(shape("One") + shape("Two", '<p:ph idx="1"/>')), 80))
    assert read > 5
    assert refused > 10
