"""From the shop's back office to the desk: the shop's word is good once, for a minute, for that shop alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_house import OURS, Counter, open_counter
from flask.testing import FlaskClient
from post_office import Post, make_word
from sqlalchemy import select

from plugin.agents import AgentRow, AgentSessionRow, get_role, list_callees, list_memberships
from plugin.agents.models import HandOverRow
from plugin.database import ALL
from plugin.stores import StoreRow, get_store
from plugin.stores.access import park
from plugin.testing.factories import MOMENT
from plugin.web.desk_connection import let_go

FOREIGN = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def counter(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setattr(Post, "told", [])
    with open_counter(tmp_path, database_url, adapters="post=post_office:Post") as opened:
        yield opened


def add_shop(counter: Counter, domain: str = "shop.example") -> StoreRow:
    return counter.add_store(domain, platform="post", credentials={"key": "k"}, webhook_secret=f"seal-of-{domain}")


def send(browser: FlaskClient, word: str, platform: str = "post") -> Any:
    """What the button in the shop does: a form of another site."""
    return browser.post(f"/desk/enter/{platform}", data={"proof": word}, headers=FOREIGN)


def go_on(browser: FlaskClient, page: Any, **form: str) -> Any:
    [token] = re.findall(r'name="token" value="([^"]+)"', page.text)
    return browser.post("/desk/arrive", data={"token": token} | form, headers=OURS)


def come_in(browser: FlaskClient, store: StoreRow, **word: Any) -> Any:
    page = send(browser, make_word(store, **word))
    assert page.status_code == 200, page.text
    return go_on(browser, page)


def find_agents(counter: Counter) -> dict[str, AgentRow]:
    with counter.db.reading(ALL, "look at the agents") as tx:
        return {row.email: row for row in tx.scalars(select(AgentRow))}


def list_bound(counter: Counter) -> list[int | None]:
    with counter.db.reading(ALL, "look at the sessions") as tx:
        return [row.bound_to for row in tx.scalars(select(AgentSessionRow).order_by(AgentSessionRow.id))]


def test_the_shop_s_word_opens_its_desk(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    page = send(browser, make_word(store))
    assert page.status_code == 200 and "data-send-at-once" in page.text and "Set-Cookie" not in page.headers
    answer = go_on(browser, page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/{store.public_id}/")
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert browser.get(f"/desk/{store.public_id}/").status_code == 200
    marta = find_agents(counter)["marta@shop.example"]
    with counter.db.reading(ALL, "who is she") as tx:
        assert (marta.name, get_role(tx, store.id, marta.id)) == ("Marta", "owner")
    assert list_bound(counter) == [store.id]


def test_the_day_ends_and_a_new_press_begins_another(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    come_in(browser, store)
    counter.clock.advance(timedelta(hours=23))
    assert browser.get(f"/desk/{store.public_id}/").status_code == 200
    assert come_in(browser, store, now=counter.clock.now().timestamp(), nonce="2").status_code == 303
    counter.clock.advance(timedelta(hours=23))
    assert browser.get(f"/desk/{store.public_id}/").status_code == 200
    counter.clock.advance(timedelta(hours=2))
    assert browser.get(f"/desk/{store.public_id}/").status_code in (303, 401)


def test_a_word_and_what_follows_it_are_good_once(counter: Counter) -> None:
    store, browser, thief = add_shop(counter), counter.browser(), counter.browser()
    word = make_word(store)
    page = send(browser, word)
    again = send(thief, word)
    assert again.status_code == 403 and "una sola vez" in again.text and "token" not in again.text
    assert go_on(browser, page).status_code == 303
    assert go_on(thief, page).status_code == 403 and thief.get(f"/desk/{store.public_id}/").status_code == 303
    assert len(list_bound(counter)) == 1


def test_old_forged_and_other_words_open_nothing(counter: Counter) -> None:
    store, other, browser = add_shop(counter), add_shop(counter, "other.example"), counter.browser()
    now = counter.clock.now().timestamp()
    before = counter.dump()
    bad = (
        "", "x", "\x00", "x" * 5000, make_word(store, lives=0, now=now), make_word(store, seal="guessed"),
        make_word(store, seal=other.webhook_secret), make_word(store, kind="order"), make_word(store, kind="link"),
        make_word(store).replace(store.public_id, "st_AAAAAAAAAAAAAAAA"), make_word(store, "no address"),
        make_word(store, ""),
    )  # fmt: skip
    for word in bad:
        answer = send(browser, word)
        assert answer.status_code in (400, 403) and "token" not in answer.text and "Set-Cookie" not in answer.headers
        assert "/sign-in" in answer.text
    assert send(browser, make_word(store), "demo").status_code == 400
    assert counter.dump() == before


def test_the_second_half_lives_for_five_minutes_and_in_our_own_page(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    page = send(browser, make_word(store))
    [token] = re.findall(r'name="token" value="([^"]+)"', page.text)
    foreign = browser.post("/desk/arrive", data={"token": token}, headers=FOREIGN)
    assert foreign.status_code == 403 and list_bound(counter) == []
    for bad in ("", "x", token[:-1], token.swapcase()):
        assert browser.post("/desk/arrive", data={"token": bad}, headers=OURS).status_code == 403
    counter.clock.advance(timedelta(minutes=5))
    assert go_on(browser, page).status_code == 403 and list_bound(counter) == []


def test_a_disconnected_shop_speaks_for_nobody(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    page = send(counter.browser(), make_word(store, nonce="2"))
    assert come_in(browser, store).status_code == 303
    let_go(counter.house.doors, store.id)
    assert browser.get(f"/desk/{store.public_id}/").status_code == 303  # to the sign-in: the session ended
    assert go_on(counter.browser(), page).status_code == 403
    assert send(counter.browser(), make_word(store, nonce="3")).status_code == 403
    with counter.db.reading(ALL, "look at the session") as tx:
        assert tx.scalars(select(AgentSessionRow)).one().revoked_at is not None


def test_a_shop_that_names_somebody_else_s_address_learns_and_changes_nothing_of_theirs(counter: Counter) -> None:
    """Whoever runs a shop can sign any address, also that of another store's owner."""
    hostile, other = add_shop(counter), counter.add_store("victim.example")
    eva = counter.add_agent("Eva", other, locale="en")
    browser, hers = counter.browser(), counter.sign_in(eva)
    assert come_in(browser, hostile, address="eva@example.com", name="Evil").status_code == 303
    assert browser.get(f"/desk/{hostile.public_id}/").status_code == 200
    assert browser.get(f"/desk/{other.public_id}/").status_code == 404
    chosen = browser.get("/desk/")
    assert chosen.headers["Location"] == f"/desk/{hostile.public_id}/"
    with counter.db.reading(ALL, "her sessions") as tx:
        theirs = [row.public_id for row in tx.scalars(select(AgentSessionRow))]
    assert browser.get("/desk/account").status_code == 403
    for path, form in (
        ("/desk/account/name", {"name": "Owned"}), ("/desk/account/language", {"locale": "pt"}),
        ("/desk/account/sessions/end-others", {}), (f"/desk/account/sessions/{theirs[0]}/end", {}),
    ):  # fmt: skip
        assert browser.post(path, data=form, headers=OURS).status_code == 403
    eva_now = find_agents(counter)["eva@example.com"]
    assert (eva_now.name, eva_now.locale) == ("Eva", "en")
    assert hers.get(f"/desk/{other.public_id}/").status_code == 200


def test_nor_does_it_begin_an_installation_in_their_name(counter: Counter) -> None:
    hostile, other = add_shop(counter), counter.add_store("victim.example")
    eva = counter.add_agent("Eva", other)
    browser = counter.browser()
    come_in(browser, hostile, address="eva@example.com")
    begun = browser.post("/install/demo", headers=OURS)
    assert begun.status_code != 200
    with counter.db.reading(ALL, "who owns what") as tx:
        assert {row.store_id for row in list_memberships(tx, eva.id)} == {hostile.id, other.id}


def test_who_has_no_other_store_may_change_what_is_theirs(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    come_in(browser, store)
    assert browser.get("/desk/account").status_code == 200
    assert browser.post("/desk/account/name", data={"name": "Marta R."}, headers=OURS).status_code == 303
    assert find_agents(counter)["marta@shop.example"].name == "Marta R."
    assert browser.post("/desk/sign-out", headers=OURS).status_code == 303
    assert browser.get(f"/desk/{store.public_id}/").status_code == 303


def test_a_session_that_may_enter_already_is_kept(counter: Counter) -> None:
    store = add_shop(counter)
    ana = counter.add_agent("Ana", store)
    browser = counter.sign_in(ana)
    answer = come_in(browser, store)
    assert answer.status_code == 303 and "Set-Cookie" not in answer.headers
    assert list_bound(counter) == [None]


def test_somebody_else_s_session_is_changed_only_by_a_press_of_its_own(counter: Counter) -> None:
    store, other = add_shop(counter), counter.add_store("other.example")
    browser = counter.sign_in(counter.add_agent("Bea", other))
    asked = come_in(browser, store)
    assert asked.status_code == 200 and "Set-Cookie" not in asked.headers
    assert all(words in asked.text for words in ("Bea", "Marta", store.name))
    assert browser.get(f"/desk/{store.public_id}/").status_code == 404
    sure = go_on(browser, asked, sure="yes")
    assert sure.status_code == 303 and browser.get(f"/desk/{store.public_id}/").status_code == 200
    assert browser.get(f"/desk/{other.public_id}/").status_code == 404
    assert go_on(browser, asked, sure="yes").status_code == 303  # she is in by now; nothing is opened anew
    assert list_bound(counter) == [None, store.id]


def test_a_colleague_stays_what_they_are_and_old_words_are_forgotten(counter: Counter) -> None:
    store = add_shop(counter)
    helper = counter.add_agent("Helper", store, role="agent")
    browser = counter.browser()
    come_in(browser, store, address="helper@example.com", name="Boss")
    with counter.db.reading(ALL, "what is the helper") as tx:
        assert get_role(tx, store.id, helper.id) == "agent"
    assert browser.get(f"/desk/{store.public_id}/store/disconnect").status_code == 403
    counter.clock.advance(timedelta(days=2))
    now = counter.clock.now().timestamp()
    come_in(counter.browser(), store, nonce="2", now=now)
    with counter.db.reading(ALL, "the words") as tx:
        rows = list(tx.scalars(select(HandOverRow)))
    assert {row.used_at for row in rows} == {counter.clock.now()} and len(rows) == 2


def test_an_owner_disconnects_and_is_told_what_is_left_to_do(counter: Counter) -> None:
    store = add_shop(counter)
    browser = counter.sign_in(counter.add_agent("Ana", store))
    path = f"/desk/{store.public_id}/store/disconnect"
    assert browser.get(path).status_code == 200
    assert browser.post(path, headers=OURS).status_code == 200 and Post.told == []
    done = browser.post(path, data={"sure": "yes"}, headers=OURS)
    assert done.status_code == 200 and "remove the key" in done.text
    assert Post.told == [("torn down", "shop.example")]
    with counter.db.reading(ALL, "the store") as tx:
        row = get_store(tx, store.id)
    assert (row.status, row.credentials, row.previous_credentials, row.live_at) == ("uninstalled", None, "{}", None)
    assert browser.get(path).status_code == 404


def test_a_shop_that_no_longer_answers_is_let_go_all_the_same(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Post, "revoked", True)
    store = add_shop(counter)
    browser = counter.sign_in(counter.add_agent("Ana", store))
    done = browser.post(f"/desk/{store.public_id}/store/disconnect", data={"sure": "yes"}, headers=OURS)
    assert done.status_code == 200 and "The key was taken back." in done.text
    counter.run_jobs()
    with counter.db.reading(ALL, "the store") as tx:
        assert get_store(tx, store.id).status == "uninstalled"
    assert counter.taken.mails == []


def test_a_broken_connection_is_told_to_each_owner_once(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugin.contract import AccessRevoked, Words
    from plugin.stores import park

    monkeypatch.setattr(Post, "revoked", True)
    store = add_shop(counter)
    for name in ("Ana", "Bea"):
        counter.add_agent(name, store, locale="en")
    counter.add_agent("Helper", store, role="agent")
    for _ in range(2):
        park(counter.db, store.id, AccessRevoked(Words("The key was taken back.")).words, counter.clock.now())
        counter.run_jobs()
    assert sorted(mail[2] for mail in counter.taken.mails) == ["ana@example.com", "bea@example.com"]
    body = counter.taken.mails[0][0].decode()
    assert "The key was taken back." in body and "/install/post" in body
    with counter.db.reading(ALL, "the store") as tx:
        assert get_store(tx, store.id).trouble_told_at == MOMENT


def test_an_address_that_only_a_shop_named_gets_no_test_mail(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    come_in(browser, store, address="victim@example.com", name="Win $$$")
    wish = f"/desk/{store.public_id}/store/test-mail"
    refused = browser.post(wish, data={"notice": "shipped"}, headers=OURS)
    assert refused.status_code == 403 and "victim@example.com" in refused.text
    assert "nadie lo ha demostrado" in refused.text and counter.taken.mails == []
    with counter.db.reading(store.id) as tx:
        assert get_store(tx, store.id).test_mails == {}
    counter.sign_in(find_agents(counter)["victim@example.com"])
    assert browser.post(wish, data={"notice": "shipped"}, headers=OURS).status_code == 303
    assert [to for _, _, to in counter.taken.mails] == ["victim@example.com"]


def test_where_everybody_connects_shops_an_address_that_only_a_shop_named_gets_no_alert(
    tmp_path: Path, database_url: str
) -> None:
    with open_counter(tmp_path, database_url, adapters="post=post_office:Post", installs="open") as counter:
        store, owner = add_shop(counter), counter.add_agent("Ana")
        come_in(counter.browser(), store, address=owner.email)
        come_in(counter.browser(), store, address="victim@example.com")
        counter.sign_in(owner)
        park(counter.db, store.id, "The key was taken back.", counter.clock.now())
        counter.run_jobs()
        assert [to for _, _, to in counter.taken.mails] == [owner.email]


def read_today(browser: FlaskClient, store: StoreRow) -> str | None:
    """Where the line about mails to whoever never came by themselves leads; None: it is not there."""
    page = browser.get(f"/desk/{store.public_id}/?lang=en").text
    found = re.search(r'id="uncalled">.*?href="([^"]+)"', page, re.DOTALL)
    return found[1] if found else None


def test_where_everybody_connects_shops_who_is_not_called_by_mail_reads_so_and_how_to_be(
    tmp_path: Path, database_url: str
) -> None:
    with open_counter(tmp_path, database_url, adapters="post=post_office:Post", installs="open") as counter:
        store, browser = add_shop(counter), counter.browser()
        come_in(browser, store)
        assert read_today(browser, store) == "/sign-in"
        assert read_today(counter.sign_in(find_agents(counter)["marta@shop.example"]), store) is None


def test_where_everybody_connects_shops_a_session_of_a_shop_s_word_asks_for_no_mails(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever runs the shop named a stranger, who proves her address to us later, for a shop of her own."""
    with open_counter(tmp_path, database_url, adapters="post=post_office:Post", installs="open") as counter:
        store, browser = add_shop(counter), counter.browser()
        come_in(browser, store, address="victim@example.com")
        wish = {"store": store.public_id, "calls": "yes"}
        assert browser.post("/desk/account/calls", data=wish, headers=OURS).status_code == 403
        page = browser.get("/desk/account").text
        assert 'value="yes"' not in page and 'href="/sign-in"' in page
        victim = counter.sign_in(find_agents(counter)["victim@example.com"])
        with counter.db.reading(store.id) as tx:
            assert list_callees(tx, store.id) == []
        assert victim.post("/desk/account/calls", data=wish, headers=OURS).status_code == 303
        with counter.db.reading(store.id) as tx:
            assert [one.agent.email for one in list_callees(tx, store.id)] == ["victim@example.com"]


def test_where_not_everybody_connects_shops_nobody_is_told_so(counter: Counter) -> None:
    store, browser = add_shop(counter), counter.browser()
    come_in(browser, store)
    assert read_today(browser, store) is None
