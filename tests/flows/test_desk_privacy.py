"""Copies and erasures at the desk: asked for by the platform or an owner, shown with a receipt that names nobody."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from sqlalchemy import select

from plugin.orders import find_order, view_order
from plugin.privacy import KEEP_COPIES, AccessRow, PrivacyRequest, list_requests, retain
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT
from plugin.work import put

EMAIL, NAME = "alma@example.com", "Alma Ruiz"


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    made = counter.add_store("a.example")
    counter.add_order(made, external_id="5001", number="#1001", customer_id="c7")
    return made


def ask(browser: FlaskClient, store: StoreRow, wish: str, email: str = EMAIL, **fields: str) -> Any:
    return browser.post(
        f"/desk/{store.public_id}/privacy/ask", data={"wish": wish, "email": email, **fields}, headers=OURS
    )


def promise(counter: Counter, store: StoreRow, kind: str, **named: Any) -> None:
    """What a platform's webhook makes."""
    sealed = counter.db.vault.seal(json.dumps(named).encode()).decode()
    with counter.db.transaction(store.id) as tx:
        put(tx, f"privacy.{kind}_customer", {"sealed": sealed}, due_at=counter.clock.now(), store=store.id)


def list_receipts(counter: Counter, store: StoreRow) -> list[tuple[str, str]]:
    """(public id, kind), newest first."""
    with counter.db.reading(store.id) as tx:
        return [(one.public_id, one.kind) for one in list_requests(tx, store.id)]


def read_name(counter: Counter, store: StoreRow) -> str:
    with counter.db.reading(store.id) as tx:
        row = find_order(tx, store.id, "5001")
        assert row is not None
        return str(view_order(tx, row).order.customer_name)


@pytest.mark.parametrize("wish", ["copy", "erasure"])
def test_nothing_happens_before_it_is_confirmed(
    counter: Counter, store: StoreRow, client: FlaskClient, wish: str
) -> None:
    before = counter.dump()
    page = ask(client, store, wish)
    assert page.status_code == 200 and EMAIL in page.text and 'name="sure" value="yes"' in page.text
    assert counter.dump() == before


def test_an_owner_erases_a_customer_and_gets_a_receipt(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    answer = ask(client, store, "erasure", sure="yes")
    assert answer.status_code == 303 and answer.headers["Location"] == f"/desk/{store.public_id}/privacy?done=erasure"
    waiting = client.get(answer.headers["Location"]).text
    assert "The customer is being erased" in waiting and "Not done yet" in waiting and EMAIL not in waiting
    counter.run_jobs()
    assert read_name(counter, store) == ""
    [(receipt, kind)] = list_receipts(counter, store)
    assert kind == "own_erasure"
    page = client.get(f"/desk/{store.public_id}/privacy/{receipt}").text
    assert receipt in page and "An owner of the store" in page and "Found and erased" in page
    assert not any(word in page for word in (EMAIL, NAME, "1001", "5001", "c7")) and "copy.json" not in page
    with counter.db.reading(store.id) as tx:
        rows = list(tx.scalars(select(AccessRow).where(AccessRow.store_id == store.id)))
    assert [(row.kind, row.subject) for row in rows] == [("erasure", receipt)]


def test_the_platform_s_request_is_on_the_list_with_its_days_and_counts(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    asked_at = counter.clock.now() - timedelta(days=9)
    promise(counter, store, "erase", email=EMAIL, customer_id="c7", orders=["5001"], asked_at=asked_at.isoformat())
    counter.run_jobs()
    [(receipt, kind)] = list_receipts(counter, store)
    page = " ".join(client.get(f"/desk/{store.public_id}/privacy").text.split())
    assert kind == "erasure" and f'/privacy/{receipt}">{receipt}</a>' in page
    assert "The platform (Demo" in page and ">9 d<" in page and "Orders: 1" in page and EMAIL not in page


def test_a_copy_is_downloaded_noted_and_gone_in_time(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    ask(client, store, "copy", sure="yes")
    counter.run_jobs()
    [(receipt, kind)] = list_receipts(counter, store)
    url = f"/desk/{store.public_id}/privacy/{receipt}"
    page = client.get(url).text
    assert kind == "own_copy" and f'href="{url}/copy.json"' in page and "It can be had until 21 Dec" in page.replace(
        "Dec 21", "21 Dec"
    )
    assert not any(word in page for word in (EMAIL, NAME))
    copy = client.get(f"{url}/copy.json")
    assert copy.mimetype == "application/json" and copy.headers["Cache-Control"] == "no-store"
    assert copy.headers["Content-Disposition"] == f'attachment; filename="{receipt}.json"'
    assert json.loads(copy.data)["orders"][0]["customer_name"] == NAME
    with counter.db.reading(store.id) as tx:
        rows = list(tx.scalars(select(AccessRow).where(AccessRow.store_id == store.id)))
    assert [(row.kind, row.subject) for row in rows] == [("copy", receipt)]
    counter.clock.advance((KEEP_COPIES + timedelta(seconds=1)).total_seconds())
    retain(counter.db, counter.clock)
    later = counter.sign_in(counter.add_agent("Bea", store))
    assert "It is deleted" in later.get(url).text and "copy.json" not in later.get(url).text
    assert later.get(f"{url}/copy.json").status_code == 404


def test_a_request_that_names_nobody_is_told_with_words(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    promise(counter, store, "erase", email="", customer_id="", orders=[])
    counter.run_jobs()
    page = client.get(f"/desk/{store.public_id}/privacy").text
    assert "It names no e-mail address, no customer and no order" in page and list_receipts(counter, store) == []


BAD = ["", "alma", "a@b@c", "alma@example.com, otra@example.com", "<b>@example.com", "a\x00@b.co"]


@pytest.mark.parametrize("email", BAD)
def test_what_is_no_address_is_refused_and_shown_as_text(
    counter: Counter, store: StoreRow, client: FlaskClient, email: str
) -> None:
    answer = ask(client, store, "erasure", email, sure="yes")
    assert answer.status_code == 422 and "<b>@" not in answer.text
    assert "privacy" not in str(counter.dump()["outbox"])


def test_an_unknown_wish_is_no_page(store: StoreRow, client: FlaskClient) -> None:
    assert ask(client, store, "everything", sure="yes").status_code == 404


def test_more_than_twenty_at_once_are_too_many(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    for n in range(20):
        assert ask(client, store, "copy", f"a{n}@example.com", sure="yes").status_code == 303
    assert ask(client, store, "copy", sure="yes").status_code == 429
    counter.run_jobs()
    assert ask(client, store, "copy", sure="yes").status_code == 303


def test_many_receipts_come_a_hundred_at_a_time(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    with counter.db.transaction(store.id) as tx:
        for number in range(250):
            told = {"kind": "erasure", "asked_at": MOMENT, "done_at": MOMENT, "counts": {}}
            tx.add(PrivacyRequest(store_id=store.id, public_id=f"pr_{number:03}", **told))
    seen: list[list[str]] = []
    path = f"/desk/{store.public_id}/privacy"
    while path and len(seen) < 5:
        page = client.get(path).text
        seen.append(re.findall(r">(pr_\d{3})<", page))
        found = re.search(r'href="([^"]+before=\d+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert [len(page) for page in seen] == [100, 100, 50]
    assert [one for page in seen for one in page] == [f"pr_{number:03}" for number in reversed(range(250))]
    for odd in ("x", "-1", "0", "9" * 30, "%00"):
        assert client.get(f"/desk/{store.public_id}/privacy?before={odd}").status_code == 200


def test_colleagues_who_own_nothing_see_nothing_of_it(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    ask(client, store, "copy", sure="yes")
    counter.run_jobs()
    [(receipt, _)] = list_receipts(counter, store)
    leo = counter.sign_in(counter.add_agent("Leo", store, role="agent"))
    for path in ("privacy", f"privacy/{receipt}", f"privacy/{receipt}/copy.json"):
        assert leo.get(f"/desk/{store.public_id}/{path}").status_code == 403
    before = counter.dump()
    assert ask(leo, store, "erasure", sure="yes").status_code == 403
    assert counter.dump() == before
    assert "Copies and erasures" not in leo.get(f"/desk/{store.public_id}/store").text
    assert "Copies and erasures" in client.get(f"/desk/{store.public_id}/store").text


@pytest.mark.parametrize("receipt", ["pr_nothing", "1", "'--", "%00", "\U0001f600", "pr_" + "A" * 3000])
def test_a_receipt_that_is_not_there_is_no_page(store: StoreRow, client: FlaskClient, receipt: str) -> None:
    assert client.get(f"/desk/{store.public_id}/privacy/{receipt}").status_code == 404
    assert client.get(f"/desk/{store.public_id}/privacy/{receipt}/copy.json").status_code == 404


@pytest.mark.parametrize(("locale", "words"), [("es", "Copias y borrados"), ("pt", "Cópias e exclusões")])
def test_the_pages_speak_the_reader_s_language(counter: Counter, store: StoreRow, locale: str, words: str) -> None:
    browser = counter.sign_in(counter.add_agent(f"Eva{locale}", store, locale=locale))
    ask(browser, store, "copy", sure="yes")
    page = browser.get(f"/desk/{store.public_id}/privacy").text
    assert f"<h1>{words}</h1>" in page and "Copies" not in page and "Not done yet" not in page
