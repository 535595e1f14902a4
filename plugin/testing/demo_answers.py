"""What the demo shop's merchant answers to the ten questions, true of what its pages say, and the shop's colour."""

from __future__ import annotations

from collections.abc import Mapping

ACCENT = "#a8472a"

_PHONE, _ADDRESS = "+34 900 000 000", "Calle del Alfar 7, 41010 Sevilla"

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
    },
}
