"""An agent's answer by mail: once, in the agent's name, with a link; never what an open panel reads."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from letter_room import Letters, link_of, open_letters, page_of, plain, words_of_page
from widget_shop import ANA, BEA, Page

from plugin.care import (
    Agent,
    Post,
    answer_with_article,
    find_visitor,
    open_stream,
    read_talk_token,
    reply,
    take,
)
from plugin.care.mail_answer import MOST_A_DAY, carry_answer
from plugin.mail import MailDelayed
from plugin.privacy.erase import erase_customer

SOON = timedelta(seconds=31)


@pytest.fixture
def shop(database_url: str) -> Iterator[Letters]:
    with open_letters(database_url) as shop:
        shop.change_store(name="Casa Lavanda", reply_to="hola@lavanda.example", time_zone="America/Bogota")
        yield shop


@pytest.fixture
def talk(shop: Letters) -> str:
    """A talk that came by the form, acknowledged."""
    sent = shop.send_form(locale="es", name="Alma", text="PLANTED ¿Hacen envíos?")
    shop.work()
    return str(sent.json["conversation"]["id"])


def say(shop: Letters, talk: str, text: str, agent: Agent = ANA, key: str = "", store: Any = None) -> None:
    reply(shop.care, (store or shop.store).id, talk, agent, text, key or str(uuid.uuid4()))


def answers(shop: Letters) -> list[EmailMessage]:
    return [mail for mail in shop.mails if "nuestra respuesta" in str(mail["Subject"])]


def test_it_comes_in_the_agent_s_name_with_what_they_wrote_and_a_link(shop: Letters, talk: str) -> None:
    say(shop, talk, "Sí, a todo el país.\n<b>Leticia</b> también & más.")
    shop.work(SOON)
    acknowledged, mail = shop.mails
    row = shop.row(talk)
    assert str(mail["From"]) == "Ana · Casa Lavanda <counter@care.example>" and mail["To"] == "alma@example.com"
    assert mail["Reply-To"] == "hola@lavanda.example" and mail["Auto-Submitted"] is None
    assert mail["Subject"] == f"[{row.reference}] Casa Lavanda: nuestra respuesta"
    assert mail["In-Reply-To"] == mail["References"] == acknowledged["Message-ID"] != mail["Message-ID"]
    assert "Ana:\nSí, a todo el país.\n<b>Leticia</b> también & más.\n" in plain(mail)
    assert "&lt;b&gt;Leticia&lt;/b&gt; también &amp; más." in page_of(mail) and "<b>" not in page_of(mail)
    assert "Sí, a todo el país.<br>" in page_of(mail)
    assert "<b>Leticia</b> también & más." in words_of_page(mail)
    assert plain(mail).startswith(f"Casa Lavanda ha respondido a tu mensaje {row.reference}:\n\nAna:")
    assert f'<span style="white-space:nowrap">{row.reference}</span>:</p>' in page_of(mail)
    whole = plain(mail) + page_of(mail)
    assert "PLANTED" not in whole and "Alma" not in whole and "vt_" not in whole
    opened = read_talk_token(shop.care, link_of(mail))
    assert opened is not None and (opened.store.id, opened.public_id) == (shop.store.id, talk)
    assert opened.email_index == shop.index("alma@example.com")
    assert row.mailed_position == row.last_position == 4 and shop.jobs() == []


def test_several_in_a_row_are_one_mail_and_each_is_mailed_once(shop: Letters, talk: str) -> None:
    say(shop, talk, "Uno.")
    shop.work(20)
    say(shop, talk, "Dos.")
    assert shop.jobs("care.mail_answer") == ["care.mail_answer"]
    shop.work(11)
    (mail,) = answers(shop)
    assert plain(mail).count("Ana:") == 2
    shop.work(SOON)
    key = str(uuid.uuid4())
    for _ in range(3):
        say(shop, talk, "Tres.", key=key)
        shop.work(SOON)
    assert len(answers(shop)) == 2
    second = plain(answers(shop)[1])
    assert "Tres." in second and "Uno." not in second and "Dos." not in second
    assert answers(shop)[1]["References"] == mail["References"]


def test_what_an_open_panel_reads_is_not_mailed(shop: Letters) -> None:
    page = shop.page()
    talk = shop.send_form(page).json["conversation"]["id"]
    shop.work()
    visitor = find_visitor(shop.care, page.token)
    assert visitor is not None
    stream = open_stream(shop.care, visitor)
    assert stream is not None
    say(shop, talk, "Sí.")
    shop.work(SOON)
    assert answers(shop) == [] and shop.row(talk).mailed_position == 4
    stream.close()
    say(shop, talk, "Y gratis.")
    shop.work(SOON)
    (mail,) = answers(shop)
    assert "Y gratis." in plain(mail) and "Sí." not in plain(mail)


def test_without_an_address_nothing_is_mailed_and_what_was_read_before_it_was_left_is_not_either(
    shop: Letters,
) -> None:
    page = shop.page()
    talk = page.say("quiero hablar con una persona").json["conversation"]["id"]
    say(shop, talk, "Hola.")
    shop.work(SOON)
    assert shop.jobs() == [] and shop.mails == []
    consent = page.get("/stores/{store}/boot?locale=es").json["email_consent"]
    left = page.post("/conversation/email", {"email": "alma@example.com", "consent": consent})
    assert left.status_code == 200
    say(shop, talk, "Ya lo tengo.")
    shop.work(SOON)
    (mail,) = answers(shop)
    assert "Ya lo tengo." in plain(mail) and "Hola.\n" not in plain(mail).partition("\n")[2]
    row = shop.row(talk)
    assert row.reference is not None and str(mail["Subject"]).startswith(f"[{row.reference}]")
    assert shop.told()[-1].day.startswith("2026-11-21 answer")


def test_an_article_is_mailed_as_text_and_a_colleague_in_their_own_name(shop: Letters, talk: str) -> None:
    answer_with_article(shop.care, shop.store.id, talk, "delivery-times", ANA, str(uuid.uuid4()))
    take(shop.care, shop.store.id, talk, BEA, from_agent=ANA.id)
    say(shop, talk, "Y soy Bea.", BEA)
    shop.work(SOON)
    (mail,) = answers(shop)
    assert str(mail["From"]).startswith("Bea · Casa Lavanda") and plain(mail).count("Ana:") == 1
    assert "Y soy Bea." in plain(mail) and "se ha unido" not in plain(mail)


@pytest.mark.parametrize("sort", ["lines", "long", "turning"])
def test_a_hostile_name_of_an_agent_adds_no_header(shop: Letters, talk: str, sort: str) -> None:
    name = {"lines": "Ana\r\nBcc: victim@x.example", "long": "A" * 10_000, "turning": "An\u202ea\u2028<i>\"@,;"}[sort]
    say(shop, talk, "Sí.", Agent(7, name))
    shop.work(SOON)
    (mail,) = answers(shop)
    assert set(mail.keys()) == {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert len(mail["From"].addresses) == len(mail["To"].addresses) == 1
    assert mail["From"].addresses[0].addr_spec == "counter@care.example" and "<i>" not in page_of(mail)


class Server:
    """Takes mails; the first `times` of them and the process dies, or its answer is lost."""

    def __init__(self, times: int, error: type[BaseException]) -> None:
        self.times, self.error, self.taken = times, error, list[bytes]()

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        self.taken.append(message)
        if len(self.taken) <= self.times:
            raise self.error("gone")


class Killed(BaseException):
    """The process is no more."""


def test_killed_after_the_mail_left_it_says_the_same_though_more_was_said_meanwhile(shop: Letters, talk: str) -> None:
    server = Server(1, Killed)
    post = Post(server, "counter@care.example", "http://127.0.0.1")
    say(shop, talk, "Uno.")
    shop.clock.advance(SOON)
    (gather,) = shop.take()
    shop.house.engine.run(gather)
    (job,) = shop.take()
    assert job.kind == "care.carry_answer"
    with pytest.raises(Killed):
        carry_answer(shop.care, post, job)
    say(shop, talk, "Dos.")
    kinds: Any = shop.house.kinds
    kinds["care.carry_answer"] = lambda job: carry_answer(shop.care, post, job)
    shop.work(timedelta(minutes=6))
    assert len(server.taken) == 3, "the first again, byte by byte, and what was said meanwhile by itself"
    again = [raw for raw in server.taken if raw == server.taken[0]]
    assert len(again) == 2
    (other,) = [raw for raw in server.taken if raw != server.taken[0]]
    assert b"Dos." in other and b"Uno." not in other and shop.jobs() == []


def test_a_server_that_is_away_is_tried_again(shop: Letters, talk: str) -> None:
    server = Server(3, MailDelayed)
    post = Post(server, "counter@care.example", "http://127.0.0.1")
    kinds: Any = shop.house.kinds
    kinds["care.carry_answer"] = lambda job: carry_answer(shop.care, post, job)
    say(shop, talk, "Uno.")
    for _ in range(8):
        shop.work(timedelta(minutes=3))
    assert len(server.taken) == 4 and len(set(server.taken)) == 1 and shop.jobs() == []


def test_two_workers_that_gather_at_once_send_one(shop: Letters, talk: str) -> None:
    say(shop, talk, "Uno.")
    shop.clock.advance(SOON)
    (job,) = shop.take()
    start = threading.Barrier(2)

    def gather() -> None:
        start.wait()
        shop.house.kinds["care.mail_answer"](job)

    threads = [threading.Thread(target=gather) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shop.jobs() == ["care.carry_answer"]
    shop.work()
    assert len(answers(shop)) == 1


def test_twenty_mails_a_day_of_one_talk_and_the_rest_together_the_next(shop: Letters, talk: str) -> None:
    for number in range(MOST_A_DAY + 4):
        say(shop, talk, f"Mensaje {number}.")
        shop.work(SOON)
    assert len(answers(shop)) == MOST_A_DAY
    shop.work(timedelta(hours=20))
    assert len(answers(shop)) == MOST_A_DAY + 1
    assert plain(answers(shop)[-1]).count("Mensaje") == 4 and shop.jobs() == []
    other = shop.send_form(email="otra@example.com").json["conversation"]["id"]
    say(shop, other, "Hola.")
    shop.work(SOON)
    assert len(answers(shop)) == MOST_A_DAY + 2


def test_after_the_shop_left_nothing_is_mailed(shop: Letters, talk: str) -> None:
    say(shop, talk, "Uno.")
    shop.change_store(status="uninstalled")
    shop.work(SOON)
    assert answers(shop) == [] and shop.jobs() == []


def test_an_erased_talk_s_answer_is_not_mailed(shop: Letters, talk: str) -> None:
    say(shop, talk, "Uno.")
    shop.clock.advance(SOON)
    (gather,) = shop.take()
    shop.house.engine.run(gather)
    erase_customer(shop.house.db, shop.store.id, "alma@example.com")
    shop.work()
    assert answers(shop) == [] and shop.jobs() == []


def test_the_writer_s_page_is_the_same_talk(shop: Letters) -> None:
    page: Page = shop.page()
    talk = shop.send_form(page).json["conversation"]["id"]
    say(shop, talk, "Sí.")
    assert page.lines()[-1] == ("agent", "Sí.")
