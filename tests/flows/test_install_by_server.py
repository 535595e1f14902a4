"""Where the platform's server brings the keys: one post counts, nobody's word about success does, and who made a
merchant approve gets nothing by it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pages_house import dump_rows, open_client, open_house, run_jobs
from post_office import Post
from sqlalchemy import select

from plugin.agents import (
    add_membership,
    create_agent,
    list_callees,
    list_team,
    mint_sign_in_link,
    open_session,
    sign_in,
)
from plugin.app import House
from plugin.database import ALL
from plugin.stores import StoreRow, list_stores
from plugin.stores.install import mint_install_ticket
from plugin.stores.models import InstallState
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_store
from plugin.work.models import Job

BASE = "https://care.example"
OURS = {"Origin": BASE}
SHOP = "shop.example"


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(Post, "told", [])
    with open_house(database_url, base_url=BASE, adapters="post=post_office:Post") as opened:
        yield opened


def begin(client: FlaskClient, shop: str = SHOP, **form: str) -> str:
    """Begins; gives the state that travels."""
    answer = client.post("/install/post", data={"shop": shop} | form, headers=OURS, base_url=BASE)
    assert answer.status_code == 303, answer.text
    where = urlsplit(answer.headers["Location"])
    assert where.netloc == shop
    return parse_qs(where.query)["user_id"][0]


def post_keys(
    house: House, state: str, key: str = SHOP[::-1], server: FlaskClient | None = None
) -> tuple[int, str]:
    """What the shop's server posts: no cookie, no origin."""
    body = json.dumps({"user_id": state, "key": key})
    answer = (server or house.web().test_client()).post(
        "/install/post/callback", data=body, content_type="application/json", base_url=BASE
    )
    return answer.status_code, answer.text


def return_to(client: FlaskClient, state: str, success: str = "1") -> Any:
    query = {"success": success, "user_id": state}
    return client.get("/install/post/callback", query_string=query, base_url=BASE)


def stores(house: House) -> list[StoreRow]:
    with house.db.reading(ALL, "look at the stores") as tx:
        return list(list_stores(tx))


def team(house: House, store: StoreRow) -> dict[str, str]:
    with house.db.reading(ALL, "look at a team") as tx:
        return {one.agent.email: one.role for one in list_team(tx, store.id)}


def sign_somebody_in(house: House, client: FlaskClient, email: str, store: StoreRow | None = None) -> int:
    with house.db.transaction(ALL, "an agent signs in") as tx:
        agent = create_agent(tx, email, "Ana", "es").id
        if store is not None:
            add_membership(tx, store.id, agent, "owner")
        token = sign_in(tx, mint_sign_in_link(tx, agent, MOMENT), MOMENT)
    assert token is not None
    client.set_cookie("__Host-mostrador-desk", token, domain="care.example", secure=True, path="/")
    return agent


def test_the_address_comes_along_and_one_press_begins(house: House) -> None:
    client = open_client(house)
    page = client.get("/install/post", query_string={"shop": 'https://shop.example/"><b>'}, base_url=BASE)
    assert page.status_code == 200 and 'value="https://shop.example/&#34;&gt;&lt;b&gt;"' in page.text
    assert 'name="keys" value="1"' in page.text and dump_rows(house)["install_states"] == []
    empty = client.post("/install/post", data={"shop": " "}, headers=OURS, base_url=BASE)
    assert empty.status_code == 422 and "shop.example.com" in empty.text
    circles = client.post("/install/post", data={"shop": "loop.example"}, headers=OURS, base_url=BASE)
    assert circles.status_code == 422 and "loop.example sends us in circles." in circles.text
    assert 'value="loop.example"' in circles.text


def test_who_connects_is_told_to_be_signed_in_to_the_shop_where_it_asks(house: House) -> None:
    for path, said in (("/install/post", 1), ("/install/demo", 0)):
        page = house.web().test_client().get(path, headers={"Accept-Language": "en"}, base_url=BASE)
        assert page.text.count("administrator or shop manager") == said


def test_the_shop_posts_the_keys_and_the_merchant_comes_back_to_the_next_step(house: House) -> None:
    client = open_client(house)
    state = begin(client)
    early = return_to(client, state)
    assert early.status_code == 409 and "todavía no ha enviado" in early.text and stores(house) == []
    assert post_keys(house, state) == (200, "")
    [store] = stores(house)
    assert (store.domain, store.status, store.live_at) == (SHOP, "connected", None)
    back = return_to(client, state)
    assert (back.status_code, back.headers["Location"]) == (303, "/install/post/connected")
    callback = Post.told[-1]
    assert callback.kept == {"shop": SHOP}


def test_the_same_link_posts_twice_and_counts_once(house: House) -> None:
    state = begin(open_client(house))
    assert post_keys(house, state)[0] == 200
    before = dump_rows(house)
    assert post_keys(house, state)[0] == 400 and dump_rows(house) == before
    assert len(Post.told) == 1


def test_of_two_posts_at_the_same_moment_one_wins(house: House) -> None:
    state = begin(open_client(house))
    gate, answers, web = threading.Barrier(2), [], house.web()

    def post() -> None:
        gate.wait(10)
        answers.append(post_keys(house, state, server=web.test_client())[0])

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [200, 400] and len(stores(house)) == 1


def test_wrong_keys_are_refused_and_the_merchant_reads_why(house: House) -> None:
    client, stranger = open_client(house), open_client(house)
    state = begin(client)
    assert post_keys(house, state, "planted")[0] == 422 and stores(house) == []
    page = return_to(client, state)
    assert page.status_code == 422 and "shop.example does not know these keys." in page.text
    elsewhere = return_to(stranger, state)
    assert elsewhere.status_code == 400 and "does not know" not in elsewhere.text
    assert post_keys(house, state)[0] == 400 and stores(house) == []


def test_success_in_the_address_is_nobody_s_word(house: House) -> None:
    client = open_client(house)
    state, before = begin(client), dump_rows(house)
    assert [return_to(client, state, said).status_code for said in ("1", "0", "")] == [409, 409, 409]
    assert stores(house) == [] and dump_rows(house) == before
    assert client.get("/install/post/connected", base_url=BASE).status_code == 404
    assert post_keys(house, state)[0] == 200


def test_who_pressed_deny_reads_it_and_may_begin_anew(house: House) -> None:
    client, stranger = open_client(house), open_client(house)
    state, before = begin(client), dump_rows(house)
    page = return_to(client, state, "0")
    assert page.status_code == 409 and "You pressed deny." in page.text and "todavía" not in page.text
    assert 'href="/install/post?shop=shop.example"' in page.text and dump_rows(house) == before
    foreign = return_to(stranger, state, "0")
    assert foreign.status_code == 400 and "You pressed deny." not in foreign.text
    ticket = mint_install_ticket(house.doors.settings, house.doors.clock)
    guest = open_client(house)
    invited = return_to(guest, begin(guest, ticket=ticket), "0")
    assert "You pressed deny." in invited.text and "enlace de instalación" in invited.text
    assert 'href="/install/post' not in invited.text
    assert post_keys(house, state)[0] == 200
    assert return_to(client, state, "0").headers["Location"] == "/install/post/connected"


def test_a_foreign_state_a_late_post_and_another_browser_get_nothing(house: House) -> None:
    client, stranger, clock = open_client(house), open_client(house), house.doors.clock
    assert isinstance(clock, FrozenClock)
    state = begin(client)
    for bad in ("", state[:-1], state + "x", "x" * 5000, "\x00"):
        assert post_keys(house, bad)[0] == 400
    answer = house.web().test_client().post(
        "/install/post/callback", data=b"[" * 500, content_type="application/json", base_url=BASE
    )
    assert answer.status_code == 400
    begin(stranger, "other.example")
    assert return_to(stranger, state).status_code == 400
    clock.advance(timedelta(minutes=10))
    assert post_keys(house, state)[0] == 400 and stores(house) == []


def test_a_browser_s_state_is_not_for_the_server_to_bring(house: House) -> None:
    client = open_client(house)
    page = client.post("/install/post", data={"keys": "1", "shop": SHOP}, headers=OURS, base_url=BASE)
    state = re.findall(r'name="state" value="([^"]+)"', page.text)[0]
    form = {"state": state, "url": SHOP, "secret": SHOP[::-1]}
    nobody = house.web().test_client().post("/install/post/callback", data=form, base_url=BASE)
    assert nobody.status_code == 400 and stores(house) == []
    assert client.post("/install/post/callback", data=form, base_url=BASE).status_code == 303


def test_anybody_connects_the_first_shop_and_nobody_the_second(house: House) -> None:
    first, second = open_client(house), open_client(house)
    one, two = begin(first), begin(second, "late.example")
    assert post_keys(house, one)[0] == 200
    assert post_keys(house, two, "late.example"[::-1])[0] == 422
    assert [store.domain for store in stores(house)] == [SHOP]
    assert return_to(second, two).status_code == 403
    page = open_client(house).get("/install/post", base_url=BASE)
    assert page.status_code == 403 and "mostrador stores connect post" in page.text


@pytest.mark.parametrize(
    ("installs", "statuses"), [("first", (200, 403)), ("open", (200, 200)), ("invited", (403, 403))]
)
def test_who_may_begin_is_the_operator_s_choice(
    database_url: str, installs: str, statuses: tuple[int, int]
) -> None:
    with open_house(database_url, base_url=BASE, adapters="post=post_office:Post", installs=installs) as house:
        client, seen = open_client(house), []
        for _ in range(2):
            page = client.get("/install/post", base_url=BASE)
            begun = client.post("/install/post", data={"shop": SHOP}, headers=OURS, base_url=BASE)
            assert (begun.status_code == 303) == (page.status_code == 200)
            seen.append(page.status_code)
            make_store(house.db, domain="first.example")
        assert tuple(seen) == statuses
        ticket = mint_install_ticket(house.doors.settings, house.doors.clock)
        assert client.get("/install/post", query_string={"ticket": ticket}, base_url=BASE).status_code == 200
        foreign = {"Origin": "https://evil.example"}
        begun = client.post("/install/post", data={"shop": SHOP}, headers=foreign, base_url=BASE)
        assert begun.status_code == 403


def test_who_had_a_merchant_approve_gets_no_access(house: House) -> None:
    phisher = open_client(house)
    assert post_keys(house, begin(phisher))[0] == 200
    [store] = stores(house)
    assert team(house, store) == {}
    page = phisher.get("/install/post/connected", base_url=BASE)
    assert "m•••@s•••.example" in page.text and "l•••@s•••.example" in page.text
    assert "marta" not in page.text.lower() and "$$$" not in page.text and "no address" not in page.text
    assert f"mostrador stores owner {store.public_id} E-MAIL" in page.text
    key = re.findall(r'name="staff" value="([0-9a-f]+)"', page.text)[1]
    made_up = phisher.post("/install/post/owner", data={"staff": "x"}, headers=OURS, base_url=BASE)
    picked = phisher.post("/install/post/owner", data={"staff": key}, headers=OURS, base_url=BASE)
    assert [made_up.status_code, picked.status_code] == [303, 303] and "Set-Cookie" not in picked.headers
    assert team(house, store) == {"luis@shop.example": "owner"}
    told = phisher.get("/install/post/connected?mailed=1", base_url=BASE)
    assert "l•••@s•••.example" in told.text and "/sign-in/" not in told.text
    with house.db.reading(ALL, "look at the mails to come") as tx:
        assert [job.kind for job in tx.scalars(select(Job)) if job.kind.startswith("desk.")] == ["desk.mail_link"]
        [agent] = [one.agent for one in list_team(tx, store.id)]
    assert agent.name == "luis"
    assert phisher.get(f"/desk/{store.public_id}/", base_url=BASE).status_code == 303


@pytest.mark.parametrize(("installs", "called"), [("first", 1), ("open", 0)])
def test_whom_a_stranger_picks_is_not_called_to_the_desk_before_they_came(
    database_url: str, installs: str, called: int
) -> None:
    with open_house(database_url, base_url=BASE, adapters="post=post_office:Post", installs=installs) as house:
        client = open_client(house)
        assert post_keys(house, begin(client))[0] == 200
        page = client.get("/install/post/connected", base_url=BASE)
        key = re.findall(r'name="staff" value="([0-9a-f]+)"', page.text)[0]
        client.post("/install/post/owner", data={"staff": key}, headers=OURS, base_url=BASE)
        [store] = stores(house)
        with house.db.reading(ALL, "whom it may call") as tx:
            assert len(list_team(tx, store.id)) == 1 and len(list_callees(tx, store.id)) == called


def test_only_the_browser_that_connected_picks_and_only_while_nobody_owns_it(house: House) -> None:
    client, stranger = open_client(house), open_client(house)
    assert post_keys(house, begin(client))[0] == 200
    [store] = stores(house)
    page = client.get("/install/post/connected", base_url=BASE)
    keys = re.findall(r'name="staff" value="([0-9a-f]+)"', page.text)
    for browser, headers in ((stranger, OURS), (client, {"Origin": "https://evil.example"}), (client, {})):
        answer = browser.post("/install/post/owner", data={"staff": keys[0]}, headers=headers, base_url=BASE)
        assert answer.status_code == 403
    for key in keys:
        client.post("/install/post/owner", data={"staff": key}, headers=OURS, base_url=BASE)
    assert team(house, store) == {"marta@shop.example": "owner"}


def test_who_is_signed_in_as_the_one_picked_goes_straight_in(house: House) -> None:
    client = open_client(house)
    state = begin(client)
    assert post_keys(house, state)[0] == 200
    sign_somebody_in(house, client, "marta@shop.example")
    page = client.get("/install/post/connected", base_url=BASE)
    key = re.findall(r'name="staff" value="([0-9a-f]+)"', page.text)[0]
    answer = client.post("/install/post/owner", data={"staff": key}, headers=OURS, base_url=BASE)
    [store] = stores(house)
    assert answer.headers["Location"] == f"{BASE}/desk/{store.public_id}/"
    assert client.get(f"/desk/{store.public_id}/", base_url=BASE).status_code == 200


def test_a_signed_in_owner_and_a_set_up_link_own_what_their_server_posts(house: House) -> None:
    own = make_store(house.db, domain="own.example")
    owner, invited = open_client(house), open_client(house)
    sign_somebody_in(house, owner, "ana@example.com", own)
    assert post_keys(house, begin(owner))[0] == 200
    with house.db.transaction(ALL, "another agent") as tx:
        bea = create_agent(tx, "bea@example.com", "Bea", "es").id
    ticket = mint_install_ticket(house.doors.settings, house.doors.clock, bea)
    assert post_keys(house, begin(invited, "two.example", ticket=ticket), "two.example"[::-1])[0] == 200
    made = {store.domain: team(house, store) for store in stores(house)}
    assert made[SHOP] == {"ana@example.com": "owner"} and made["two.example"] == {"bea@example.com": "owner"}


def test_where_everybody_may_connect_a_sign_in_owns_nothing_by_another_s_approval(database_url: str) -> None:
    with open_house(database_url, base_url=BASE, adapters="post=post_office:Post", installs="open") as house:
        own = make_store(house.db, domain="own.example")
        attacker = open_client(house)
        sign_somebody_in(house, attacker, "attacker@example.com", own)
        assert post_keys(house, begin(attacker))[0] == 200
        store = next(store for store in stores(house) if store.domain == SHOP)
        assert team(house, store) == {}


def test_a_session_of_the_shop_s_word_renews_its_shop_and_connects_no_other(house: House) -> None:
    store = make_store(house.db, domain=SHOP, platform="post", credentials={"key": "old"})
    client = open_client(house)
    with house.db.transaction(ALL, "a bound session") as tx:
        agent = create_agent(tx, "marta@shop.example", "Marta", "es").id
        add_membership(tx, store.id, agent, "owner")
        token = open_session(tx, agent, MOMENT, bound_to=store.id)
    client.set_cookie("__Host-mostrador-desk", token, domain="care.example", secure=True, path="/")
    assert post_keys(house, begin(client))[0] == 200
    assert json.loads(stores(house)[0].credentials or "") == {"key": SHOP[::-1]}
    other = begin(client, "other.example")
    assert post_keys(house, other, "other.example"[::-1])[0] == 422 and len(stores(house)) == 1


def test_states_keep_no_secret_and_the_set_up_follows(house: House) -> None:
    state = begin(open_client(house))
    assert post_keys(house, state)[0] == 200
    with house.db.reading(ALL, "look at the states") as tx:
        [row] = tx.scalars(select(InstallState))
    assert (row.kept, row.by_server, row.trouble) == ({"shop": SHOP}, True, None)
    assert state not in repr(dump_rows(house)["install_states"])
    assert run_jobs(house) >= 1 and any(isinstance(one, object) and hasattr(one, "webhook") for one in Post.told)


def test_what_a_shop_s_word_opened_before_it_left_stays_closed_when_it_comes_back(database_url: str) -> None:
    with open_house(database_url, base_url=BASE, adapters="post=post_office:Post", installs="open") as house:
        store = make_store(house.db, domain=SHOP, platform="post", credentials={"key": "old"})
        before = open_client(house)
        with house.db.transaction(ALL, "a bound session, then the shop leaves") as tx:
            agent = create_agent(tx, "old@shop.example", "Old", "es").id
            add_membership(tx, store.id, agent, "owner")
            token = open_session(tx, agent, MOMENT, bound_to=store.id)
            next(row for row in list_stores(tx) if row.id == store.id).status = "uninstalled"
        before.set_cookie("__Host-mostrador-desk", token, domain="care.example", secure=True, path="/")
        assert post_keys(house, begin(open_client(house)))[0] == 200
        assert before.get(f"/desk/{store.public_id}/", base_url=BASE).status_code == 303
