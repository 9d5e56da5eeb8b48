"""What a request cost, by whose figure; unknown is not nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rlm_desktop.engine.pricing import FREE, UNKNOWN, price
from rlm_desktop.trace.events import Usage

USAGE = Usage(input_tokens=1_000_000, output_tokens=100_000)


def test_a_model_is_priced_by_the_list_of_its_provider() -> None:
    found = price("gpt-4o-mini", "api.openai.com", USAGE)
    assert found.priced_by == "genai-prices"
    assert found.cost_usd == pytest.approx(0.15 + 0.06)


def test_what_was_cached_costs_less() -> None:
    whole, cached = (
        price("gpt-4o-mini", "api.openai.com", Usage(input_tokens=1_000_000, output_tokens=0, cached_tokens=n)) for n in (0, 900_000)
    )
    assert whole.cost_usd is not None
    assert cached.cost_usd is not None
    assert 0 < cached.cost_usd < whole.cost_usd


@pytest.mark.parametrize(
    ("model", "host"), [("gpt-4o-mini", "gateway.example.com"), ("no-such-model", "api.openai.com"), ("", "api.openai.com")]
)
def test_a_model_that_the_list_does_not_have_there_is_unknown(model: str, host: str) -> None:
    assert price(model, host, USAGE) == UNKNOWN
    assert UNKNOWN.cost_usd is None


def test_the_list_comes_before_what_was_entered_and_that_before_unknown() -> None:
    assert price("gpt-4o-mini", "api.openai.com", USAGE, entered=(7.0, 9.0)).priced_by == "genai-prices"
    found = price("own-model", "gateway.example.com", USAGE, entered=(7.0, 9.0))
    assert found.cost_usd == pytest.approx(7.9)
    assert found.priced_by == "entered"


def test_a_server_on_this_computer_is_free_unless_a_price_was_entered() -> None:
    assert price("gpt-4o-mini", "", USAGE) == FREE
    assert price("gpt-4o-mini", "", USAGE, entered=(1.0, 0.0)) == (1.0, "entered")


def test_pricing_starts_nothing_that_fetches_prices_and_loads_the_list_on_first_use_only() -> None:
    code = """
import sys, threading
from rlm_desktop.engine.pricing import price
from rlm_desktop.trace.events import Usage
usage = Usage(input_tokens=1, output_tokens=1)
price("local", "", usage)
assert "genai_prices" not in sys.modules
price("gpt-4o-mini", "api.openai.com", usage)
from genai_prices import data_snapshot
assert data_snapshot._custom_snapshot is None and threading.active_count() == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
