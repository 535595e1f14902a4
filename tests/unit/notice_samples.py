"""Mails about invented orders, for the tests of words and documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from plugin.contract import (
    Money,
    Notice,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Refund,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
)
from plugin.notices.render import NoticeMail

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
READERS = {"es": ("es_CO", "America/Bogota", "COP"), "en": ("en_US", "America/New_York", "USD"),
           "pt": ("pt_BR", "America/Sao_Paulo", "BRL")}

OF_ORDER = {
    Notice.payment_pending: (OrderStatus.pending, PaymentStatus.unpaid),
    Notice.payment_failed: (OrderStatus.failed, PaymentStatus.failed),
    Notice.on_hold: (OrderStatus.on_hold, PaymentStatus.unpaid),
    Notice.cancelled: (OrderStatus.cancelled, PaymentStatus.paid),
    Notice.refunded: (OrderStatus.refunded, PaymentStatus.refunded),
    Notice.partly_refunded: (OrderStatus.completed, PaymentStatus.partly_refunded),
}
OF_PARCEL = {
    Notice.shipped: ShipmentStatus.in_transit, Notice.out_for_delivery: ShipmentStatus.out_for_delivery,
    Notice.ready_for_pickup: ShipmentStatus.ready_for_pickup, Notice.attempted: ShipmentStatus.attempted,
    Notice.delayed: ShipmentStatus.delayed, Notice.delivered: ShipmentStatus.delivered,
    Notice.returned: ShipmentStatus.returned,
}


def money(amount: str, currency: str = "COP") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def build_order(currency: str = "COP", **changes: object) -> Order:
    order = Order(
        external_id="73", number="1042", status=OrderStatus.processing, raw_status="processing",
        payment_status=PaymentStatus.paid, created_at=NOW - timedelta(days=2), modified_at=NOW,
        total=money("125800", currency), email="ana@example.com", customer_name="Ana Gómez",
        lines=(
            OrderLine(external_id="l1", name="Taza de barro", quantity=2, total=money("80000", currency),
                      details=("Color: rojo", "Tamaño: grande")),
            OrderLine(external_id="l2", name="Café de Nariño, 500 g", quantity=1, total=money("45800", currency)),
        ),
    )
    return replace(order, **changes)


def build_parcel(status: ShipmentStatus = ShipmentStatus.in_transit, **changes: object) -> Shipment:
    parcel = Shipment(
        status=status, external_id="p1", tracking_number="PQ4F2X0012345678", carrier="Servientrega",
        tracking_url="https://carrier.example/follow?guide=PQ4F2X0012345678",
        shipped_at=NOW - timedelta(days=1), expected_at=NOW + timedelta(days=3), items=(("l1", 2),),
        events=(TrackingEvent(status=status, raw_status="", occurred_at=NOW, location="Calle 10 # 4-21, Cali"),),
    )
    return replace(parcel, **changes)


def build_mail(notice: Notice, language: str = "es", **changes: object) -> NoticeMail:
    """The usual mail of a notice: an order paid in the store, one parcel where there is one."""
    locale, time_zone, currency = READERS[language]
    status, payment = OF_ORDER.get(notice, (OrderStatus.processing, PaymentStatus.paid))
    parcel = build_parcel(OF_PARCEL[notice]) if notice in OF_PARCEL else None
    refund = Refund(external_id="r1", amount=money("45800", currency), reason="Café agotado", created_at=NOW)
    if notice is Notice.refunded:
        refund = replace(refund, amount=money("125800", currency), reason="")
    refunds = (refund,) if notice in (Notice.refunded, Notice.partly_refunded) else ()
    mail = NoticeMail(
        notice=notice, order=build_order(currency, status=status, payment_status=payment, refunds=refunds),
        parcel=parcel, parcels=(parcel,) if parcel else (), refund=refunds[0] if refunds else None,
        locale=locale, time_zone=time_zone, store_name="La Tiendita del Río", store_url="https://tienda.example",
        accent="#0a7d5a", tracking_url="https://mostrador.example/t/5jq0c9kz", can_reply=True,
        unsubscribe_url="https://mostrador.example/u/5jq0c9kz",
        help_links=(("¿Cuánto tarda el envío?", "https://mostrador.example/help/x/es/shipping"),),
    )
    return replace(mail, **changes)


def two_parcels(notice: Notice = Notice.shipped, language: str = "es") -> NoticeMail:
    """The second of two parcels, the first one delivered."""
    first = build_parcel(ShipmentStatus.delivered)
    second = build_parcel(OF_PARCEL[notice], external_id="p2", tracking_number="PQ4F2X0012349999", items=(("l2", 1),))
    return build_mail(notice, language, parcel=second, parcels=(first, second))


def at_the_door(notice: Notice, language: str = "es", **order_changes: object) -> NoticeMail:
    """A mail about an order that is paid when it arrives."""
    mail = build_mail(notice, language)
    changes = {"payment_status": PaymentStatus.on_delivery, "pay_on_delivery": True, **order_changes}
    return replace(mail, order=replace(mail.order, **changes))


def hostile_mail(notice: Notice = Notice.shipped) -> NoticeMail:
    """Every word of the order and of the store written by an attacker."""
    evil = (
        "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% for x in y %}\r\nBcc: all@example.com\u2028"
        "\u202e\x00\"'><style>*{}</style> =?utf-8?q?=0ABcc?= \u05e9\u05dc\u05d5\u05dd "
    ) + "A" * 10_000
    parcel = build_parcel(OF_PARCEL.get(notice, ShipmentStatus.in_transit), carrier=evil, tracking_number=evil,
                          tracking_url="javascript:alert(3)", events=(), items=((evil, 3),))
    refund = Refund(external_id=evil, amount=money("1"), reason=evil)
    order = build_order(
        number=evil, customer_name=evil, refunds=(refund,), status_url="data:text/html,<script>alert(4)</script>",
        lines=tuple(OrderLine(external_id=evil, name=evil, quantity=3, total=money("1"), details=(evil,) * 9)
                    for _ in range(60)),
    )
    return build_mail(
        notice, order=order, parcel=parcel, parcels=(parcel,) * 30, refund=refund, store_name=evil, accent=evil,
        store_url="javascript:alert(5)", tracking_url="https://x.example/\"><script>alert(6)</script>",
        unsubscribe_url="https://user:pw@x.example/", help_links=((evil, "https://fine.example/a?b=1&c=2"),),
        locale="es_CO", time_zone=evil, told_together=(Notice.order_received,),
    )


def gallery() -> dict[str, NoticeMail]:
    """Mails worth looking at."""
    pages = {str(notice): build_mail(notice) for notice in Notice}
    pages["preparing"] = build_mail(
        Notice.preparing, told_together=(Notice.order_received, Notice.payment_received), accent="#ffd400",
    )
    pages["shipped_two"] = two_parcels()
    pages["shipped_none"] = build_mail(Notice.shipped, parcel=None, parcels=(), no_tracking=True)
    pages["door_shipped"] = at_the_door(Notice.shipped, "pt")
    pages["door_received"] = at_the_door(Notice.order_received, "en")
    pages["hostile"] = hostile_mail()
    return pages
