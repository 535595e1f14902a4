"""What the demo shop's merchant answers to the form's questions, true of what its pages say, the shop's colour, and how
else it is reached (addresses that are nobody's) and when.

It sells no gift cards and hands nothing out at its door, so these two are left empty: their articles stay hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from plugin.stores.contact import Phone
from plugin.stores.hours import WEEKDAYS, Times

ACCENT = "#a8472a"

_PHONE, _ADDRESS = "+34 900 000 000", "Calle del Alfar 7, 41010 Sevilla"

CONTACT: Mapping[str, Any] = {
    "email": "hola@barro-y-sol.example",
    "phones": (Phone(_PHONE, charged=False),),
    "whatsapp": {"": "+34 600 000 000"},
    # No name in this network can have a hyphen.
    "social": {"instagram": "https://www.instagram.com/barro-y-sol"},
}
"""For `plugin.stores.contact.set_contact`."""

WEEK = {day: [["10:00", "18:00"]] if day not in ("sat", "sun") else [] for day in WEEKDAYS}
HOLIDAYS = ((1, 1), (1, 6), (5, 1), (10, 12), (12, 25))
"""(month, day)."""
ALL_DAY = (("00:00", "24:00"),)


def list_days(today: date) -> dict[str, Times]:
    """The days of the demo shop that are otherwise: the next of each holiday, and three days from today on, which are
    open all day: whoever starts the demo at night finds the counter open, and what it says does not change at midnight.
    For `plugin.stores.hours.set_hours`."""
    days: dict[str, Times] = {}
    for month, day in HOLIDAYS:
        this = date(today.year, month, day)
        days[(this if this > today else date(today.year + 1, month, day)).isoformat()] = ()
    return days | {(today + timedelta(days=ahead)).isoformat(): ALL_DAY for ahead in (0, 1, 2)}

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "delivery_days": "de 2 a 4 días laborables, o 1 día con el envío exprés",
        "delivery_areas": "España, Portugal, Francia, Brasil, Colombia, México y Estados Unidos",
        "delivery_costs": "4,50 €, o 9,00 € con el envío exprés",
        "payment_ways": "tarjeta (Visa, Mastercard), transferencia bancaria y contra entrega",
        "pay_on_delivery": "Sí, en efectivo o con tarjeta y sin recargo.",
        "return_days": "30",
        "return_costs": "El envío de vuelta lo pagamos nosotros.",
        "opening_hours": "de lunes a viernes, de 10:00 a 18:00",
        "phone": _PHONE,
        "address": _ADDRESS,
        "invoice_way": "Escríbenos con tu número de pedido y tus datos fiscales, y te la mandamos por correo.",
        "account_way": "No hay contraseña: en «Mis compras» ves lo que compraste en este navegador.",
        "instalments": "No, cada pedido se paga de una vez.",
        "payment_safety": "Es una tienda de demostración: nada se cobra. Contra entrega pagas al recibir el pedido.",
        "gift_wrapping": "Sí, lo envolvemos sin coste si nos lo pides por este chat al terminar la compra.",
        "delivery_slots": "Se reparte de lunes a viernes, y la hora no se puede elegir.",
        "customs": "A España, Portugal y Francia no hay aduana; a otros países, sus impuestos los paga quien recibe.",
        "no_returns": "Solo las piezas hechas por encargo; todo lo demás se puede devolver.",
        "wholesale": "Sí, a tiendas y restaurantes, desde 20 piezas.",
    },
    "en": {
        "delivery_days": "2 to 4 working days, or 1 day with express delivery",
        "delivery_areas": "Spain, Portugal, France, Brazil, Colombia, Mexico and the United States",
        "delivery_costs": "€4.50, or €9.00 with express delivery",
        "payment_ways": "card (Visa, Mastercard), bank transfer and pay on delivery",
        "pay_on_delivery": "Yes, in cash or by card, at no extra cost.",
        "return_days": "30",
        "return_costs": "We pay the postage back to us.",
        "opening_hours": "Monday to Friday, 10:00 to 18:00",
        "phone": _PHONE,
        "address": _ADDRESS,
        "invoice_way": "Write to us with your order number and your tax details, and we mail it to you.",
        "account_way": "There is no password: “My purchases” shows what you bought in this browser.",
        "instalments": "No, each order is paid at once.",
        "payment_safety": "This is a demo shop: nothing is charged. On delivery you pay when the order arrives.",
        "gift_wrapping": "Yes, we wrap it at no cost if you ask us in this chat once you have ordered.",
        "delivery_slots": "Parcels are brought Monday to Friday, and the hour cannot be chosen.",
        "customs": "There are no customs for Spain, Portugal and France; elsewhere the receiver pays them.",
        "no_returns": "Only pieces made to order; everything else can be returned.",
        "wholesale": "Yes, to shops and restaurants, from 20 pieces.",
    },
    "pt": {
        "delivery_days": "de 2 a 4 dias úteis, ou 1 dia com a entrega expressa",
        "delivery_areas": "Espanha, Portugal, França, Brasil, Colômbia, México e Estados Unidos",
        "delivery_costs": "4,50 €, ou 9,00 € com a entrega expressa",
        "payment_ways": "cartão (Visa, Mastercard), transferência bancária e pagamento na entrega",
        "pay_on_delivery": "Sim, em dinheiro ou com cartão e sem taxa.",
        "return_days": "30",
        "return_costs": "O frete de volta é por nossa conta.",
        "opening_hours": "de segunda a sexta, das 10h às 18h",
        "phone": _PHONE,
        "address": _ADDRESS,
        "invoice_way": "Escreva com o número do pedido e seus dados fiscais, e mandamos por e-mail.",
        "account_way": "Não há senha: em “Minhas compras” você vê o que comprou neste navegador.",
        "instalments": "Não, cada pedido é pago de uma vez.",
        "payment_safety": "É uma loja de demonstração: nada é cobrado. Na entrega, você paga ao receber o pedido.",
        "gift_wrapping": "Sim, embrulhamos sem custo se você pedir neste chat ao concluir a compra.",
        "delivery_slots": "As entregas são de segunda a sexta, e não dá para escolher a hora.",
        "customs": "Para Espanha, Portugal e França não há alfândega; nos outros países, quem recebe paga os impostos.",
        "no_returns": "Só as peças feitas sob encomenda; todo o resto pode ser devolvido.",
        "wholesale": "Sim, para lojas e restaurantes, a partir de 20 peças.",
    },
}
