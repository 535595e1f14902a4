"""A merchant connects a WooCommerce shop as in life: the shop asks for consent, its server posts, a link is mailed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from connect_scene import PATIENCE, Scene, open_scene, wait
from playwright.sync_api import Browser, BrowserContext, Page, expect

from plugin.agents import create_agent, get_role
from plugin.cli.connect import Wish, connect_now
from plugin.database import ALL

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")


@pytest.fixture
def scene(tmp_path: Path, sqlite_url: str) -> Iterator[Scene]:
    with open_scene(tmp_path, sqlite_url) as opened:
        yield opened
        assert opened.faults == []


@pytest.fixture
def context(browser: Browser, scene: Scene) -> Iterator[BrowserContext]:
    opened = scene.open(browser)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def come_back(page: Page, scene: Scene, state: str, success: int) -> None:
    """As the shop sends its merchant's browser back; anybody may type such an address."""
    query = urlencode({"success": success, "user_id": state})
    page.goto(f"{scene.base}/install/woocommerce/callback?{query}")


def test_a_merchant_approves_signs_in_by_mail_and_goes_live(scene: Scene, page: Page) -> None:
    old = scene.shop.place_order("old@example.com")
    scene.begin(page)
    expect(page.get_by_role("heading")).to_have_text("Mostrador would like to connect to your store")
    scene.log_in(page)
    expect(page.get_by_text("View and manage coupons")).to_be_visible()
    page.get_by_role("link", name="Approve").click()
    page.wait_for_url(f"{scene.base}/install/woocommerce/connected")
    expect(page.get_by_role("heading", level=1)).to_have_text("Barro y Lana está conectada")
    expect(page.get_by_role("radio", name="o•••@e•••.com")).to_be_checked()
    assert "owner@example.com" not in page.content() and scene.mailbox.mails == []
    scene.pick(page)
    expect(page.get_by_role("status")).to_contain_text("o•••@e•••.com")
    scene.sign_in(page)
    scene.settle()
    check_shop(scene)
    page.reload()
    expect(page.get_by_text("El widget está en 13 de 13 páginas")).to_be_visible()
    expect(page.get_by_text("Tu tienda usa 3 estados propios: 0 confirmados")).to_be_visible()
    page.get_by_role("link", name="Dar este paso").click()
    page.get_by_role("button", name="Confirmar todas las propuestas").click()
    expect(page.locator(".status-list .tag-ok")).to_have_count(3)
    go_live(scene, page)
    new = scene.shop.place_order("new@example.com")
    scene.shop.webhooks.run_cron()
    assert [attempt.answer for attempt in scene.shop.webhooks.attempts] == [200] * len(scene.shop.webhooks.attempts)
    page.goto(f"{scene.base}/desk/{scene.stores[0].public_id}/orders")
    expect(page.get_by_role("main")).to_contain_text(old.number)
    wait(lambda: (page.reload(), new.number in page.get_by_role("main").inner_text())[1], "the new order")
    assert {mail["To"] for mail in scene.mailbox.mails} == {"owner@example.com"}


def check_shop(scene: Scene) -> None:
    """What stands in the shop once it is set up."""
    [key], hooks = scene.shop.keys, scene.shop.webhooks
    topics = [hook.topic for hook in hooks.hooks.values()]
    assert key.permissions == "read_write" and len(topics) == len(set(topics)) == len(hooks.pings) > 0
    assert {answer for _, answer in hooks.pings} == {200}
    store = scene.stores[0]
    assert scene.shop.plugin.connection["store"] == store.public_id
    assert scene.shop.plugin.connection["service"] == scene.base
    assert (store.status, store.live_at, store.trouble) == ("connected", None, None)
    assert not any(key.consumer_key in path or key.consumer_secret in path for _, path in scene.asked)


def go_live(scene: Scene, page: Page) -> None:
    """On the store's page: first a test mail, then the button."""
    page.goto(f"{scene.base}/desk/{scene.stores[0].public_id}/store")
    page.get_by_role("button", name="Envíamelo").click()
    expect(page.get_by_role("status").first).to_have_text("El correo de prueba va en camino a tu dirección.")
    wait(lambda: len(scene.mailbox.mails) == 2, "the test mail")
    page.locator("#go-live").get_by_role("button", name="Activar los envíos").click()
    expect(page.locator("#go-live").get_by_role("button", name="Activar los envíos")).to_have_count(0)
    assert scene.stores[0].live_at is not None


def test_who_began_on_the_command_line_approves_in_a_browser_and_reads_the_end_there(scene: Scene, page: Page) -> None:
    with scene.counter.db.transaction(ALL, "who runs the counter") as tx:
        operator = create_agent(tx, "operator@example.com", "Ana", "es").id
    said: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(connect_now, scene.counter, Wish("woocommerce", scene.url, {}, operator), said.append)
        wait(lambda: len(said) == 2, "the link")
        page.goto(said[1])
        scene.log_in(page)
        page.get_by_role("link", name="Approve").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Puedes cerrar esta página")
        told = report.result(PATIENCE)
    assert (told["set_up"], told["preview"], told["trouble"]) == (True, True, "")
    assert {one["state"] for one in told["surfaces"]} == {"live"} and len(scene.shop.webhooks.hooks) == 4
    with scene.counter.db.reading(ALL, "whose store is it") as tx:
        assert get_role(tx, scene.stores[0].id, operator) == "owner"


def test_deny_says_so_and_one_press_begins_anew(scene: Scene, page: Page) -> None:
    scene.begin(page)
    scene.log_in(page)
    page.get_by_role("link", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("Pulsaste Denegar en tu tienda")
    assert scene.shop.keys == [] and scene.stores == []
    page.get_by_role("link", name="Empezar de nuevo").click()
    expect(page.get_by_label("La dirección de tu tienda")).to_have_value(scene.url)
    page.get_by_role("button", name="Conectar", exact=True).click()
    page.get_by_role("link", name="Approve").click()
    page.wait_for_url(f"{scene.base}/install/woocommerce/connected")
    assert len(scene.stores) == len(scene.shop.keys) == 1


def test_the_same_link_approved_twice_connects_once_and_the_second_key_is_deleted(scene: Scene, page: Page) -> None:
    scene.begin(page)
    scene.log_in(page)
    approve = page.get_by_role("link", name="Approve")
    href = approve.get_attribute("href")
    approve.click()
    page.wait_for_url(f"{scene.base}/install/woocommerce/connected")
    first, credentials = list(scene.shop.keys), scene.stores[0].credentials
    page.goto(f"{scene.url}{href}")
    expect(page.locator("body")).to_contain_text("unable to send the consumer data")
    assert scene.shop.keys == first and len(first) == 1
    assert [store.credentials for store in scene.stores] == [credentials]
    assert first[0].consumer_key in (credentials or "")


def test_planted_keys_are_refused_and_use_the_link_up(scene: Scene, page: Page) -> None:
    state = scene.begin(page)
    assert scene.post_keys(state) == 422 and scene.post_keys("x" + state) == 400
    scene.log_in(page)
    page.get_by_role("link", name="Approve").click()
    expect(page.locator("body")).to_contain_text("unable to send the consumer data")
    assert scene.shop.keys == [] and scene.stores == []
    come_back(page, scene, state, 1)
    expect(page.get_by_role("alert")).to_contain_text("La tienda no aceptó las claves")
    page.get_by_role("link", name="Empezar de nuevo").click()
    expect(page.get_by_label("La dirección de tu tienda")).to_have_value(scene.url)


def test_wp_admin_opens_the_desk_and_disconnecting_leaves_nothing_in_the_shop(
    browser: Browser, scene: Scene, page: Page
) -> None:
    scene.connect(page)
    context = scene.open(browser)
    admin = context.new_page()
    admin.goto(f"{scene.url}/wp-admin/")
    admin.get_by_label("Username").fill("admin")
    admin.get_by_label("Password").fill("password")
    admin.get_by_role("button", name="Log in").click()
    with admin.expect_popup() as opened:
        admin.get_by_role("button", name="Open the desk").click()
    desk, public_id = opened.value, scene.stores[0].public_id
    desk.wait_for_url(f"{scene.base}/desk/{public_id}/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Hola, owner")
    desk.goto(f"{scene.base}/desk/{public_id}/store")
    desk.get_by_role("link", name="Desconectar la tienda").click()
    desk.get_by_role("button", name="Desconectar").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Barro y Lana está desconectada")
    assert scene.shop.webhooks.hooks == {} and scene.shop.plugin.connection == {}
    assert [(store.status, store.credentials) for store in scene.stores] == [("uninstalled", None)]
    admin.reload()
    expect(admin.get_by_role("button", name="Open the desk")).to_have_count(0)
    desk.wait_for_load_state("networkidle")
    expect(desk.get_by_role("main")).to_contain_text("elimina la clave que nos diste")
    context.close()
