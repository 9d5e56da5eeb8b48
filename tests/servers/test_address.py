"""Base URLs, checked before anything is sent there."""

from __future__ import annotations

import pytest

from rlm_desktop.errors import UserError
from rlm_desktop.servers.address import OPENAI_URL, server_at


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        (None, "api.openai.com"),
        ("https://openrouter.ai/api/v1/", "openrouter.ai"),
        (" https://models.example.com:8443/v1 ", "models.example.com:8443"),
        ("http://localhost:11434/v1", ""),
        ("http://127.0.0.1:8080/v1", ""),
        ("http://127.3.2.1/v1", ""),
        ("http://[::1]:1234/v1", ""),
        ("https://localhost.example.com/v1", "localhost.example.com"),
    ],
)
def test_the_host_is_where_text_goes_and_nothing_when_it_stays_here(base_url: str | None, host: str) -> None:
    server = server_at(base_url)
    assert server.host_of("m") == host
    assert server.is_local == (host == "")
    assert server.url == (base_url or OPENAI_URL).strip().rstrip("/")


@pytest.mark.parametrize(
    "base_url", ["http://192.168.0.7:11434/v1", "http://models.example.com/v1", "http://127.0.0.1.example.com/v1", "HTTP://a.b/"]
)
def test_plain_http_leaves_this_computer_only_if_it_is_allowed(base_url: str) -> None:
    with pytest.raises(UserError, match="https://"):
        server_at(base_url)
    allowed = server_at(base_url, allows_plain_http=True)
    assert allowed.host_of("m") == allowed.netloc
    assert not allowed.is_encrypted


@pytest.mark.parametrize(
    "base_url",
    [
        "models.example.com/v1",
        "ftp://models.example.com",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://a b.com/v1",
        "https://a.com\n.b.com",
        "https://a.com:99999999/v1",
        "https://a.com/v1?key=1",
        "https://a.com/v1#x",
        "https://[::1/v1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_web_address_is_refused(base_url: str) -> None:
    with pytest.raises(UserError):
        server_at(base_url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UserError) as caught:
        server_at("https://user:canary@models.example.com/v1")
    assert "canary" not in str(caught.value)


def test_text_that_a_server_on_this_computer_sends_on_does_not_stay_here() -> None:
    local = "http://127.0.0.1:11434/v1"
    assert server_at(local).host_of("gpt-oss:120b-cloud") == "ollama.com"
    assert server_at(local).host_of("qwen3-coder:cloud") == "ollama.com"
    assert server_at(local).host_of("cloudy:8b") == ""
    assert server_at("http://localhost:4000", passes_on=True).host_of("m") == "localhost:4000"
    assert server_at("http://localhost:4000", passes_on=True).is_encrypted
