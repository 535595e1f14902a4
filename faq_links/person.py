"""Recognises that a shopper asks for a person, in Spanish, English and Portuguese."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq_links.callbacks import wants_call
from faq_links.despair import is_in_despair
from faq_links.ear import SURE, hear_person
from faq_links.folding import fold
from faq_links.person_frames import find_frame
from faq_links.person_guards import (
    asks_what_we_are,
    is_about_jobs,
    is_about_talking_goods,
    is_told,
    leave_out_goods,
    leave_out_refused,
)
from faq_links.person_words import AROUND, EN_ONE, ENOUGH, ES_ONE, HINTS, MACHINE, NAMES, PT_ONE, STRONG
from faq_links.situation_space import load_space
from faq_links.small_talk import is_small_talk

_ABOUT_US = re.compile(
    r"^(?:\w+ )?(?:are|r) (?:you|u)|^(?:you|u|am i|is this|is it|is that|who|sos|eres|es usted|esto es|isso e|isto e"
    r"|tu es|voce e|vc e|estoy"
    r" hablando|(?:estou|to|tou|tava) falando)\b"
)

_EN_ANY = r"(?:any ?(?:one|body)|some ?(?:one|body))"
_ES_ARTICLE = r"(?:un[oa]?s? |el |la |algun[oa]? |otr[oa] )?(?:de (?:tus|sus|los) )?"
_EN_ARTICLE = (
    r"(?:to |with )*(?:an? |the |some |your |one of your )?"
    r"(?:real |live |actual |human |support |sales |customer service |customer support |service )*"
)
_EN_STRICT = r"(?:person|human(?: being)?|agent|representative|rep|operator|advis[eo]r|supervisor|manager)"
_EN_ME = r"(?: (?:me|us|my call|this|directly|through|over|in touch|now))*"
_ONE = (
    r"(?:person|human|agent|representative|rep|operator|advis[eo]r|supervisor|manager|persona|humano|asesora?|agente"
    r"|operadora?|ejecutiv[oa]|vendedora?|encargad[oa]|pessoa|atendente|gerente|responsavel)"
)
_NEXT = r"(?:for|para|pra|to|and|y|e|please|pls|por|porfa\w*|favor|now|ya|ja|but|pero|mas|no|nao)\b"
_PT_ARTICLE = r"(?:um[a]? |o |a |alguma? |outr[oa] )?"

_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        # Spanish
        rf"\b(?:comuni\w+|pas[aeo]\w*|transfi\w+|conect\w+|pon\w*|deriv\w+|remit\w+) (?:\w+ )?(?:con|a)"
        rf" (?:un[oa]? |el |la |algun[oa]? )?{ES_ONE}\b",
        r"\b(?:atencion|asistencia|ayuda|soporte|agente|asesor|operador|trato|contacto) (?:de un"
        r" )?(?:human[oa]|personal(?:izada)?|real|en vivo)\b",
        rf"\b(?:atiend\w+|atender|ayud\w+|respond\w+|contest\w+|llam\w+) {_ES_ARTICLE}(?:persona|humano"
        r"|asesora?|agente|operadora?|alguien)\b",
        r"\b(?:persona|gente|alguien|humano|agente) (?:real|de verdad|de carne y hueso)\b",
        # English
        rf"\b(?:put|get|pass|refer|switch|direct|hand|reach|contact){_EN_ME} ?{_EN_ARTICLE}{_EN_STRICT}\b"
        r"(?! (?:name|els|s |size|hair|hand|foot))",
        r"\b(?:want|need|prefer|would like|give me|id like|can i have|may i have|get me|i d like|call"
        rf"|request\w*|looking for) {_EN_ARTICLE}(?:person|human(?: being)?|agent|representative|rep"
        r"|operator|advis[eo]r)\b(?! (?:hair|size|hand|foot|orange|for wood))",
        r"\b(?:real|live|actual|human) (?:person|human|agent|people|being|representative|rep|support"
        r"|operator|advis[eo]r|chat agent|assistance|help|assistant)\b",
        r"(?<!\bim )(?<!\bam )(?<!\bsou )(?<!\bsoy )\b(?:not|no|dont want|stop|hate|tired of|sick of) (?:to"
        r" )?(?:(?:talk|speak|chat)\w* )?(?:to |with )?(?:an? |the |this |your )?(?:bots?|robots?|machine"
        r"|chatbots?|ai|automated)\b",
        r"\bcustomer (?:service|support|care) (?:agent|representative|rep|person|to call)\b",
        # Portuguese
        r"\b(?:fal\w+|convers\w+|contat\w+|comunic\w+|tecl\w+|chat\w*)(?: \w+)? (?:com|a)"
        rf" {_PT_ARTICLE}{PT_ONE}\b",
        r"\batend(?:imento|ente) (?:de )?(?:human[oa]|pessoal|real|por humano|ao vivo)\b",
        rf"\b(?:quero|preciso(?: de)?|gostaria de|queria|prefiro|desejo|me da) {_PT_ARTICLE}(?:pessoa|humano"
        r"|atendente|agente|operadora?|representante|atendimento humano|suporte humano)\b(?! de limpeza)",
        r"\b(?:pessoa|alguem|gente|humano|atendente) (?:real|de verdade|de carne e osso)\b",
        r"\btem (?:alguem|algum atendente|alguma pessoa|algum humano)(?: ai| aqui| real| online| disponivel|"
        r" (?:para|pra|que) (?:me|falar)|$)",
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
    al cliente | sac | chat en vivo | chat ao vivo | chat humano
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
    r"|\b(?:surpris\w+|sorpres\w+|sorprend\w+|surpres\w+|surpreend\w+|detalle|gifts?|presents?|presentear|regalos?"
    r"|regalar\w*"
    r"|dar(?:le|lhe)|buy|something|algo)\b(?: \w+){0,5} (?:a |para |pra |for |to )?(?:alguien|alguem|someone"
    r"|somebody)\b"
    r"(?! (?:que|who|to|real|me|on|please|pls|now|from|there|here)\b)"
    r"|\b(?:someone|somebody|alguien|alguem|uma pessoa|una persona) (?:who|that|que) (?!is ?n?t? not|isnt)"
    r"(?:\w+ )?(?:likes?"
    r"|loves?|enjoys?|hates?|has"
    r"|is|wears?|sleeps?|gusta|gosta|ama|adora|encanta|tiene|tem|usa|sufre|sofre|duerme|dorme|mide|viaja)\b"
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
    r"\b(?:have|has|need|needs) to be (?:home|there|present|in)\b|\bstolen\b|\b(?:atendente|asesora?|agente?|rep|staff"
    r"|chica|moca|funcionari[oa]|vendedora?) (?:foi|fue|era|was|were|que me aten\w+|never|promised)\b"
)
_SPEAKS = re.compile(r"\b(?:habl\w+|fal(?:ar|o|em?|asse)|speak|talk|chat|convers\w+|comuni\w+)\b")
_MORE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{ENOUGH}(?: \w+){{0,3}} {MACHINE}(?: (?:answers?|repl\w+|respon\w+|messages?))?(?=$| (?:please|pls|no"
        rf"|nao|i|we|y|e|and"
        r"|quiero|quero|necesito|preciso|get|give|let|me|por|porfa\w*|now|ya|ja|just|can|could|human\w*|person\w*"
        r"|pessoa|agent\w*"
        r"|atendente|thanks|gracias|obrigad[oa]|want|need|real|una?|um|uma|here|aqui|already|anymore)\b)",
        r"\b(?:automated|automatic|canned|automaticas?) (?:answers?|repl\w+|respon\w+|respuestas?)"
        r"|respuestas automaticas"
        r"|respostas automaticas",
        r"\b(?:(?:put|putting|patch) (?:me|us)|be put) through\b|\btake over (?:from|here|this)\b|\bderiv(?:ar|en|an"
        r"|e)(?:me)?\b"
        r" (?:con|a|al)\b|\b(?:deriv(?:ar|en|e)|encaminh(?:ar|a|em))me\b",
        r"\b(?:transfer|connect|patch|forward) me(?=$| (?:please|pls|now|to|with|through|over|asap|directly"
        r"|straight|already)\b)"
        r"(?!.*\b(?:wifi|wi fi|bluetooth|internet|my (?:email|mail)|money|points|balance|order|account to|down"
        r"|off)\b)",
        r"\b(?:transfieran?me|transfiereme|transfireme|comuniqu?enme|comuniqueme|comunicame|me comunicas?"
        r"|me comunicam"
        r"|pasenme(?= con| ya|$)|derivame|me transfere|me transfira|transfere pra|transfira para)\b",
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
        r"\b(?:who|that|which|quien|que|quem) (?:is ?nt|isnt|is not|arent|are not|no (?:es|sea|son)|nao (?:e|seja))"
        rf" (?:an? |un |una |um |uma |this )?{MACHINE}",
        rf"\b{_EN_ANY} (?:\w+ ){{0,2}}(?:there|here|around|about|in(?= now| today| yet|$)|available|online|home)\b"
        r"(?! (?:who|that|has|have|ha|the|my|this|your|need|needed|stock|bought|got|with|wear\w*|\w+ed)\b)",
        rf"\b(?:revis\w+|analis\w+|resolv\w+|ver|mirar|olhar|atendid\w+|tratar|cuidar)(?: \w+){{0,4}} (?:con|por"
        rf"|com) (?:un |una"
        rf" |um |uma |algun |alguno de |um dos (?:seus |teus )?)?(?:{ES_ONE}|{PT_ONE}|colegas?|companer[oa]s?"
        rf"|coleguas?)\b",
        r"\bescalat(?:e|ed|ing|ion)\b(?! (?:price|cost))|\bescal(?:ar|en|em|a) (?:mi|o meu|meu|este|esto|isso|el"
        r"|la) \w+",
        r"\b(?:hand|pass|send|forward|give) (?:me|this|it|us|my \w+)(?: \w+)? to (?:one of )?(?:your|ur|the|an?"
        r"|some)(?: \w+)?"
        r" (?:staff|team|colleagues?|manager|supervisor|person|human|people|agents?|reps?|advis[eo]rs?)\b",
        r"\b(?:deal|discuss|talk|sort|chat|do)(?: \w+){0,3} with (?:an? |the |your |some |one of your )?(?:actual "
        r"|real )?(?:person"
        r"|human|people|colleagues?|manager|staff|somebody|someone)\b",
        r"\b(?:habl\w+|fal\w+|speak|talk|chat\w*)(?: (?:con|com|to|with))(?: (?:el|la|los|o|a|os|the|your|ur|su|tu))*"
        r" (?:area|departamento|department|soporte|suporte|ventas|vendas|sales|billing|accounts|complaints|returns"
        r"|head office"
        r"|management|warehouse|atencion|atendimento|servicio|servico|sac|equipo|equipe|setor|financeiro"
        r"|administracion|call center"
        r"|tienda|central)\b(?! about)",
        r"\b(?:alguien|alguem|any ?(?:one|body)|some ?(?:one|body)) (?:\w+ )?(?:lee|leyendo|lendo|listening"
        r"|reading|answering"
        r"|atendiendo|atendendo|contesta|responde|responds|replies)\b",
        # The telephone's "press 0"; a "marca 0 azúcar" and a size 0 for children are goods.
        r"\b(?:press(?:ing)?|presion\w+|puls(?:a|e|o|ar|en|an|ando)"
        rf"|(?:(?<!la )(?<!una )(?<!a )(?<!uma )marca|marc(?:o|ar|an|ue|uen)"
        rf"|apert[aeo]\w{{0,2}})(?= (?:0|zero|cero)(?:$| {_NEXT}))) (?:0|zero|cero)\b",
        rf"(?<!size )(?<!talla )(?<!tamanho )\b(?:0|zero|cero) (?:for|para|pra) (?:(?:an?|una?|uma?|el|la|o|the) )?"
        rf"(?:{_ONE}|(?:customer )?(?:service|support)|atencion|atendimento)"
        rf"(?=$| {_NEXT})",
        r"^(?:\w+ ){0,2}(?:me (?:pueden? |podria[ns]? |podem? )?(?:atend|atiend)(?:a[mns]?|e[mns]?|er)"
        r"|(?:pueden?|podria[ns]?|podem?) atender ?(?:me|nos)|(?:atiend|atend)(?:an?|am)(?:me|nos)?)"
        r"(?: (?:por|favor|porfa|please|ya|ja|agora|logo|alguien|alguem))*$",
        r"\b(?:contar|explicar|exponer|explain)\w*(?: \w+){0,4} (?:a|pra|para|to) (?:una |uma |an? )?(?:real )?"
        r"(?:persona|pessoa|person|alguien|alguem|someone|somebody|human\w*|agente?|asesora?|atendente)\b"
        r"(?! (?:que|who|with|com|con)\b)",
        rf"\bcham\w+ (?:uma? |o |a |seu |sua |alguma? ){PT_ONE}\b",
        rf"\bcall in (?:an? |the |your |one of your )?{EN_ONE}\b",
        r"\b(?:quero|preciso|queria|fal\w+|chama|passa\w*|lig\w+)\b.{0,15}\bsac\b",
        r"\b(?:quiero|necesito|solicito|quero|queria|preciso(?: de)?|gostaria de) (?:la |o |um |una )?"
        r"(?:atencion|atendimento)$",
        r"\b(?:quiero|necesito|solicito|quero|preciso(?: de)?) (?:soporte|suporte)(?: (?:por favor|ya|agora|ahora))?$",
        r"\b(?:quiero|necesito|quisiera|exijo|quero|preciso|gostaria de)"
        r"(?: que me (?:atiend|atend)\w+| ser atendid\w+)",
        rf"(?:^|(?<!para )(?<!pra )(?<!for )(?<!de )\b(?:an?|una?|uma?|otr[oa]|another|real|live) )"
        rf"{_ONE} (?:please|pls|por favor|porfa\w*|favor)\b",
        r"^(?:\w+ ){0,2}(?:estan|siguen|estao|tao) (?:ahi|ai)$",
        # One of your opticians, whatever they are called.
        r"\b(?:speak|talk|chat|call|word|appointment)(?: \w+){0,3} (?:with|to|from) (?:one|any|some) of (?:your|ur)"
        r" (?!products|sizes|models|brands|stores|shops|bots)\w+s\b",
        r"\b(?:hablar|hable|llam(?:e|en|ada)|cita|minut\w+|charl\w+|platic\w+)(?: \w+){0,3} (?:con|de)"
        r" (?:un[oa]|algun[oa]?) de (?:sus|tus|vuestr[oa]s)"
        r" (?!productos|modelos|tiendas|marcas|tallas|pedidos|bots)\w+s\b",
        r"\b(?:fal(?:ar|o|e|aria)|convers(?:ar|e|o)|ligacao|minut\w+|palav\w+|aguard\w+)(?: \w+){0,3} (?:com|de|por)"
        r" (?:um|uma|algum|alguma) (?:dos|das) (?:seus|suas|voss[oa]s|teus)"
        r"(?! produtos| modelos| lojas| marcas| pedidos| robos)\b",
        r"\b(?:speak\w*|talk\w*|solve|sort|deal|habl\w+|charl\w+|arregl\w+|resolv\w+|fal(?:ar|o|e|amos)|convers\w+)"
        r"(?: \w+){0,3} (?:person to person|de persona a persona|de pessoa (?:para|pra|a) pessoa)\b"
        r"|\b(?:person|human|someone|somebody) (?:on|at) the other (?:end|side)\b"
        r"|\b(?:people|humans|persons|team) behind (?:the|this) (?:bot|chat ?bot|chat|screen)\b",
        r"\b(?:get|need|want|have|assign\w*|speak\w*|talk\w*)(?: (?:to|with|me|us))* (?:an?|my|our|your)"
        r" account manager\b"
        r"|\b(?:gerente|gestor|gestora|asesor|asesora|ejecutivo|executivo) de (?:mi |minha |nossa )?"
        r"(?:cuentas?|contas?)\b(?=.*\b(?:habl\w+|fal\w+|llam\w+|comigo|conmigo)\b)",
        r"\b(?:try|prefer|bring)(?: (?!to\b)\w+){0,2} (?:a|an actual|a real) (?:person|human)\b"
        r"(?! (?:size|hair|with|who))",
    )
)
_SHORT = dict(
    pair.split("=")
    for pair in (
        "speek=speak spk=speak spik=speak tlk=talk tok=talk giv=give cn=can wana=want wanna=want ur=your"
        " sum1=someone"
        " some1=someone ppl=people 2=to c=com plis=please plz=please pls=please pf=favor porfis=favor"
        " porfi=favor xfis=favor cn=con kon=con ke=que cmg=comigo kero=quero kro=quero qro=quero presiso=preciso"
        " fla=fala flr=falar hlp=help"
        " qero=quero wnt=want wth=with xfavor=favor pfv=favor"
        " pfvr=favor xfa=favor"
        " nesesito=necesito nececito=necesito qiero=quiero kiero=quiero ablar=hablar umano=humano"
        " acesor=asesor vdd=verdade"
        " sevice=service srvice=service custmer=customer costumer=customer baat=talk karao=talk karwao=talk"
    ).split()
)
_LONGEST_SPELT = 14
_SURER, _NEVER = 2.2, 99.0
_CLAUSE = re.compile(r"[.!?;,\n…]+")


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
    " perdon perdao asistente assistente funcionar funciona encargar encargo encargue stuff"
    " asesoria agencia vendedores pessoal moco humor manages managed personas pearson consultoria consultorio".split()
)


def _is_all_about_persons(words: list[str]) -> bool:
    """Few words, all of the vocabulary of asking for a person, a strong one among them; one may be a slip."""
    if len(words) > 14 or STRONG.isdisjoint(words):
        return False
    others = [place for place, word in enumerate(words) if word not in NAMES and word not in AROUND]
    if not others:
        return True
    return len(others) == 1 and len(words) > 2 and _is_slip(words[others[0]]) and not _has_owner(words[others[0] + 1 :])


def _is_slip(word: str) -> bool:
    """A short word that no shopper used twice: a slip of the thumb."""
    return word.isalpha() and len(word) < 8 and not any(word in words for words in load_space().met_often.values())


def _has_owner(words: list[str]) -> bool:
    """Whether a word is followed by whose it is: the badge "of" a supervisor."""
    return bool(words) and words[0] in ("de", "do", "da", "del", "para", "pra", "pro", "for", "of")


def _is_alone(plain: str) -> bool:
    return " ".join(_POLITE.sub(" ", plain).split()) in _ALONE


def _read_words(text: str) -> list[str]:
    typed = re.findall(r"[^\W_]+", fold(text))[:200]
    return [_mend(_SHORT.get(word, word)) for word in typed]


def asks_for_person(text: str) -> bool:
    """True when a person, or a person's call, is asked for; "human" in a question on goods does not count. True
    also for who no longer wants to live.
    """
    text = text[:2000]
    clauses = [" ".join(_read_words(clause)) for clause in _CLAUSE.split(text, maxsplit=40)]
    plain = " ".join(filter(None, clauses))
    if is_in_despair(plain):
        return True
    if any(map(_is_alone, clauses)) or _is_alone(plain):
        return True
    if wants_call(plain):
        return True
    wished = leave_out_goods(plain)
    plain = " ".join(filter(None, (leave_out_refused(leave_out_goods(clause)).strip() for clause in clauses)))
    framed = find_frame(plain) is not None
    if _OTHERS.search(plain) and not framed and not _SPEAKS.search(plain):
        return False
    words = plain.split()
    if is_about_jobs(plain) and not _SPEAKS.search(plain):
        return False
    if _is_all_about_persons(words) and not _ABOUT_US.search(plain):
        return True
    if is_told(plain) or is_about_talking_goods(plain):
        return False
    if framed or any(pattern.search(plain) for pattern in (*_ASKS, *_MORE)):
        return True
    if is_small_talk(text) or asks_what_we_are(plain):
        return False
    refused = plain.split() != wished.split()
    return hear_person(plain if refused else text) > _how_sure(plain, refused)


def _how_sure(plain: str, refused: bool) -> float:
    """Log odds from which the ear is believed: more where little else speaks for a wish."""
    if (_FOR_SOMEONE.search(plain) or _OF_SOMEONE.search(plain)) and not _SPEAKS.search(plain):
        return _NEVER
    if refused or _HINTS.isdisjoint(plain.split()):
        return _SURER
    return SURE
