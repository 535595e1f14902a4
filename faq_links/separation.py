"""How much each trait speaks for each situation, learnt so that the sentences of one are told from all others.

A softmax over the situations, gone down sentence by sentence; each weight has a step of its own, which shrinks as it
moves, so that a rare trait learns as fast as a common one. A trait speaks only for situations whose sentences have
it, and never against one: a text is scored by what it has.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Manner(NamedTuple):
    """`rounds` over all sentences; the first `step`, and by what share of it the later ones are smaller per round;
    `forgetting`: share of a weight lost whenever its trait is met again, which keeps the many seen once apart."""

    rounds: int
    step: float
    fall: float
    forgetting: float


MANNER = Manner(3, 0.1, 1.0, 0.002)
"""By shops that the sentences were not written for: right first in 84 and 82 of 100, where the middle of each
situation's sentences, which this took the place of, was right in 77 and 80."""
_FAINT = 0.01
"""Situations less likely than this are not moved."""
_LITTLE = 0.0001
"""What each weight is taken to have moved before the first time."""
_Row = dict[int, float]


class _Share(NamedTuple):
    """One trait in one sentence: its weights by label, how much each has moved, and its part of the sentence."""

    row: _Row
    moved: _Row
    part: float


class Separation:
    """Weights of traits by label, learnt by `learn`."""

    def __init__(self, rarity: Mapping[str, float], labels: int, sharpness: float) -> None:
        self.rows: dict[str, _Row] = {trait: {} for trait in rarity}
        self._moved: dict[str, _Row] = {trait: {} for trait in rarity}
        self._rarity = rarity
        self._labels = labels
        self._sharpness = sharpness
        self._lessons: list[tuple[int, list[_Share]]] = []

    def add(self, label: int, sentences: Iterable[Iterable[str]]) -> None:
        """The traits of each sentence of one label."""
        for traits in sentences:
            known = [(trait, self._rarity[trait]) for trait in traits if trait in self._rarity]
            length = math.sqrt(sum(value * value for _, value in known)) or 1.0
            for trait, _ in known:
                self.rows[trait].setdefault(label, 0.0)
                self._moved[trait].setdefault(label, _LITTLE)
            parts = [
                _Share(self.rows[trait], self._moved[trait], self._sharpness * value / length)
                for trait, value in known
            ]
            self._lessons.append((label, parts))

    def learn(self, rounds: int = MANNER.rounds) -> None:
        """Goes through the sentences, in the same order at every time, so that the same sentences teach the same."""
        chance = random.Random(7)  # noqa: S311 (no secret: an order of lessons)
        for turn in range(rounds):
            chance.shuffle(self._lessons)
            step = MANNER.step / (1 + turn * MANNER.fall)
            for label, shares in self._lessons:
                self._move(label, shares, step)

    def _guess(self, shares: Sequence[_Share]) -> list[float]:
        """The chance of each label for one sentence."""
        near = [0.0] * self._labels
        for row, _, part in shares:
            for label, weight in row.items():
                near[label] += weight * part
        most = max(near)
        chances = [math.exp(one - most) for one in near]
        whole = sum(chances)
        return [one / whole for one in chances]

    def _move(self, label: int, shares: Sequence[_Share], step: float) -> None:
        guess = self._guess(shares)
        others = [(one, chance) for one, chance in enumerate(guess) if chance > _FAINT and one != label]
        missed, kept = 1 - guess[label], 1 - MANNER.forgetting
        for row, moved, part in shares:
            pull = missed * part
            moved[label] = far = moved[label] + pull * pull
            row[label] = row[label] * kept + step * pull / math.sqrt(far)
            for one, chance in others:
                if weight := row.get(one):
                    pull = chance * part
                    moved[one] = far = moved[one] + pull * pull
                    row[one] = max(0.0, weight - step * pull / math.sqrt(far))
