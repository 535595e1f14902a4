"""Hears that a shopper is angry or in despair: a person should see it soon."""

from __future__ import annotations

import re

from faq_links.ear import hear_anger
from faq_links.folding import fold

_SURE = 0.0
_HARSH = re.compile(
    r"\b(?:scam(?:mers?)?|thie(?:f|ves)|crooks?|liars?|fraudsters?|robbers?|ripped off|rip off|disgusting"
    r"|disgrace(?:ful)?|pathetic|ridiculous|outrageous|furious|fuming|livid|sick and tired|fed up"
    r"|worst (?:shop|store"
    r"|company|service"
    r"|experience)|never (?:again|buying)|chargeback|sue you|lawyer|consumer (?:court|forum"
    r"|protection)|trading standards"
    r"|wtf|bullshit|bloody|fuck\w*|shit\w*|idiots?"
    r"|estafa(?:dor\w*|ron|s)?|ladron\w*|rateros|sinverguenzas?|mentiros\w+|verguenza|asquer\w+|indignante"
    r"|indignad\w+|hart[oa]s?"
    r"|furios\w+|pesim\w+|denunciar\w*|demandar\w*|profeco|indecopi|condusef|mierda|carajo|puta"
    r"|maldit\w+|inutiles"
    r"|nunca mas|tomadura de pelo|burla"
    r"|golpistas?|ladroes|ladrao|bandidos|mentiros\w+|vergonha|absurdo|palhacada|ridiculo|pessim\w+|procon"
    r"|reclame aqui|processar|merda|porra|caralho|desrespeito|descaso|revoltad\w+)\b"
)
_MILD = re.compile(
    r"\b(?:not|no|isnt|is this|are you|es una|sera|e um|nao e) (?:an? |una |um |uma )?(?:scam|estafa|golpe)\b"
)


def is_angry(text: str) -> bool:
    """True for insults, threats and despair. "Is this a scam?" is a question, not anger."""
    text = text[:2000]
    plain = " ".join(re.findall(r"[^\W_]+", fold(text)))
    if not plain or _MILD.search(plain):
        return False
    if _HARSH.search(plain):
        return True
    letters = [sign for sign in text if sign.isalpha()]
    shouted = (
        len(letters) > 15 and sum(sign.isupper() for sign in letters) > 0.8 * len(letters) and "!" in text
    )
    if shouted or re.search(r"[!?]{4,}", text):
        return True
    return hear_anger(text) > _SURE
