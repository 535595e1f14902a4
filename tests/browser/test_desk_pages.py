"""The desk in a real browser: live without reloading, by keyboard, without scripts, readable in every look."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from guest_page import wait_until
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter

from faq_links import EXAMPLE_ANSWERS
from plugin.agents import AgentRow
from plugin.care import Agent, agents_here, reply
from plugin.contract import OrderStatus, PaymentStatus, ShipmentStatus, TrackingEvent
from plugin.orders import OrderRow
from plugin.privacy import ask_for_customer
from plugin.push.sse import BEAT_SECONDS
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_shipment
from plugin.testing.servers import find_free_port

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1360, "height": 850}},
    "dark": {"viewport": {"width": 1360, "height": 850}, "color_scheme": "dark"},
    "middle": {"viewport": {"width": 900, "height": 700}},
    "320 px": {"viewport": {"width": 320, "height": 568}},
    "390 px dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "forced colours": {"viewport": {"width": 1100, "height": 760}, "forced_colors": "active"},
}
for look in LOOKS.values():
    look["reduced_motion"] = "reduce"  # a colour that is read must not be on its way to another


@dataclass
class Desk:
    """A served counter with a store, an agent, an order and two conversations."""

    counter: Counter
    base: str
    store: StoreRow
    ana: AgentRow
    order: OrderRow
    answered: str
    waiting: str
    receipt: str = ""

    def url(self, path: str) -> str:
        return f"{self.base}/desk/{self.store.public_id}/{path}"

    def open(self, context: BrowserContext, path: str = "") -> Page:
        """A signed-in page whose console must stay silent."""
        page = context.new_page()
        page.on(
            "console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text)
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.base}/sign-in/{self.counter.mint_link(self.ana)}")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**/desk/{self.store.public_id}/")
        page.goto(self.url(path))
        return page

    @property
    def complaints(self) -> list[str]:
        found: list[str] = self.__dict__.setdefault("_complaints", [])
        return found


@contextmanager
def serve(counter: Counter, port: int) -> Iterator[None]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, counter.house.web(), threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        counter.house.doors.hub.close()
        server.shutdown()
        thread.join(10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter, serve(counter, port):
        made = fill(counter, base)
        yield made
        assert made.complaints == []


def fill(counter: Counter, base: str) -> Desk:
    store = counter.add_store(
        "barro.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])}, trouble="A <b>key</b> is old",
        capabilities=["add_shipment"],
    )
    ana = counter.add_agent("Ana", store)
    event = TrackingEvent(
        status=ShipmentStatus.in_transit, raw_status="t", occurred_at=MOMENT, message="Admitido"
    )
    order = counter.add_order(
        store, make_shipment(tracking_url="https://correos.example/ES123", events=(event,)),
        make_shipment(external_id="p2"), status=OrderStatus.processing, payment_status=PaymentStatus.paid,
        paid_at=MOMENT, status_url="https://barro.example/o",
    )  # fmt: skip
    counter.clock.advance(30)
    counter.run_jobs()
    answered = counter.write(store, "¿Cuánto tarda en llegar un pedido?", order_id=order.id)
    reply(counter.house.doors.care, store.id, answered, Agent(ana.id, "Ana"), "¡Hola! Ya sale.", "c-1")
    waiting = counter.write(store, "quiero una persona", person=True)
    return Desk(counter, base, store, ana, order, answered, waiting, ask_for_copies(counter, store))


def ask_for_copies(counter: Counter, store: StoreRow) -> str:
    """A copy that waits for the merchant, and one that is not made yet; gives the receipt of the first."""
    receipts = []
    for address in ("alma@example.com", "otra@example.com"):
        with counter.db.transaction(store.id) as tx:
            receipts.append(ask_for_customer(tx, counter.db, store.id, "copy", address, counter.clock.now()))
        if len(receipts) == 1:
            counter.run_jobs()
    return receipts[0]


PAGES = ("", "conversations", "conversations/{answered}", "conversations/{waiting}#about", "orders", "orders?number=9",
         "orders/{order}", "shipments", "store", "answers", "deliveries", "privacy", "privacy/{receipt}", "accesses",
         "nothing-here")  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_for_everybody_and_fits(browser: Browser, desk: Desk, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context)
    paths = [
        desk.url(
            one.format(answered=desk.answered, waiting=desk.waiting, order=desk.order.id, receipt=desk.receipt)
        )
        for one in PAGES[:-1]
    ]
    for url in [*paths, f"{desk.base}/desk/account", f"{desk.base}/sign-in", f"{desk.base}/sign-in/{'A' * 32}",
                f"{desk.base}/desk/st_AAAAAAAAAAAAAAAA/"]:  # fmt: skip
        page.goto(url)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [
            (one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found
        ] == [], url
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
        assert find_small_targets(page) == [], url
    desk.complaints[:] = [one for one in desk.complaints if "404" not in one and "410" not in one]
    context.close()


def find_small_targets(page: Page) -> list[str]:
    """Buttons, links and fields below 24 px; links within a sentence are as high as its line."""
    found: list[str] = (
        page.evaluate("""() => [...document.querySelectorAll('button, input, select, textarea, summary, nav a')]
        .filter(one => one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true}))
        .map(one => [one, one.getBoundingClientRect()])
        .filter(([one, box]) => box.width > 1 && (box.height < 24 || box.width < 24) && one.type !== 'radio')
        .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)""")
    )
    return found


def test_a_shopper_s_words_appear_and_the_answer_goes_with_ctrl_enter(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    page.evaluate("window.stays = true")
    expect(page.locator("#waiting .badge")).to_contain_text("1")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    write_again(desk, "¿Sigue ahí alguien?")
    expect(page.get_by_role("log")).to_contain_text("¿Sigue ahí alguien?")
    box = page.get_by_label("Your answer")
    box.fill("Sí, aquí estoy.")
    box.press("Control+Enter")
    expect(page.locator(".from-agent .said")).to_have_text("Sí, aquí estoy.")
    expect(page.get_by_label("Your answer")).to_have_value("")
    expect(page.get_by_label("Your answer")).to_be_focused()
    expect(page.locator("#waiting .badge")).to_have_count(0)
    expect(page).not_to_have_title(re.compile(r"^\("))
    assert page.evaluate("window.stays") is True
    context.close()


def write_again(desk: Desk, text: str) -> None:
    """The shopper who waits writes once more."""
    from plugin.care import Arrived, ConversationRow, post_message
    from plugin.database import ALL

    with desk.counter.db.reading(ALL, "test") as tx:
        visitor_id = next(
            row.visitor_id for row in tx.query(ConversationRow) if row.public_id == desk.waiting
        )
    visitor = desk.counter._visitor(visitor_id)
    arrived = Arrived(text=text, client_id=f"c-{text}", locale="es")
    post_message(desk.counter.house.doors.care, desk.store, visitor, arrived)


def test_what_is_typed_stays_while_the_thread_refreshes(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    box = page.get_by_label("Your answer")
    box.fill("A medio escribir")
    write_again(desk, "otra cosa más")
    expect(page.get_by_role("log")).to_contain_text("otra cosa más")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".talk-title")).to_contain_text("You are answering")
    expect(box).to_have_value("A medio escribir")
    context.close()


def test_two_agents_see_who_answers(browser: Browser, desk: Desk) -> None:
    eva = desk.counter.add_agent("Eva", desk.store, role="agent")
    first, second = browser.new_context(**LOOKS["light"]), browser.new_context(**LOOKS["light"])
    one = desk.open(first, f"conversations/{desk.waiting}")
    desk.ana = eva
    other = desk.open(second, f"conversations/{desk.waiting}")
    one.get_by_role("button", name="Take it").click()
    expect(other.locator(".talk-title")).to_contain_text("Ana is answering")
    other.get_by_label("Your answer").fill("Yo también")
    other.get_by_role("button", name="Send").click()
    expect(other.get_by_role("alert")).to_contain_text("Ana is answering here")
    expect(other.get_by_label("Your answer")).to_have_value("Yo también")
    desk.complaints[:] = [said for said in desk.complaints if "409" not in said]
    other.get_by_role("button", name="Take over from Ana").click()
    expect(one.locator(".talk-title")).to_contain_text("Eva is answering")
    first.close()
    second.close()


def test_after_a_broken_line_nothing_is_missing(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    hub, care = desk.counter.house.doors.hub, desk.counter.house.doors.care
    expect(page.locator("#waiting .badge")).to_have_count(1)
    assert agents_here(care, desk.store.id) == ("Ana",)
    publish, hub.publish = hub.publish, lambda *_: None
    write_again(desk, "dicho mientras la línea estaba rota")
    hub.publish = publish
    assert "rota" not in page.get_by_role("log").inner_text()
    hub.end_all()
    expect(page.get_by_role("log")).to_contain_text("rota")
    context.close()


def test_many_tabs_share_one_stream_and_the_next_takes_over(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    pages = [desk.open(context, f"conversations/{desk.waiting}")]
    for _ in range(7):
        page = context.new_page()
        page.goto(desk.url(f"conversations/{desk.waiting}"))
        pages.append(page)
    expect(pages[0].locator("#waiting .badge")).to_have_count(1)
    hub = desk.counter.house.doors.hub
    wait_until(pages[0], lambda: hub.count() == 1, BEAT_SECONDS + 5)  # the page before is found gone with its next beat
    assert hub.count() == 1
    write_again(desk, "a todas las pestañas")
    for page in pages:
        expect(page.get_by_role("log")).to_contain_text("a todas las pestañas")
    pages[0].close()
    write_again(desk, "y también después")
    for page in pages[1:]:
        expect(page.get_by_role("log")).to_contain_text("y también después")
    context.close()


def test_hostile_words_run_nothing_and_break_no_policy(browser: Browser, desk: Desk) -> None:
    hostile = "<img src=x onerror=window.ran=1><script>window.ran=1</script>\"'><svg onload=window.ran=1>"
    order = desk.counter.add_order(
        desk.store, make_shipment(carrier=hostile, tracking_number=hostile, tracking_url="javascript:window.ran=1"),
        external_id=hostile, number=hostile, customer_name=hostile, payment_method=hostile, raw_status=hostile,
    )  # fmt: skip
    talk = desk.counter.write(desk.store, hostile, page=hostile, steps=(hostile,), order_id=order.id)
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context)
    for path in (
        "conversations",
        f"conversations/{talk}",
        "orders",
        f"orders/{order.id}",
        f"orders?number={hostile}",
    ):
        page.goto(desk.url(path))
        page.wait_for_load_state("load")
        assert page.evaluate("window.ran") is None, path
        silent = path == "conversations" or "number=" in path  # the bot had the last word there
        assert silent or "<img src=x onerror" in page.locator("main").inner_text(), path
    context.close()


def test_everything_but_live_works_without_scripts(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False, **LOOKS["390 px dark"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".talk-title")).to_contain_text("You are answering")
    page.get_by_label("Your answer").fill("Sin guiones")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-agent .said")).to_have_text("Sin guiones")
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("heading", name="Where they were last")).to_be_in_viewport()
    page.get_by_role("link", name="Close").click()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(".talk-link")).to_have_count(2)
    page.goto(desk.url("store"))
    page.get_by_role("button", name="Back to preview").click()
    expect(page.get_by_role("status").first).to_contain_text("in preview")
    context.close()


def test_the_desk_is_walked_by_keyboard_and_focus_is_seen(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, "orders")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    seen = []
    for _ in range(6):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineWidth]"
            )
        )
    assert ["1001", "3px"] in seen, seen
    page.get_by_role("link", name="1001").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order 1001")
    context.close()


def test_a_colour_is_previewed_while_it_is_chosen(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, "store")
    page.locator("#accent-colour").fill("#ffff00")
    expect(page.locator("#accent-preview")).to_contain_text("darker shade")
    assert page.locator("#accent-preview rect").first.get_attribute("fill") == "#ffff00"
    context.close()


def test_a_session_that_was_ended_elsewhere_leads_to_the_door(browser: Browser, desk: Desk) -> None:
    from plugin.agents import revoke_other_sessions
    from plugin.database import ALL

    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    expect(page.locator("#waiting .badge")).to_have_count(1)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.is_navigation_request() else None)
    with desk.counter.db.transaction(ALL, "test") as tx:
        revoke_other_sessions(tx, desk.ana.id, 0, desk.counter.clock.now())
    expect(page).to_have_url(re.compile(r"/sign-in$"))
    assert len(asked) == 1, "each part of the page is refused, and the page leaves once"
    desk.complaints[:] = [said for said in desk.complaints if "401" not in said]
    context.close()
