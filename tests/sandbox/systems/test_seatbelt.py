"""What can be known of the macOS back end without macOS: the profile, how it is handed over, and that its tries can fail."""

from __future__ import annotations

import ctypes
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rlm_desktop.sandbox.child import seatbelt
from rlm_desktop.sandbox.sandbox_exec import SANDBOX_EXEC, confined_command
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS

PACKAGE = Path(seatbelt.__file__).parents[3]


def forms(text: str) -> list[Any]:
    """Read S-expressions; a string is its text with a mark in front, so that it cannot be taken for a symbol."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+', text)
    stack: list[list[Any]] = [[]]
    for token in tokens:
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append("'" + json.loads(token) if token.startswith('"') else token)
    assert len(stack) == 1, "a parenthesis is missing"
    return stack[0]


def allowed(text: str, operation: str) -> list[Any]:
    """Return the filters under which an operation is allowed."""
    return [
        part
        for rule in forms(text)
        if rule[0] == "allow" and operation in rule
        for part in rule[1:]
        if isinstance(part, list)
    ]  # fmt: skip


def test_everything_is_denied_first() -> None:
    assert forms(seatbelt.profile(1))[:2] == [["version", "1"], ["deny", "default"]]


def test_what_default_leaves_out_is_denied_by_name() -> None:
    denied = [name for rule in forms(seatbelt.profile(1)) if rule[0] == "deny" for name in rule[1:] if isinstance(name, str)]
    assert {"process-info*", "nvram*", "iokit-get-properties", "file-map-executable"} <= set(denied)


@pytest.mark.parametrize("is_around_exec", [False, True])
def test_nothing_is_allowed_that_writes_talks_or_starts(is_around_exec: bool) -> None:
    operations = {
        name
        for rule in forms(seatbelt.profile(2, is_around_exec=is_around_exec))
        if rule[0] == "allow"
        for name in rule[1:]
        if isinstance(name, str)
    }
    expected = {"file-read*", "file-map-executable", "file-read-metadata", "sysctl-read"}
    expected |= {"process-info-pidinfo", "process-info-setcontrol", "signal"}
    assert operations == expected | ({"process-exec"} if is_around_exec else set())


def test_nothing_is_allowed_without_a_filter() -> None:
    for rule in forms(seatbelt.profile(2, is_around_exec=True)):
        assert rule[0] != "allow" or any(isinstance(part, list) for part in rule), rule


def test_only_the_process_itself_is_signalled_and_looked_at() -> None:
    text = seatbelt.profile(1)
    assert allowed(text, "signal") == allowed(text, "process-info-pidinfo") == [["target", "self"]]


def test_folders_are_parameters_and_so_no_name_is_read_as_a_rule(tmp_path: Path) -> None:
    evil = tmp_path / '") (allow default) (subpath "\\'
    evil.mkdir()
    folders = seatbelt.resolved([str(evil)], "/Users/someone")
    assert folders == [str(evil)]
    text = seatbelt.profile(len(folders))
    assert "allow default" not in text and str(tmp_path) not in text
    assert ["subpath", ["param", "'READ_0"]] in allowed(text, "file-read*")
    assert seatbelt.parameters(folders) == [("READ_0", str(evil))]


def test_each_folder_has_its_own_parameter() -> None:
    text = seatbelt.profile(3)
    given = [part[1][1] for part in allowed(text, "file-read*") if part[0] == "subpath" and part[1][0] == "param"]
    assert given == ["'READ_0", "'READ_1", "'READ_2"]


def test_no_folder_of_the_system_that_is_readable_is_a_persons_or_writable() -> None:
    paths = [part[1][1:] for part in allowed(seatbelt.profile(0), "file-read*") if isinstance(part[1], str)]
    assert len(paths) > 10
    for path in paths:
        assert path.startswith(("/usr/", "/System/", "/Library/Apple/", "/private/var/db/", "/dev/", "/private/etc/localtime")), path


def test_a_text_is_quoted_for_the_profile() -> None:
    assert forms("(x " + seatbelt._quoted('a"b\\c)') + ")") == [["x", "'a\"b\\c)"]]


def test_a_link_is_readable_under_both_its_names(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    found = seatbelt.resolved([str(tmp_path / "link")], "/Users/someone")
    assert found == [str(tmp_path / "link"), str(tmp_path / "real")]


def test_a_folder_that_is_not_there_is_left_out_and_none_comes_twice(tmp_path: Path) -> None:
    assert seatbelt.resolved([str(tmp_path), str(tmp_path / "none"), str(tmp_path) + "/"], "/Users/someone") == [str(tmp_path)]


@pytest.mark.parametrize("above", [".", "..", "/"])
def test_the_home_and_what_holds_it_are_never_readable(tmp_path: Path, above: str) -> None:
    home = tmp_path / "someone"
    home.mkdir()
    with pytest.raises(OSError, match="the whole home"):
        seatbelt.resolved([os.path.abspath(home / above)], str(home))  # noqa: PTH100  (as it is spelled)


def test_a_link_to_the_home_is_not_readable_either(tmp_path: Path) -> None:
    (tmp_path / "someone").mkdir()
    (tmp_path / "python").symlink_to("someone")
    with pytest.raises(OSError, match="the whole home"):
        seatbelt.resolved([str(tmp_path / "python")], str(tmp_path / "someone"))


def test_the_home_by_another_spelling_is_not_readable_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "someone").mkdir()
    (tmp_path / "SOMEONE").symlink_to("someone")
    monkeypatch.setattr(os.path, "realpath", os.path.abspath)  # a disk that does not tell letters apart knows no other name
    with pytest.raises(OSError, match="the whole home"):
        seatbelt.resolved([str(tmp_path / "SOMEONE")], str(tmp_path / "someone"))


@pytest.mark.parametrize("path", ["/System/Volumes/Data", "/System/Volumes/Data/Users", "/System/Volumes/Data/Users/someone"])
def test_the_home_by_way_of_its_volume_is_not_readable_either(path: str) -> None:
    with pytest.raises(OSError, match="the whole home"):
        seatbelt.resolved([path], "/Users/someone")


def test_a_folder_beside_the_home_with_a_longer_or_shorter_name_is_no_home(tmp_path: Path) -> None:
    for name in ("some", "someone", "someone-else"):
        (tmp_path / name).mkdir()
    assert len(seatbelt.resolved([str(tmp_path / "some"), str(tmp_path / "someone-else")], str(tmp_path / "someone"))) == 2


@pytest.mark.parametrize("path", ["usr/lib", "/usr/li\0b", ""])
def test_what_is_no_whole_path_is_refused(path: str) -> None:
    with pytest.raises(OSError, match="no whole path"):
        seatbelt.resolved([path], "/Users/someone")


Init = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_void_p)
Check = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)


class Library:
    """What apply() calls, as C functions: it is called with real pointers, and reads what they point to."""

    def __init__(self, *, returns: int = 0, confines: bool = True, reason: bytes | None = None) -> None:
        self.profiles: list[bytes] = []
        self.values: list[bytes] = []
        self.asked: list[tuple[int, bytes | None, int]] = []
        self._reason = ctypes.c_char_p(reason)
        is_confined = False

        def init(text: bytes, flags: int, values: int, why: int) -> int:
            nonlocal is_confined
            assert flags == 0
            self.profiles.append(text)
            array = ctypes.cast(values, ctypes.POINTER(ctypes.c_char_p))
            while (value := array[len(self.values)]) is not None:
                self.values.append(value)
            if returns != 0:
                ctypes.cast(why, ctypes.POINTER(ctypes.c_char_p))[0] = self._reason
            is_confined = returns == 0 and confines
            return returns

        def check(pid: int, operation: bytes | None, kind: int) -> int:
            self.asked.append((pid, operation, kind))
            return int(is_confined)

        self.sandbox_init_with_parameters: Any = Init(init)
        self.sandbox_check: Any = Check(check)


def test_the_profile_and_its_parameters_reach_the_system(tmp_path: Path) -> None:
    library = Library()
    assert seatbelt.apply([str(tmp_path), "/usr"], "/Users/someone", library=library) == "Seatbelt"
    assert library.profiles == [seatbelt.profile(2).encode()]
    assert library.values == [b"READ_0", os.fsencode(tmp_path), b"READ_1", b"/usr"]
    assert library.asked == [(os.getpid(), None, 0)]


def test_a_profile_that_is_refused_is_an_error_with_the_systems_words(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="line 3: unbound variable"):
        seatbelt.apply([str(tmp_path)], "/Users/someone", library=Library(returns=-1, reason=b"line 3: unbound variable"))
    with pytest.raises(OSError, match="no reason given"):
        seatbelt.apply([str(tmp_path)], "/Users/someone", library=Library(returns=-1))


def test_success_is_not_believed_where_the_system_knows_of_no_confinement(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is not confined"):
        seatbelt.apply([str(tmp_path)], "/Users/someone", library=Library(confines=False))


@pytest.mark.parametrize("is_confined", [True, False])
def test_without_the_function_only_a_confinement_from_outside_counts(is_confined: bool) -> None:
    class Old:
        sandbox_check: Any = Check(lambda pid, operation, kind: int(is_confined))

    if is_confined:
        assert seatbelt.apply(["/usr"], "/Users/someone", library=Old()) == "Seatbelt (sandbox-exec)"
    else:
        with pytest.raises(OSError, match="sandbox-exec was not put in front"):
            seatbelt.apply(["/usr"], "/Users/someone", library=Old())


def test_the_systems_own_library_says_here_that_it_cannot() -> None:
    if sys.platform == "darwin":
        pytest.skip("here it can, and for good")
    with pytest.raises((OSError, AttributeError)):
        seatbelt.apply(["/usr"], "/Users/someone")


def test_sandbox_exec_stands_in_front_by_its_whole_path_with_folders_as_definitions(tmp_path: Path) -> None:
    strange = tmp_path / "a=b -p (allow default)"
    strange.mkdir()
    inner = [sys.executable, "-s", "start.py"]
    command = confined_command(inner, [str(strange), "/usr"], home="/Users/someone")
    at = command.index("-p")
    assert command[0] == SANDBOX_EXEC and command[at + 2 :] == inner
    assert command[1:5] == ["-D", f"READ_0={strange}", "-D", "READ_1=/usr"]
    assert command[1:at:2] == ["-D"] * ((at - 1) // 2)
    values = [definition.partition("=")[2] for definition in command[2:at:2]]
    assert {os.path.realpath(sys.executable), os.path.realpath(sys.base_exec_prefix)} <= set(values)
    assert len(allowed(command[at + 1], "process-exec")) == len(values)


REPORT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from rlm_desktop.sandbox.child.seatbelt import tries
print(json.dumps(tries(sys.argv[2], outside=sys.argv[3], temporary=sys.argv[2])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Seatbelt is macOS's; its tries need a POSIX system")
def test_unconfined_no_try_counts_as_held_and_nothing_is_left_behind(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    done = subprocess.run(
        [sys.executable, "-c", REPORT, str(PACKAGE), str(tmp_path), str(secret)], capture_output=True, text=True, check=True, timeout=60
    )
    outcomes = json.loads(done.stdout)
    assert [tried for _, tried, _, held in outcomes if held] == []
    assert {outcome for _, _, outcome, _ in outcomes} <= {"worked", "ECONNREFUSED"}
    assert set(REQUIRED_CLAIMS) <= set(Counter(claim for claim, *_ in outcomes))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret"]
