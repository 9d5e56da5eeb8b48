"""What is set on the limits page is what the next run is asked to keep to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.draft import Draft
from rlm_desktop.gui.limits_page import LimitsForm
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.model_list import ModelList
from rlm_desktop.gui.settings import ModelCard, SettingsFile

Shown = Callable[[QWidget], QWidget]


@pytest.fixture
def models(qapp: QApplication, tmp_path: Path) -> Iterator[ModelList]:
    settings = SettingsFile(tmp_path / "settings.json")
    yield ModelList(settings, settings)
    settings.deleteLater()


@pytest.fixture
def draft(models: ModelList, tmp_path: Path) -> Draft:
    settings = models.parent()
    assert isinstance(settings, SettingsFile)
    return Draft(DocumentList(settings), models, settings, settings)


def test_a_changed_field_makes_the_limits_custom_and_reaches_the_request(
    draft: Draft, themes: Themes, shown: Shown, tmp_path: Path
) -> None:
    form = LimitsForm(draft, themes)
    shown(form)
    assert (draft.preset, form.cost[1].value(), form.max_depth.value()) == ("thorough", 2.0, 2)
    form.cost[1].setValue(5.25)
    form.time[0].setChecked(False)
    limits = draft.request(tmp_path / "a.rlmtrace").limits
    assert draft.preset == "custom"
    assert (limits.max_cost_usd, limits.max_time_s, limits.max_iterations) == (5.25, None, 30)
    assert not form.time[1].isEnabled()


def test_the_fields_show_what_they_hold(draft: Draft, themes: Themes, shown: Shown) -> None:
    form = LimitsForm(draft, themes)
    shown(form)
    for box in (form.max_depth, form.iterations, form.calls, form.at_once, form.cost[1], form.time[1]):
        assert box.lineEdit().width() > 40, box.accessibleName()


def test_a_preset_fills_the_fields(draft: Draft, themes: Themes, shown: Shown) -> None:
    form = LimitsForm(draft, themes)
    shown(form)
    draft.set_preset("quick")
    assert (form.max_depth.value(), form.iterations.value(), form.cost[1].value()) == (1, 10, 0.5)
    assert draft.preset == "quick"


def test_what_is_missing_is_said_one_thing_at_a_time(draft: Draft, tmp_path: Path) -> None:
    assert "document" in draft.missing() and "question" in draft.missing()
    draft.set_question("Why?")
    assert "Add a document first" in draft.missing()


def test_the_models_of_a_run_are_those_picked_or_the_built_in_one_where_they_are_gone(
    draft: Draft, models: ModelList, tmp_path: Path
) -> None:
    request = draft.request(tmp_path / "a")
    assert (request.model.provider, request.sub_model) == ("builtin", None)
    assert draft.is_free and draft.hosts == ["", ""]
    models.put(ModelCard(card_id="x", name="gpt", key_from="environment", key_env="KEY"))
    draft.set_root_model("x")
    draft.set_sub_model("builtin")
    request = draft.request(tmp_path / "a")
    assert request.model.api_key_env == "KEY" and request.sub_model is not None and request.sub_model.provider == "builtin"
    assert draft.hosts == ["api.openai.com", ""] and not draft.is_free
    models.put(ModelCard(card_id="x", name="qwen", base_url="http://localhost:11434/v1"))
    assert draft.is_free
    models.put(ModelCard(card_id="x", name="qwen", base_url="http://localhost:11434/v1", input_usd_per_million=0.5))
    assert not draft.is_free
    models.remove("x")
    assert draft.request(tmp_path / "a").model.provider == "builtin"
