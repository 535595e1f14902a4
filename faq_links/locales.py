"""Which of a catalogue's locales a reader gets, and a guess of the language of a short text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKS = {
    "es": "ñ¿¡",
    "pt": "ãõçâêôà",
}
_WORDS = {
    "es": "el la los las un una unos y o de del que q en por para con sin mi mis tu su me te le lo se es"
    " esta estan"
    " hay como donde cuando cuanto cuantos cual cuales quien puedo quiero tienen tiene hacen hace llega"
    " pedido"
    " envio hola gracias buenas buenos dias favor si no muy ya pero mas hasta al pagar compra comprar tienda"
    " talla"
    " devolver dinero plata necesito aceptan",
    "en": "the a an is are was do does did can could i my me you u your it this that to of for on in with"
    " when where"
    " how what who why much many long have has order shipping hello hi thanks please yes not dont im get got"
    " refund"
    " return pay payment track delivery ship back will be if and or size item store hey any",
    "pt": "o a os as um uma e ou de do da dos das que em no na nos nas por para pra com sem meu minha seu"
    " sua me te"
    " se é está ta tem há como onde quando quanto quantos qual quais quem posso quero voces voce vcs vc não"
    " nao oi"
    " ola obrigado obrigada bom boa dia tarde favor sim muito já mas mais até ao pagar comprar loja tamanho"
    " devolver dinheiro preciso aceita entrega frete pedido chega fazer faço",
}
_HINTS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def base_language(locale: str) -> str:
    """`pt_BR` → `pt`."""
    return re.split(r"[-_.@]", locale.strip().lower(), maxsplit=1)[0]


def _same(locale: str) -> str:
    return locale.strip().replace("_", "-").lower()


def find_locale(wanted: str, locales: Sequence[str]) -> str | None:
    """The locale of `locales` for `wanted`: itself, its language, a sister (`pt_PT` → `pt_BR`), or None."""
    if not wanted.strip():
        return None
    asked, language = _same(wanted), base_language(wanted)
    for name in (asked, language):
        for locale in locales:
            if _same(locale) == name:
                return locale
    return next((locale for locale in locales if base_language(locale) == language), None)


def guess_locale(text: str, locales: Sequence[str]) -> str | None:
    """The locale among `locales` (first wins a tie) whose language `text` looks like, or None."""
    lowered = text.lower()
    words = _WORD.findall(lowered)
    best: tuple[float, str] | None = None
    for locale in locales:
        language = base_language(locale)
        hints = _HINTS.get(language, frozenset())
        score = sum(1.0 for word in words if word in hints)
        score += sum(1.5 for mark in _MARKS.get(language, "") if mark in lowered)
        if score > 0 and (best is None or score > best[0]):
            best = (score, locale)
    return best[1] if best else None
