"""More than five hundred script payloads in every field that a shopper, a shop or an agent fills: none runs.

Pages are opened without their Content-Security-Policy, so that what is tried is that text stays text and not that a
second wall stands behind it. `test_the_alarm_goes_off…` shows that the same payloads run where somebody is careless.
"""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from checkout_frame import BRIDGE, Checkout
from payload_alarm import SCAN, Alarm, Site, open_sites
from payload_scene import EMAIL, NUMBER, Scene, join, make_parcels, make_refunds, open_scene, turn
from payloads import Payload, in_path, make_payloads, squash, unsafe_document
from playwright.sync_api import Browser, Page, expect

from plugin.care import note_agent_typing
from plugin.contract import Notice, OrderLine
from plugin.help import catalogue_of
from plugin.notices.render import render_notice
from plugin.testing.factories import make_money
from plugin.web.alert_mail import alert_owners
from tests.unit.notice_samples import build_mail

AT_ONCE = 54
BATCHES = 6
DESK = (
    "", "conversations", "conversations/{talk}", "conversations/{asked}", "conversations/{talk}/articles?q={q}", "orders",
    "orders/{order}", "orders?number={q}", "shipments", "store", "answers", "coverage", "learned", "hours", "statuses",
    "doctor", "deliveries", "privacy", "accesses", "accesses?subject={q}", "{q}", "orders/{q}", "conversations/{q}",
)  # fmt: skip
FORMS = (
    ("hours", "#hours-form"), ("store", "form[action$='/store/sender']"), ("store", "form[action$='/privacy-page']"),
    ("learned", "form[action$='/learned']"), ("shipments", "form[action$='/shipments']"), ("privacy", "form[action*='/privacy']"),
    ("answers", "form[action$='/answers']"), ("orders/{order}", "form[action$='/shipments']"),
    ("conversations/{talk}", "#reply"), ("../account", "form[action$='/name']"),
)  # fmt: skip


def test_the_alarm_goes_off_for_every_payload_on_a_careless_page(browser: Browser) -> None:
    with open_sites() as (careless, beacon):
        payloads = make_payloads(beacon.origin.removeprefix("http:"))
        context = browser.new_context()
        alarm = Alarm(context, careless.origin)
        page = alarm.new_page()
        live = [one for one in payloads if one.kind != "template"]
        waiting: set[int] = set()
        for at in range(0, len(live), AT_ONCE):
            careless.pages["/"] = "".join(
                f'<iframe id="{one.mark}" srcdoc="{html.escape(unsafe_document(one))}"></iframe>'
                for one in live[at : at + AT_ONCE]
            )
            page.goto(careless.origin)
            page.wait_for_timeout(300)
            waiting |= scan_frames(page)
        context.close()
        ran = set(alarm.ran) | beacon.marks | {int(words) for words in alarm.dialogs}
    assert [(one.kind, one.text) for one in live if one.mark not in ran | waiting] == []
    assert len(payloads) >= 500 and len(ran) >= 350, "most run without anybody's help"
    assert alarm.notes, "and a page that is checked would have told"


def scan_frames(page: Page) -> set[int]:
    """The marks of the frames in which something waits to run, or that were led elsewhere."""
    marks: list[str] = page.evaluate(
        "[...document.querySelectorAll('iframe')]"
        f".filter(one => !one.contentDocument || ({SCAN})(one.contentDocument).length).map(one => one.id)"
    )
    return {int(mark) for mark in marks if mark}


@dataclass
class Tried:
    """One batch of payloads in a scene, and the watched browser that looks at it."""

    scene: Scene
    alarm: Alarm
    shop: Site
    beacon: Site

    def open(self, page: Page, url: str) -> str:
        """What the page shows once it is there, its details unfolded."""
        page.goto(url)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        return self.look(page, url[:120])

    def look(self, page: Page, name: str) -> str:
        """What the page shows; it ran, asked and changed nothing, and worked out no template."""
        text = self.alarm.check(page, name)
        assert self.beacon.hits == [], name
        assert [one.text for one in self.scene.payloads if one.told and one.told in text] == [], name
        return text


@pytest.fixture(params=range(BATCHES))
def tried(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Tried]:
    with open_sites() as (shop, beacon):
        payloads = make_payloads(beacon.origin.removeprefix("http:"))[request.param :: BATCHES]
        with open_scene(tmp_path, shop, payloads) as scene:
            context = browser.new_context(bypass_csp=True, locale="es-ES", viewport={"width": 1360, "height": 850})
            context.set_default_timeout(20_000)
            yield Tried(scene, Alarm(context, scene.base, shop.origin, BRIDGE), shop, beacon)
            context.close()


def test_no_payload_runs_anywhere(tried: Tried) -> None:
    """One test for each batch, because a scene takes longer to make than to look at."""
    look_at_the_widget(tried)
    look_at_the_chat_document(tried)
    look_at_the_desk(tried)
    look_at_the_help_and_tracking(tried)
    fill_the_forms_of_the_desk(tried)
    open_the_mails(tried)
    assert (tried.alarm.notes, tried.beacon.hits) == ([], [])


def list_missing(text: str, payloads: Sequence[Payload], head: int = 200) -> list[str]:
    """The payloads whose words, up to `head` signs of them, are not there to be read."""
    shown = squash(text)
    return [one.text for one in payloads if squash(one.text[:head]) not in shown]


# The widget


def look_at_the_widget(tried: Tried) -> None:
    scene, alarm = tried.scene, tried.alarm
    page = alarm.new_page()
    keep_token(page, scene, scene.token)
    open_widget(tried, page, locale="es", proof=scene.proof, basket=scene.payloads[0].text)
    panel = page.locator(".panel")
    tried.look(page, "widget")
    panel.locator("#order").click()
    panel.locator(".lines li").first.wait_for()
    page.evaluate("document.querySelector('mostrador-widget').shadowRoot.querySelectorAll('details').forEach(one => { one.open = true })")
    assert list_missing(tried.look(page, "widget order"), scene.payloads) == []
    look_at_the_talk(tried, page, panel)
    look_for(tried, page, panel)
    read_articles(tried, page, "es")
    page.close()
    page = alarm.new_page()
    open_widget(tried, page, locale="pt")
    look_an_order_up(tried, page)
    read_articles(tried, page, "pt")
    page.close()


def keep_token(page: Page, scene: Scene, token: str) -> None:
    """The browser that wrote the conversation."""
    kept = json.dumps({"token": token, "seen": "1"})
    script = f"try {{ localStorage.setItem('mostrador:{scene.store.public_id}', {json.dumps(kept)}) }} catch {{}}"
    page.add_init_script(script)


def open_widget(tried: Tried, page: Page, **data: str) -> None:
    """A page of the shop whose address and tag carry payloads; its panel is open, with the help in view."""
    scene, first = tried.scene, tried.scene.payloads
    words = {"store": scene.store.public_id, "api": scene.base, "steps": f"cart,{first[1].text}", **data}
    tag = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in words.items())
    tried.shop.pages["/"] = (
        f'<!doctype html><html lang="{data["locale"]}"><head><meta charset="utf-8"><title>{html.escape(join(first))}</title>'
        f'<link rel="icon" href="data:,"></head><body><h1>Tienda</h1><script async src="{scene.base}/widget/loader.js" {tag}>'
        "</script></body></html>"
    )
    page.goto(f"{tried.shop.origin}/?q={in_path(first[2])}#{in_path(first[3])}")
    page.locator(".bubble").click()
    page.locator(".panel .head .quiet").wait_for()
    page.locator(".panel #help").click()
    page.locator(".panel .row").first.wait_for()


def look_at_the_talk(tried: Tried, page: Page, panel: Any) -> None:
    """The whole conversation; then a message typed here, and Ana who is typing."""
    scene = tried.scene
    panel.locator("#chat").click()
    expect(panel.locator(".log li.agent")).to_have_count(len(scene.payloads))
    tried.look(page, "widget chat")
    assert read_talk(panel) == [squash(one.text) for one in scene.payloads] * 2
    names = panel.locator(".log .agent .who").all_text_contents()
    assert [name for name, one in zip(names, scene.payloads, strict=False) if squash(one.text) not in squash(name)] == []
    expect(panel.locator(".log .agent .say").last).to_be_in_viewport()
    panel.locator("textarea").fill(scene.payloads[4].text)
    panel.locator("textarea").press("Enter")
    expect(panel.locator(".log li.shopper")).to_have_count(len(scene.payloads) + 1)
    note_agent_typing(scene.counter.house.doors.care, scene.store.id, scene.talk, scene.agent())
    expect(panel.locator(".typing")).to_contain_text("está escribiendo")
    text = tried.look(page, "widget chat, typing")
    assert squash(scene.payloads[4].text) in squash(text)


def read_talk(panel: Any) -> list[str]:
    """What shoppers, then agents said; without what is read to the blind of a link."""
    said = panel.locator(".log .shopper .say, .log .agent .say").evaluate_all(
        "all => all.map(one => { const own = one.cloneNode(true); own.querySelectorAll('.v').forEach(v => v.remove()); return own.textContent })"
    )
    return [squash(words) for words in said]


def look_for(tried: Tried, page: Page, panel: Any) -> None:
    """All payloads as words that are searched for."""
    panel.locator("#help").click()
    for at in range(0, len(tried.scene.payloads), 30):
        words = join(tried.scene.payloads[at : at + 30])
        panel.locator(".search input").fill(words)
        panel.locator(".ask").wait_for()
        tried.look(page, "widget search")
        panel.locator(".search .icon").click()


def look_an_order_up(tried: Tried, page: Page) -> None:
    panel, some = page.locator(".panel"), tried.scene.payloads
    panel.get_by_role("button", name="Onde está meu pedido?").first.click()
    panel.locator("#number").fill(some[0].text[:60])
    panel.locator("#mail").fill("".join(some[1].text.split()) + "@example.com")
    panel.locator("#mail").press("Enter")
    panel.locator("#code").or_(panel.locator(".bad[role=alert]")).first.wait_for()
    tried.look(page, "widget look-up")
    panel.locator("#help").click()


def read_articles(tried: Tried, page: Page, locale: str) -> None:
    """The articles that show answers, in the panel."""
    panel = page.locator(".panel")
    for article_id, payloads in list_articles(tried.scene, locale):
        page.evaluate(
            "id => document.querySelector('mostrador-widget').shadowRoot.querySelector(`[data-article='${id}']`).click()", article_id
        )
        panel.locator("article h3").wait_for()
        assert list_missing(tried.look(page, f"widget {article_id}"), payloads) == [], article_id
        panel.locator(".back").click()
        panel.locator(".row").first.wait_for(state="attached")


def list_articles(scene: Scene, locale: str) -> list[tuple[str, list[Payload]]]:
    """Articles that together show every payload which the answers of this language show, and those in each."""
    found, left = [], set(scene.payloads)
    inside = {
        one.article_id: {two for two in scene.payloads if squash(two.text) in squash(one.text)}
        for one in catalogue_of(scene.store).articles(locale)
    }
    while inside and (best := max(inside, key=lambda one: len(inside[one] & left))) and inside[best] & left:
        found.append((best, sorted(inside[best], key=lambda one: one.mark)))
        left -= inside[best]
    assert len(left) < len(scene.payloads) / 2, "the answers stand in the articles"
    return found


def look_at_the_chat_document(tried: Tried) -> None:
    """The chat as the document that a checkout frames."""
    scene = tried.scene
    checkout: Any = Checkout(tried.alarm.context, SimpleNamespace(store=scene.store), scene.base)  # type: ignore[arg-type]
    tried.alarm.meant += 1
    checkout.proof = scene.proof
    keep_token(checkout.page, scene, scene.token)
    checkout.visit_alone()
    panel = checkout.open("chat")
    expect(panel.locator(".log li.agent")).to_have_count(len(scene.payloads))
    tried.look(checkout.page, "chat document")
    said = read_talk(panel)
    assert said[: len(scene.payloads)] == [squash(one.text) for one in scene.payloads] and said[-1] == squash(scene.payloads[4].text)
    checkout.page.close()


# The desk


def sign_in(tried: Tried) -> Page:
    page = tried.alarm.new_page()
    page.goto(f"{tried.scene.base}/sign-in/{tried.scene.counter.mint_link(tried.scene.ana)}")
    page.locator("main button").first.click()
    page.wait_for_url(f"**/desk/{tried.scene.store.public_id}/")
    return page


def fill_in(tried: Tried, path: str) -> str:
    scene = tried.scene
    given = {"talk": scene.talk, "asked": scene.asked, "order": scene.order.id, "q": in_path(scene.payloads[5])}
    return f"{scene.base}/desk/{scene.store.public_id}/{path.format(**given)}"


def look_at_the_desk(tried: Tried) -> None:
    payloads = tried.scene.payloads
    page = sign_in(tried)
    shown = {path: tried.open(page, fill_in(tried, path)) for path in DESK}
    for path in ("conversations/{talk}", "orders/{order}"):
        assert list_missing(shown[path], payloads) == [], path
    assert list_missing(shown["orders"], payloads, 50) == []
    assert list_missing(shown["statuses"], payloads, 40) == []
    for path in ("", "store", "coverage", "learned", "doctor", "conversations", "accesses"):
        assert len(list_missing(shown[path], payloads, 20)) < len(payloads), path
    page.goto(fill_in(tried, "answers"))
    typed = " ".join(page.locator("input, textarea").evaluate_all("all => all.map(one => one.value)"))
    assert list_missing(typed, payloads) == []
    page.close()


def fill_the_forms_of_the_desk(tried: Tried) -> None:
    """What is typed comes back with a refusal, or is kept and shown: it stays text either way."""
    page, payloads = sign_in(tried), tried.scene.payloads
    for at, (path, form) in enumerate(FORMS):
        page.goto(fill_in(tried, path))
        words = [one.text for one in turn(payloads, at * 7)]
        with page.expect_navigation():
            page.evaluate(FILL, [form, words])
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        tried.look(page, f"the form {form} of {path}")
    page.close()


FILL = """([which, words]) => {
  const form = [...document.querySelectorAll(which)].at(-1)
  let at = 0
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
    const text = words[at++ % words.length]
    if (['radio', 'checkbox', 'file'].includes(field.type)) continue
    if (field.tagName !== 'TEXTAREA') field.type = 'text'
    field.value = field.tagName === 'TEXTAREA' ? words.join('; ').slice(0, 3900) : text
  }
  const button = form.querySelector('button[name]')
  if (button) form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: button.name, value: button.value}))
  HTMLFormElement.prototype.submit.call(form)
}"""


# The help, the pages of the mails' links, and the mails


def look_at_the_help_and_tracking(tried: Tried) -> None:
    scene, page = tried.scene, tried.alarm.new_page()
    for locale in ("es", "en", "pt"):
        hub = f"{scene.base}/help/{scene.store.public_id}/{locale}/"
        assert list_missing(tried.open(page, hub), scene.payloads[:3]) == []
        for article_id, payloads in list_articles(scene, locale):
            assert list_missing(tried.open(page, hub + article_id), payloads) == [], article_id
    text = tried.open(page, scene.tracking)
    assert len(list_missing(text, scene.payloads, 20)) < len(scene.payloads) - 5
    tried.open(page, scene.unsubscribe)
    name = in_path(scene.payloads[6])
    for path in (f"help/{name}/es/", f"help/{scene.store.public_id}/es/{name}", f"help/{scene.store.public_id}/{name}/", f"t/{name}",
                 f"t/demo/{name}", f"u/{name}", f"install/{name}", f"sign-in/{name}", name, f"?a={name}"):  # fmt: skip
        tried.open(page, f"{scene.base}/{path}")
    ask_the_api(tried, page)
    page.close()


def ask_the_api(tried: Tried, page: Page) -> None:
    """Its answers opened as pages; what a page of a shop may not send as id, language or step is refused or left out."""
    scene = tried.scene
    api, store = f"{scene.base}/api/widget/v1", scene.store.public_id
    for one in scene.payloads[::15]:
        text = in_path(one)
        for path in (f"boot?locale={text[:35]}&steps={text}&basket={text[:40]}", f"search?q={text}&locale=es", f"articles/{text}"):
            answer = page.goto(f"{api}/stores/{store}/{path}")
            assert answer is not None and answer.headers["content-type"] == "application/json", path
            tried.look(page, f"api {path}")
    given = {"text": "hola", "locale": "es", "steps": [], "page": None, "proof": None}
    client, told = scene.counter.browser(), {"Origin": tried.shop.origin}
    for one in scene.payloads:
        body = {**given, "client_id": one.text}
        refused = client.post(f"/api/widget/v1/stores/{store}/messages", json=body, headers=told)
        assert refused.status_code == 422 and refused.mimetype == "application/json"
        tag = {**given, "client_id": str(uuid.uuid4()), "locale": one.text[:35], "steps": [one.text[:40]], "page": one.text, "basket": one.text}
        kept = client.post(
            f"/api/widget/v1/stores/{store}/messages", json=tag, headers=told | {"Authorization": f"Bearer {scene.token}"}
        )
        assert kept.status_code in (200, 201, 422, 429) and kept.mimetype == "application/json", one.text
    desk = sign_in(tried)
    tried.open(desk, fill_in(tried, "conversations/{talk}"))
    desk.close()


def open_the_mails(tried: Tried) -> None:
    """Each notice, with every payload as a product in one of them; then those that were really sent."""
    scene, page, seen = tried.scene, tried.alarm.new_page(), ""
    for at, notice in enumerate(Notice):
        some = turn(scene.payloads, at * 35)
        seen += show_mail(tried, page, render_notice(write_mail(notice, some)).html)
    assert list_missing(seen, scene.payloads) == []
    sent = scene.counter.taken.mails
    before = len(sent)
    ask_for_mails(tried)
    bodies = [message_from_bytes(raw, policy=policy.default).get_body(("html",)) for raw, _, _ in sent]  # type: ignore[attr-defined]
    assert before >= 1 and len(bodies) >= before + 3
    for body in bodies:
        words = show_mail(tried, page, body.get_content())
        assert len(list_missing(words, scene.payloads, 12)) < len(scene.payloads)
    page.close()


def write_mail(notice: Notice, some: Sequence[Payload]) -> Any:
    from dataclasses import replace

    mail = build_mail(notice, "es")
    lines = tuple(
        OrderLine(external_id=str(at), name=one.text, quantity=1, total=make_money(), details=(one.text, one.text))
        for at, one in enumerate(some[:40])
    )
    parcels = make_parcels(some)
    order = replace(
        mail.order, lines=lines, number=some[0].text, customer_name=some[1].text, refunds=make_refunds(some), status_url=some[2].text
    )
    return replace(
        mail, order=order, parcels=tuple(parcels), parcel=parcels[0] if mail.parcel else None, store_name=join(some), locale="es",
        refund=order.refunds[0] if mail.refund else None, store_url=some[3].text, accent=some[4].text, tracking_url=some[5].text,
        unsubscribe_url=some[6].text, help_links=tuple((one.text, two.text) for one, two in zip(some, some[1:], strict=False)),
        time_zone="Europe/Madrid",
    )  # fmt: skip


def show_mail(tried: Tried, page: Page, document: str) -> str:
    """A mail's HTML as a document, as a web mail would show it."""
    tried.shop.pages["/mail"] = document
    page.goto(f"{tried.shop.origin}/mail")
    return tried.look(page, "mail")


def ask_for_mails(tried: Tried) -> None:
    """The code for an order, the way to the desk, and the news of a broken connection."""
    scene = tried.scene
    counter = scene.counter
    client = counter.browser()
    wish = {"number": NUMBER, "email": EMAIL, "handle": None, "locale": "es"}
    asked = client.post(f"/api/widget/v1/stores/{scene.store.public_id}/order/code", json=wish, headers={"Origin": tried.shop.origin})
    assert asked.status_code == 202
    client.post("/sign-in", data={"email": scene.ana.email}, headers={"Sec-Fetch-Site": "same-origin"})
    with counter.db.transaction(scene.store.id) as tx:
        from plugin.stores import get_store
        from plugin.work import put

        get_store(tx, scene.store.id).status = "parked"
        put(tx, "stores.alert", {}, due_at=counter.clock.now(), store=scene.store.id)
    counter.run_jobs()


__all__ = ["Callable", "alert_owners"]
