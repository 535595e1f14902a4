"""A day of a shop in Bogotá, as its merchant and its shoppers live it: every mail, and every line of the ledger."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from bogota_shop import Day, open_day

from plugin.testing.fake_woocommerce import Order

FOR_PEOPLE = {"despachado": "shipped", "en-reparto": "out_for_delivery", "entregado": "delivered"}


def paste_list(day: Day, orders: list[Order]) -> str:
    """What a spreadsheet copies: tabs, a heading, carriers written anyhow."""
    carriers = ("Servientrega", "Interrapidísimo", "COORDINADORA", "envía")
    rows = [f"{order.number}\t{carriers[n % 4]}\t7000{n:06}" for n, order in enumerate(orders)]
    return day.paste("\n".join(("Pedido\tTransportadora\tGuía", *rows)))


def read_numbers(order: Order) -> list[str]:
    return [item["tracking_number"] for item in order.read_meta("_wc_shipment_tracking_items") or []]


def tell(order: Order, *words: str) -> list[str]:
    return [f"Pedido {order.number}{'' if word.startswith(',') else ': '}{word}" for word in words]


def list_untold(day: Day, order: Order) -> list[str]:
    """What the ledger says was neither sent nor told by somebody else."""
    quiet = ("sent", "told_together", "platform_mails", "overtaken", "before_connection")
    return [f"{line.notice} {line.reason}" for line in day.read_lines(order) if line.reason not in quiet]


@pytest.mark.slow
@pytest.mark.parametrize(("plugin", "mode"), [(False, "extra_only"), (True, "all")])
def test_forty_orders_a_day_paid_at_the_door_with_statuses_of_the_shops_own(
    tmp_path: Path, plugin: bool, mode: str
) -> None:
    with open_day(tmp_path, plugin=plugin, mode=mode) as day:
        yesterday = day.orders[0]
        assert day.confirm_guesses() == FOR_PEOPLE
        assert day.mailbox.mails == [] and day.count_known() == 2
        day.at(8, 5)
        shipped = [day.buy(f"ana{n}") for n in range(32)]
        card, bank = day.buy("card", payment="card"), day.buy("bank", payment="bacs")
        gift = day.buy("gift", payment="card", lines=[(13, 1)], status="completed")
        called_off, returned = day.buy("called"), day.buy("returned", payment="card")
        late = day.buy("late")
        day.at(10)
        day.set_status("processing", bank)
        day.set_status("cancelled", called_off)
        day.set_status("completed", late)
        day.shop.refund(returned, Decimal(5000))
        day.at(12)
        listed = [yesterday, *shipped, shipped[0], card, bank, late, returned]
        page = paste_list(day, listed)
        assert page.count("Se está escribiendo en tu tienda") == len(listed)
        day.at(12, 20)
        assert [len(read_numbers(order)) for order in shipped] == [2] + [1] * 31
        assert "Se está escribiendo" not in day.desk.get(f"{day.url}/shipments").text
        day.set_status("despachado", yesterday, *shipped[:20])
        day.set_status("completed", card)
        day.at(15)
        day.set_status("en-reparto", *shipped[:10])
        day.at(17)
        day.set_status("entregado", *shipped[:10])
        day.at(20)
        check_mails(day, shipped, card, bank, gift, called_off, returned, late, yesterday, ours=mode == "all")
        check_words(day)
        assert not [line for order in day.orders for line in list_untold(day, order)]
        assert day.read_store().recovered == 0, "every delivery came, and what was there before is no repair"


def check_mails(
    day: Day, shipped: list[Order], card: Order, bank: Order, gift: Order, called_off: Order, returned: Order,
    late: Order, yesterday: Order, *, ours: bool,
) -> None:  # fmt: skip
    """`ours`: core's mails were handed over to us."""
    begins = ("en preparación",) if ours else ()
    for order in shipped[1:10]:
        assert day.read_subjects(order) == tell(order, *begins, "en camino", "en reparto", "entregado")
    for order in shipped[10:]:  # also those whose status was never touched: the number was typed
        assert day.read_subjects(order) == tell(order, *begins, "en camino")
    for order in shipped:
        assert day.read_core(order) == ([] if ours else ["customer_processing_order"])
        assert not any("pago" in subject for subject in day.read_subjects(order)), "nobody has paid at the door yet"
    assert day.read_subjects(yesterday) == tell(yesterday, "en camino")
    assert day.read_subjects(card) == (tell(card, *begins, "en camino") if ours else [])
    assert ("customer_completed_order" in day.read_core(card)) is not ours
    assert day.read_subjects(bank) == tell(bank, *(("en espera", *begins) if ours else ()), "en camino")
    assert (day.read_subjects(gift), day.read_core(gift)) == ([], ["customer_completed_order"])
    assert day.read_subjects(called_off) == tell(called_off, *begins, "cancelado")
    back = ("reembolso parcial de $5.000",) if ours else ()
    assert day.read_subjects(returned) == tell(returned, *begins, *back, "en camino")
    assert ("customer_partially_refunded_order" in day.read_core(returned)) is not ours
    # Core's mail of `completed` went out before anybody knew the number, and no other of core's tells it.
    assert day.read_subjects(late) == tell(late, *begins, "en camino")


def check_words(day: Day) -> None:
    """Each mail once, in the shopper's language, with what is to be paid at the door."""
    assert len({mail["Message-ID"] for mail in day.mailbox.mails}) == len(day.mailbox.mails)
    for mail in day.mailbox.mails:
        part = mail.get_body(("plain",))
        assert part is not None
        text = part.get_content().replace("\r\n", "\n")
        assert "Hola, Úrsula:" in text and re.search(r"Tu pedido BOG-1\d{3}\n-", text), text
        assert not re.search(r"\b(?:your|the|order)\b|None|\{", re.sub(r"https?://\S+", "", text)), text
        if "en camino" in mail["Subject"] and "@example.com" in mail["To"] and mail["To"].startswith("ana"):
            assert "$50.900 al recibirlo" in text and "Número de seguimiento: 7000" in text, text
