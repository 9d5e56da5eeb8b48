"""The architecture, checked: imports go one way, and what is heavy is imported on first use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "rlm_desktop"
MODULES = sorted(ROOT.rglob("*.py"))

# package -> (our packages that it may import, third-party packages that it may import); itself it always may.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "__init__": (set(), set()),
    "__main__": ({"cli", "gui", "streams", "errors"}, set()),
    "gui": (
        {"trace", "present", "servers", "program", "paths", "own_process", "redact", "errors"},
        {"PySide6", "shiboken6", "numpy", "msgspec"},
    ),
    "samples": ({"paths", "errors"}, set()),
    "cli": (
        {
            "engine",
            "documents",
            "samples",
            "sandbox",
            "trace",
            "analysis",
            "present",
            "servers",
            "program",
            "paths",
            "streams",
            "own_process",
            "redact",
            "errors",
        },
        {"msgspec"},
    ),
    "present": ({"trace", "analysis", "errors"}, {"msgspec", "numpy", "pygments", "networkx"}),
    "analysis": ({"trace"}, {"numpy"}),
    "engine": (
        {"trace", "sandbox", "documents", "servers", "paths", "redact", "errors"},
        {"msgspec", "openai", "httpx2", "genai_prices", "keyring"},
    ),
    "documents": (
        {"trace", "sandbox", "program", "paths", "errors"},
        {
            "msgspec",
            "charset_normalizer",
            "pathspec",
            "pypdfium2",
            "selectolax",
            "lxml",
            "python_calamine",
            "pysubs2",
            "striprtf",
        },
    ),
    "sandbox": ({"errors"}, {"msgspec"}),
    "trace": ({"errors"}, {"msgspec", "numpy"}),
    "servers": ({"paths", "errors"}, {"msgspec"}),
    "program": (set(), set()),
    "streams": ({"redact", "trace", "errors"}, set()),
    "redact": (set(), set()),
    "own_process": (set(), set()),
    "paths": ({"errors"}, {"platformdirs"}),
    "errors": (set(), set()),
}
# The file that wraps a heavy package is the only one that imports it.
ONE_FILE_EACH = {"openai", "httpx2", "genai_prices", "keyring", "networkx", "charset_normalizer", "platformdirs"}


def imported_names(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each imported module's dotted name, with where it is imported ("file:line")."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            yield from ((alias.name, where) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{where}: relative import"
            name = node.module or ""
            # `from rlm_desktop import paths` names a layer in what follows the import.
            yield from ((f"{name}.{alias.name}" if name == "rlm_desktop" else name, where) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0].removesuffix(".py")
    ours, others = MAY_IMPORT[package]
    for name, where in imported_names(path):
        top, _, rest = name.partition(".")
        if top == "rlm_desktop":
            layer = rest.partition(".")[0]
            assert layer in ours | {package, "", "__version__"}, f"{where}: {package} may not import {name}"
        else:
            assert top in sys.stdlib_module_names | others, f"{where}: {package} may not import {name}"


def test_a_heavy_package_is_imported_by_one_file() -> None:
    users: dict[str, set[str]] = {}
    for path in MODULES:
        for name, _ in imported_names(path):
            users.setdefault(name.partition(".")[0], set()).add(path.relative_to(ROOT).as_posix())
    assert {name: files for name, files in users.items() if name in ONE_FILE_EACH and len(files) > 1} == {}


def test_what_runs_in_the_sandbox_is_standard_library_only() -> None:
    for path in ROOT.glob("sandbox/child/*.py"):
        for name, where in imported_names(path):
            if name.startswith("rlm_desktop.sandbox.child"):
                continue
            assert name.partition(".")[0] in sys.stdlib_module_names, f"{where}: {name} is not there in the sandbox"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("rlm_desktop", ["PySide6", "openai", "numpy", "msgspec", "asyncio"]),
        ("rlm_desktop.engine", ["PySide6", "openai", "httpx2", "networkx", "genai_prices", "keyring", "pydantic"]),
        ("rlm_desktop.cli", ["PySide6", "openai", "httpx2", "networkx", "genai_prices", "keyring", "pydantic"]),
        ("rlm_desktop.present", ["PySide6", "networkx"]),
        ("rlm_desktop.gui", ["openai", "networkx", "genai_prices", "keyring"]),
    ],
)
def test_importing_a_layer_does_not_import_what_is_heavy(module: str, absent: list[str]) -> None:
    report = f"import sys, {module}; print(*(name for name in {absent!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, cwd=ROOT.parent, check=False, timeout=60)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")
