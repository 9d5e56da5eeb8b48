"""Colour arithmetic for the promises of the tokens: WCAG contrast, and what colour-blind eyes see."""

from __future__ import annotations

import math

Rgb = tuple[float, float, float]

# Machado, Oliveira, Fernandes 2009, severity 1.0; applied to linear RGB.
VISION = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(hex_colour: str) -> Rgb:
    """Return linear RGB, each 0..1."""
    channels = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return r, g, b


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio, 1..21."""
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (high + 0.05) / (low + 0.05)


def seen_by(colour: Rgb, vision: str) -> Rgb:
    """Return the linear colour that an eye of that kind sees."""
    r, g, b = (min(1.0, max(0.0, sum(weight * channel for weight, channel in zip(row, colour, strict=True)))) for row in VISION[vision])
    return r, g, b


def oklab(colour: Rgb) -> Rgb:
    """Return lightness, green-red and blue-yellow of a linear colour."""
    r, g, b = colour
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def difference(one: Rgb, other: Rgb) -> float:
    """Return the distance of two linear colours in OKLab, times 100; about 2 is just noticeable side by side."""
    return 100 * math.dist(oklab(one), oklab(other))
