"""How sure the bot must be before it answers, and what follows from it, told to a merchant."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_percent

from plugin.help import threshold_of
from plugin.stores import StoreRow
from plugin.web.desk_frame import _, page_locale


def tell_sureness(row: StoreRow) -> list[str]:
    """Sentences: from which confidence on it answers, then what that comes to, by the nightly look at its answers."""
    kept, threshold = row.calibration or {}, threshold_of(row)
    if threshold >= 1:
        told = [_("At present it answers nothing by itself: with so few wrong answers it is never sure enough.")]
    else:
        told = [_("At present it answers when it is at least {share} sure.").format(share=_percent(threshold))]
    answered, wrong = _share(kept, "answered_share"), _share(kept, "expected_wrong")
    if answered is None or wrong is None or kept.get("threshold") != threshold:
        words = _("What that comes to here is told once it has answered for a while. Until then it is as careful "
                  "as questions to many other shops taught us.")  # fmt: skip
    else:
        words = _("By its answers so far that means: of 100 questions it answers {answered} by itself, about "
                  "{wrong} of them wrongly. With the others it offers a person.")  # fmt: skip
        words = words.format(answered=_count(answered), wrong=_count(wrong))
    told.append(words)
    told.append(_("Each night it learns from what shoppers and agents say of its answers."))
    return told


def _share(calibration: dict[str, Any], key: str) -> float | None:
    """A share (0..1) that was kept; None for none."""
    found = calibration.get(key)
    return min(1.0, max(0.0, float(found))) if isinstance(found, int | float) else None


def _percent(share: float) -> str:
    return format_percent(round(share, 2), locale=page_locale())


def _count(share: float) -> str:
    """Of a hundred; small ones with one decimal, since one wrong answer in 200 is not none."""
    return f"{share * 100:.0f}" if share >= 0.1 or share == 0 else f"{share * 100:.1g}"
