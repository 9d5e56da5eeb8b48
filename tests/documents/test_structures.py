"""Tables, JSON and logs say how large they are in their own measure, and have an outline whose places are right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.documents import json_structure as json_module
from rlm_desktop.documents.json_structure import json_structure
from rlm_desktop.documents.lines_structure import json_lines_structure, log_structure
from rlm_desktop.documents.structure import MOST_PLACES, Structure
from rlm_desktop.documents.table_structure import table_structure
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.events import DocumentRead
from tests.documents.reading import make, read


def stored(folder: Path, text: str) -> Path:
    path = folder / "stored"
    path.write_bytes(text.encode())
    return path


def table(folder: Path, text: str, name: str = "a.csv") -> Structure:
    found = table_structure(stored(folder, text), name)
    assert found is not None
    for heading in found.outline:
        assert heading.at == 0 or text[heading.at - 1] == "\n"
    return found


def test_a_table_has_rows_and_named_columns(tmp_path: Path) -> None:
    text = 'name,größe,note\nann,1,"two\nlines, one cell"\n\nbob,2,x\n'
    found = table(tmp_path, text)
    assert found.extent == "2 rows, 3 columns: name, größe, note"
    assert [(heading.level, heading.title) for heading in found.outline] == [
        (1, "Columns: name, größe, note"),
        (2, "Row 1: ann, 1, two lines, one cell"),
        (2, "Row 2: bob, 2, x"),
    ]
    assert [text[heading.at :].lstrip().split(",")[0] for heading in found.outline] == ["name", "ann", "bob"]


@pytest.mark.parametrize(
    ("text", "name", "extent"),
    [
        ("a\tb\n1\t2\n", "a.tsv", "1 row, 2 columns: a, b"),
        ("a\tb, c\n1\t2\n", "a.tab", "1 row, 2 columns: a, b, c"),
        ("a;b\n1,5;2,5\n3,5;4,5\n", "a.csv", "2 rows, 2 columns: a, b"),
        ("a|b\n1|2\n", "a.csv", "1 row, 2 columns: a, b"),
        ("sep=;\na;b,c\n1;2\n", "a.csv", "1 row, 2 columns: a, b,c"),
        ("a\n1\n2\n", "a.csv", "2 rows, 1 column: a"),
        ("1,2\n3,4\n", "a.csv", "2 rows, 2 columns"),
        ("a,\n1,2\n", "a.csv", "2 rows, 2 columns"),
        ("a,a\n1,2\n", "a.csv", "2 rows, 2 columns"),
        ("\n\na,b\n1,2\n", "a.csv", "1 row, 2 columns: a, b"),
        ("a,b", "a.csv", "0 rows, 2 columns: a, b"),
        (",".join(f"c{n}" for n in range(40)) + "\n", "a.csv", "0 rows, 40 columns: " + ", ".join(f"c{n}" for n in range(12)) + ", …"),
    ],
)
def test_tables_of_all_kinds_are_counted(text: str, name: str, extent: str, tmp_path: Path) -> None:
    assert table(tmp_path, text, name).extent == extent


def test_a_long_table_shows_rows_evenly_far_from_each_other(tmp_path: Path) -> None:
    text = "number,word\n" + "".join(f"{n},größe\n" for n in range(10_000))
    found = table(tmp_path, text)
    assert found.extent == "10,000 rows, 2 columns: number, word"
    rows = found.outline[1:]
    assert MOST_PLACES // 2 <= len(rows) <= MOST_PLACES
    for heading in rows:
        number = int(heading.title.removeprefix("Row ").partition(":")[0].replace(",", "")) - 1
        assert text[heading.at :].startswith(f"{number},größe\n")


def test_a_quotation_mark_that_nothing_closes_makes_no_table(tmp_path: Path) -> None:
    assert table_structure(stored(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 300_000), "a.csv") is None


def json_of(folder: Path, text: str) -> Structure | None:
    return json_structure(stored(folder, text))


def test_a_list_of_objects_says_so_and_shows_some(tmp_path: Path) -> None:
    text = json.dumps([{"id": n, "größe": "ä" * (n % 7)} for n in range(1_204)], ensure_ascii=False, indent=1)
    found = json_of(tmp_path, text)
    assert found is not None
    assert found.extent == "list of 1,204 objects with keys id, größe"
    assert len(found.outline) == MOST_PLACES - 1
    for heading in found.outline:
        number = int(heading.title[1:].partition("]")[0].replace(",", ""))
        assert json.loads(text[heading.at :].partition("}")[0] + "}")["id"] == number


def test_an_object_shows_its_keys_and_those_below(tmp_path: Path) -> None:
    text = '\n{"größe": {"a": {"z": 1}, "b\\"c": [1, 2]}, "list": [{"x": 1}, {"y": 2}],\n "n": -1.5e3, "empty": {}, "s": "}{][,"}'
    found = json_of(tmp_path, text)
    assert found is not None
    assert found.extent == "5 keys: größe, list, n, empty, s"
    assert [(heading.level, heading.title, text[heading.at :].split(":")[0]) for heading in found.outline] == [
        (1, "größe", '"größe"'),
        (2, "a", '"a"'),
        (2, 'b"c', '"b\\"c"'),
        (1, "list: list of 2 objects with keys x", '"list"'),
        (1, "n", '"n"'),
        (1, "empty", '"empty"'),
        (1, "s", '"s"'),
    ]


@pytest.mark.parametrize(
    ("text", "extent"),
    [("[]", "list of 0 values"), ("[1, [2], 3]", "list of 3 values"), ("{}", "no keys"), ('[{"a": 1}]', "list of 1 object with keys a")],
)
def test_small_json_is_counted(text: str, extent: str, tmp_path: Path) -> None:
    found = json_of(tmp_path, text)
    assert found is not None
    assert found.extent == extent


@pytest.mark.parametrize("text", ['"word"', "1", "[1,", "{'a': 1}", "[1] [2]", "// note\n{}", "[" * 100_000, '{"a": [}'])
def test_what_is_no_json_has_no_structure(text: str, tmp_path: Path) -> None:
    assert json_of(tmp_path, text) is None


def test_a_key_that_is_there_twice_ends_the_outline_and_not_the_reading(tmp_path: Path) -> None:
    found = json_of(tmp_path, '{"a": 1, "a": 22, "b": 3}')
    assert found is not None
    assert found.extent == "2 keys: a, b"
    assert all(heading.at in (1, 9, 18) for heading in found.outline)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(
    value=st.lists(json_values, max_size=6) | st.dictionaries(st.text(max_size=4), json_values, max_size=6), indent=st.none() | st.just(1)
)
def test_every_place_in_json_is_where_it_says(value: object, indent: int | None, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "replace").decode()
    path = stored(tmp_path_factory.getbasetemp(), text)
    found = json_structure(path)
    assert found is not None
    items = json.loads(text)
    top = [heading for heading in found.outline if heading.level == 1]
    assert len(top) == len(items)
    for heading, item in zip(top, items, strict=True):
        assert json.JSONDecoder().raw_decode(text, heading.at)[0] == item


def test_json_too_large_to_look_through_is_still_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_module, "_MOST_COMMAS", 2)
    assert json_of(tmp_path, "[1, 2, 3, 4]") is None
    monkeypatch.setattr(json_module, "_MOST_BYTES", 5)
    assert json_of(tmp_path, "[1, 2]") is None


def test_json_lines_are_counted_and_shown(tmp_path: Path) -> None:
    text = "".join(json.dumps({"id": n, "größe": "ä" * (n % 5)}, ensure_ascii=False) + "\n" for n in range(5_000))
    found = json_lines_structure(stored(tmp_path, text))
    assert found is not None
    assert found.extent == "5,000 objects with keys id, größe"
    assert len(found.outline) == MOST_PLACES
    for heading in found.outline:
        number = int(heading.title.partition(":")[0].replace(",", ""))
        assert text[heading.at :].startswith(f'{{"id": {number - 1},')


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ('{"a": 1}', "1 object with keys a"),
        ('{"a": 1}\n\n{"b": 1}\n\n', "2 objects with keys a"),
        ('{"a": 1}\n\n\n{"b": 1}\n\n\n\n{"c": 1}\n\n\n', "3 objects with keys a"),
        ("[1]\n[2]\n3\n", "3 values"),
        ('{"a": 1}\n[2]\n', "2 values"),
    ],
)
def test_json_lines_of_all_kinds_are_counted(text: str, extent: str, tmp_path: Path) -> None:
    found = json_lines_structure(stored(tmp_path, text))
    assert found is not None
    assert found.extent == extent


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("2026-01-{:02}T03:04:05.123Z INFO started", "2026-01-{:02}T03:04:05.123Z"),
        ("2026-01-{:02} 03:04:05,123 [main] started", "2026-01-{:02} 03:04:05,123"),
        ("Jan {:2} 03:04:05 host daemon[1]: started", "Jan {:2} 03:04:05"),
        ('127.0.0.1 - - [{:02}/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200', "{:02}/Jan/2026:03:04:05 +0000"),
        ("2026/01/{:02} 03:04:05 [error] started", "2026/01/{:02} 03:04:05"),
        ("[03:04:{:02}] <ann> hello", "03:04:{:02}"),
    ],
)
def test_a_log_goes_from_a_first_time_to_a_last(line: str, stamp: str, tmp_path: Path) -> None:
    text = "".join(line.format(n) + "\n" + "    and a line below\n" * (n % 2) for n in range(10, 30))
    found = log_structure(stored(tmp_path, text))
    assert found is not None
    assert found.extent == f"30 lines, {stamp.format(10)} to {stamp.format(29)}"
    assert found.outline[0].title.startswith(line.format(10)[:20])
    for heading in found.outline:
        assert text[heading.at :].split("\n")[0].strip().startswith(heading.title[:30])


def test_a_text_with_some_times_in_it_is_no_log(tmp_path: Path) -> None:
    assert log_structure(stored(tmp_path, "It was 2026-01-01 03:04:05.\n" + "And nobody came.\n" * 20)) is None


def test_lines_of_any_length_are_shown_where_they_begin(tmp_path: Path) -> None:
    text = "".join(f"2026-01-01 00:00:{n:02} " + "ä" * (n * 3_000) + "\n" for n in range(60))
    found = log_structure(stored(tmp_path, text))
    assert found is not None
    assert len(found.outline) > 20
    assert all(text[heading.at :].startswith("2026-01-01 00:00:") for heading in found.outline)


@pytest.mark.parametrize(
    ("name", "text", "reader", "extent"),
    [
        ("a.csv", "a,b\n1,2\n", "table/1", "1 row, 2 columns: a, b"),
        ("a.json", '{"a": 1}', "json/1", "1 key: a"),
        ("a.json", '{"a": 1}\n{"a": 2}\n', "json/1", "2 objects with keys a"),
        ("a.jsonl", '{"a": 1}\n', "json-lines/1", "1 object with keys a"),
        ("a.log", "2026-01-01 00:00:00 a\n" * 3, "log/1", "3 lines, 2026-01-01 00:00:00"),
        ("syslog", "2026-01-01 00:00:00 a\n" * 3, "log/1", "3 lines, 2026-01-01 00:00:00"),
        ("a.json", "1. One\n\nwords", "text/1", "3 lines"),
        ("a.log", "words\n", "text/1", "1 line"),
        ("a.yaml", "a: 1\nb: 2", "text/1", "2 lines"),
    ],
)
def test_a_document_says_what_it_is(name: str, text: str, reader: str, extent: str, tmp_path: Path) -> None:
    store = TextStore(tmp_path / "texts")
    (document,) = read(store, make(tmp_path, {name: text}) / name)
    assert isinstance(document, DocumentRead)
    assert (document.reader, document.extent) == (reader, extent)
    assert store.read(document.text_sha256) == text


def test_a_text_without_the_form_that_its_name_promises_is_outlined_as_a_text(tmp_path: Path) -> None:
    store = TextStore(tmp_path / "texts")
    (document,) = read(store, make(tmp_path, {"a.json": "1. One\n\nwords"}) / "a.json")
    assert isinstance(document, DocumentRead)
    assert [heading.title for heading in document.outline] == ["1. One"]


def test_a_list_too_long_to_show_some_of_it_is_still_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_module, "_MOST_PLACED", 2)
    assert json_of(tmp_path, "[1, 2, 3]") == Structure((), "list of 3 values")
