"""Servers by name: the data, and what a person means by a name or an address."""

from __future__ import annotations

import pytest

from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.servers.address import server_at
from rlm_desktop.servers.providers import CUSTOM, local_kinds, provider, provider_at, provider_named, providers

WANTED = [
    "openai",
    "azure",
    "openrouter",
    "anthropic",
    "gemini",
    "groq",
    "together",
    "mistral",
    "deepseek",
    "fireworks",
    "vllm",
    "ollama",
    "lmstudio",
    "llamacpp",
    "custom",
]


def test_everybody_is_there_once_and_the_custom_one_last() -> None:
    assert [one.id for one in providers()] == WANTED
    assert len({one.name for one in providers()}) == len(WANTED)


@pytest.mark.parametrize("provider_id", [name for name in WANTED if name != CUSTOM])
def test_an_address_is_one_that_a_key_may_be_sent_to(provider_id: str) -> None:
    one = provider(provider_id)
    assert one is not None
    server = server_at(one.url("mine" if one.fill_in else ""))
    assert server.is_local == one.is_local
    assert bool(one.key_envs) == bool(one.key_at) == (not one.is_local)
    assert one.model_example


def test_the_usual_ports_of_local_servers_agree_with_their_addresses() -> None:
    for kind in local_kinds():
        known = provider(kind.provider)
        if kind.provider:
            assert known is not None
            assert known.base_url == f"http://127.0.0.1:{kind.ports[0]}{kind.path}"
    assert {one.id for one in providers() if one.is_local} == {kind.provider for kind in local_kinds() if kind.provider}


@pytest.mark.parametrize(
    ("given", "provider_id", "filled_in"),
    [
        ("openai", "openai", ""),
        ("OpenAI", "openai", ""),
        ("LM Studio", "lmstudio", ""),
        ("llama.cpp", "llamacpp", ""),
        ("azure:my-resource", "azure", "my-resource"),
        ("Azure OpenAI:x", "azure", "x"),
    ],
)
def test_a_person_may_write_the_name_in_their_own_way(given: str, provider_id: str, filled_in: str) -> None:
    found, rest = provider_named(given)
    assert (found.id, rest) == (provider_id, filled_in)


def test_an_unknown_name_says_which_are_known() -> None:
    with pytest.raises(UsageError, match="openrouter"):
        provider_named("opnrouter")


@pytest.mark.parametrize("filled_in", ["", " ", "a.b", "evil.example/", "a/b", "a@b", "RÉSOURCE"])
def test_what_is_no_name_of_a_resource_is_put_into_no_address(filled_in: str) -> None:
    azure = provider("azure")
    assert azure is not None
    with pytest.raises(UserError):
        azure.url(filled_in)


@pytest.mark.parametrize(
    ("base_url", "provider_id"),
    [
        ("", "openai"),
        ("https://api.openai.com/v1/", "openai"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://127.0.0.1:11434/v1", "ollama"),
        ("https://contoso.openai.azure.com/openai/v1/", "azure"),
        ("https://.openai.azure.com/openai/v1", CUSTOM),
        ("https://models.example.com/v1", CUSTOM),
        ("http://127.0.0.1:9999/v1", CUSTOM),
    ],
)
def test_an_address_is_known_for_whose_it_is(base_url: str, provider_id: str) -> None:
    assert provider_at(base_url).id == provider_id


def test_the_variable_that_is_set_is_the_one_that_holds_the_key() -> None:
    gemini = provider("gemini")
    assert gemini is not None
    assert gemini.key_env({}) == "GEMINI_API_KEY"
    assert gemini.key_env({"GOOGLE_API_KEY": "k"}) == "GOOGLE_API_KEY"
    assert gemini.key_env({"GOOGLE_API_KEY": "k", "GEMINI_API_KEY": "k"}) == "GEMINI_API_KEY"
    ollama = provider("ollama")
    assert ollama is not None
    assert ollama.key_env({"OPENAI_API_KEY": "k"}) == ""
