"""Takes the pictures of WooCommerce in a real WordPress: `python -m docs.wordpress_pictures`.

The shop is the tests' own (`tests/wordpress`): WordPress as the distribution packs it, WooCommerce's double, the plugin
as it is uploaded, and a real counter beside it. They are taken again when what they show has changed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from docs.pictures import HERE, IMAGES, press
from plugin.agents import add_membership, create_agent, mint_sign_in_link
from plugin.contract import StatusWord
from plugin.database import ALL
from plugin.stores import as_contract, get_store
from plugin.stores.coverage import save_coverage
from plugin.stores.status_words import learn_statuses

LARGEST = 200_000
"""Bytes that one picture may weigh."""

sys.path.insert(0, str(HERE.parent / "tests" / "wordpress"))
from wordpress_bed import BLOCK_THEME, CLASSIC_THEME, PLUGIN, WordPress, build_zip, open_wordpress  # noqa: E402
from wordpress_counter import Counter, open_counter  # noqa: E402

SCREEN: dict[str, Any] = {"viewport": {"width": 1200, "height": 800}, "locale": "es-CO"}
"""wp-admin is shown in English, for the distribution's WordPress has no other words of its own; the shop in Spanish."""
PARCELS = (
    ("Servientrega", "2104567890", "https://carrier.example/2104567890"),
    ("Coordinadora", "77001234567", ""),
)


def take_pictures() -> None:
    """All of them, into `docs/images`."""
    IMAGES.mkdir(exist_ok=True)
    chromium = (
        os.environ.get("MOSTRADOR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for part in ("shop", "counter"):
            (folder / part).mkdir()
        with open_wordpress(folder / "shop") as shop, open_counter(folder / "counter", shop.url) as counter:
            shop.unzip_plugin(build_zip(folder / "mostrador.zip"))
            shop.activate(PLUGIN)
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
            )
            _show_connect(browser, shop, counter.url)
            counter.connect(shop)
            _show_settings(browser, shop)
            _show_checklist(browser, shop, counter)
            _show_order(browser, shop)
            shop.set_language("es_CO")
            for theme, kind in ((BLOCK_THEME, "blocks"), (CLASSIC_THEME, "classic")):
                _show_checkout(browser, shop, theme, kind)
            browser.close()


def _sign_in(browser: Browser, shop: WordPress) -> Page:
    context = browser.new_context(**SCREEN)
    cookies = shop.sign_in("maria").cookies
    context.add_cookies([{"name": one.name, "value": one.value or "", "url": shop.url} for one in cookies])
    return context.new_page()


def _show_connect(browser: Browser, shop: WordPress, counter: str) -> None:
    """Where the plugin's Connect leads: what will happen, before anything does."""
    page = _sign_in(browser, shop)
    page.goto(shop.url + "/wp-admin/admin.php?page=mostrador")
    page.locator("#mostrador-server").fill(counter)
    with page.expect_navigation():
        page.locator("#submit").click()
    page.get_by_text("Connect", exact=True).click()
    page.wait_for_url(f"{counter}/install/woocommerce?**")
    page.set_viewport_size({"width": 1200, "height": 680})
    page.locator("#shop").evaluate("one => one.value = 'https://barro.example'")
    page.mouse.move(5, 670)
    _keep(page, "woocommerce-connect")
    page.context.close()


def _show_settings(browser: Browser, shop: WordPress) -> None:
    page = _sign_in(browser, shop)
    page.goto(shop.url + "/wp-admin/admin.php?page=mostrador")
    _say_example(page)
    _fit(page, page.locator("#wpbody-content > .wrap"))
    _keep(page, "woocommerce-settings")
    page.context.close()


def _show_checklist(browser: Browser, shop: WordPress, counter: Counter) -> None:
    """As its owner finds it right after connecting: still in preview, with statuses of the shop's own."""
    key, house = shop.make_key(), counter.house
    adapter, now = house.doors.registry.get("woocommerce"), house.doors.clock.now()
    own = (
        StatusWord(raw_status="despachado", name="Despachado"),
        StatusWord(raw_status="entregado", name="Entregado"),
    )
    with house.db.transaction(ALL, "a store for a picture") as tx:
        row = get_store(tx, counter.store.id)
        row.credentials = json.dumps(
            {"url": shop.url, "home": shop.url, "consumer_key": key.name, "consumer_secret": key.secret}
        )
        row.live_at = None
        agent = create_agent(tx, "ana@example.com", "Ana", "es")
        add_membership(tx, row.id, agent.id, "owner")
        learn_statuses(tx, row.id, own)
        store, token = as_contract(row), mint_sign_in_link(tx, agent.id, now)
    surfaces = adapter.surfaces(store)
    with house.db.transaction(counter.store.id) as tx:
        save_coverage(get_store(tx, counter.store.id), surfaces)
    page = browser.new_context(**SCREEN).new_page()
    page.goto(f"{counter.url}/sign-in/{token}")
    page.locator('form[action$="/sign-in/enter"] button').click()
    page.wait_for_url(f"{counter.url}/desk/**")
    page.goto(f"{counter.url}/desk/{store.public_id}/")
    page.set_viewport_size({"width": 1200, "height": 680})
    page.mouse.move(5, 670)
    _keep(page, "woocommerce-checklist")
    page.context.close()


def _show_order(browser: Browser, shop: WordPress) -> None:
    page = _sign_in(browser, shop)
    page.goto(shop.make_order()["edit"])
    page.locator("#mostrador-parcels summary").click()
    for row, (carrier, number, link) in enumerate(PARCELS):
        for name, value in (("carrier", carrier), ("number", number), ("link", link)):
            page.locator(f"#mostrador-parcel-{row}-{name}").fill(value)
    with page.expect_navigation():
        page.locator("button.save_order").click()
    page.mouse.move(600, 700)
    _fit(page, page.locator("#mostrador-parcels"))
    _keep(page, "woocommerce-order")
    page.context.close()


def _show_checkout(browser: Browser, shop: WordPress, theme: str, kind: str) -> None:
    shop.set_theme(theme)
    shop.set_kind(kind)
    page = browser.new_context(**SCREEN).new_page()
    page.goto(f"{shop.url}/cart/?add-to-cart={shop.made['product']}")
    page.goto(shop.url + "/checkout/")
    top = page.locator(
        "form.checkout" if kind == "classic" else "h1"
    )  # the classic theme's heading is a page high
    top.evaluate("one => scrollTo(0, one.getBoundingClientRect().top - 60)")
    page.wait_for_timeout(300)  # the bubble looks again where it may stand
    page.locator("mostrador-widget .bubble").click()
    page.locator("mostrador-widget .panel .row").first.wait_for()
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)  # the panel's entrance
    _keep(page, f"woocommerce-checkout-{kind}")
    page.context.close()


def _say_example(page: Page) -> None:
    """A picture's addresses are those of an example, not of the machine that took it."""
    page.evaluate(
        "for (const one of document.querySelectorAll('#wpbody-content p')) for (const node of one.childNodes)"
        " if (node.nodeType === 3) node.data = node.data.replace(/http:..127[.]0[.]0[.]1:[0-9]+/g, 'https://counter.example')"
    )


def _fit(page: Page, part: Locator) -> None:
    """The window grows until the part is whole in it."""
    box = part.bounding_box()
    assert box
    page.set_viewport_size({"width": 1200, "height": min(int(box["y"] + box["height"]) + 40, 1250)})


def _keep(page: Page, name: str) -> None:
    picture = press(page.screenshot())
    assert len(picture) <= LARGEST, f"{name}.png weighs {len(picture)} bytes"
    (IMAGES / f"{name}.png").write_bytes(picture)
    print(f"{name}.png  {len(picture)} bytes")


if __name__ == "__main__":
    take_pictures()
