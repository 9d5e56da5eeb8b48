"""A process that holds keys is closed to others of the same person, and its environment is emptied of them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rlm_desktop.own_process import forget_variables

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

KEY = "canary-own-0123456789"
# The rights of root would see everything; and who changes who they are is closed by that already.
AS_ORDINARY_PERSON = """
import ctypes, fcntl, os, sys
from rlm_desktop.own_process import close_to_others, forget_variables
from rlm_desktop.sandbox.context import ContextFile
from rlm_desktop.sandbox.values import ContextPart
os.geteuid() or os.setuid(65534)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
"""
HOLDER = """
if sys.argv[1] == "closed":
    close_to_others()
if sys.argv[2] == "forgotten":
    forget_variables(["MY_KEY", "NOT_THERE"])
print(os.environ.get("MY_KEY", ""), flush=True)
sys.stdin.read()
"""
LOOK = """
found = []
for name in ("environ", "maps", "fd"):
    try:
        os.listdir(f"/proc/{sys.argv[1]}/fd") if name == "fd" else open(f"/proc/{sys.argv[1]}/{name}", "rb").read(1)
    except OSError:
        continue
    found.append(name)
print(*found)
"""


def holder(*how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", AS_ORDINARY_PERSON + HOLDER, *how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "MY_KEY": KEY, "OTHER": "stays"},
    )  # fmt: skip


def done_by_ordinary_person(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", AS_ORDINARY_PERSON + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.parametrize(("how", "seen"), [("open", "environ maps fd"), ("closed", "")])
def test_another_process_of_the_same_person_sees_into_one_that_is_closed_no_more(how: str, seen: str) -> None:
    with holder(how, "kept") as held:
        assert held.stdout is not None
        assert held.stdout.readline() == f"{KEY}\n"
        looked = done_by_ordinary_person(LOOK, str(held.pid))
        held.communicate()
    assert looked == seen


def test_a_closed_process_can_still_give_a_sandbox_its_context() -> None:
    code = "close_to_others(); file = ContextFile(); file.fill([ContextPart(text='some text')]); print(os.read(file.read_fd, 100).decode())"
    assert done_by_ordinary_person(code) == "some text"


def test_no_core_is_dumped() -> None:
    code = "import resource; from rlm_desktop.own_process import close_to_others as close; close(); "
    code += "print(resource.getrlimit(resource.RLIMIT_CORE))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout == "(0, 0)\n"


def test_a_variable_that_is_forgotten_is_neither_inherited_nor_shown_by_the_system() -> None:
    with holder("open", "forgotten") as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "\n"
        environment = Path(f"/proc/{held.pid}/environ").read_bytes()
        held.communicate()
    assert KEY.encode() not in environment
    assert b"OTHER=stays" in environment


def test_of_a_variable_that_c_code_has_made_shorter_nothing_beside_it_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    memory = ctypes.create_string_buffer(b"MY_KEY=short\0what lies beside it")
    ctypes.CDLL(None).putenv(memory)
    forget_variables(["MY_KEY"])
    assert memory.raw == b"MY_KEY=\0\0\0\0\0\0what lies beside it\0"


def test_an_environment_that_is_not_the_processs_own_merely_loses_the_names() -> None:
    environment = {"A": "1", "B": "2"}
    forget_variables(["A", "C"], environment)
    assert environment == {"B": "2"}
