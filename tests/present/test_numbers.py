"""Figures are written as the look wants them: unknown is never zero, and nothing rounds to a lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.present import numbers
from rlm_desktop.present.numbers import NARROW, Cost


def spaced(words: str) -> str:
    return words.replace("_", NARROW)


@pytest.mark.parametrize(
    ("usd", "written"),
    [
        (None, "$?"),
        (float("nan"), "$?"),
        (0.0, "$0"),
        (0.0127, "$0.0127"),
        (0.0999, "$0.0999"),
        (0.41, "$0.410"),
        (9.5, "$9.500"),
        (12.0, "$12.00"),
        (1234.5, "$1,234.50"),
        (1e-05, "<_$0.0001"),
        (-0.017, "−$0.0170"),
    ],
)
def test_a_cost_takes_its_decimals_from_its_size(usd: float | None, written: str) -> None:
    assert numbers.cost(usd) == spaced(written)


def test_a_column_of_costs_shares_its_decimals() -> None:
    digits = numbers.cost_digits(0.321)
    assert [numbers.cost(usd, digits=digits) for usd in (0.321, 0.008)] == ["$0.321", "$0.008"]


def test_a_sum_with_unknown_parts_says_at_least() -> None:
    assert numbers.cost_in_cents(numbers.sum_costs([0.05, None, 0.02])) == spaced("≥_$0.07 + ?")
    assert numbers.cost_in_cents(numbers.sum_costs([None, None])) == "$?"
    assert numbers.cost_in_cents(numbers.sum_costs([0.4, 0.01])) == "$0.41"
    assert numbers.cost_in_cents(numbers.sum_costs([])) == "$0"


def test_a_sum_is_exact_whatever_the_order() -> None:
    parts = [0.1] * 10 + [1e16, -1e16]
    assert numbers.sum_costs(parts).known_usd == numbers.sum_costs(reversed(parts)).known_usd


@given(st.floats(min_value=1e-12, max_value=1e6))
def test_something_spent_is_never_written_as_nothing(usd: float) -> None:
    for written in (numbers.cost(usd), numbers.cost_in_cents(Cost(usd))):
        assert written not in ("$0", "$0.00", "$0.000", "$0.0000")


def test_a_forecast_and_a_limit() -> None:
    assert numbers.forecast_cost(0.468) == spaced("≈_$0.47")
    assert numbers.forecast_cost(None) == spaced("≈_$?")
    assert numbers.limit_cost(2) == "$2.00"


@pytest.mark.parametrize(
    ("n", "written"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.0_k"),
        (7904, "7.9_k"),
        (99949, "99.9_k"),
        (99999, "100_k"),
        (847600, "848_k"),
        (999499, "999_k"),
        (999999, "1.00_M"),
        (1674342, "1.67_M"),
        (100000000, "100_M"),
        (2500000000, "2.50_G"),
        (None, "–"),
    ],
)
def test_tokens_are_short(n: int | None, written: str) -> None:
    assert numbers.tokens(n) == spaced(written)


def test_what_we_counted_ourselves_is_marked() -> None:
    assert numbers.tokens(847_600, is_estimate=True) == spaced("~848_k")


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, "–"),
        (0, "0_ms"),
        (0.0842, "84_ms"),
        (0.9996, "1.0_s"),
        (4.21, "4.2_s"),
        (59.94, "59.9_s"),
        (59.97, "1:00"),
        (60.9, "1:00"),
        (252, "4:12"),
        (3599.9, "59:59"),
        (3723, "1:02:03"),
    ],
)
def test_durations_change_their_unit(seconds: float | None, written: str) -> None:
    assert numbers.duration(seconds) == spaced(written)


@pytest.mark.parametrize(("share", "written"), [(None, "–"), (0, "0_%"), (0.004, "<_1_%"), (0.61, "61_%"), (0.996, "99_%"), (1, "100_%")])
def test_a_share_rounds_neither_to_nothing_nor_to_all(share: float | None, written: str) -> None:
    assert numbers.percent(share) == spaced(written)


def test_counts_and_sizes() -> None:
    assert numbers.count(1_204) == "1,204"
    assert numbers.count(None) == "–"
    assert [numbers.size(n) for n in (812, 5_100_000, 400_000_000)] == [spaced("812_B"), spaced("5.1_MB"), spaced("400_MB")]
