"""The models page against a real server: listed, tested, saved, and a key that is written nowhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.key_field import KEYS
from rlm_desktop.gui.models.model_list import BUILTIN_ID, ModelList
from rlm_desktop.gui.models.models_page import ModelsForm
from rlm_desktop.gui.models.models_process import ModelsProcess, Reply
from rlm_desktop.gui.settings import ModelCard, SettingsFile
from rlm_desktop.servers.providers import FoundServer
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import close_window, open_window
from tests.openai_server import OpenAIServer

Shown = Callable[[QWidget], QWidget]


@pytest.fixture
def settings(qapp: QApplication, tmp_path: Path) -> Iterator[SettingsFile]:
    made = SettingsFile(tmp_path / "settings.json")
    yield made
    made.deleteLater()


@pytest.fixture
def models(settings: SettingsFile) -> ModelList:
    return ModelList(settings, settings)


@pytest.fixture
def form(models: ModelList, themes: Themes, shown: Shown) -> ModelsForm:
    made = ModelsForm(models, themes)
    shown(made)
    return made


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(lambda _messages, _body: "OK") as made:
        yield made


def fill(form: ModelsForm, *, url: str, name: str, key: str = "") -> None:
    form.add.click()
    fields = form.form
    fields.server.url.setText(url)
    fields.name.setText(name)
    fields.key_field.key_from.set_current(KEYS.index("typed"))
    fields.key_field.key_from.chosen.emit(KEYS.index("typed"))
    fields.key_field.key.setText(key)


def test_the_built_in_model_is_always_there_and_says_what_it_is(form: ModelsForm, models: ModelList) -> None:
    assert form.list.count() == 1
    assert "not a language model" in form.about.text()
    assert not form.save.isVisible()
    assert models.choice("no such model").provider == "builtin"


def test_a_model_is_listed_tested_and_saved_and_its_typed_key_is_written_nowhere(
    form: ModelsForm, models: ModelList, settings: SettingsFile, server: OpenAIServer, tmp_path: Path
) -> None:
    fill(form, url=server.base_url, name="", key="sk-secret-123")
    form.form.fetch.click()
    wait_until(lambda: form.form.fetch.isEnabled())
    assert form.form.fetched.text() == "One model"
    form.form.name.setText("tiny")
    form.test.click()
    wait_until(lambda: form.test.isEnabled())
    assert form.result.text() and "sk-secret" not in form.result.text()
    assert all(request.headers.get("authorization") == "Bearer sk-secret-123" for request in server.requests)
    form.save.click()
    (card,) = models.cards
    assert (card.name, card.base_url, card.key_from) == ("tiny", server.base_url, "typed")
    assert models.choice(card.card_id).api_key == "sk-secret-123"
    settings.save()
    assert "sk-secret" not in (tmp_path / "settings.json").read_text("utf-8")


def test_a_server_that_cannot_be_reached_is_said_in_the_page(form: ModelsForm) -> None:
    fill(form, url="http://127.0.0.1:9/v1", name="m", key="k")
    form.test.click()
    wait_until(lambda: form.test.isEnabled())
    assert form.result.text().endswith(".")


def test_a_model_without_a_name_is_not_saved(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="https://a.example/v1", name=" ")
    form.save.click()
    assert [card.name for card in models.cards] == []
    assert "name" in form.result.text()


def test_an_entered_price_is_kept_and_an_empty_one_is_unknown(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="http://localhost:11434/v1", name="m")
    form.form.price_in.setText(form.locale().toString(0.25))
    form.save.click()
    (card,) = models.cards
    assert (card.input_usd_per_million, card.output_usd_per_million) == (0.25, None)
    choice = models.choice(card.card_id)
    assert (choice.input_usd_per_million, choice.output_usd_per_million) == (0.25, None)


def test_a_removed_model_gives_way_to_the_built_in_one(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="http://localhost:11434/v1", name="m")
    form.save.click()
    assert [card.name for card in models.cards] == ["m"]
    form.remove.click()
    assert [card.name for card in models.cards] == []
    assert form.list.count() == 1


def test_a_typed_key_is_missing_after_the_next_start(settings: SettingsFile) -> None:
    card = ModelCard(card_id="x", name="gpt", key_from="typed")
    first = ModelList(settings)
    first.put(card)
    first.set_typed_key("x", "k")
    assert first.missing("x") == ""
    second = ModelList(settings)
    assert "typed again" in second.missing("x")
    assert second.missing(BUILTIN_ID) == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("", "api.openai.com"),
        ("http://localhost:11434/v1", ""),
        ("http://127.0.0.1:1/v1", ""),
        ("http://127.8.0.1:1/v1", ""),
        ("https://a.example/v1", "a.example"),
        ("http://192.168.1.5:8000/v1", "192.168.1.5:8000, not encrypted"),
    ],
)
def test_the_host_of_a_model_is_where_text_goes_and_whether_it_can_be_read_on_the_way(url: str, host: str, models: ModelList) -> None:
    models.put(ModelCard(card_id="x", name="m", base_url=url))
    assert models.host("x") == host
    assert models.is_free("x") == (not host)


def test_a_chosen_provider_brings_its_address_and_where_its_key_is(form: ModelsForm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "sk-canary")
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    form.add.click()
    server, key = form.form.server, form.form.key_field
    server.picker.picked.emit("groq")
    assert (server.base_url, key.kind, key.variable) == ("https://api.groq.com/openai/v1", "environment", "GROQ_API_KEY")
    assert "was found in your environment" in key.note.text()
    server.picker.picked.emit("mistral")
    assert "MISTRAL_API_KEY is not set" in key.note.text()
    assert "https://console.mistral.ai/api-keys" in key.note.text()
    server.picker.picked.emit("ollama")
    assert (server.base_url, key.kind, key.key.isVisible()) == ("http://127.0.0.1:11434/v1", "none", False)
    assert server.host.text() == "Nothing leaves this computer"
    assert "sk-canary" not in key.note.text()


def test_an_address_that_is_typed_shows_whose_it_is(form: ModelsForm) -> None:
    form.add.click()
    server = form.form.server
    for url, provider_id in (
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://models.example.com/v1", "custom"),
        ("https://contoso.openai.azure.com/openai/v1", "azure"),
    ):
        server.url.setText(url)
        assert server.picker.current == provider_id
    assert server.resource.isVisible()
    assert server.resource.text() == "contoso"


def test_azure_is_asked_for_the_name_of_the_resource(form: ModelsForm, models: ModelList) -> None:
    form.add.click()
    server = form.form.server
    server.picker.picked.emit("azure")
    form.form.name.setText("my-deployment")
    form.save.click()
    assert [card.name for card in models.cards] == []
    assert "name of your resource" in form.result.text()
    QTest.keyClicks(server.resource, "contoso")
    assert server.base_url == "https://contoso.openai.azure.com/openai/v1"
    form.save.click()
    (card,) = models.cards
    assert (card.base_url, card.key_from, card.key_env) == (server.base_url, "environment", "AZURE_OPENAI_API_KEY")


def test_plain_http_to_another_computer_is_saved_only_with_a_tick_and_says_what_it_means(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="https://192.168.1.5:8000/v1", name="m")
    server = form.form.server
    assert not server.plain_http.isVisible()
    server.url.setText("http://192.168.1.5:8000/v1")
    assert server.plain_http.isVisible()
    assert "anyone on the way can read" in server.host.text()
    form.save.click()
    assert [card.name for card in models.cards] == []
    server.plain_http.click()
    form.save.click()
    (card,) = models.cards
    assert models.choice(card.card_id).allows_plain_http
    assert models.host(card.card_id) == "192.168.1.5:8000, not encrypted"
    assert server.plain_http.isChecked()
    server.url.setText("http://192.168.1.6:8000/v1")
    assert not server.plain_http.isChecked()
    server.url.setText("https://192.168.1.5:8000/v1")
    form.save.click()
    assert not models.choice(card.card_id).allows_plain_http


def test_parameters_are_saved_and_come_with_the_model(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="http://localhost:11434/v1", name="m")
    form.form.parameters.setText("temperature")
    form.save.click()
    assert [card.name for card in models.cards] == []
    assert "temperature=0.2" in form.result.text()
    form.form.parameters.setText("temperature=0.5  reasoning_effort=low")
    form.save.click()
    (card,) = models.cards
    assert models.choice(card.card_id).parameters == {"temperature": 0.5, "reasoning_effort": "low"}
    assert form.form.parameters.text() == "temperature=0.5 reasoning_effort=low"


def test_a_list_that_cannot_be_had_is_said_beside_its_button(form: ModelsForm) -> None:
    fill(form, url="http://127.0.0.1:9/v1", name="m", key="k")
    form.form.fetch.click()
    wait_until(lambda: form.form.fetch.isEnabled())
    assert "cannot be reached" in form.form.fetched.text()


OLLAMA = FoundServer(base_url="http://127.0.0.1:11434/v1", name="Ollama", provider="ollama", models=("a:8b", "b:3b"))
LOCKED = FoundServer(base_url="http://127.0.0.1:8080/v1", name="llama.cpp", provider="llamacpp", needs_key=True)


def answering(*results: str) -> Callable[[], ModelsProcess]:
    """Processes that answer one after the other with these lines, whatever they are asked."""
    left = iter(results)
    return lambda: ModelsProcess(command=[sys.executable, "-c", f"print({next(left)!r})"])


def page_with(models: ModelList, themes: Themes, shown: Shown, *results: str) -> ModelsForm:
    made = ModelsForm(models, themes, make_process=answering(*results))
    shown(made)
    wait_until(lambda: made.found.look.isEnabled())
    return made


def click_row(form: ModelsForm, row: int) -> None:
    view = form.found.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(form.found.rows.index(row)).center())


def test_a_model_found_on_this_computer_is_the_root_model_after_one_click(models: ModelList, themes: Themes, shown: Shown) -> None:
    form = page_with(models, themes, shown, msgspec.json.encode({"servers": [OLLAMA]}).decode())
    wanted: list[str] = []
    form.use_wanted.connect(wanted.append)
    assert form.found.rows.rowCount() == 3
    click_row(form, 0)
    assert [card.name for card in models.cards] == []
    for _ in range(2):
        click_row(form, 2)
    (card,) = models.cards
    assert (card.name, card.base_url, card.key_from) == ("b:3b", OLLAMA.base_url, "none")
    assert wanted == [card.card_id] * 2
    form.found.view.setFocus()
    form.found.view.setCurrentIndex(form.found.rows.index(1))
    QTest.keyClick(form.found.view, Qt.Key.Key_Return)
    assert [card.name for card in models.cards] == ["b:3b", "a:8b"]


def test_a_model_that_only_seems_to_be_here_says_where_it_runs(models: ModelList, themes: Themes, shown: Shown) -> None:
    cloud = FoundServer(base_url="http://127.0.0.1:11434/v1", name="Ollama", provider="ollama", models=("a:8b", "b:120b-cloud"))
    form = page_with(models, themes, shown, msgspec.json.encode({"servers": [cloud]}).decode())
    said = [form.found.rows.index(row).data() for row in (1, 2)]
    assert said == ["Use a:8b", "Use b:120b-cloud · runs at ollama.com"]
    click_row(form, 2)
    (card,) = models.cards
    assert models.host(card.card_id) == "ollama.com"


def test_a_server_that_passes_on_is_said_to_wherever_it_is_used(models: ModelList, themes: Themes, shown: Shown) -> None:
    passing = FoundServer(base_url="http://127.0.0.1:4000/v1", name="LiteLLM", models=("gpt",), passes_on=True)
    form = page_with(models, themes, shown, msgspec.json.encode({"servers": [passing]}).decode())
    click_row(form, 1)
    (card,) = models.cards
    assert models.host(card.card_id) == "127.0.0.1:4000"
    assert not models.is_free(card.card_id)
    assert models.choice(card.card_id).passes_on
    form.list.setCurrentRow(1)
    assert "passes them on" in form.form.server.host.text()
    form.save.click()
    assert [card.passes_on for card in models.cards] == [True]
    form.form.server.url.setText("http://127.0.0.1:4001/v1")
    form.save.click()
    assert [card.passes_on for card in models.cards] == [False]


def test_a_server_that_asks_for_a_key_leads_to_the_form(models: ModelList, themes: Themes, shown: Shown) -> None:
    form = page_with(models, themes, shown, msgspec.json.encode({"servers": [LOCKED]}).decode())
    click_row(form, 0)
    assert [card.name for card in models.cards] == []
    assert form.form.isVisible()
    assert (form.form.server.base_url, form.form.key_field.kind) == (LOCKED.base_url, "key_store")


def test_looking_again_shows_what_runs_by_then_and_a_failure_is_said(models: ModelList, themes: Themes, shown: Shown) -> None:
    results = (msgspec.json.encode({"servers": servers}).decode() for servers in ([], [OLLAMA]))
    form = page_with(models, themes, shown, *results, '{"error": "It cannot be had."}')
    assert "No server of models answers here" in form.found.told.text()
    assert not form.found.view.isVisible()
    for said in ("2 models", "It cannot be had."):
        form.found.look.click()
        wait_until(lambda: form.found.look.isEnabled())
        assert said in form.found.told.text()


def test_a_page_that_is_left_leaves_no_process_behind(models: ModelList, themes: Themes, shown: Shown) -> None:
    made = ModelsForm(models, themes, make_process=lambda: ModelsProcess(command=[sys.executable, "-c", "import time; time.sleep(60)"]))
    shown(made)
    assert not made.found.look.isEnabled()
    made.hide()
    assert made.found.look.isEnabled()


@pytest.fixture
def asked(models: ModelList, themes: Themes, shown: Shown) -> Iterator[tuple[ModelsForm, list[ModelsProcess]]]:
    """A page with one model, whose processes answer when the test says so."""
    started: list[ModelsProcess] = []

    def waiting() -> ModelsProcess:
        started.append(ModelsProcess(command=[sys.executable, "-c", "import time; time.sleep(60)"]))
        return started[-1]

    models.put(ModelCard(card_id="a", name="kept", base_url="https://a.example/v1", key_from="key_store", key_stored_as="model-a"))
    made = ModelsForm(models, themes, make_process=waiting)
    shown(made)
    made.list.setCurrentRow(1)
    yield made, started
    made.abandon()
    made.hide()


def answer(process: ModelsProcess, reply: Reply) -> None:
    process.abandon()
    process.replied.emit(reply)


@pytest.mark.parametrize("reply", [Reply(models=("of-a",)), Reply(error="A refused.")])
def test_what_one_server_answers_is_not_told_of_another(asked: tuple[ModelsForm, list[ModelsProcess]], reply: Reply) -> None:
    form, started = asked
    form.form.fetch.click()
    form.add.click()
    answer(started[-1], reply)
    assert form.form.fetched.text() == ""
    assert form.form.fetch.isEnabled()


def test_a_model_is_not_removed_while_its_key_could_not_be(asked: tuple[ModelsForm, list[ModelsProcess]], models: ModelList) -> None:
    form, started = asked
    form.test.click()
    tested = started[-1]
    form.list.setCurrentRow(0)
    form.list.setCurrentRow(1)
    assert not form.remove.isEnabled()
    answer(tested, Reply(message="It replied."))
    processes = len(started)
    form.remove.click()
    assert len(models.cards) == 0
    assert len(started) > processes


def test_a_key_that_is_stored_meanwhile_leaves_another_form_as_it_is(
    asked: tuple[ModelsForm, list[ModelsProcess]], models: ModelList
) -> None:
    form, started = asked
    form.form.key_field.key.setText("sk-new")
    form.save.click()
    form.add.click()
    form.form.name.setText("half typed")
    answer(started[-1], Reply(message="The key is kept."))
    assert form.form.name.text() == "half typed"


def test_a_window_that_closes_ends_what_its_page_asks(qapp: QApplication) -> None:
    app = open_window(qapp)
    form = app.window.content("models")
    assert isinstance(form, ModelsForm)
    ended: list[bool] = []
    app.desk.abandoned.connect(lambda: ended.append(form.is_asking))
    form.add.click()
    form.form.server.url.setText("http://127.0.0.1:9/v1")
    form.test.click()
    assert form.is_asking
    close_window(app)
    assert ended == [False]


def choose_source(form: ModelsForm, kind: str) -> None:
    field = form.form.key_field
    field.key_from.set_current([*KEYS].index(kind))  # type: ignore[arg-type]
    field.key_from.chosen.emit([*KEYS].index(kind))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("card", "now"),
    [
        (ModelCard(card_id="a", name="m", key_from="environment", key_env="HELD_KEY"), "Now from the environment variable HELD_KEY."),
        (
            ModelCard(card_id="a", name="m", key_from="environment", key_env="NO_KEY"),
            "No key now: the environment variable NO_KEY is not set.",
        ),
        (ModelCard(card_id="a", name="m", key_from="key_store", key_stored_as="mine"), "Now in the system's key store, as “mine”."),
        (ModelCard(card_id="a", name="m", key_from="typed"), "No key now: it was typed before, and kept nowhere."),
        (ModelCard(card_id="a", name="m"), "No key now."),
    ],
)
def test_where_a_key_comes_from_now_is_said(
    card: ModelCard, now: str, models: ModelList, themes: Themes, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELD_KEY", "canary-held-0123456789")
    monkeypatch.delenv("NO_KEY", raising=False)
    models.put(card)
    made = ModelsForm(models, themes)
    shown(made)
    made.list.setCurrentRow(1)
    assert made.form.key_field.now.text().startswith(now)
    assert made.form.key_field.acts.test.isEnabled() == (card.key_from != "none")
    assert made.form.key_field.acts.remove.isVisible() == (card.key_from == "key_store")


def test_a_key_is_tested_when_its_button_is_pressed_and_at_no_other_time(form: ModelsForm, server: OpenAIServer) -> None:
    fill(form, url=server.base_url, name="", key="canary-page-0123456789")
    acts = form.form.key_field.acts
    assert not server.requests
    acts.test.click()
    wait_until(lambda: acts.test.isEnabled())
    assert "lists one model with this key" in acts.told.text()
    assert [(asked.path, asked.headers["authorization"]) for asked in server.requests] == [("/v1/models", "Bearer canary-page-0123456789")]
    form.list.setCurrentRow(0)
    assert acts.told.text() == ""


def test_what_is_wrong_with_a_key_is_said_beside_it_without_the_key(form: ModelsForm) -> None:
    acts = form.form.key_field.acts
    for key, said in (("canary-page 0123456789", "has a space"), ("canary-pagé-0123456789", "a letter in it that keys do not have")):
        fill(form, url="http://127.0.0.1:9/v1", name="m", key=key)
        acts.test.click()
        wait_until(lambda: acts.test.isEnabled())
        assert said in acts.told.text()
        assert "canary" not in acts.told.text()


def test_a_test_can_be_cancelled_and_tells_nothing_of_the_key(asked: tuple[ModelsForm, list[ModelsProcess]]) -> None:
    form, started = asked
    acts = form.form.key_field.acts
    assert not acts.cancel.isVisible()
    acts.test.click()
    assert acts.cancel.isVisible() and not acts.test.isEnabled()
    wait_until(lambda: started[-1].is_running)
    acts.cancel.click()
    wait_until(lambda: acts.test.isEnabled())
    assert acts.told.text() == "Cancelled. Whether the key works is not known."
    assert not acts.cancel.isVisible()


def test_a_question_that_costs_is_asked_only_after_it_was_said_what_it_costs(asked: tuple[ModelsForm, list[ModelsProcess]]) -> None:
    form, started = asked
    acts = form.form.key_field.acts
    acts.test.click()
    processes = len(started)
    answer(started[-1], Reply(message="a.example has no list of models (404).", has_no_list=True))
    assert "One question to kept would: about 30 tokens at its price, more where it thinks first." in acts.told.text()
    assert acts.question.isVisible()
    assert len(started) == processes
    acts.question.click()
    assert len(started) == processes + 1
    answer(started[-1], Reply(message="kept replied in 0.4 s."))
    assert acts.told.text() == "kept replied in 0.4 s."


def test_a_stored_key_is_removed_and_the_model_stays_without_one(asked: tuple[ModelsForm, list[ModelsProcess]], models: ModelList) -> None:
    form, started = asked
    acts = form.form.key_field.acts
    acts.remove.click()
    answer(started[-1], Reply(error="The key store is locked."))
    assert [card.key_stored_as for card in models.cards] == ["model-a"]
    assert acts.told.text() == "The key store is locked."
    acts.remove.click()
    answer(started[-1], Reply(message="The key “model-a” was removed."))
    assert [(card.name, card.key_from, card.key_stored_as) for card in models.cards] == [("kept", "none", "")]
    assert acts.told.text() == "The key “model-a” was removed."
    assert form.form.key_field.now.text() == "No key now."
    assert not acts.remove.isVisible()


def test_a_key_that_was_typed_for_now_can_be_forgotten(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="http://localhost:11434/v1", name="m", key="canary-page-0123456789")
    form.save.click()
    (card,) = models.cards
    assert form.form.key_field.now.text() == "Now typed, until the window closes."
    form.form.key_field.acts.remove.click()
    assert models.typed_key(card.card_id) == ""
    assert form.form.key_field.now.text() == "No key now."


def test_a_stored_key_that_nothing_names_any_more_is_removed_with_the_change(
    asked: tuple[ModelsForm, list[ModelsProcess]], models: ModelList
) -> None:
    form, started = asked
    choose_source(form, "none")
    processes = len(started)
    form.save.click()
    assert [card.key_stored_as for card in models.cards] == [""]
    assert len(started) > processes
    answer(started[-1], Reply(message="The key “model-a” was removed."))
    assert "was removed" in form.result.text()


@pytest.mark.parametrize("written", ["sk-proj-abcdefghijklmnop0123456789", "two words", "canary-page-0123456789"])
def test_a_key_in_the_place_of_a_variables_name_is_not_saved(written: str, form: ModelsForm, models: ModelList) -> None:
    fill(form, url="http://localhost:11434/v1", name="m")
    choose_source(form, "environment")
    form.form.key_field.key.setText(written)
    form.save.click()
    assert [card.name for card in models.cards] == []
    assert "takes the name of an environment variable" in form.result.text()


@pytest.mark.parametrize("place", ["name", "url", "parameters"])
def test_a_key_in_a_field_that_the_settings_keep_is_not_saved(place: str, form: ModelsForm, models: ModelList) -> None:
    key = "sk-proj-abcdefghijklmnop0123456789"
    fill(form, url=f"https://a.example/{key}/v1" if place == "url" else "https://a.example/v1", name=key if place == "name" else "m")
    form.form.parameters.setText(f"user={key}" if place == "parameters" else "")
    form.save.click()
    assert [card.name for card in models.cards] == []
    assert "Put it into the field for the key" in form.result.text()
