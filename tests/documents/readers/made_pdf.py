"""A small writer of PDF files, for tests and benchmarks: text, bookmarks, pictures, forms, comments, and the oldest encryption."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

LINE_HEIGHT = 14
TOP = 770
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = b"0123456789abcdef"
_ALLOWED = -4

WIDE_FONT = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /W def\n"
    b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    b"2 beginbfchar <0001> <d835dc00> <0002> <5b57> endbfchar\nendcmap end end"
)
"""Code 1 is a mathematical A beyond the basic plane, code 2 a Chinese character."""


class Bookmark(NamedTuple):
    """`page` counts from 0, `top` is a y coordinate, None where the bookmark says none."""

    title: str
    page: int
    top: float | None = None
    below: Sequence[Bookmark] = ()


class Page(NamedTuple):
    lines: Sequence[str | bytes] = ()
    """From the top downwards; bytes are hexadecimal codes of the wide font."""
    has_picture: bool = False
    annotations: Sequence[bytes] = ()
    large: Mapping[int, int] = MappingProxyType({})
    """Line → how large its letters are, in points, where that is not 12."""
    line_height: int = LINE_HEIGHT
    content: bytes = b""
    """Drawing commands before the lines."""


def made_pdf(
    pages: Iterable[Page],
    *,
    bookmarks: Sequence[Bookmark] = (),
    catalog: bytes = b"",
    password: str | None = None,
) -> bytes:
    """Return a PDF document; all annotations that are fields make its form. `catalog` are more entries of its root.

    `password` is the one that a reader must give: None for an open document, empty for one that opens by itself.
    """
    return _Writer(password).document(list(pages), bookmarks, catalog)


class _Writer:
    def __init__(self, password: str | None) -> None:
        self._bodies: list[bytes] = []
        self._fields: list[int] = []
        self._key: bytes | None = None
        self._owner_entry = b""
        if password is not None:
            self._owner_entry = rc4(hashlib.md5(_padded("owner")).digest()[:5], _padded(password))
            self._key = hashlib.md5(_padded(password) + self._owner_entry + _ALLOWED.to_bytes(4, "little", signed=True) + _ID).digest()[:5]

    def document(self, pages: list[Page], bookmarks: Sequence[Bookmark], catalog: bytes) -> bytes:
        root, tree = self._reserve(), self._reserve()
        font = self._add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
        map_ = self._stream(b"", WIDE_FONT)
        inner = self._add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Wide/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            b"/FontDescriptor<</Type/FontDescriptor/FontName/Wide/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200"
            b"/CapHeight 700/StemV 80>>/DW 1000>>"
        )
        wide = self._add(
            b"<</Type/Font/Subtype/Type0/BaseFont/Wide/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (inner, map_)
        )
        picture = self._stream(b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"\x80")
        resources = self._add(b"<</Font<</F %d 0 R/W %d 0 R>>/XObject<</P %d 0 R>>>>" % (font, wide, picture))
        kids = [self._page(page, tree, resources) for page in pages]
        self._bodies[tree - 1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), _references(kids))
        outlines = b""
        if bookmarks:
            top = self._reserve()
            self._bodies[top - 1] = b"<</Type/Outlines%s>>" % self._bookmarks(bookmarks, top, kids)
            outlines = b"/Outlines %d 0 R" % top
        form = b"/AcroForm<</Fields[%s]>>" % _references(self._fields) if self._fields else b""
        self._bodies[root - 1] = b"<</Type/Catalog/Pages %d 0 R%s%s%s>>" % (tree, outlines, form, catalog)
        return self._file(root)

    def _page(self, page: Page, tree: int, resources: int) -> int:
        drawn = page.content + (b"q 500 0 0 700 50 50 cm /P Do Q\n" if page.has_picture else b"")
        for number, line in enumerate(page.lines):
            font, operand = (b"W", b"<%s>" % line) if isinstance(line, bytes) else (b"F", b"(%s)" % _escaped(line.encode("cp1252")))
            at = TOP - page.line_height * number
            drawn += b"BT /%s %d Tf 60 %d Td %s Tj ET\n" % (font, page.large.get(number, 12), at, operand)
        content = self._stream(b"", drawn)
        numbers = [self._add(annotation) for annotation in page.annotations]
        self._fields += [number for number in numbers if b"/Widget" in self._bodies[number - 1]]
        annotations = b"/Annots[%s]" % _references(numbers) if numbers else b""
        return self._add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources %d 0 R/Contents %d 0 R%s>>"
            % (tree, resources, content, annotations)
        )

    def _bookmarks(self, bookmarks: Sequence[Bookmark], parent: int, kids: list[int]) -> bytes:
        numbers = [self._reserve() for _ in bookmarks]
        for at, (number, bookmark) in enumerate(zip(numbers, bookmarks, strict=True)):
            where = b"/Fit" if bookmark.top is None else b"/XYZ 0 %d 0" % bookmark.top
            title = self._hidden(b"\xfe\xff" + bookmark.title.encode("utf-16-be"), number)
            body = b"/Title<%s>/Parent %d 0 R/Dest[%d 0 R %s]" % (title.hex().encode(), parent, kids[bookmark.page], where)
            body += b"/Prev %d 0 R" % numbers[at - 1] if at else b""
            body += b"/Next %d 0 R" % numbers[at + 1] if at + 1 < len(numbers) else b""
            body += self._bookmarks(bookmark.below, number, kids) if bookmark.below else b""
            self._bodies[number - 1] = b"<<%s>>" % body
        return b"/First %d 0 R/Last %d 0 R/Count %d" % (numbers[0], numbers[-1], len(numbers))

    def _reserve(self) -> int:
        self._bodies.append(b"")
        return len(self._bodies)

    def _add(self, body: bytes) -> int:
        self._bodies.append(body)
        return len(self._bodies)

    def _stream(self, entries: bytes, data: bytes) -> int:
        number = self._reserve()
        self._bodies[number - 1] = b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), self._hidden(data, number))
        return number

    def _hidden(self, data: bytes, number: int) -> bytes:
        if self._key is None:
            return data
        return rc4(hashlib.md5(self._key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)

    def _file(self, root: int) -> bytes:
        trailer = b"/Root %d 0 R/ID[<%s><%s>]" % (root, _ID.hex().encode(), _ID.hex().encode())
        if self._key is not None:
            user = rc4(self._key, _PADDING)
            trailer += b"/Encrypt %d 0 R" % self._add(
                b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>" % (self._owner_entry.hex().encode(), user.hex().encode(), _ALLOWED)
            )
        out, offsets = bytearray(b"%PDF-1.4\n"), []
        for number, body in enumerate(self._bodies, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, trailer, start)
        return bytes(out)


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
