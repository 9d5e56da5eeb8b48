"""Which model and server the options of a run name, for root and sub-calls, and whose key goes where."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlm_desktop.cli.run_options import parse
from rlm_desktop.errors import UsageError
from rlm_desktop.trace.request import ModelChoice

ANTHROPIC = "https://api.anthropic.com/v1"


def models(*options: str) -> tuple[ModelChoice, ModelChoice | None]:
    request = parse(["doc.txt", "-q", "?", *options]).request
    return request.model, request.sub_model


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_provider_brings_its_address_and_the_variable_of_its_key() -> None:
    assert models("--provider", "anthropic", "--model", "m") == (
        ModelChoice(name="m", base_url=ANTHROPIC, api_key_env="ANTHROPIC_API_KEY"),
        None,
    )
    assert models("--provider", "ollama", "--model", "m")[0] == ModelChoice(name="m", base_url="http://127.0.0.1:11434/v1")
    assert models("--provider", "anthropic", "--model", "m", "--api-key-env", "MINE")[0].api_key_env == "MINE"
    assert models("--provider", "azure:mine", "--model", "m")[0].base_url == "https://mine.openai.azure.com/openai/v1"
    assert models("--provider", "custom", "--base-url", "https://a.example/v1", "--model", "m")[0].api_key_env is None


def test_of_two_variables_the_one_that_is_set_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert models("--provider", "gemini", "--model", "m")[0].api_key_env == "GEMINI_API_KEY"
    monkeypatch.setenv("GOOGLE_API_KEY", "k")
    assert models("--provider", "gemini", "--model", "m")[0].api_key_env == "GOOGLE_API_KEY"


def test_sub_calls_may_go_elsewhere_and_the_key_does_not_follow() -> None:
    root, sub = models("--provider", "anthropic", "--model", "big", "--sub-provider", "ollama", "--sub-model", "small")
    assert root.api_key_env == "ANTHROPIC_API_KEY"
    assert sub == ModelChoice(name="small", base_url="http://127.0.0.1:11434/v1")
    _, sub = models("--provider", "anthropic", "--model", "big", "--sub-base-url", "https://a.example/v1")
    assert sub == ModelChoice(name="big", base_url="https://a.example/v1")


def test_a_stored_key_is_named_beside_the_variable_that_comes_after_it() -> None:
    root, _ = models("--provider", "anthropic", "--model", "m", "--api-key-stored-as", "mine")
    assert root == ModelChoice(name="m", base_url=ANTHROPIC, api_key_env="ANTHROPIC_API_KEY", api_key_stored_as="mine")


def test_a_stored_key_goes_to_the_server_it_was_named_for_and_to_no_other() -> None:
    big = ("--provider", "anthropic", "--model", "big", "--api-key-stored-as", "mine")
    _, sub = models(*big, "--sub-model", "small")
    assert sub is not None and sub.api_key_stored_as == "mine"
    _, sub = models(*big, "--sub-provider", "anthropic", "--sub-model", "small")
    assert sub is not None and sub.api_key_stored_as == "mine"
    _, sub = models(*big, "--sub-base-url", "https://a.example/v1")
    assert sub == ModelChoice(name="big", base_url="https://a.example/v1")
    _, sub = models(*big, "--sub-model", "small", "--sub-api-key-env", "OTHER")
    assert sub == ModelChoice(name="small", base_url=ANTHROPIC, api_key_env="OTHER")
    _, sub = models(*big, "--sub-model", "small", "--sub-api-key-stored-as", "theirs")
    assert sub == ModelChoice(name="small", base_url=ANTHROPIC, api_key_stored_as="theirs")


@pytest.mark.parametrize("option", ["--api-key-stored-as", "--sub-api-key-stored-as"])
def test_a_stored_key_for_nothing_is_wrong_use(option: str) -> None:
    with pytest.raises(UsageError, match=f"{option} names a key"):
        models(option, "mine")


def test_a_sub_model_alone_is_one_at_the_same_server() -> None:
    _, sub = models("--provider", "anthropic", "--model", "big", "--sub-model", "small")
    assert sub == ModelChoice(name="small", base_url=ANTHROPIC, api_key_env="ANTHROPIC_API_KEY")
    _, sub = models("--model", "big", "--sub-model", "small", "--sub-api-key-env", "OTHER", "--api-key-env", "MINE")
    assert sub == ModelChoice(name="small", api_key_env="OTHER")
    _, sub = models("--base-url", "http://10.0.0.1/v1", "--allow-plain-http", "--model", "big", "--sub-model", "small")
    assert sub == ModelChoice(name="small", base_url="http://10.0.0.1/v1", allows_plain_http=True)


def test_plain_http_is_allowed_for_each_server_by_itself() -> None:
    root, sub = models(
        "--base-url", "http://10.0.0.1/v1", "--allow-plain-http", "--model", "a", "--sub-base-url", "http://10.0.0.2/v1"
    )  # fmt: skip
    assert sub is not None
    assert (root.allows_plain_http, sub.allows_plain_http) == (True, False)


def test_parameters_are_numbers_truths_or_texts_and_those_of_sub_calls_come_on_top() -> None:
    given = ["--parameter", "temperature=0.2", "--parameter", "seed=7", "--parameter", "reasoning_effort=low", "--parameter", "x=true"]
    root, sub = models("--model", "m", *given)
    assert root.parameters == {"temperature": 0.2, "seed": 7, "reasoning_effort": "low", "x": True}
    assert sub is None
    _, sub = models("--model", "m", *given, "--sub-parameter", "seed=8")
    assert sub is not None
    assert (sub.name, sub.parameters) == ("m", {**root.parameters, "seed": 8})


@pytest.mark.parametrize(
    "options",
    [
        ("--provider", "nobody", "--model", "m"),
        ("--provider", "openai"),
        ("--provider", "custom", "--model", "m"),
        ("--provider", "azure", "--model", "m"),
        ("--provider", "azure:a/b", "--model", "m"),
        ("--provider", "openai:mine", "--model", "m"),
        ("--provider", "openai", "--base-url", "https://a.example/v1", "--model", "m"),
        ("--sub-provider", "ollama"),
        ("--model", "m", "--parameter", "temperature"),
        ("--model", "m", "--parameter", "=1"),
        ("--parameter", "temperature=1"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(options: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.$"):
        models(*options)
