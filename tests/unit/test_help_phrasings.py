"""What is kept of a shopper's question: the question, and nothing that is about the shopper alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plugin.help import LONGEST_PHRASING, Unlearnable, check_phrasing, mask_phrasing
from plugin.help.phrasings import MASK, fold_phrasing


@pytest.mark.parametrize(("said", "kept"), [
    ("mi correo es ana.ruiz+x@example.com y no llega nada", f"mi correo es {MASK} y no llega nada"),
    ("puedo pagar con 4242 4242 4242 4242?", f"puedo pagar con {MASK} ?"),
    ("la tarjeta •••• 4242 no pasa", f"la tarjeta {MASK} no pasa"),
    ("llámenme al +57 300 123 45 67 por favor", f"llámenme al {MASK} por favor"),
    ("call me (020) 7946-0958 please", f"call me {MASK} please"),
    ("donde esta mi pedido #A1042?", f"donde esta mi pedido {MASK} ?"),
    ("pedido 77 sin llegar", f"pedido {MASK} sin llegar"),
    ("pedido nº 88-B sin llegar", f"pedido {MASK} sin llegar"),
    ("mi guía RR123456789CO no se mueve", f"mi guía {MASK} no se mueve"),
    ("pueden llevarlo a la Calle del Molino 12, 28004 hoy", f"pueden llevarlo a la {MASK} hoy"),
    ("entregan en Cra 7 # 12-34 de noche", f"entregan en {MASK} de noche"),
    ("entregam na Rua das Flores, 123 no sábado", f"entregam na {MASK} no sábado"),
    ("do you ship to 12 Long Acre Street today", f"do you ship to {MASK} today"),
    ("es de fiar https://x.example/p?email=a ?", f"es de fiar {MASK} ?"),
    ("mi documento es 1.020.304.050", f"mi documento es {MASK}"),
    ("número ４２４２４２４２４２４２４２４２ raro", f"número {MASK} raro"),
])  # fmt: skip
def test_what_is_about_one_shopper_is_masked(said: str, kept: str) -> None:
    assert mask_phrasing(said) == kept
    assert mask_phrasing(kept) == kept


@pytest.mark.parametrize("said", [
    "¿puedo pagar en 12 cuotas?", "tienen talla 42?", "do you have the iphone15 case", "llega en 48 horas?",
    "is it 100% cotton", "quiero 2 unidades y un envío", "vale para un tv de 55 pulgadas?", "qual o prazo do frete",
])  # fmt: skip
def test_what_a_question_needs_stays(said: str) -> None:
    assert mask_phrasing(said) == said


@pytest.mark.parametrize(("said", "why"), [
    ("", "empty"), (" \n\t ", "empty"), ("a", "short"), ("?!", "short"), ("é 1", "short"),
    ("4242 4242 4242 4242", "short"),
    ("ana@example.com", "short"), ("\U0001f600" * 5, "short"), ("hola ¿qué tal? " * 30, "long"), ("gracias", "talk"),
    ("quiero hablar con una persona", "talk"), ("I want a human please", "talk"),
])  # fmt: skip
def test_what_teaches_nothing_is_refused_with_the_reason(said: str, why: str) -> None:
    with pytest.raises(Unlearnable) as refused:
        check_phrasing(said)
    assert refused.value.code == why


@given(some.text(max_size=1500))
def test_whatever_is_typed_is_refused_or_becomes_one_short_line(said: str) -> None:
    try:
        kept = check_phrasing(said)
    except Unlearnable:
        return
    assert 2 <= len(kept) <= LONGEST_PHRASING and kept == kept.strip() and kept.splitlines() == [kept]
    assert "@" not in kept or not any("@" in word.strip("@()<>") for word in kept.split())


@given(some.integers(10**4, 10**18), some.sampled_from(["{} llega?", "orden {}", "tel {} por favor", "({})"]))
def test_no_long_number_is_ever_kept(number: int, sentence: str) -> None:
    assert not any(sign.isdigit() for sign in mask_phrasing(sentence.format(number)))


def test_one_question_written_two_ways_is_one() -> None:
    plain = "cuanto tarda el envio"
    assert fold_phrasing("  ¿Cuánto TARDA el envío?? ") == fold_phrasing(plain) == plain
