"""The help, the pages that mails lead to, the API's own answers and the mails, looked at with payloads in them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from itertools import pairwise
from typing import Any

from payload_scene import EMAIL, NUMBER, join, make_parcels, make_refunds, turn
from payload_tried import Tried, fill_in, list_articles, list_missing, sign_in
from payloads import Payload, in_path
from playwright.sync_api import Page

from plugin.contract import Notice, OrderLine
from plugin.notices.render import render_notice
from plugin.stores import get_store
from plugin.testing.factories import make_money
from plugin.work import put
from tests.unit.notice_samples import build_mail


def look_at_the_help_and_tracking(tried: Tried) -> None:
    scene, page = tried.scene, tried.alarm.new_page()
    for locale in ("es", "en", "pt"):
        hub = f"{scene.base}/help/{scene.store.public_id}/{locale}/"
        assert list_missing(tried.open(page, hub), scene.payloads[:3]) == []
        for article_id, payloads in (
            list_articles(scene, locale) if locale != "es" else ()
        ):  # those the widget showed
            assert list_missing(tried.open(page, hub + article_id), payloads) == [], article_id
    text = tried.open(page, scene.tracking)
    assert len(list_missing(text, scene.payloads, 20)) < len(scene.payloads) - 5
    tried.open(page, scene.unsubscribe)
    name = in_path(scene.payloads[6])
    for path in (
        f"help/{name}/es/",
        f"help/{scene.store.public_id}/es/{name}",
        f"help/{scene.store.public_id}/{name}/",
        f"t/{name}",
        f"t/demo/{name}",
        f"u/{name}",
        f"install/{name}",
        f"sign-in/{name}",
        name,
        f"?a={name}",
    ):
        tried.open(page, f"{scene.base}/{path}")
    ask_the_api(tried, page)
    page.close()


def ask_the_api(tried: Tried, page: Page) -> None:
    """Its answers opened as pages; what no page of a shop may send as id, language or step is refused or left out."""
    scene = tried.scene
    api, store = f"{scene.base}/api/widget/v1", scene.store.public_id
    for one in scene.payloads[::15]:
        text = in_path(one)
        for path in (
            f"boot?locale={text[:35]}&steps={text}&basket={text[:40]}",
            f"search?q={text}&locale=es",
            f"articles/{text}",
        ):
            answer = page.goto(f"{api}/stores/{store}/{path}")
            assert answer is not None and answer.headers["content-type"] == "application/json", path
            tried.look(page, f"api {path}")
    given = {"text": "hola", "locale": "es", "steps": [], "page": None, "proof": None}
    client, told = scene.counter.browser(), {"Origin": tried.shop.origin}
    for one in scene.payloads:
        body = {**given, "client_id": one.text}
        refused = client.post(f"/api/widget/v1/stores/{store}/messages", json=body, headers=told)
        assert refused.status_code == 422 and refused.mimetype == "application/json"
        if one not in scene.payloads[::3]:
            continue
        tag = {
            **given,
            "client_id": str(uuid.uuid4()),
            "locale": one.text[:35],
            "steps": [one.text[:40]],
            "page": one.text,
            "basket": one.text,
        }
        kept = client.post(
            f"/api/widget/v1/stores/{store}/messages",
            json=tag,
            headers=told | {"Authorization": f"Bearer {scene.token}"},
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
    bodies = [message_from_bytes(raw, policy=policy.default).get_body(("html",)) for raw, _, _ in sent]
    assert before >= 1 and len(bodies) >= before + 3
    for body in bodies:
        words = show_mail(tried, page, body.get_content())
        assert len(list_missing(words, scene.payloads, 12)) < len(scene.payloads)
    page.close()


def write_mail(notice: Notice, some: Sequence[Payload]) -> Any:
    mail = build_mail(notice, "es")
    lines = tuple(
        OrderLine(
            external_id=str(at), name=one.text, quantity=1, total=make_money(), details=(one.text, one.text)
        )
        for at, one in enumerate(some[:40])
    )
    parcels = make_parcels(some)
    order = replace(
        mail.order,
        lines=lines,
        number=some[0].text,
        customer_name=some[1].text,
        refunds=make_refunds(some),
        status_url=some[2].text,
    )
    return replace(
        mail,
        order=order,
        parcels=tuple(parcels),
        parcel=parcels[0] if mail.parcel else None,
        store_name=join(some),
        locale="es",
        refund=order.refunds[0] if mail.refund else None,
        store_url=some[3].text,
        accent=some[4].text,
        tracking_url=some[5].text,
        unsubscribe_url=some[6].text,
        help_links=tuple((one.text, two.text) for one, two in pairwise(some)),
        time_zone="Europe/Madrid",
    )


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
    asked = client.post(
        f"/api/widget/v1/stores/{scene.store.public_id}/order/code",
        json=wish,
        headers={"Origin": tried.shop.origin},
    )
    assert asked.status_code == 202
    client.post("/sign-in", data={"email": scene.ana.email}, headers={"Sec-Fetch-Site": "same-origin"})
    with counter.db.transaction(scene.store.id) as tx:
        get_store(tx, scene.store.id).status = "parked"
        put(tx, "stores.alert", {}, due_at=counter.clock.now(), store=scene.store.id)
    counter.run_jobs()
