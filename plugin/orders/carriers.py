"""Carriers by country, by the names shop owners know them by. Only suggestions: any name may be typed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EVERYWHERE = ("DHL", "FedEx", "UPS")

CARRIERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "CO": ("Servientrega", "Coordinadora", "Interrapidísimo", "Envía", "TCC", "Deprisa", "99 Minutos", "Domina",
           "Saferbo", "4-72", "Mensajeros Urbanos", "Picap", "Rappi"),
    "ES": ("Correos", "Correos Express", "SEUR", "MRW", "GLS", "Nacex", "CTT Express", "Envialia", "TIPSA", "Zeleris",
           "InPost", "Celeritas", "Paack"),
    "MX": ("Estafeta", "Paquetexpress", "Redpack", "99 Minutos", "Correos de México", "J&T Express", "iVoy", "AMPM",
           "Tresguerras", "Castores"),
    "AR": ("Correo Argentino", "Andreani", "OCA", "Urbano", "Vía Cargo", "Moova", "Cruz del Sur", "Crossmotion"),
    "CL": ("Chilexpress", "Starken", "Blue Express", "Correos de Chile", "99 Minutos", "Shippify", "Pullman Cargo"),
    "PE": ("Olva Courier", "Serpost", "Shalom", "Urbano", "99 Minutos", "Cruz del Sur Cargo", "Marvisur"),
    "EC": ("Servientrega", "Tramaco", "Laar Courier", "Urbano", "Correos del Ecuador", "Cooperativa Loja"),
    "BR": ("Correios", "Jadlog", "Loggi", "Total Express", "Azul Cargo", "Braspress", "J&T Express", "Buslog",
           "Melhor Envio", "LATAM Cargo"),
    "PT": ("CTT", "CTT Expresso", "GLS", "DPD", "MRW", "Nacex", "SEUR", "InPost", "TNT"),
    "US": ("USPS", "UPS", "FedEx", "DHL", "OnTrac", "LaserShip", "Amazon Logistics"),
})  # fmt: skip

_CURRENCIES = {
    "COP": "CO", "MXN": "MX", "ARS": "AR", "CLP": "CL", "PEN": "PE", "BRL": "BR", "USD": "US",
}  # fmt: skip
_ZONES = {
    "America/Bogota": "CO", "Europe/Madrid": "ES", "Atlantic/Canary": "ES", "America/Mexico_City": "MX",
    "America/Argentina/Buenos_Aires": "AR", "America/Santiago": "CL", "America/Lima": "PE",
    "America/Guayaquil": "EC", "America/Sao_Paulo": "BR", "Europe/Lisbon": "PT", "America/New_York": "US",
}  # fmt: skip


def guess_country(locale: str, currency: str, time_zone: str) -> str:
    """Where a shop most likely sends from: the region of its locale, else its time zone, else its currency; ''."""
    region = locale.replace("-", "_").partition("_")[2].upper()
    if region in CARRIERS:
        return region
    return _ZONES.get(time_zone) or _CURRENCIES.get(currency, "")


def list_carriers(*countries: str) -> list[str]:
    """Those of these countries first, in this order, then those who go everywhere, then all others; each once."""
    wanted = [CARRIERS.get(country.upper(), ()) for country in countries]
    rest = [name for names in CARRIERS.values() for name in names]
    return list(dict.fromkeys([*(name for names in wanted for name in names), *EVERYWHERE, *sorted(rest)]))
