"""Where a carrier shows a parcel, for the carriers of the countries we serve whose public address is certain.

An address stands here only when it takes the number itself and several public integrations of shops agree
on it (read 2026-11-21 in public repositories; ``ups`` is also in our recordings, written by WooCommerce).
Left out, because the page wants a second value (a postcode, an agency), a captcha or a search by hand:
Interrapidísimo, Envía, TCC, Deprisa, 99minutos, Nacex, CTT, Paquetexpress, Jadlog, OCA, Chilexpress, Olva.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LINKS = {
    "servientrega": "https://mobile.servientrega.com/WebSitePortal/RastreoEnvioDetalle.html?Guia={}",
    "coordinadora": "https://coordinadora.com/rastreo/rastreo-de-guia/detalle-de-rastreo-de-guia/?guia={}",
    "correos": "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={}",
    "seur": "https://www.seur.com/livetracking/?segOnlineIdentificador={}",
    "mrw": "https://www.mrw.es/seguimiento_envios/MRW_resultados_consultas.asp?modo=nacional&envio={}",
    "gls": "https://gls-group.com/track/{}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "correios": "https://rastreamento.correios.com.br/app/index.php?objetos={}",
    "andreani": "https://www.andreani.com/envio/{}",
    "starken": "https://www.starken.cl/seguimiento?codigo={}",
}
"""A carrier's plain name → its page; ``{}`` is the number."""

OTHER_NAMES = {
    "correos es": "correos",
    "correos espana": "correos",
    "correos de espana": "correos",
    "correos spain": "correos",
    "dhl express": "dhl",
    "federal express": "fedex",
    "fedex express": "fedex",
    "gls spain": "gls",
    "gls es": "gls",
    "correios brazil": "correios",
    "correios brasil": "correios",
    "seur espana": "seur",
    "mrw espana": "mrw",
    "servientrega colombia": "servientrega",
}
"""Other spellings of the same. Only whole names count: ``correos`` in Spain is not ``correos chile``."""

KNOWN_NAMES = (
    "99minutos", "Andreani", "Chilexpress", "Coordinadora", "Correios", "Correos", "CTT", "Deprisa", "DHL",
    "Envía", "Estafeta", "FedEx", "GLS", "Interrapidísimo", "Jadlog", "MRW", "Nacex", "OCA", "Olva", "Paquetexpress",
    "Servientrega", "SEUR", "Starken", "TCC", "UPS", "USPS",
)
"""Names that may be recognised inside a sentence of an order note."""

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,59}", re.ASCII)


def build_link(carrier: str, number: str) -> str:
    """The carrier's page for this parcel, or '' when the carrier or the form of its address is not certain."""
    plain = plain_name(carrier)
    template = LINKS.get(OTHER_NAMES.get(plain, plain))
    return template.format(quote(number, safe="")) if template and NUMBER.fullmatch(number) else ""


def find_carrier(sentence: str) -> str:
    """The one known carrier a sentence names, or ''."""
    words = f" {plain_name(sentence)} "
    found = [name for name in KNOWN_NAMES if f" {plain_name(name)} " in words]
    return found[0] if len(found) == 1 else ""


def plain_name(text: str) -> str:
    """Lower case, without accents and signs: ``Inter-Rapidísimo`` → ``inter rapidisimo``."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())
