"""Coming in and going out: links, cookies, sessions."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from desk_house import OURS, Counter, open_counter

from plugin.agents import open_session
from plugin.database import ALL
from plugin.mail import MailDelayed


def test_opening_a_link_shows_a_button_and_only_the_button_signs_in(counter: Counter) -> None:
    store = counter.add_store("a.example")
    ana, browser = counter.add_agent("Ana", store), counter.browser()
    link = counter.mint_link(ana)
    for _ in range(3):
        page = browser.get(f"/sign-in/{link}")
        assert page.status_code == 200 and link in page.text and "Set-Cookie" not in page.headers
    assert browser.get("/desk/").headers["Location"] == "/sign-in"
    answer = browser.post("/sign-in/enter", data={"token": link}, headers=OURS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert browser.get("/desk/").headers["Location"] == f"/desk/{store.public_id}/"
    again = counter.browser().post("/sign-in/enter", data={"token": link}, headers=OURS)
    assert again.status_code == 410 and "Set-Cookie" not in again.headers
    assert counter.browser().get(f"/sign-in/{link}").status_code == 410


def test_the_cookie_is_out_of_reach(counter: Counter) -> None:
    ana, browser = counter.add_agent("Ana"), counter.browser()
    answer = browser.post("/sign-in/enter", data={"token": counter.mint_link(ana)}, headers=OURS)
    said = answer.headers["Set-Cookie"]
    assert said.startswith("mostrador-desk=") and "Secure" not in said
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; ")) and "Domain" not in said


def test_on_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    with open_counter(tmp_path, base_url="https://care.example") as counter:
        ana, browser = counter.add_agent("Ana"), counter.browser()
        answer = browser.post("/sign-in/enter", data={"token": counter.mint_link(ana)}, headers=OURS)
        said = answer.headers["Set-Cookie"]
        assert said.startswith("__Host-mostrador-desk=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(
            said.split("; ")
        ) and "Domain" not in said


def test_signing_out_ends_the_session_itself(counter: Counter) -> None:
    browser = counter.sign_in(counter.add_agent("Ana"))
    token = browser.get_cookie("mostrador-desk")
    assert token is not None and browser.get("/desk/account").status_code == 200
    browser.post("/desk/sign-out", headers=OURS)
    browser.set_cookie("mostrador-desk", token.value)
    assert browser.get("/desk/account").status_code == 303


def test_one_session_is_ended_from_another(counter: Counter) -> None:
    ana = counter.add_agent("Ana")
    here, there, third = counter.sign_in(ana), counter.sign_in(ana), counter.sign_in(ana)
    forms = re.findall(r'action="(/desk/account/sessions/as_[^"]+/end)"', here.get("/desk/account").text)
    assert len(forms) == 2
    assert here.post(forms[0], headers=OURS).status_code == 303
    left = [browser for browser in (here, there, third) if browser.get("/desk/account").status_code == 200]
    assert here in left and len(left) == 2
    here.post("/desk/account/sessions/end-others", headers=OURS)
    assert [one.get("/desk/account").status_code for one in (here, there, third)] == [200, 303, 303]


def test_sessions_are_told_in_the_time_of_the_store(counter: Counter) -> None:
    store = counter.add_store("barro.example", time_zone="America/Bogota")
    ana = counter.add_agent("Ana", store)
    here, _ = counter.sign_in(ana), counter.sign_in(ana)
    page = here.get(f"/desk/account?store={store.public_id}").text
    assert re.search(r"Last seen: <time[^>]*>1:00", page), "18:00 UTC"


def test_signing_out_everywhere_ends_this_browser_too(counter: Counter) -> None:
    ana = counter.add_agent("Ana")
    here, there, stranger = counter.sign_in(ana), counter.sign_in(ana), counter.sign_in(counter.add_agent("Eva"))
    kept = here.get_cookie("mostrador-desk")
    assert kept is not None and "Sign out everywhere, here too" in here.get("/desk/account").text
    answer = here.post("/desk/account/sessions/end-all", headers=OURS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert here.get_cookie("mostrador-desk") is None
    here.set_cookie("mostrador-desk", kept.value)
    assert [one.get("/desk/account").status_code for one in (here, there, stranger)] == [303, 303, 200]


@pytest.mark.parametrize("how", ["end-others", "end-all"])
def test_signing_out_elsewhere_ends_links_that_were_mailed_and_not_pressed(counter: Counter, how: str) -> None:
    ana, eva = counter.add_agent("Ana"), counter.add_agent("Eva")
    here, mine, hers = counter.sign_in(ana), counter.mint_link(ana), counter.mint_link(eva)
    here.post(f"/desk/account/sessions/{how}", headers=OURS)
    later = counter.mint_link(ana)
    entered = [
        counter.browser().post("/sign-in/enter", data={"token": token}, headers=OURS).status_code
        for token in (mine, hers, later)
    ]
    assert entered[0] != 303 and entered[1:] == [303, 303]


def test_the_list_of_sessions_says_which_one_opens_a_single_store(counter: Counter) -> None:
    store = counter.add_store("a.example", name="Casa <b>Lavanda</b>")
    ana = counter.add_agent("Ana", store)
    with counter.db.transaction(ALL, "a session of a hand-over") as tx:
        cookie = open_session(tx, ana.id, counter.clock.now(), "Firefox", bound_to=store.id)
    browser, bound = counter.sign_in(ana), counter.browser()
    bound.set_cookie("mostrador-desk", cookie)
    page = browser.get("/desk/account").text
    assert page.count("opens only Casa &lt;b&gt;Lavanda&lt;/b&gt;: its back office let you in") == 1
    form = re.findall(r'action="(/desk/account/sessions/as_[^"]+/end[^"]*)"', page)
    assert len(form) == 1 and bound.get(f"/desk/{store.public_id}/").status_code == 200
    assert browser.post(form[0], headers=OURS).status_code == 303
    assert bound.get(f"/desk/{store.public_id}/").status_code == 303


def test_a_stranger_s_session_cannot_be_ended(counter: Counter) -> None:
    ana, eva = counter.sign_in(counter.add_agent("Ana")), counter.sign_in(counter.add_agent("Eva"))
    counter.sign_in(counter.add_agent("Ana"))
    form = re.findall(r'action="(/desk/account/sessions/as_[^"]+/end)"', ana.get("/desk/account").text)[0]
    before = counter.dump()
    eva.post(form, headers=OURS)
    assert counter.dump() == before


def test_thirty_idle_days_end_it_and_an_open_page_keeps_it(counter: Counter) -> None:
    browser = counter.sign_in(counter.add_agent("Ana"))
    assert "/desk/account/seen" not in browser.get("/desk/account").text
    counter.clock.advance(timedelta(days=20))
    assert "/desk/account/seen" in browser.get("/desk/account").text
    assert browser.post("/desk/account/seen", headers=OURS).status_code == 204
    counter.clock.advance(timedelta(days=29))
    assert browser.get("/desk/account").status_code == 200
    counter.clock.advance(timedelta(days=2))
    assert browser.get("/desk/account").status_code == 303


def test_whoever_asks_for_a_link_gets_the_same_answer(counter: Counter) -> None:
    counter.add_agent("Ana", locale="pt")
    known, unknown = (
        counter.browser().post("/sign-in", data={"email": address}, headers=OURS)
        for address in ("ana@example.com", "abc@example.com")
    )
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("ana@", "abc@") == unknown.text
    assert not any("ana" in str(row) for row in counter.dump()["outbox"])
    assert counter.run_jobs() == 2
    assert [recipient for _, _, recipient in counter.taken.mails] == ["ana@example.com"]


def test_the_mailed_link_signs_in(counter: Counter) -> None:
    counter.add_agent("Ana", counter.add_store("a.example"), locale="pt")
    browser = counter.browser()
    browser.post("/sign-in", data={"email": " ANA@example.com "}, headers=OURS)
    counter.run_jobs()
    mail = message_from_bytes(counter.taken.mails[0][0], policy=policy.default)
    assert mail["Subject"] == "Sua entrada no balcão"
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://127\.0\.0\.1:8080(/sign-in/\S+)", body.get_content())
    assert found is not None
    page = browser.get(found[1])
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    assert token is not None
    assert browser.post("/sign-in/enter", data={"token": token[1]}, headers=OURS).status_code == 303


def test_a_link_that_the_mail_server_delays_is_tried_again(counter: Counter) -> None:
    counter.add_agent("Ana")
    counter.taken.error = MailDelayed("later")
    counter.browser().post("/sign-in", data={"email": "ana@example.com"}, headers=OURS)
    counter.run_jobs()
    counter.taken.error = None
    counter.clock.advance(timedelta(minutes=1))
    assert counter.run_jobs() == 1 and len(counter.taken.mails) == 1


def test_asking_many_times_sends_few_mails(counter: Counter) -> None:
    counter.add_agent("Ana")
    for _ in range(8):
        counter.browser().post("/sign-in", data={"email": "ana@example.com"}, headers=OURS)
        counter.run_jobs()
    assert len(counter.taken.mails) == 5


@pytest.mark.parametrize("address", ["", "x", "a@b", "a@b@c", "a@b.c\nBcc: d@e.f", "<script>@x"])
def test_what_is_no_address_is_said_and_stays_text(counter: Counter, address: str) -> None:
    answer = counter.browser().post("/sign-in", data={"email": address}, headers=OURS)
    assert answer.status_code == 422 and "<script>@" not in answer.text
    assert counter.dump()["outbox"] == []


@pytest.mark.parametrize(
    ("asked", "language"), [("pt-BR,pt;q=0.9", "pt"), ("de,en;q=0.5", "en"), ("", "es"), ("ja", "es")]
)
def test_the_door_speaks_the_visitor_s_language(counter: Counter, asked: str, language: str) -> None:
    page = counter.browser().get("/sign-in", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in page.text
    assert (
        '<html lang="en">'
        in counter.browser().get("/sign-in?lang=en", headers={"Accept-Language": asked}).text
    )


def test_the_desk_speaks_the_agent_s_language_and_changes_it(counter: Counter) -> None:
    browser = counter.sign_in(counter.add_agent("Ana", locale="es"))
    assert "Tu cuenta" in browser.get("/desk/account").text
    answer = browser.post(
        "/desk/account/language", data={"locale": "pt", "back": "/desk/account"}, headers=OURS
    )
    assert answer.headers["Location"] == "/desk/account"
    assert "Sua conta" in browser.get("/desk/account").text


@pytest.mark.parametrize("back", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "/desk//evil", "/desk/\\evil", "javascript:alert(1)",
    "/sign-in", "/desk/\r\nSet-Cookie: a=b", "", "/desk/%0d%0a" + "a" * 600, "\x00/desk/",
])  # fmt: skip
def test_going_back_never_leaves_the_desk(counter: Counter, back: str) -> None:
    browser = counter.sign_in(counter.add_agent("Ana"))
    answer = browser.post("/desk/account/language", data={"locale": "es", "back": back}, headers=OURS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")


def test_an_agent_without_a_store_is_told_what_to_do(counter: Counter) -> None:
    page = counter.sign_in(counter.add_agent("Ana")).get("/desk/")
    assert (
        page.status_code == 200 and "No store is connected yet" in page.text and "/install/demo" in page.text
    )
