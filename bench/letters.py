"""One mail built, words, layout and MIME together, as `notices.send` does before it speaks to a server."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice, product

from bench.figures import Figure, spread
from plugin.contract import (
    Money,
    Notice,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
)
from plugin.mail import Mail, build_message
from plugin.notices.render import NoticeMail, render_notice

PART = "one mail built"
GOAL_MS = 2.0
NOTICES = (Notice.order_received, Notice.preparing, Notice.shipped, Notice.out_for_delivery, Notice.delivered)
LOCALES = ("es_CO", "en_US", "pt_BR", "es_ES")
_MOMENT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def measure(quick: bool) -> list[Figure]:
    """Mails of five notices in four locales, taking turns, after the templates are loaded."""
    kinds = list(product(NOTICES, LOCALES))
    for notice, locale in kinds:
        build(notice, locale)
    seconds, busy, sizes = [], [], []
    for notice, locale in islice(kinds * 100, 100 if quick else 1000):
        began, began_cpu = time.perf_counter(), time.thread_time()
        sizes.append(len(build(notice, locale)))
        seconds.append(time.perf_counter() - began)
        busy.append(time.thread_time() - began_cpu)
    case, note = "5 lines, 1 parcel, 4 locales", f"{len(seconds)} mails of {min(sizes)} to {max(sizes)} bytes"
    return [
        *spread(PART, case, "render + MIME", seconds, GOAL_MS, note),
        *spread(PART, case, "its processor time", busy, note="other work on the machine left out"),
    ]


def build(notice: Notice, locale: str) -> bytes:
    """One mail as bytes."""
    rendered = render_notice(_write(notice, locale))
    mail = Mail(
        to="alma@example.com",
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        from_name="Barro y Sol",
        from_address="counter@example.com",
        reply_to="hola@example.com",
        message_id="<0123456789abcdef0123456789abcdef@example.com>",
        list_unsubscribe_url="https://care.example.com/u/" + "t" * 80,
    )
    return build_message(mail)


def _write(notice: Notice, locale: str) -> NoticeMail:
    status = {
        Notice.out_for_delivery: ShipmentStatus.out_for_delivery,
        Notice.delivered: ShipmentStatus.delivered,
    }.get(notice, ShipmentStatus.in_transit)
    parcel = Shipment(
        status=status,
        external_id="p1",
        tracking_number="ES123456789",
        carrier="Correos",
        tracking_url="https://carrier.example.com/ES123456789",
        events=(
            TrackingEvent(
                status=status,
                raw_status=status.value,
                occurred_at=_MOMENT,
                message="Salida",
                location="Bogotá",
            ),
        ),
    )
    moving = notice not in (Notice.order_received, Notice.preparing)
    return NoticeMail(
        notice=notice,
        order=_order(),
        parcel=parcel if moving else None,
        parcels=(parcel,) if moving else (),
        refund=None,
        told_together=(Notice.payment_received,) if not moving else (),
        no_tracking=False,
        locale=locale,
        time_zone="America/Bogota",
        store_name="Barro y Sol",
        store_url="https://shop.example.com",
        accent="#0b57d0",
        tracking_url="https://care.example.com/t/" + "t" * 80,
        unsubscribe_url="https://care.example.com/u/" + "t" * 80,
        help_links=(("¿Cuánto tarda el envío?", "https://care.example.com/help/a"),),
    )


def _order() -> Order:
    money = Money(amount=Decimal("125800"), currency="COP")
    lines = tuple(
        OrderLine(external_id=str(n), name=f"Taza de barro número {n}", quantity=n + 1, total=money)
        for n in range(5)
    )
    return Order(
        external_id="1001",
        number="1001",
        status=OrderStatus.processing,
        raw_status="processing",
        payment_status=PaymentStatus.paid,
        created_at=_MOMENT - timedelta(hours=1),
        modified_at=_MOMENT,
        total=money,
        email="alma@example.com",
        customer_name="Alma Ruiz",
        country="CO",
        lines=lines,
    )
