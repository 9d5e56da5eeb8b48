"""The models page against a real server: listed, tested, saved, and a key that is written nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.model_list import BUILTIN_ID, ModelList, host_of
from rlm_desktop.gui.models.models_page import KEYS, ModelsForm
from rlm_desktop.gui.settings import ModelCard, SettingsFile
from tests.gui.waiting import wait_until
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
    form.url.setText(url)
    form.name.setText(name)
    form.key_from.set_current(KEYS.index("typed"))
    form.key_from.chosen.emit(KEYS.index("typed"))
    form.key.setText(key)


def test_the_built_in_model_is_always_there_and_says_what_it_is(form: ModelsForm, models: ModelList) -> None:
    assert form.list.count() == 1
    assert "not a language model" in form.about.text()
    assert not form.save.isVisible()
    assert models.choice("no such model").provider == "builtin"


def test_a_model_is_listed_tested_and_saved_and_its_typed_key_is_written_nowhere(
    form: ModelsForm, models: ModelList, settings: SettingsFile, server: OpenAIServer, tmp_path: Path
) -> None:
    fill(form, url=server.base_url, name="", key="sk-secret-123")
    form.fetch.click()
    wait_until(lambda: form.fetch.isEnabled())
    assert "models" in form.fetched.text()
    form.name.setText("tiny")
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
    fill(form, url="", name=" ")
    form.save.click()
    assert models.cards == ()
    assert "name" in form.result.text()


def test_an_entered_price_is_kept_and_an_empty_one_is_unknown(form: ModelsForm, models: ModelList) -> None:
    fill(form, url="http://localhost:11434/v1", name="m")
    form.price_in.setText(form.locale().toString(0.25))
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
    [("", "api.openai.com"), ("http://localhost:11434/v1", ""), ("http://127.0.0.1:1/v1", ""), ("https://a.example/v1", "a.example")],
)
def test_the_host_of_a_model_is_where_text_goes(url: str, host: str) -> None:
    assert host_of(url) == host
