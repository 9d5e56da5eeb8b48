"""A key that is typed, that the server echoes and that a bug holds: the window shows it in no label, file, clipboard or saved answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from rlm_desktop.gui.settings import ModelCard
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import choose_offer, close_window, drop, open_window, wait_for_run
from tests.hostile.canary import KEY, hits
from tests.openai_server import Answer, Fault, OpenAIServer, Reply, error_body


def echoing(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Answer:
    if messages[0]["role"] != "system":
        return Fault(status=401, body=error_body(f"Incorrect API key provided: {KEY}."))
    code = (
        f"try:\n    llm_query({KEY!r})\nexcept Exception as error:\n    print(error)\nanswer['content'] = {KEY!r}; answer['ready'] = True"
    )
    return Reply(text=f"```repl\n{code}\n```", served_model=f"m-{KEY}")


def shown(window: QWidget) -> list[str]:
    """Return every text of the window, its title, tips and descriptions; of fields those that are no password fields."""
    texts = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if isinstance(widget, QLabel) or (isinstance(widget, QLineEdit) and widget.echoMode() == QLineEdit.EchoMode.Normal):
            texts.append(widget.text())
    return texts


def test_the_window_shows_and_keeps_the_key_nowhere(
    qapp: QApplication, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log.md").write_text("The code of the vault is 4711.\n", "utf-8")
    app = open_window(qapp)
    try:
        with OpenAIServer(echoing) as server:
            app.desk.models.put(ModelCard(card_id="c", name="m", base_url=server.base_url, key_from="typed"))
            app.desk.models.set_typed_key("c", KEY)
            app.desk.draft.set_root_model("c")
            drop(app.window, [tmp_path / "log.md"])
            wait_until(lambda: app.desk.documents.summary.has_usable, "the document")
            app.window.question_bar.field.setText("What is the code?")
            app.desk.run()
            wait_for_run(app)
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        run = app.desk.current_run.run
        assert run is not None
        assert run.store.status() == "ok"
        wait_until(lambda: bool(app.window.answer.answer_text()), "the answer")
        assert app.window.answer.answer_text() == "***"
        app.desk.save_text(app.window.answer.answer_text(), tmp_path / "answer.txt")
        app.desk.save_copy(tmp_path / "copy.rlmtrace")
        try:
            raise LookupError(f"nothing is known of {KEY}")
        except LookupError as error:
            app.hook._caught(LookupError, error, error.__traceback__)
        choose_offer(app, "copy_details")
        assert "nothing is known of ***" in QGuiApplication.clipboard().text()
        texts = [*shown(app.window), QGuiApplication.clipboard().text()]
        app.desk.recent.save()
        app.desk.settings.save()
    finally:
        close_window(app)
    said = capsys.readouterr()
    assert not hits((said.out + said.err).encode())
    assert "What is the code?" in texts
    for text in texts:
        assert not hits(text.encode()), text
    files = [path for folder in (home, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert {"copy.rlmtrace", "answer.txt", "settings.json"} <= {path.name for path in files}
    for path in files:
        assert not hits(path.read_bytes()), path
        assert not hits(path.name.encode()), path
