"""A block that runs into a limit is told which, and what to do."""

from __future__ import annotations

import pytest

from rlm_desktop.sandbox.child.hints import hint
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import SandboxLimits
from tests.sandbox.box import execute, in_sandbox, run

MEMORY = "The REPL may take 1.0 GiB of memory. Delete what is no longer needed, or work on a piece at a time."
FILES = "The REPL may have 40 files open. Close what was opened, best by `with`."
CONFINED = "The REPL has no files, network or other processes, only what is in its variables; the documents are in `context`."
LIMITS = SandboxLimits(memory_bytes=1 << 30, open_files=40)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("'a' * 10**12", MEMORY),
        ("bytearray(6 * 2**30)", MEMORY),
        ("import mmap; mmap.mmap(-1, 60 * 2**30)", MEMORY),
        ("kept = []\nwhile True: kept.append('a' * 10**8)", MEMORY),
        ("kept = []\nwhile True: kept.append(open('/dev/urandom'))", FILES),
        ("x = " + "-" * 100_000 + "1", "The code is nested too deeply for Python's compiler."),
        ("open('/etc/passwd').read()", CONFINED),
        ("open('/tmp/new', 'w')", CONFINED),
        ("import os; os.fork()", CONFINED),
        ("import subprocess; subprocess.run(['ls'])", CONFINED),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", CONFINED),
        ("import urllib.request; urllib.request.urlopen('http://example.com')", CONFINED),
    ],
)
def test_the_last_line_says_which_limit_it_was(code: str, said: str) -> None:
    first, second = run(code, "kept = None\nprint('alive')", limits=LIMITS)
    assert first.is_error and first.stderr.splitlines()[-1] == said
    assert second.stdout == "alive\n"


def test_where_no_descriptor_is_left_for_a_traceback_the_error_is_named_all_the_same() -> None:
    (done,) = run("import os\nwhile True:\n    os.open('/dev/urandom', 0)", limits=LIMITS)
    assert done.stderr.startswith("OSError: [Errno 24] Too many open files: '/dev/urandom' in line 3")


def test_threads_beyond_the_memory_are_told_to_be_fewer() -> None:
    code = "import threading\ngo = threading.Event()\ntry:\n    while True: threading.Thread(target=go.wait).start()\nfinally: go.set()"
    assert run(code, limits=LIMITS)[0].stderr.endswith("Each thread takes memory of the REPL. Use fewer, such as a pool of 16.\n")


def test_an_ordinary_error_has_no_hint() -> None:
    (done,) = run("1 / 0")
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    missing = FileNotFoundError(2, "No such file")
    assert hint(missing, memory_bytes=1, open_files=1, is_confined=False) == ""


def test_an_error_whose_class_raises_has_none_and_ends_nothing() -> None:
    code = "class E(OSError):\n    @property\n    def errno(self): raise KeyboardInterrupt\nraise E"
    first, second = run(code, "print('alive')")
    assert (first.error_type, second.stdout) == ("E", "alive\n")


UNREADABLE = "answer is not taken: reading it raised ZeroDivisionError. Put a str into answer['content']."
TOO_LONG = "answer['content'] is not taken: it has 300,000,000 characters; at most 268,435,456 are possible. Shorten it."


@pytest.mark.parametrize(
    ("content", "said"), [("type('R', (), {'__str__': lambda self: 1 / 0})()", UNREADABLE), ("'x' * 300_000_000", TOO_LONG)]
)
def test_an_answer_that_cannot_be_taken_is_told_and_the_one_before_stays(content: str, said: str) -> None:
    first, second, third = run("answer['content'] = 'before'", f"answer['content'] = {content}", "answer['content'] = 'after'")
    assert first.answer is not None and second.answer == first.answer and not second.answer_changed
    assert second.stderr == said + "\n"
    assert third.answer is not None and third.answer.content == "after"


def test_a_hundred_thousand_variables_do_not_slow_the_blocks_after_them() -> None:
    first, second = run("for i in range(100_000): globals()[f'v{i}'] = i", "print(v99999)\nlast = 1", time_limit_s=10)
    assert (first.is_error, second.stdout) == (False, "99999\n")
    assert second.variables[0].name == "last" and len(second.variables) == 200


def test_a_variable_that_is_too_long_to_be_an_answer_says_so() -> None:
    async def act(sandbox: Sandbox) -> str | None:
        await execute(sandbox, "x = 'x' * 300_000_000")
        return await sandbox.lookup("x")

    assert in_sandbox(act) == "(the variable has 300,000,000 characters; at most 268,435,456 are possible)"
