"""From a choice to a model, whichever kind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from rlm_desktop.engine.models.base import Message, ModelReply, ModelRequest
from rlm_desktop.engine.models.select import select
from rlm_desktop.errors import UserError
from rlm_desktop.trace.request import ModelChoice
from tests.openai_server import OpenAIServer


def ask(choice: ModelChoice, environment: dict[str, str] | None = None) -> ModelReply:
    async def go() -> ModelReply:
        model = select(choice, environment or {}).model
        try:
            return await model.complete(ModelRequest(messages=[Message(role="user", content="How many?")]))
        finally:
            await model.aclose()

    return asyncio.run(go())


def test_the_built_in_model_needs_nothing() -> None:
    selected = select(ModelChoice(name="builtin", provider="builtin"), {})
    assert (selected.model.host, selected.model.is_free, selected.secret) == ("", True, None)
    assert "built-in extractive model" in selected.model.name


def test_a_scripted_model_takes_its_replies_from_the_file(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('["Twelve."]')
    assert ask(ModelChoice(name="demo", provider="scripted", script=str(script))).text == "Twelve."


def test_a_model_behind_a_server_is_asked_there_with_the_key_of_the_environment() -> None:
    with OpenAIServer("Twelve.", required_key="abc-123-def") as server:
        choice = ModelChoice(name="m", base_url=server.base_url, api_key_env="MY_KEY")
        assert ask(choice, {"MY_KEY": "abc-123-def"}).text == "Twelve."


def test_prices_that_were_entered_come_along() -> None:
    choice = ModelChoice(name="m", base_url="http://localhost:1/v1", input_usd_per_million=1.0, output_usd_per_million=2.0)
    assert select(choice, {}).entered == (1.0, 2.0)
    assert select(ModelChoice(name="m", base_url="http://localhost:1/v1"), {}).entered is None


@pytest.mark.parametrize(
    "choice",
    [
        ModelChoice(name=" ", base_url="http://localhost:1/v1"),
        ModelChoice(name="m", base_url="http://models.example.com/v1"),
        ModelChoice(name="m", base_url="nowhere"),
        ModelChoice(name="m", provider="scripted"),
        ModelChoice(name="m", provider="recorded", script="/no/such/trace"),
        ModelChoice(name="m", base_url="http://localhost:1/v1", api_key_env="NOT_SET"),
        ModelChoice(name="m", base_url="http://localhost:1/v1", input_usd_per_million=1.0),
        ModelChoice(name="m", base_url="http://localhost:1/v1", input_usd_per_million=-1.0, output_usd_per_million=1.0),
        ModelChoice(name="m", base_url="http://localhost:1/v1", input_usd_per_million=float("nan"), output_usd_per_million=1.0),
    ],
)
def test_a_choice_that_cannot_be_asked_is_refused_with_a_sentence(choice: ModelChoice) -> None:
    with pytest.raises(UserError, match=r"\.$"):
        select(choice, {})


def test_a_model_without_a_network_imports_no_client() -> None:
    code = """
import sys
from rlm_desktop.engine.models.select import select
from rlm_desktop.trace.request import ModelChoice
select(ModelChoice(name="", provider="builtin"), {})
assert not {"openai", "httpx2", "keyring", "genai_prices"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
