"""How a store's accent will look, with the contrast that WCAG asks for (AA: 4.5 for words)."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.notices.colours import Accent, contrast, read_accent

AA = 4.5
_WHITE, _DARK = "#ffffff", "#1d1f22"


@dataclass(frozen=True)
class Sample:
    """Words of one colour on another; `ratio` like 5.3."""

    words: str
    ground: str
    ratio: float

    @property
    def is_readable(self) -> bool:
        return self.ratio >= AA


@dataclass(frozen=True)
class AccentPreview:
    """The colours that follow from an accent. `valid`: it was a colour; `adjusted`: words get a shade of it."""

    colours: Accent
    valid: bool
    adjusted: bool
    button: Sample
    light: Sample
    dark: Sample


def preview_accent(written: str) -> AccentPreview:
    """The preview of ``#rrggbb``; of the default when it is none."""
    colours = read_accent(written.strip())
    valid = colours.fill == written.strip().lower()
    return AccentPreview(
        colours=colours, valid=valid, adjusted=colours.light != colours.fill,
        button=_sample(colours.on_fill, colours.fill), light=_sample(colours.light, _WHITE),
        dark=_sample(colours.dark, _DARK),
    )  # fmt: skip


def _sample(words: str, ground: str) -> Sample:
    return Sample(words, ground, round(contrast(words, ground), 1))
