"""How long the largest sample takes to be made."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rlm_desktop.program import program_command
from tests.benchmarks.figure import figure, home_environment, run_whole


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        started_s = time.perf_counter()
        run_whole(program_command("sample", "needle", "--tokens", "10000000", "-o", str(home / "needle")), home_environment(home))
        yield figure("samples_needle_10_m_tokens", time.perf_counter() - started_s, "s", 5.0)
