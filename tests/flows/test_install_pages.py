"""Who may install, what a state is good for, forms of platforms without a page, and the set-up job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

import pytest
from flask.testing import FlaskClient
from pages_house import dump_rows, open_client, open_house, run_jobs
from sqlalchemy import select

from plugin.agents import add_membership, create_agent, get_role, mint_sign_in_link, sign_in
from plugin.app import House
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Capability,
    Form,
    InstallRejected,
    InstallReport,
    Notice,
    PlatformDown,
    Redirect,
    Setting,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    Urls,
    WebRequest,
)
from plugin.database import ALL
from plugin.stores import StoreRow, list_stores
from plugin.stores.install import mint_install_ticket
from plugin.stores.models import InstallState
from plugin.stores.set_up import promise_set_up
from plugin.stores.words import tell
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_settings, make_store

BASE = "https://care.example"


class Toy(StoreAdapter):
    """A platform that sends people away and takes them back with a code, and keeps what it was told."""

    name = "toy"
    label = "Toy"
    capabilities = frozenset({Capability.WEBHOOKS, Capability.READ_ORDERS})
    told: ClassVar[list[object]] = []
    sends_to: ClassVar[str] = "https://toy.example/agree"
    error: ClassVar[AdapterError | None] = None
    report: ClassVar[InstallReport] = InstallReport()

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        self.told.append(urls)
        return Redirect(url=f"{self.sends_to}?state={state}")

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        self.told.append(callback)
        if callback.query.get("code") != "good":
            raise InstallRejected("The code is not good.")
        return StoreAccess(domain="toy.example", name="Toy shop", credentials={"token": "secret"})

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        self.told.append(urls)
        if self.error is not None:
            raise self.error
        return self.report

    def surfaces(self, store: Store) -> tuple[Surface, ...]:
        return ()

    def platform_mails(self, store: Store) -> frozenset[Notice]:
        return frozenset({Notice.order_received})


class Keys(Toy):
    """A platform whose keys are pasted."""

    name = "keys"
    label = "Keys"

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        fields = (Setting(key="url", help="The address"), Setting(key="secret", help="The secret", secret=True))
        return Form(fields=fields, words="Paste <b>both</b> here.")

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        self.told.append(callback)
        if b"secret=right" not in callback.body:
            raise InstallRejected("The secret is not right.")
        return StoreAccess(domain="keys.example", name="Keys shop", credentials={"secret": "right"})


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name, value in (("told", []), ("error", None), ("report", InstallReport())):
        monkeypatch.setattr(Toy, name, value)
    here = __name__
    with open_house(database_url, base_url=BASE, adapters=f"toy={here}:Toy,keys={here}:Keys") as opened:
        yield opened


def ticket(house: House, agent_id: int | None = None) -> str:
    return mint_install_ticket(house.doors.settings, house.doors.clock, agent_id)


def begin(client: FlaskClient, house: House, platform: str = "toy") -> str:
    """Begins with a fresh ticket; gives the state."""
    answer = client.post(f"/install/{platform}", data={"ticket": ticket(house)}, base_url=BASE)
    found = re.search(r'state(?:=|" value=")([\w-]+)', answer.headers.get("Location", "") or answer.text)
    assert found is not None, answer.text
    return found[1]


def come_back(client: FlaskClient, state: str, code: str = "good", platform: str = "toy") -> int:
    query = {"state": state, "code": code}
    return client.get(f"/install/{platform}/callback", query_string=query, base_url=BASE).status_code


def stores(house: House) -> list[StoreRow]:
    with house.db.reading(ALL, "look at the stores") as tx:
        return list(list_stores(tx))


def told(house: House) -> str:
    """The first store's trouble as its merchant reads it."""
    return tell(stores(house)[0].trouble, None, "en")


def sign_somebody_in(house: House, client: FlaskClient, role: str = "") -> int:
    """An agent in this browser; with a role, in a store that is there already."""
    store = make_store(house.db) if role else None
    with house.db.transaction(ALL, "an agent signs in") as tx:
        agent = create_agent(tx, "ana@example.com", "Ana", "es").id
        if store is not None:
            add_membership(tx, store.id, agent, role)
        link = mint_sign_in_link(tx, agent, MOMENT)
        token = sign_in(tx, link, MOMENT)
    assert token is not None
    client.set_cookie("__Host-mostrador-desk", token, domain="care.example", secure=True, path="/")
    return agent


def test_nobody_installs_without_a_ticket_or_a_sign_in(house: House) -> None:
    client = open_client(house)
    make_store(house.db)
    other = mint_install_ticket(make_settings("sqlite://"), house.doors.clock)
    before = dump_rows(house)
    for bad in ("", "x", other, ticket(house)[:-1], ticket(house) + "x", "\x00", "a" * 5000):
        asked = client.get("/install/toy", query_string={"ticket": bad}, base_url=BASE)
        begun = client.post("/install/toy", data={"ticket": bad}, base_url=BASE)
        assert (asked.status_code, begun.status_code) == (403, 403)
        assert "mostrador stores connect toy" in asked.text and "Location" not in begun.headers
    assert dump_rows(house) == before and Toy.told == []


def test_a_ticket_ends_after_an_hour(house: House) -> None:
    client, good, clock = open_client(house), ticket(house), house.doors.clock
    make_store(house.db)
    assert isinstance(clock, FrozenClock)
    clock.advance(timedelta(minutes=59))
    assert client.get("/install/toy", query_string={"ticket": good}, base_url=BASE).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert client.get("/install/toy", query_string={"ticket": good}, base_url=BASE).status_code == 403


def test_opening_a_set_up_link_changes_nothing(house: House) -> None:
    client, before = open_client(house), dump_rows(house)
    for _ in range(2):
        page = client.get("/install/toy", query_string={"ticket": ticket(house)}, base_url=BASE)
        assert page.status_code == 200 and "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert dump_rows(house) == before and Toy.told == []


def test_an_unknown_platform_is_a_kind_404(house: House) -> None:
    client = open_client(house)
    for path in ("/install/nothing", "/install/nothing/callback", "/install/TOY", "/install/..%2ftoy"):
        assert client.get(path, base_url=BASE).status_code == 404
    assert "No conocemos ninguna plataforma" in client.get("/install/nothing", base_url=BASE).text


def test_the_adapter_is_told_our_addresses_and_no_cookie(house: House) -> None:
    client = open_client(house)
    state = begin(client, house)
    assert come_back(client, state) == 303
    urls, callback = Toy.told
    assert isinstance(urls, Urls) and urls.install_callback == f"{BASE}/install/toy/callback"
    assert urls.widget_loader == f"{BASE}/widget/loader.js"
    assert isinstance(callback, WebRequest) and callback.query == {"state": state, "code": "good"}
    assert "cookie" not in callback.headers


def test_a_state_and_its_cookie_are_random_hashed_and_short_lived(house: House) -> None:
    client = open_client(house)
    states = [begin(client, house) for _ in range(3)]
    assert len(set(states)) == 3 and all(len(state) == 32 for state in states)
    cookie = client.get_cookie("mostrador_install", domain="care.example", path="/install")
    assert cookie is not None and cookie.http_only and cookie.secure and cookie.same_site == "Lax"
    dump = repr(dump_rows(house))
    assert cookie.value not in dump and not any(state in dump for state in states)
    with house.db.reading(ALL, "look at the states") as tx:
        rows = list(tx.scalars(select(InstallState)))
    assert {row.expires_at - row.created_at for row in rows} == {timedelta(minutes=10)}


def test_a_state_that_is_used_old_foreign_or_of_another_platform_connects_nothing(house: House) -> None:
    client, stranger, clock = open_client(house), open_client(house), house.doors.clock
    assert isinstance(clock, FrozenClock)
    state = begin(client, house)
    begin(stranger, house)
    assert come_back(stranger, state) == 400
    assert come_back(client, state, platform="keys") == 400
    assert [come_back(client, bad) for bad in ("", state[:-1], state.swapcase(), "x" * 5000, "\x00")] == [400] * 5
    clock.advance(timedelta(minutes=10))
    assert come_back(client, state) == 400
    fresh = begin(client, house)
    assert [come_back(client, fresh), come_back(client, fresh)] == [303, 400]
    assert len(stores(house)) == 1
    assert sum(isinstance(one, WebRequest) for one in Toy.told) == 1


def test_a_rejected_code_uses_the_state_up_and_connects_nothing(house: House) -> None:
    client = open_client(house)
    state = begin(client, house)
    assert come_back(client, state, "bad") == 422 and come_back(client, state) == 400
    assert stores(house) == []


def test_only_web_addresses_are_gone_to(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = open_client(house)
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "/relative"):
        monkeypatch.setattr(Toy, "sends_to", address)
        answer = client.post("/install/toy", data={"ticket": ticket(house)}, base_url=BASE)
        assert answer.status_code == 422 and "Location" not in answer.headers


def test_pasted_keys_are_asked_for_again_with_what_is_wrong(house: House) -> None:
    client = open_client(house)
    page = client.post("/install/keys", data={"ticket": ticket(house)}, base_url=BASE)
    assert page.status_code == 200 and "Paste &lt;b&gt;both&lt;/b&gt; here." in page.text
    state = re.findall(r'name="state" value="([^"]+)"', page.text)[0]
    typed = {"state": state, "url": 'https://keys.example/"><b>', "secret": "guess-me"}
    wrong = client.post("/install/keys/callback", data=typed, base_url=BASE)
    assert wrong.status_code == 422 and "The secret is not right." in wrong.text
    assert "guess-me" not in wrong.text and "https://keys.example/&#34;&gt;&lt;b&gt;" in wrong.text
    again = re.findall(r'name="state" value="([^"]+)"', wrong.text)[0]
    assert again != state
    assert client.post("/install/keys/callback", data=typed | {"secret": "right"}, base_url=BASE).status_code == 400
    done = client.post("/install/keys/callback", data={"state": again, "secret": "right"}, base_url=BASE)
    assert (done.status_code, done.headers["Location"]) == (303, "/install/keys/connected")
    assert [store.domain for store in stores(house)] == ["keys.example"]
    assert client.post("/install/keys", data={"ticket": ticket(house)}, base_url=BASE).status_code == 200


def test_the_next_step_is_shown_to_the_browser_that_connected_and_no_other(house: House) -> None:
    client, stranger = open_client(house), open_client(house)
    begin(stranger, house)
    assert come_back(client, begin(client, house)) == 303
    page = client.get("/install/toy/connected", base_url=BASE)
    assert page.status_code == 200 and "Toy shop está conectada" in page.text
    assert f"mostrador stores owner {stores(house)[0].public_id} E-MAIL" in page.text
    for other in (stranger, open_client(house)):
        missing = other.get("/install/toy/connected", base_url=BASE)
        assert missing.status_code == 404 and "Toy shop" not in missing.text


def test_a_signed_in_owner_needs_no_ticket_and_owns_the_new_store(house: House) -> None:
    client = open_client(house)
    agent = sign_somebody_in(house, client, "owner")
    own = {"Origin": BASE}
    assert client.get("/install/toy", base_url=BASE).status_code == 200
    answer = client.post("/install/toy", headers=own, base_url=BASE)
    state = answer.headers["Location"].partition("state=")[2]
    assert come_back(client, state) == 303
    new = next(store for store in stores(house) if store.platform == "toy")
    with house.db.reading(ALL, "who owns it") as tx:
        assert get_role(tx, new.id, agent) == "owner"
    page = client.get("/install/toy/connected", base_url=BASE)
    assert f'href="{BASE}/desk/{new.public_id}/"' in page.text and "E-MAIL" not in page.text


def test_a_page_of_somebody_else_cannot_begin_in_an_owner_s_name(house: House) -> None:
    client = open_client(house)
    sign_somebody_in(house, client, "owner")
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": BASE}):
        assert client.post("/install/toy", headers=headers, base_url=BASE).status_code == 403


def test_who_only_answers_may_not_install(house: House) -> None:
    client = open_client(house)
    sign_somebody_in(house, client, "agent")
    assert client.get("/install/toy", base_url=BASE).status_code == 403
    assert client.post("/install/toy", headers={"Origin": BASE}, base_url=BASE).status_code == 403


def test_the_first_agent_of_an_empty_instance_may_install(house: House) -> None:
    client = open_client(house)
    sign_somebody_in(house, client)
    assert client.get("/install/toy", base_url=BASE).status_code == 200


def test_set_up_keeps_what_it_finds_within_what_the_adapter_claims(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = frozenset({Capability.WEBHOOKS, Capability.COUPONS})
    monkeypatch.setattr(Toy, "report", InstallReport(webhooks=1, capabilities=found))
    client = open_client(house)
    come_back(client, begin(client, house))
    assert run_jobs(house) == 2
    [store] = stores(house)
    assert (store.capabilities, store.trouble) == ([Capability.WEBHOOKS.value], None)
    assert store.platform_mails == ["order_received"]
    urls = Toy.told[-1]
    assert isinstance(urls, Urls) and urls.webhook == f"{BASE}/hooks/toy/{store.hook_key}"
    assert urls.desk == f"{BASE}/desk/{store.public_id}/"


def test_what_the_merchant_must_do_is_kept_until_a_repair_finds_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_client(house)
    monkeypatch.setattr(Toy, "report", InstallReport(warnings=("Add a webhook.", "Add the script.")))
    come_back(client, begin(client, house))
    run_jobs(house)
    assert told(house) == "Add a webhook. Add the script."
    monkeypatch.setattr(Toy, "report", InstallReport())
    with house.db.transaction(ALL, "the repair button, twice") as tx:
        row = list_stores(tx)[0]
        promise_set_up(tx, row, MOMENT)
        promise_set_up(tx, row, MOMENT)
    assert run_jobs(house) == 2
    assert stores(house)[0].trouble is None


def test_a_platform_that_is_away_is_asked_again_and_one_that_refuses_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, clock = open_client(house), house.doors.clock
    assert isinstance(clock, FrozenClock)
    monkeypatch.setattr(Toy, "error", PlatformDown("It sleeps."))
    come_back(client, begin(client, house))
    assert run_jobs(house) == 1
    assert told(house) == "It sleeps."
    monkeypatch.setattr(Toy, "error", None)
    clock.advance(10)
    assert run_jobs(house) == 2
    assert (stores(house)[0].trouble, stores(house)[0].status) == (None, "connected")
    monkeypatch.setattr(Toy, "error", AccessRevoked("Connect it again."))
    with house.db.transaction(ALL, "the repair button") as tx:
        promise_set_up(tx, list_stores(tx)[0], clock.now())
    run_jobs(house)
    assert (told(house), stores(house)[0].status) == ("Connect it again.", "parked")
