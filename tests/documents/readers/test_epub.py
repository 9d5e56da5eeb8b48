from __future__ import annotations

import io
import random
import zipfile

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import Drafted, drafted

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)
OPF = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>The long
 road</dc:title><dc:creator>Ada Berg</dc:creator><dc:creator>Olaf Dahl</dc:creator></metadata>
<manifest>
 <item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
 <item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
 <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
 <item id="css" href="a.css" media-type="text/css"/>
</manifest>
<spine toc="ncx"><itemref idref="one"/><itemref idref="two"/></spine></package>"""
ONE = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
    "<body><h1>Leaving</h1><p>It rained.</p></body></html>"
)
TWO = '<html><body><p>They went on.</p><div id="b"><h2>The town</h2><p>Nobody lived there.</p></div></body></html>'
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>I. Leaving</text></navLabel><content src="text/one.xhtml"/></navPoint>
<navPoint><navLabel><text>II. Arriving</text></navLabel><content src="text/two%20b.xhtml"/>
 <navPoint><navLabel><text>In the town</text></navLabel><content src="text/two%20b.xhtml#b"/></navPoint></navPoint>
<navPoint><navLabel><text>Lost</text></navLabel><content src="text/three.xhtml"/></navPoint>
</navMap></ncx>"""
NAV = """<html><body><nav epub:type="landmarks"><ol><li><a href="one.xhtml">Cover</a></li></ol></nav>
<nav epub:type="toc"><h1>Contents</h1><ol><li><a href="one.xhtml">I</a></li>
<li><a href="two%20b.xhtml">II</a><ol><li><a href="two%20b.xhtml#b">Town</a></li></ol></li></ol></nav></body></html>"""
BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": OPF,
    "OPS/text/one.xhtml": ONE,
    "OPS/text/two b.xhtml": TWO,
    "OPS/toc.ncx": NCX,
}


def packed(**changed: str | None) -> bytes:
    """Return the book as a file; `changed` are members by the last part of their name without its ending, None to leave one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        members = dict(BOOK)
        for key, text in changed.items():
            name = next((name for name in members if name.rpartition("/")[2].split(".")[0].replace(" ", "_") == key), f"META-INF/{key}.xml")
            members.pop(name, None)
            if text is not None:
                members[name] = text
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def book(**changed: str | None) -> Drafted:
    return drafted("epub", packed(**changed))


def refusal(data: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        drafted("epub", data)
    return caught.value


def test_the_parts_come_in_the_order_of_reading_below_title_and_authors() -> None:
    read = book()
    assert read.text == (
        "Title: The long road\nAuthor: Ada Berg, Olaf Dahl\n\n"
        "# Leaving\n\nIt rained.\n\nThey went on.\n\n## The town\n\nNobody lived there.\n"
    )
    assert (read.extent, read.notes) == ("2 parts", [])


def test_the_table_of_contents_is_the_outline() -> None:
    assert book().outline == [(1, "I. Leaving", "# Leaving"), (1, "II. Arriving", "They went on."), (2, "In the town", "## The town")]


def test_a_page_of_contents_goes_before_the_older_list() -> None:
    item = '<item id="nav" href="text/nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest>'
    opf = OPF.replace("</manifest>", item)
    members = {**BOOK, "OPS/book.opf": opf, "OPS/text/nav.xhtml": NAV}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    assert drafted("epub", out.getvalue()).outline == [(1, "I", "# Leaving"), (1, "II", "They went on."), (2, "Town", "## The town")]


def test_without_a_table_of_contents_the_headings_are_the_outline() -> None:
    assert book(toc=None).outline == [(1, "Leaving", "# Leaving"), (2, "The town", "## The town")]


def test_a_missing_part_is_named_and_the_others_are_read() -> None:
    read = book(two_b=None)
    assert read.text.endswith("# Leaving\n\nIt rained.\n")
    assert read.notes == ["Parts of the book are missing or damaged, and left out: OPS/text/two b.xhtml."]
    assert refusal(packed(two_b=None, one=None)).kind == "damaged"


def test_a_book_that_only_the_shops_program_opens_is_refused_and_hidden_fonts_do_not_matter() -> None:
    data = (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/>'
        '<enc:CipherData><enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    aes = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    error = refusal(packed(encryption=data.format(aes, "OPS/text/one.xhtml")))
    assert error.kind == "protected" and "protected against copying (DRM)" in str(error)
    assert book(encryption=data.format(aes, "OPS/font.otf")).text == book().text
    assert book(encryption=data.format("http://www.idpf.org/2008/embedding", "OPS/text/one.xhtml")).text == book().text


def test_entities_of_xml_bring_in_nothing_from_outside_and_do_not_multiply() -> None:
    outside = '<?xml version="1.0"?><!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert book(book=_with_entity(outside, "x")).text.startswith("Title: The &x; road\n")
    laughs = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 20))
    many = f'<?xml version="1.0"?><!DOCTYPE package [<!ENTITY l0 "ha">{laughs}]>'
    assert refusal(packed(book=_with_entity(many, "l19"))).kind == "damaged"


def _with_entity(doctype: str, name: str) -> str:
    return OPF.replace('<?xml version="1.0"?>', doctype).replace("The long\n road", f"The &{name}; road")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "damaged"),
        (packed()[:-40], "damaged"),
        (packed(container=None, book=None), "damaged"),
        (packed(book="not xml at all"), "damaged"),
        (packed(one="<p>", two_b="<p>"), "no text"),
    ],
)
def test_what_is_no_book_is_refused(data: bytes, kind: str) -> None:
    assert refusal(data).kind == kind


def test_a_book_without_its_container_is_read_all_the_same() -> None:
    assert book(container=None).text == book().text


def test_damage_anywhere_ends_in_a_text_or_a_sentence() -> None:
    chance = random.Random(7)
    whole, refused = packed(), 0
    for number in range(200):
        data = bytearray(whole[: chance.randrange(len(whole))] if number % 4 == 0 else whole)
        for _ in range(chance.randrange(6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            drafted("epub", bytes(data))
        except RefusedError:
            refused += 1
    assert 50 < refused < 200
    for _ in range(100):
        opf, ncx = bytearray(OPF.encode()), bytearray(NCX.encode())
        for text in (opf, ncx):
            text[chance.randrange(len(text))] = chance.randrange(32, 127)
        try:
            book(book=opf.decode(), toc=ncx.decode())
        except RefusedError as error:
            refused += error.kind == "damaged"
