"""The situations of shoppers as a space: which of them a text tells of.

`situations/<language>.txt` holds sentences of shoppers under the name of their situation, written by hand.
Each trait speaks for some situations, as much as `separation.py` found that it tells their sentences from all others;
a text is as near to one as its traits say together. All languages lie in one space, for shoppers mix them. `teacher.py`
learns it from the sentences, once, into the built file that is read here.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from faq_links.learnt import QUANTUM, Learnt, places_of_traits, read_learnt

OTHER_TALK = ("PERSON", "SMALL_TALK", "OUT_OF_SCOPE", "NONSENSE")
"""Blocks of what no article answers; they stand in the space beside the situations."""
APART = ("NOT_PERSON", "ANGER")
"""Blocks that tell how something is said, not what: left out of the space."""
SHARPNESS = 9.0
"""How fast likelihood falls with distance; the space is learnt with the same."""
_LANE = array("I").itemsize
_MANY = 8
"""Labels from which the values of a trait are added in lanes, kept once made: some thousand traits, 5 MB."""
FAINTEST = 0.004
"""Situations less likely than this are not named."""


@dataclass(frozen=True)
class Reading:
    """What a text tells of. `situations`: label's number → its chance among the situations, which come to
    about 1; `other`: name of other talk → its chance beside all the situations; `sureness`: how near the
    nearest situation is, about 0..1.5.
    """

    situations: Mapping[int, float]
    other: Mapping[str, float]
    sureness: float


class Space:
    """How near a text is to each label; made once, read by all threads."""

    def __init__(self, learnt: Learnt, places: Mapping[str, int]) -> None:
        self.labels = learnt.labels
        self.rarest = learnt.rarest
        self.vocabulary = {
            language: frozenset(words[: learnt.usual[language]])
            for language, words in learnt.met_often.items()
        }
        """Language → the words its shoppers use often."""
        self.met_often = {language: frozenset(words) for language, words in learnt.met_often.items()}
        """Language → words that are no slip of the pen."""
        self._places = places
        self._rarities, self._ends = learnt.rarities, learnt.ends
        self._lanes: dict[int, int] = {}
        self._labels_met, self._values = learnt.labels_met, learnt.values

    def measure_rarity(self, trait: str) -> float:
        """How much a trait says, 0 for one that no sentence has."""
        place = self._places.get(trait)
        return 0.0 if place is None else self._rarities[place]

    def _spread_out(self, place: int) -> int:
        """The values of a trait for all labels as one whole number, four bytes each: one addition adds all."""
        lanes = array("I", bytes(_LANE * len(self.labels)))
        start, end = self._ends[place], self._ends[place + 1]
        for number, value in zip(self._labels_met[start:end], self._values[start:end], strict=True):
            lanes[number] = value
        kept = self._lanes[place] = int.from_bytes(lanes.tobytes(), sys.byteorder)
        return kept

    def score(self, traits: Mapping[str, float]) -> list[float]:
        """How near each label is to some traits; about 0..1.5, in the order of `labels`."""
        few = [0] * len(self.labels)
        many = 0
        square = 0.0
        places, rarities, ends = self._places, self._rarities, self._ends
        for trait in traits:
            place = places.get(trait)
            if place is None:
                continue
            square += rarities[place] ** 2
            start, end = ends[place], ends[place + 1]
            if end - start >= _MANY:
                many += self._lanes.get(place) or self._spread_out(place)
                continue
            for at in range(start, end):
                few[self._labels_met[at]] += self._values[at]
        lanes = array("I", many.to_bytes(_LANE * len(few), sys.byteorder))
        share = QUANTUM / (math.sqrt(square) or 1.0)
        return [(one + other) * share for one, other in zip(few, lanes, strict=True)]

    def read(self, traits: Mapping[str, float]) -> Reading:
        """The situations a text tells of, those too faint left out, and the chance of other talk."""
        near = self.score(traits)
        shares = [math.exp(SHARPNESS * one) for one in near]
        talk = {label: shares[number] for number, label in enumerate(self.labels) if label in OTHER_TALK}
        told = {n: share for n, share in enumerate(shares) if self.labels[n] not in talk}
        whole = sum(told.values()) or 1.0
        nearest = max((near[number] for number in told), default=0.0)
        return Reading(
            {number: share / whole for number, share in told.items() if share > FAINTEST * whole},
            {label: share / (whole + sum(talk.values())) for label, share in talk.items()},
            nearest,
        )


# Without a lock: among greenlets and real threads, waiting for one may never end. At worst it is made twice.
@lru_cache(maxsize=1)
def load_space() -> Space:
    """The space of the built file, read at the first call, then kept. Raises LearntError."""
    return Space(read_learnt(), places_of_traits())
