"""The chat page inside checkout: whom it believes, and that a talk goes on from step to step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout_frame import CHECKOUT, Checkout, answer, context_of
from guest_page import wait_until
from playwright.sync_api import expect

from plugin.testing.factories import make_order
from tests.flows.widget_shop import Shop


def test_each_session_carries_a_token_of_app_bridge_renewed_before_it_is_too_old(
    enter: Callable[..., Checkout],
) -> None:
    checkout = enter().visit()
    checkout.tell(context_of("shipping"))
    checkout.wait_for_sessions(2)
    checkout.grow_older(3 * 60)
    checkout.tell(context_of("payment"))
    checkout.wait_for_sessions(3)
    checkout.grow_older(61)
    checkout.tell(context_of("review"))
    checkout.wait_for_sessions(4)
    assert [token for token, _ in checkout.sessions] == ["token-1", "token-1", "token-1", "token-2"]
    assert [said["step"] for _, said in checkout.sessions] == ["", "shipping", "payment", "review"]


def test_a_token_that_is_refused_is_asked_for_anew_once(enter: Callable[..., Checkout]) -> None:
    checkout = enter()
    checkout.refusals = [401]
    checkout.visit()
    assert [token for token, _ in checkout.sessions] == ["token-1", "token-2"]


def test_a_proof_that_grows_old_is_renewed_when_the_panel_is_opened_again(
    enter: Callable[..., Checkout], shop: Shop
) -> None:
    shop.add_order(make_order(external_id="1042", number="1042"))
    checkout = enter()
    checkout.proof = shop.prove(order="1042")
    checkout.visit()
    checkout.open("order").locator(".status").wait_for()
    checkout.page.keyboard.press("Escape")
    checkout.grow_older(11 * 60)
    checkout.open("order").locator(".status").wait_for()
    checkout.wait_for_sessions(2)


def test_an_order_that_could_not_be_proved_right_after_the_payment_is_there_when_the_chat_is_opened(
    enter: Callable[..., Checkout], shop: Shop
) -> None:
    shop.add_order(make_order(external_id="1042", number="1042"))
    checkout = enter().visit()
    checkout.tell(context_of("thank_you", order="gid://shopify/OrderIdentity/1042"))
    checkout.wait_for_sessions(2)
    checkout.proof = shop.prove(order="1042")
    checkout.button.click()
    checkout.panel.locator("#order").click()
    checkout.panel.locator(".status").wait_for()
    checkout.page.keyboard.press("Escape")
    checkout.open("order")
    checkout.wait_for_sessions(3)


@pytest.mark.parametrize("trouble", ["refuse", "absent", "session"])
def test_without_a_token_it_says_quietly_where_help_is(
    enter: Callable[..., Checkout], tmp_path: Path, trouble: str
) -> None:
    checkout = enter(**({} if trouble == "session" else {trouble: True}))
    checkout.refusals = [401] * 99 if trouble == "session" else []
    checkout.page.goto(CHECKOUT)
    link = checkout.chat.get_by_role("link")
    link.wait_for()
    assert link.get_attribute("href") == checkout.help
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    expect(link).to_have_text("El chat no está disponible ahora. Ver la ayuda" if trouble != "absent" else
                              "Chat is not available right now. See the help pages")  # fmt: skip
    checkout.wait_until_small()
    assert link.evaluate(
        "e => e.scrollHeight <= e.clientHeight + 1 && e.getBoundingClientRect().height <= 72"
    )
    expect(checkout.button).to_have_count(0)
    checkout.show(f"trouble-{trouble}", tmp_path)


def test_after_a_failed_beginning_the_chat_still_comes(enter: Callable[..., Checkout]) -> None:
    checkout = enter()
    checkout.refusals = [503] * 99  # it tries again by itself
    checkout.page.goto(CHECKOUT)
    checkout.chat.get_by_role("link").wait_for()
    checkout.refusals.clear()
    checkout.tell(context_of("payment"))
    checkout.button.wait_for()
    expect(checkout.chat.get_by_role("link")).to_have_count(0)


def test_what_is_not_a_context_is_not_heard(enter: Callable[..., Checkout]) -> None:
    checkout = enter().visit()
    for by in ("port", "window"):
        for strange in (
            None, "mostrador:context", 7, [], {"type": "other", "step": "payment"},
            {"type": "mostrador:context", "step": 7, "order": {"a": 1}, "steps": "payment"},
            {"type": "mostrador:context", "step": "x" * 300, "steps": [1, {}, "<b>", "A B"], "admin": True},
        ):  # fmt: skip
            checkout.tell(strange or {"x": 0}, by=by)
    checkout.wait_for_sessions(1)
    checkout.tell(context_of("payment", by="window", extra="<script>"), by="window")
    checkout.wait_for_sessions(2)
    assert set(checkout.sessions[1][1]) == {"step", "steps", "basket", "order", "checkout_token", "locale"}
    # a frame of somebody else inside the checkout is not the checkout
    checkout.page.evaluate(
        """m => { const f = document.createElement('iframe'); f.srcdoc = '<script>' +
        'top.frames[0].postMessage(' + JSON.stringify(m) + ', "*")</' + 'script>'; document.body.append(f) }""",
        context_of("review"),
    )
    checkout.wait_for_sessions(2)


def test_a_new_step_and_basket_change_the_help_and_leave_the_talk(
    enter: Callable[..., Checkout], shop: Shop
) -> None:
    checkout = enter().visit()
    checkout.tell(context_of("shipping"))
    checkout.wait_for_sessions(2)
    boots: list[str] = []
    checkout.page.on("request", lambda r: boots.append(r.url) if "/boot?" in r.url else None)
    panel = checkout.open("chat")
    checkout.say("hola, ¿hacen envíos a Pasto?")
    panel.locator(".bot").wait_for()
    panel.locator("textarea").fill("a medias")
    panel.locator(".shopper").evaluate("e => { e.marked = true }")
    checkout.tell(context_of("payment", basket="99000 COP"))
    checkout.wait_for_sessions(3)
    expect(panel.locator("textarea")).to_have_value("a medias")
    expect(panel.locator("textarea")).to_be_focused()
    assert panel.locator(".shopper").evaluate("e => e.marked"), "the talk was drawn anew"
    wait_until(checkout.page, lambda: len(boots) >= 2)
    assert [url.partition("steps=")[2] for url in boots] == [
        "checkout%2Cshipping&basket=1",
        "checkout%2Cpayment&basket=1",
    ]
    posted: list[Any] = []
    checkout.page.on(
        "request", lambda r: posted.append(r.post_data_json) if r.url.endswith("/messages") else None
    )
    checkout.say("otra cosa")
    expect(panel.locator(".shopper")).to_have_count(2)
    wait_until(checkout.page, lambda: bool(posted))
    assert [(p["steps"], p["basket"], p["page"]) for p in posted] == [
        (["checkout", "payment"], "99000 COP", None)
    ]


def test_a_basket_alone_asks_for_no_session(enter: Callable[..., Checkout]) -> None:
    checkout = enter().visit()
    checkout.tell(context_of("payment"))
    checkout.wait_for_sessions(2)
    checkout.tell(context_of("payment", basket="1 COP"))
    checkout.wait_for_sessions(2)


def test_answers_arrive_live_and_are_counted_quietly_while_it_is_closed(
    enter: Callable[..., Checkout], shop: Shop, tmp_path: Path
) -> None:
    checkout = enter().visit()
    panel = checkout.open("chat")
    checkout.say("¿Cuánto tarda el envío?")
    panel.locator(".bot").wait_for()
    answer(shop, "Hola, soy Ana.")
    expect(panel.locator(".agent .say")).to_have_text("Hola, soy Ana.")
    checkout.show("talk", tmp_path)
    checkout.page.keyboard.press("Escape")
    expect(checkout.button.locator("b")).to_be_hidden()
    answer(shop, "Tarda dos días.")
    expect(checkout.button.locator("b")).to_have_text("1")
    answer(shop, "¿Te sirve?")
    expect(checkout.button).to_have_attribute("aria-label", "Ayuda, 2 mensajes nuevos")
    checkout.wait_until_small()
    expect(panel).to_be_hidden()
    assert checkout.page.evaluate("document.activeElement.tagName") == "IFRAME"
    checkout.show("news", tmp_path)
    checkout.button.click()
    expect(panel.locator(".agent")).to_have_count(3)
    panel.locator(".head .icon").click()
    expect(checkout.button.locator("b")).to_be_hidden()


def test_on_the_next_page_of_the_checkout_the_talk_is_still_there(
    enter: Callable[..., Checkout], shop: Shop
) -> None:
    checkout = enter().visit_alone()
    panel = checkout.open("chat")
    checkout.say("hola")
    panel.locator(".bot").wait_for()
    panel.locator(".head .icon").click()
    checkout.page.goto("about:blank")
    answer(shop, "Ya estoy contigo.")
    checkout.visit_alone()
    expect(checkout.button.locator("b")).to_have_text("1")
    panel = checkout.panel
    expect(panel).to_be_hidden()
    checkout.button.click()
    expect(panel.locator(".agent .say")).to_have_text("Ya estoy contigo.")
    expect(panel.locator(".shopper .say")).to_have_text("hola")


def test_where_the_browser_forbids_storage_the_page_s_memory_serves(enter: Callable[..., Checkout]) -> None:
    checkout = enter()
    checkout.page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    panel = checkout.visit().open("chat")
    checkout.say("uno")
    panel.locator(".bot").wait_for()
    checkout.page.keyboard.press("Escape")
    checkout.button.click()
    expect(panel.locator(".shopper .say")).to_have_text("uno")


def test_when_the_panel_cannot_be_fetched_the_button_says_so_and_tries_again(
    enter: Callable[..., Checkout],
) -> None:
    checkout = enter().visit()
    checkout.page.context.route("**/panel.js*", lambda route: route.abort())
    checkout.button.click()
    expect(checkout.button).to_have_text("Reintentar")
    checkout.wait_until_small()
    checkout.page.context.unroute("**/panel.js*")
    checkout.open().locator(".row").first.wait_for()
