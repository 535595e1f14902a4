"""Matching one question: typos, mixed languages, abstention, a person asked for, and the JSON lines."""

from __future__ import annotations

import json

import pytest

from faq_links import EXAMPLE_ANSWERS, STARTER, Article, Catalogue, ask, load_catalogue, match
from faq_links.person import asks_for_person
from faq_links.rich_text import parse_markdown
from faq_links.small_talk import is_small_talk
from faq_links.words import fold, stem

FILLED = load_catalogue(STARTER, default_locale="es").fill(EXAMPLE_ANSWERS)


@pytest.mark.parametrize(
    ("text", "locale", "article_id"),
    [
        ("qiero debolver un pantalon", "es", "how-to-return"),
        ("DEVOLUCIONES", "es", "how-to-return"),
        ("devoluciones", "es-CO", "how-to-return"),
        ("where is my order", "es", "track-order"),
        ("quiero un refund", "es", "refund-time"),
        ("tienen COD?", "es", "pay-on-delivery"),
        ("contra reembolso", "es", "pay-on-delivery"),
        ("money back", "en", "refund-time"),
        ("acceptt paypall?", "en", "payment-ways"),
        ("rastrear encomenda", "pt", "track-order"),
        ("frete", "pt", "delivery-costs"),
    ],
)
def test_shoppers_words_find_the_article(text: str, locale: str, article_id: str) -> None:
    found = match(FILLED, text, locale)
    assert found.ranked[0][0] == article_id
    assert found.answered


@pytest.mark.parametrize(
    "text",
    ["", "   ", "???", "👍", "hola", "jajaja", "thanks!", "oi, tudo bem?", "kkkk", "1234", "asdf qwer"],
)
@pytest.mark.parametrize("locale", ["es", "en", "pt"])
def test_small_talk_and_nonsense_are_not_answered(text: str, locale: str) -> None:
    found = match(FILLED, text, locale)
    assert not found.answered and not found.handoff


@pytest.mark.parametrize(
    ("text", "locale"),
    [("what size is the moon", "en"), ("how much is a flight to rome", "en"), ("cuanto tarda el vuelo a roma", "es")],
)
def test_shop_words_in_questions_for_nobody_here_are_not_answered(text: str, locale: str) -> None:
    assert not match(FILLED, text, locale).answered


@pytest.mark.parametrize(
    ("text", "locale", "article_id"),
    [
        ("they want 20 euros before giving me the parcel", "en", "customs"),
        ("photo in the mail isnt my door", "en", "delivered-not-received"),
        ("upi pending since morning", "en", "order-confirmation"),
        ("me rebota la tarjeta", "es", "payment-problems"),
        ("to esperando faz 20 dias", "pt", "late-parcel"),
    ],
)
def test_indirect_words_find_the_article(text: str, locale: str, article_id: str) -> None:
    found = match(FILLED, text, locale)
    assert found.ranked[0][0] == article_id
    assert found.answered


def test_scores_fall_lie_between_0_and_1_and_stay_when_not_answered() -> None:
    for text in ("cuanto cuesta el envio", "quien paga la cuenta del presidente"):
        scores = [score for _, score in match(FILLED, text, "es").ranked]
        assert scores and scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_the_threshold_decides_about_answering() -> None:
    sure = match(FILLED, "cuanto cuesta el envio", "es")
    assert sure.answered and 0.5 <= sure.confidence <= 1
    assert not match(FILLED, "cuanto cuesta el envio", "es", threshold=1.01).answered


def test_who_asks_for_a_person_gets_no_article_as_answer() -> None:
    found = match(FILLED, "cuanto cuesta el envio? quiero hablar con una persona", "es")
    assert found.handoff and not found.answered and found.ranked


@pytest.mark.parametrize(
    "text",
    (
        "quiero hablar con una persona|pásame con un asesor|necesito atención humana|¿hay alguien "
        "ahí?|HUMANO|asesor|no quiero hablar con un bot|que me atienda un agente por favor|persona "
        "real|talk to a human|agent please|connect me with a live agent|is anyone there|get me a "
        "person|I'd like to talk to somebody|live person|could you put me through to an operator|quero um "
        "atendente|falar com alguém|tem alguém aí?|me transfere pra um humano|atendimento humano|não "
        "quero falar com robô|chama um atendente por favor"
    ).split("|"),
)
def test_a_person_asked_for_is_heard(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "¿puede recibirlo otra persona?|human hair wig|do you sell human hair wigs|cleaning agent for "
        "wood|got somebody elses order|can someone else sign for it|outra pessoa pode receber?|quantas "
        "pessoas cabem na barraca|price per person|el agente de aduanas me cobró|what are customer "
        "service hours|I'm not a robot checkbox not working|hay alguien que haya probado este "
        "producto|transferir o pedido para outra pessoa|put another person's name on the order|talla para "
        "persona alta|pode entregar pra alguém na portaria|ship to a different person|quiero un regalo "
        "para una persona mayor"
    ).split("|"),
)
def test_words_like_person_in_other_questions_do_not_call_one(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize("address", ["ana@orders.example", "guest12@strangers.example", "return.refund@pay.example"])
def test_an_address_says_nothing_of_what_is_asked(address: str) -> None:
    bare = match(FILLED, "¿Dónde está mi pedido 1003? Mi correo es", "es")
    assert bare.answered and match(FILLED, f"¿Dónde está mi pedido 1003? Mi correo es {address}", "es") == bare


def test_accents_plurals_and_stretched_words_meet() -> None:
    assert fold("¡DEVOLUCIÓNNN!") == "¡devolucion!"
    assert stem("devolucion", "es") == stem("devoluciones", "es")
    assert stem("devolucao", "pt") == stem("devolucoes", "pt")
    assert is_small_talk("Holaaaa!!") and not is_small_talk("hola, y mi pedido?")


def test_a_catalogue_in_a_language_without_thesaurus_works_by_its_words() -> None:
    articles = [
        Article("versand", "a", "de", "Wie lange dauert der Versand?", tree=parse_markdown("Zwei Tage.")),
        Article(
            "retoure", "a", "de", "Wie kann ich etwas zurückschicken?", tree=parse_markdown("Kostenlos.")
        ),
    ]
    found = match(Catalogue(articles), "etwas zurückschicken", "de")
    assert found.ranked[0][0] == "retoure"


def test_an_empty_catalogue_answers_nothing_but_hears_who_asks_for_a_person() -> None:
    assert match(Catalogue([]), "hola", "es") == match(Catalogue([]), "pedido", "es")
    assert match(Catalogue([]), "agente", "es").handoff


def test_five_hundred_articles_are_told_apart() -> None:
    heads = ("bal", "cor", "dim", "fug", "gav", "hel", "jor", "kem", "lup", "mav")
    things = [head + tail for head in heads for tail in ("ato", "eno", "iru", "osa", "upe")]
    verbs = [
        "devolver",
        "pagar",
        "rastrear",
        "cancelar",
        "lavar",
        "montar",
        "medir",
        "facturar",
        "regalar",
        "reparar",
    ]
    articles = [
        Article(
            f"{verb}-{thing}",
            "s",
            "es",
            f"Cómo {verb} un {thing}",
            tree=parse_markdown(f"Así se hace con {thing}."),
        )
        for verb in verbs
        for thing in things
    ]
    catalogue = Catalogue(articles)
    assert len(catalogue.articles("es")) == 500
    right = sum(
        match(catalogue, f"como {verb} {thing}", "es").ranked[0][0] == f"{verb}-{thing}"
        for verb in verbs
        for thing in things[::5]
    )
    assert right == 100


def test_very_long_and_very_odd_texts_do_no_harm() -> None:
    for text in (
        "pedido " * 5000,
        "a" * 20_000,
        "\ud800\x00\u202e",
        "talk to " * 3000,
        "{{phone}} {% x %}",
        "no " * 5000,
    ):
        found = match(FILLED, text, "es")
        assert len(found.ranked) <= 10


def lines_of(*questions: object) -> list[dict[str, object]]:
    written = [one if isinstance(one, str) else json.dumps(one) for one in questions]
    return [json.loads(line) for line in ask(written, FILLED)]


def test_each_line_in_is_one_line_out_in_order() -> None:
    answers = lines_of(
        {"text": "donde esta mi pedido", "lang": "es"},
        "not json",
        {"text": "where is my order", "lang": "xx"},
        {"text": "", "lang": "pt"},
        {"lang": "es"},
        [1],
        {"text": "cadê meu pedido"},
        {"text": "agente", "lang": None},
        "",
    )
    assert len(answers) == 9
    assert [bool(one.get("error")) for one in answers] == [
        False,
        True,
        False,
        False,
        True,
        True,
        False,
        False,
        True,
    ]
    assert [one["answered"] for one in answers] == [
        True,
        False,
        True,
        False,
        False,
        False,
        True,
        False,
        False,
    ]
    assert [one["handoff"] for one in answers] == [False] * 7 + [True, False]
    assert all(set(one) - {"error"} == {"ranked", "answered", "handoff"} for one in answers)
    ranked = answers[0]["ranked"]
    assert isinstance(ranked, list) and ranked[0][0] == "track-order" and isinstance(ranked[0][1], float)


def test_a_question_without_language_is_matched_in_the_language_it_looks_like() -> None:
    catalogue = Catalogue(
        [
            Article("zz", "a", "en", "Where is my order", tree=parse_markdown("Look in your mail.")),
            Article("yy", "a", "pt", "Onde está meu pedido", tree=parse_markdown("Veja o e-mail.")),
        ]
    )
    answers = [json.loads(line) for line in ask([json.dumps({"text": "onde está meu pedido?"})], catalogue)]
    assert answers[0]["ranked"][0][0] == "yy"


def test_output_lines_carry_no_line_end_and_stay_ascii() -> None:
    (line,) = ask([json.dumps({"text": "señal", "lang": "es"}) + "\n"], FILLED)
    assert "\n" not in line and line.isascii()
