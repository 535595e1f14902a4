"""The built file of what the situations teach: never stale, read as written, refused when it is none."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest

from faq_links.concepts import LANGUAGES
from faq_links.learnt import LEARNT, LearntError, mark_sentence, pack, read_learnt, unpack
from faq_links.situation_space import Space
from faq_links.teacher import find_roots, read_all, read_block, teach
from faq_links.traits import read_traits
from faq_links.words import split_words

STALE = (
    "faq_links/situations/learnt.bin is not what the sentences, the thesaurus and the code teach now: run"
    " `make situations` and keep the file it writes."
)


def differ(one: array[int], other: array[int]) -> int:
    return max((abs(a - b) for a, b in zip(one, other, strict=True)), default=0)


def test_the_built_file_is_what_the_sources_teach() -> None:
    # Without the rounds, which take a minute: what they go through stands in all that is compared here.
    kept, taught = read_learnt(), teach(read_all(), rounds=0)
    assert kept.labels == taught.labels, STALE
    assert kept.manner == taught.manner, STALE
    assert kept.traits == taught.traits, STALE
    assert (kept.ends, kept.labels_met, kept.known) == (taught.ends, taught.labels_met, taught.known), STALE
    assert (kept.met_often, kept.usual) == (taught.met_often, taught.usual), STALE
    assert (kept.root_words, kept.cuts, kept.odd_roots) == (taught.root_words, taught.cuts, taught.odd_roots), STALE
    assert len(kept.values) == len(taught.values), STALE
    assert set(kept.ears) == set(taught.ears) == {"person", "other", "anger"}, STALE
    assert all(differ(weights, taught.ears[name]) <= 1 for name, weights in kept.ears.items()), STALE
    assert kept.biases == pytest.approx(taught.biases, abs=1e-4), STALE
    assert kept.rarest == pytest.approx(taught.rarest, abs=1e-4), STALE
    assert kept.rarities == pytest.approx(taught.rarities, rel=1e-5), STALE


def test_the_built_file_is_small_and_its_quanta_hold_all_values() -> None:
    learnt = read_learnt()
    assert LEARNT.stat().st_size < 3_700_000
    assert 0 < max(learnt.values) < 0xFFFF
    assert all(abs(weight) < 0x7FFF for weights in learnt.ears.values() for weight in weights)


def test_what_is_packed_is_read_again() -> None:
    learnt = teach(
        [
            read_block("order_status", "en", ["where is my parcel", "track my parcel"]),
            read_block("refund_when", "es", ["cuando llega mi reembolso", "y mi dinero"]),
            read_block("PERSON", "pt", ["quero um atendente"]),
            read_block("NONSENSE", "en", ["qwerty"]),
        ]
    )
    assert unpack(pack(learnt)) == learnt
    assert pack(unpack(pack(learnt))) == pack(learnt)
    assert mark_sentence("Quero um ATENDENTE!") in learnt.known["person"]


@pytest.mark.parametrize(
    "harm",
    [b"", b"{}\n", b"no json\n", LEARNT.read_bytes()[:-100], b"\xff" * 99],
    ids=["empty", "bare", "no json", "cut", "noise"],
)
def test_what_is_no_built_file_is_refused_with_what_to_do(harm: bytes) -> None:
    with pytest.raises(LearntError, match="make situations"):
        unpack(harm)


def test_a_file_of_another_form_is_refused() -> None:
    stored = pack(replace(teach([]), labels=("a",))).replace(b"mostrador situations 2", b"mostrador situations 0")
    with pytest.raises(LearntError, match="another form"):
        unpack(stored)


def test_roots_that_are_no_beginning_of_their_word_are_kept_whole() -> None:
    cuts, odd = find_roots(["parcels", "deliveries", "happily"])
    assert set(cuts) == set(odd) == set(LANGUAGES)
    assert cuts["en"][0] == len("parcel") and odd["en"]["happily"] == "happili"


def test_sentences_that_share_most_words_are_told_apart_by_the_few_that_differ() -> None:
    shared = ["where is my", "please tell me where my", "i want to know where my", "hello can you say where my"]
    learnt = teach(
        [
            read_block("order_status", "en", [f"{one} parcel is" for one in shared]),
            read_block("refund_when", "en", [f"{one} money is" for one in shared]),
            read_block("shop_location", "en", [f"{one} shop is" for one in shared[:2]]),
        ]
    )
    space = Space(learnt, {trait: place for place, trait in enumerate(learnt.traits)})
    for asked, meant in (("and my money", "refund_when"), ("and my parcel", "order_status"), ("shop", "shop_location")):
        told = space.read(read_traits(split_words(asked, "en"), "en")).situations
        assert space.labels[max(told, key=lambda one: told[one])] == meant
    again = space.read(read_traits(split_words("where is my money", "en"), "en")).situations
    assert again[1] > 0.7


def test_the_same_sentences_teach_the_same() -> None:
    blocks = [
        read_block("order_status", "en", ["where is my parcel", "track my parcel"]),
        read_block("refund_when", "en", ["where is my money", "when do you pay back"]),
    ]
    assert pack(teach(blocks)) == pack(teach(blocks))
