"""The inspector over real traces: it follows run, cursor and selection, and holds a run of any size."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.inspector.code_page import divided
from rlm_desktop.gui.inspector.inspector import Inspector
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.trace.commands import TextStreamed
from rlm_desktop.trace.events import Variable
from rlm_desktop.trace.store import TraceStore
from tests.gui.waiting import wait_until
from tests.present.inspected_runs import CODE, OUTPUT, TRACEBACK, eventful
from tests.traces import HOSTILE, Scribe, hostile, wide

Shown = Callable[[QWidget], QWidget]


class Bench:
    """An inspector with what it follows."""

    def __init__(self, themes: Themes, shown: Shown) -> None:
        self.current, self.selection = CurrentRun(), Selection()
        self.inspector = Inspector(self.current, self.selection, themes)
        self.inspector.resize(392, 800)
        shown(self.inspector)

    def open(self, path: Path) -> RunModel:
        run = RunModel(TraceStore.open(path), is_live=False, parent=self.current)
        self.current.show(run)
        return run

    def choose(self, call: int, iteration: int | None = None, fan: int | None = None) -> None:
        self.selection.choose(Chosen(call_id=call, iteration=iteration, fan=fan))

    def tabs(self) -> list[str]:
        return [button.text() for button in self.inspector.tabs._buttons]


@pytest.fixture
def bench(qapp: QApplication, themes: Themes, shown: Shown) -> Bench:
    return Bench(themes, shown)


def test_without_a_run_nothing_is_shown(bench: Bench) -> None:
    assert bench.inspector.head.facts is None
    assert not bench.inspector.tabs.isVisible()
    bench.inspector.grab()


def test_with_nothing_chosen_the_run_itself_is_shown(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    assert bench.tabs() == ["Run", "Raw"]
    titles = [passage.title for passage in bench.inspector.about.passages]
    assert titles == ["Question", "Models", "Limits", "Documents", "Confinement", "Run"]
    assert "gpt-5-mini at api.openai.com" in bench.inspector.about.passages[1].text


def test_an_iteration_shows_code_output_and_variables_on_one_page(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    page = bench.inspector.code
    assert bench.tabs() == ["Prompt", "Code", "Output", "Vars", "Raw"]
    assert page.codes[0].source.text(0, 10_000) == CODE
    assert "".join(p.text for p in page.output.passages[:2]) == OUTPUT
    assert [v.name for v in page.vars.vars.known.variables] == ["pairs", "views"]
    bench.inspector.grab()


def test_a_strip_above_a_line_leads_to_what_the_line_made(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    bench.inspector.grab()
    code = bench.inspector.code.codes[0]
    spots = [QPoint(60, y) for y in range(0, code.height(), 3) if code.calls_at(QPointF(60, y)) is not None]
    QTest.mouseClick(code.viewport(), Qt.MouseButton.LeftButton, pos=spots[0])
    assert bench.selection.chosen == Chosen(call_id=0, iteration=1, fan=1)
    bench.choose(0, 1)
    bench.inspector.grab()
    QTest.mouseClick(code.viewport(), Qt.MouseButton.LeftButton, pos=spots[-1])
    assert bench.selection.chosen == Chosen(call_id=31)


def test_enter_leads_to_the_first_of_them_too(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    bench.inspector.grab()
    QTest.keyClick(bench.inspector.code.codes[0], Qt.Key.Key_Return)
    assert bench.selection.chosen == Chosen(call_id=0, iteration=1, fan=1)


def test_an_error_is_shown_as_one(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 2)
    assert bench.inspector.head.facts is not None
    assert bench.inspector.head.facts.status == "error"
    assert bench.inspector.code.output.passages[0].text == TRACEBACK


def test_a_plain_call_has_prompt_and_reply(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(3)
    assert bench.tabs() == ["Prompt", "Reply", "Raw"]
    assert [p.text for p in bench.inspector.asked.passages][-1] == "SAME"
    bench.inspector.show_page("reply")
    assert bench.inspector.reply.passages[0].title == "Reply"
    bench.choose(8)
    assert bench.inspector.reply.passages[0].tone == "fail"


def test_the_page_stays_from_one_iteration_to_the_next(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 0)
    bench.inspector.show_page("output")
    bench.inspector.step(1)
    assert bench.selection.chosen == Chosen(call_id=0, iteration=1)
    assert bench.inspector.page == "output"
    bench.inspector.step(1)
    assert not bench.inspector.head.after.isEnabled()
    assert bench.inspector.head.before.isEnabled()


def test_the_keyboard_goes_from_page_to_page(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    bench.inspector.code.codes[0].setFocus()
    QTest.keyClick(bench.inspector.code.codes[0], Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert bench.inspector.code.isHidden()
    assert not bench.inspector.output.isHidden()
    QTest.keyClick(bench.inspector.tabs, Qt.Key.Key_Right)
    assert not bench.inspector.vars.isHidden()


def test_everything_is_as_of_the_cursor(bench: Bench, tmp_path: Path) -> None:
    run = bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    run.seek(int(run.columns.calls["ended_seq"][5]))
    bench.inspector.refresh()
    page = bench.inspector.code
    assert page.output.passages[0].note == "nothing printed yet at this event"
    assert page.ahead.isVisible()
    assert [v.name for v in page.vars.vars.known.variables] == ["pairs"]
    assert page.codes[0].calls[0].status == "running"
    run.seek(0)
    bench.inspector.refresh()
    assert bench.inspector.head.facts is not None
    assert bench.inspector.head.facts.status == "future"
    assert page.codes[0].isHidden()


def test_a_fan_is_a_list_of_its_calls(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1, fan=1)
    fan = bench.inspector.fan
    assert fan.fan.rowCount() == 30
    bench.inspector.grab()
    buttons = fan.which._group.buttons()
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert fan.fan.rowCount() == 1
    assert fan.fan.words(8) == "rate limited, gave up after 5 tries"
    at = fan.view.visualRect(fan.fan.index(0)).center()
    QTest.mouseClick(fan.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert bench.selection.chosen == Chosen(call_id=8)


def test_a_fan_without_failures_says_so_instead_of_an_empty_list(bench: Bench, tmp_path: Path) -> None:
    bench.open(wide(tmp_path / "t.rlmtrace", 30))
    bench.choose(0, 0, fan=1)
    fan = bench.inspector.fan
    assert fan.none.isHidden()
    QTest.mouseClick(fan.which._group.buttons()[1], Qt.MouseButton.LeftButton)
    assert fan.fan.rowCount() == 0 and fan.none.isVisible()


def test_long_code_scrolls_by_itself_with_output_and_variables_in_sight(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "\n".join(f"x{i} = {i}" for i in range(200)))
        s.printed(root, 0, "\n".join("printed" for _ in range(200)), variables=[Variable(name="x", type="int", short="1")])
    bench.open(path)
    bench.choose(0, 0)
    bench.inspector.grab()
    page = bench.inspector.code
    assert page.verticalScrollBar().maximum() == 0
    assert page.codes[0].verticalScrollBar().maximum() > 0 and page.output.verticalScrollBar().maximum() > 0
    assert page.codes[0].height() > page.height() * 0.4
    assert page.vars.geometry().bottom() <= page.viewport().height()


def test_room_is_divided_by_shares_and_what_one_leaves_goes_to_the_others() -> None:
    assert divided(100, [30, 20, 10], [5, 3, 2]) == [30, 20, 10]
    assert divided(100, [500, 500, 500], [5, 3, 2]) == [50, 30, 20]
    assert divided(100, [500, 10, 500], [5, 3, 2]) == [64, 10, 25]


def test_the_run_is_read_from_its_top_while_it_grows(bench: Bench, tmp_path: Path) -> None:
    run = bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.inspector.resize(392, 330)
    run.seek(0)
    bench.inspector.refresh()
    run.seek(run.last_seq)
    bench.inspector.refresh()
    bench.inspector.grab()
    assert bench.inspector.about.verticalScrollBar().maximum() > 0
    assert bench.inspector.about.verticalScrollBar().value() == 0


def test_a_fan_of_20_000_asks_only_for_the_rows_in_view(bench: Bench, tmp_path: Path) -> None:
    run = bench.open(wide(tmp_path / "t.rlmtrace", 20_000, failed=[700]))
    bench.choose(0, 0, fan=1)
    bench.inspector.grab()
    assert bench.inspector.fan.fan.rowCount() == 20_000
    assert len(bench.inspector.fan.fan.lines._known) < 100  # type: ignore[union-attr]
    run.seek(run.last_seq // 2)
    bench.inspector.refresh()
    bench.inspector.grab()


def test_a_reply_is_shown_as_it_comes_in(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        root = s.call()
        s.asked(root)
        run = RunModel(TraceStore.open(path), is_live=True, parent=bench.current)
        bench.current.show(run)
        bench.choose(0, 0)
        for piece in ("Let me ", "look."):
            run.text_streamed(TextStreamed(call_id=0, iteration=0, text=piece))
        wait_until(lambda: bool(bench.inspector.code.reply.passages) and bench.inspector.code.reply.passages[-1].text == "Let me look.")
        before = len(s.lines)
        s.replied(root, response="Let me look.\n```repl\nprint(1)\n```")
        s.code(root, 0, "print(1)")
        run.append_lines(s.lines[before:])
        wait_until(lambda: bool(bench.inspector.code.codes) and not bench.inspector.code.codes[0].isHidden())
        assert bench.inspector.code.reply.isHidden()
        bench.inspector.show_page("prompt")
        assert bench.inspector.prompt.passages[-1].text.startswith("Let me look.\n```")


def test_raw_shows_fields_that_this_version_does_not_know(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        s.turn(s.call(), 0, "print(1)", "1")
    lines = path.read_bytes().splitlines()
    lines[2] = lines[2].replace(b'"iteration":0', b'"iteration":0,"from_the_future":[1,2]')
    lines.append(json.dumps({"seq": len(lines), "t_s": 99.0, "event": {"type": "not_known_yet", "call": 0}}).encode())
    path.write_bytes(b"\n".join(lines) + b"\n")
    bench.open(path)
    bench.inspector.show_page("raw")
    assert '"not_known_yet"' in bench.inspector.raw.source.text(0, 100_000)
    bench.choose(0, 0)
    bench.inspector.show_page("raw")
    words = bench.inspector.raw.source.text(0, 100_000)
    assert '"from_the_future": [' in words
    assert words.count('"seq":') == 4


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_what_is_shown_can_be_copied(bench: Bench, tmp_path: Path, form: str) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    bench.inspector.copy_as(form)
    copied = QGuiApplication.clipboard().text()
    if form == "json":
        entries = json.loads(copied)
        assert [e["event"]["type"] for e in entries][:3] == ["model_asked", "model_failed", "model_asked"]
    else:
        assert "self: cost $0.0127" in copied
        assert CODE in copied
        assert OUTPUT[-40:].strip() in copied


def test_the_copy_menu_asks_for_each_form(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    asked = QSignalSpy(bench.inspector.head.copy_asked)
    for action in bench.inspector.head.menu.actions():
        action.trigger()
    assert [asked.at(i)[0] for i in range(asked.count())] == ["text", "markdown", "json"]


def test_texts_are_never_interpreted_and_a_million_characters_do_no_harm(bench: Bench, tmp_path: Path) -> None:
    run = bench.open(hostile(tmp_path / "t.rlmtrace"))
    for chosen in (Chosen(call_id=0, iteration=0), Chosen(call_id=0, iteration=1), Chosen(call_id=1, iteration=0), Chosen(call_id=3)):
        bench.selection.choose(chosen)
        for name in ("prompt", "asked", "code", "output", "reply", "vars", "raw"):
            bench.inspector.show_page(name)
            bench.inspector.grab()
    assert run.columns.calls["parent"][2] == 0
    bench.choose(3)
    bench.inspector.show_page("asked")
    assert bench.inspector.asked.passages[0].text.startswith(HOSTILE)


def test_a_long_text_is_whole_when_it_has_been_read(bench: Bench, tmp_path: Path) -> None:
    path, output = tmp_path / "t.rlmtrace", "a line that was printed\n" * 120_000
    with Scribe(path) as s:
        s.turn(s.call(), 0, "print(x)", output)
    bench.open(path)
    bench.choose(0, 0)
    bench.inspector.show_page("output")
    assert bench.inspector.output.passages[0].text.startswith("a line that was printed\n")
    wait_until(lambda: sum(len(p.text) for p in bench.inspector.output.passages) == len(output), "the rest of the output")


def test_a_trace_that_has_gone_is_said_in_a_sentence(bench: Bench, tmp_path: Path) -> None:
    path = eventful(tmp_path / "t.rlmtrace")
    bench.open(path)
    path.unlink()
    bench.choose(0, 1)
    assert bench.inspector.about.isVisible()
    assert "can no longer be read" in bench.inspector.about.passages[0].text


def test_another_run_takes_its_place(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "a.rlmtrace"))
    bench.choose(0, 1)
    bench.open(wide(tmp_path / "b.rlmtrace", 5))
    assert bench.inspector.code.codes[0].isHidden() or bench.inspector.head.facts.status == "future"  # type: ignore[union-attr]
    bench.choose(0, 0)
    assert bench.inspector.code.codes[0].source.text(0, 100) == "answers = llm_query_batched(prompts)"
    bench.current.show(None)
    assert bench.inspector.head.facts is None


def test_everything_has_a_name_for_a_screen_reader(bench: Bench, tmp_path: Path) -> None:
    bench.open(eventful(tmp_path / "t.rlmtrace"))
    bench.choose(0, 1)
    head = bench.inspector.head
    assert head.accessibleName() == "Iteration 2"
    assert "Self: cost $0.0127" in head.accessibleDescription()
    for page in bench.inspector._pages.values():
        assert page.accessibleName() or page in (bench.inspector.code, bench.inspector.fan)
