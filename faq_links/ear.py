"""Two learnt ears: one hears "a person, please", the other what no shop answers.

Logistic curves over words, roots, concepts and pairs, learnt when first needed from the blocks of
`situations/*.txt`. They hear what the rules of `person.py` and `small_talk.py` do not foresee.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from faq_links.locales import guess_locale
from faq_links.situation_space import OTHER_TALK, SITUATIONS, learning, read_blocks
from faq_links.traits import read_traits
from faq_links.words import fold, split_words

_LANGUAGES = ("en", "es", "pt")
_STEP = 0.3
SURE = -0.7
"""From this many log odds a person is wished."""


@dataclass(frozen=True)
class Lessons:
    """What an ear is taught. `wished`: blocks it shall hear; `near`: blocks that only sound so, read whole; of
    the others each `skip`-th sentence; `unheard`: left out; `weight`: how much more a wished one counts.
    """

    wished: frozenset[str]
    near: frozenset[str]
    unheard: frozenset[str]
    skip: int
    rounds: int
    weight: float


_PERSON = Lessons(
    frozenset({"PERSON"}),
    frozenset(
        "NOT_PERSON SMALL_TALK complaint_service shop_contact shop_call_me shop_jobs shop_franchise shop_hours"
        " delivery_signature_id shop_appointment product_recommend shop_about".split()
    ),
    frozenset({"ANGER"}),
    6,
    5,
    3.0,
)
_OTHER = Lessons(
    frozenset(OTHER_TALK) - {"PERSON"}, frozenset({"NOT_PERSON"}), frozenset({"ANGER", "PERSON"}), 3, 3, 1.5
)


def _read(text: str, language: str) -> dict[str, float]:
    traits = read_traits(split_words(text, language), language)
    return {trait: weight for trait, weight in traits.items() if trait[0] != "c"}


class Ear:
    """Weights of traits; made once, read by all threads."""

    def __init__(
        self, lessons: Iterable[tuple[Mapping[str, float], bool]], rounds: int, weight: float
    ) -> None:
        self._weights: dict[str, float] = {}
        self._bias = -2.0
        order = list(lessons)
        # The same order in every process, so that all answer alike.
        chance = random.Random(7)  # noqa: S311 (no secret: an order of lessons)
        for turn in range(rounds):
            chance.shuffle(order)
            for traits, wished in order:
                self._learn(traits, wished, _STEP / (1 + turn) * (weight if wished else 1.0))

    def _learn(self, traits: Mapping[str, float], wished: bool, step: float) -> None:
        odds = max(-30.0, min(30.0, self.weigh(traits)))
        move = (1 / (1 + math.exp(-odds)) - wished) * step
        if abs(move) < 0.001:
            return
        self._bias -= move * 0.1
        weights = self._weights
        for trait, weight in traits.items():
            weights[trait] = weights.get(trait, 0.0) - move * weight

    def weigh(self, traits: Mapping[str, float]) -> float:
        """Log odds that a text is what this ear listens for."""
        weights = self._weights
        odds = self._bias
        for trait, weight in traits.items():
            odds += weights.get(trait, 0.0) * weight
        return odds


def teach(lessons: Lessons, blocks: Collection[tuple[str, str, list[str]]]) -> Ear:
    """An ear that heard (block, language, sentences)."""
    heard: list[tuple[Mapping[str, float], bool]] = []
    for name, language, sentences in blocks:
        if name in lessons.unheard:
            continue
        wished = name in lessons.wished
        kept = sentences if wished or name in lessons.near else sentences[:: lessons.skip]
        heard += [(_read(one, language), wished) for one in kept]
    return Ear(heard, lessons.rounds, lessons.weight)


def _read_all(directory: Path) -> list[tuple[str, str, list[str]]]:
    return [
        (name, path.stem, sentences)
        for path in sorted(directory.glob("*.txt"))
        for name, sentences in read_blocks(path).items()
    ]


def teach_from(directory: Path, lessons: Lessons) -> Ear:
    """An ear taught by the files of `directory`."""
    return teach(lessons, _read_all(directory))


def hear(ear: Ear, text: str) -> float:
    """Log odds that `text`, in whatever language it seems to be, is what `ear` listens for."""
    return ear.weigh(_read(text, guess_locale(text, _LANGUAGES) or "en"))


_Known = dict[str, frozenset[str]]
_ears: dict[Path, tuple[Ear, Ear, _Known]] = {}
_SURELY = 9.0


def load_ears(directory: Path = SITUATIONS) -> tuple[Ear, Ear, _Known]:
    """The ear for persons, the one for other talk, and by block the sentences that need no ear."""
    # No lock: among greenlets and real threads, waiting for one may never end. At worst it is learnt twice.
    if (learnt := _ears.get(directory)) is not None:
        return learnt
    blocks = _read_all(directory)
    known = {
        name: frozenset(_bare(one) for block, _, sentences in blocks if block == name for one in sentences)
        for name in ("NOT_PERSON", *OTHER_TALK)
    }
    with learning():
        return _ears.setdefault(directory, (teach(_PERSON, blocks), teach(_OTHER, blocks), known))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def hear_person(text: str) -> float:
    """Log odds that `text` wishes for a person; the first call learns (some tenths of a second)."""
    text = text[:2000]
    ear, _, known = load_ears()
    bare = _bare(text)
    if bare in known["NOT_PERSON"] or bare in known["PERSON"]:
        return _SURELY if bare in known["PERSON"] else -_SURELY
    return hear(ear, text)


def hear_other_talk(text: str, traits: Mapping[str, float]) -> float:
    """Log odds that a text, its traits read already, is nothing for a shop."""
    _, ear, known = load_ears()
    bare = _bare(text[:2000])
    if bare and any(bare in known[name] for name in _OTHER.wished):
        return _SURELY
    return ear.weigh({trait: weight for trait, weight in traits.items() if trait[0] != "c"})
