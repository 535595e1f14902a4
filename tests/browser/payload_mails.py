"""The mails, opened as a web mail shows them: each notice, and every one that really left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

from payload_scene import EMAIL, NUMBER, Scene, join, make_contact, make_parcels, make_refunds, turn
from payload_tried import Tried, list_missing
from payloads import Payload, squash
from playwright.sync_api import Page

from plugin.contract import Notice, OrderLine
from plugin.notices.render import render_notice
from plugin.stores import get_store
from plugin.testing.factories import make_money
from plugin.work import put
from tests.unit.notice_samples import build_mail

LETTERS = ("answer", "talk", "code", "requests")
"""To shoppers, about a talk: at their foot stand the ways of contact."""
TO_AGENTS = ("call", "promise")


def open_the_notices(tried: Tried) -> None:
    """Each of them, with every payload as a product in one."""
    page, seen = tried.alarm.new_page(), ""
    for at, notice in enumerate(Notice):
        some = turn(tried.scene.payloads, at * 35)
        seen += show_mail(tried, page, render_notice(write_mail(notice, some)).html)
    assert list_missing(seen, tried.scene.payloads) == []
    page.close()


def open_the_mails(tried: Tried) -> dict[str, str]:
    """All that left until now, what several people got once; gives what those of each sort show. None is without a
    payload."""
    scene, page, shown = tried.scene, tried.alarm.new_page(), dict[str, str]()
    told, names = {scene.contact_email(), make_contact(scene.payloads)["email"]}, ""
    for document, mail in _read_mails(scene).items():
        sort, words = _name_sort(mail, document), show_mail(tried, page, document)
        assert len(list_missing(words, scene.payloads, 12)) < len(scene.payloads), sort
        if sort in TO_AGENTS:
            assert list_missing(words, scene.payloads[:1], 70) == [], "the name of the store"
        if sort in LETTERS:
            assert any(squash(str(one)) in squash(words) for one in told), f"{sort}: the ways of contact"
        if sort == "answer":
            names += " ".join(page.locator("main strong").all_inner_texts())
        shown[sort] = shown.get(sort, "") + words
    page.close()
    assert shown.keys() >= {"notice", "answer", "talk", "call"}
    assert list_missing(names, scene.payloads, 50) == [], "the names of who answered"
    assert list_missing(shown["answer"], scene.payloads) == []
    return shown


def _read_mails(scene: Scene) -> dict[str, EmailMessage]:
    """HTML → its mail."""
    mails = [message_from_bytes(raw, policy=policy.default) for raw, _, _ in scene.counter.taken.mails]
    bodies = {mail.get_body(("html",)): mail for mail in mails}
    return {body.get_content(): mail for body, mail in bodies.items() if body is not None}


def _name_sort(mail: EmailMessage, document: str) -> str:
    """A letter's Message-ID names its sort; the others are known by where they lead."""
    if named := re.match(r"<([a-z]+)-", str(mail["Message-ID"])):
        return named[1]
    leads = {"/sign-in/invitation/": "invitation", "/sign-in/": "link", "/u/": "notice"}
    return next((sort for path, sort in leads.items() if path in document), "alert")


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
    """The code for an order, the way to the desk, and the news of a broken connection; what was asked for and written
    elsewhere leaves with them."""
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
    counter.clock.advance(30)
    counter.run_jobs()
