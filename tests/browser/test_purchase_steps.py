"""A cup is bought, from the catalogue to the order's page, with the widget standing on every step as a good guest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from guest_page import list_listeners, wait_until
from playwright.sync_api import Response, expect
from purchase import DESKTOP, KEPT, LOOKS, NOTHING_KEPT, PHONE, STEPS, Shopper

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("purchase-steps")

NewShopper = Callable[..., Shopper]


@pytest.mark.parametrize("look", LOOKS)
def test_on_every_step_the_widget_opens_with_the_answers_for_that_step(
    new_shopper: NewShopper, demo: Demo, look: str
) -> None:
    shopper = new_shopper(LOOKS[look])
    policies = _gather_policies(shopper)
    seen: dict[str, str] = {}
    links: dict[str, list[str]] = {}
    for name in shopper.walk():
        seen[name] = shopper.steps()
        expect(shopper.page.locator("mostrador-widget")).to_have_count(1)
        panel = shopper.open()
        expect(panel.locator(".head h2")).to_have_text("Barro y Sol")
        rows = panel.locator(".list").first.locator(".row")
        expect(rows).to_have_count(5)
        links[name] = rows.all_inner_texts()
        assert panel.locator("details").count() == 5, "every topic is there too"
        shopper.shut()
        expect(shopper.bubble).to_be_visible()
    assert seen == STEPS
    assert shopper.number.startswith("BS-")
    assert links["payment"][0] == "¿Cómo puedo pagar?"
    assert links["order"][0] == "¿Dónde está mi pedido?"
    assert len({tuple(titles) for titles in links.values()}) >= 6, "the links follow the purchase"
    strict = {"default-src 'none'", f"script-src {demo.counter}", f"connect-src {demo.counter}", "style-src 'self'",
              "require-trusted-types-for 'script'", "trusted-types 'none'"}  # fmt: skip
    assert len(policies) == len(STEPS)
    assert all(strict <= set(policy.split("; ")) for policy in policies)
    assert shopper.watch.faults == [], "nothing of the widget needs more than that"


def _gather_policies(shopper: Shopper) -> list[str]:
    """The policy of each page that will be shown."""
    policies: list[str] = []

    def note(answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.status == 200:
            policies.append(answer.headers["content-security-policy"])

    shopper.page.on("response", note)
    return policies


def test_before_the_first_tap_each_page_costs_one_request_and_nothing_is_kept_or_listened_to(
    new_shopper: NewShopper, demo: Demo
) -> None:
    shopper = new_shopper(PHONE)
    for name in shopper.walk():
        assert shopper.watch.asked == ["/widget/loader.js"], name
        assert shopper.ask(KEPT) == NOTHING_KEPT, name
        assert list_listeners(shopper.page) == [], name
        kept = {cookie["name"] for cookie in shopper.context.cookies()}
        assert kept <= {f"barro_y_sol_{demo.shop.rsplit(chr(58), 1)[1]}"}, (
            f"{name}: only the shop's own cookie"
        )
        shopper.watch.asked.clear()
    shopper.open("chat")
    shopper.say("hola")
    shopper.panel.locator(".bot").wait_for()
    assert len(shopper.watch.asked) > 4 and shopper.ask(KEPT) != NOTHING_KEPT, "the counts can be other"
    assert list_listeners(shopper.page) != []


def test_what_was_typed_in_the_checkout_stays_and_back_only_closes_the_panel(new_shopper: NewShopper) -> None:
    shopper = new_shopper(PHONE)
    page = shopper.page
    for name in shopper.walk("payment"):
        typed = shopper.words_for(name)
        for place, words in typed.items():
            page.locator(place).fill(words)
        if not typed:
            continue
        address, entries = page.url, shopper.ask("history.length")
        panel = shopper.open()
        assert shopper.ask(
            "document.querySelector('mostrador-widget').shadowRoot.querySelector(':modal') !== null"
        )
        panel.locator(".row").first.tap()
        panel.locator("article").wait_for()
        shopper.ask("history.back()")
        expect(panel).to_be_hidden()
        assert page.url == address
        assert {place: page.locator(place).input_value() for place in typed} == typed
        assert shopper.ask("history.length") == entries + 1
        shopper.open()
        panel.locator(".head .icon").tap()
        expect(panel).to_be_hidden()
        # it takes its own step back, which a busy browser may do a moment later: after that it is walked on
        wait_until(page, lambda: not shopper.ask("history.state?.mostrador"))
        assert {place: page.locator(place).input_value() for place in typed} == typed
        assert shopper.ask("history.length") == entries + 1, "the entry is used again"
    shopper.ask("history.back()")
    expect(page).to_have_url(f"{shopper.demo.shop}/es/checkout/shipping")


def test_search_finds_the_article_however_it_is_written(new_shopper: NewShopper) -> None:
    shopper = new_shopper(PHONE)
    shopper.reach("product")
    panel = shopper.open()
    for words in ("cuanto tarda el envio", "¿Quánto demora el embío?", "plaso de entrega"):
        panel.locator("input").fill(words)
        panel.locator(".ask").wait_for()
        first = panel.locator(".row").first
        expect(first).to_have_text("¿Cuánto tarda en llegar mi pedido?")
        first.tap()
        expect(panel.locator("article h3")).to_have_text("¿Cuánto tarda en llegar mi pedido?")
        expect(panel.locator("article .rich")).to_contain_text("de 2 a 4 días laborables")
        panel.locator(".back").tap()
        expect(panel.locator("input")).to_have_value(words)


PLACES = """(() => {
  const pay = document.querySelector('#pay').getBoundingClientRect()
  const bubble = document.querySelector('mostrador-widget').shadowRoot.querySelector('.bubble')
  const b = bubble.getBoundingClientRect()
  const width = Math.min(pay.right, b.right) - Math.max(pay.left, b.left)
  const height = Math.min(pay.bottom, b.bottom) - Math.max(pay.top, b.top)
  const seen = getComputedStyle(bubble).visibility === 'visible'
  return {seen, covered: seen && width > 0 && height > 0 ? width * height : 0}
})()"""
SCROLL = """new Promise(done => { scrollTo({top: %d, behavior: 'instant'})
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))) })"""


def _look_for_overlap(shopper: Shopper, width: int) -> dict[str, Any]:
    """Square pixels of the pay button under the bubble, by scroll position; where the bubble was to be seen."""
    shopper.page.set_viewport_size({"width": width, "height": 640})
    shopper.page.wait_for_timeout(250)
    bottom = shopper.ask("document.documentElement.scrollHeight - innerHeight")
    found = {}
    for top in range(0, max(bottom, 1), 83):
        shopper.ask(SCROLL % top)
        wait_until(shopper.page, lambda: not shopper.ask(PLACES)["covered"], seconds=2)
        found[top] = shopper.ask(PLACES)
    return {
        "covered": {top: place["covered"] for top, place in found.items() if place["covered"]},
        "seen": sum(place["seen"] for place in found.values()),
    }


def test_the_bubble_never_covers_the_pay_button(new_shopper: NewShopper) -> None:
    shopper = new_shopper(PHONE)
    shopper.card = "4000 0000 0000 0002"
    found: dict[tuple[str, int], Any] = {}

    def measure(name: str) -> None:
        for width in (320, 360, 390, 430):
            found[name, width] = _look_for_overlap(shopper, width)

    for name in shopper.walk("review"):
        if name in ("payment", "review"):
            measure(name)
    shopper.leave("review")
    shopper.page.wait_for_url("**/pay")
    shopper.wait_for_widget()
    measure("pay again after a refused card")
    assert len(found) == 12
    assert {where: one["covered"] for where, one in found.items() if one["covered"]} == {}
    assert [where for where, one in found.items() if not one["seen"]] == []


def test_an_overlap_would_be_measured(new_shopper: NewShopper) -> None:
    shopper = new_shopper(PHONE)
    shopper.reach("payment")
    # All in one breath: the bubble itself would move away again.
    found = shopper.ask(
        "document.querySelector('#pay').style.cssText = 'position:fixed;bottom:0;right:0;width:99%';"
        "document.querySelector('mostrador-widget').shadowRoot.querySelector('.bubble').style.cssText ="
        f" 'transform:none;bottom:8px;visibility:visible'; {PLACES}"
    )
    assert found["covered"] > 0


def test_a_breach_of_the_policy_would_be_seen(new_shopper: NewShopper) -> None:
    shopper = new_shopper(DESKTOP)
    shopper.reach("catalogue")
    shopper.open()
    assert shopper.watch.faults == []
    shopper.ask(
        "document.head.append(Object.assign(document.createElement('style'), {textContent: 'p{color:red}'})), 0"
    )
    shopper.ask("try { document.body.insertAdjacentHTML('beforeend', '<p>') } catch {} 0")
    told = ("policy: style-src", "policy: require-trusted-types-for")
    wait_until(shopper.page, lambda: all(one in " ".join(shopper.watch.faults) for one in told))
    broken = " ".join(shopper.watch.faults)
    assert all(one in broken for one in told)
    shopper.watch.faults.clear()
