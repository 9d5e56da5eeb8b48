"""The main job through the real window: drop, ask, watch, read, save, open again, scrub. Engine, reader, sandboxes and HTTP are real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.app import App
from rlm_desktop.gui.look.button import PaintedButton
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.gui.settings import ModelCard
from rlm_desktop.trace.store import TraceStore
from tests.gui.waiting import wait_until
from tests.openai_server import Gate, OpenAIServer, Reply

WIDTH = 24
LEFT = Qt.MouseButton.LeftButton
USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "cost": 0.0123}


def repl(code: str) -> str:
    return f"```repl\n{code}\n```"


class Script:
    """Depth 2 with a batch: the root asks two children with REPLs; the first asks a batch, which waits for `second_half` half-way."""

    def __init__(self) -> None:
        self.second_half = Gate()

    def __call__(self, messages: list[dict[str, Any]], _body: dict[str, Any]) -> Reply:
        if messages[0]["role"] == "user":
            number = int(messages[0]["content"].split()[-1])
            return Reply(text=f"<{number}>", gate=self.second_half if number >= WIDTH // 2 else None, usage=USAGE)
        turn = sum(m["role"] == "assistant" for m in messages)
        if "held in `context`" in messages[1]["content"]:
            code = (
                "if context == 'wide':\n"
                f"    replies = llm_query_batched(['part %d' % i for i in range({WIDTH})])\n"
                "else:\n    replies = ['short']\n"
                "answer['content'] = ' '.join(replies); answer['ready'] = True"
            )
            return Reply(text=repl(code), usage=USAGE)
        codes = [
            "print(len(context), 'characters')",
            "found = rlm_query_batched(['wide', 'short'])\nprint(found)",
            "answer['content'] = 'Seen: \"the code of the vault is 4711\" [log.txt 19–50]\\n' + found[0]; answer['ready'] = True",
        ]
        return Reply(text=repl(codes[min(turn, 2)]), usage=USAGE)


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = App(qapp, is_collected_here=False)
    made.window.resize(1600, 1000)
    made.show([])
    yield made
    made.stop()
    made.window.may_close = True
    made.window.close()
    made.window.deleteLater()
    made.deleteLater()


def drop(app: App, *paths: Path) -> None:
    """Drag files over the window and let them go there."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window, at = app.window, QPointF(700, 500)
    entered = QDragEnterEvent(at.toPoint(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    dropped = QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, dropped)


def press(button: PaintedButton) -> None:
    QTest.mouseClick(button, LEFT)


def shown_run(app: App) -> RunModel:
    run = app.desk.current_run.run
    assert run is not None
    return run


def click_call(app: App, call: int) -> None:
    """Click the node of a call on the map, brought into view first."""
    canvas = app.window.map
    scene = canvas.scene
    assert scene is not None
    node = scene.node_of(call)
    canvas.fit()
    wait_until(lambda: canvas.is_complete, "the map to be painted")
    box, view = scene.layout.box(node), canvas.travel.view
    QTest.mouseClick(canvas, LEFT, pos=QPointF(view.x(box.x + 40), view.y(box.y + 10)).toPoint())


def inspected(app: App, page: str) -> str:
    """Return what a page of the inspector says, as it would be copied."""
    app.window.inspector.show_page(page)  # type: ignore[arg-type]
    app.window.inspector.copy_as("text")
    return QGuiApplication.clipboard().text()


def test_the_main_job(app: App, tmp_path: Path) -> None:
    document = tmp_path / "log.txt"
    document.write_text("Rain fell all day, the code of the vault is 4711, and nobody came.\n" * 50, "utf-8")
    script = Script()
    with OpenAIServer(script) as server:
        app.desk.models.put(ModelCard(card_id="m", name="test-model", base_url=server.base_url))
        app.desk.draft.set_root_model("m")

        drop(app, document)
        wait_until(lambda: [d.name for d in app.desk.documents.documents if d.read is not None] == ["log.txt"], "the document to be read")
        bar = app.window.question_bar
        QTest.keyClicks(bar.field, "What is the code?")
        wait_until(lambda: bar.run.isEnabled(), "Run to be possible")
        press(bar.run)

        # The second child ends while the first is still running, and the first one's fan fills up half-way.
        wait_until(lambda: app.desk.current_run.run is not None and len(shown_run(app).columns.calls) == 3 + WIDTH, "the fan")
        run = shown_run(app)
        wait_until(lambda: run.as_of().status[2] == 1, "the second child to end")
        assert run.as_of().status[1] == 0
        wait_until(lambda: int((run.as_of().status[3:] == 1).sum()) == WIDTH // 2, "half of the fan")
        assert run.is_live
        assert run.is_following
        assert run.as_of().status[1] == 0
        script.second_half.open()
        wait_until(lambda: int((run.as_of().status[3:] == 1).sum()) == WIDTH, "the whole fan")
        wait_until(lambda: not run.is_live, "the run to end")
    assert run.status == "ok"
    wait_until(lambda: "<23>" in app.window.answer.answer_text(), "the answer")

    # Code, output, tokens and cost of a node, read off the inspector after a click on it.
    click_call(app, 0)
    assert app.desk.selection.chosen.call_id == 0
    app.desk.selection.choose(Chosen(call_id=0, iteration=1))
    assert "found = rlm_query_batched(['wide', 'short'])" in inspected(app, "code")
    assert "short" in inspected(app, "output")
    head = app.window.inspector.head.facts
    assert head is not None
    # Two children with a turn each, 24 plain calls and this iteration's own request, at $0.0123 and 1,000 tokens in.
    assert head.own.cost == "$0.0123"
    assert head.total.cost.startswith("$0.33")
    assert head.total.input.startswith("27.0")

    # A copy opens in a second window and can be scrubbed.
    copy = tmp_path / "copy.rlmtrace"
    app.desk.save_copy(copy)
    assert copy.read_bytes() == run.store.path.read_bytes()
    second = App(QApplication.instance(), is_collected_here=False)  # type: ignore[arg-type]
    try:
        second.show([copy])
        wait_until(lambda: second.desk.current_run.run is not None, "the copy to open")
        replay = shown_run(second)
        assert not replay.is_live
        assert "<23>" in second.window.answer.answer_text()
        track = second.window.replay_bar.track
        half = int(replay.columns.calls["ended_seq"][3 + WIDTH // 4])
        QTest.mouseClick(track, LEFT, pos=QPointF(track.x_of(half), track.height() / 2).toPoint())
        assert not replay.is_following
        assert replay.cursor < replay.last_seq
        assert 0 < int((replay.as_of().status[3:] == 1).sum()) < WIDTH
        wait_until(lambda: second.window.answer.answer_text() == "", "no answer at this entry")
        QTest.keyClick(track, Qt.Key.Key_End)
        assert replay.cursor == replay.last_seq
    finally:
        second.stop()
        second.window.may_close = True
        second.window.close()
        second.window.deleteLater()
        second.deleteLater()


def test_one_click_answers_the_sample(app: App) -> None:
    press(app.window.start.sample)
    wait_until(lambda: app.desk.current_run.run is not None and not shown_run(app).is_live, "the sample's run to end", timeout_s=40)
    run = shown_run(app)
    assert run.status == "ok"
    assert int(run.columns.calls["depth"].max()) == 2
    wait_until(lambda: "hearthstone" in app.window.answer.answer_text(), "the answer")


def test_a_second_run_goes_on_beside_the_first(app: App, tmp_path: Path) -> None:
    document = tmp_path / "log.txt"
    document.write_text("The code of the vault is 4711.\n", "utf-8")
    script = Script()
    with OpenAIServer(script) as server:
        app.desk.models.put(ModelCard(card_id="m", name="test-model", base_url=server.base_url))
        app.desk.draft.set_root_model("m")
        app.desk.draft.set_question("What is the code of the vault?")
        drop(app, document)
        wait_until(lambda: all(d.read is not None for d in app.desk.documents.documents) and bool(app.desk.documents.documents), "reading")
        app.desk.run()
        wait_until(lambda: app.desk.current_run.run is not None and len(shown_run(app).columns.calls) > 3, "the first run's calls")
        first = shown_run(app)
        app.desk.draft.set_root_model("builtin")
        app.desk.run()
        second = shown_run(app)
        assert second is not first
        wait_until(lambda: not second.is_live, "the second run to end")
        assert second.status == "ok"
        assert first.is_live
        script.second_half.open()
        wait_until(lambda: not first.is_live, "the first run to end")
    assert TraceStore.open(first.store.path).status() == "ok"
