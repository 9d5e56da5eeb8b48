"""A context that is read in many pieces is the text that was written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rlm_desktop.sandbox.child.context import _ASCII_BYTES, _WIDE_BYTES, read_context


def read(path: Path, kind: str, texts: list[str]) -> object:
    path.write_bytes("".join(texts).encode())
    index = [(str(number), len(text.encode())) for number, text in enumerate(texts)]
    return read_context(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), kind, index)


@pytest.mark.parametrize("characters", ["a", "aé", "aя…", "a🙂"])
def test_characters_that_lie_across_two_pieces_are_whole(characters: str, tmp_path: Path) -> None:
    text = characters * (3 * _WIDE_BYTES // len(characters.encode())) + "end"
    assert read(tmp_path / "context", "str", [text]) == text


@pytest.mark.parametrize("before", range(5))
def test_a_wide_character_late_in_the_text_is_whole(before: int, tmp_path: Path) -> None:
    text = "a" * (_ASCII_BYTES + before) + "🙂" * _WIDE_BYTES
    assert read(tmp_path / "context", "list", ["b", text]) == ["b", text]


def test_the_parts_of_a_dict_end_where_they_ended(tmp_path: Path) -> None:
    texts = ["é" * _WIDE_BYTES, "", "ab" * _ASCII_BYTES, "🙂"]
    assert read(tmp_path / "context", "dict", texts) == {str(number): text for number, text in enumerate(texts)}


def test_a_part_that_ends_within_a_character_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "context"
    path.write_bytes("éé".encode())
    with pytest.raises(UnicodeDecodeError):
        read_context(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), "list", [("0", 3), ("1", 1)])
