"""Starts the real program as a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rlm_desktop.program import program_command


def program(
    *arguments: str | Path, stdin: bytes | None = None, timeout_s: float = 60.0, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the program to its end and return what it printed. `stdin` None is /dev/null, anything else comes through a pipe."""
    return subprocess.run(program_command(*map(str, arguments)), input=stdin, capture_output=True, timeout=timeout_s, env=env, check=False)
