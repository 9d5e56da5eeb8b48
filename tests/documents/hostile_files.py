"""Documents that were made to harm whoever opens them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

import xlsxwriter  # type: ignore[import-untyped]
from pptx import Presentation

from tests.documents.readers.office import p, word
from tests.documents.readers.test_epub import ONE, OPF, packed
from tests.documents.readers.test_opendocument import opendocument
from tests.documents.readers.test_opendocument import p as open_p
from tests.documents.readers.zipped import changed

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>/Contents 4 0 R>>"
_WORDS = b"BT /F 12 Tf 60 700 Td (Words here) Tj ET"


def with_doctype(doctype: str, entity: str) -> dict[str, bytes]:
    """Return documents by their names; before the root of one part of each stands `doctype`, and `entity` stands in its text."""
    found = {
        "a.docx": word(f"<w:p><w:r><w:t>A{entity}B</w:t></w:r></w:p>", before=doctype),
        "a.odt": opendocument(f"<office:text>{open_p(f'A{entity}')}</office:text>", before=doctype),
        "book.epub": packed(book=OPF.replace('<?xml version="1.0"?>', doctype).replace("The long\n road", f"The {entity}")),
        "chapter.epub": packed(one=ONE.replace("<html", f"{doctype}<html").replace("It rained.", f"It {entity}.")),
        "a.xml": f'<?xml version="1.0"?>{doctype}<a>{entity}</a>'.encode(),
        "a.svg": f'<?xml version="1.0"?>{doctype}<svg xmlns="http://www.w3.org/2000/svg"><text>{entity}</text></svg>'.encode(),
        "a.fb2": f'<?xml version="1.0"?>{doctype}<FictionBook><body><p>{entity}</p></body></FictionBook>'.encode(),
    }
    for member in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"):
        found[f"{member.replace('/', ' ')}.xlsx"] = _with_doctype(xlsx(), member, doctype, "a</t>", f"a{entity}</t>")
    for member in ("ppt/slides/slide1.xml", "ppt/presentation.xml"):
        found[f"{member.replace('/', ' ')}.pptx"] = _with_doctype(pptx(), member, doctype, "A title", f"A {entity}")
    return found


def _with_doctype(data: bytes, member: str, doctype: str, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        declaration, end, rest = archive.read(member).decode().partition("?>")
    return changed(data, {member: declaration + end + doctype + rest.replace(old, new, 1)})


def with_links(url: str, path: str) -> dict[str, bytes]:
    """Return documents that refer to an address and to a file elsewhere."""
    relation = '<Relationship Id="r{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"{}/>'
    relations = [
        relation.format(1, "attachedTemplate", url, ' TargetMode="External"'),
        relation.format(2, "footnotes", f"../../../../../..{path}", ""),
        relation.format(3, "styles", f"file://{path}", ""),
        relation.format(4, "image", url, ""),
    ]
    table = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(relations)}</Relationships>'
    page = (
        f'<html><head><link rel="stylesheet" href="{url}"><script src="{url}"></script><base href="{url}">'
        f'<meta http-equiv="refresh" content="0;url={url}"></head><body>words<iframe src="{url}"></iframe><img src="{url}">'
        f'<object data="file://{path}"></object></body></html>'
    )
    return {
        "links.docx": changed(word(p("words")), {"word/_rels/document.xml.rels": table}),
        "links.html": page.encode(),
        "links.eml": b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n" + page.encode(),
        "links.epub": packed(one=page),
        "links.pdf": pdf(
            catalog=b"/OpenAction<</S/JavaScript/JS(app.launchURL\\('%s'\\); while\\(1\\){})>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>"
            % url.encode(),
            changes={4: b"<</Length %d/F(%s)>>stream\n%s\nendstream" % (len(_WORDS), path.encode(), _WORDS)},
        ),
    }


def bombs(megabytes: int) -> dict[str, bytes]:
    """Return documents of which one member unpacks to so much."""
    return {
        "main.docx": _bomb(word(p("words")), "word/document.xml", megabytes),
        "picture.docx": _bomb(word(p("words")), "word/media/image1.png", megabytes),
        "types.docx": _bomb(word(p("words")), "[Content_Types].xml", megabytes),
        "strings.xlsx": _bomb(xlsx(), "xl/sharedStrings.xml", megabytes),
        "sheet.xlsx": _bomb(xlsx(), "xl/worksheets/sheet1.xml", megabytes),
        "slide.pptx": _bomb(pptx(), "ppt/slides/slide1.xml", megabytes),
        "chapter.epub": _bomb(packed(), "OPS/text/one.xhtml", megabytes),
        "content.odt": _bomb(opendocument(f"<office:text>{open_p('words')}</office:text>"), "content.xml", megabytes),
    }


def _bomb(data: bytes, name: str, megabytes: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        with new.open(name, "w") as member:
            for _ in range(megabytes):
                member.write(b" " * (1 << 20))
    return made.getvalue()


def xlsx() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["a", "b"])
    sheet.write_row(1, 0, ["x", 1])
    book.close()
    return made.getvalue()


def pptx() -> bytes:
    made, slides = io.BytesIO(), Presentation()
    slides.slides.add_slide(slides.slide_layouts[0]).placeholders[0].text = "A title"
    slides.save(made)
    return made.getvalue()


def lying(data: bytes, size: int, said: int) -> bytes:
    """Return an archive that says of a member of `size` bytes that it has `said`."""
    return data.replace(struct.pack("<I", size), struct.pack("<I", said))


def crowded(data: bytes, count: int) -> bytes:
    """Return an archive with so many empty members more."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    files, entries, at = io.BytesIO(), io.BytesIO(), 0
    for name, content in [*parts.items(), *((f"m/{number}", b"") for number in range(count))]:
        title = name.encode()
        sizes = struct.pack("<IIIHH", zlib.crc32(content), len(content), len(content), len(title), 0)
        head = b"\x14\0\0\0\0\0\0\0\0\0" + sizes
        files.write(b"PK\x03\x04" + head + title + content)
        entries.write(b"PK\x01\x02\x14\0" + head + bytes(10) + struct.pack("<I", at) + title)
        at += 30 + len(title) + len(content)
    ends = min(0xFFFF, len(parts) + count)
    end = b"PK\x05\x06\0\0\0\0" + struct.pack("<HHIIH", ends, ends, entries.tell(), files.tell(), 0)
    return files.getvalue() + entries.getvalue() + end


def pdf(changes: Mapping[int, bytes] | None = None, *, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a PDF document with some objects changed: 1 is its root, 2 its tree of pages, 3 a page, 4 what is on it, 6 a picture."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: _PAGE,
        4: stream(_WORDS),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **(changes or {}),
    }
    bodies = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in objects.items())
    return b"%PDF-1.4\n" + bodies + b"trailer\n<</Root 1 0 R%s>>\n%%%%EOF\n" % trailer


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def packed_bytes(pieces: Iterator[bytes]) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def recursive_pdfs() -> dict[str, bytes]:
    """Return PDF documents whose parts hold themselves, or say that they are endless."""
    drawn = b"q 1 0 0 1 0 0 cm /I Do Q " + _WORDS
    picture = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>"
    bookmark = b"<</Title(T)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Dest[3 0 R/Fit]>>"
    return {
        "pages in themselves.pdf": pdf({2: b"<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>"}),
        "only itself.pdf": pdf({2: b"<</Type/Pages/Count 1000000000/Kids[2 0 R]>>"}),
        "two billion pages.pdf": pdf({2: b"<</Type/Pages/Count 2147483647/Kids[3 0 R]>>"}),
        "bookmarks.pdf": pdf({6: b"<</First 7 0 R/Last 7 0 R/Count 1>>", 7: bookmark}, catalog=b"/Outlines 6 0 R"),
        "table before itself.pdf": pdf(trailer=b"/Prev 0/Size 9"),
        "contents.pdf": pdf({4: b"[4 0 R 4 0 R]"}),
        "length.pdf": pdf({4: b"<</Length 4 0 R>>stream\n%s\nendstream" % _WORDS}),
        "array.pdf": pdf({8: b"[" * 100_000 + b"]" * 100_000}, catalog=b"/X 8 0 R"),
        "dictionary.pdf": pdf({8: b"<</A " * 100_000 + b">>" * 100_000}, catalog=b"/Outlines 8 0 R"),
        "form.pdf": pdf({4: stream(drawn), 6: stream(drawn, form)}),
        "picture.pdf": pdf({4: stream(drawn), 6: stream(packed_bytes(bytes(1 << 20) for _ in range(100)), picture)}),
        "box.pdf": pdf({3: _PAGE.replace(b"[0 0 600 800]", b"[-1e30 -1e30 1e30 1e30]")}),
        "objects.pdf": pdf({8: stream(b"1 0 2 0 ", b"/Type/ObjStm/N 2000000000/First 10/Extends 8 0 R")}),
        "table.pdf": (
            b"%PDF-1.5\n1 0 obj\n<</Type/XRef/W[1 8 8]/Size 2147483647/Index[0 2147483647]/Root 1 0 R/Length 0>>stream\n\nendstream\n"
            b"endobj\nstartxref\n9\n%%EOF"
        ),
    }  # fmt: skip


def deep_texts() -> dict[str, bytes]:
    """Return documents of text that are nested deeper than anything that is meant."""
    mail = b"Content-Type: text/plain\n\nwords\n"
    for level in range(500):
        mail = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (level, level, mail, level)
    forwarded = b"From: a@b.example\nTo: q@x.example\nSubject: x\nMIME-Version: 1.0\n"
    return {
        "a.rtf": b"{\\rtf1 " + b"{" * 100_000 + b"words" + b"}" * 100_000 + b"}",
        "binary.rtf": b"{\\rtf1 words \\bin2147483647 xx}",
        "a.ipynb": b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b',"nbformat":4,"nbformat_minor":2,"metadata":{}}',
        "number.ipynb": b'{"cells":[],"nbformat":' + b"9" * 100_000 + b',"nbformat_minor":2,"metadata":{}}',
        "parts.eml": forwarded + mail,
        "forwarded.eml": forwarded + (b"Content-Type: message/rfc822\n\n" + forwarded) * 500 + b"\nwords\n",
        "a.html": b"<b><i><table><tr><td>" * 10_000 + b"words",
        "cell.html": b"<table><tr><td colspan=1000000000 rowspan=1000000000>words</td></tr></table>",
        "a.json": b"[" * 100_000 + b"]" * 100_000,
        "a.vtt": b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + b"<i>" * 10_000 + b"words",
    }
