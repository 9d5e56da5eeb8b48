"""The design tokens as they lie in `resources/look/tokens.json`: colours by role, sizes in px at 100 %."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from rlm_desktop.paths import resource


class Appearance(msgspec.Struct, frozen=True):
    """One set of colours: `#RRGGBB` by role, and the stops of the ramp from weakest to strongest on its surface."""

    dark: bool
    colour: dict[str, str]
    ramp: tuple[str, ...]


class Tokens(msgspec.Struct, frozen=True):
    """Everything measured or coloured, by name; `font` lists families in order of preference."""

    format: int
    theme: dict[str, Appearance]
    type_px: dict[str, int]
    weight: dict[str, int]
    space_px: dict[str, int]
    radius_px: dict[str, int]
    line_px: dict[str, float]
    height_px: dict[str, int]
    width_px: dict[str, int]
    node_px: dict[str, int]
    zoom_from_px: dict[str, int]
    icon_px: dict[str, int]
    motion_ms: dict[str, int]
    font: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def tokens() -> Tokens:
    """Return the tokens, read once."""
    return msgspec.json.decode(resource("look", "tokens.json").read_bytes(), type=Tokens)
