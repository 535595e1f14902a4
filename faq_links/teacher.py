"""`python -m faq_links.teacher`: learns from the sentences of `situations/*.txt` and writes the built file.

It takes a minute and 300 MB, which is why it is done once, before the program is packed.
"""

from __future__ import annotations

import math
import random
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faq_links.concepts import LANGUAGES
from faq_links.learnt import EAR_QUANTUM, LEARNT, QUANTUM, Learnt, forget_roots, mark_sentence, pack
from faq_links.lexicon import terms_of
from faq_links.separation import MANNER, Separation
from faq_links.situation_space import APART, OTHER_TALK, SHARPNESS
from faq_links.traits import read_traits
from faq_links.words import find_root, split_words

SITUATIONS = LEARNT.parent
"""Sentences per language: heads `== situation`, then one sentence a line."""
_OFTEN = 3
"""A word met less often may be a slip of the pen, which others made as well."""
_SEEN_OFTEN = frozenset("bcp")
"""Pairs and pieces of letters met less often are left out of the space: they are most of it and say little."""
_USUAL = 6
_STEP = 0.3


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


_LESSONS = {
    "person": Lessons(
        frozenset({"PERSON"}),
        frozenset(
            "NOT_PERSON SMALL_TALK complaint_service shop_contact shop_call_me shop_jobs shop_franchise"
            " shop_hours delivery_signature_id shop_appointment product_recommend shop_about".split()
        ),
        frozenset({"ANGER"}),
        3,
        6,
        3.0,
    ),
    "other": Lessons(frozenset(OTHER_TALK) - {"PERSON"}, frozenset(), frozenset({"ANGER", "PERSON"}), 3, 5, 1.5),
    "anger": Lessons(
        frozenset({"ANGER"}),
        frozenset({"praise", "complaint_general", "complaint_service", "delivery_late", "refund_not_received"}),
        frozenset({"PERSON"}),
        6,
        5,
        2.0,
    ),
}


def read_blocks(path: Path) -> dict[str, list[str]]:
    """Name of a block → its sentences."""
    blocks: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("=="):
            current = blocks.setdefault(line.strip("= "), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return blocks


@dataclass(frozen=True)
class Block:
    """Sentences of one situation in one language, and the traits and words of each."""

    name: str
    language: str
    sentences: Sequence[str]
    words: Sequence[Sequence[str]]
    traits: Sequence[Mapping[str, float]]


def read_block(name: str, language: str, sentences: Sequence[str]) -> Block:
    """A block with its sentences read."""
    words = [split_words(one, language) for one in sentences]
    return Block(name, language, sentences, words, [read_traits(one, language) for one in words])


def read_all(directory: Path = SITUATIONS) -> list[Block]:
    """The blocks of all files of `directory`, in the order of their names."""
    return [
        read_block(name, path.stem, sentences)
        for path in sorted(directory.glob("*.txt"))
        for name, sentences in read_blocks(path).items()
    ]


class _Ear:
    """One ear while it learns."""

    def __init__(self, lessons: Lessons, blocks: Iterable[Block]) -> None:
        self.weights: dict[str, float] = {}
        self.bias = -2.0
        order: list[tuple[Mapping[str, float], bool]] = []
        for block in blocks:
            if block.name in lessons.unheard:
                continue
            wished = block.name in lessons.wished
            kept = block.traits if wished or block.name in lessons.near else block.traits[:: lessons.skip]
            order += [({t: w for t, w in one.items() if t[0] != "c"}, wished) for one in kept]
        # The same order at every time, so that the same sentences teach the same.
        chance = random.Random(7)  # noqa: S311 (no secret: an order of lessons)
        # What stands after each round but the first counts alike: the last sentences read shall not weigh most.
        sums, bias = Counter[str](), 0.0
        for turn in range(lessons.rounds):
            chance.shuffle(order)
            for traits, wished in order:
                self._learn(traits, wished, _STEP / (1 + turn) * (lessons.weight if wished else 1.0))
            if turn:
                sums.update(self.weights)
                bias += self.bias
        self.weights = {trait: weight / (lessons.rounds - 1) for trait, weight in sums.items()}
        self.bias = bias / (lessons.rounds - 1)

    def _learn(self, traits: Mapping[str, float], wished: bool, step: float) -> None:
        weights = self.weights
        odds = self.bias + sum(weights.get(trait, 0.0) * weight for trait, weight in traits.items())
        move = (1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - wished) * step
        if abs(move) < 0.001:
            return
        self.bias -= move * 0.1
        for trait, weight in traits.items():
            weights[trait] = weights.get(trait, 0.0) - move * weight


class _Meetings:
    """Which situation has which trait, and how much that says."""

    def __init__(self, blocks: Sequence[Block], rounds: int) -> None:
        spread: Counter[str] = Counter()
        weights: dict[str, float] = {}
        for block in blocks:
            for traits in block.traits:
                weights.update(traits)
                spread.update(traits.keys())
        total = sum(len(block.sentences) for block in blocks)
        self.rarity = {
            trait: weights[trait] * math.log(1 + total / (count + 0.5))
            for trait, count in spread.items()
            if count >= _OFTEN or trait[0] not in _SEEN_OFTEN
        }
        self.rarest = round(math.log(1 + total / 1.5), 6)
        self.labels = tuple(dict.fromkeys(block.name for block in blocks))
        self._separation = Separation(self.rarity, len(self.labels), SHARPNESS)
        for block in blocks:
            self._separation.add(self.labels.index(block.name), block.traits)
        self._separation.learn(rounds)

    def find_postings(self) -> dict[str, list[tuple[int, int]]]:
        """Trait → (label's number, value in quanta), by number."""
        return {
            trait: [
                (number, min(0xFFFF, round(weight * self.rarity[trait] / QUANTUM)))
                for number, weight in sorted(row.items())
            ]
            for trait, row in self._separation.rows.items()
        }


def _quantise(weight: float) -> int:
    return max(-0x7FFF, min(0x7FFF, round(weight / EAR_QUANTUM)))


def _count_words(blocks: Iterable[Block]) -> dict[str, Counter[str]]:
    used: dict[str, Counter[str]] = {}
    for block in blocks:
        for words in block.words:
            used.setdefault(block.language, Counter()).update(words)
    return used


def _list_met(used: Counter[str]) -> tuple[tuple[str, ...], int]:
    """Words met often, the usual ones first; how many those are."""
    usual = sorted(word for word, count in used.items() if count >= _USUAL)
    rest = sorted(word for word, count in used.items() if _OFTEN <= count < _USUAL)
    return (*usual, *rest), len(usual)


def find_roots(words: Iterable[str]) -> tuple[dict[str, bytes], dict[str, dict[str, str]]]:
    """Language → letters of each word that are its root, or 0; language → the other roots by word."""
    cuts: dict[str, bytes] = {}
    odd: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        roots = {word: find_root(word, language) for word in words}
        odd[language] = {word: root for word, root in roots.items() if not (root and word.startswith(root))}
        cuts[language] = bytes(0 if word in odd[language] else len(root) for word, root in roots.items())
    return cuts, odd


def _list_root_words(blocks: Iterable[Block]) -> tuple[str, ...]:
    found = {word for block in blocks for words in block.words for word in words}
    for language in LANGUAGES:
        found |= terms_of(language).spellings
    return tuple(sorted(word for word in found if 3 < len(word) < 256 and not word.isdigit()))


def _mark_all(blocks: Iterable[Block], names: Iterable[str]) -> array[int]:
    wanted = frozenset(names)
    marks = {mark_sentence(one) for block in blocks if block.name in wanted for one in block.sentences}
    return array("Q", sorted(marks - {mark_sentence("")}))


def teach(blocks: Sequence[Block], rounds: int = MANNER.rounds) -> Learnt:
    """What the sentences teach; at most 255 labels. Without `rounds` all but the values, in a tenth of the time."""
    meetings = _Meetings([block for block in blocks if block.name not in APART], rounds)
    ears = {name: _Ear(lessons, blocks) for name, lessons in _LESSONS.items()}
    traits = tuple(sorted({*meetings.rarity, *(trait for ear in ears.values() for trait in ear.weights)}))
    postings = meetings.find_postings()
    ends, labels, values = array("I", [0]), bytearray(), array("H")
    for trait in traits:
        found = postings.get(trait, ())
        labels.extend(number for number, _ in found)
        values.extend(value for _, value in found)
        ends.append(len(labels))
    met = {language: _list_met(used) for language, used in _count_words(blocks).items()}
    met_often = {language: words for language, (words, _) in met.items()}
    root_words = _list_root_words(blocks)
    cuts, odd = find_roots(root_words)
    return Learnt(
        labels=meetings.labels,
        manner=MANNER,
        rarest=meetings.rarest,
        traits=traits,
        rarities=array("f", [meetings.rarity.get(trait, 0.0) for trait in traits]),
        ends=ends,
        labels_met=bytes(labels),
        values=values,
        ears={
            name: array("h", [_quantise(ear.weights.get(trait, 0.0)) for trait in traits])
            for name, ear in ears.items()
        },
        biases={name: round(ear.bias, 6) for name, ear in ears.items()},
        known={
            "person": _mark_all(blocks, ["PERSON"]),
            "not person": _mark_all(blocks, ["NOT_PERSON"]),
            "other": _mark_all(blocks, [name for name in OTHER_TALK if name != "PERSON"]),
        },
        met_often=met_often,
        usual={language: usual for language, (_, usual) in met.items()},
        root_words=root_words,
        cuts=cuts,
        odd_roots=odd,
    )


def main() -> int:
    """Writes the built file."""
    forget_roots()
    learnt = teach(read_all())
    stored = pack(learnt)
    LEARNT.write_bytes(stored)
    print(f"{LEARNT.name}: {len(learnt.labels)} situations, {len(learnt.traits)} traits, {len(stored)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
