"""The context's way into the child: through a private file, never through the engine's memory."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rlm_desktop.sandbox.context import ContextFile, FillStopped
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart, SandboxDied
from tests.sandbox.box import execute, in_sandbox, run


def test_files_and_texts_make_one_context(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("from a file: é☃🙂", encoding="utf-8")
    parts = [ContextPart(name="a", path=path), ContextPart(name="b", text="from a text")]
    assert run("print(context)", parts=parts, kind="dict")[0].stdout == "{'a': 'from a file: é☃🙂', 'b': 'from a text'}\n"


@pytest.mark.parametrize("text", ["", "a" * 5_000_000, "🙂" + "a" * 100_000, "\0" * 1_000])
def test_a_context_arrives_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "text"
    path.write_bytes(text.encode())
    (done,) = run("import hashlib; print(len(context), hashlib.sha256(context.encode()).hexdigest())", parts=[ContextPart(path=path)])
    import hashlib

    assert done.stdout == f"{len(text)} {hashlib.sha256(text.encode()).hexdigest()}\n"


def test_loading_tells_the_characters() -> None:
    async def go() -> int:
        async with await Sandbox.start() as sandbox:
            return await sandbox.load_context("list", [ContextPart(text="é"), ContextPart(text="🙂🙂")])

    assert asyncio.run(go()) == 3


def test_a_file_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"abc\xff")
    with pytest.raises(ValueError, match="context's text cannot be read: .*utf-8"):
        run("pass", parts=[ContextPart(path=path)])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="context's text cannot be read: .*No such file"):
        run("pass", parts=[ContextPart(path=tmp_path / "none")])


def test_a_context_is_loaded_once_and_names_differ() -> None:
    async def twice(sandbox: Sandbox) -> None:
        with pytest.raises(ValueError, match="loaded once"):
            await sandbox.load_context("str", [ContextPart(text="x")])

    in_sandbox(twice)
    with pytest.raises(ValueError, match="the same name"):
        run("pass", kind="dict", parts=[ContextPart(name="a", text=""), ContextPart(name="a", text="")])
    with pytest.raises(ValueError, match="one part"):
        run("pass", kind="str", parts=[])


def test_a_text_larger_than_its_memory_is_said_in_a_sentence(tmp_path: Path) -> None:
    from rlm_desktop.sandbox.values import SandboxLimits

    path = tmp_path / "text"
    path.write_bytes(b"a" * 300_000_000)
    with pytest.raises(SandboxDied, match="memory"):
        run("pass", parts=[ContextPart(path=path)], limits=SandboxLimits(memory_bytes=100 << 20))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_the_text_once_when_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"all work and no play\n" * 5_000_000)  # 105 MB

    async def act(sandbox: Sandbox) -> tuple[int, int]:
        await execute(sandbox, "n = len(context)")
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{sandbox.pid}/status").read_text().splitlines())
        return int(fields["RssAnon"].split()[0]), int(fields["RssShmem"].split()[0]) + int(fields["RssFile"].split()[0])

    anonymous_kb, shared_kb = in_sandbox(act, parts=[ContextPart(path=path)])
    assert anonymous_kb < 105_000 + 25_000
    assert shared_kb < 25_000


def test_closing_the_file_while_it_is_filled_stops_that_and_closes_nothing_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlm_desktop.sandbox.context._PIECE_BYTES", 1)
    file = ContextFile()
    with ThreadPoolExecutor(1) as pool:
        filling = pool.submit(file.fill, [ContextPart(text="x" * 50_000_000)])
        while os.fstat(file._write_fd).st_size == 0:
            os.sched_yield()
        file.close()
        with pytest.raises(FillStopped):
            filling.result(timeout=10)
    assert file._write_fd == -1


def test_a_context_that_is_being_loaded_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has ended when the cancel is raised, so nothing of it writes into what gets its descriptor's number next."""
    monkeypatch.setattr("rlm_desktop.sandbox.context._PIECE_BYTES", 1)

    async def go() -> None:
        async with await Sandbox.start() as sandbox:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await sandbox.load_context("str", [ContextPart(text="x" * 50_000_000)])
            assert sandbox._context._write_fd == -1

    asyncio.run(go())


@pytest.mark.skipif(sys.platform != "linux", reason="seals are Linux's")
def test_the_code_finds_no_file_of_the_context() -> None:
    code = "import glob, os\nprint(any('memfd' in os.path.realpath(fd) for fd in glob.glob('/proc/self/fd/*')))"
    assert run(code)[0].stdout == "False\n"
