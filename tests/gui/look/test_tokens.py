"""The colours keep what they promise: what is read stands out on every ground it may lie on, for every eye."""

from __future__ import annotations

from itertools import combinations

import pytest

from rlm_desktop.gui.look.tokens import tokens
from tests.gui.look.colour import contrast, difference, linear, seen_by

SURFACES = ("canvas", "chrome", "panel", "card", "sunken", "selected")
KINDS = ("rlm", "llm", "code", "person", "fail")
READ, DRAWN = 4.5, 3.0


def promises() -> list[tuple[str, str, float]]:
    """Return every (foreground, background, least ratio)."""
    rows: list[tuple[str, str, float]] = []
    for surface in SURFACES:
        rows += [(name, surface, READ) for name in ("text", "text_2", "text_3", *(f"{kind}_text" for kind in KINDS))]
        rows += [(name, surface, DRAWN) for name in (*KINDS, "focus", "ink")]
    rows += [("wire", surface, DRAWN) for surface in ("canvas", "panel", "card")]
    rows += [("on_ink", "ink", READ), ("text", "mark_text", READ), ("text", "quote", READ), ("rlm_text", "quote", READ)]
    rows += [("text", "popover", READ), ("text_2", "popover", READ)]
    for kind in KINDS:
        rows += [(name, f"{kind}_tint", READ) for name in ("text", "text_2", f"{kind}_text")]
        rows += [("text", f"{kind}_soft", READ), (kind, f"{kind}_tint", DRAWN), ("card", kind, DRAWN)]
    return rows


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("fore", "back", "least"), promises())
def test_it_stands_out(theme: str, fore: str, back: str, least: float) -> None:
    colour = tokens().theme[theme].colour
    assert contrast(colour[fore], colour[back]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_step_of_the_ramp_stands_out_on_its_track(theme: str) -> None:
    appearance = tokens().theme[theme]
    assert min(contrast(stop, appearance.colour["sunken"]) for stop in appearance.ramp) >= DRAWN


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", ["protan", "deutan", "tritan"])
def test_kinds_differ_for_every_eye(theme: str, vision: str) -> None:
    colour = tokens().theme[theme].colour
    seen = {kind: seen_by(linear(colour[kind]), vision) for kind in KINDS}
    assert min(difference(seen[one], seen[other]) for one, other in combinations(KINDS, 2)) > 7


def test_both_themes_name_the_same_roles() -> None:
    themes = tokens().theme
    assert set(themes["light"].colour) == set(themes["dark"].colour)
