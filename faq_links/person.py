"""Recognises that a shopper asks for a person, in Spanish, English and Portuguese."""

from __future__ import annotations

import re

from faq_links.words import fold

_ES_ONE = (
    r"(?:persona|humano|humana|asesora?|agente|operadora?|ejecutiv[oa]|representante|encargad[oa]"
    r"|supervisora?"
    r"|vendedora?|alguien|ser humano|dependient[ea]|gerente|responsable)"
)
_EN_ONE = (
    r"(?:person|human(?: being)?|agent|representative|rep|operator|advis[eo]r|someone|somebody|people"
    r"|associate"
    r"|staff(?: member)?|member of staff|supervisor|manager|assistant|employee|support team|customer"
    r" (?:service|support|care))"
)
_PT_ONE = (
    r"(?:pessoa|humano|humana|atendente|agente|operadora?|alguem|representante|consultora?|vendedora?|gerente"
    r"|supervisora?|responsavel|gente de verdade|funcionari[oa])"
)
_ES_ARTICLE = r"(?:un[oa]?s? |el |la |algun[oa]? |otr[oa] )?(?:de (?:tus|sus|los) )?"
_EN_ARTICLE = (
    r"(?:to |with )*(?:an? |the |some |your |one of your )?"
    r"(?:real |live |actual |human |support |sales |customer service |customer support |service )*"
)
_EN_STRICT = r"(?:person|human(?: being)?|agent|representative|rep|operator|advis[eo]r|supervisor|manager)"
_EN_ME = r"(?: (?:me|us|my call|this|directly|through|over|in touch|now))*"
_PT_ARTICLE = r"(?:um[a]? |o |a |alguma? |outr[oa] )?"

_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        # Spanish
        r"\b(?:habl\w+|charl\w+|chate\w+|convers\w+|platic\w+|comuni\w+|contact\w+)(?: \w+)? (?:con|a)"
        rf" {_ES_ARTICLE}{_ES_ONE}\b",
        rf"\b(?:comuni\w+|pas[aeo]\w*|transfi\w+|conect\w+|pon\w*|deriv\w+|remit\w+) (?:\w+ )?(?:con|a)"
        rf" (?:un[oa]? |el |la |algun[oa]? )?{_ES_ONE}\b",
        r"\b(?:atencion|asistencia|ayuda|soporte|agente|asesor|operador|trato|contacto) (?:de un"
        r" )?(?:human[oa]|personal(?:izada)?|real|en vivo)\b",
        rf"\b(?:atiend\w+|atender|ayud\w+|respond\w+|contest\w+|llam\w+) {_ES_ARTICLE}(?:persona|humano"
        r"|asesora?|agente|operadora?|alguien)\b",
        rf"\b{_ES_ARTICLE}(?:persona|humano|asesora?|agente|operadora?|alguien) (?:\w+ )?(?:que )?(?:me |nos"
        r" )(?:\w+ )?(?:atiend\w+|atender|ayud\w+|respond\w+|contest\w+|llam\w+)",
        r"\b(?:persona|gente|alguien|humano|agente) (?:real|de verdad|de carne y hueso)\b",
        r"\b(?:quiero|necesito|deseo|quisiera|dame|deme|prefiero|busco|solicito|exijo)"
        rf" {_ES_ARTICLE}(?:persona|humano|asesora?|agente|operadora?|ejecutivo|representante"
        r"|supervisora?)\b(?! (?:de limpieza|quimico))",
        r"\bno (?:quiero|deseo|me interesa)(?: \w+){0,3} (?:con )?(?:un |el |una |la )?(?:bot|robot|maquina"
        r"|chatbot|contestador)\b",
        rf"\bhay (?:{_ES_ARTICLE})?(?:alguien|alguna persona|algun humano|algun asesor|algun agente)(?: real"
        r"| ahi| humano| que me| disponible| por ahi|$)",
        # English
        rf"\b(?:talk|speak|chat|connect|transfer|escalate|speaking|talking|chatting){_EN_ME}"
        rf" ?{_EN_ARTICLE}{_EN_ONE}\b"
        r"(?! (?:discount|price|els))",
        rf"\b(?:put|get|pass|refer|switch|direct|hand|reach|contact){_EN_ME} ?{_EN_ARTICLE}{_EN_STRICT}\b"
        r"(?! (?:name|els|s |size|hair|hand|foot))",
        r"\b(?:talk|speak|chat) (?:to|with) another (?:person|human|agent|representative|rep)\b",
        r"\b(?:want|need|prefer|would like|give me|id like|can i have|may i have|get me|i d like|call"
        rf"|request\w*|looking for) {_EN_ARTICLE}(?:person|human(?: being)?|agent|representative|rep"
        r"|operator|advis[eo]r)\b(?! (?:hair|size|hand|foot|orange|for wood))",
        r"\b(?:real|live|actual|human) (?:person|human|agent|people|being|representative|rep|support"
        r"|operator|advis[eo]r|chat agent|assistance|help|assistant)\b",
        r"\b(?:anyone|anybody|someone|somebody|person|human) (?:real |human )?(?:there|here|available"
        r"|online)\b(?! who)",
        r"(?<!\bim )(?<!\bam )(?<!\bsou )(?<!\bsoy )\b(?:not|no|dont want|stop|hate|tired of|sick of) (?:to"
        r" )?(?:(?:talk|speak|chat)\w* )?(?:to |with )?(?:an? |the |this |your )?(?:bots?|robots?|machine"
        r"|chatbots?|ai|automated)\b",
        r"\bcustomer (?:service|support|care) (?:agent|representative|rep|person|to call)\b",
        # Portuguese
        r"\b(?:fal\w+|convers\w+|contat\w+|comunic\w+|tecl\w+|chat\w*)(?: \w+)? (?:com|a)"
        rf" {_PT_ARTICLE}{_PT_ONE}\b",
        r"\b(?:pass\w+|transf\w+|conect\w+|encaminh\w+|cham\w+|coloc\w+|direcion\w+|me da) (?:\w+"
        r" )?(?:pr[ao] |para |a |com |por )?"
        r"(?:um[a]? |o |a |alguma? )?(?:pessoa|humano|atendente|agente|operadora?|alguem|representante"
        r"|gerente|supervisora?)\b",
        r"\batend(?:imento|ente) (?:de )?(?:human[oa]|pessoal|real|por humano|ao vivo)\b",
        rf"\b(?:quero|preciso(?: de)?|gostaria de|queria|prefiro|desejo|me da) {_PT_ARTICLE}(?:pessoa|humano"
        r"|atendente|agente|operadora?|representante|atendimento humano|suporte humano)\b(?! de limpeza)",
        r"\b(?:pessoa|alguem|gente|humano|atendente) (?:real|de verdade|de carne e osso)\b",
        r"\bnao quero (?:\w+ ){0,3}(?:com )?(?:um |o |uma )?(?:robo|bot|maquina|chatbot)\b",
        r"\btem (?:alguem|algum atendente|alguma pessoa|algum humano)(?: ai| aqui| real| online| disponivel|"
        r" (?:para|pra|que) (?:me|falar)|$)",
        rf"\b{_PT_ARTICLE}(?:pessoa|humano|atendente|alguem) (?:para |pra |que )?(?:me |nos )(?:\w+"
        r" )?(?:atend\w+|ajud\w+|respond\w+|lig\w+)",
    )
)
_ALONE = frozenset(
    " ".join(words.split())
    for words in """
    persona | humano | asesor | asesora | agente | operador | operadora | persona real | agente real | ser
    humano | asesor humano | agente humano | un agente | un asesor | una persona | un humano | hablar con
    alguien | representante | ejecutivo | human | agent | person | representative | rep | operator | live
    agent | live chat | real person | a human | a person | an agent | human agent | customer service |
    customer support | advisor | someone real | speak to human | talk to human | live person | humano |
    atendente | pessoa | atendimento | pessoa real | um atendente | uma pessoa | um humano | falar com
    atendente | atendimento humano | operador humano | agente de atencion | servicio al cliente | atencion
    al cliente | sac
    """.split("|")
)
_POLITE = re.compile(
    r"\b(?:hola|oi|ola|hi|hello|hey|please|pls|plz|por favor|porfavor|porfa|favor|now|ya|ahora|agora|gracias"
    r"|thanks|obrigado|obrigada|buenas|buenos dias|bom dia|boa tarde|urgente|yes|si|sim|no|ok)\b"
)
_OTHERS = re.compile(
    # Someone else receives, picks up, is sent or given the goods: a question about delivery, not for us.
    r"\b(?:recib\w+|recoj\w+|recog\w+|retir\w+|receb\w+|receiv\w+|pick(?:ed)? (?:it )?up|collect\w*"
    r"|entreg\w+|regal\w+|gift\w*"
    r"|envi\w+|mand\w+|deliver\w*|ship\w*|send|busc\w+|presente|sign for)\b.*\b(?:otra persona|outra pessoa"
    r"|another person"
    r"|someone else|somebody else|other person|alguien mas|alguem)\b|\b(?:otra persona|outra pessoa|another"
    r" person|someone else"
    r"|somebody else|alguien mas)\b.*\b(?:recib\w+|recoj\w+|recog\w+|retir\w+|receb\w+|receiv\w+|pick"
    r"|collect\w*|sign|pag\w+|pay)"
)
_SPEAKS = re.compile(r"\b(?:habl\w+|fal(?:ar|o|em)|speak|talk|chat|convers\w+|comuni\w+)\b")


def asks_for_person(text: str) -> bool:
    """True when a person is asked for; "human" in a question on goods does not count."""
    plain = " ".join(re.findall(r"[^\W_]+", fold(text[:2000])))
    alone = " ".join(_POLITE.sub(" ", plain).split())
    if alone in _ALONE:
        return True
    if _OTHERS.search(plain) and not _SPEAKS.search(plain):
        return False
    return any(pattern.search(plain) for pattern in _ASKS)
