"""The store's accent, made readable: WCAG 2.2 asks for a contrast of 4.5 between words and what is behind them.

https://www.w3.org/TR/WCAG22/#contrast-minimum (read 2026-11-21)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_ACCENT = "#1f6f5c"
ON_LIGHT = "#ffffff"
ON_DARK = "#1d1f22"
_ENOUGH = 4.6
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Accent:
    """`fill` behind words of colour `on_fill`; `light` and `dark` for words on the light and the dark card."""

    fill: str
    on_fill: str
    light: str
    dark: str


@lru_cache(maxsize=256)
def read_accent(written: str) -> Accent:
    """The colours that follow from a store's accent; the default when it is not ``#rrggbb``."""
    fill = written.lower() if _HEX.fullmatch(written) else DEFAULT_ACCENT
    on_fill = max(("#ffffff", "#000000"), key=lambda words: contrast(words, fill))
    return Accent(fill, on_fill, _towards(fill, "#000000", ON_LIGHT), _towards(fill, "#ffffff", ON_DARK))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#rrggbb``, from 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _towards(colour: str, end: str, behind: str) -> str:
    """The colour, mixed with `end` just as much as the words need to be read on `behind`."""
    for share in range(0, 101, 5):
        mixed = _mix(colour, end, share / 100)
        if contrast(mixed, behind) >= _ENOUGH:
            return mixed
    return end


def _mix(colour: str, end: str, share: float) -> str:
    parts = (round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(end), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
