"""What dev.py says of commands that fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from checkout import main
from checkout.commands import Problem, meaning_of, obey


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("OSError: [Errno 13] Permission denied: '/opt/x/.venv/lib'", "not permitted"),
        (
            "NewConnectionError('...: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')",
            "Check the network",
        ),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "Check the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that was pinned"),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "no build of a pinned package"),
        ("Segmentation fault", "said above"),
    ],
)
def test_a_failed_command_ends_in_a_sentence_that_says_what_to_do(output: str, sentence: str) -> None:
    assert sentence in meaning_of(output)


def test_what_a_failed_command_said_is_kept_off_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Problem, match=r"It failed\. The disk is full"):
        obey([sys.executable, "-c", "print('No space left on device'); raise SystemExit(1)"], "It failed")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "No space left on device\n")


def test_every_failed_check_is_named_and_the_rest_still_run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    checks = {"one": ["-c", "raise SystemExit(1)"], "two": ["-c", "print('ran')"], "three": ["-c", "raise SystemExit(3)"]}
    monkeypatch.setattr(main, "CHECKS", checks)
    assert main.failed_checks(Path(sys.executable), []) == 1
    out, err = capfd.readouterr()
    assert out.split() == ["ran"]
    assert "failed: one, three\n" in err


def test_arguments_go_to_pytest_alone(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    show = ["-c", "import sys; print(sys.argv[1:])"]
    monkeypatch.setattr(main, "CHECKS", {"ruff check": show, "pytest": show})
    assert main.failed_checks(Path(sys.executable), ["-k", "map"]) == 0
    assert capfd.readouterr().out.split("\n")[:2] == ["[]", "['-k', 'map']"]
