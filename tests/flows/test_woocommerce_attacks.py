"""Attempts on what a WooCommerce shop and its people may do here: each made for real, each must fail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from desk_house import OURS, Counter, open_counter
from post_office import Post, make_word
from sqlalchemy import func, select

from adapters.woocommerce import WooCommerceAdapter
from adapters.woocommerce.api import Shop
from adapters.woocommerce.install import finish_install
from adapters.woocommerce.order_rows import read_rows
from adapters.woocommerce.patience import MOST_REQUESTS, MOST_SECONDS, Patience
from adapters.woocommerce.site import find_site
from adapters.woocommerce.webhooks import parse_webhook
from plugin.agents import AgentSessionRow
from plugin.contract import (
    Answer,
    InstallRejected,
    OrderChanged,
    PlatformDown,
    PlatformRefused,
    Store,
    WebhookDelivery,
    WebRequest,
)
from plugin.database import ALL
from plugin.stores.install import find_ticket, hash_secret, mint_install_ticket, mint_state, note_connected
from plugin.stores.models import InstallState
from plugin.stores.words import pack, tell
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer

REST = Path(__file__).parents[1] / "data/woocommerce/rest"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FOREIGN = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def counter(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setattr(Post, "told", [])
    with open_counter(tmp_path, database_url, adapters="post=post_office:Post") as opened:
        yield opened


def respell(token: str) -> list[str]:
    """Other spellings whose last letter may decode to the very same signature."""
    return [token[:-1] + letter for letter in LETTERS if letter != token[-1]]


def test_a_spent_set_up_link_is_spent_in_every_spelling_of_its_signature(counter: Counter) -> None:
    doors, store = counter.house.doors, counter.add_store("shop.example")
    now = doors.clock.now()
    ticket = mint_install_ticket(doors.settings, doors.clock)
    with doors.db.transaction(ALL, "a set-up link is used") as tx:
        found = find_ticket(tx, doors.settings, ticket, now)
        assert found is not None
        mint_state(tx, "post", "browser", found, now)
        which = InstallState.ticket_hash == hash_secret(ticket)
        note_connected(tx, tx.scalars(select(InstallState.id).where(which)).one(), store.id)
    with doors.db.reading(ALL, "is it spent") as tx:
        good = [one for one in (ticket, *respell(ticket)) if find_ticket(tx, doors.settings, one, now) is not None]
    assert good == []


def test_what_follows_a_hand_over_opens_one_session_in_every_spelling(counter: Counter) -> None:
    seal = {"credentials": {"key": "k"}, "webhook_secret": "seal-of-shop.example"}
    store = counter.add_store("shop.example", platform="post", **seal)
    page = counter.browser().post("/desk/enter/post", data={"proof": make_word(store)}, headers=FOREIGN)
    [token] = re.findall(r'name="token" value="([^"]+)"', page.text)
    answers = [counter.browser().post("/desk/arrive", data={"token": one}, headers=OURS).status_code
               for one in (*respell(token), token)]  # fmt: skip
    assert answers == [403] * 63 + [303]
    with counter.db.reading(ALL, "count the sessions") as tx:
        assert tx.scalar(select(func.count()).select_from(AgentSessionRow)) == 1


def test_a_shop_puts_no_words_into_a_sign_in_mail_to_a_stranger(counter: Counter) -> None:
    seal = {"credentials": {"key": "k"}, "webhook_secret": "seal-of-shop.example"}
    store, browser = counter.add_store("shop.example", platform="post", **seal), counter.browser()
    word = make_word(store, address="victim@example.com", name="Pay now at evil.example")
    assert browser.post("/desk/enter/post", data={"proof": word}, headers=FOREIGN).status_code == 200
    browser.post("/sign-in", data={"email": "victim@example.com"}, headers=OURS)
    counter.run_jobs()
    [(sent, _, to)] = counter.taken.mails
    mail = message_from_bytes(sent, policy=policy.default)
    said = str(mail["Subject"]) + "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
    assert to == "victim@example.com" and "victim:" in said and "evil" not in said and "Pay" not in said


def test_an_address_that_only_a_shop_named_gets_few_mails_a_day_and_its_owner_more(counter: Counter) -> None:
    seal = {"credentials": {"key": "k"}, "webhook_secret": "seal-of-shop.example"}
    store = counter.add_store("shop.example", platform="post", **seal)
    word = make_word(store, address="victim@example.com")
    assert counter.browser().post("/desk/enter/post", data={"proof": word}, headers=FOREIGN).status_code == 200
    for _ in range(8):
        counter.browser().post("/sign-in", data={"email": "victim@example.com"}, headers=OURS)
        counter.run_jobs()
        counter.clock.advance(timedelta(hours=2))
    assert len(counter.taken.mails) == 5
    counter.sign_in(counter.add_agent("Ana"))
    for _ in range(8):
        counter.browser().post("/sign-in", data={"email": "ana@example.com"}, headers=OURS)
        counter.run_jobs()
        counter.clock.advance(timedelta(hours=2))
    assert [to for _, _, to in counter.taken.mails].count("ana@example.com") == 8


@pytest.mark.parametrize("text", ['{"m":"{x:>999999999}","v":{"x":1}}', '{"m":"{x.__class__}","v":{"x":1}}'])
def test_a_shop_s_words_in_an_old_column_are_no_pattern(text: str) -> None:
    for language in ("es", "en", "pt"):
        told = tell(text, WooCommerceAdapter, language)
        assert "class '" not in told and len(told) < 50
    assert tell(pack(text), WooCommerceAdapter, "es") == text


def lead_on(sent: SentRequest) -> Answer:
    """A site which redirects five times from everywhere, to pages that name ever new places."""
    base, _, query = sent.url.partition("?")
    hop = int(found[1]) if (found := re.search(r"hop=(\d)", query)) else 0
    if hop < 5:
        return make_answer(302, headers={"Location": f"{base}?hop={hop + 1}"})
    link = f'<{base.partition("/wp-json")[0]}/x/wp-json/>; rel="https://api.w.org/"'
    return make_answer(200, headers={"Link": link}, body=b"<!doctype html><p>Hello")


def test_a_site_that_leads_on_and_on_is_left_after_so_many_requests() -> None:
    http = RecordingHttp(lead_on)
    with pytest.raises(InstallRejected):
        find_site(http, "evil.example/shop")
    assert len(http.requests) == MOST_REQUESTS


@pytest.mark.parametrize("host", ["VICTIM.example", "victim.example:443", "victim.example."])
def test_a_redirect_cannot_make_a_second_store_of_a_shop_by_spelling_its_address_otherwise(host: str) -> None:
    def answer(sent: SentRequest) -> Answer:
        if "//attacker.example/" in sent.url:
            return make_answer(302, headers={"Location": f"https://{host}/wp-json/"})
        home = "http://victim.example/elsewhere"
        return make_answer(json_body={"name": "Victim", "home": home, "namespaces": ["wc/v3"]})

    assert find_site(RecordingHttp(answer), "attacker.example").domain == "victim.example"


def test_an_order_that_was_not_asked_for_is_nobody_s() -> None:
    """A cache in front of the API that forgets the address gives whatever it gave the last one who asked."""
    body = (REST / "order_classic_completed.json").read_bytes()
    keys = {"url": "https://shop.example", "consumer_key": "ck_" + "a" * 40, "consumer_secret": "cs_" + "b" * 40}
    store = Store(public_id="st_shop", platform="woocommerce", domain="shop.example", credentials=keys)
    with pytest.raises(PlatformRefused, match="another order"):
        Shop(RecordingHttp(lambda sent: make_answer(200, body=body)), store).get_order("4711")


def test_a_site_that_answers_ever_more_slowly_is_left_when_its_time_is_over() -> None:
    seconds = iter([0.0, MOST_SECONDS - 1, MOST_SECONDS])
    patient = Patience(RecordingHttp(lambda sent: make_answer(200)), lambda: next(seconds))
    assert patient.request("GET", "https://slow.example/").status == 200
    with pytest.raises(PlatformDown, match="took too long"):
        patient.request("GET", "https://slow.example/")


@pytest.mark.parametrize(
    "page", [b"<link " * 160_000, b'<link rel="https://api.w.org/" ' * 30_000, b"<link " + b"a" * 990_000],
    ids=["open tags", "right tags never closed", "one long tag"],
)  # fmt: skip
def test_a_page_made_to_be_searched_for_hours_is_searched_at_once(page: bytes) -> None:
    """Searching it took time by the square of its length: a quarter of an hour, in which nobody else was served."""
    with pytest.raises(InstallRejected):
        find_site(RecordingHttp(lambda sent: make_answer(200, body=page)), "evil.example")


@pytest.mark.parametrize("text", ["&#" + "9" * 5000 + ";", "&#x" + "f" * 5000 + ";"], ids=["decimal", "hexadecimal"])
def test_what_one_shopper_types_hides_nobody_else_s_order(text: str) -> None:
    """A number too long for Python stood in a name, and no order of that shop was read any more."""
    plain = json.loads((REST / "order_classic_completed.json").read_bytes())
    evil = plain | {"id": 4711, "customer_note": text, "billing": plain["billing"] | {"first_name": text}}
    rows = [msgspec.Raw(json.dumps(one).encode()) for one in (evil, plain)]
    assert [body.id for body in read_rows(rows)] == [4711, plain["id"]]
    hook = WebhookDelivery(topic="order.updated", headers={}, body=json.dumps(evil).encode(), hook_key="k")
    assert isinstance(parse_webhook(hook)[0], OrderChanged)


def test_a_refusal_made_to_be_searched_for_minutes_is_searched_at_once() -> None:
    def refuse(sent: SentRequest) -> Answer:
        if "/wp-json/?" in sent.url:
            return make_answer(json_body={"namespaces": ["wc/v3"], "home": "https://evil.example", "name": "Evil"})
        return make_answer(401, json_body={"code": "woocommerce_rest_cannot_view", "message": "oauth_" * 150_000})

    form = {"url": "https://evil.example", "consumer_key": "ck_" + "a" * 40, "consumer_secret": "cs_" + "b" * 40}
    came = WebRequest(method="POST", path="/", query={}, headers={"content-type": "application/json"},
                      body=json.dumps(form).encode())  # fmt: skip
    with pytest.raises(InstallRejected) as caught:
        finish_install(RecordingHttp(refuse), came)
    assert len(str(caught.value)) < 1000
