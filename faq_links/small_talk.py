"""Greetings, thanks and talk about ourselves: nothing an article answers."""

from __future__ import annotations

import re

from faq_links.folding import fold

_WORDS = frozenset(
    "hola holi ola oi oie hi hello hey hiya yo buenas buenos buen bueno dia dias tarde tardes noche noches"
    " noites noite"
    " bom boa good morning afternoon evening night que tal como estas esta estan how are you doing its going"
    " tudo bem"
    " gracias muchas mil muchisimas muy amable amables thanks thank thx ty so much a lot very kind cheers"
    " obrigado"
    " obrigada valeu vlw brigado muito ok okay okey vale perfecto genial listo dale claro si no yes nope yep"
    " sim nao"
    " cool great nice perfect awesome lol haha jaja jajaja jajajaja rs kk kkk k xd lmao bye adios chao tchau"
    " ate mais"
    " logo hasta luego pronto see later beleza blz certo legal show perfeito entendido entendi understood"
    " got it"
    " ya de nada por favor porfa porfis xfa please pls plz buena bien todo tu ustedes usted e ai senor senora"
    " amigo amiga there team equipo"
    " test prueba teste um hmm mmm uh eh ah oh wow nos vemos saludos abrazo abrazos regards viu".split()
)
_LAUGH = re.compile(r"(?:(?:ja|je|ji|ha|he|rs|kk)+[jhkrs]?a?|k+|x+d+|lo+l)")
_ABOUT_US = re.compile(
    r"\b(?:eres|sos|are you|r u|voce e|vc e|es usted) (?:un |una |a |an |um |uma )?(?:real|bot|robot|robo"
    r"|humano|human|maquina"
    r"|machine|persona|person|ia|ai|chatbot|pessoa)\b(?! .*(?:refund|order|pedido))|\b(?:como te llamas|cual"
    r" es tu nombre"
    r"|what(?: i)?s your name|qual (?:e )?(?:o )?seu nome|quien te (?:hizo|creo)|who (?:made|created|built)"
    r" you"
    r"|quem te (?:criou|fez)|how old are you|cuantos anos tienes|quantos anos voce|tell me a joke|cuentame un"
    r"|me conta uma|sentido da vida|meaning of life|te amo|i love you|marry me)\b"
)


def is_small_talk(text: str) -> bool:
    """True when there is only politeness, laughter or talk about the bot, or no word at all."""
    plain = re.findall(r"[^\W_]+", fold(text[:2000]))
    if not any(any(sign.isalpha() for sign in word) for word in plain):
        return True
    if all(word in _WORDS or _LAUGH.fullmatch(word) for word in plain):
        return True
    return bool(_ABOUT_US.search(" ".join(plain)))
