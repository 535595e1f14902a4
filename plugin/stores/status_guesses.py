"""What a status probably means, read from the words a merchant gave it in Spanish, English or Portuguese. Pure.

Only a guess for the checklist: the merchant confirms it. It would rather say nothing than call something shipped or
delivered that is not, so what is denied, partial or still to come is looked for before anything else.
"""

from __future__ import annotations

import re
import unicodedata

from plugin.contract import Meaning

_PARTLY = r"parcial\w*|partial\w*|partly|part shipped|en partes?|em partes?"
_PAPERS = (
    r"factura\w*|cotizacion\w*|presupuesto\w*|orcamento\w*|cotacao|recibo\w*|boleto\w*|nota fiscal|invoice\w*|quot\w+"
    r"|estimate\w*|correo|e ?mail|link|enlace|recordatorio\w*|reminder\w*|lembrete\w*|review\w*|resena\w*|encuesta\w*"
)
_ASKED_BACK = r"solicit\w*|request\w*|pedid[oa] de devol\w*"

_UNPAID = (
    r"(pago|pagamento|payment)s? (pendiente|pendente|pending|due|en espera)|(pendiente|pendente|pending|espera\w*"
    r"|awaiting|aguardando|waiting|falta)( \w+)? (pago|pagamento|payment|pagar)|(por|sin|sem|a) pagar|sem pagamento"
    r"|sin pago|no pagad[oa]|nao pago|not paid|unpaid|en attente de paiement"
)
_ATTEMPTED = (
    r"intento\w* (fallido )?de entrega|(entrega|delivery|reparto) (fallid[oa]|failed|no exitosa|sem sucesso|attempt\w*"
    r"|malogrado)|(failed|attempted|unsuccessful) (delivery|attempt)|tentativa de entrega|(?<!sin )novedad\w*"
    r"|insucesso\w*|(destinatario|cliente|customer) ausente|ausente|attempted"
)
_SENDING = r"envio|enviar|despacho|despachar|expedicao|expedir|postagem|remitir|remision"
_TO_COME = (
    rf"(por|para|sin|sem|a|pronto para|list[oa]s? (para|p)( el| su| ser)?) ({_SENDING}|enviad[oa]s?|despachad[oa]s?)"
    rf"|(pendiente|pendente|espera\w*|aguardando|falta)s?( de| por| o| el| para)* ({_SENDING}|coleta)"
    r"|(ready|waiting|yet|pending|awaiting|due)( to| for| be)* (ship\w*|dispatch\w*|fulfil\w*|despatch\w*)"
    r"|to be (shipped|dispatched)|to ship|to dispatch|pending (shipment|shipping|dispatch)"
)
_DENIED = (
    r"no|not|nao|sin(?! novedad)|sem|non|never|nunca|ni|undelivered|unshipped|undispatched|pendient\w*|pendent\w*"
    r"|pending|awaiting|aguardando|esperando|waiting|falta\w*|faltou"
    r"|(por|para|a ser|to be|a) (entregar|entregue|delivered|deliver)"
    r"|almost|casi|quase|error|erro|problem\w*|perdid[oa]|lost|extraviad[oa]"
)
_HANDED_ON = (
    r"(entregad[oa]s?|entregue|delivered|handed( over)?|entrega) (a|al|ao|to|en|na|no|para)( la| el| the| o| a)?"
    r" (transport\w*|courier|mensajer\w*|paqueter\w*|carrier|correios?|correo|operador\w*|logistic\w*|servientrega"
    r"|coordinadora|interrapidisimo|envia|tcc|deprisa)"
)
_RETURNED = (
    r"devuelt[oa]s?|devolvid[oa]s?|devolucion\w*|devolucao|devolucoes|retornad[oa]s?|returned|returning|en retorno"
)
_CANCELLED = r"anulad[oa]s?|cancelad[oa]s?|cancell?ed|anulacion"
_OUT = (
    r"en reparto|en (ruta|camino|proceso|curso) (de|a|para) (la )?entrega|em (rota|processo) de entrega|en entrega"
    r"|saiu (para|pra) (a )?entrega|sali[od]o? a (reparto|entrega)|en distribucion|con (el )?(repartidor|mensajero)"
    r"|out for delivery|with (the )?courier|a reparto"
)
_PICKUP = (
    r"(list[oa]s?|disponible\w*|disponive\w*|pront[oa]s?|ready|available)( \w+)?( para| for| to| p| pra| de)?"
    r"( ser| be)? (recoger\w*|retir\w+|recogida|recolha|pick ?up|picked up|collect\w*)"
    r"|(para|por) (recoger|retirar)|recoger en (tienda|punto|oficina|sede)|retiro en (tienda|local|sucursal)"
    r"|en (el )?punto de (recogida|retiro|entrega)|click and collect|ready for pick ?up"
)
_DELIVERED = r"entregad[oa]s?|entregues?|delivered"
_SHIPPED = (
    r"despachad[oa]s?|enviad[oa]s?|en camino|en ruta|en transito|em transito|em rota|a caminho|shipped|dispatched"
    r"|despatched|in transit|on (its|the|their) way|postad[oa]s?|expedid[oa]s?|en viaje|remitid[oa]s?"
)
_PREPARING = (
    r"en preparacion|preparando\w*|preparad[oa]s?|preparing|em prepara\w*|em preparo|alista\w*|en alistamiento"
    r"|empaca\w*|empaque\w*|empaquet\w*|packed|packing|picking|em separacao|separando|separad[oa]s?|embala\w*"
    r"|en produccion|em producao|in production|en fabricacion|en proceso|em processamento|procesando|processing"
    r"|being prepared|en confeccion"
)
_ON_HOLD = r"en espera|em espera|on hold|retenid[oa]s?|retid[oa]s?|en pausa|pausad[oa]s?|a la espera"

_RULES: tuple[tuple[str, Meaning | None], ...] = (
    (_PARTLY, None),
    (_ASKED_BACK, None),
    (_UNPAID, Meaning.awaiting_payment),
    (_ATTEMPTED, Meaning.attempted),
    (_TO_COME, Meaning.preparing),
    (_DENIED, None),
    (_HANDED_ON, Meaning.shipped),
    (_PAPERS, None),
    (_RETURNED, Meaning.returned),
    (_CANCELLED, Meaning.cancelled),
    (_OUT, Meaning.out_for_delivery),
    (_PICKUP, Meaning.ready_for_pickup),
    (_DELIVERED, Meaning.delivered),
    (_SHIPPED, Meaning.shipped),
    (_PREPARING, Meaning.preparing),
    (_ON_HOLD, Meaning.on_hold),
)
_READ = tuple((re.compile(rf"\b(?:{words})\b"), meaning) for words, meaning in _RULES)
_HOPEFUL = (Meaning.shipped, Meaning.out_for_delivery, Meaning.ready_for_pickup, Meaning.delivered)


def guess_meaning(name: str, raw_status: str) -> Meaning | None:
    """What a status called `name` tells a shopper, or None. The platform's own word is asked where the name says
    nothing, and heeded where it denies what the name says."""
    said, meaning = _read(name)
    slug_said, slug_meaning = _read(raw_status)
    if not said:
        return slug_meaning
    if meaning in _HOPEFUL and slug_said and slug_meaning is None:
        return None
    return meaning


def _read(words: str) -> tuple[bool, Meaning | None]:
    """Whether the words say anything we know, and what."""
    plain = _plain(words)
    for pattern, meaning in _READ:
        if pattern.search(plain):
            return True, meaning
    return False, None


def _plain(words: str) -> str:
    """Lower case, without accents and signs."""
    bare = unicodedata.normalize("NFKD", words[:200].casefold())
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", kept).split())
