"""Questions that ask for the same are found, and an article's nearness is told by its words."""

from __future__ import annotations

import pytest

from faq_links import EXAMPLE_ANSWERS, STARTER, Catalogue, find_groups, find_reasons, load_catalogue, match


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(STARTER).fill(EXAMPLE_ANSWERS, "es")


def group(*questions: str, locale: str = "es") -> list[list[str]]:
    """Each question with those that ask for the same as the first of them."""
    groups: dict[int, list[str]] = {}
    for one, place in zip(questions, find_groups([(one, locale) for one in questions], []), strict=True):
        groups.setdefault(place, []).append(one)
    return list(groups.values())


def test_the_same_question_in_other_words_and_languages_is_one_group() -> None:
    shop = ["tienen tienda en medellin?", "hay tienda fisica en Medellin"]
    names = ["grabas nombres en la taza?", "puedo poner mi nombre grabado en una taza"]
    washing = ["can i put the mug in the dishwasher", "can the mug go in a dishwasher?"]
    assert group(shop[0], names[0], washing[0], shop[1], washing[1], names[1]) == [shop, names, washing]


def test_what_has_nothing_in_common_stays_apart() -> None:
    odd = ("mi primo dice que el bulto va en burro", "tienen horno?", "que arcilla usan", "asdf qwer", "¿?", "")
    assert group(*odd[:4]) == [[one] for one in odd[:4]]
    assert sorted(one for found in group(*odd) for one in found) == sorted(odd)


def test_the_same_words_are_the_same_however_they_are_written() -> None:
    assert group("¿Graban VASIJAS?", "graban vasijas", "GRABAN, vasijas!!") == [
        ["¿Graban VASIJAS?", "graban vasijas", "GRABAN, vasijas!!"]
    ]
    assert find_groups([("graban vasijas", "es")], []) == [0]
    assert find_groups([("graban vasijas", "es")] * 2, [("graban vasijas", "es")] * 2) == [0, 0]
    assert find_groups([], [("graban vasijas", "es")]) == []


@pytest.mark.parametrize(("aside", "again", "joins"), [
    ("¿aceptan bitcoin?", "Hola, ¿ustedes ACEPTAN Bitcoin? gracias", True),
    ("¿aceptan bitcoin?", "¿aceptan nequi?", False),
    ("do you ship to Canada", "hi, can you ship to canada please", True),
    ("do you ship to Canada", "do you ship to Spain", False), ("do you ship to Spain", "do you ship from Spain", False),
    ("venden bicicletas?", "venden patines?", False), ("venden pan con gluten", "venden pan sin gluten", False),
    ("grabas nombres en la taza?", "puedo poner mi nombre grabado en una taza", False), ("¿?", "¿?", False),
])  # fmt: skip
def test_what_was_put_aside_is_joined_in_its_own_words_only(aside: str, again: str, joins: bool) -> None:
    assert find_groups([(again, "es")], [], [(aside, "es")]) == [0 if joins else 1]


def test_the_same_words_put_aside_come_before_an_open_group_that_is_only_like_it() -> None:
    nequi, bitcoin = ("¿aceptan nequi?", "es"), ("aceptan bitcoin", "es")
    assert find_groups([bitcoin, nequi, bitcoin], [nequi], [bitcoin]) == [1, 0, 1]
    assert find_groups([bitcoin], [nequi, bitcoin], [bitcoin]) == [1], "what stands open under the same words is seen"


def test_the_reasons_stand_in_the_order_of_the_match_and_name_the_words(catalogue: Catalogue) -> None:
    question = "cuánto se demora un envío hasta mi casa"
    reasons = find_reasons(catalogue, question, "es")
    found = match(catalogue, question, "es")
    assert [(one.article_id, one.score) for one in reasons] == list(found.ranked[:5])
    best = reasons[0]
    assert "envio" in best.words and "un" not in best.words and best.nearest and best.meant and not best.exact
    assert find_reasons(catalogue, catalogue.articles("es")[0].title, "es")[0].exact
    assert all(one.score < 0.15 and not one.words for one in find_reasons(catalogue, "", "es"))
    assert find_reasons(Catalogue([]), question, "es") == ()
