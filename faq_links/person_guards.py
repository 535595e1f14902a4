"""Where words for a person do not ask for one: in names of goods, refused, told of, asked what we are."""

from __future__ import annotations

import re

from faq_links.person_words import EN_ONE, ES_ONE, MACHINE, PT_ONE

_GOODS = re.compile(
    # English
    r"\b(?:(?:washing|sewing|coffee|espresso|rowing|ice|bread|popcorn|vending|fax|smoothie|embroidery|knitting"
    r"|cutting|label"
    r"|fog|bubble|dishwasher|drying) machines?|machine (?:wash\w*|gun|learning|screws?)"
    r"|(?:robot\w*|automatic\w*) (?:\w+ )?(?:vacuums?|mops?|mowers?|toys?|cleaners?|arms?|dogs?|watch\w*|feeders?"
    r"|doors?|costume"
    r"|kits?|chargers?|cookers?|umbrellas?|hoovers?)|(?:toy|dancing|pool|lawn|kitchen|window|cleaning|vacuum|mop)"
    r" robots?"
    r"|(?:cleaning|bonding|raising|release|wetting|foaming|setting|thickening|drying|estate|travel|secret|customs"
    r"|free"
    r"|bleaching|curing|gelling|whitening|descaling|anti \w+|sealing|oxidi[sz]ing|blowing|coating) agents?|agent"
    r" (?:orange|007)"
    r"|human (?:skin|use|hair|wig|body|anatomy|grade|skeleton|figure|made|touch|shaped|size|sized|like|skull|brain"
    r"|consumption|rights"
    r"|nature|bundles?)|human ?race|(?:real|live|human) (?:estate|leather|fur|gold|silver|plants?|trees?|christmas"
    r"|music|stream\w*"
    r"|wigs?|flowers?|silk|wood|hair|madrid|time|size)|contact lens\w*|contact (?:solution|grill|paper|adhesive|form)"
    r"|call of duty|customer service hours"
    r"|support (?:bras?|belts?|tights|pillows?|stockings?|socks?|cushions?|bands?|bars?|brackets?|bandages?"
    r"|insoles?|hours)"
    r"|(?:operators?|managers?|agents?|bosses|boss|supervisors?) (?:manual|chairs?|mugs?|badges?|uniforms?|gloves"
    r"|costume|license"
    r"|licence|helmet|jacket|hat|notebook)|(?:best|worlds best|greatest|number one) (?:boss|manager|teacher"
    r"|assistant)"
    r"|(?:window|file|password|task|project|download|fleet) manager|machine operator"
    r"|\d+ (?:person|people|personas|pessoas|man)|(?:one|two|three|four|six|single) (?:person|people|man) \w+"
    r"|(?:per|each) (?:person|customer|people|head)|people (?:carrier|mover)|talking (?:dolls?|toys?|parrot|\w+"
    r" toy|clock|book)"
    # Spanish
    r"|por personas?|por cabeza|para (?:\w+ )?personas|agentes? (?:limp\w+|desmoldante\w*|espumante\w*|quimic\w+"
    r"|blanqueador\w*"
    r"|secante\w*|aduanal\w*|inmobiliari\w+|desengrasante\w*|leudante\w*|sellador\w*|espesante\w*|oxidante\w*"
    r"|de (?:aduanas?|limpieza|viajes|bolsa|transito|policia|seguros))"
    r"|operador(?:a|es)? (?:movil\w*|movistar|claro|entel|bitel|wom|tigo|telcel|orange|vodafone|yoigo|de (?:grua"
    r"|maquinaria"
    r"|montacargas|camara)|logistic\w+)|robots? (?:de (?:cocina|piscina|juguete|limpieza|aspira\w+|cozinha)|aspira\w+"
    r"|lego|friegasuelos|limpia\w+|mascota|corta\w+|educativ\w+|cortacesped)|(?:disfraz|juguete|muneco|peluche) de"
    r" robot"
    r"|maquinas? de (?:\w+)|maquinilla\w*|(?:cuerpo|cabello|pelo|consumo|corpo|cabelo|craneo|cranio) human[oa]"
    r"|(?:lentes?|lentillas?) (?:de|para) (?:\w+ )?contact[oa]s?|liquido para (?:lentes|lentillas)"
    r"|(?:mejor|mejores|melhor|super) (?:jef[ea]|chefe|gerente|vendedor\w*|profe\w*)|(?:taza|regalo|caneca"
    r"|presente|detalle|libro"
    r"|livro|agenda) (?:del?|para|pra|pro|do|da) (?:el |la |mi |meu |minha |un |una |o |a )?(?:jef[ea]|chefe"
    r"|gerente|supervisor\w*"
    r"|asistente|secretaria|colega|companer[oa])"
    r"|guantes de operador\w*|alguien (?:mas|especial)|gente (?:mayor|grande)"
    # Portuguese
    r"|por pessoa|para (?:\w+ )?pessoas|\w+ pessoas|operadoras? (?:de (?:celular|telefon\w+|cartao|credito)|vivo"
    r"|tim|claro|oi)"
    r"|agentes? de limpeza|robos? (?:de (?:cozinha|piscina|brinquedo)|aspira\w+|limpa\w+|passa pano|cortador)"
    r"|(?:fantasia|brinquedo) de robo|automatic[oa]s? (?:de|para|feminin\w+|masculin\w+))\b"
)
_THEFT = re.compile(
    # Spanish "robó" and "robo": without an accent they read as the Portuguese bot.
    r"\b(?:((?:me|nos|se|l[aeo]s?|alguien|someone|(?:contra|hubo|report\w+|denunci\w+|sufri\w*|fue|seguro|caso)"
    r"(?: un| el| de| por| contra)?) )robo|robo(?= (?:el|la|los|las|mis?|una?|alguien) \w))\b"
)
_TALKING_GOODS = re.compile(
    r"\b(?:walkies?|talkies?|intercom|doorbell|monitor|headset|headphones?|earbuds?|microphone|smart ?watch|watch"
    r"|toys?|dolls?"
    r"|altavoz|bocina|alto falante|caixa de som|parrot"
    r"|translator|phrasebook|books?|course|radios?|app|phone|speaker|mic|camera|tablet|interfono"
    r"|telefonillo|timbre"
    r"|videoportero|portero|auriculares|audifonos|manos libres|microfono|reloj|juguete|muneca|muneco|libro|curso"
    r"|traductor|camara"
    r"|interfone|campainha|fones?|microfone|relogio|brinquedo|boneca|livro|eletronica|tradutor|celular|aparelho)"
    r"(?: (?!need|want|like|id|can|could|quiero|necesito|quero|preciso|queria|puedo|posso|let|broke\w*)\w+){0,3}?"
    r" (?:(?:to|for|that|which|lets?|letting|allow\w*|para|pra|que|con que|da|deja|permite|can|works)"
    r"(?: (?:\w+ )?(?:you|me|one|us|kids?|te|se|da|pra|for|to))?) ?(?:talk\w*|speak\w*|chat\w*|habl\w+|fal\w+"
    r"|convers\w+|call\w*"
    r"|llam\w+|lig\w+|contest\w+|answer\w*)\b"
    r"|\b(?:libro|livro|book|curso|course)\b.{0,20}\b(?:habl\w+|fal\w+|talk\w*|speak\w*)\b"
)
_NO_ONE = r"nadie|ninguem|nobody|anybody|anyone"
_REFUSED = re.compile(
    r"\b(?:no (?:necesito|quiero|busco|deseo|hace falta|es necesario|me (?:pases?|pasen|comunique\w*|transfier\w+))"
    r"|(?:dont|do not|rather not|prefer not to|didnt) (?:need|want|talk|speak|wish|transfer|connect|get)|no need"
    r" (?:for|to)"
    r"|rather not|without|hate|avoid|sin|sem|instead of|en vez de|em vez de"
    r"|nao (?:preciso|quero|precisa|me (?:passe|passa|transfira|transfere)|gosto de))\b(?: que)?"
    r"(?: (?!quiero|quero|necesito|preciso|prefier|prefir|want|need|get|give)\w+){0,4}?"
    r" (?:con |com |to |with |a |pra |para )?(?:una? |um |uma? |an? |ningun[ao]? |nenhum[ao]? |any |another |real "
    r"|human )*"
    rf"(?:{ES_ONE}|{EN_ONE}|{PT_ONE}|{_NO_ONE})\b"
)
_NOT_DENIED = re.compile(rf"\b(?:{MACHINE}|virtual|encontr\w+|find|get hold|reach|consigo|consig\w+)\b")
_DONE = (
    # What somebody did: the endings of the past, and the usual verbs without one.
    r"(?:(?!need|servicio|envio|precio|cambio|horario|anuncio|negocio|varios|medio)\w{2,}(?:io|aron|ieron|eron|aram|eram"
    r"|iram|ou|eu|iu|ed)|told|said|gave|sent|left|was|were|had|did|came|went|made|wrote|spoke|dijo|fue|era|dio|puso"
    r"|hizo|foi|disse|fez|deu|prometio|comento|soluciono|ayudo|informo|aseguro|confirmo|mando|explico|contesto|llamo"
    r"|dejo|entrego)"
)
_TOLD = re.compile(
    # What a person did or said before: praise, thanks, a promise.
    rf"\b(?:{ES_ONE}|{EN_ONE}s?|{PT_ONE}|companer[oa]s?|colega|colleagues?|chic[oa]|moc[oa]|senorita|guy|girl|lady"
    rf"|reps)"
    r"(?: (?:del? |do |da |of |on |in |at |from )(?:the |el |la |o |a |your |su |tu )?\w+)?(?: ya| ja| already| me"
    r"| nos| te| lo| la| le| o| se| muy| never| nunca| had| has| have| just| que| who| that| i spoke (?:to|with)){0,3}"
    rf" {_DONE}\b"
    r"|\b(?:ya|ja|already|ayer|ontem|yesterday)(?: \w+){0,2} (?:hable|falei|conversei|spoke|talked|chatted) (?:con"
    r"|com|to|with)\b"
    r"|\b(?:falei|conversei|spoke|talked|chatted) (?:con|com|to|with)\b|\bhable con(?: \w+){1,4} (?:ayer|antes|hoy"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b"
    rf"|\b(?:me|nos) {_DONE} (?:una? |uma? |el |la |o |a |su |tu |seu |sua )(?:{ES_ONE}|{PT_ONE})\b"
)
_SETTLED = re.compile(
    r"\b(?:ya|ja|all|already|lo|la)(?: \w+){0,2} (?:resolv\w+|solucion\w+|sorted|solved|fixed|listo|arreglo)\b"
    r"|\be resolveu\b|\by (?:lo )?(?:resolvio|soluciono|quedo)\b|\b(?:helped|sorted|fixed)\b.*\bthank|\bthank\w*\b.*"
    r"\b(?:helped|sorted|fixed)\b|^(?:gracias|obrigad[oa]|valeu|thanks|cheers)\b(?!.*\b(?:no|nao|not|pero|mas|but)\b)"
)
_WISH = re.compile(
    r"\b(?:quiero|quisiera|necesito|dame|deme|pas[ae]\w*|comuni\w+|transf\w+|deriv\w+|conect\w+|chama\w*|pueden?|puedes|podria\w*|otr[oa]|exijo|quero|queria|preciso|passa"
    r"|podem?"
    r"|outr[oa]|want|need|can i|could i|let me|get me|put me|another|again|please|pls|favor|porfa)\b"
)
_ROLE = (
    r"(?:agent|advis[eo]r|representative|rep|reseller|operator|manager|agente|asesora?|representante|vendedora?"
    r"|consultora?|ejecutiv[oa]|distribuidora?|revendedora?|operadora?|gerente|atendente|promotora?)s?"
)
_JOBS = re.compile(
    rf"\b(?:become|becoming|be|(?<!precisa )(?<!que )ser|volverme|hacerme|virar|me tornar) (?!atend)(?:\w+ )?"
    rf"(?:\w+ )?{_ROLE}\b"
    rf"|\b(?:job|jobs|hiring|vacanc\w+|vacantes?|empleo|vagas?|trabaj(?:ar|o)|trabalh(?:ar|o)|commission|comision"
    rf"|comissao)\b.*\b{_ROLE}|\b{_ROLE} (?:wanted|commission|job|vacanc\w+)\b"
    # Who or what else needs somebody: the shop, its goods.
    rf"|\b(?:do|does|did) (?:you|it|i|we|they|u)(?: \w+)? (?:need|require|want)(?: \w+)? {_ROLE}\b"
    rf"|\b(?:voces|vcs|ustedes|vosotros)(?: estao| estan)? (?:precis\w+|necesit\w+|busc\w+)(?: \w+)?"
    rf" (?:gente|{_ROLE})\b"
)
_ASKS_WHAT = re.compile(
    r"^(?:\w+ ){0,2}?(?:is (?:this|it|that)|are (?:you|u)|r u|am i (?:talking|speaking|chatting) (?:to|with)|eres"
    r"|es esto"
    r"|esto es|es usted|estoy hablando con|voce e|vc e|isso e|isto e|(?:estou|to) falando com|tou a falar com)"
    rf" (?:an? |un |una |um |uma |so |just )?{MACHINE}(?: or \w+(?: \w+)?| o \w+(?: \w+)?| ou \w+(?: \w+)?)?$"
)


def leave_out_goods(plain: str) -> str:
    """`plain` without names of goods that hold such words: a "cleaning agent", a "robot vacuum"; a theft is told
    as one."""
    return _THEFT.sub(r"\1stolen", _GOODS.sub(" ", plain))


def leave_out_refused(plain: str) -> str:
    """`plain` without the person it does not want; who wants no machine refuses none."""
    refused = _REFUSED.search(plain)
    if refused is None or _NOT_DENIED.search(refused.group()):
        return plain
    return plain[: refused.start()] + " " + plain[refused.end() :]


def is_told(plain: str) -> bool:
    """True when it tells of a person met before and wishes for none now."""
    return _TOLD.search(plain) is not None and bool(_SETTLED.search(plain) or not _WISH.search(plain))


def is_about_talking_goods(plain: str) -> bool:
    """True for "a doorbell that lets me talk to somebody"."""
    return _TALKING_GOODS.search(plain) is not None


def is_about_jobs(plain: str) -> bool:
    """True for "how do I become an agent of yours" and "do you need agents"."""
    return _JOBS.search(plain) is not None


def asks_what_we_are(plain: str) -> bool:
    """True for "is this a bot"."""
    return _ASKS_WHAT.search(plain) is not None
