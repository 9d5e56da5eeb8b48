from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.codec import MAX_LINE_BYTES, decode
from rlm_desktop.trace.store import TraceStore
from rlm_desktop.trace.writer import TraceWriter
from tests.traces import sample as sample_trace

MODEL = ev.ModelName(name="m")
STARTED = ev.RunStarted(
    format=1, run_id="r", question="q?", strategy="rlm", model=MODEL, sub_model=MODEL, limits=ev.Limits(), prompt_version="1",
    app_version="0", started_at="2026-01-01T00:00:00Z",
)  # fmt: skip
ROOT = ev.CallStarted(call_id=0, kind="rlm", depth=0, model="m", prompt="p")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_trace(tmp_path_factory.mktemp("trace") / "sample.rlmtrace")


def written(path: Path, *events: ev.KnownEvent) -> Path:
    writer = TraceWriter(path)
    for event in events:
        writer.write(event)
    writer.close()
    return path


def test_a_file_cut_anywhere_opens_with_its_whole_lines(sample: Path, tmp_path: Path) -> None:
    data = sample.read_bytes()
    first = data.index(b"\n") + 1
    whole = [decode(line).event for line in data.splitlines()]

    @settings(max_examples=60, deadline=None)
    @given(st.integers(first, len(data)))
    def check(cut: int) -> None:
        path = tmp_path / "cut.rlmtrace"
        path.write_bytes(data[:cut])
        store = TraceStore.open(path)
        lines = data[:cut].count(b"\n")
        assert len(store.columns) == lines
        assert store.torn_bytes == cut - (data[:cut].rfind(b"\n") + 1)
        assert store.entry(lines - 1).event == whole[lines - 1]

    check()


def test_a_live_store_fed_line_by_line_reads_the_same_texts(sample: Path) -> None:
    opened, live = TraceStore.open(sample), TraceStore(sample)
    for line in sample.read_bytes().splitlines(keepends=True):
        live.append_lines([line])
    assert [live.raw(i) for i in range(0, 5_000, 313)] == [opened.raw(i) for i in range(0, 5_000, 313)]


@pytest.mark.parametrize("text", ["x" * 5_000, "\x01" * 700_000, "é漢😀" * 300_000, "a\nb" * 4_000])
def test_a_long_text_is_written_in_lines_under_1_mib_and_read_whole(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "t.rlmtrace", STARTED, ROOT, ev.Noticed(message="m"), ev.CallEnded(call_id=0, status="ok", answer=text))
    assert max(map(len, path.read_bytes().splitlines())) <= MAX_LINE_BYTES
    store = TraceStore.open(path)
    ended = store.entry(len(store.columns) - 1).event
    assert isinstance(ended, ev.CallEnded)
    assert ended.answer is not None
    assert store.text(ended.answer) == text


def test_an_identical_long_text_is_written_once(tmp_path: Path) -> None:
    text = "long " * 2_000
    once = written(tmp_path / "one.rlmtrace", STARTED, ev.RunEnded(status="ok", answer=text)).stat().st_size
    asked = ev.ModelAsked(call_id=0, iteration=0, told=ev.Told(system=text, user=text))
    path = written(tmp_path / "two.rlmtrace", STARTED, ROOT, asked, ev.RunEnded(status="ok", answer=text))
    assert path.stat().st_size < once + 1_000
    assert TraceStore.open(path).messages_of(3 if len(TraceStore.open(path).columns) > 4 else 2)[0].content == text


def test_a_long_question_stands_before_the_start_and_the_trace_opens(tmp_path: Path) -> None:
    import msgspec

    store = TraceStore.open(written(tmp_path / "t.rlmtrace", msgspec.structs.replace(STARTED, question="why " * 5_000)))
    assert store.columns.run_started is not None
    assert store.text(store.columns.run_started.question) == "why " * 5_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"not a trace\n",
        b'{"a": 1}\n',
        b'{"seq":0,"t_s":0,"event":{"type":"resumed"}}\n',
        b"x" * 20_000_000,
        b'{"seq":0,"t_s":0,"event":{"type":"run_started","format":9}}\n',
    ],
)
def test_what_is_no_trace_is_said_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.rlmtrace"
    path.write_bytes(data)
    with pytest.raises(UserError, match="not a trace"):
        TraceStore.open(path)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be opened"):
        TraceStore.open(tmp_path / "none")


def test_a_damaged_middle_keeps_what_stands_before_it_and_says_where(sample: Path, tmp_path: Path) -> None:
    lines = sample.read_bytes().splitlines(keepends=True)
    lines[100] = b"{ damaged }\n"
    path = tmp_path / "x.rlmtrace"
    path.write_bytes(b"".join(lines))
    store = TraceStore.open(path)
    assert len(store.columns) == 100
    assert (store.problem or "").startswith("Entry 100:")


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "x.rlmtrace", STARTED)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="never overwritten"):
        TraceWriter(path)
    assert path.read_bytes() == before


def test_running_and_interrupted_differ_by_the_lock(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "x.rlmtrace")
    writer.write(STARTED)
    store = TraceStore.open(writer.path)
    assert store.status() == "running"
    writer.close()
    assert store.status() == "interrupted"


def test_a_failed_write_cuts_back_to_the_last_whole_line_and_ends_all_writing(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the write that crosses it is cut short in the middle."""
    path = tmp_path / "x.rlmtrace"
    script = f"""
import resource, signal
from pathlib import Path
from rlm_desktop.trace.writer import TraceWriter, TraceWriteError
from rlm_desktop.trace.events import Noticed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
from tests.trace.test_store import STARTED
writer = TraceWriter(Path({str(path)!r}))
writer.write(STARTED)
for _ in range(2):
    try:
        while True:
            writer.write(Noticed(message="x" * 900))
    except TraceWriteError as error:
        print(error)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.count("the disk is full") == 2
    data = path.read_bytes()
    assert data.endswith(b"\n")
    store = TraceStore.open(path)
    assert store.problem is None
    assert store.torn_bytes == 0
    assert len(store.columns) > 5


def test_readers_do_not_take_each_other_for_the_writer(tmp_path: Path) -> None:
    from rlm_desktop.trace import lock

    path = written(tmp_path / "x.rlmtrace", STARTED)
    with path.open("rb") as one, path.open("rb") as other:
        fcntl.flock(one.fileno(), fcntl.LOCK_SH)
        assert not lock.is_held(other)


def test_a_small_trace_that_says_one_long_text_time_and_again_fills_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlm_desktop.trace.store._MOST_MESSAGE_CHARS", 50_000)
    turns = [
        event
        for turn in range(12)
        for event in (
            ev.ModelAsked(call_id=0, iteration=turn),
            ev.ModelReplied(call_id=0, iteration=turn, response="long " * 1_000),
        )
    ]
    store = TraceStore.open(written(tmp_path / "long.rlmtrace", STARTED, ROOT, *turns))
    asked = [seq for seq in range(len(store.columns)) if isinstance(store.entry(seq).event, ev.ModelAsked)]
    assert len(store.messages_of(asked[10])) == 10
    with pytest.raises(UserError, match="too long to be shown"):
        store.messages_of(asked[11])
