"""The command line of dev.py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from checkout.commands import ROOT, Problem, meaning_of, say
from checkout.environment import LOCKS, ready_environment
from checkout.system import refuse_musl, window_of

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "--strict"],
    # More workers than this only take the time from the programs that the tests start.
    "pytest": ["-m", "pytest", "-n", "auto", "--maxprocesses", "4"],
}


def main(arguments: Sequence[str], usage: str) -> int:
    """Do what the command line asks and return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(usage)
        return 0
    if not arguments or arguments[0] not in LOCKS:
        print(usage, file=sys.stderr)
        return 2
    kind, rest = arguments[0], arguments[1:]
    if kind == "test":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        refuse_musl()
        python = ready_environment(kind, window_of(kind, rest, os.environ))
        return failed_checks(python, rest) if kind == "test" else start(python, rest)
    except Problem as problem:
        print(f"\ndev.py: {problem}", file=sys.stderr)
    except OSError as error:
        print(f"\ndev.py: {error}. {meaning_of(str(error))}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def start(python: Path, arguments: Sequence[str]) -> int:
    """Become the program. `-P`, so that a file in the person's current folder never stands in for a module."""
    command = [str(python), "-P", "-m", "rlm_desktop", *arguments]
    if sys.platform == "win32":  # execv there returns to the shell at once
        return subprocess.call(command)
    os.execv(python, command)


def failed_checks(python: Path, pytest_arguments: Sequence[str]) -> int:
    """Run every check, whatever the others say; return 1 and name those that failed, if any did."""
    failed = []
    for name, command in CHECKS.items():
        say(name)
        if subprocess.call([str(python), *command, *(pytest_arguments if name == "pytest" else [])], cwd=ROOT) != 0:
            failed.append(name)
    if failed:
        print(f"\ndev.py: failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0
