"""Where the window's source hands a text to Qt, it goes through the one place that makes it plain. Read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rlm_desktop.gui

ROOT = Path(rlm_desktop.gui.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
FOREIGN = ROOT / "look" / "foreign.py"

# What a method of Qt is given -> by which functions of `look/foreign.py` it may have come.
MADE_PLAIN = {
    "setToolTip": {"plain_tip"},
    "setStatusTip": {"plain_tip"},
    "setWhatsThis": {"plain_tip"},
    "showText": {"plain_tip"},
    "setAccessibleName": {"in_line", "in_lines"},
    "setAccessibleDescription": {"in_line", "in_lines"},
    "setWindowTitle": {"in_title"},
}
WHICH_ARGUMENT = {"showText": 1}
# Widgets that take their text for markup, load what it names or lay out whole paragraphs; the file that may, if one may.
FORBIDDEN = {
    "QLabel": "look/controls.py", "QListWidget": "models/models_page.py", "QMessageBox": "", "QTextBrowser": "", "QTextEdit": "",
    "QPlainTextEdit": "", "QErrorMessage": "", "QTextDocument": "", "QStaticText": "", "QSystemTrayIcon": "", "QComboBox": "",
    "QTreeWidget": "", "QTableWidget": "",
}  # fmt: skip


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
            yield node


def is_plain(given: ast.expr, makers: set[str], tree: ast.AST) -> bool:
    """Say whether an argument is a constant of ours, made plain, or a name for one of these."""
    if isinstance(given, ast.Constant):
        return True
    if isinstance(given, ast.IfExp):
        return is_plain(given.body, makers, tree) and is_plain(given.orelse, makers, tree)
    if isinstance(given, ast.Call):
        name = getattr(given.func, "attr", getattr(given.func, "id", ""))
        if name in makers:
            return True
        # A translated constant, or one with figures of ours in it.
        return name in ("tr", "_tr") and isinstance(given.args[0], ast.Constant)
    if isinstance(given, ast.Name):
        assignments = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
        assigned = [node.value for node in assignments if [getattr(target, "id", "") for target in node.targets] == [given.id]]
        return bool(assigned) and all(is_plain(value, makers, tree) for value in assigned)
    return False


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_qt_may_interpret_is_made_plain_first(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for method, makers in MADE_PLAIN.items():
        for call in calls(tree, method):
            given = call.args[WHICH_ARGUMENT.get(method, 0)]
            assert is_plain(given, makers, tree), f"{path.name}:{call.lineno}: {method}({ast.unparse(given)})"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_widget_is_used_that_interprets_or_loads(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    for name, allowed in FORBIDDEN.items():
        assert name not in used or path.relative_to(ROOT).as_posix() == allowed, f"{path.name} uses {name}"


def test_a_tip_of_an_item_is_made_plain() -> None:
    """Models answer for a role with what a tip shows."""
    found = 0
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.If) and "ToolTipRole" in ast.unparse(node.test):
                returned = next(inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return))
                assert isinstance(returned, ast.Call) and getattr(returned.func, "id", "") == "plain_tip", f"{path.name}:{node.lineno}"
                found += 1
    assert found >= 5


def test_the_clipboard_and_the_browser_have_one_place_each() -> None:
    written = {path.relative_to(ROOT).as_posix() for path in MODULES if "clipboard().set" in path.read_text("utf-8")}
    assert written == {"clipboard.py"}
    opened = [f"{path.name}: {ast.unparse(call)}" for path in MODULES for call in calls(ast.parse(path.read_text("utf-8")), "openUrl")]
    assert opened == ["conductor.py: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))"]


def test_what_is_painted_goes_through_one_function() -> None:
    """`paint.text` draws single lines, `text_canvas.py` laid-out ones; nothing else hands a text to a painter."""
    drawing = {path.relative_to(ROOT).as_posix() for path in MODULES if "drawText(" in path.read_text("utf-8")}
    assert drawing == {"look/paint.py"}
    laid_out = {path.relative_to(ROOT).as_posix() for path in MODULES if "QTextLayout(" in path.read_text("utf-8")}
    assert laid_out == {"look/text_lines.py"}
