"""The questions a merchant answers once; their answers fill the starter articles. Ten come first, the others are the
form's second part (`more_placeholders`).

`kind` says what an answer is: "text" (in a language), "number" (its first number counts), "free" (the same
in every language: telephone, address). How answers serve several locales is decided in `AnswerBook.find`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from faq_links.locales import base_language, find_locale
from faq_links.more_placeholders import MORE_PLACEHOLDERS
from faq_links.question import Placeholder
from faq_links.question import three as _three

Answers = Mapping[str, Mapping[str, str]] | Mapping[str, str]
"""`{"es": {"delivery_days": "2 a 4 días"}}`, or `{"delivery_days": "2-4"}` for all locales."""


PLACEHOLDERS: tuple[Placeholder, ...] = (
    Placeholder(
        "delivery_days",
        "text",
        _three(
            "¿Cuánto tarda en llegar un pedido?",
            "How long does an order take to arrive?",
            "Quanto tempo um pedido leva para chegar?",
        ),
        _three(
            "Un plazo que puedas cumplir casi siempre.",
            "A time you can nearly always keep.",
            "Um prazo que você quase sempre consegue cumprir.",
        ),
        _three("de 2 a 4 días hábiles", "2 to 4 working days", "de 2 a 4 dias úteis"),
    ),
    Placeholder(
        "delivery_areas",
        "text",
        _three("¿A dónde envías?", "Where do you deliver?", "Para onde você envia?"),
        _three(
            "Países o ciudades, y los sitios a los que no llegas.",
            "Countries or cities, and where you do not go.",
            "Países ou cidades, e os lugares aonde você não chega.",
        ),
        _three(
            "toda España y Portugal; no enviamos a otros países",
            "all of Spain and Portugal, no other countries",
            "toda a Espanha e Portugal; não enviamos a outros países",
        ),
    ),
    Placeholder(
        "delivery_costs",
        "text",
        _three("¿Cuánto cuesta el envío?", "What does delivery cost?", "Quanto custa o frete?"),
        _three(
            "El precio y desde qué compra es gratis.",
            "The price, and from which total it is free.",
            "O preço e a partir de qual compra é grátis.",
        ),
        _three("4,90 €; gratis desde 50 €", "€4.90; free from €50", "4,90 €; grátis a partir de 50 €"),
    ),
    Placeholder(
        "payment_ways",
        "text",
        _three("¿Cómo se puede pagar?", "How can shoppers pay?", "Como se pode pagar?"),
        _three(
            "Todas las formas, separadas por comas; también si se puede pagar en cuotas.",
            "Every way, separated by commas; also whether instalments are possible.",
            "Todas as formas, separadas por vírgulas; também se é possível parcelar.",
        ),
        _three(
            "tarjeta (Visa, Mastercard), PayPal, Bizum y transferencia",
            "card (Visa, Mastercard), PayPal, Bizum and bank transfer",
            "cartão (Visa, Mastercard), PayPal, Bizum e transferência",
        ),
    ),
    Placeholder(
        "pay_on_delivery",
        "text",
        _three(
            "¿Se puede pagar al recibir el pedido?", "Can one pay on delivery?", "Dá para pagar na entrega?"
        ),
        _three(
            "Una frase completa: sí o no, dónde y con qué recargo.",
            "One full sentence: yes or no, where, which fee.",
            "Uma frase completa: sim ou não, onde e com qual taxa.",
        ),
        _three(
            "Sí, en efectivo y en toda la península, con un recargo de 2 €.",
            "Yes, in cash, anywhere on the mainland, for an extra €2.",
            "Sim, em dinheiro e em todo o continente, com uma taxa de 2 €.",
        ),
    ),
    Placeholder(
        "return_days",
        "number",
        _three(
            "¿Cuántos días hay para devolver?",
            "How many days to return an item?",
            "Quantos dias há para devolver?",
        ),
        _three(
            "Solo el número, contado desde la entrega.",
            "Only the number, counted from delivery.",
            "Só o número, contado a partir da entrega.",
        ),
        _three("30", "30", "30"),
    ),
    Placeholder(
        "return_costs",
        "text",
        _three(
            "¿Quién paga el envío de una devolución?",
            "Who pays the postage of a return?",
            "Quem paga o frete de uma devolução?",
        ),
        _three("Una frase completa.", "One full sentence.", "Uma frase completa."),
        _three(
            "El envío de vuelta lo pagamos nosotros.",
            "We pay the postage back to us.",
            "O frete de volta é por nossa conta.",
        ),
    ),
    Placeholder(
        "opening_hours",
        "text",
        _three(
            "¿Cuál es tu horario de atención?", "What are your hours?", "Qual é o seu horário de atendimento?"
        ),
        _three(
            "Días y horas en que contestas.",
            "The days and hours when you answer.",
            "Dias e horas em que você responde.",
        ),
        _three(
            "de lunes a viernes, de 9:00 a 18:00",
            "Monday to Friday, 9:00 to 18:00",
            "de segunda a sexta, das 9h às 18h",
        ),
    ),
    Placeholder(
        "phone",
        "free",
        _three(
            "¿A qué teléfono pueden llamarte?",
            "Which phone number can shoppers call?",
            "Para qual telefone podem ligar?",
        ),
        _three("Con el prefijo del país.", "With the country code.", "Com o código do país."),
        _three("+34 900 000 000", "+34 900 000 000", "+34 900 000 000"),
    ),
    Placeholder(
        "address",
        "free",
        _three(
            "¿Cuál es la dirección de tu tienda o almacén?",
            "What is the address of your shop or warehouse?",
            "Qual é o endereço da sua loja ou depósito?",
        ),
        _three(
            "Adonde llegan las visitas y las devoluciones.",
            "Where visitors and returns go.",
            "Aonde vão as visitas e as devoluções.",
        ),
        _three(
            "Calle del Molino 12, 28004 Madrid",
            "Calle del Molino 12, 28004 Madrid",
            "Calle del Molino 12, 28004 Madrid",
        ),
    ),
)

ALL_PLACEHOLDERS: tuple[Placeholder, ...] = PLACEHOLDERS + MORE_PLACEHOLDERS

EXAMPLE_ANSWERS: dict[str, dict[str, str]] = {
    language: {one.key: one.example[language] for one in ALL_PLACEHOLDERS} for language in ("es", "en", "pt")
}
"""A demo shop's answers to every question, in es, en and pt."""

_KINDS = {one.key: one.kind for one in ALL_PLACEHOLDERS}


def clean_answer(key: str, answer: object) -> str | None:
    """The words to put in, line by line, trimmed; of a number question the number; None if empty."""
    lines = str(answer).split("\n") if isinstance(answer, (str, int, float)) else []
    words = "\n".join(" ".join(line.split()) for line in lines if line.strip())
    if _KINDS.get(key) == "number":
        number = re.search(r"\d+", words)
        return number.group(0) if number else None
    return words.replace("{{", "{ {").replace("}}", "} }") or None


class AnswerBook:
    """A merchant's answers, looked up per locale."""

    def __init__(self, answers: Answers, store_locale: str | None = None) -> None:
        self._everywhere: dict[str, str] = {}
        self._by_locale: dict[str, dict[str, str]] = {}
        for key, value in answers.items():
            if isinstance(value, Mapping):
                self._by_locale[key] = {name: str(words) for name, words in value.items()}
            else:
                self._everywhere[key] = str(value)
        answered = [
            locale for locale, given in self._by_locale.items() if any(map(str.strip, given.values()))
        ]
        self.store_locale = store_locale or next(iter(answered), None)

    def find(self, key: str, locale: str) -> str | None:
        """The answer to `key` for readers of `locale`, or None.

        First the locale's own answer, then one of the same language, then one given for every locale, then
        the store's language, and for numbers, telephone and address any locale's. So a merchant types an
        answer once; whoever leaves the other languages empty shows the fact in the store's words rather than
        not at all.
        """
        order = [locale, find_locale(locale, tuple(self._by_locale))]
        for one in order:
            if one is not None and (found := clean_answer(key, self._by_locale.get(one, {}).get(key))):
                return found
        if found := clean_answer(key, self._everywhere.get(key)):
            return found
        rest = [find_locale(self.store_locale, tuple(self._by_locale))] if self.store_locale else []
        if _KINDS.get(key, "text") != "text":
            rest += list(self._by_locale)
        for one in rest:
            if one is not None and (found := clean_answer(key, self._by_locale.get(one, {}).get(key))):
                return found
        return None


def label_of(words: Mapping[str, str], locale: str) -> str:
    """`words` (a label, help or example) for a reader of `locale`; English for languages we do not speak."""
    return words.get(base_language(locale), words["en"])
