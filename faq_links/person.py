"""Recognises that a shopper asks for a person, in Spanish, English and Portuguese."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq_links.ear import SURE, hear_person
from faq_links.person_words import AROUND, ENOUGH, HINTS, MACHINE, NAMES, STRONG
from faq_links.small_talk import talks_about_us
from faq_links.words import fold

_ABOUT_US = re.compile(
    r"^(?:\w+ )?(?:are|r) (?:you|u)|^(?:you|u|am i|is this|is it|who|sos|eres|es usted|voce e|estoy"
    r" hablando|estou falando)\b"
)

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
_FOR_SOMEONE = re.compile(
    r"\b(?:para|pra|for|of|de|per|por|a nombre|em nome|transf\w+ (?:o|el|la|the|my|mi|meu) \w+ (?:to|a"
    r"|para|pra)) (?:de "
    r"|un |una |uma |um |a |an |the |la |el )?(?:otra |outra |another |different |other )?(?:persona"
    r"|pessoa|person|people"
    r"|personas|pessoas|someone|somebody|alguien|alguem)\b(?! (?:real|que me|que te|humana|de verdad|to"
    r" talk|to speak|who))"
)
_OF_SOMEONE = re.compile(
    r"\b(?:have|has|need|needs) to be (?:home|there|present|in)\b|\b(?:atendente|asesora?|agente?|rep|staff|chica|moca"
    r"|funcionari[oa]|vendedora?) (?:foi|fue|era|was|were|que me aten\w+|never|promised)\b"
)
_GOODS = re.compile(
    r"\b(?:human (?:hair|wig|body|anatomy|grade|skeleton|figure|made)|cleaning agents?|real estate"
    r"|agentes? (?:de )?limp\w+|(?:operator|manager|agent)s? (?:manual|chair|mug|badge|uniform)|cuerpo humano"
    r"|corpo humano|cabello humano"
    r"|pelo humano|cabelo humano|consumo humano)\b"
)
_SPEAKS = re.compile(r"\b(?:habl\w+|fal(?:ar|o|em)|speak|talk|chat|convers\w+|comuni\w+)\b")
_MORE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{ENOUGH}(?: \w+){{0,3}} {MACHINE}(?: (?:answers?|repl\w+|respon\w+|messages?))?\b",
        rf"\b(?:stupid|useless|dumb|damn|bloody|pinche|maldit[oa]|estupid[oa]) {MACHINE}\b",
        rf"\b{MACHINE} (?:is|es|e|esta|sos|eres) (?:so |muy |muito )?(?:useless|stupid|dumb|inutil"
        rf"|rubbish|burro|no sirve)",
        r"\b(?:automated|automatic|canned|automaticas?) (?:answers?|repl\w+|respon\w+|respuestas?)"
        r"|respuestas automaticas"
        r"|respostas automaticas",
        r"^(?:please |pls |just |can you |could you |now )*(?:transfer|connect|escalate|patch|forward)(?:"
        r" me| us)?(?: please"
        r"| pls| now| through| over)*$",
        r"\b(?:transfer|connect|patch|forward) me\b(?!.*\b(?:money|points|balance|order|account to|down"
        r"|off)\b)",
        r"\b(?:transfieran?me|transfiereme|transfireme|comuniqu?enme|comuniqueme|comunicame|me comunicas?"
        r"|me comunicam"
        r"|pasenme|derivame|me transfere|me transfira|transfere pra|transfira para)\b",
        r"\b(?:one|some|any)(?:one|body)? of (?:you|your|ur) (?:people|team|guys|staff|colleagues"
        r"|lot)\b.*\b(?:talk|chat|speak"
        r"|help|read|call)|\b(?:talk|speak|chat|discuss)\b.{0,40}\b(?:one of (?:you|your|ur)|colleague"
        r"|your (?:team|staff"
        r"|people|manager|boss|supervisor)|somebody|someone)\b",
        r"\b(?:sombody|somebody|someone|anyone|anybody|colleague|person|human)\b.{0,30}\b(?:chat|talk"
        r"|speak|attend|reply|answer"
        r"|read (?:this|my|it))\b(?! for| about the)",
        r"\b(?:living|real|actual|live|breathing|proper|flesh and blood) (?:person|human|one|being|people"
        r"|agent|operator)\b"
        r"(?! size| hair)",
        r"\b(?:tem|hay|hai) (?:\w+ ){0,2}(?:gente|chica|chico|persona|pessoa|humano|humana|alguem|alguien"
        r"|asesor|atendente"
        r"|vendedor\w*|mo[cs][ao])\b.{0,25}\b(?:atend\w+|contest\w+|respond\w+|ajud\w+|ayud\w+"
        r"|conectad\w+|online|linea)",
        r"\b(?:pasame|paseme|pasenme|ponme|poneme|ponganme|me passa|me passe|passa pra|chama|chame)\b"
        r" (?:con |a |um |uma |un "
        r"|una |pra |o |el |la )*\w*(?:asesor|humano|persona|pessoa|pibe|chica|senorita|moca|moco"
        r"|supervisor|encargad"
        r"|gerente|jefe|chefe|atendente|alguien|alguem|companer)",
        r"\b(?:moca|moco|senorita|chica|persona|pessoa|alguien|alguem|humano)\b.{0,30}\bme (?:lig\w+"
        r"|llam\w+|atend\w+|atiend\w+"
        r"|contest\w+|ayud\w+|ajud\w+)",
        r"\b(?:speak|talk|chat) (?:to|with) (?:customer|support|service|sales|human|manager|ur|your"
        r"|the)\b(?! about)",
        r"\bpress(?:ing)? 0\b|\b0 para (?:operador|un)",
    )
)
_SHORT = dict(
    pair.split("=")
    for pair in (
        "speek=speak spk=speak spik=speak tlk=talk tok=talk giv=give cn=can wana=want wanna=want ur=your"
        " sum1=someone"
        " some1=someone ppl=people 2=to c=com plis=please plz=please pls=please xfavor=favor pfv=favor"
        " pfvr=favor xfa=favor"
        " nesesito=necesito nececito=necesito qiero=quiero kiero=quiero ablar=hablar umano=humano"
        " acesor=asesor vdd=verdade"
        " sevice=service srvice=service custmer=customer costumer=customer baat=talk karao=talk karwao=talk"
    ).split()
)
_LONGEST_SPELT = 14


@lru_cache(maxsize=20_000)
def _mend(word: str) -> str:
    """A misspelt word for a person as it is written: "agnt", "huamn", "asesr"."""
    if word in NAMES or word in AROUND or not 4 <= len(word) <= _LONGEST_SPELT or word in _REAL_WORDS:
        return word
    found = process.extractOne(word, _SPELLED, scorer=OSA.distance, score_cutoff=1 if len(word) < 9 else 2)
    return word if found is None or found[0][0] != word[0] else str(found[0])


_HINTS = NAMES | HINTS
_SPELLED = sorted(word for word in NAMES if len(word) > 4 and word != "insaan")
_REAL_WORDS = frozenset(
    "agenda argent vendor vender women humane humano moda personal gentle gentil bosses operate"
    " asesoria agencia vendedores pessoal moco humor manages managed personas pearson consultoria consultorio".split()
)


def _is_all_about_persons(words: list[str]) -> bool:
    """Few words, all of the vocabulary of asking for a person, a strong one among them."""
    if len(words) > 14 or STRONG.isdisjoint(words):
        return False
    return all(word in NAMES or word in AROUND for word in words)


def asks_for_person(text: str) -> bool:
    """True when a person is asked for; "human" in a question on goods does not count."""
    typed = re.findall(r"[^\W_]+", fold(text[:2000]))[:200]
    words = [_mend(_SHORT.get(word, word)) for word in typed]
    plain = " ".join(words)
    alone = " ".join(_POLITE.sub(" ", plain).split())
    if alone in _ALONE:
        return True
    if _OTHERS.search(plain) and not _SPEAKS.search(plain):
        return False
    if _is_all_about_persons(words) and not _ABOUT_US.search(plain):
        return True
    if any(pattern.search(plain) for pattern in (*_ASKS, *_MORE)):
        return True
    if talks_about_us(text) or _GOODS.search(plain):
        return False
    if (_FOR_SOMEONE.search(plain) or _OF_SOMEONE.search(plain)) and not _SPEAKS.search(plain):
        return False
    return not _HINTS.isdisjoint(words) and hear_person(text) > SURE
