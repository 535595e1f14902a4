"""Invitations against whoever would misuse them: forged, used and left-behind links, mail that nobody asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_house import OURS, Counter, open_counter
from invited_guest import NOA, accept, ask, find_form, invite, read_mail, read_token, role_of

from plugin.agents import (
    AgentRow,
    InvitationRow,
    end_bound_sessions,
    find_agent,
    mint_invitation,
    open_session,
    remove_membership,
    set_role,
)
from plugin.agents import invite as invite_row
from plugin.agents.tokens import hash_token
from plugin.database import ALL
from plugin.stores import StoreRow, get_store


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", name="Casa <b>Lavanda</b>")


def test_the_token_is_random_hashed_and_nowhere_but_in_its_mail(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    owner = counter.sign_in(ana)
    assert ask(owner, store).status_code == 303
    with counter.db.reading(ALL, "before the mail") as tx:
        assert tx.query(InvitationRow).one().token_hash is None, "made in the job that mails it"
    counter.run_jobs()
    token = read_token(counter)
    assert re.fullmatch(r"[\w-]{32}", token), "192 bits"
    with counter.db.reading(ALL, "as the file has it") as tx:
        kept = repr(tx.connection().exec_driver_sql("SELECT * FROM invitations").all())
    assert NOA not in kept and "noa" not in kept
    assert token not in repr(counter.dump()), "a hash of it is all there is"
    assert token not in owner.get(f"/desk/{store.public_id}/team").text


def test_nothing_but_the_two_addresses_is_anybody_s_words_in_the_mail(counter: Counter, ana: AgentRow) -> None:
    """Whoever runs a shop chooses its name, and theirs."""
    shop = counter.add_store("b.example", name="WIN at https://evil.example NOW")
    eve = counter.add_agent("Eve", shop)
    with counter.db.transaction(ALL, "a name") as tx:
        row = find_agent(tx, eve.email)
        assert row is not None
        row.name = "Click https://evil.example"
    invite(counter, shop, eve)
    mail, text = read_mail(counter)
    assert mail["Subject"] == "You are invited to a desk" and "evil" not in counter.taken.mails[-1][0].decode()
    assert "eve@example.com asks you to the desk of b.example" in text and "Your role: Agent" in text
    assert mail["Auto-Submitted"] == "auto-generated"


MALFORMED = ("", " ", "%", "*", "NULL", "None", "0", "a" * 32, "A" * 31, "A" * 33, "\x00" * 32, "' OR 1=1 --",
             "_" * 32, "%00", "á" * 32, "A" * 4000)  # fmt: skip


def read_page(answer: Any) -> tuple[int, str, bool]:
    return answer.status_code, answer.text, "Set-Cookie" in answer.headers


def test_used_expired_withdrawn_forged_and_malformed_links_all_look_the_same(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    used, old, withdrawn, changed = (
        invite(counter, store, ana, f"{one}@example.com") for one in ("used", "old", "gone", "case")
    )
    accept(counter.browser(), used)
    counter.sign_in(ana).post(find_form(counter, store, ana, "gone@example.com", "withdraw"), headers=OURS)
    tries = [*MALFORMED, used, withdrawn, changed.swapcase(), changed[:-1], changed + "A", changed + " ", " " + changed]
    before = counter.dump()
    pages = {read_page(accept(counter.browser(), one)) for one in tries}
    assert len(pages) == 1
    [(status, _, cookie)] = pages
    assert status == 410 and not cookie
    opened = [one for one in tries if one.isascii() and one.isprintable() and one.strip() and len(one) < 100]
    urls = [f"/sign-in/invitation/{one}" for one in opened if one.strip() != changed and "%" not in one]
    shown = {read_page(counter.browser().get(url)) for url in urls}
    assert {status for status, _, _ in shown} == {410} and len(shown) == 1
    assert counter.dump() == before
    counter.clock.advance(timedelta(hours=24))
    assert read_page(accept(counter.browser(), old)) in pages
    assert counter.browser().get(f"/sign-in/invitation/{old}").status_code == 410


def test_one_link_lets_one_in_however_often_it_is_pressed(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    token = invite(counter, store, ana)
    answers = [accept(counter.browser(), token).status_code for _ in range(5)]
    assert answers == [303, 410, 410, 410, 410]
    assert len(counter.dump()["memberships"]) == 2


@pytest.mark.parametrize("how", ["removed", "demoted", "uninstalled", "back"])
def test_what_an_owner_left_behind_opens_nothing(
    counter: Counter, store: StoreRow, ana: AgentRow, how: str
) -> None:
    """A colleague who was let go does not come back by a second address; nor anybody to a shop that left or is back."""
    eva = counter.add_agent("Eva", store)
    token = invite(counter, store, eva)
    with counter.db.transaction(ALL, "what happened since") as tx:
        if how == "removed":
            remove_membership(tx, store.id, eva.id)
        elif how == "demoted":
            assert set_role(tx, store.id, eva.id, "agent")
        else:
            get_store(tx, store.id).status = "uninstalled" if how == "uninstalled" else "connected"
            if how == "back":
                end_bound_sessions(tx, store.id, counter.clock.now())
    assert counter.browser().get(f"/sign-in/invitation/{token}").status_code == 410
    assert accept(counter.browser(), token).status_code == 410
    assert role_of(counter, store, NOA) is None
    if how in ("removed", "demoted"):
        page = counter.sign_in(ana).get(f"/desk/{store.public_id}/team").text
        assert "The link is over" in page


@pytest.mark.parametrize("address", [
    "", "x", "a@b", "a@b@c", "a@b.c\nBcc: d@e.f", "a@b.c, d@e.f", "Ana <a@b.example>", "<script>@x",
    "a" * 300 + "@b.example",
])  # fmt: skip
def test_what_is_no_address_is_said_and_stays_to_be_mended(
    counter: Counter, store: StoreRow, ana: AgentRow, address: str
) -> None:
    answer = ask(counter.sign_in(ana), store, address, "viewer")
    assert answer.status_code == 422 and "That is not an e-mail address" in answer.text
    assert "<script>@" not in answer.text and re.search(r'value="viewer" checked', answer.text)
    assert counter.dump()["invitations"] == [] and counter.dump()["outbox"] == []


@pytest.mark.parametrize("role", ["", "Owner", "admin", "owner\x00"])
def test_nobody_is_invited_as_what_is_no_role(counter: Counter, store: StoreRow, ana: AgentRow, role: str) -> None:
    assert ask(counter.sign_in(ana), store, role=role).status_code == 422
    assert counter.dump()["invitations"] == []


def test_no_mailbox_is_filled_whoever_asks(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    other = counter.add_store("b.example")
    eva = counter.add_agent("Eva", other)
    said = [ask(counter.sign_in(one), shop).status_code for one, shop in ((ana, store), (eva, other)) for _ in (1, 2)]
    assert said == [303, 303, 303, 429]
    counter.run_jobs()
    assert len(counter.taken.mails) == 2, "of two wishes of one store the newest alone is mailed"
    counter.clock.advance(timedelta(hours=24, minutes=1))
    assert ask(counter.sign_in(eva), other).status_code == 303


def test_one_store_sends_twenty_a_day(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    browser = counter.sign_in(ana)
    said = [ask(browser, store, f"a{place}@example.com").status_code for place in range(22)]
    assert said == [303] * 20 + [429] * 2
    answer = ask(browser, store, "more@example.com")
    assert "Try again tomorrow" in answer.text and 'value="more@example.com"' in answer.text


def test_where_anybody_may_connect_a_shop_only_a_proven_owner_makes_us_write(tmp_path: Path) -> None:
    with open_counter(tmp_path, installs="open") as counter:
        store = counter.add_store("a.example")
        eve = counter.add_agent("Eve", store)
        with counter.db.transaction(ALL, "let in by the shop's word alone") as tx:
            cookie = open_session(tx, eve.id, counter.clock.now(), "", bound_to=store.id)
        browser = counter.browser()
        browser.set_cookie("mostrador-desk", cookie)
        answer = ask(browser, store)
        assert answer.status_code == 403 and "nobody has shown it yet" in answer.text
        assert counter.dump()["invitations"] == []
        assert ask(counter.sign_in(eve), store).status_code == 303
        assert ask(browser, store, "x@example.com").status_code == 403, "this browser has shown nothing still"


def test_only_owners_ask_and_only_their_own_store_s_list_is_theirs(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    other = counter.add_store("b.example")
    leo, vera = counter.add_agent("Leo", store, role="agent"), counter.add_agent("Vera", store, role="viewer")
    eva = counter.sign_in(counter.add_agent("Eva", other))
    invite(counter, store, ana)
    again, back = (find_form(counter, store, ana, NOA, one) for one in ("again", "withdraw"))
    before = counter.dump()
    for browser in (counter.sign_in(leo), counter.sign_in(vera)):
        assert [browser.post(one, headers=OURS).status_code for one in (again, back)] == [403, 403]
        assert ask(browser, store, "x@example.com").status_code == 403
        assert NOA not in browser.get(f"/desk/{store.public_id}/team").text, "the list is the owners'"
    for path in (again, back):
        assert eva.post(path, headers=OURS).status_code == 404
        assert eva.post(path.replace(store.public_id, other.public_id), headers=OURS).status_code == 404
        assert counter.sign_in(ana).post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    after = counter.dump()
    assert after["invitations"] == before["invitations"] and after["memberships"] == before["memberships"]


def test_accepting_is_for_our_own_page_alone(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    token = invite(counter, store, ana)
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert accept(counter.browser(), token, **foreign).status_code == 403
    assert counter.browser().get(f"/sign-in/accept?token={token}").status_code == 410
    assert accept(counter.browser(), token).status_code == 303


def test_minting_twice_leaves_only_the_newest_token_good(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    ask(counter.sign_in(ana), store)
    with counter.db.transaction(ALL, "two workers at once") as tx:
        row = tx.query(InvitationRow).one()
        minted = [mint_invitation(tx, row.id, counter.clock.now()) for _ in range(2)]
    tokens = [one[1] for one in minted if one is not None]
    assert len(tokens) == 2 and counter.browser().get(f"/sign-in/invitation/{tokens[0]}").status_code == 410
    assert counter.browser().get(f"/sign-in/invitation/{tokens[1]}").status_code == 200


def test_who_is_removed_does_not_come_back_by_a_link_that_still_lies_in_the_mailbox(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    token = invite(counter, store, ana, NOA, "owner")
    noa = counter.add_agent("Noa", store, role="agent")
    path = f"/desk/{store.public_id}/team/{noa.id}/remove"
    removed = counter.sign_in(ana).post(path, data={"sure": "yes"}, headers=OURS)
    assert removed.status_code == 303
    assert accept(counter.browser(), token).status_code == 410
    assert role_of(counter, store, NOA) is None


def test_of_invitations_asked_for_at_one_moment_the_newest_alone_is_mailed(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    """Two servers do not see each other's before both have written."""
    now = counter.clock.now()
    with counter.db.transaction(ALL, "two at once") as tx:
        first = invite_row(tx, store.id, NOA, "agent", ana.id, now, "es")
        second = invite_row(tx, store.id, NOA, "agent", ana.id, now, "es")
        first.revoked_at = None
        tx.flush()
        assert mint_invitation(tx, first.id, now) is None
        assert mint_invitation(tx, second.id, now) is not None


def test_who_came_in_by_one_link_leaves_no_other_that_lets_in(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    """Two that two servers sent at once: the second would let in who was removed after the first."""
    now = counter.clock.now()
    with counter.db.transaction(ALL, "two at once") as tx:
        first = invite_row(tx, store.id, NOA, "agent", ana.id, now, "es")
        one = mint_invitation(tx, first.id, now)
        second = invite_row(tx, store.id, NOA, "owner", ana.id, now, "es")
        first.revoked_at, first.token_hash = None, hash_token(one[1]) if one else None
        other = mint_invitation(tx, second.id, now)
    assert one is not None and other is not None
    assert accept(counter.browser(), one[1]).status_code == 303
    assert accept(counter.browser(), other[1]).status_code == 410
    assert role_of(counter, store, NOA) == "agent"
