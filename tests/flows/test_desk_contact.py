"""Telling at the desk how else the shop is reached, and what shoppers and the checklist then see."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from html import unescape
from typing import Any

import pytest
from desk_house import OURS, Counter, main_of
from flask.testing import FlaskClient

from plugin.stores import StoreRow, get_store
from plugin.stores.wishes import go_live

TYPED = {
    "email": "hola@a.example", "phone.0": "+34 900 11 22 33", "phone.0.free": "on", "phone.0.hours": "on",
    "phone.1": "0034 911 22 33 44", "whatsapp.": "+57 300 111 2233", "whatsapp.pt": "+55 11 99999 8888",
    "social.instagram": "instagram.com/casa",
}  # fmt: skip
KEPT = {
    "email": "hola@a.example",
    "phones": [
        {"number": "+34900112233", "charged": False, "hours": True},
        {"number": "+34911223344", "charged": True, "hours": False},
    ],
    "whatsapp": {"": "+573001112233", "pt": "+5511999998888"},
    "social": {"instagram": "https://instagram.com/casa"},
}


def read(counter: Counter, store: StoreRow) -> StoreRow:
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def send(browser: FlaskClient, store: StoreRow, **form: str) -> Any:
    return browser.post(f"/desk/{store.public_id}/contact", data=form, headers=OURS)


def values(page: str) -> dict[str, str]:
    """Name → value of every filled text field, and "on" of every box that is ticked."""
    fields = re.findall(r'<input id="[^"]+" name="([^"]+)"[^>]*? value="([^"]*)"', page)
    ticked = re.findall(r'<input type="checkbox" name="([^"]+)" checked', page)
    return {name: unescape(value) for name, value in fields if value} | dict.fromkeys(ticked, "on")


def test_the_ways_are_told_once_and_stand_on_the_store_s_page(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    before = client.get(f"/desk/{store.public_id}/store").text
    assert "You have told none." in before and "Not told yet: e-mail, telephone, WhatsApp, hours." in before
    answer = send(client, store, **TYPED)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/store?about=contact&done=saved#contact")
    assert read(counter, store).contact == KEPT
    page = client.get(answer.headers["Location"]).text
    for words in ("hola@a.example", "+34 900 11 22 33 (free call)", "+34 911 22 33 44 (charged call)",
                  "+57 300 111 2233", "+55 11 99999 8888", "https://instagram.com/casa",
                  "Not told yet: hours."):  # fmt: skip
        assert words in page
    form = client.get(f"/desk/{store.public_id}/contact").text
    page_url = "https://instagram.com/casa"
    shown = TYPED | {"phone.1": "+34 911 22 33 44", "social.instagram": page_url, "phone.2.hours": "on"}
    assert values(form) == shown
    # As the form stands, saving it again changes nothing; and an empty one takes everything back.
    send(client, store, **values(form))
    assert read(counter, store).contact == KEPT
    send(client, store)
    assert read(counter, store).contact == {}


@pytest.mark.parametrize(
    ("field", "typed", "id", "words"),
    [
        ("email", "a@b.example\r\nBcc: x@y.example", "email", "Write one e-mail address"),
        ("email", "a@b", "email", "Write one e-mail address"),
        ("phone.1", "911 CALL ME", "phone-1", "country&#39;s code"),
        ("phone.0", "9" * 300, "phone-0", "country&#39;s code"),
        ("whatsapp.pt", "11 99999 8888", "whatsapp-pt", "country&#39;s code"),
        ("social.tiktok", "javascript:alert(1)", "social-tiktok", "your page on TikTok"),
        ("social.x", '"><script>alert(1)</script>', "social-x", "your page on X"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    counter: Counter, store: StoreRow, client: FlaskClient, field: str, typed: str, id: str, words: str
) -> None:
    answer = send(client, store, **TYPED | {field: typed})
    assert answer.status_code == 422 and read(counter, store).contact == {}
    [faulty] = re.findall(r'<input id="([^"]+)"[^>]*aria-invalid="true"', answer.text)
    assert faulty == id and f'aria-describedby="{id}-fault"' in answer.text
    [said] = re.findall(rf'<p id="{id}-fault" class="notice notice-bad" role="alert">([^<]+)</p>', answer.text)
    assert words in said
    assert "<script>alert" not in answer.text and 'href="javascript' not in answer.text
    kept = values(answer.text)
    assert {name: kept.get(name) for name in TYPED if name != field} == {
        name: value for name, value in TYPED.items() if name != field
    }
    assert kept[field].split() == typed.split()


def test_the_checklist_counts_the_ways_and_takes_the_merchant_s_word_for_the_rest(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    home = f"/desk/{store.public_id}/"
    first = client.get(home).text
    assert "Ways of contact told: 0 of 4" in first and "Not told yet: e-mail, telephone, WhatsApp, hours." in first
    send(client, store, email="hola@a.example", **{"phone.0": "+34911223344"})
    assert "Ways of contact told: 2 of 4" in client.get(home).text
    assert "Not told yet: WhatsApp, hours." in client.get(home).text
    send(client, store, email="hola@a.example", all="on")
    page = client.get(home).text
    assert "Ways of contact told: 1 of 4" in page and "Not told yet" not in page
    assert re.search(r'class="is-done">(?:(?!</li>).)*Ways of contact told', page, re.S)


def test_agents_see_the_ways_and_change_nothing(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    send(client, store, **TYPED)
    luis = counter.sign_in(counter.add_agent("Luis", store, role="agent", locale="es"))
    page = luis.get(f"/desk/{store.public_id}/contact").text
    assert "<h1>Formas de contacto</h1>" in page and "hola@a.example" in page
    assert re.findall(r'<button type="(\w+)"[^>]* data-copy=', page) == ["button"] * 3
    assert len(re.findall("<button", main_of(page))) == 3, "the one thing to press copies the form's frame"
    assert len(re.findall(r"<input", page)) == len(re.findall(r"<input[^>]* disabled", page))
    assert send(luis, store, email="evil@b.example").status_code == 403
    assert read(counter, store).contact == KEPT


def test_a_mail_about_an_order_ends_with_the_ways_of_its_reader(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    send(client, store, **TYPED)
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.mail_mode, row.settle_seconds = "all", 5
        go_live(row, counter.clock.now())
    counter.add_order(store, locale="pt_BR", created_at=counter.clock.now(), modified_at=counter.clock.now())
    counter.clock.advance(seconds=3600)
    counter.run_jobs()
    [(message, _, to)] = counter.taken.mails
    parsed = message_from_bytes(message, policy=default)
    for kind in ("plain", "html"):
        body = parsed.get_body((kind,))
        assert body is not None
        words = " ".join(re.sub(r"<[^>]+>", " ", body.get_content()).split())
        assert "Como falar com a gente: hola@a.example +34 900 11 22 33 · Ligação gratuita" in words
        assert "WhatsApp · +55 11 99999 8888" in words and "Instagram" in words and "Ajuda" in words
    text = parsed.get_body(("plain",)).get_content()
    assert f"/help/{store.public_id}/pt/" in text and "@" in to
