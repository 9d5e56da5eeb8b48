"""The benchmarks can be found, and every figure has the form that is promised. What they measure is no test's business."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import engine, run, trace
from tests.benchmarks.figure import cpu_s, figure, percentile, tree_memory_bytes

SCRIPT = Path(run.__file__)


def test_the_modules_with_figures_are_listed() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), "--list"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == run.modules()
    assert {"engine", "large", "sandbox", "trace", "window"} <= set(run.modules())
    assert not {"run", "figure", "window_parts"} & set(run.modules())


def test_a_name_is_a_module_a_figure_or_how_several_begin() -> None:
    assert run.wanted_modules(["engine", "trace_open"]) == {"engine": [], "trace": ["trace_open"]}
    assert run.wanted_modules(["trace_open", "trace"]) == {"trace": []}
    assert run.wanted_modules(["trace", "trace_open"]) == {"trace": []}
    with pytest.raises(ValueError, match="There is no benchmark 'speed'"):
        run.wanted_modules(["speed"])


def test_a_figure_says_its_ratio_to_the_limit_or_to_its_peer() -> None:
    assert figure("a_b", 1.23456, "s", 2.0) == {"name": "a_b", "value": 1.235, "unit": "s", "limit": 2.0, "ratio": 0.6173}
    assert figure("a_c", 3.0, "s", 9.0, peer="a_b", ratio=1.5)["peer"] == "a_b"


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.99), percentile(values, 0.5), percentile([7.0], 0.99)) == (99.0, 50.0, 7.0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_that_of_a_process_and_those_below_it() -> None:
    command = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        held = tree_memory_bytes(process.pid)
        assert len(held) == 2
        assert cpu_s(process.pid) > 0
        process.stdin.close()


def test_what_is_measured_is_measured(tmp_path: Path) -> None:
    assert 0 < trace.open_s(trace.large(tmp_path / "run.rlmtrace", 20)) < 10
    assert 0 < engine.iteration_s(3) < 10
    assert 0 < engine.sub_calls_s(4) < 10
