"""Whose shop it is: an address is known to everybody, so that alone it never opens a store that is there."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pages_house import dump_rows, open_client, open_house
from werkzeug.test import TestResponse

from plugin.agents import add_membership, create_agent, get_role, list_team, mint_sign_in_link, sign_in
from plugin.agents.ownership import Hand, NotTheirs, settle_store
from plugin.app import House
from plugin.contract import Answer, StoreAccess
from plugin.database import ALL
from plugin.stores import StoreRow, as_contract, get_store, list_stores
from plugin.stores.install import mint_install_ticket
from plugin.testing.factories import MOMENT, make_store
from plugin.testing.fakes import RecordingHttp, SentRequest

BASE = "https://care.example"
SHOP = "https://victim.example"
KEY, SECRET = "ck_" + "a" * 40, "cs_" + "b" * 40
BASIC = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
KEYS = {"url": SHOP, "consumer_key": "ck_" + "0" * 40, "consumer_secret": "cs_" + "0" * 40}
KEYLESS = {"consumer_key": "", "consumer_secret": ""}
REFUSED = "Esta tienda ya está conectada aquí"


def shop(sent: SentRequest) -> Answer:
    """A WooCommerce shop: everybody may read what it is, its orders only who holds the keys."""
    facts = {"name": "Victim", "home": SHOP, "url": SHOP, "namespaces": ["wc/v3"], "timezone_string": "UTC"}
    public = sent.url.partition("?")[0] == f"{SHOP}/wp-json/"
    good = public or sent.headers.get("Authorization") == BASIC
    said: object = (
        facts if public else [] if good else {"code": "woocommerce_rest_cannot_view", "message": "no"}
    )
    if good and "system_status" in sent.url:
        said = {}
    return Answer(status=200 if good else 401, headers={}, body=json.dumps(said).encode(), url=sent.url)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, base_url=BASE) as opened:
        opened.doors.registry.get("woocommerce").http = RecordingHttp(shop)
        yield opened


def add_agent(house: House, name: str, store: StoreRow | None = None, role: str = "owner") -> int:
    with house.db.transaction(ALL, "an agent for a test") as tx:
        agent = create_agent(tx, f"{name}@example.com", name, "es").id
        if store is not None:
            add_membership(tx, store.id, agent, role)
    return agent


def open_browser(house: House, agent: int | None = None) -> FlaskClient:
    client = open_client(house)
    if agent is not None:
        with house.db.transaction(ALL, "an agent signs in") as tx:
            token = sign_in(tx, mint_sign_in_link(tx, agent, MOMENT), MOMENT)
        assert token is not None
        client.set_cookie("__Host-mostrador-desk", token, domain="care.example", secure=True, path="/")
    return client


def make_ticket(house: House, agent: int | None = None) -> str:
    return mint_install_ticket(house.doors.settings, house.doors.clock, agent)


def fill_in(client: FlaskClient, ticket: str = "", **typed: str) -> TestResponse:
    """Goes through the installation with a ticket or a sign-in, and sends the form."""
    begun = client.post(
        "/install/woocommerce", data={"ticket": ticket, "keys": "1"}, headers={"Origin": BASE}, base_url=BASE
    )
    state = re.findall(r'name="state" value="([^"]+)"', begun.text)[0]
    form = {"state": state, "url": SHOP} | KEYLESS | typed
    return client.post("/install/woocommerce/callback", data=form, base_url=BASE)


def read(house: House, store: StoreRow) -> tuple[StoreRow, dict[int, str]]:
    """The store now, and its team's roles by agent."""
    with house.db.reading(ALL, "look at a store") as tx:
        team = {one.agent.id: one.role for one in list_team(tx, store.id)}
        return get_store(tx, store.id), team


def add_victim(house: House, **values: object) -> tuple[StoreRow, int]:
    given = {"platform": "woocommerce", "domain": "victim.example", "credentials": KEYS} | values
    store = make_store(house.db, **given)
    return store, add_agent(house, "victim", store)


def test_the_owner_of_another_store_does_not_get_a_shop_by_its_address(house: House) -> None:
    add_victim(house)
    own = make_store(house.db, domain="attacker.example")
    browser = open_browser(house, add_agent(house, "attacker", own))
    before = {name: rows for name, rows in dump_rows(house).items() if name != "install_states"}
    answer = fill_in(browser)
    after = {name: rows for name, rows in dump_rows(house).items() if name != "install_states"}
    assert (answer.status_code, after) == (403, before)
    assert REFUSED in answer.text and "pon también las claves de la tienda" in answer.text
    assert browser.get("/install/woocommerce/connected", base_url=BASE).status_code == 404


@pytest.mark.parametrize("named", [True, False])
def test_a_set_up_link_does_not_open_a_shop_by_its_address_either(house: House, named: bool) -> None:
    store, victim = add_victim(house)
    stranger = add_agent(house, "stranger") if named else None
    answer = fill_in(open_browser(house), make_ticket(house, stranger))
    row, team = read(house, store)
    assert answer.status_code == 403 and REFUSED in answer.text
    assert (as_contract(row).credentials, row.live_at, team) == (KEYS, store.live_at, {victim: "owner"})


@pytest.mark.parametrize(("language", "words"), [
    ("es", REFUSED), ("en", "This shop is connected here already"), ("pt", "Esta loja já está conectada aqui"),
])  # fmt: skip
def test_the_refusal_is_said_in_the_reader_s_language(house: House, language: str, words: str) -> None:
    add_victim(house)
    browser = open_browser(house)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    answer = fill_in(browser, make_ticket(house))
    assert answer.status_code == 403 and words in answer.text


def test_who_only_answers_in_the_store_does_not_become_its_owner_by_its_address(house: House) -> None:
    store, victim = add_victim(house)
    helper = add_agent(house, "helper", store, "agent")
    assert fill_in(open_browser(house), make_ticket(house, helper)).status_code == 403
    assert read(house, store)[1] == {victim: "owner", helper: "agent"}


def test_its_owner_connects_it_again_without_keys_and_loses_none(house: House) -> None:
    store, victim = add_victim(house)
    for browser, ticket in (
        (open_browser(house, victim), ""),
        (open_browser(house), make_ticket(house, victim)),
    ):
        assert fill_in(browser, ticket).status_code == 303
        row, team = read(house, store)
        assert (as_contract(row).credentials, row.live_at, team) == (KEYS, store.live_at, {victim: "owner"})


def test_keys_that_the_shop_confirms_let_somebody_in_beside_its_owner(house: House) -> None:
    store, victim = add_victim(house)
    partner = add_agent(house, "partner")
    wrong = fill_in(
        open_browser(house), make_ticket(house, partner), consumer_key=KEY, consumer_secret="cs_" + "c" * 40
    )
    assert wrong.status_code == 422 and read(house, store)[1] == {victim: "owner"}
    right = fill_in(
        open_browser(house), make_ticket(house, partner), consumer_key=KEY, consumer_secret=SECRET
    )
    row, team = read(house, store)
    assert right.status_code == 303 and team == {victim: "owner", partner: "owner"}
    assert {"url": SHOP, "consumer_key": KEY, "consumer_secret": SECRET}.items() <= as_contract(row).credentials.items()
    assert (row.hook_key, row.live_at) == (store.hook_key, store.live_at)


def test_who_came_first_with_the_address_alone_leaves_when_its_merchant_brings_keys(house: House) -> None:
    squatted = make_store(
        house.db, domain="victim.example", sender_name="Squatter", reply_to="me@attacker.example"
    )
    attacker, merchant = add_agent(house, "attacker", squatted), add_agent(house, "merchant")
    answer = fill_in(
        open_browser(house), make_ticket(house, merchant), consumer_key=KEY, consumer_secret=SECRET
    )
    row, team = read(house, squatted)
    assert answer.status_code == 303 and team == {merchant: "owner"}
    assert row.hook_key != squatted.hook_key and row.webhook_secret != squatted.webhook_secret
    assert (row.sender_name, row.reply_to, row.answers, row.live_at) == ("", "", {}, None)
    assert row.connected_at == house.doors.clock.now()
    assert fill_in(open_browser(house), make_ticket(house, attacker)).status_code == 403


def test_a_keyless_owner_who_adds_keys_keeps_everything(house: House) -> None:
    store = make_store(house.db, domain="victim.example", sender_name="Barro")
    owner = add_agent(house, "owner", store)
    answer = fill_in(open_browser(house, owner), consumer_key=KEY, consumer_secret=SECRET)
    row, team = read(house, store)
    assert answer.status_code == 303 and team == {owner: "owner"}
    assert (row.hook_key, row.sender_name, row.live_at) == (store.hook_key, "Barro", store.live_at)


def test_a_keyless_shop_that_nobody_owns_is_given_by_a_set_up_link_alone(house: House) -> None:
    store = make_store(house.db, domain="victim.example")
    other = make_store(house.db, domain="other.example")
    assert fill_in(open_browser(house, add_agent(house, "other", other))).status_code == 403
    owner = add_agent(house, "owner")
    assert fill_in(open_browser(house), make_ticket(house, owner)).status_code == 303
    with house.db.reading(ALL, "who owns it") as tx:
        assert get_role(tx, store.id, owner) == "owner"


def test_a_shop_with_keys_that_nobody_owns_wants_its_keys_again(house: House) -> None:
    store = make_store(house.db, domain="victim.example", credentials=KEYS)
    assert fill_in(open_browser(house), make_ticket(house, add_agent(house, "stranger"))).status_code == 403
    assert read(house, store)[1] == {}


def test_of_two_strangers_in_the_same_instant_one_is_the_first(database_url: str) -> None:
    with open_house(database_url, base_url=BASE, installs="first") as house:
        told: list[str] = []

        def settle(domain: str) -> None:
            access = StoreAccess(domain=domain, name=domain, credentials={"url": f"https://{domain}"})
            try:
                with house.db.transaction(ALL, "a stranger's shop") as tx:
                    settle_store(tx, "woocommerce", access, Hand(), "first", MOMENT)
                    told.append(domain)
                    if domain == "one.example":
                        other.start()
                        other.join(1)  # the other one stands in line, or has been as quick as we
                        assert told == ["one.example"]
            except NotTheirs as error:
                told.append(error.code)

        other = threading.Thread(target=settle, args=("two.example",))
        settle("one.example")
        other.join(30)
        assert told == ["one.example", "ticket"]
        with house.db.reading(ALL, "look at the stores") as tx:
            assert [row.domain for row in list_stores(tx)] == ["one.example"]
