"""What a request cost. The only file that imports genai-prices; its list comes with the package and is never fetched."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rlm_desktop.trace.events import Usage


class EnteredPrice(NamedTuple):
    """What the person says that a million tokens cost."""

    input_usd_per_million: float
    output_usd_per_million: float


class Priced(NamedTuple):
    """`cost_usd` None is unknown, which is not nothing. `priced_by`: `genai-prices`, `entered`, `free`."""

    cost_usd: float | None
    priced_by: str | None


UNKNOWN = Priced(None, None)
FREE = Priced(0.0, "free")


def price(model: str, host: str, usage: Usage, *, entered: tuple[float, float] | None = None) -> Priced:
    """Return what `usage` costs at `host`: by the price list, else by what was entered (USD a million input and output tokens).

    A server on this computer (`host` "") is free unless a price was entered, as for one that passes requests on to a paid provider.
    A model is looked up only at the provider that `host` belongs to: the same name elsewhere costs something else.
    """
    if host:
        listed = _listed(model, host, usage)
        if listed is not None:
            return Priced(listed, "genai-prices")
    if entered is not None:
        by_input, by_output = EnteredPrice(*entered)
        return Priced((usage.input_tokens * by_input + usage.output_tokens * by_output) / 1e6, "entered")
    return UNKNOWN if host else FREE


def _listed(model: str, host: str, usage: Usage) -> float | None:
    # Imported here: the price list takes 50 ms, which a run with a free model does not need.
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    counted = Counted(
        input_tokens=usage.input_tokens,
        cache_read_tokens=min(usage.cached_tokens, usage.input_tokens),
        output_tokens=usage.output_tokens,
    )
    try:
        found: Decimal = calc_price(counted, model, provider_api_url=f"https://{host}").total_price
    except LookupError:
        return None
    return float(found)
