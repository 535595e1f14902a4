"""What a shopper says she does not want, when she says in the same breath what she wants instead."""

from __future__ import annotations

import re

from faq_links.folding import fold

_DENIED = re.compile(
    r"\b(?:(?:i |we )?(?:do not|dont|don t|not)|no (?:quiero|es|necesito|busco)|nao (?:quero|e|preciso))\s+"
    r"(?:want |wanting |looking for |need |quiero |quero )?(?:to |for )?(?:an? |my |the |la |el |los |un |una |o "
    r"|um |uma |me )?(?:\w+ing|\w{3,}[aei]r|refunds?|money|cancel|return|exchange|replacement|reembolso|dinero|plata"
    r"|devolucion|dinheiro|estorno|troca)\b"
    r"(?=.*\b(?:just|only|but|want|need|rather|instead|solo|solamente|pero|quiero|sino|necesito|so|mas|quero|prefiro"
    r"|preciso|apenas)\b)"
)


def strip_denied(text: str) -> str:
    """`text` without "I don't want a refund" when a wish follows it; else as it is."""
    plain = fold(text[:4000])
    stripped = _DENIED.sub(" ", plain, count=1)
    return text if stripped == plain else stripped
