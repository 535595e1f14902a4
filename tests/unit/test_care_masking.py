"""Card numbers are masked, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.care.masking import mask_cards

# Published test numbers of the card schemes.
CARDS = [
    "4242424242424242",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "3530111333300000",
    "4222222222222",
    "2223003122003222",
    "6304000000000000",
    "4000000000000000006",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_is_masked_however_it_is_written(card: str) -> None:
    groups = [card[start : start + 4] for start in range(0, len(card), 4)]
    for between in ("", " ", "-", ".", "\u00a0", " - ", "\n", "\u200b", "·", "_", "\u2013", " \u2014 "):
        written = between.join(groups)
        for text in (written, f"tarjeta {written}, gracias", f"{written}\n12/27", f"12 {written}"):
            masked = mask_cards(text)
            assert f"•••• {card[-4:]}" in masked, text
            assert card[:12] not in "".join(sign for sign in masked if sign.isdigit()), text


@pytest.mark.parametrize("between", ["/", ",", "|", "*", "--", "\u2022", ":", " / ", ", ", "/ ", " | "])
def test_a_card_written_as_it_is_printed_is_masked_whatever_sign_is_between(between: str) -> None:
    for card, cuts in (("4242424242424242", (4, 8, 12)), ("378282246310005", (4, 10))):
        written = between.join(card[a:b] for a, b in zip((0, *cuts), (*cuts, None), strict=True))
        assert mask_cards(f"mi tarjeta {written}, gracias") == f"mi tarjeta •••• {card[-4:]}, gracias"


def test_a_card_behind_other_fours_and_with_mixed_signs_is_masked() -> None:
    assert mask_cards("0928/4242/4242/4242/4242") == "0928/•••• 4242"
    assert mask_cards("4242-4242/4242-4242") == "•••• 4242"


def test_two_cards_and_the_words_around_them_stay_apart() -> None:
    text = "una 4242 4242 4242 4242 y otra 5555-5555-5555-4444 (12/27, cvc 123)"
    assert mask_cards(text) == "una •••• 4242 y otra •••• 4444 (12/27, cvc 123)"


def test_a_card_among_other_numbers_is_found() -> None:
    assert mask_cards("4242 4242 4242 4242 12 27 123") == "•••• 4242 12 27 123"
    assert mask_cards("1 4242424242424242 2") == "1 •••• 4242 2"
    assert mask_cards("４２４２ ４２４２ ４２４２ ４２４２").startswith("•••• ")


@pytest.mark.parametrize(
    "text",
    [
        "pedido 1001",
        "+34 600 123 456",
        "ES9121000418450200051332",
        "2026-11-21 18:00:00",
        "2001, 2002, 2003, 2009",
        "4242/4242/4242/4241",
        "21/11/2026 18:03:07",
        "4242424242424241",
        "1Z999AA10123456784",
        "00000000000000000",
        "1111111111111",
        "42424242424242424242",
        "$125.800,50 y 12.345.678",
        "",
        "•••• 4242",
        "0" * 4000,
        "1" * 4000,
    ],
)
def test_what_is_no_card_stays_as_it_is(text: str) -> None:
    assert mask_cards(text) == text


@given(st.text(alphabet="0123456789 -.aé4\u0664\n", max_size=400))
def test_masking_twice_is_masking_once_and_never_breaks(text: str) -> None:
    once = mask_cards(text)
    assert mask_cards(once) == once
    assert len(once) <= len(text) + 10
