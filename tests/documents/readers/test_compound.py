"""What an OLE compound file is, by its directory."""

from __future__ import annotations

import io

import pytest

from rlm_desktop.documents.readers.compound import Compound, compound_kind, compound_refusal
from tests.documents.readers.compound_files import compound


@pytest.mark.parametrize(
    ("names", "kind", "sentence"),
    [
        (["EncryptionInfo", "EncryptedPackage"], "encrypted", "protected with a password"),
        (["WordDocument", "Workbook"], "word", "an old Word document (.doc)"),
        (["PowerPoint Document"], "powerpoint", "an old PowerPoint presentation (.ppt)"),
        (["__properties_version1.0"], "message", "an Outlook message (.msg)"),
        (["Contents"], "other", "an old Office document"),
    ],
)
def test_the_streams_tell_what_it_is_and_what_to_do(names: list[str], kind: Compound, sentence: str) -> None:
    file = io.BytesIO(compound(dict.fromkeys(names, b"x")))
    assert compound_kind(file) == kind
    assert file.tell() == 0
    refusal = compound_refusal(kind)
    assert refusal is not None and refusal.kind == sentence


@pytest.mark.parametrize("name", ["Workbook", "Book"])
def test_an_old_workbook_is_for_the_reader_of_spreadsheets(name: str) -> None:
    kind = compound_kind(io.BytesIO(compound({name: b"x"})))
    assert (kind, compound_refusal(kind)) == ("excel", None)


def test_a_name_within_a_text_is_none_of_a_stream() -> None:
    text = "EncryptedPackage\0".encode("utf-16-le")
    assert compound_kind(io.BytesIO(compound({"Workbook": text}))) == "excel"
    assert compound_kind(io.BytesIO(b"")) == "other"
