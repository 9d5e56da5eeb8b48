"""Texts in the encodings that people have, read as they were meant."""

from __future__ import annotations

import codecs
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.documents.encodings import TextDecoder, encoding_of, named_encoding
from rlm_desktop.documents.legacy_encodings import guess_legacy
from rlm_desktop.documents.read_file import read_file
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.events import DocumentRead

GERMAN = "Die Größe des Hauses überrascht. Brötchen, Käse, schöne Straßen.\n"
FRENCH = "L'été dernier, nous avons mangé à côté de la forêt où il y a des chênes âgés.\n"
POLISH = "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.\n"
TURKISH = "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler.\n"
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах.\n"
GREEK = "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.\n"
HEBREW = "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.\n"
ARABIC = "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.\n"
THAI = "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์\n"
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n"
CHINESE = "第三章 北京的秋天。人工智能正在改变世界,我们需要认真思考它的影响。\n"
TAIWANESE = "第三章 臺北的秋天。人工智慧正在改變世界,我們需要認真思考它的影響。\n"
KOREAN = "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.\n"

LEGACY = [
    ("cp1252", GERMAN),
    ("cp1252", "The price is 12 € – “cheap”, he said. It’s true…\n"),
    ("latin-1", FRENCH),
    ("cp1250", POLISH),
    ("cp1254", TURKISH),
    ("cp1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("iso8859-5", RUSSIAN),
    ("cp866", RUSSIAN),
    ("cp1253", GREEK),
    ("cp1255", HEBREW),
    ("cp1256", ARABIC),
    ("cp874", THAI),
    ("shift_jis", JAPANESE),
    ("euc_jp", JAPANESE),
    ("gb18030", CHINESE),
    ("big5", TAIWANESE),
    ("euc_kr", KOREAN),
    ("mac_roman", FRENCH),
]
ENGLISH = "This is the annual report of the company, with plain words all over the place.\n" * 2_000


def read(data: bytes, folder: Path, *, name: str = "a.txt", encoding: str | None = None) -> tuple[DocumentRead, str]:
    path = folder / name
    path.write_bytes(data)
    store = TextStore(folder / "texts")
    document = read_file(str(path), name, store, encoding=encoding, on_share=lambda share: None)
    text = store.read(document.text_sha256)
    assert document.chars == len(text)
    return document, text


@pytest.mark.parametrize(("encoding", "text"), LEGACY)
def test_an_older_encoding_is_known_by_its_letters(encoding: str, text: str, tmp_path: Path) -> None:
    assert read(text.encode(encoding), tmp_path)[1] == text
    assert read((text * 500).encode(encoding), tmp_path)[1] == text * 500


@pytest.mark.parametrize(("encoding", "text"), LEGACY)
def test_a_few_letters_far_down_in_an_english_text_are_enough(encoding: str, text: str, tmp_path: Path) -> None:
    whole = ENGLISH * 8 + text + ENGLISH
    assert read(whole.encode(encoding), tmp_path)[1] == whole


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE, ARABIC, "🎉 plain\n", ENGLISH, "hi"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str, text: str, tmp_path: Path) -> None:
    text = text * 3
    document, found = read(text.encode(encoding), tmp_path)
    assert found == text
    assert document.encoding is not None
    assert document.encoding.startswith(encoding.removesuffix("-sig"))


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_a_big_endian_mark_is_no_part_of_the_text(mark: bytes, tmp_path: Path) -> None:
    encoding = "utf-16-be" if len(mark) == 2 else "utf-32-be"
    assert read(mark + GERMAN.encode(encoding), tmp_path)[1] == GERMAN


def test_line_ends_of_all_systems_become_one(tmp_path: Path) -> None:
    assert read(b"a\r\nb\rc\nd\r", tmp_path)[1] == "a\nb\nc\nd\n"


def test_broken_bytes_in_a_utf8_text_are_shown_and_counted(tmp_path: Path) -> None:
    document, text = read((RUSSIAN * 5_000).encode() + b"\xff\xfe broken \xc3\n" + RUSSIAN.encode(), tmp_path)
    assert text == RUSSIAN * 5_000 + "\ufffd\ufffd broken \ufffd\n" + RUSSIAN
    assert document.encoding == "utf-8, 3 characters unreadable"


def test_the_mark_that_ends_a_dos_file_does_not_make_it_binary(tmp_path: Path) -> None:
    assert read(GERMAN.encode("cp1252") + b"\x1a", tmp_path)[1] == GERMAN + "\x1a"


def test_a_few_nul_characters_are_shown_in_their_places(tmp_path: Path) -> None:
    assert read(b"a\x00b " + ENGLISH.encode(), tmp_path)[1] == "a\ufffdb " + ENGLISH


def test_a_named_encoding_is_taken_at_its_word(tmp_path: Path) -> None:
    assert read(GERMAN.encode("cp1252"), tmp_path, encoding="cp437")[1] == GERMAN.encode("cp1252").decode("cp437")
    assert read(codecs.BOM_UTF8 + GERMAN.encode(), tmp_path, encoding="utf8")[1] == GERMAN


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "unicode_escape", "idna", "", "a\0b"])
def test_what_is_no_encoding_of_texts_is_refused(name: str, tmp_path: Path) -> None:
    assert named_encoding(name) is None
    with pytest.raises(RefusedError, match="There is no encoding"):
        read(b"a", tmp_path, encoding=name)


def test_random_bytes_are_no_text() -> None:
    assert encoding_of(bytes(range(256)) * 4) is None
    assert encoding_of(bytes(1000)) is None


@pytest.mark.parametrize("sample", [b"", b"\x80", b"\xff" * 50])
def test_a_guess_comes_out_of_anything(sample: bytes) -> None:
    guess = guess_legacy(sample)
    assert guess is None or named_encoding(guess)


@settings(deadline=None)
@given(
    data=st.binary(max_size=300),
    cuts=st.lists(st.integers(0, 300), max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "cp932", "gb18030", "cp1252"]),
)
def test_decoding_does_not_depend_on_the_chunks(data: bytes, cuts: list[int], encoding: str) -> None:
    whole = TextDecoder(encoding, is_strict=False)
    expected = whole.decode(data, final=True)
    chunked = TextDecoder(encoding, is_strict=False)
    edges = [0, *sorted(cuts), len(data)]
    found = "".join(chunked.decode(data[begin:end]) for begin, end in pairwise(edges)) + chunked.decode(b"", final=True)
    assert found == expected
    assert (chunked.errors, chunked.nuls) == (whole.errors, whole.nuls)
