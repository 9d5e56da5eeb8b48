"""Which pages the inspector has for what, and what they are called."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication

from rlm_desktop.gui.inspector.subject import Kind

PageName = Literal["prompt", "asked", "code", "output", "reply", "vars", "calls", "run", "raw"]
PAGES: dict[Kind, tuple[PageName, ...]] = {
    "run": ("run", "raw"),
    "call": ("prompt", "code", "output", "vars", "raw"),
    "iteration": ("prompt", "code", "output", "vars", "raw"),
    "plain": ("asked", "reply", "raw"),
    "fan": ("calls",),
}
FIRST: dict[Kind, PageName] = {"run": "run", "call": "code", "iteration": "code", "plain": "asked", "fan": "calls"}


def page_words(name: PageName) -> str:
    """Return the name of a page as its tab shows it."""
    return {
        "prompt": _tr("Prompt"), "asked": _tr("Prompt"), "code": _tr("Code"), "output": _tr("Output"), "reply": _tr("Reply"),
        "vars": _tr("Vars"), "calls": _tr("Calls"), "run": _tr("Run"), "raw": _tr("Raw"),
    }[name]  # fmt: skip


def _tr(words: str) -> str:
    return QCoreApplication.translate("Inspector", words)
