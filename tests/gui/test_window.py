"""The window whole, with real processes: from the drop to the answer, and back through the replay."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rlm_desktop import paths
from rlm_desktop.gui.app import COPY_DETAILS, App
from rlm_desktop.gui.bars.replay_track import Mark, marks_of
from rlm_desktop.gui.centre import PageName
from rlm_desktop.gui.closing import CANCEL, KEEP, STOP
from rlm_desktop.gui.desk import UNDO
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.notice import Notice
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.gui.settings import ModelCard
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import InterruptAsked
from tests import traces
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import choose_offer, click, close_window, drag, drop, leave, mime_of, open_window, wait_for_run
from tests.openai_server import Gate, OpenAIServer, Reply

TEXT = "The lighthouse at Sund was built in 1847 by Karen Holm.\n\nIt stands 31 metres high.\n"
QUESTION = "Who built the lighthouse at Sund?"


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = open_window(qapp)
    yield made
    close_window(made)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "sund.txt"
    path.write_text(TEXT * 50, "utf-8")
    return path


def ask(app: App, document: Path) -> None:
    drop(app.window, [document])
    app.window.question_bar.field.setText(QUESTION)
    wait_until(lambda: app.window.question_bar.run.isEnabled(), "Run to be allowed")


def test_the_first_start_shows_one_way_in_and_says_what_is_missing(app: App) -> None:
    window = app.window
    assert window.centre.page == "start"
    assert not window.strip.isVisible() and not window.replay_bar.isVisible() and not window.inspector_side.isVisible()
    assert not window.question_bar.run.isEnabled()
    assert "document" in window.question_bar.run.toolTip() and "question" in window.question_bar.run.toolTip()


def test_a_dropped_file_is_read_asked_and_answered(app: App, document: Path) -> None:
    ask(app, document)
    click(app.window.question_bar.run)
    wait_for_run(app)
    run = app.desk.current_run.run
    assert run is not None and run.status == "ok"
    assert "Karen Holm" in app.window.answer.answer_text()
    assert app.window.centre.page == "map" and app.window.strip.isVisible() and app.window.inspector_side.isVisible()
    assert run.store.path.parent == paths.runs_folder()
    facts = app.desk.recent.runs.facts(str(run.store.path))
    assert facts is not None
    wait_until(lambda: app.desk.recent.runs.facts(str(run.store.path)).status == "ok", "the runs pane to know")  # type: ignore[union-attr]


def test_many_documents_leave_the_runs_in_sight(app: App, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(TEXT, "utf-8")
    nothing = app.window.runs_pane.findChild(Words)
    drop(app.window, [tmp_path])
    wait_until(lambda: app.desk.documents.summary.documents == 30 and not app.desk.documents.summary.is_reading, "the documents")
    assert nothing is not None and nothing.isVisible() and nothing.height() >= nothing.sizeHint().height()
    app.window.question_bar.field.setText(QUESTION)
    wait_until(lambda: app.window.question_bar.run.isEnabled(), "Run to be allowed")
    click(app.window.question_bar.run)
    wait_for_run(app)
    runs = app.window.runs_pane.view
    assert runs.viewport().rect().contains(runs.visualRect(runs.model().index(runs.model().rowCount() - 1, 0)))


def test_what_a_drop_does_lights_up_before_it_happens(app: App, document: Path, tmp_path: Path) -> None:
    assert drag(app.window, mime_of([document])).isAccepted()
    assert app.window.documents_pane.hint.is_hot
    assert app.window.documents_pane.hint.text() == "Add 1 document"
    leave(app.window)
    assert not app.window.documents_pane.hint.is_hot
    drag(app.window, mime_of([traces.wide(tmp_path / "a.rlmtrace", 3)]))
    assert app.window.documents_pane.hint.text() == "Open this trace"
    leave(app.window)
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.txt")])
    assert not drag(app.window, web).isAccepted()
    assert not app.window.documents_pane.hint.is_hot


def test_a_drop_over_the_list_or_the_question_is_a_drop_on_the_window(app: App, document: Path, tmp_path: Path) -> None:
    drop(app.window, [document])
    app.window.documents_pane.view.repaint()
    for widget in (app.window.documents_pane.view.viewport(), app.window.question_bar.field, app.window.start):
        assert drag(widget, mime_of([tmp_path])).isAccepted(), widget
        assert app.window.documents_pane.hint.text() == "Add this folder"
        leave(app.window)


def test_files_on_the_clipboard_are_added_as_documents(app: App, document: Path) -> None:
    QGuiApplication.clipboard().setMimeData(mime_of([document]))
    app.conductor.actions["paste_document"].trigger()
    assert [d.path for d in app.desk.documents.documents] == [str(document)]


def test_a_dropped_trace_opens_in_the_same_views(app: App, tmp_path: Path) -> None:
    trace = traces.sample(tmp_path / "a.rlmtrace", width=30)
    drop(app.window, [trace])
    wait_until(lambda: app.desk.current_run.run is not None)
    run = app.desk.current_run.run
    assert run is not None and run.last_seq + 1 == len(trace.read_bytes().splitlines())
    assert app.window.question_bar.question == traces.QUESTION
    assert [document.name for document in app.desk.documents.documents] == ["msa_2023.pdf", "msa_2025.docx"]
    assert app.desk.recent.runs.facts(str(trace)) is not None


def test_a_trace_without_its_suffix_is_known_by_its_first_line(app: App, tmp_path: Path) -> None:
    trace = traces.wide(tmp_path / "a.rlmtrace", 3)
    plain = trace.rename(tmp_path / "a.txt")
    drop(app.window, [plain])
    wait_until(lambda: app.desk.current_run.run is not None)
    assert app.desk.documents.documents == ()


def test_what_is_no_trace_is_told_in_place_and_leaves_what_is_shown(app: App, tmp_path: Path) -> None:
    good, bad = traces.wide(tmp_path / "a.rlmtrace", 3), tmp_path / "b.rlmtrace"
    bad.write_text("hello\n", "utf-8")
    drop(app.window, [good])
    wait_until(lambda: app.desk.current_run.run is not None)
    shown = app.desk.current_run.run
    drop(app.window, [bad])
    wait_until(lambda: app.window.notice.notice is not None)
    assert app.window.notice.notice is not None and app.window.notice.notice.title == "b.rlmtrace was not opened"
    assert app.desk.current_run.run is shown
    assert app.desk.recent.runs.facts(str(bad)) is None


def test_an_interrupted_trace_says_so(app: App, tmp_path: Path) -> None:
    app.take([traces.interrupted(tmp_path / "a.rlmtrace")])
    wait_until(lambda: app.window.run_notice.notice is not None)
    notice = app.window.run_notice.notice
    assert notice is not None and notice.status == "interrupted" and "Interrupted at event" in notice.title


def test_one_click_runs_the_sample_on_the_built_in_model(app: App) -> None:
    click(app.window.start.sample)
    wait_for_run(app)
    run = app.desk.current_run.run
    assert run is not None and run.status == "ok" and len(run.columns.calls) > 20
    assert app.window.answer.answer_text()


def test_a_second_run_goes_on_beside_the_first_and_each_can_be_shown(app: App, document: Path) -> None:
    ask(app, document)
    app.desk.run()
    first = app.desk.current_run.run
    app.desk.run()
    second = app.desk.current_run.run
    assert first is not None and second is not None and first is not second
    assert len(app.desk.open_runs.live_runs) == 2
    app.desk.open_runs.show(first.store.path)
    assert app.desk.current_run.run is first
    wait_until(lambda: not app.desk.open_runs.live_runs)
    assert (first.status, second.status) == ("ok", "ok")


def test_a_run_that_cannot_start_says_why_and_leaves_nothing(app: App, document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)

    app.desk.models.put(ModelCard(card_id="x", name="gpt", base_url="http://127.0.0.1:9/v1", key_from="environment", key_env="NO_SUCH_KEY"))
    app.desk.draft.set_root_model("x")
    ask(app, document)
    app.desk.run()
    wait_until(lambda: app.window.notice.notice is not None)
    notice = app.window.notice.notice
    assert notice is not None and notice.title == "The run could not start" and "NO_SUCH_KEY" in notice.sentence
    assert app.desk.current_run.run is None and app.window.centre.page == "start"
    assert app.desk.recent.runs.run_count == 0


@pytest.mark.parametrize("key", ["sk-proj-abcdefghijklmnop0123456789", "canary-in-the-question-0123456789"])
def test_a_key_in_the_question_is_asked_about_before_anything_starts(app: App, document: Path, key: str) -> None:
    app.desk.models.set_typed_key("any", "canary-in-the-question-0123456789")
    drop(app.window, [document])
    wait_until(lambda: not app.desk.documents.summary.unread)
    app.window.question_bar.field.setText(f"Who has {key} then?")
    click(app.window.question_bar.run)
    notice = app.window.notice.notice
    assert notice is not None
    assert "holds what looks like a key" in notice.title
    assert key not in notice.sentence + notice.title
    assert not app.desk.open_runs.live_runs
    app.desk.settings.save()
    choose_offer(app, "take_key_out")
    assert app.window.question_bar.question == "Who has then?"
    app.window.question_bar.field.setText(f"{key} Who built it?")
    click(app.window.question_bar.run)
    choose_offer(app, "run_with_key")
    wait_for_run(app)
    app.desk.settings.save()
    app.desk.recent.save()
    run = app.desk.current_run.run
    assert run is not None
    assert run.store.status() == "ok"
    folder = app.desk.folders.runs.parent
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert run.store.path in written
    for path in written:
        assert key.encode() not in path.read_bytes(), path
        assert key.casefold() not in path.name.casefold(), path


def test_undo_brings_back_a_document_and_a_run(app: App, document: Path, tmp_path: Path) -> None:
    drop(app.window, [document])
    app.desk.documents.remove([0])
    choose_offer(app, UNDO)
    assert [d.name for d in app.desk.documents.documents] == ["sund.txt"]
    ours = traces.wide(paths.runs_folder() / "a.rlmtrace", 3)
    app.desk.recent.look_around()
    app.desk.recent.remove(str(ours))
    assert not ours.exists() and app.desk.recent.runs.run_count == 0
    app.conductor.actions["undo"].trigger()
    assert ours.exists()
    wait_until(lambda: app.desk.current_run.run is not None and app.desk.current_run.run.store.path == ours)


def test_pasted_text_becomes_a_document(app: App) -> None:
    QGuiApplication.clipboard().setText("Some words.")
    app.conductor.actions["paste_document"].trigger()
    wait_until(lambda: bool(app.desk.documents.documents) and app.desk.documents.documents[0].is_usable)
    app.desk.paste("  ")
    assert app.window.notice.notice is not None and app.window.notice.notice.title == "Nothing to paste"


def test_a_copy_is_whole_opens_in_a_second_window_and_is_scrubbed(qapp: QApplication, app: App, document: Path, tmp_path: Path) -> None:
    ask(app, document)
    app.desk.run()
    wait_for_run(app)
    run = app.desk.current_run.run
    assert run is not None
    copy = tmp_path / "copy.rlmtrace"
    app.desk.save_copy(copy)
    assert copy.read_bytes() == run.store.path.read_bytes()
    second = open_window(qapp, [copy])
    try:
        wait_until(lambda: second.desk.current_run.run is not None)
        opened = second.desk.current_run.run
        assert opened is not None
        track = second.window.replay_bar.track
        wait_until(lambda: track.width() > 300 and track.x_of(opened.last_seq) > 200)
        QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(opened.last_seq // 2)), 20))
        assert 0 < opened.cursor < opened.last_seq and not opened.is_following
        wait_until(lambda: second.window.strip.pill.text() == "Replaying")
    finally:
        close_window(second)


def test_closing_while_a_run_goes_on_asks_in_place(app: App, document: Path) -> None:
    done: list[bool] = []
    app.closing.done.connect(lambda: done.append(True))
    ask(app, document)
    app.desk.run()
    app.window.close()
    assert app.window.isVisible()
    choose_offer(app, CANCEL)
    assert app.window.isVisible() and app.desk.open_runs.live_runs
    app.window.close()
    choose_offer(app, STOP)
    wait_until(lambda: bool(done))
    assert not app.window.isVisible() and not app.desk.open_runs.live_runs


def test_a_run_kept_running_ends_by_itself_and_the_program_with_it(app: App, document: Path) -> None:
    done: list[bool] = []
    app.closing.done.connect(lambda: done.append(True))
    ask(app, document)
    app.desk.run()
    run = app.desk.current_run.run
    app.window.close()
    choose_offer(app, KEEP)
    assert not app.window.isVisible() and not done
    wait_until(lambda: bool(done))
    assert run is not None and run.status == "ok"


def test_an_engine_that_is_killed_leaves_an_interrupted_run_that_says_so(app: App, document: Path) -> None:
    ask(app, document)
    app.desk.run()
    live = app.desk.open_runs.shown_live
    assert live is not None
    wait_until(lambda: len(live.run.columns.calls) > 0)
    os.kill(live.process_id, signal.SIGKILL)
    wait_until(lambda: not app.desk.open_runs.live_runs)
    assert live.run.status == "interrupted"
    wait_until(lambda: app.window.run_notice.notice is not None, "the notice")
    notice = app.window.run_notice.notice
    assert notice is not None and notice.status == "interrupted" and notice.offers[0].words == "Try again"


def test_stop_keeps_what_is_there(app: App, document: Path) -> None:
    ask(app, document)
    app.desk.run()
    live = app.desk.open_runs.shown_live
    assert live is not None
    wait_until(lambda: len(live.run.columns.calls) > 0)
    click(app.window.question_bar.stop)
    assert not app.window.question_bar.stop.isEnabled()
    wait_until(lambda: not app.desk.open_runs.live_runs)
    assert live.run.status in ("cancelled", "ok")
    assert live.run.store.path.read_bytes().count(b"\n") == live.run.last_seq + 1


def test_no_two_actions_share_a_key(app: App) -> None:
    seen: dict[str, str] = {}
    for registered in app.conductor.actions:
        for key in registered.action.shortcuts():
            words = key.toString(QKeySequence.SequenceFormat.PortableText)
            assert words not in seen, f"{words}: {registered.key} and {seen[words]}"
            seen[words] = registered.key
    assert {"Ctrl+O", "Ctrl+Return", "F5", "Shift+F5", "F6", "Space", "Home", "End", "F1"} <= set(seen)


def test_a_quote_leads_to_its_place_in_the_document(app: App, document: Path) -> None:
    ask(app, document)
    app.desk.run()
    wait_for_run(app)
    app.window.answer.quote_chosen.emit("sund.txt", 10, 20)
    assert app.window.centre.page == "document"
    shown = app.window.document_page.view.document
    assert shown is not None and shown.name == "sund.txt"


def test_the_window_comes_back_as_it_was_left(qapp: QApplication, tmp_path: Path) -> None:
    trace = traces.sample(tmp_path / "a.rlmtrace", width=30)
    first = open_window(qapp, [trace])
    wait_until(lambda: first.desk.current_run.run is not None)
    first.desk.replay.seek(40)
    first.conductor.actions["theme_dark"].trigger()
    first.window.close()
    close_window(first)
    second = App(qapp, is_collected_here=False)
    try:
        assert second.themes.choice == "dark"
        second.show([trace])
        wait_until(lambda: second.desk.current_run.run is not None)
        run = second.desk.current_run.run
        assert run is not None and run.cursor == 40
        assert second.desk.recent.runs.facts(str(trace)) is not None
    finally:
        close_window(second)


def test_a_notice_is_written_in_the_colours_of_a_theme_that_was_chosen_before_the_window_stood(qapp: QApplication) -> None:
    app = App(qapp, is_collected_here=False)
    try:
        app.themes.choose("dark")
        app.show([])
        wait_until(lambda: app.is_ready, "the first paint")
        notice = app.window.notice
        notice.tell(Notice(status="ok", title="A title", sentence="A sentence."))
        title, sentence = notice.findChildren(Words)
        for label, role in ((title, "text"), (sentence, "text_2")):
            assert label.palette().color(label.foregroundRole()) == app.themes.current.c(role)
    finally:
        close_window(app)


def test_a_pause_takes_effect_at_a_safe_point_and_the_run_goes_on_after_it(app: App, document: Path) -> None:
    gate = Gate()
    replies = iter((Reply(text="```repl\nprint(len(context))\n```", gate=gate), Reply(text="FINAL(Karen Holm)")))
    with OpenAIServer(lambda _messages, _body: next(replies)) as server:
        app.desk.models.put(ModelCard(card_id="x", name="test-model", base_url=server.base_url))
        app.desk.draft.set_root_model("x")
        ask(app, document)
        app.desk.run()
        wait_until(lambda: server.open_now == 1)
        pill = app.window.strip.pill
        click(app.window.question_bar.pause)
        wait_until(lambda: pill.text() == "Pausing at the next safe point")
        assert not app.window.question_bar.pause.isEnabled()
        gate.open()
        wait_until(lambda: pill.text().startswith("Paused at"))
        live = app.desk.open_runs.shown_live
        assert live is not None and live.is_paused and len(server.requests) == 1
        click(app.window.question_bar.pause)
        wait_for_run(app)
        assert live.run.status == "ok" and app.window.answer.answer_text() == "Karen Holm"
        wait_until(lambda: pill.text() == "Finished")


def test_a_block_that_runs_is_interrupted_and_its_call_goes_on(app: App, document: Path) -> None:
    gate = Gate()
    blocks = ("kept = 'Karen Holm'", "while True: pass", "answer['content'] = kept; answer['ready'] = True")
    replies = (Reply(text=f"```repl\n{code}\n```", gate=gate if at == 1 else None) for at, code in enumerate(blocks))
    with OpenAIServer(lambda _messages, _body: next(replies)) as server:
        app.desk.models.put(ModelCard(card_id="x", name="test-model", base_url=server.base_url))
        app.desk.draft.set_root_model("x")
        ask(app, document)
        interrupt, stop = app.conductor.actions["interrupt"], app.conductor.actions["stop_call"]
        assert not interrupt.isEnabled() and interrupt.toolTip() == "Choose a call of a running run first"
        app.desk.run()
        wait_until(lambda: len(server.requests) == 2)
        app.desk.selection.choose(Chosen(call_id=0))
        assert not interrupt.isEnabled() and interrupt.toolTip() == "This call runs no code now"
        assert stop.isEnabled()
        app.desk.interrupt(0)
        wait_until(lambda: app.window.notice.notice is not None, "the refusal")
        notice = app.window.notice.notice
        assert notice is not None and notice.sentence == "Call 0 runs no block of code."
        gate.open()
        wait_until(interrupt.isEnabled, "a block that runs")
        assert interrupt.toolTip() == "Ends the block of code that runs; the call goes on and its model is told"
        interrupt.trigger()
        wait_for_run(app)
    run = app.desk.current_run.run
    assert run is not None and run.status == "ok" and app.window.answer.answer_text() == "Karen Holm"
    assert not interrupt.isEnabled() and not stop.isEnabled()
    (asked,) = run.columns.seqs_of_type(EVENT_CODE[InterruptAsked])
    assert Mark(int(asked), "person") in marks_of(run)


def test_a_bug_is_shown_with_its_details_and_nothing_else_is_lost(app: App) -> None:
    try:
        int("x")
    except ValueError as error:
        app.hook._caught(ValueError, error, error.__traceback__)
    notice = app.window.notice.notice
    assert notice is not None and notice.title == "Something in this program failed"
    choose_offer(app, COPY_DETAILS)
    assert "Traceback" in QGuiApplication.clipboard().text()


def test_every_page_is_reached_by_an_action_and_left_by_escape(app: App) -> None:
    centre = app.window.centre
    names: tuple[PageName, ...] = ("models", "limits", "shortcuts")
    for name in names:
        app.conductor.actions[name].trigger()
        content = app.window.content(name)
        assert content.isVisible(), name
        QTest.keyClick(content, Qt.Key.Key_Escape)
        assert centre.page == "start"
