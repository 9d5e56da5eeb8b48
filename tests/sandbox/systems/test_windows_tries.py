"""The tries of the Windows self-test, run where nothing confines and nothing is Windows: none may count as held."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rlm_desktop.sandbox.child import windows_tries
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS

PACKAGE = Path(windows_tries.__file__).parents[3]
REPORT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from rlm_desktop.sandbox.child.windows_tries import tries
print(json.dumps(tries(sys.argv[2])))
"""


def outcomes(folder: Path, system_root: str) -> list[tuple[str, str, str, bool]]:
    command = [sys.executable, "-c", REPORT, str(PACKAGE), system_root]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=folder)
    return [(claim, tried, outcome, held) for claim, tried, outcome, held in json.loads(done.stdout)]


def test_unconfined_no_try_counts_as_held(tmp_path: Path) -> None:
    system_root = os.environ["SYSTEMROOT"] if sys.platform == "win32" else "C:\\Windows"
    found = outcomes(tmp_path, system_root)
    held = {tried for _, tried, _, held in found if held}
    # An ordinary user may not write to Windows' own Temp on every machine; everything else works there.
    assert held <= ({f"create a file in {system_root}\\Temp"} if sys.platform == "win32" else set())
    assert set(REQUIRED_CLAIMS) <= {claim for claim, *_ in found}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a backslash separates folders there")
def test_files_are_made_where_the_try_says_and_removed_again(tmp_path: Path) -> None:
    found = {tried: outcome for _, tried, outcome, _ in outcomes(tmp_path, "C:\\Windows")}
    assert found["create a file in C:\\ProgramData"] == "worked" and list(tmp_path.iterdir()) == []
    assert found["send to 127.0.0.1 (UDP)"] == "worked" and found["connect to 127.0.0.1 (TCP)"] == "ECONNREFUSED"


@pytest.mark.parametrize(("works", "said", "is_one"), [(1, 1, True), (1, 0, False), (0, 1, False)])
def test_windows_is_asked_of_the_process_own_token(works: int, said: int, is_one: bool) -> None:
    asked: list[tuple[int, int, int]] = []

    def answer(token: int, kind: int, room: int, size_bytes: int, returned: int) -> int:
        asked.append((token, kind, size_bytes))
        ctypes.memmove(room, said.to_bytes(4, "little"), 4)
        ctypes.memmove(returned, bytes(4), 4)
        return works

    kinds = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)

    class Library:
        GetTokenInformation: Any = ctypes.CFUNCTYPE(ctypes.c_int, *kinds)(answer)

    assert windows_tries.is_app_container(Library()) is is_one
    assert asked == [((1 << 64) - 4, 29, 4)], "the pseudo handle of one's own token, and TokenIsAppContainer"


@pytest.mark.skipif(sys.platform == "win32", reason="there it depends")
def test_elsewhere_nothing_is_an_appcontainer() -> None:
    assert not windows_tries.is_app_container()
