"""The widget and the chat document, looked at with payloads in everything that they show."""

from __future__ import annotations

import html
import json
from types import SimpleNamespace
from typing import Any

from checkout_frame import Checkout
from guest_page import wait_until
from payload_desk import PICTURED, WHOLE, is_plain, list_showable
from payload_scene import Scene, join
from payload_tried import Tried, list_articles, list_missing
from payloads import in_path, squash
from playwright.sync_api import Page, expect

from plugin.care import note_agent_typing


def look_at_the_widget(tried: Tried) -> None:
    scene, alarm = tried.scene, tried.alarm
    page = alarm.new_page()
    keep_token(page, scene, scene.token)
    open_widget(tried, page, locale="es", proof=scene.proof, basket=scene.payloads[0].text)
    panel = page.locator(".panel")
    panel.locator(".reach").wait_for()
    assert squash(scene.contact_email()) in squash(tried.look(page, "widget")), "the ways of contact"
    panel.locator("#order").click()
    panel.locator(".lines li").first.wait_for()
    page.evaluate(
        "document.querySelector('mostrador-widget').shadowRoot.querySelectorAll('details')"
        ".forEach(one => { one.open = true })"
    )
    assert list_missing(tried.look(page, "widget order"), scene.payloads) == []
    look_at_the_talk(tried, page, panel)
    look_for(tried, page, panel)
    read_articles(tried, page, "es")
    page.close()
    page = alarm.new_page()
    open_widget(tried, page, locale="pt")
    look_an_order_up(tried, page)
    page.close()


def keep_token(page: Page, scene: Scene, token: str) -> None:
    """The browser that wrote the conversation."""
    kept = json.dumps({"token": token, "seen": "1"})
    script = (
        f"try {{ localStorage.setItem('mostrador:{scene.store.public_id}', {json.dumps(kept)}) }} catch {{}}"
    )
    page.add_init_script(script)


def open_widget(tried: Tried, page: Page, **data: str) -> None:
    """A page of the shop whose address and tag carry payloads; its panel is open, with the help in view."""
    scene, first = tried.scene, tried.scene.payloads
    words = {"store": scene.store.public_id, "api": scene.base, "steps": f"cart,{first[1].text[:40]}", **data}
    tag = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in words.items())
    tried.shop.pages["/"] = (
        f'<!doctype html><html lang="{data["locale"]}"><head><meta charset="utf-8">'
        f"<title>{html.escape(join(first))}</title>"
        f'<link rel="icon" href="data:,"></head><body><h1>Tienda</h1>'
        f'<script async src="{scene.base}/widget/loader.js" {tag}>'
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
    assert [
        name for name, one in zip(names, scene.payloads, strict=False) if squash(one.text) not in squash(name)
    ] == []
    seen = panel.locator(
        ".log ol"
    ).inner_text()  # what is far from the view is not drawn, and has no such text
    assert len(list_missing(seen, scene.payloads)) < len(scene.payloads) - 3
    panel.locator("textarea").fill(scene.payloads[4].text)
    panel.locator("textarea").press("Enter")
    expect(panel.locator(".log li.shopper:not(.sending)")).to_have_count(len(scene.payloads) + 1)
    wait_until(page, lambda: scene.counter.house.doors.hub.count() > 0)  # who does not listen hears no typing
    note_agent_typing(scene.counter.house.doors.care, scene.store.id, scene.talk, scene.agent())
    expect(panel.locator(".typing")).to_contain_text("está escribiendo")
    text = tried.look(page, "widget chat, typing")
    assert squash(scene.payloads[4].text) in squash(text)


def read_talk(panel: Any) -> list[str]:
    """What shoppers, then agents said; without what is read to the blind of a link."""
    said = panel.locator(".log .shopper .say, .log .agent .say").evaluate_all(
        "all => all.map(one => { const own = one.cloneNode(true);"
        " own.querySelectorAll('.v').forEach(v => v.remove()); return own.textContent })"
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
    for article_id, payloads in list_articles(tried.scene, locale):
        assert list_missing(read_article(tried, page, article_id), payloads) == [], article_id


def read_article(tried: Tried, page: Page, article_id: str) -> str:
    """One of the panel's list: what is shown of it. The list stands there again."""
    panel = page.locator(".panel")
    page.evaluate(
        "id => document.querySelector('mostrador-widget').shadowRoot"
        ".querySelector(`[data-article='${id}']`).click()",
        article_id,
    )
    panel.locator("article h3").wait_for()
    shown = tried.look(page, f"widget {article_id}")
    panel.locator(".back").click()
    panel.locator(".row").first.wait_for(state="attached")
    return shown


def look_at_own_articles_in_the_widget(tried: Tried) -> None:
    """The titles, the article with everything in it, and what is found with a payload."""
    page, showable = tried.alarm.new_page(), list_showable(tried.scene.payloads)
    open_widget(tried, page, locale="es")
    page.evaluate(
        "document.querySelector('mostrador-widget').shadowRoot.querySelectorAll('details')"
        ".forEach(one => { one.open = true })"
    )
    assert list_missing(tried.look(page, "own articles"), showable) == []
    shown = read_article(tried, page, WHOLE)
    assert list_missing(shown, [one for one in showable if is_plain(one)]) == []
    read_article(tried, page, PICTURED)
    look_for(tried, page, page.locator(".panel"))
    page.close()


def look_at_the_chat_document(tried: Tried) -> None:
    """The chat as the document that a checkout frames."""
    scene = tried.scene
    checkout: Any = Checkout(tried.alarm.context, SimpleNamespace(store=scene.store), scene.base)
    tried.alarm.meant += 1
    checkout.proof = scene.proof
    keep_token(checkout.page, scene, scene.token)
    checkout.visit_alone()
    panel = checkout.open("chat")
    expect(panel.locator(".log li.shopper")).to_have_count(len(scene.payloads) + 1)
    tried.look(checkout.page, "chat document")
    typed = scene.payloads[4]
    assert read_talk(panel) == [squash(one.text) for one in [*scene.payloads, *scene.payloads, typed]]
    checkout.page.close()
