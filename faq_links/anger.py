"""Hears that a shopper is angry or in despair: a person should see it soon."""

from __future__ import annotations

import re

from faq_links.ear import hear_anger
from faq_links.folding import fold

_SURE = 0.0
_HARSH = re.compile(
    r"\b(?:scam(?:mers?|med)?|thie(?:f|ves)|crooks?|liars?|fraudsters?|robbers?|ripped off|rip off|disgusting"
    r"|disgrace(?:ful)?|pathetic|ridiculous|outrageous|furious|fuming|livid|sick and tired|fed up"
    r"|worst (?:shop|store"
    r"|company|service"
    r"|experience)|never (?:again|buying)|chargeback|sue you|lawyer|consumer (?:court|forum"
    r"|protection)|trading standards"
    r"|wtf|bullshit|bloody|fuck\w*|shit\w*|idiots?"
    r"|estafa(?:d[oa]s?|dor\w*|ron|s)?|un timo|timadores|ladron\w*|rateros|sinverguenzas?|impresentables?"
    r"|mentiros\w+|verguenza|asquer\w+|indignante"
    r"|indignad\w+|hart[oa]s?"
    r"|furios\w+|pesim\w+|denunciar\w*|demandar\w*|profeco|indecopi|condusef|mierda|carajo|puta"
    r"|maldit\w+|inutiles"
    r"|nunca mas|tomadura de pelo|burla"
    r"|(?:e|foi|sao) (?:um )?golpe|golpistas?|ladroes|ladrao|bandidos|mentiros\w+|vergonha|absurdo|palhacada|ridiculo"
    r"|pessim\w+|procon"
    r"|reclame aqui|processar|merda|porra|caralho|desrespeito|descaso|revoltad\w+)\b"
)
_SCAM = r"(?:an? |una? |uma? )?(?:scam|estafa|timo|golpe)"
_ASKED = re.compile(rf"\b(?:is (?:this|it)|are (?:you|they)|es|sera|seran|sois|son|e|sao|sera que e) {_SCAM}\b")
_DENIED = re.compile(rf"\b(?:not|no|isnt|isn t|no es|nao e|nao) {_SCAM}\b")
_CLAIMED = re.compile(r"\b(?:esto|eso|ustedes|vosotros|isso|isto|voces) (?:es|son|sois|e|sao)\b")


def is_angry(text: str) -> bool:
    """True for insults, threats and despair. "Is this a scam?" is a question, not anger."""
    text = text[:2000]
    sentences = re.findall(r"[^.!?\n]+[.!?]*", text)
    asked = [_leave_out_doubts(one) for one in sentences]
    plain = " ".join(words for words, _ in asked if words)
    doubts = any(doubt for _, doubt in asked)
    if not plain:
        return False
    if _HARSH.search(plain):
        return True
    if doubts:
        return False
    letters = [sign for sign in text if sign.isalpha()]
    shouted = (
        len(letters) > 15 and sum(sign.isupper() for sign in letters) > 0.8 * len(letters) and "!" in text
    )
    if shouted or re.search(r"[!?]{4,}", text):
        return True
    return hear_anger(text) > _SURE


def _leave_out_doubts(sentence: str) -> tuple[str, bool]:
    """(the folded words of a sentence without those that ask whether the shop is honest, whether there were any). Who
    claims it, "esto es una estafa", or calls it out loud, does not ask."""
    plain = " ".join(re.findall(r"[^\W_]+", fold(sentence)))
    calm = _DENIED.sub("", plain)
    if "?" in sentence or not ("!" in sentence or _CLAIMED.search(plain)):
        calm = _ASKED.sub("", calm)
    return calm.strip(), calm != plain
