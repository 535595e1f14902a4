"""Hears that a shopper wants to be called or contacted: a call is a person's."""

from __future__ import annotations

import re

_ANYONE = (
    r"(?:some ?one|some ?body|any ?one|any ?body|you|u|yall|they|staff|colleagues?|manager|agent|rep|team|person"
    r"|human"
    r"|expert|specialist)"
)
_CALLS = tuple(
    re.compile(pattern)
    for pattern in (
        # English
        r"\b(?:call|phone|ring|buzz|telephone|dial)(?: up)? (?:me|us)(?: (?:back|up))?\b"
        r"(?! (?:crazy|names|old|mad|a (?:liar|fool)|when (?:it|the|my|ur|your|ready|there|here|out)|once|if (?:it"
        r"|the|my)"
        r"|before|upon|on arrival|as soon as (?:it|the|my)))",
        r"\b(?:call|ring|phone) ?backs?\b(?! (?:url|function|api|hell|pain))",
        r"\b(?:give|giv|gimme|drop|shoot) ?(?:me |us )?(?:a )?(?:quick |little )?(?:call|ring|bell|buzz|tinkle)\b",
        r"\bcall (?:my|on my|at my|on this|this|me on|on) (?:\w+ )?(?:line|number|no|phone|mobile|cell|landline"
        r"|\d+)\b",
        r"\b(?:request\w*|book|schedule|arrange|prefer|expect\w*|waiting (?:for|on)|want|need|like)"
        r"(?: (?:a|your|the|ur|some|one))?(?: phone| voice| return| quick)? call\b(?! of| (?:cent|button|log))",
        r"\b(?:phone )?call (?:request\w*|please|pls|plz)$",
        rf"\b{_ANYONE}(?: \w+){{0,5}} (?:call|ring|phone|contact|get back to|get in touch with|reach out to|buzz)"
        r" (?:me|us|my)\b",
        r"\b(?:(?:contact|reach out to) me|(?:please|pls|kindly) contact us)(?! form| page)\b|\bhit me up\b",
        r"(?<!\bi )(?<!\bto )\b(?:call|ring|phone|contact)(?: \w+){0,4} \d{6,}\b|\b(?:please|pls|plz|kindly)"
        r" (?:call|ring|phone)$",
        r"\bget (?:back to|in touch with) (?:me|us)\b",
        r"\b(?:do|have|get|book|arrange|want|like)(?: \w+){0,3} (?:video ?calls?|video ?chats?)(?: \w+){0,2} (?:with"
        rf"|to) (?:(?:an?|your|one of your) (?:sales ?(?:person|man|woman|rep)|{_ANYONE})|some ?(?:one|body))\b",
        # Spanish
        r"\b(?:(?:l|y)lam(?:a|e|en|ad|ar)|yam(?:a|e|en|ar)|marqu?(?:a|e|en|ar)|telefone(?:a|e|en|ar)"
        r"|contact(?:a|e|en|ad|ar)|ubiqu(?:e|en)|localic(?:e|en))(?:me|nos)\b",
        r"\bme (?:l?lam(?:as|an|ais)|marcan|marcas|contactan|telefonean|timbran)\b",
        r"\b(?:me|nos) (?:pued\w+|podr\w+|pod\w+is|deberia\w*|quieren|van a) (?:\w+ )?(?:llamar|marcar|telefonear"
        r"|contactar|devolver la llamada|dar (?:una|un) (?:llamad\w+|toque|telefonazo))\b",
        r"\b(?:que|alguien|asesor\w*|vendedor\w*|persona)(?: \w+){0,4} (?:me|nos) (?:llam(?:e|en|a|an)|marque\w*"
        r"|contact\w+|telefone\w+)\b",
        r"\bdevuelv\w+ (?:\w+ )?llamad\w+|\b(?:solicit\w+|pedir|pido|agendar?|program\w+|quiero|quisiera|espero"
        r"|necesito|prefiero)(?: que me hagan)? (?:una? |tu |su |vuestra )?(?:llamad\w+|telefonazo|timbrazo)\b(?!"
        r" perdida)",
        r"\b(?:denme|dame|deme|me dan|me das|darme|hagan?me|hazme|echen?me|echame|pegu?en?me|pegame) una?"
        r" (?:llamad\w+|telefonazo|timbrazo|toque|fonazo)\b|\bse contacten conmigo\b|\bpong\w+ en contacto\b",
        r"\bcomuni(?:quen|quense|ques?|cate|carse|can|ca) conmigo\b|\bcontacto conmigo\b|\bcontact\w+ conmigo\b",
        r"\bme (?:llamar?an?|contactar?an?|llamasen?|contactasen?)\b",
        r"\b(?:pued\w+|podr\w+|pod\w+is)(?: \w+){0,2} devolver(?:me|nos)? (?:la|mi|una) llamada\b",
        r"\b(?:quisiera|quiero|quisieramos|necesito|me gustaria|prefiero|preferiria)(?: \w+){0,2} (?:recibir una"
        r" (?:video ?)?llamada|(?:una? )?cita (?:telefonica|por telefono))\b",
        r"\bque (?:me|nos)(?: \w+ [ou])? llamaran?\b",
        r"\b(?:echen|echa|eche|dan|den|pegan|peguen) una (?:llamad\w+|timbrad\w+)\b",
        # Portuguese
        r"\b(?:gostaria|quero|queria|preciso|prefiro|da pra|posso)(?: \w+){0,2} receber uma (?:ligacao|chamada"
        r"|ligada)\b|\bme dar? um alo\b",
        r"\bme (?:ligass?em?|contatass?em?)\b",
        r"\b(?:me|mi) (?:ligu?e?m?|liga(?:r|m)?|telefon(?:a|e|em|ar)|retorn(?:a|e|em|ar)|chama no (?:zap\w*"
        r"|what\w*|wpp|telefone|celular))\b(?! (?:a luz|o aparelho))",
        r"\b(?:lig(?:a|ue|uem|ar|arem)|telefon(?:a|e|em|ar)) (?:pra |para |p )?(?:mim|me|nos|a gente|este numero"
        r"|esse numero|o meu numero|meu numero)\b",
        r"\bretorn\w+ (?:\w+ )?(?:liga[cs]ao|chamada|contato)\b|\bretorno (?:telefonico|por telefone)\b",
        r"\b(?:pedir|pedido de|quero|queria|agendar|agendem|solicit\w+|aguardo|espero|preciso de|prefiro)(?: uma?|"
        r" a)?"
        r" (?:ligacao|ligada|chamada|telefonema)\b(?! perdida)",
        r"\b(?:me )?(?:da|de|deem|dao|dar) (?:um toque|uma ligad\w+)\b|\baguardo (?:\w+ )?(?:contato|contacto"
        r"|retorno)\b",
        r"\bfavor (?:me )?(?:ligar|retornar|telefonar|entrar em contato)\b|\b(?:lig|telefon)\w+ (?:no|pro|para o"
        r"|para) (?:\w+ )?\d{4,}",
        r"\b(?:podem?|poderiam?|conseguem) (?:\w+ )?(?:ligar|telefonar)(?: me| para mim| pra mim)?$",
        r"\b(?:contato|contacto) comigo\b|\bme contat\w+|\bcontat\w+ me\b",
    )
)
_OTHER_CALLS = re.compile(
    # Told of, refused, of the courier before delivery, or another sense of the word.
    r"\b(?:dont|do not|didnt|did not|no need to|never|not|without|stop|instead of|who|keeps?|kept|why do|why did)"
    r"(?: \w+){0,3} (?:call|ring|phone|contact)\w*\b(?! back (?:asap|now|please))"
    r"|\b(?:missed|got|received|had|suspicious|scam) (?:a |an |your |the )?(?:\w+ )?calls?\b"
    r"|\b(?:friends?|people|kids|everyone) calls? me\b"
    r"|\b(?:drivers?|couriers?|riders?|carrier|delivery (?:guy|man|men|boy|person|team|partner|agent)|dhl|fedex"
    r"|ups|dpd"
    r"|postman|installer|technician|repartidor\w*|mensajer\w+|transportista\w*|cartero|entregador\w*|motoboy"
    r"|motorista"
    r"|transportadora|carteiro|correios|instalador\w*|tecnico)\b.{0,40}\b(?:call|ring|phone|contact|llam|marc|lig"
    r"|telefon"
    r"|avis|contat)\w*"
    r"|\b(?:call|ring|phone|contact|llam\w+|marc\w+|lig\w+|telefon\w+|contat\w+)\b.{0,20}\b(?:before|prior to|antes"
    r" (?:de|que))\b"
    r"(?: \w+){0,2} (?:deliver\w*|dispatch\w*|sending|shipping|coming|arriv\w+|(?:la |a )?entreg\w+|llegar|vir|venir"
    r"|chegar|enviar|pasar|passar)"
    r"|\b(?:will|do|does|would) (?:some ?one|you|they)(?: \w+)? (?:call|ring|phone|contact) me\b.*\b(?:when|before|to"
    r" (?:arrange|schedule|book)|deliver\w*)\b"
    r"|\bme llaman? la atencion\b|\b(?:no|nao) (?:\w+ ){0,3}(?:me |nos )?(?:llam\w+|lig\w+|telefon\w+|contact\w+"
    r"|contat\w+)"
    r"|\b(?:me llaman?|me ligam|me ligaram) (?:de(?:l| la)? |do |da )?(?:correo|banco|un numero|diciendo|dizendo)"
    r"|\bme llaman? (?:cuando|antes)\b|\bme ligam (?:quando|antes)\b"
    r"|\b(?:refunds?|money|amount|cash|payment|deposit|parcel|order|it|package)(?: \w+){0,3} get back to\b"
    r"|\b(?:les|lo|la|os|lhes) (?:llamo|llame)\b"
)
_AND_YET = re.compile(
    r"\b(?:want|need|please|pls|asap|urgent\w*|quiero|necesito|quero|preciso|favor|urgente|someone call|call me"
    r" back)\b"
)


def wants_call(plain: str) -> bool:
    """True when folded words ask to be called or contacted; not for "the driver did not call me"."""
    called = next((found for one in _CALLS if (found := one.search(plain)) is not None), None)
    if called is None:
        return False
    other = _OTHER_CALLS.search(plain)
    if other is None:
        return True
    # "Nobody calls me back. Someone call me please": what is told of stands before what is wished.
    rest = plain[other.end() :]
    return bool(_AND_YET.search(rest)) and any(one.search(rest) for one in _CALLS)
