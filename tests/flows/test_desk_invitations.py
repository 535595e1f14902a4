"""An owner asks somebody to the counter: one mail, one link, one day, one use; and no way around that."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from desk_house import OURS, Counter
from invited_guest import NOA, accept, ask, find_form, invite, read_mail, read_token, role_of

from plugin.agents import (
    AgentRow,
    InvitationRow,
    find_agent,
    get_role,
    open_session,
)
from plugin.database import ALL
from plugin.mail import MailDelayed, MailRefused
from plugin.stores import StoreRow


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", name="Casa <b>Lavanda</b>")


def test_who_is_invited_comes_in_by_the_mailed_link_and_answers(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    token, browser = invite(counter, store, ana, "Noa@Example.com"), counter.browser()
    assert [to.lower() for _, _, to in counter.taken.mails] == [NOA]
    for _ in range(3):
        page = browser.get(f"/sign-in/invitation/{token}", headers={"Accept-Language": "pt-BR"})
        assert page.status_code == 200 and "Set-Cookie" not in page.headers and '<html lang="pt">' in page.text
    assert "Casa &lt;b&gt;Lavanda" in page.text and "ana@example.com" in page.text and "a.example" in page.text
    answer = accept(browser, token, "  Noa\r\n<i>Ruiz</i> ", lang="pt")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/{store.public_id}/")
    assert browser.get(f"/desk/{store.public_id}/").status_code == 200
    with counter.db.reading(ALL, "who came") as tx:
        noa = find_agent(tx, NOA)
        assert noa is not None and (noa.name, noa.locale) == ("Noa <i>Ruiz</i>", "pt")
        assert get_role(tx, store.id, noa.id) == "agent"
    talk = counter.write(store, "hola", person=True)
    words = {"text": "¡Hola!", "client_id": "00000000-0000-4000-8000-000000000000"}
    path = f"/desk/{store.public_id}/conversations/{talk}"
    assert browser.post(f"{path}/reply", data=words, headers=OURS).status_code == 303
    assert "Noa &lt;i&gt;Ruiz&lt;/i&gt;" in browser.get(path).text
    assert NOA not in counter.sign_in(ana).get(f"/desk/{store.public_id}/team").text.partition("Invited, and not")[2]


@pytest.mark.parametrize(("asked", "told"), [("pt", "pt"), ("en", "en"), ("", "es"), ("xx", "es")])
def test_the_mail_speaks_the_language_that_was_chosen_and_names_our_own_host(
    counter: Counter, store: StoreRow, asked: str, told: str
) -> None:
    leo = counter.add_agent("Leo", store, locale="es")
    browser = counter.sign_in(leo)
    assert re.search(r'<option value="es" lang="es" selected>', browser.get(f"/desk/{store.public_id}/team").text)
    answer = browser.post(
        f"/desk/{store.public_id}/team/invite", data={"email": NOA, "role": "agent", "locale": asked},
        headers=OURS | {"X-Forwarded-Host": "evil.example"},
    )  # fmt: skip
    assert answer.status_code == 303
    counter.run_jobs()
    mail, text = read_mail(counter)
    subjects = {"es": "Te invitan", "en": "You are invited", "pt": "Convite"}
    assert subjects[told] in mail["Subject"]
    assert f"{counter.house.doors.settings.base_url}/sign-in/invitation/" in text and "evil.example" not in text


def test_lost_access_comes_back_by_the_sign_in_link_for_who_was_invited(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    accept(counter.browser(), invite(counter, store, ana, role="viewer"))
    browser = counter.browser()
    browser.post("/sign-in", data={"email": NOA}, headers=OURS)
    counter.run_jobs()
    found = re.search(r"/sign-in/([\w-]{32})\b", read_mail(counter)[1])
    assert found is not None
    assert browser.post("/sign-in/enter", data={"token": found[1]}, headers=OURS).status_code == 303
    assert browser.get(f"/desk/{store.public_id}/").status_code == 200
    assert browser.post(f"/desk/{store.public_id}/team/invite", headers=OURS).status_code == 403


def test_a_link_lives_for_a_day_from_its_mail_and_no_minute_longer(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    counter.taken.error = MailDelayed("later")
    ask(counter.sign_in(ana), store)
    counter.run_jobs()
    counter.taken.error = None
    counter.clock.advance(timedelta(hours=3))
    assert counter.run_jobs() == 1 and len(counter.taken.mails) == 1
    token = read_token(counter)
    counter.clock.advance(timedelta(hours=23, minutes=59))
    assert counter.browser().get(f"/sign-in/invitation/{token}").status_code == 200
    counter.clock.advance(timedelta(minutes=1))
    assert accept(counter.browser(), token).status_code == 410
    assert role_of(counter, store, NOA) is None


def test_sent_again_only_the_newest_link_opens(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    first = invite(counter, store, ana)
    again = find_form(counter, store, ana, NOA, "again")
    assert counter.sign_in(ana).post(again, headers=OURS).status_code == 303
    assert counter.browser().get(f"/sign-in/invitation/{first}").status_code == 410, "at once, not with the mail"
    counter.run_jobs()
    second = read_token(counter)
    assert second != first and accept(counter.browser(), first).status_code == 410
    assert accept(counter.browser(), second).status_code == 303
    assert counter.sign_in(ana).post(again, headers=OURS).status_code == 404, "it is not there any more"


def test_invited_anew_with_another_role_the_newest_counts(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    first, second = invite(counter, store, ana, role="owner"), invite(counter, store, ana, role="viewer")
    assert accept(counter.browser(), first).status_code == 410
    assert accept(counter.browser(), second).status_code == 303
    assert role_of(counter, store, NOA) == "viewer"


def test_an_invitation_that_ended_before_its_mail_left_is_not_mailed(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    browser = counter.sign_in(ana)
    ask(browser, store)
    browser.post(find_form(counter, store, ana, NOA, "withdraw"), headers=OURS)
    counter.run_jobs()
    assert counter.taken.mails == []


def test_a_mailbox_that_takes_no_mail_is_seen_in_the_list(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    counter.taken.error = MailRefused("no such mailbox")
    ask(counter.sign_in(ana), store)
    assert counter.run_jobs() == 1 and counter.run_jobs() == 0
    page = counter.sign_in(ana).get(f"/desk/{store.public_id}/team").text
    assert "The mail has not gone out yet" in page
    with counter.db.reading(ALL, "the refused one") as tx:
        assert tx.query(InvitationRow).one().token_hash is None


def test_who_is_in_the_team_is_not_invited_and_that_is_said(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    counter.add_agent("Leo", store, role="viewer")
    answer = ask(counter.sign_in(ana), store, "LEO@example.com", "owner")
    assert answer.status_code == 422 and "in the team already" in answer.text
    assert counter.dump()["invitations"] == [] and role_of(counter, store, "leo@example.com") == "viewer"


def test_who_came_in_meanwhile_stays_what_they_are(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    token = invite(counter, store, ana, "leo@example.com", "owner")
    counter.add_agent("Leo", store, role="viewer")
    assert accept(counter.browser(), token).status_code == 303
    assert role_of(counter, store, "leo@example.com") == "viewer"


def test_an_agent_of_another_store_keeps_name_and_stores(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    other = counter.add_store("b.example")
    iris = counter.add_agent("Iris", other, role="owner", locale="pt")
    counter.sign_in(iris)
    token = invite(counter, store, ana, "iris@example.com", "viewer")
    assert read_mail(counter)[0]["Subject"] == "Convite para um balcão", "in her language"
    browser = counter.browser()
    assert 'name="name"' not in browser.get(f"/sign-in/invitation/{token}").text
    assert accept(browser, token, "Somebody else").status_code == 303
    with counter.db.reading(ALL, "who she is") as tx:
        row = find_agent(tx, "iris@example.com")
        assert row is not None and (row.id, row.name, row.locale) == (iris.id, "Iris", "pt")
    assert role_of(counter, other, "iris@example.com") == "owner"
    assert role_of(counter, store, "iris@example.com") == "viewer"


def test_a_name_that_only_a_shop_gave_is_asked_for_and_its_session_opens_no_other_store(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    """Somebody's shop may have named the address before, with a name and a session of theirs."""
    theirs = counter.add_store("b.example")
    named = counter.add_agent("Noa", theirs)
    with counter.db.transaction(ALL, "its bound session") as tx:
        cookie = open_session(tx, named.id, counter.clock.now(), "", bound_to=theirs.id)
    attacker = counter.browser()
    attacker.set_cookie("mostrador-desk", cookie)
    attacker.post("/desk/account/name", data={"name": "Not Noa"}, headers=OURS)
    token, browser = invite(counter, store, ana), counter.browser()
    assert 'name="name"' in browser.get(f"/sign-in/invitation/{token}").text
    empty = accept(browser, token, " ")
    assert empty.status_code == 422 and "Set-Cookie" not in empty.headers
    assert accept(browser, token, "Noa Ruiz").status_code == 303
    with counter.db.reading(ALL, "her name") as tx:
        row = find_agent(tx, NOA)
        assert row is not None and (row.id, row.name) == (named.id, "Noa Ruiz")
    assert attacker.get(f"/desk/{store.public_id}/").status_code == 404
    assert attacker.get("/desk/account").status_code == 403


def test_whoever_is_signed_in_as_somebody_else_is_told_before(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    token, browser = invite(counter, store, ana), counter.sign_in(ana)
    page = browser.get(f"/sign-in/invitation/{token}?lang=en").text
    assert "In this browser Ana is signed in" in page and NOA in page


def test_old_invitations_are_forgotten_with_their_addresses(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    from plugin.privacy import retain

    invite(counter, store, ana)
    counter.clock.advance(timedelta(days=29))
    assert "invitations" not in retain(counter.db, counter.clock)
    counter.clock.advance(timedelta(days=2))
    assert retain(counter.db, counter.clock)["invitations"] == 1
    assert counter.dump()["invitations"] == []
