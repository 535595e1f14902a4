"""The threshold of the bot: chosen from a store's own questions, its verdicts and a target of wrong answers."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from faq_links.matching import THRESHOLD
from plugin.help import Calibration, choose_threshold, pack_calibration, threshold_of
from plugin.help.calibration import ANSWER_NOTHING, USUAL_CONFIDENCES
from plugin.testing.factories import MOMENT

SHARES = some.floats(0, 1)
ASKED = some.lists(some.tuples(SHARES, some.sampled_from([True, False, None])), max_size=60)
TARGETS = some.floats(0.0, 0.5)


def choose(asked: list[tuple[float, bool | None]], target: float, **given_: Any) -> Calibration:
    return choose_threshold([one for one, _ in asked], [said for _, said in asked], target, **given_)


def shifted(confidence: float, shift: float) -> float:
    inside = min(1 - 1e-4, max(1e-4, confidence))
    return 1 / (1 + math.exp(-(math.log(inside / (1 - inside)) + shift)))


@given(ASKED, TARGETS)
def test_the_expected_wrong_answers_never_exceed_the_target_and_are_counted_over_all_questions(
    asked: list[tuple[float, bool | None]], target: float
) -> None:
    found = choose(asked, target, usual=())
    given_out = [one for one, _ in asked if one >= found.threshold]
    if found.threshold == ANSWER_NOTHING and found.answered_share == 0:
        given_out = []
    wrong = sum(1 - shifted(one, found.shift) for one in given_out)
    assert wrong <= target * len(asked) + 1e-9
    assert found.expected_wrong == pytest.approx(wrong / len(asked) if asked else 0.0)
    assert found.answered_share == pytest.approx(len(given_out) / len(asked) if asked else 0.0)


@given(ASKED, TARGETS)
def test_the_threshold_is_the_smallest_one_that_fits(asked: list[tuple[float, bool | None]], target: float) -> None:
    found = choose(asked, target, usual=())
    nothing = found.answered_share == 0
    lower = sorted({one for one, _ in asked if nothing or one < found.threshold}, reverse=True)
    if lower:
        wrong = sum(1 - shifted(one, found.shift) for one, _ in asked if one >= lower[0])
        too_many = wrong > target * len(asked) - 1e-9
        assert too_many or shifted(lower[0], found.shift) < 0.5 + 1e-9


@given(ASKED, TARGETS, TARGETS)
def test_a_merchant_who_bears_more_wrong_answers_gets_no_fewer_answers(
    asked: list[tuple[float, bool | None]], one: float, other: float
) -> None:
    strict, lax = choose(asked, min(one, other)), choose(asked, max(one, other))
    assert lax.threshold <= strict.threshold and lax.answered_share >= strict.answered_share
    assert lax.shift == strict.shift


@given(ASKED, some.floats(0.02, 0.98), TARGETS)
def test_a_wrong_verdict_never_lowers_the_threshold_and_a_right_one_never_raises_it(
    asked: list[tuple[float, bool | None]], confidence: float, target: float
) -> None:
    silent, right, wrong = ([*asked, (confidence, said)] for said in (None, True, False))
    shifts = [choose(one, target).shift for one in (wrong, silent, right)]
    assert shifts == sorted(shifts)
    assert shifts[0] < shifts[2] or shifts[0] == 1.0  # praise alone counts up to there
    assert choose(wrong, target).threshold >= choose(right, target).threshold


@given(ASKED, TARGETS)
def test_the_order_of_the_questions_does_not_matter(asked: list[tuple[float, bool | None]], target: float) -> None:
    one, other = choose(asked, target), choose(asked[::-1], target)
    assert one.threshold == other.threshold and one.shift == pytest.approx(other.shift, abs=1e-5)


@given(ASKED, TARGETS)
def test_every_number_is_one_that_json_can_hold(asked: list[tuple[float, bool | None]], target: float) -> None:
    found = choose([*asked, (math.nan, True), (math.inf, None)], target)
    kept = pack_calibration(found, target, MOMENT)
    assert all(math.isfinite(kept[name]) for name in ("threshold", "shift", "answered_share", "expected_wrong"))
    assert 0 <= kept["threshold"] <= 1 and kept["at"] == "2026-11-21T18:00:00+00:00"


def test_without_any_question_an_average_shop_s_decide() -> None:
    found = choose([], 0.07)
    assert found.shift == 0 and found.threshold in USUAL_CONFIDENCES
    assert 0.35 <= found.answered_share <= 0.75 and found.expected_wrong <= 0.07


def test_without_verdicts_nothing_is_shifted() -> None:
    assert choose([(0.9, None)] * 500, 0.07).shift == 0


def test_a_bot_that_is_often_wrong_where_it_feels_sure_becomes_silent_there() -> None:
    sure = [(0.85, None)] * 100
    found = choose([*sure, *[(0.85, False)] * 40], 0.07)
    assert found.shift < -1.5 and found.threshold > 0.85
    trusted = choose([*sure, *[(0.85, True)] * 40], 0.07)
    assert trusted.shift > 0.5 and trusted.threshold < 0.85


def test_praise_alone_lowers_the_threshold_only_so_far() -> None:
    flooded = choose([(0.3, None)] * 1000 + [(0.3, True)] * 1000, 0.07)
    assert flooded.shift == pytest.approx(1.0, abs=1e-3) and flooded.threshold > 0.3


def test_one_angry_shopper_does_not_silence_the_bot() -> None:
    found = choose([(0.8, None)] * 200 + [(0.8, False)], 0.2)
    assert -0.3 < found.shift < 0 and found.threshold <= 0.8


def test_a_target_of_nought_answers_nothing() -> None:
    assert choose([(0.99, True)] * 50, 0.0).threshold == ANSWER_NOTHING


@pytest.mark.parametrize(("confidences", "verdicts", "target"), [
    ([0.5], [], 0.1), ([], [True], 0.1), ([0.5], [True], -0.1), ([0.5], [True], 1.1), ([0.5], [None], math.nan),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(
    confidences: list[float], verdicts: list[bool | None], target: float
) -> None:
    with pytest.raises(ValueError):
        choose_threshold(confidences, verdicts, target)


def make_shop(**values: Any) -> Any:
    return SimpleNamespace(**({"calibration": {}, "wrong_target": 0.07} | values))


def test_a_store_has_the_threshold_that_was_chosen_for_its_target() -> None:
    found = choose([(0.7, True)] * 60, 0.07)
    kept = pack_calibration(found, 0.07, MOMENT)
    assert threshold_of(make_shop(calibration=kept)) == found.threshold
    assert threshold_of(make_shop()) == THRESHOLD


def test_a_target_that_was_changed_since_holds_at_once() -> None:
    kept = pack_calibration(choose([], 0.07), 0.07, MOMENT)
    strict, lax = (threshold_of(make_shop(calibration=kept, wrong_target=target)) for target in (0.01, 0.3))
    assert lax < strict
    assert threshold_of(make_shop(wrong_target=0.01)) == strict


@pytest.mark.parametrize("kept", [{"threshold": "high"}, {"threshold": 7}, {"threshold": None}, {"shift": "x"}])
def test_a_calibration_that_cannot_be_read_is_none(kept: dict[str, Any]) -> None:
    assert 0 < threshold_of(make_shop(calibration=kept)) <= 1
