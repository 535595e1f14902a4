"""Where is my order, on the hub: number and e-mail, six digits, the order; equal words whatever there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_house import Counter, open_counter
from hub_house import EMAIL, NUMBER, Hub, add_hub, mailed_code

from plugin import help
from plugin.contract import OrderStatus, ShipmentStatus, TrackingEvent
from plugin.language import LOCALES
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_shipment

HANDLE = re.compile(r'name="handle" value="(oc_[A-Za-z0-9_-]{22})"')


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    store = add_hub(counter)
    event = TrackingEvent(status=ShipmentStatus.in_transit, raw_status="x", occurred_at=MOMENT + timedelta(hours=3))
    parcel = make_shipment(tracking_url="https://carrier.example/ES123", events=(event,))
    counter.add_order(store, parcel, status=OrderStatus.processing, locale="es_CO")
    return store


def ask(hub: Hub, number: str = NUMBER, email: str = EMAIL) -> str:
    """Asks for the code; gives the handle in the page."""
    hub.get("order")
    answer = hub.post("order", number=number, email=email)
    assert answer.status_code == 200, answer.text
    return found_handle(hub)


def found_handle(hub: Hub) -> str:
    [handle] = set(HANDLE.findall(hub.text))
    return str(handle)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_opened_order_leads_to_the_article_about_what_was_bought(counter: Counter, store: StoreRow) -> None:
    with counter.db.transaction(store.id) as tx:
        for article, product in (("taza", "Taza"), ("plato", "Plato Luna")):
            written = help.Written(f"¿Cómo cuido {product}?", "products", "A mano.", products=(product,))
            help.show(tx, store.id, article, "es", written, 0, help.Writer(1, MOMENT))
    hub = Hub(counter, store, "es")
    ask(hub)
    page = hub.post("order/code", code=mailed_code(counter)).text
    assert f'href="/help/{store.public_id}/es/taza"' in page and "es/plato" not in page


@pytest.mark.parametrize("locale", LOCALES)
def test_the_code_from_the_mailbox_shows_the_whole_order(counter: Counter, store: StoreRow, locale: str) -> None:
    hub = Hub(counter, store, locale)
    ask(hub)
    field = re.search(r'<input id="code"[^>]*>', hub.text)
    assert field is not None and 'autocomplete="one-time-code"' in field[0] and 'inputmode="numeric"' in field[0]
    page = hub.post("order/code", code=mailed_code(counter))
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex" and "Set-Cookie" not in page.headers
    words = hub.words()
    status = {"es": "En camino", "en": "On its way", "pt": "A caminho"}[locale]
    assert f"<h1>{status}</h1>" in hub.text
    assert all(one in words for one in (NUMBER, "Correos", "ES123", "× 2", "25,00" if locale != "en" else "25.00"))
    assert 'href="https://carrier.example/ES123"' in hub.text and hub.path("contact") in hub.text


def test_known_and_unknown_orders_get_equal_answers(counter: Counter, store: StoreRow) -> None:
    told = []
    for number, email in (("1001", "alma@example.com"), ("1001", "beto@example.com"), ("9999", "alma@example.com")):
        hub = Hub(counter, store)
        hub.get("order")
        answer = hub.post("order", number=number, email=email)
        text = re.sub(r'name="(handle|client_id)" value="[^"]*"', "", answer.text)
        for typed, sign in ((number, "N"), (email.replace("@", "&#64;"), "E"), (email, "E")):
            text = text.replace(typed, sign)
        told.append((answer.status_code, sorted(answer.headers.keys()), text))
        again = hub.post("order/code", code="000000", number=number, email=email)
        told[-1] += (again.status_code, "4" in hub.words())
    assert told[0] == told[1] == told[2] and told[0][3:] == (422, True)


def test_five_wrong_codes_end_it_and_a_new_code_can_be_asked_for_there(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    ask(hub)
    code = mailed_code(counter)
    for left in (4, 3, 2, 1, 0):
        answer = hub.post("order/code", code=wrong(code))
        assert answer.status_code == 422 and ('id="code"' in hub.text) is (left > 0)
    assert "no abre nada" in hub.words()
    assert hub.post("order").status_code == 200 and 'id="code"' in hub.text, "the button for a new code"
    assert hub.post("order/code", code=mailed_code(counter)).status_code == 200
    assert "En camino" in hub.words()


def test_a_renewed_code_takes_the_old_one_s_place(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    handle = ask(hub)
    old = mailed_code(counter)
    assert hub.post("order", handle=handle, number=NUMBER, email=EMAIL).status_code == 200
    assert found_handle(hub) == handle and "código nuevo" in hub.words()
    new = mailed_code(counter)
    assert new != old and hub.post("order/code", code=old).status_code == 422
    assert hub.post("order/code", code=new).status_code == 200


def test_a_code_opens_once_and_in_its_own_store_alone(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    ask(hub)
    code = mailed_code(counter)
    other = add_hub(counter, "other.example")
    fields = hub.hidden(hub.path("order/code"))
    elsewhere = Hub(counter, other)
    assert elsewhere.post("order/code", **fields, code=code).status_code == 422
    assert "En camino" not in elsewhere.text
    assert hub.post("order/code", **fields, code=code).status_code == 200
    again = hub.post("order/code", **fields, code=code)
    assert again.status_code == 422, "a page that is loaded again shows it no more"


@pytest.mark.parametrize(
    ("number", "email", "wrong_field"),
    [("", EMAIL, "number"), ("x" * 61, EMAIL, "number"), ("1001", "", "email"), ("1001", "alma", "email"),
     ("1001", "a@b.example,c@d.example", "email"), ("1001", "x" * 260 + "@example.com", "email")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    counter: Counter, store: StoreRow, number: str, email: str, wrong_field: str
) -> None:
    hub, before = Hub(counter, store), counter.dump()
    hub.get("order")
    answer = hub.post("order", number=number, email=email)
    assert answer.status_code == 422 and counter.dump() == before
    fields = {name: re.search(rf'<input id="{name}"[^>]*>', hub.text) for name in ("number", "email")}
    assert all(one is not None for one in fields.values())
    for name, typed in (("number", number), ("email", email)):
        found = fields[name]
        assert found is not None and f'value="{typed}"' in found[0]
        assert ('aria-invalid="true"' in found[0]) is (name == wrong_field)
    assert f'id="{wrong_field}-wrong"' in hub.text


def test_an_empty_code_costs_no_try(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    ask(hub)
    for _ in range(6):
        assert hub.post("order/code", code="  ").status_code == 422
    assert hub.post("order/code", code=mailed_code(counter)).status_code == 200


def test_an_address_is_asked_for_ten_times_a_day_and_told_where_a_person_is(
    counter: Counter, store: StoreRow
) -> None:
    app = counter.house.web()
    for number in range(10):
        answer = app.test_client().post(
            f"/help/{store.public_id}/es/order", data={"number": str(number), "email": "x@y.example"},
            headers={"Sec-Fetch-Site": "same-origin"}, environ_base={"REMOTE_ADDR": f"198.51.{number}.1"},
        )  # fmt: skip
        assert answer.status_code == 200
    hub = Hub(counter, store)
    hub.get("order")
    refused = hub.post("order", number="1", email="x@y.example")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert hub.path("contact") in hub.text and 'value="x@y.example"' in hub.text
