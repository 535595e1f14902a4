"""The situations of shoppers as a space: which of them a text tells of, learnt when first needed.

`situations/<language>.txt` holds sentences of shoppers under the name of their situation, written by hand.
Each situation becomes the middle of its sentences' traits; a text is as near to it as their cosine and the
lift of the traits they share say. All languages lie in one space, for shoppers mix them.
"""

from __future__ import annotations

import gc
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from faq_links.traits import read_traits
from faq_links.words import split_words

SITUATIONS = Path(__file__).parent / "situations"
"""Sentences per language: heads `== situation`, then one sentence a line."""
OTHER_TALK = ("PERSON", "SMALL_TALK", "OUT_OF_SCOPE", "NONSENSE")
"""Blocks of what no article answers; they stand in the space beside the situations."""
APART = ("NOT_PERSON", "ANGER")
"""Blocks that tell how something is said, not what: left out of the space."""
_EVENNESS = 1.8
"""Lift of a trait is weighed against this many even occurrences: a single one proves little."""
_LIFT = 0.5
_SHARPNESS = 9.0
"""How fast likelihood falls with distance; by cross-validation on the sentences themselves."""
_SEEN_TWICE = frozenset("bcp")
"""Pairs and pieces of letters met once are left out: they are most of the memory and say little."""
_USUAL = 4
FAINTEST = 0.004
"""Situations less likely than this are not named."""


@dataclass(frozen=True)
class Reading:
    """What a text tells of. `situations`: label's number → its chance among the situations, which come to
    about 1; `other`: name of other talk → its chance beside all the situations; `sureness`: how near the
    nearest situation is, about 0..1.
    """

    situations: Mapping[int, float]
    other: Mapping[str, float]
    sureness: float


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


class Space:
    """Weights of traits for each label, learnt from (label, language, sentences). At most 255 labels."""

    def __init__(self, blocks: Iterable[tuple[str, str, Sequence[str]]]) -> None:
        counts: dict[str, Counter[str]] = {}
        weights: dict[str, float] = {}
        total = 0
        used: dict[str, Counter[str]] = {}
        for label, language, sentences in blocks:
            seen = counts.setdefault(label, Counter())
            for sentence in sentences:
                words = split_words(sentence, language)
                used.setdefault(language, Counter()).update(words)
                traits = read_traits(words, language)
                weights.update(traits)
                seen.update(traits.keys())
            total += len(sentences)
        self.labels = tuple(counts)
        self.vocabulary = {
            language: frozenset(word for word, count in found.items() if count >= _USUAL)
            for language, found in used.items()
        }
        """Language → the words its shoppers use often."""
        self.met_twice = {
            language: frozenset(word for word, count in found.items() if count > 1)
            for language, found in used.items()
        }
        """Language → words that are no slip of the pen."""
        spread: Counter[str] = Counter()
        for seen in counts.values():
            spread.update(seen)
        self.rarity = {
            trait: weights[trait] * math.log(1 + total / (count + 0.5))
            for trait, count in spread.items()
            if count > 1 or trait[0] not in _SEEN_TWICE
        }
        self.rarest = math.log(1 + total / 1.5)
        even = total / (_EVENNESS * max(1, len(counts)))
        scales = [1.0 / self._measure_length(seen) for seen in counts.values()]
        self._postings: dict[str, tuple[bytes, array[float]]] = {}
        met: dict[str, list[tuple[int, int]]] = {trait: [] for trait in self.rarity}
        for number, seen in enumerate(counts.values()):
            for trait, count in seen.items():
                if trait in met:
                    met[trait].append((number, count))
        for trait, found in met.items():
            near, lift, lifted = self.rarity[trait] ** 2, _LIFT * weights[trait], even / spread[trait]
            values = [near * n * scales[one] + lift * math.log1p(n * lifted) for one, n in found]
            self._postings[trait] = bytes(one for one, _ in found), array("f", values)

    def _measure_length(self, seen: Mapping[str, int]) -> float:
        rarity = self.rarity
        square = sum((count * rarity[trait]) ** 2 for trait, count in seen.items() if trait in rarity)
        return math.sqrt(square) or 1.0

    def weigh(self, traits: Mapping[str, float]) -> float:
        """The length of a text's known traits, at least 1."""
        rarity = self.rarity
        return math.sqrt(sum(rarity[t] ** 2 for t in traits if t in rarity)) or 1.0

    def score(self, traits: Mapping[str, float]) -> list[float]:
        """How near each label is to some traits; about 0..1, in the order of `labels`."""
        near = [0.0] * len(self.labels)
        for trait in traits:
            found = self._postings.get(trait)
            if found is not None:
                for number, value in zip(found[0], found[1]):  # noqa: B905 (hot: both of one length)
                    near[number] += value
        length = self.weigh(traits)
        return [one / length for one in near]

    def read(self, traits: Mapping[str, float]) -> Reading:
        """The situations a text tells of, those too faint left out, and the chance of other talk."""
        near = self.score(traits)
        shares = [math.exp(_SHARPNESS * one) for one in near]
        talk = {label: shares[number] for number, label in enumerate(self.labels) if label in OTHER_TALK}
        told = {n: share for n, share in enumerate(shares) if self.labels[n] not in talk}
        whole = sum(told.values()) or 1.0
        nearest = max((near[number] for number in told), default=0.0)
        return Reading(
            {number: share / whole for number, share in told.items() if share > FAINTEST * whole},
            {label: share / (whole + sum(talk.values())) for label, share in talk.items()},
            nearest,
        )


@contextmanager
def learning() -> Iterator[None]:
    """While half a million small objects are made, none of which goes, the collector of rubbish rests."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_spaces: dict[Path, Space] = {}


def load_space(directory: Path = SITUATIONS) -> Space:
    """The space of the sentences in `directory`, learnt at the first call (about a second), then kept."""
    # No lock: among greenlets and real threads, waiting for one may never end. At worst it is learnt twice.
    if (learnt := _spaces.get(directory)) is not None:
        return learnt
    with learning():
        space = Space(
            (name, path.stem, sentences)
            for path in sorted(directory.glob("*.txt"))
            for name, sentences in read_blocks(path).items()
            if name not in APART
        )
    return _spaces.setdefault(directory, space)
