"""What the sentences of `situations/` teach, as the built file `situations/learnt.bin` keeps it.

`make situations` writes the file (`teacher.py`); here it is packed, and read in some hundredths of a second
where learning takes seconds. It holds a line of JSON that names its arrays, then all of them, deflated. Whole
numbers stand for shares of a quantum, so that the same sentences give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from faq_links.folding import fold

LEARNT = Path(__file__).parent / "situations" / "learnt.bin"
QUANTUM = 1 / 8192
"""Steps of the values of the space, which lie between 0 and 8."""
EAR_QUANTUM = 1 / 2048
"""Steps of the ears' weights, which lie between -16 and 16."""
_FORM = "mostrador situations 2"
_AGAIN = "Run `make situations`, which writes it anew from the sentences beside it."


@dataclass(frozen=True)
class Learnt:
    """Traits with what each says, in the order of `traits`.

    `manner`: the numbers that steered the learning (see `separation`). `rarities`: 0 for a trait the space does
    not know; postings of trait i are `labels_met` (numbers of `labels`) and `values` (in `QUANTUM`) from
    `ends[i]` to `ends[i + 1]`; `ears`: name → weights (in `EAR_QUANTUM`); `biases`: name → log odds of a text
    without traits; `known`: name of a kind of sentences → their marks (see `mark_sentence`), sorted;
    `met_often`: language → words in a handful of sentences, of which the first `usual` many are used often;
    `root_words`: words whose roots are kept, `cuts`: language → how many letters of each are its root, 0 where
    it stands in `odd_roots`.
    """

    labels: tuple[str, ...]
    manner: tuple[float, ...]
    rarest: float
    traits: tuple[str, ...]
    rarities: array[float]
    ends: array[int]
    labels_met: bytes
    values: array[int]
    ears: Mapping[str, array[int]]
    biases: Mapping[str, float]
    known: Mapping[str, array[int]]
    met_often: Mapping[str, tuple[str, ...]]
    usual: Mapping[str, int]
    root_words: tuple[str, ...]
    cuts: Mapping[str, bytes]
    odd_roots: Mapping[str, Mapping[str, str]]


class LearntError(Exception):
    """The built file is missing, or is none; the sentence says what to do."""


def mark_sentence(text: str) -> int:
    """Eight bytes that stand for the folded words of a sentence."""
    bare = " ".join(re.findall(r"[^\W_]+", fold(text)))
    return int.from_bytes(blake2b(bare.encode(errors="replace"), digest_size=8).digest(), "little")


def _join(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).encode()


def _split(lines: bytes) -> tuple[str, ...]:
    return tuple(lines.decode().split("\n")) if lines else ()


def _to_little(values: array[int] | array[float]) -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def _from_little(kind: str, stored: bytes) -> array[int]:
    values: array[int] = array(kind, stored)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def pack(learnt: Learnt) -> bytes:
    """The bytes of the file; the same for the same content."""
    parts = {
        "labels": _join(learnt.labels),
        "traits": _join(learnt.traits),
        "rarities": _to_little(learnt.rarities),
        "ends": _to_little(learnt.ends),
        "labels_met": learnt.labels_met,
        "values": _to_little(learnt.values),
        "root_words": _join(learnt.root_words),
        "odd_roots": json.dumps(learnt.odd_roots, sort_keys=True).encode(),
    }
    parts |= {f"ear {name}": _to_little(weights) for name, weights in sorted(learnt.ears.items())}
    parts |= {f"known {name}": _to_little(marks) for name, marks in sorted(learnt.known.items())}
    parts |= {f"met {name}": _join(words) for name, words in sorted(learnt.met_often.items())}
    parts |= {f"cuts {name}": cuts for name, cuts in sorted(learnt.cuts.items())}
    head = {
        "form": _FORM,
        "manner": learnt.manner,
        "rarest": learnt.rarest,
        "biases": dict(sorted(learnt.biases.items())),
        "usual": dict(sorted(learnt.usual.items())),
        "parts": [[name, len(stored)] for name, stored in parts.items()],
    }
    return json.dumps(head).encode() + b"\n" + zlib.compress(b"".join(parts.values()), 9)


def unpack(stored: bytes) -> Learnt:
    """What `pack` packed. Raises LearntError."""
    try:
        first, _, rest = stored.partition(b"\n")
        head = json.loads(first)
        if head["form"] != _FORM:
            raise LearntError(f"The built file is of another form than this program reads. {_AGAIN}")
        whole = memoryview(zlib.decompress(rest))
        parts: dict[str, bytes] = {}
        for name, size in head["parts"]:
            parts[name], whole = bytes(whole[:size]), whole[size:]
        return _assemble(head, parts)
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise LearntError(f"The built file cannot be read. {_AGAIN}") from error


def _assemble(head: Mapping[str, Any], parts: Mapping[str, bytes]) -> Learnt:
    def named(kind: str) -> dict[str, bytes]:
        found = (name.partition(" ") for name in parts)
        return {name: parts[f"{one} {name}"] for one, _, name in found if one == kind}

    rarities: array[float] = array("f", parts["rarities"])
    if sys.byteorder == "big":
        rarities.byteswap()
    return Learnt(
        labels=_split(parts["labels"]),
        manner=tuple(head["manner"]),
        rarest=head["rarest"],
        traits=_split(parts["traits"]),
        rarities=rarities,
        ends=_from_little("I", parts["ends"]),
        labels_met=parts["labels_met"],
        values=_from_little("H", parts["values"]),
        ears={name: _from_little("h", one) for name, one in named("ear").items()},
        biases=head["biases"],
        known={name: _from_little("Q", one) for name, one in named("known").items()},
        met_often={name: _split(one) for name, one in named("met").items()},
        usual=head["usual"],
        root_words=_split(parts["root_words"]),
        cuts=named("cuts"),
        odd_roots=json.loads(parts["odd_roots"]),
    )


# Without a lock: among greenlets and real threads, waiting for one may never end. At worst it is read twice.
@lru_cache(maxsize=1)
def read_learnt() -> Learnt:
    """The built file, read at the first call, then kept. Raises LearntError."""
    try:
        return unpack(LEARNT.read_bytes())
    except OSError as error:
        raise LearntError(f"{LEARNT.name} is missing. {_AGAIN}") from error


@lru_cache(maxsize=1)
def places_of_traits() -> Mapping[str, int]:
    """Trait → its place in the arrays of the built file."""
    return {trait: place for place, trait in enumerate(read_learnt().traits)}


class _Roots:
    """The roots of usual words; a stemmer takes a thousand times as long."""

    def __init__(self) -> None:
        self.used = True
        self._places: dict[str, int] = {}

    def find(self, word: str, language: str) -> str | None:
        if not self.used:
            return None
        learnt = read_learnt()
        if not self._places:
            self._places = {one: place for place, one in enumerate(learnt.root_words)}
        place = self._places.get(word)
        if place is None or language not in learnt.cuts:
            return None
        cut = learnt.cuts[language][place]
        return word[:cut] if cut else learnt.odd_roots[language][word]


_roots = _Roots()


def find_known_root(word: str, language: str) -> str | None:
    """The root of a folded word where the built file keeps it, else None."""
    return _roots.find(word, language)


def forget_roots() -> None:
    """For the teacher: from now on all roots are found anew, so that nothing old comes into a new file."""
    _roots.used = False
