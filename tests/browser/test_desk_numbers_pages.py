"""The numbers and the rows behind them in a real browser, with rows of every kind: every width and scheme, by keys."""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import open_counter
from test_desk_pages import LOOKS, Desk, fill, serve
from test_desk_privacy_pages import check

from plugin import help
from plugin.agents import set_locale
from plugin.care import Agent, reply, resolve
from plugin.database import ALL
from plugin.testing.servers import find_free_port

PARTS = ("answers", "deflection", "orders", "topics", "clicks")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter, serve(counter, port):
        made = fill(counter, base)
        add_days(made)
        yield made
        assert made.complaints == []


def add_days(desk: Desk) -> None:
    """What a small shop has after some days: answers soon and late, bot alone, parcels asked for, clicks."""
    counter, store, ana = desk.counter, desk.store, Agent(desk.ana.id, "Ana")
    care = counter.house.doors.care
    for minutes in (1, 2, 3, 4, 9, 26, 90):
        talk = counter.write(store, "quiero una persona", person=True)
        counter.clock.advance(timedelta(minutes=minutes))
        reply(care, store.id, talk, ana, "¡Hola! Te ayudo.", str(uuid.uuid4()))
    for _ in range(6):
        counter.write(store, "¿Cuánto tarda en llegar un pedido?")
    counter.write(store, "xyzzy plugh frobozz")
    for _ in range(2):
        counter.write(store, "¿Dónde está mi pedido?")
    counter.clock.advance(timedelta(days=9))
    resolve(care, store.id, counter.write(store, "quiero una persona", person=True), ana)
    counter.write(store, "quiero una persona", person=True)
    counter.write(store, "¿Dónde está mi pedido?")
    for number in range(8):
        counter.add_order(store, external_id=f"n{number}", number=f"20{number}", created_at=counter.clock.now())
    for step, kind, times in (("product", "clicked", 12), ("cart", "clicked", 5), ("", "clicked", 1),
                              ("product", "helped", 4), ("product", "not_helped", 1)):  # fmt: skip
        for _ in range(times):
            help.count(counter.db, store.id, "delivery-costs", "es", step, "purchase", kind, counter.clock.now())
    counter.clock.advance(timedelta(minutes=40))


@pytest.mark.parametrize("look", LOOKS)
def test_the_numbers_and_their_rows_fit_and_are_for_everybody(browser: Browser, desk: Desk, look: str) -> None:
    with desk.counter.db.transaction(ALL, "the reader's language") as tx:
        set_locale(tx, desk.ana.id, {"320 px": "es", "390 px dark": "pt"}.get(look, "en"))
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "numbers")
    check(page)
    assert page.locator("dd strong").count() >= 12
    names = [one.get_attribute("aria-labelledby") for one in page.locator("dd a[id]").all()]
    assert len(names) == len(set(names)), "no two links have one name"
    for part in PARTS:
        page.goto(desk.url(f"numbers/rows?of={part}"))
        expect(page.locator("tbody tr").first).to_be_visible()
        check(page)
    page.goto(desk.url("numbers/rows?of=answers&state=zzz"))
    expect(page.locator("tbody")).to_have_count(0)
    check(page)
    context.close()


def test_every_number_opens_as_many_rows_as_it_counts(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, "numbers")
    counted = {
        "outside": 0, "unanswered": 1, "waiting": 2, "returned": 0, "unhelped": 1, "person": 9, "asked": 3,
        "step-product": 12, "step-cart": 5,
    }  # fmt: skip
    for name, count in counted.items():
        line = page.locator(f"#{name} + dd")
        told = line.locator("strong").first.inner_text() if name != "asked" else line.inner_text()
        assert re.search(rf"\b{count}\b", told), (name, told)
        if not name.startswith("step-"):
            behind = context.new_page()
            behind.goto(f"{desk.base}{line.locator('a').first.get_attribute('href')}")
            assert behind.locator("tbody tr").count() == count, name
            behind.close()
    table = page.get_by_role("region", name="Topics by week").get_by_role("table")
    assert table.get_by_role("columnheader").count() == 7
    assert table.get_by_role("rowheader").last.inner_text() == "Total"
    cell = table.get_by_role("link", name=re.compile("^3 Where is my order Total$"))
    behind = context.new_page()
    behind.goto(f"{desk.base}{cell.get_attribute('href')}")
    assert behind.locator("tbody tr").count() == 3
    behind.close()
    page.locator("#in-time + dd a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("First answers of a person")
    page.locator("tbody a").first.press("Enter")
    expect(page.get_by_role("log")).to_be_visible()
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Last 7 days").press("Enter")
    expect(page.get_by_role("link", name="Last 7 days")).to_have_attribute("aria-current", "true")
    context.close()
