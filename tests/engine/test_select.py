"""From a choice to a model, whichever kind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from rlm_desktop.engine.endpoint import EXPECTED_OUTPUT_TOKENS, open_endpoint
from rlm_desktop.engine.models.base import Message, ModelReply, ModelRequest
from rlm_desktop.engine.models.openai_chat import OpenAIChat
from rlm_desktop.engine.models.select import select
from rlm_desktop.errors import UserError
from rlm_desktop.servers.address import Server
from rlm_desktop.trace.events import Noticed, RunStarted
from rlm_desktop.trace.request import ModelChoice
from tests.engine.running import repl, run
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
    assert (selected.model.host, selected.model.is_free) == ("", True)
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


def test_parameters_that_were_set_come_along_and_bound_what_is_reserved_for_a_reply() -> None:
    parameters: dict[str, str | int | float | bool] = {"temperature": 0.2, "reasoning_effort": "low", "max_tokens": 100}
    choice = ModelChoice(name="m", base_url="http://localhost:1/v1", parameters=parameters)
    assert select(choice, {}).parameters == parameters
    asked = [Message(role="user", content="x" * 400)]
    limited, usual = open_endpoint(choice, {}), open_endpoint(msgspec.structs.replace(choice, parameters={}), {})
    assert usual.expected(asked)[0].tokens - limited.expected(asked)[0].tokens == EXPECTED_OUTPUT_TOKENS - 100


def test_plain_http_to_another_computer_needs_a_yes_and_is_told() -> None:
    choice = ModelChoice(name="m", base_url="http://192.168.1.5:8000/v1")
    with pytest.raises(UserError, match="--allow-plain-http"):
        select(choice, {})
    allowed = select(msgspec.structs.replace(choice, allows_plain_http=True), {}).model
    assert (allowed.host, allowed.is_encrypted) == ("192.168.1.5:8000", False)
    assert select(ModelChoice(name="m", base_url="http://127.0.0.1:8000/v1"), {}).model.is_encrypted


def test_a_run_over_plain_http_says_so_in_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with OpenAIServer(repl("answer['content'] = 'done'; answer['ready'] = True")) as server:
        elsewhere = Server(url=server.base_url, netloc="192.168.1.5:8000", is_local=False)
        recorded = run(OpenAIChat("m", server=elsewhere))
    assert recorded.result.answer == "done"
    (started,) = recorded.of(RunStarted)
    assert (started.model.host, started.model.is_encrypted) == ("192.168.1.5:8000", False)
    (notice,) = recorded.of(Noticed)
    assert notice.level == "warning"
    assert "192.168.1.5:8000 unencrypted" in notice.message


@pytest.mark.parametrize(
    "choice",
    [
        ModelChoice(name="m", base_url="http://localhost:1/v1", parameters={"messages": "x"}),
        ModelChoice(name="m", base_url="http://localhost:1/v1", parameters={"stream": True}),
        ModelChoice(name="m", base_url="http://localhost:1/v1", parameters={"a b": 1}),
        ModelChoice(name="m", base_url="http://localhost:1/v1", parameters={"temperature": float("inf")}),
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
