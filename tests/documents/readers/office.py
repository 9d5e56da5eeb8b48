"""Office documents made part by part, for what the libraries that write them cannot say."""

from __future__ import annotations

from collections.abc import Mapping

from tests.documents.readers.zipped import zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return a table of id → (kind, target)."""
    inner = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for key, (kind, to) in targets.items())
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def part(name: str, inner: str, *, before: str = "") -> str:
    """Return a part whose root is `name`, with the usual namespaces; `before` stands before the root."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<{name} {_SPACES}>{inner}</{name}>'


def word(body: str, parts: Mapping[str, str] | None = None, *, before: str = "") -> bytes:
    """Return a Word document of a body, and of parts named by their kind, such as `styles`; a header's is `header1`."""
    others = dict(parts or {})
    kinds = {f"r{at}": (kind.rstrip("0123456789"), f"{kind}.xml") for at, kind in enumerate(others)}
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relations({"a": ("officeDocument", "word/document.xml")}),
            "word/_rels/document.xml.rels": relations(kinds),
            "word/document.xml": part("w:document", f"<w:body>{body}</w:body>", before=before),
            **{f"word/{kind}.xml": text for kind, text in others.items()},
        }
    )


def p(text: str, properties: str = "") -> str:
    """Return a paragraph with one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def style(key: str, name: str, inner: str = "", *, based_on: str = "") -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{based}<w:pPr>{inner}</w:pPr></w:style>'
