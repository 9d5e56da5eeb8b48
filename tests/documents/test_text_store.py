"""The text store: whole or absent, and cut by characters."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.errors import UserError
from rlm_desktop.trace import texts

TEXTS = st.text(alphabet=st.sampled_from("ab\néж漢🎉"), max_size=200)


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


def files(store: TextStore) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir()) if store.folder.is_dir() else []


def test_a_text_lies_under_the_sha256_of_its_bytes(store: TextStore) -> None:
    stored = store.put_text("größer 🎉\n")
    data = "größer 🎉\n".encode()
    assert stored[:] == (hashlib.sha256(data).hexdigest(), 9, len(data), ())
    assert store.path_of(stored.sha256).read_bytes() == data
    assert store.has(stored.sha256)
    assert store.is_sound(stored.sha256)


def test_a_stored_text_is_read_only_and_for_its_owner_alone(store: TextStore) -> None:
    assert store.path_of(store.put_text("a").sha256).stat().st_mode & 0o777 == 0o400


def test_the_same_text_is_kept_once(store: TextStore) -> None:
    assert store.put_text("again") == store.put_chunks(["ag", "", "ain"])
    assert len(files(store)) == 1


@settings(deadline=None)
@given(chunks=st.lists(TEXTS))
def test_chunks_are_the_text_that_they_make_together(chunks: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    store = TextStore(tmp_path_factory.getbasetemp() / "texts-of-chunks")
    stored = store.put_chunks(chunks)
    whole = "".join(chunks)
    assert stored[:3] == (hashlib.sha256(whole.encode()).hexdigest(), len(whole), len(whole.encode()))
    assert store.read(stored.sha256) == whole


@settings(deadline=None)
@given(text=TEXTS, start=st.integers(0, 250), length=st.integers(0, 250))
def test_a_slice_is_that_of_the_string(text: str, start: int, length: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_STRIDE_BYTES", 7)
        store = TextStore(tmp_path_factory.getbasetemp() / "texts-of-slices")
        sha256 = store.put_text(text).sha256
        assert store.read(sha256, start, start + length) == text[start : start + length]
        assert store.read(sha256, start) == text[start:]
        assert store.read(sha256, 0, length) == text[:length]


def test_slices_of_a_text_longer_than_a_stride_are_right_in_any_order(store: TextStore) -> None:
    text = "".join(f"{number:06d}é🎉\n" for number in range(400_000))
    sha256 = store.put_text(text).sha256
    for start in (3_500_000, 0, 1_000_003, len(text) - 5, len(text) + 10):
        assert store.read(sha256, start, start + 50) == text[start : start + 50]


def test_lone_surrogates_do_not_stop_a_text(store: TextStore) -> None:
    stored = store.put_text("a\ud800b")
    assert store.read(stored.sha256) == "a?b"
    assert stored.chars == 3


def test_a_source_that_fails_leaves_nothing_behind(store: TextStore) -> None:
    def chunks() -> Iterator[str]:
        yield "x" * 1_000_000
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        store.put_chunks(chunks())
    assert files(store) == []


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The limit on the size of a file answers a write as a full disk does."""
    code = (
        "import resource, sys; from pathlib import Path; from rlm_desktop.documents.text_store import TextStore\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "TextStore(Path(sys.argv[1])).put_text('x' * 1_000_000)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert "UserError" in run.stderr
    assert "the disk is full" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_a_day_later(store: TextStore) -> None:
    store.put_text("a")
    old, fresh = store.folder / "old.part", store.folder / "fresh.part"
    for path in (old, fresh):
        path.write_text("half")
    os.utime(old, (1, 1))
    TextStore(store.folder).put_text("b")
    assert not old.exists()
    assert fresh.exists()


def test_a_text_whose_bytes_have_changed_is_not_sound(store: TextStore) -> None:
    sha256 = store.put_text("as it was").sha256
    path = store.path_of(sha256)
    path.chmod(0o600)
    path.write_text("as it is!")
    assert store.has(sha256)
    assert not store.is_sound(sha256)


def test_a_text_cut_short_is_put_again(store: TextStore) -> None:
    sha256 = store.put_text("as it was").sha256
    store.path_of(sha256).chmod(0o600)
    store.path_of(sha256).write_text("as")
    store.put_text("as it was")
    assert store.is_sound(sha256)


def test_a_text_that_is_gone_is_said(store: TextStore) -> None:
    with pytest.raises(UserError, match="Add the document again"):
        store.read("0" * 64)
    assert not store.is_sound("0" * 64)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_no_sha256_leads_nowhere(store: TextStore, name: str) -> None:
    assert not store.has(name)
    with pytest.raises(UserError, match="does not name a text"):
        store.path_of(name)
