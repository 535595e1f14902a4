"""The plain pages in a real browser: accessible, fitting the smallest phone, light and dark, without one script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from plugin.contract import OrderStatus, PaymentStatus, ShipmentStatus, TrackingEvent
from plugin.notices import TRACKING, UNSUBSCRIBE
from plugin.stores.install import mint_install_ticket
from plugin.testing.factories import MOMENT, make_money, make_shipment
from tests.flows.pages_house import add_order, add_store, link, open_house

VIEWS = [(1280, "light"), (390, "light"), (390, "dark"), (320, "dark")]
ACCENTS = ["#0b57d0", "#ffe600", "#101010", "#ffffff"]


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


@dataclass
class Site:
    """A running counter and the paths of its pages by name."""

    origin: str
    paths: dict[str, str]


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    with open_house(sqlite_url, allow_private_hosts="yes", demo_shop_url="http://127.0.0.1:9") as house:
        server = make_server("127.0.0.1", 0, house.web(), threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", list_paths(house))
        server.shutdown()
        thread.join(10)
        server.server_close()


def list_paths(house: Any) -> dict[str, str]:
    store = add_store(house, accent="#a8431e")
    moving = make_shipment(
        tracking_url="https://carrier.example/ES123", carrier="Servientrega", tracking_number="2200 1187 9921",
        expected_at=MOMENT + timedelta(days=2),
        events=tuple(
            TrackingEvent(status=status, raw_status="x", occurred_at=MOMENT + timedelta(hours=hours))
            for status, hours in ((ShipmentStatus.label_created, 1), (ShipmentStatus.in_transit, 20))
        ),
    )  # fmt: skip
    waiting = make_shipment(external_id="p2", tracking_number="", carrier="", status=ShipmentStatus.label_created)
    given = {"status": OrderStatus.processing, "locale": "es_CO", "total": make_money("58000", "COP")}
    at_door = {"pay_on_delivery": True, "payment_status": PaymentStatus.on_delivery}
    order = add_order(house, store, moving, waiting, number="BS-1042", **given, **at_door)
    cancelled = add_order(house, store, external_id="2", number="BS-1043", status=OrderStatus.cancelled, locale="en")
    colours = {
        f"accent {accent}": f"/help/{add_store(house, domain=f'{accent[1:]}.example', accent=accent).public_id}/en/"
        for accent in ACCENTS
    }
    ticket = mint_install_ticket(house.doors.settings, house.doors.clock)
    return {
        "hub": f"/help/{store.public_id}/es/", "hub in Portuguese": f"/help/{store.public_id}/pt/",
        "article": f"/help/{store.public_id}/es/how-to-return", "missing": f"/help/{store.public_id}/es/nothing",
        "unknown store": "/help/st_nobody/en/", "tracking": link(house, TRACKING, order), "bad link": "/t/x",
        "tracking cancelled": link(house, TRACKING, cancelled), "unsubscribe": link(house, UNSUBSCRIBE, order),
        "install": f"/install/demo?ticket={ticket}", "install refused": "/install/demo",
        "install form": f"/install/woocommerce?ticket={ticket}",
        "install unknown": "/install/nothing", **colours,
    }  # fmt: skip


def faults(page: Page, name: str) -> list[str]:
    found = [
        f"{name}: {fault['id']} {fault['nodes'][0]['html'][:160]}" for fault in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{name}: wider than the screen")
    small = page.evaluate(
        "[...document.querySelectorAll('a, button, input:not([type=hidden])')]"
        ".filter(one => !one.closest('.prose') && !one.matches('.skip') && one.getBoundingClientRect().height < 44)"
        ".map(one => one.outerHTML.slice(0, 80))"
    )
    return found + [f"{name}: too small for a finger: {one}" for one in small]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_page_is_accessible_and_fits(site: Site, browser: Browser, view: tuple[int, str]) -> None:
    width, scheme = view
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light", locale="es",
        java_script_enabled=True,
    )  # fmt: skip
    page, found = context.new_page(), []
    page.on("console", lambda said: found.append(f"console: {said.text}") if "status of 4" not in said.text else None)
    for name, path in site.paths.items():
        page.goto(site.origin + path)
        if name == "install form":
            found += faults(page, f"{name} begins {width} {scheme}")
            with page.expect_navigation():
                page.get_by_role("button", name="Mejor pegar claves").click()
            assert page.locator("#field-consumer_secret").get_attribute("type") == "password"
        found += faults(page, f"{name} {width} {scheme}")
    assert found == []
    context.close()


def test_a_fault_would_be_seen(site: Site, page: Page) -> None:
    page.goto(site.origin + site.paths["hub"])
    page.evaluate("document.querySelector('.search label').style.color = '#c8c8c8'; document.documentElement.lang = ''")
    page.evaluate("document.querySelector('.rows a').style.cssText = 'min-height: 20px; padding: 0'")
    told = " ".join(faults(page, "faulty"))
    assert "color-contrast" in told and "html-has-lang" in told and "too small for a finger" in told


def test_pages_work_without_javascript_and_ask_nobody_else(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="es")
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.origin + site.paths["hub"])
    page.get_by_role("link", name="¿Puedo devolver un producto?").or_(page.locator(".rows a")).first.click()
    page.get_by_role("link", name="Todas las respuestas").click()
    page.get_by_role("link", name="Português").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Como podemos ajudar?")
    page.goto(site.origin + site.paths["unsubscribe"])
    page.get_by_role("button", name="No recibir más estos correos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ya no recibirás estos correos")
    page.get_by_role("button", name="Quiero recibirlos otra vez").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Volverás a recibir estos correos")
    assert asked and all(url.startswith(site.origin) for url in asked)
    context.close()


def test_the_store_s_colour_and_the_dark_are_really_there(site: Site, browser: Browser) -> None:
    seen = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        page.goto(site.origin + site.paths["hub"])
        seen.append(
            page.evaluate(
                "[getComputedStyle(document.body).backgroundColor,"
                " getComputedStyle(document.querySelector('.mark')).backgroundColor]"
            )
        )
        context.close()
    assert seen == [["rgb(245, 245, 242)", "rgb(168, 67, 30)"], ["rgb(19, 20, 22)", "rgb(168, 67, 30)"]]
