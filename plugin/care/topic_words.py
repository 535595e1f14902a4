"""How shoppers say what their talk is about, in Spanish, English and Portuguese; letters folded, no signs between.
Gaps are bounded: an unbounded one looks through the whole text again from every word."""

from __future__ import annotations

GOODS = {
    "es": (
        r"pedido|paquete|envio|orden|compra|producto|encomienda|mercancia|guia"
    ),
    "en": (
        r"order|parcel|package|delivery|shipment|item|stuff|purchase"
    ),
    "pt": (
        r"pedido|pacote|encomenda|entrega|compra|produto|mercadoria"
    ),
}
"""What an order is called; stands for ``{goods}`` in `WHERE`."""

WHERE = {
    "es": (
        r"\b(?:donde|por donde|x donde) (?:esta|viene|anda|va|quedo|ira)\b(?!.{0,80}\b(?:tienda|local|ubicad\w*"
        r"|factura)\b)|\b(?:no|aun no|todavia no|nunca)(?: me)? (?:ha |han |a )?(?:lleg\w+|recib\w+)\b"
        r"|\bcuando (?:me )?(?:llega|llegara|va a llegar|lo recibo|recibo|entregan|viene)\b|\b(?:seguimiento"
        r"|rastre\w+|tracking|numero de guia)\b|\b(?:estado|status) (?:de|del) (?:mi |el |la )?(?:{goods})\b"
        r"|\bno se nada de (?:mi|la|el)\b|\bsigo esperando\b|\bya sali[o]? (?:mi|el)\b"
    ),
    "en": (
        r"\bwheres?(?: is| are|s)? (?:my|the|our)\b.{0,80}\b(?:{goods})s?\b|\b(?:not|never|hasnt|havent|hasn t"
        r"|haven t|didnt|didn t)(?: yet| been)? (?:arriv\w+|receiv\w+|deliver\w+|com[ei]\w*)\b|\bwhen (?:will"
        r"|does|is|do) (?:my|the|it|i)\b.{0,80}\b(?:arriv\w+|come|get|deliver\w*|here|receive)\b|\btrack(?:ing)?\b"
        r"|\bstatus of (?:my|the)\b|\border status\b|\bstill waiting for (?:my|the)\b"
    ),
    "pt": (
        r"\b(?:onde|cade|kd|aonde) (?:esta|ta|anda|foi|o meu|a minha|meu|minha)\b(?!.{0,80}\b(?:loja|nota"
        r"|fatura)\b)|\b(?:nao|ainda nao|nunca)(?: me)? (?:cheg\w+|receb\w+)\b|\bquando (?:chega|vai chegar"
        r"|recebo|vou receber|entregam|vem)\b|\b(?:rastre\w+|rastreio|codigo de envio)\b|\b(?:status"
        r"|situacao) (?:de|do|da) (?:meu |minha )?(?:{goods})\b|\bcontinuo esperando\b|\bja saiu (?:meu|o)\b"
    ),
}
"""Asks where a parcel is."""

COMPLAINT = {
    "es": (
        r"\b(?:roto|rota|rotos|rotas|quebrad\w+|defectuos\w+|danad\w+|incomplet\w+|equivocad\w+|mal estado"
        r"|otro producto|no funciona|no sirve|no era lo que|reclamo|reclamacion|queja|quejarme|decepcion\w*"
        r"|descontent\w+|molest[oa]|pesim\w+|fatal|horrible|me cobraron (?:dos|doble|de mas)"
        r"|nadie (?:me )?(?:responde|contesta)|llego mal|no me gust\w+|no estoy (?:content|satisfech|feliz)\w*"
        r"|falta(?:ba|n)? (?:un|una|algo|la|el)|mala calidad|mal servicio|devuelvanme)\b"
    ),
    "en": (
        r"\b(?:broken|damaged|defective|faulty|wrong (?:item|size|colou?r|product|order|one)|missing"
        r"|incomplete|(?:doesnt|does not|doesn t|didnt|not) work\w*|complain\w*|disappoint\w*|unhappy"
        r"|unacceptable|(?:not|isnt|arent) (?:happy|satisfied|pleased|good)|dont like|terrible|awful|horrible"
        r"|charged (?:me )?twice|overcharged|nobody (?:answers|replies|responds)|no ?one (?:answers|replies"
        r"|responds)|poor (?:quality|service)|bad (?:quality|service)|not what i ordered|give me my money)\b"
    ),
    "pt": (
        r"\b(?:quebrad\w+|defeito|defeituos\w+|danificad\w+|avariad\w+|incomplet\w+|errad\w+|trocad[oa]"
        r"|nao funciona|nao presta|reclamacao|reclamar|queixa|decepcion\w+|insatisfeit\w+|pessim\w+|horrivel"
        r"|pessima|cobrad[oa] (?:duas|em dobro)|cobraram (?:duas|em dobro|a mais)|ninguem (?:me )?(?:responde"
        r"|atende)|falt(?:ou|a|ando)|ma qualidade|nao gost\w+|nao estou (?:satisfeit|content|feliz)\w*"
        r"|mau atendimento|veio (?:outro|errado)|nao foi o que)\b"
    ),
}
"""Something went wrong."""

PRAISE = {
    "es": (
        r"\b(?:me encant\w+|encantad[oa]|excelente|maravill\w+|perfect[oa]|genial|buenisim\w+|lindisim\w+"
        r"|hermos\w+|precios[oa]s?|felicit\w+|super bien|muy (?:bien|buen[oa]s?|bonit[oa]s?|lind[oa]s?"
        r"|content[oa]|rapid[oa]s?|amables?|feliz|satisfech[oa])|que (?:lind|bonit|bell)\w+|los recomiendo"
        r"|recomendad\w+|gran (?:servicio|trabajo|atencion)|un amor|mil gracias)\b"
    ),
    "en": (
        r"\b(?:love (?:it|them|the|my|this|your)|loved|excellent|amazing|wonderful|perfect|great (?:service"
        r"|job|shop|quality|product)|beautiful|fantastic|awesome|brilliant|very (?:happy|pleased|fast|kind)"
        r"|so (?:happy|pretty|kind)|well done|congrat\w*|recommend (?:you|it|this)|best (?:shop|store|service)"
        r"|thank you so much|many thanks)\b"
    ),
    "pt": (
        r"\b(?:amei|adorei|excelente|maravilh\w+|perfeit[oa]|otim[oa]|lind[oa]s?|parabens|muito (?:bom|boa"
        r"|feliz|satisfeit\w+|rapid[oa]|obrigad\w+)|super recomendo|recomendo|nota (?:10|dez|mil)|show"
        r"|que (?:lind|bonit)\w+|gratidao)\b"
    ),
}
"""Something pleased."""

ASKS = {
    "es": (
        r"\b(?:como|cuando|cuanto|cuanta|cuantos|cual|cuales|quien|donde|por que|porque no|que (?:tan|talla"
        r"|medidas?|horario|formas?|metodos?|pasa|hago|tal)|puedo|pueden|puede|podria|podrian|tienen|hay|hacen"
        r"|aceptan|envian|quisiera saber|quiero saber|necesito saber|me gustaria saber|tengo una (?:duda"
        r"|pregunta|consulta)|duda|es posible|sirve para|se puede)\b"
    ),
    "en": (
        r"\b(?:how|when|what|which|who|where|why|can (?:i|you|we)|could (?:i|you)|do you|does|is (?:it|there"
        r"|this|the)|are (?:there|you|these|the)|will (?:it|you|the|my)|would|i want to know|id like to know"
        r"|question|possible)\b"
    ),
    "pt": (
        r"\b(?:como|quando|quanto|quanta|quantos|qual|quais|que horas|o que|quem|onde|por que|posso|podem|pode"
        r"|poderia|voces|tem|aceitam|enviam|entregam|gostaria de saber|quero saber|queria saber|preciso saber"
        r"|tenho uma (?:duvida|pergunta)|duvida|e possivel|da para)\b"
    ),
}
"""A question, with or without its mark."""
