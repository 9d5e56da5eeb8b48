"""What takes over the process that reads a document gets nothing by it: each attack first unconfined, to prove that it is one here."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlm_desktop.documents import reader_process, zygote
from rlm_desktop.documents.forked_worker import Zygote
from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.read_file import read_stream
from rlm_desktop.documents.reader_process import ReaderHeld, ReaderProcess
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.started_worker import Worker
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.documents.worker import FORKED
from rlm_desktop.sandbox import claims
from rlm_desktop.sandbox.claims import Outside, look
from rlm_desktop.sandbox.values import Confinement
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from tests.documents.reading import make

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this is Linux's confinement")
ROOT = Path(__file__).resolve().parents[2]
# In the place of every reader: it runs the document as a program, as one would that a document has taken over.
WORKER = """
import ctypes, errno, fcntl, os, socket, subprocess, sys, tempfile
sys.path.insert(0, {root!r})
from rlm_desktop.documents import worker

def read(file, draft):
    draft.file = file
    code = file.read(100_000).decode().removeprefix("{{\\\\rtf1 ").partition("#END")[0]
    draft.write("words ")
    try:
        exec(code, {{**globals(), "draft": draft}})
    except (OSError, subprocess.SubprocessError) as error:
        draft.write(errno.errorcode.get(getattr(error, "errno", 0) or 0, type(error).__name__))

{more}
worker.reader_of = lambda kind: read
if __name__ == "__main__":
    sys.exit(worker.main(sys.argv[1:]))
"""


def command(more: str = "") -> list[str]:
    return [sys.executable, "-P", "-c", WORKER.format(root=str(ROOT), more=more)]


NO_CONFINEMENT = """
def confine(**_):
    raise worker.NotConfined("There is no lock on this door.")
worker.confine = confine
"""


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


@pytest.fixture
def port() -> Iterator[int]:
    """Return the port of a server that listens on this computer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def outcomes_of(
    store: TextStore, folder: Path, programs: list[str], reader: ReaderProcess | None = None
) -> list[DocumentRead | DocumentRefused]:
    files = {f"{number:03}.rtf": f"{{\\rtf1 {program}#END\n}}" for number, program in enumerate(programs)}
    make(folder, files)
    choices = [DocumentChoice(path=str(folder / name)) for name in files]
    return list(read_documents(choices, store, on_progress=lambda progress: None, reader=reader or ReaderProcess(None, command())))


def said(store: TextStore, folder: Path, programs: list[str], reader: ReaderProcess | None = None) -> list[str]:
    """Return what these programs wrote in the place of a reader."""
    outcomes = outcomes_of(store, folder, programs, reader)
    assert all(isinstance(one, DocumentRead) for one in outcomes), outcomes
    return [store.read(one.text_sha256).removeprefix("words ") for one in outcomes if isinstance(one, DocumentRead)]


ATTACKS = {
    "read a file": "draft.write(open({secret!r}).read())",
    "map a file by the C library": (
        "fd = ctypes.CDLL(None, use_errno=True).open({secret!r}.encode(), 0)\n"
        "if fd < 0: raise OSError(ctypes.get_errno(), '')\n"
        "draft.write(os.read(fd, 99).decode())"
    ),
    "list a folder": "draft.write('KEY' if os.listdir({folder!r}) else '')",
    "read its parent's environment": "open(f'/proc/{{os.getppid()}}/environ').read(); draft.write('KEY')",
    "write a file": "open({folder!r} + '/made', 'w').close(); draft.write('KEY')",
    "make a temporary folder": "os.rmdir(tempfile.mkdtemp(dir='/tmp')); draft.write('KEY')",
    "overwrite a file": "os.close(os.open({secret!r}, os.O_WRONLY)); draft.write('KEY')",
    "take a file's rights": "os.chmod({secret!r}, 0o600); draft.write('KEY')",
    "connect": "socket.create_connection(('127.0.0.1', {port})).close(); draft.write('KEY')",
    "listen": "socket.create_server(('127.0.0.1', 0)).close(); draft.write('KEY')",
    "fork": "pid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0)\ndraft.write('KEY')",
    "run a program": "subprocess.run(['/bin/sh', '-c', 'exit 0'], check=True); draft.write('KEY')",
    "signal its parent": "os.kill(os.getppid(), 0); draft.write('KEY')",
}


@pytest.mark.parametrize("is_shared", [False, True])
def test_an_attack_that_works_unconfined_fails_confined(is_shared: bool, store: TextStore, tmp_path: Path, port: int) -> None:
    secret = make(tmp_path / "home", {"id_rsa": "KEY"}) / "id_rsa"
    programs = [attack.format(secret=str(secret), folder=str(secret.parent), port=port) for attack in ATTACKS.values()]
    found: dict[Confinement, list[str]] = {}
    confinements: tuple[Confinement, ...] = ("unconfined", "required")
    for confinement in confinements:
        reader = ReaderProcess(None, command(), confinement=confinement, is_shared=is_shared)
        found[confinement] = said(store, tmp_path / "documents", programs, reader)
        (secret.parent / "made").unlink(missing_ok=confinement == "required")
    assert dict(zip(ATTACKS, found["unconfined"], strict=True)) == dict.fromkeys(ATTACKS, "KEY")
    worked = [attack for attack, outcome in zip(ATTACKS, found["required"], strict=True) if "KEY" in outcome]
    assert not worked


def test_a_worker_that_takes_over_finds_no_descriptor_but_its_own(store: TextStore, tmp_path: Path) -> None:
    program = "draft.write(str([fd for fd in range(256) if is_open(fd)]))"
    defined = "def is_open(fd):\n    try: os.fstat(fd)\n    except OSError: return False\n    return True\n"
    null, pipes = [0, 1, 2], 2
    for found in said(store, tmp_path, [program] * 4, ReaderProcess(None, command(defined))):
        descriptors = [int(word) for word in found.strip("[]").split(",")]
        assert descriptors[:3] == null
        assert len(descriptors) == len(null) + pipes


def test_what_a_document_does_to_its_reader_does_not_reach_the_next(store: TextStore, tmp_path: Path) -> None:
    take_over = "worker.stolen = True; draft.write(str(os.getpid()))"
    tell = "draft.write(f\"{os.getpid()} {hasattr(worker, 'stolen')}\")"
    first, *later = said(store, tmp_path, [take_over, tell, tell, tell])
    assert [word for one in later for word in one.split()[1:]] == ["False"] * 3
    assert len({first, *(one.split()[0] for one in later)}) == 4


def test_a_fork_finds_all_that_it_confines_itself_with_already_imported(store: TextStore, tmp_path: Path) -> None:
    at_birth = "os.register_at_fork(after_in_child=lambda: setattr(worker, 'at_birth', set(sys.modules)))"
    found = said(
        store, tmp_path, ["draft.write(str(sorted(set(sys.modules) - worker.at_birth)))"] * 2, ReaderProcess(None, command(at_birth))
    )
    assert found == ["[]", "[]"]


def test_of_very_many_documents_few_small_ones_share_a_process(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "_OWN", 3)
    monkeypatch.setattr(reader_process, "_TOGETHER", 2)
    pids = said(store, tmp_path, ["draft.write(str(os.getpid()))"] * 9)
    counts = sorted(pids.count(pid) for pid in set(pids))
    assert counts == [1, 1, 1, 2, 2, 2]
    monkeypatch.setattr(reader_process, "_SMALL_BYTES", 0)
    assert len(set(said(store, tmp_path, ["draft.write(str(os.getpid()))"] * 9))) == 9


def test_a_document_that_is_handed_over_cannot_be_written(store: TextStore, tmp_path: Path) -> None:
    program = "draft.write(str(fcntl.fcntl(draft.file.fileno(), fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY))"
    data = f"{{\\rtf1 {program}#END".encode() + b" " * 2_000_000 + b"}"
    path = make(tmp_path, {"a.rtf": data}) / "a.rtf"
    with path.open("rb") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_process, "program_command", lambda *_: command())
        # What comes from a pipe lies in a file of ours that can be written.
        document = read_stream(file, "a.rtf", store)
    assert store.read(document.text_sha256) == "words True"


def test_where_no_process_can_be_confined_formats_are_refused_and_plain_texts_read(store: TextStore, tmp_path: Path) -> None:
    make(tmp_path, {"a.rtf": "{\\rtf1 words}", "b.rtf": "{\\rtf1 words}", "c.txt": "words"})
    choices = [DocumentChoice(path=str(tmp_path / name)) for name in ("a.rtf", "b.rtf", "c.txt")]
    for is_shared in (False, True):
        reader = ReaderProcess(None, command(NO_CONFINEMENT), is_shared=is_shared)
        first, second, plain = read_documents(choices, store, on_progress=lambda progress: None, reader=reader)
        for refused in (first, second):
            assert isinstance(refused, DocumentRefused)
            assert "could not be confined" in refused.reason
            assert "There is no lock on this door." in refused.reason
            assert "--confinement unconfined" in refused.reason
        assert isinstance(plain, DocumentRead)


@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize(
    "answers",
    [["landlock_create_ruleset=ENOSYS"], ["landlock_restrict_self=nothing"], ["seccomp=ENOSYS"], ["seccomp=nothing"]],
    ids=" ".join,
)
def test_where_the_kernel_does_not_confine_no_document_is_handed_over(
    answers: list[str], is_shared: bool, store: TextStore, tmp_path: Path
) -> None:
    stage = [sys.executable, str(ROOT / "tests" / "redteam" / "refusing.py"), *answers, "--", *command()]
    (refused,) = outcomes_of(store, tmp_path, ["draft.write('KEY')"], ReaderProcess(None, stage, is_shared=is_shared))
    assert isinstance(refused, DocumentRefused)
    assert "could not be confined" in refused.reason


def test_a_filter_that_the_kernel_does_not_show_is_not_believed(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "look", lambda pid: Outside())
    (refused,) = outcomes_of(store, tmp_path, ["draft.write('KEY')"])
    assert isinstance(refused, DocumentRefused)
    assert "from outside the kernel shows no filter" in refused.reason


def test_a_worker_that_tried_nothing_is_not_believed(store: TextStore, tmp_path: Path) -> None:
    lie = "worker.confine = lambda **_: ('nothing', [])"
    (refused,) = outcomes_of(store, tmp_path, ["draft.write('KEY')"], ReaderProcess(None, command(lie)))
    assert isinstance(refused, DocumentRefused)
    assert "Nothing was tried." in refused.reason


def test_a_process_that_hangs_while_it_confines_itself_is_killed(store: TextStore, tmp_path: Path) -> None:
    hang = "import threading; worker.confine = lambda **_: threading.Event().wait()"
    (refused,) = outcomes_of(store, tmp_path, ["draft.write('KEY')"], ReaderProcess(ReadingLimits(start_s=1.0), command(hang)))
    assert isinstance(refused, DocumentRefused)
    assert "takes more than 1.0 seconds" in refused.reason


def test_a_look_that_failed_once_is_taken_again(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [Outside()]
    monkeypatch.setattr(claims, "look", lambda pid: looks.pop() if looks else look(pid))
    assert said(store, tmp_path, ["draft.write('read')"]) == ["read"]
    assert not looks


def test_by_name_documents_are_read_unconfined(store: TextStore, tmp_path: Path) -> None:
    reader = ReaderProcess(None, command(NO_CONFINEMENT), confinement="unconfined")
    assert said(store, tmp_path, ["draft.write('read')"], reader) == ["read"]


@pytest.mark.parametrize("whom", ["os.getppid()", "os.getpid()"])
def test_a_process_that_dies_costs_one_document(whom: str, store: TextStore, tmp_path: Path) -> None:
    die = f"os.kill({whom}, {int(signal.SIGKILL)}); import time; time.sleep(20)"
    good = "draft.write('read')"
    reader = ReaderProcess(None, command(), confinement="unconfined")
    outcomes = outcomes_of(store, tmp_path, [good, good, die, good, good], reader)
    assert [isinstance(one, DocumentRead) for one in outcomes] == [True, True, False, True, True]


def test_a_spare_that_died_costs_no_document(store: TextStore, tmp_path: Path) -> None:
    reader = ReaderProcess(None, command())
    make(tmp_path, {f"{number}.rtf": f"{{\\rtf1 draft.write('{number}')#END}}" for number in range(4)})
    choices = [DocumentChoice(path=str(tmp_path / f"{number}.rtf")) for number in range(4)]
    found = []
    for outcome in read_documents(choices, store, on_progress=lambda progress: None, reader=reader):
        assert isinstance(outcome, DocumentRead)
        found.append(store.read(outcome.text_sha256))
        for spare in reader._spares:
            os.kill(spare._process.pid, signal.SIGKILL)
    assert found == [f"words {number}" for number in range(4)]


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_process_that_was_given_nothing_says_what_it_holds_and_one_that_cannot_be_confined_says_why(is_shared: bool) -> None:
    with ReaderProcess(is_shared=is_shared) as reader:
        held = reader.held()
    assert not held.reason and "seccomp" in held.held_by
    assert {claim.name for claim in held.claims if claim.held} >= {"files read", "files write", "network", "processes"}
    with ReaderProcess(None, command(NO_CONFINEMENT), is_shared=is_shared) as reader:
        assert reader.held() == ReaderHeld(reason="There is no lock on this door.")
    with ReaderProcess(None, [sys.executable, "-c", "raise SystemExit(3)"], is_shared=is_shared) as reader:
        assert reader.held().reason


def test_the_process_that_workers_are_forked_from_kills_none_but_its_own() -> None:
    source = Zygote([*command(), "required", FORKED])
    worker, other = source.fork(), source.fork()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        was = worker.pid
        worker.kill()
        while worker.poll() is None:
            continue
        for number in (was, bystander.pid):
            source.tell(zygote.KILL, zygote.NUMBER.pack(number))
            source.tell(zygote.END, zygote.NUMBER.pack(number))
        assert other.poll() is None
        bystander.communicate(b"\n")
    assert bystander.returncode == 0
    worker.close()
    other.close()
    source.end()


def test_the_time_of_a_worker_begins_only_when_it_can_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Zygote([*command(), "required", FORKED])
    process = source.fork()
    worker = Worker(process, ReadingLimits(), 1 << 30, "required")
    settle, were_timed = source.settle, []

    def settled() -> None:
        were_timed.append(worker._watch._is_waiting)
        settle()

    monkeypatch.setattr(source, "settle", settled)
    document = Source(file=io.BytesIO(b"{\\rtf1 #END}"), name="a.rtf", size=12)
    worker.read(document, "rtf", lambda text: None)
    assert were_timed == [False]
    worker.end(0.0)
    source.end()
