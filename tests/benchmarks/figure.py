"""The form of a figure, and what several benchmarks measure with."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any


def figure(name: str, value: float, unit: str, limit: float, *, peer: str | None = None, ratio: float | None = None) -> dict[str, Any]:
    """Return a figure. `ratio` is that to the limit; with `peer`, that to what is named so, which was measured in the same run."""
    made = {
        "name": name,
        "value": rounded(value),
        "unit": unit,
        "limit": limit,
        "ratio": rounded(value / limit if ratio is None else ratio),
    }
    return made if peer is None else {**made, "peer": peer}


def rounded(value: float) -> float:
    """Return `value` to four digits; more would be noise."""
    return float(f"{value:.4g}")


def median(measure: Callable[[], float], *, runs: int) -> float:
    return statistics.median(measure() for _ in range(runs))


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that at least `share` of all are not above."""
    return sorted(values)[max(0, min(len(values) - 1, round(share * len(values)) - 1))]


def tree_memory_bytes(root: int) -> dict[int, int]:
    """Return process -> memory of `root` and all below it; what is shared counts in equal parts with all who share it (PSS). Linux."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, front = {root}, {root}
    while front:
        front = {process for process, parent in parents.items() if parent in front}
        found |= front
    return {process: size for process in found if (size := _pss_bytes(process)) > 0}


def _pss_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def cpu_s(process: int) -> float:
    """Return the CPU time of all threads of a process so far, to the nanosecond. Linux only."""
    tasks = Path(f"/proc/{process}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def run_whole(command: Sequence[str], environment: Mapping[str, str], *, given: Path | None = None) -> None:
    """Run a program to its end, with the file `given` as its stdin. Raises RuntimeError with what it complained of."""
    with Path(os.devnull if given is None else given).open("rb") as stdin:
        done = subprocess.run(command, stdin=stdin, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[-12:])} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')[-2_000:]}")


def home_environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment for a program that keeps everything below `home`."""
    return {**os.environ, "RLM_DESKTOP_HOME": str(home), **more}
