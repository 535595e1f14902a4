"""The widget of the version before, as shops and browsers still keep it, against the whole counter of today."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from guest_page import wait_until
from playwright.sync_api import Route, expect
from purchase import DESKTOP, LOOKS, PHONE, Desk, Shopper, Staff
from widget_stub_lines import ROOT, TYPES

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("widget-before")

NewShopper = Callable[..., Shopper]
KEPT = ROOT / "tests/data/widget_before/widget.zip"
LOADER = "/widget/loader.js"


def read_build() -> dict[str, bytes]:
    """The files of the build before, by the path they were fetched from."""
    with zipfile.ZipFile(KEPT) as kept:
        return {f"/widget/{name}": kept.read(name) for name in kept.namelist()}


def bring_back(shopper: Shopper, files: dict[str, bytes]) -> None:
    """This browser still has these files, and asks the counter for everything else."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path not in files:
            return route.continue_()
        headers = {"Content-Type": TYPES[Path(path).suffix], "Access-Control-Allow-Origin": "*"}
        return route.fulfill(body=files[path], headers=headers)

    shopper.context.route(re.compile("/widget/"), answer)


def list_builds(shopper: Shopper) -> set[str]:
    """Which builds' files the pages asked for."""
    return {found[1] for path in shopper.watch.asked if (found := re.match(r"/widget/(\w+)/", path))}


@pytest.fixture
def before() -> dict[str, bytes]:
    files = read_build()
    [build] = {path.split("/")[2] for path in files if path != LOADER}
    assert not (ROOT / "plugin/static/widget" / build).exists(), "this is the build of today"
    return files


@pytest.mark.parametrize("look", LOOKS)
def test_the_widget_before_helps_hands_over_and_keeps_the_talk(
    new_shopper: NewShopper, desk: Desk, before: dict[str, bytes], look: str
) -> None:
    shopper = new_shopper(LOOKS[look], email=f"before-{look}@example.com")
    bring_back(shopper, before)
    panel, wish = shopper.panel, f"quiero hablar con una persona (antes, {look})"
    shopper.reach("cart")
    shopper.open()
    expect(panel.locator(".head h2")).to_have_text("Barro y Sol")
    panel.locator(".row").first.click()
    expect(panel.locator("article h3")).to_be_visible()
    expect(panel.locator("article .rich > *").first).to_be_visible()
    panel.locator(".back").click()
    panel.locator(".search input").fill("cuánto tarda el envío")
    # the first question of a shop that was connected just now waits for its index
    expect(panel.locator(".row").first).to_be_visible()
    panel.locator("#chat").click()
    shopper.say("¿Cuánto tarda el envío?")
    expect(panel.locator(".bot")).to_contain_text("de 2 a 4 días laborables")
    panel.locator(".bot .source").click()
    expect(panel.locator("article h3")).to_have_text("¿Cuánto tarda en llegar mi pedido?")
    panel.locator(".back").click()

    shopper.say(wish)
    desk.find(wish).click()
    desk.take()
    expect(panel.locator(".line")).to_have_text("Te atiende Ana")
    desk.page.locator("#reply textarea").press_sequentially("Hola")  # an event that it does not know
    desk.answer("Hola, soy Ana.")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana."])
    shopper.page.reload()
    shopper.wait_for_widget()
    shopper.open("")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana."])
    desk.answer("¿Sigues ahí?")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana.", "¿Sigues ahí?"])
    shopper.say("Sí, gracias")
    expect(desk.thread.last).to_contain_text("Sí, gracias")
    desk.page.locator('#talk form[action$="/resolve"] button').click()
    expect(panel.locator(".line")).to_contain_text("Conversación cerrada")
    assert {who: panel.locator(f".log .{who}").count() for who in ("shopper", "bot", "agent")} == {
        "shopper": 3, "bot": 1, "agent": 2,
    }  # fmt: skip
    assert list_builds(shopper) == {"c9fc7222a7ea"}


def test_the_widget_before_shows_the_order_that_the_shop_vouches_for(
    new_shopper: NewShopper, demo: Demo, before: dict[str, bytes]
) -> None:
    shopper = new_shopper(PHONE, email="before-order@example.com")
    bring_back(shopper, before)
    shopper.reach("thanks")
    Staff(demo).wait_for_mails("before-order@example.com", 1)
    shopper.open()
    expect(shopper.panel.locator(".card")).to_contain_text(shopper.number)
    shopper.panel.locator("#order").click()
    expect(shopper.panel.locator(".status")).to_have_text("Recibido")
    expect(shopper.panel.locator(".lines li")).to_contain_text(["Taza Sol"])
    assert list_builds(shopper) == {"c9fc7222a7ea"}


def test_the_loader_before_gets_the_panel_of_today_and_takes_all_of_it_away(
    new_shopper: NewShopper, before: dict[str, bytes]
) -> None:
    shopper = new_shopper(DESKTOP, email="before-loader@example.com")
    bring_back(shopper, {LOADER: before[LOADER]})
    panel = shopper.panel
    shopper.reach("cart")
    shopper.open("chat")
    expect(panel.locator(".welcome")).to_contain_text("asistente automático")
    shopper.say("¿Cuánto tarda el envío?")
    panel.locator(".helped").get_by_role("button", name="Sí", exact=True).click()
    open_until = len(shopper.watch.asked)
    shopper.shut()
    expect(shopper.page.locator("mostrador-widget .news")).to_be_attached()
    # closed, it looks for news once at once
    wait_until(shopper.page, lambda: any("after=" in path for path in shopper.watch.asked[open_until:]))
    asked = len(shopper.watch.asked)
    shopper.ask("document.querySelector('mostrador-widget').destroy()")
    expect(shopper.page.locator("mostrador-widget")).to_have_count(0)
    assert any("/extras.js" in path for path in shopper.watch.asked)
    shopper.page.wait_for_timeout(500)
    assert shopper.watch.asked[asked:] == []
