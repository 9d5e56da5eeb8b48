"""Measures the program: one JSON line a figure.

    python tests/benchmarks/run.py [NAME…] [--runs N] [--list]

Each module beside this file that has `figures()` is measured, in a process of its own. A NAME is a module (`engine`), a figure
(`engine_1000_sub_calls`) or how several begin (`engine_iteration`); a figure's name begins with its module's. A figure is
{"name", "value", "unit", "limit", "ratio"}: the ratio is value to limit, or, where "peer" names it, to a peer measured in the same run.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]


def modules() -> list[str]:
    """Return the names of the modules here that have figures, without importing them."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        if any(isinstance(node, ast.FunctionDef) and node.name == "figures" for node in tree.body):
            found.append(path.stem)
    return found


def wanted_modules(names: Sequence[str]) -> dict[str, list[str]]:
    """Return module -> how the wanted figures begin; nothing wanted of a module is all of it. Raises ValueError for an unknown name."""
    known = modules()
    if not names:
        return {module: [] for module in known}
    wanted: dict[str, list[str]] = {}
    for name in names:
        module = next((one for one in sorted(known, key=len, reverse=True) if name == one or name.startswith(f"{one}_")), None)
        if module is None:
            raise ValueError(f"There is no benchmark {name!r}. There are: {', '.join(known)}.")
        if name == module:
            wanted[module] = []
        elif module not in wanted or wanted[module]:
            wanted.setdefault(module, []).append(name)
    return wanted


def measured(module: str) -> Iterator[dict[str, Any]]:
    """Yield the figures of a module, which is measured in a fresh process with a home of its own, offscreen."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "RLM_DESKTOP_HOME": home}
        # Where the program is used its modules are compiled once.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, str(Path(__file__).resolve()), "--within", module]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield json.loads(line)
    if process.returncode:
        raise RuntimeError(f"{module} could not be measured: it ended with {process.returncode}.")


def medians(module: str, *, runs: int) -> Iterator[dict[str, Any]]:
    """Yield each figure with the median of its values and ratios over several runs of the module."""
    if runs == 1:
        yield from measured(module)
        return
    of_all = [list(measured(module)) for _ in range(runs)]
    for same in zip(*of_all, strict=True):
        yield {**same[0], "value": statistics.median(f["value"] for f in same), "ratio": statistics.median(f["ratio"] for f in same)}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Measure the program: one JSON line a figure.")
    parser.add_argument("names", metavar="NAME", nargs="*", help="a module, a figure, or how several figures begin")
    parser.add_argument("--runs", metavar="N", type=int, default=1, help="print medians of so many runs")
    parser.add_argument("--list", action="store_true", help="print the modules and measure nothing")
    parser.add_argument("--within", metavar="MODULE", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.within is not None:
        for one in importlib.import_module(f"tests.benchmarks.{given.within}").figures():
            print(json.dumps(one), flush=True)
        return 0
    try:
        wanted = wanted_modules(given.names)
    except ValueError as error:
        parser.error(str(error))
    if given.list:
        print(*wanted, sep="\n")
        return 0
    failed = 0
    for module, beginnings in wanted.items():
        try:
            for one in medians(module, runs=max(1, given.runs)):
                if not beginnings or any(one["name"].startswith(beginning) for beginning in beginnings):
                    print(json.dumps(one), flush=True)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    # The folder of this file has modules named like some of Python's own.
    sys.path[0] = str(ROOT)
    raise SystemExit(main(sys.argv[1:]))
