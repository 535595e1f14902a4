"""From which confidence on the bot answers: as low as the store's target of wrong answers allows.

Two things are learned from a store's own questions: how its confidences are spread, and by how much they are too high
or too low. The second is one number, a shift on the log-odds scale, because a shop has few verdicts; a prior keeps it
near nought until there are some. Everything here is pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from faq_links.matching import THRESHOLD
from plugin.stores import StoreRow

DEFAULT_TARGET = 0.07
"""What a store's `wrong_target` is until its merchant chooses."""
ANSWER_NOTHING = 1.0
PRIOR_SPREAD = 0.5
"""How far (log-odds) a store's true shift usually lies from nought."""
USUAL_WEIGHT = 40.0
"""As many questions of an average shop are counted beside the store's own: a new store is not judged by three."""
USUAL_CONFIDENCES = (
    0.01, 0.02, 0.12, 0.27, 0.33, 0.4, 0.48, 0.56, 0.63, 0.71, 0.78, 0.85, 0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.985,
    0.99,
)  # fmt: skip
"""How the confidences of a shop's questions are taken to be spread before there are any: twentieths of those of the
benchmark's development questions in three languages, out of scope ones among them, wishes for a person left out."""
_EDGE = 1e-4
_STEEPEST = 8.0
_MOST_TRUST = 1.0
"""The furthest that praise alone lowers the threshold: votes are cheap to whoever wants the bot to talk nonsense."""


@dataclass(frozen=True)
class Calibration:
    """`threshold`: confidence (0..1) from which the bot answers, 1.0: nothing; `shift`: what is added to a confidence's
    log-odds to make it the chance of being right; `answered_share` and `expected_wrong`: of all questions."""

    threshold: float
    shift: float
    answered_share: float
    expected_wrong: float


def choose_threshold(
    confidences: Sequence[float], verdicts: Sequence[bool | None], wrong_target: float, *,
    usual: Sequence[float] = USUAL_CONFIDENCES,
) -> Calibration:
    """The smallest threshold at which no more than `wrong_target` (0..1) of all questions is expected to be answered
    wrongly; an answer that is likelier wrong than right is never given.

    `confidences`: one per question (0..1), of `faq_links.Match`; `verdicts`: beside each whether its answer was right,
    None where nobody said. `usual`: questions counted beside them, weighing `USUAL_WEIGHT` together. What is no number
    is left out. Raises ValueError when the two differ in length or the target is none.
    """
    if len(confidences) != len(verdicts):
        raise ValueError("Give one verdict (or None) for each confidence.")
    if not 0 <= wrong_target <= 1:
        raise ValueError("The target is a share between 0 and 1.")
    asked = [(one, said) for one, said in zip(confidences, verdicts, strict=True) if math.isfinite(one)]
    shift = _fit_shift([(_log_odds(one), said) for one, said in asked if said is not None])
    weight = USUAL_WEIGHT / len(usual) if usual else 0.0
    weighed = [(one, 1.0) for one, _ in asked] + [(one, weight) for one in usual]
    return _place_threshold(weighed, shift, wrong_target)


def _place_threshold(weighed: Iterable[tuple[float, float]], shift: float, wrong_target: float) -> Calibration:
    """Lowers the threshold from confidence to confidence while the expected wrong answers fit the target."""
    masses: dict[float, float] = {}
    for confidence, weight in weighed:
        masses[confidence] = masses.get(confidence, 0.0) + weight
    total = sum(masses.values())
    threshold, answered, wrong = ANSWER_NOTHING, 0.0, 0.0
    for confidence in sorted(masses, reverse=True):
        doubt = 1 - _chance(_log_odds(confidence) + shift)
        more = wrong + doubt * masses[confidence]
        if doubt > 0.5 or more > wrong_target * total:
            break
        threshold, wrong, answered = confidence, more, answered + masses[confidence]
    share = (answered / total, wrong / total) if total else (0.0, 0.0)
    return Calibration(threshold, shift, *share)


def _fit_shift(judged: Sequence[tuple[float, bool]]) -> float:
    """The likeliest shift, given verdicts and the prior: where the slope of the log-posterior, which falls all the
    way, is nought."""
    low, high = -_STEEPEST, _MOST_TRUST
    for _ in range(50):
        middle = (low + high) / 2
        slope = sum(right - _chance(odds + middle) for odds, right in judged) - middle / PRIOR_SPREAD**2
        low, high = (middle, high) if slope > 0 else (low, middle)
    return round((low + high) / 2, 6) + 0.0


def _log_odds(confidence: float) -> float:
    inside = min(1 - _EDGE, max(_EDGE, confidence))
    return math.log(inside / (1 - inside))


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def pack_calibration(calibration: Calibration, wrong_target: float, now: datetime) -> dict[str, Any]:
    """What is kept in `StoreRow.calibration`."""
    return asdict(calibration) | {"wrong_target": wrong_target, "at": now.isoformat()}


def threshold_of(store: StoreRow) -> float:
    """The confidence from which the bot answers in this store. A target that the merchant changed since the last
    nightly look holds at once."""
    kept, target = store.calibration or {}, store.wrong_target
    threshold, shift = _read_share(kept.get("threshold")), kept.get("shift", 0.0)
    if threshold is not None and kept.get("wrong_target", target) == target:
        return threshold
    if not kept and target == DEFAULT_TARGET:
        return THRESHOLD
    return _usual_threshold(float(shift) if isinstance(shift, (int, float)) else 0.0, min(1.0, max(0.0, target)))


def _read_share(kept: object) -> float | None:
    return float(kept) if isinstance(kept, (int, float)) and 0 <= kept <= 1 else None


@lru_cache(maxsize=256)
def _usual_threshold(shift: float, wrong_target: float) -> float:
    return _place_threshold([(one, 1.0) for one in USUAL_CONFIDENCES], shift, wrong_target).threshold
