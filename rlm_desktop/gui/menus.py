"""The actions of the window: their words, keys and places in the menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup

from rlm_desktop.gui.actions import Actions
from rlm_desktop.gui.look.theme import Choice, Themes
from rlm_desktop.gui.samples import further_samples

THEMES: tuple[Choice, ...] = ("system", "light", "dark")


def _tr(words: str) -> str:
    return QCoreApplication.translate("Menus", words)


def interrupt_meaning() -> str:
    return _tr("Ends the block of code that runs; the call goes on and its model is told")


def register(actions: Actions, acts: dict[str, Callable[[], None]]) -> None:
    """Register every action; `acts` says what each does, by key."""

    def add(key: str, menu: str, words: str, *keys: str, meaning: str = "", is_on_canvas: bool = False) -> None:
        actions.add(key, menu, words, acts[key], keys=keys, meaning=meaning, is_on_canvas=is_on_canvas)

    file, run, view, go, help_ = _tr("&File"), _tr("&Run"), _tr("&View"), _tr("&Go"), _tr("&Help")
    add("open_trace", file, _tr("&Open a trace…"), "Ctrl+O")
    add("add_documents", file, _tr("&Add documents…"), "Ctrl+Shift+O")
    add("add_folder", file, _tr("Add a &folder…"))
    add("paste_document", file, _tr("&Paste text as a document"), "Ctrl+V", "Ctrl+Shift+V")
    add("undo", file, _tr("&Undo remove"), "Ctrl+Z")
    actions.line()
    add("save_copy", file, _tr("&Save a copy of the trace…"), "Ctrl+S")
    add("save_answer", file, _tr("Save the ans&wer…"), "Ctrl+Shift+S")
    add("copy_answer", file, _tr("&Copy the answer"), "Ctrl+Shift+C")
    add("reveal", file, _tr("Show the trace in its fol&der"))
    actions.line()
    add("quit", file, _tr("&Quit"), "Ctrl+Q")

    add("run", run, _tr("&Run"), "Ctrl+Return", "Ctrl+Enter")
    add("pause", run, _tr("&Pause at the next safe point"), "F6")
    add("resume", run, _tr("&Continue"), "F5")
    add("stop", run, _tr("&Stop the run"), "Shift+F5")
    add("stop_call", run, _tr("Stop the chosen ca&ll"), meaning=_tr("Ends the call and all that it called; the run goes on"))
    add("interrupt", run, _tr("In&terrupt its block"), "Ctrl+.", meaning=interrupt_meaning())
    actions.line()
    add("sample", run, _tr("Run the sa&mple"))
    add("models", run, _tr("M&odels"))
    add("limits", run, _tr("L&imits"))
    add("confinement", run, _tr("Con&finement"))

    add("view_map", view, _tr("&Map"), "Ctrl+1")
    add("view_document", view, _tr("&Documents"), "Ctrl+5")
    actions.line()
    add("left_side", view, _tr("Documents and &runs at the side"), "Ctrl+B")
    add("right_side", view, _tr("&Inspector at the side"), "Ctrl+I")

    add("question", go, _tr("&Question"), "Ctrl+E")
    actions.line()
    add("play", go, _tr("&Play or pause the replay"), "Space", is_on_canvas=True)
    add("event_before", go, _tr("Event &before"), ",", is_on_canvas=True)
    add("event_after", go, _tr("Event &after"), ".", is_on_canvas=True)
    add("iteration_before", go, _tr("Iteration before"), "<", is_on_canvas=True)
    add("iteration_after", go, _tr("Iteration after"), ">", is_on_canvas=True)
    add("to_start", go, _tr("&Start"), "Home", is_on_canvas=True)
    add("to_end", go, _tr("&End, and follow"), "End", is_on_canvas=True)

    add("shortcuts", help_, _tr("&Shortcuts"), "F1", "?")
    add("security", help_, _tr("What &protects you"))


def add_theme_choices(actions: Actions, themes: Themes, choose: Callable[[Choice], None]) -> None:
    """Register the three appearances, one of which is ticked."""
    words = {"system": _tr("As the &system"), "light": _tr("&Light"), "dark": _tr("Dar&k")}
    group = QActionGroup(actions)
    actions.line()
    for choice in THEMES:
        action = actions.add(f"theme_{choice}", _tr("&View"), words[choice], partial(choose, choice))
        action.setCheckable(True)
        action.setChecked(themes.choice == choice)
        group.addAction(action)


def add_samples(actions: Actions, choose: Callable[[str], None]) -> list[QAction]:
    """Register the further samples and return their actions."""
    made = []
    for sample in further_samples():
        words = f"{sample.title}: {sample.about}".replace("&", "&&")
        if sample.needs_language_model:
            words += "\t" + _tr("needs a language model")
        made.append(actions.add(f"sample_{sample.name}", _tr("&Help"), words, partial(choose, sample.name), submenu=_tr("S&amples")))
    return made
