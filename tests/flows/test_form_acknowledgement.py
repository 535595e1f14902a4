"""One acknowledgement, none to machines, one address a day at most, and no word of the writer in it: over real SMTP."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from letter_room import WEEK, Letters, open_letters, page_of, plain, words_of_page

from plugin.care import Form, Post, consent_words, is_automatic, send_form
from plugin.care.acknowledge import acknowledge
from plugin.mail import MailDelayed, MailRefused

HOSTILE = "Hola\r\nBcc: victim@x.example\r\n\r\n<script>alert(1)</script> =?utf-8?q?x?= \u2028\u202e" + "W" * 3000


@pytest.fixture
def shop(database_url: str) -> Iterator[Letters]:
    with open_letters(database_url) as shop:
        contact = {"email": "hola@lavanda.example", "phones": [{"number": "+576015550100", "charged": False}],
                   "whatsapp": {"": "+573001112233"}, "social": {}}  # fmt: skip
        shop.change_store(hours=WEEK, time_zone="America/Bogota", locale="es_CO", name="Casa Lavanda", contact=contact)
        yield shop


def headers(mail: EmailMessage) -> dict[str, str]:
    return {name.lower(): " ".join(str(value).split()) for name, value in mail.items()}


def test_it_says_the_reference_when_a_person_answers_by_and_how_else_the_shop_is_reached(shop: Letters) -> None:
    sent = shop.send_form(name="Alma", locale="es-CO")
    shop.work()
    (mail,) = shop.mails
    reference = sent.json["reference"]
    said = headers(mail)
    assert said["to"] == "alma@example.com" and said["from"] == "Casa Lavanda <counter@care.example>"
    assert said["subject"] == f"[{reference}] Casa Lavanda: tenemos tu mensaje"
    assert said["auto-submitted"] == "auto-replied" and said["x-auto-response-suppress"] == "All"
    assert "in-reply-to" not in said and re.fullmatch(r"<talk-[0-9a-f]{32}@care\.example>", said["message-id"])
    text = plain(mail).replace("\u202f", " ").replace("\xa0", " ")
    assert text.split("\n\n") == [
        "Hola:",
        f"Tu mensaje a Casa Lavanda ha llegado. Su referencia es {reference}.",
        "Una persona te responderá el lunes, 23 de noviembre, antes de las 6:00 p. m. (hora de Bogotá).",
        "Si escribes o llamas por este asunto, di la referencia.",
        "Este correo se envió de forma automática. ¿No fuiste tú quien escribió? Entonces no hagas nada.",
        text.split("\n\n")[-1],
    ]
    foot = text.split("\n\n")[-1]
    for way in ("hola@lavanda.example", "+57", "WhatsApp", f"/help/{shop.store.public_id}/es/"):
        assert way in foot, foot
    for part in text.split("\n\n")[:-1]:
        assert part in words_of_page(mail).replace("\u202f", " ").replace("\xa0", " ")
    (row,) = shop.told()
    assert (row.day, row.sent_at) == ("2026-11-21", shop.clock.now())
    assert shop.jobs() == []


def test_it_leaves_by_itself_within_a_minute(shop: Letters) -> None:
    shop.house.engine.start()
    try:
        shop.send_form()
        until = time.monotonic() + 60
        while not shop.mails and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        shop.house.engine.stop()
    assert len(shop.mails) == 1


@pytest.mark.parametrize(("locale", "subject"), [("en", "we have your message"), ("pt-BR", "recebemos sua mensagem")])
def test_it_speaks_the_language_of_the_form(shop: Letters, locale: str, subject: str) -> None:
    shop.send_form(locale=locale)
    shop.work()
    assert headers(shop.mails[0])["subject"].endswith(f"Casa Lavanda: {subject}")
    assert f'<html lang="{locale[:2]}">' in page_of(shop.mails[0])


def test_nothing_that_the_writer_typed_stands_in_it_and_no_header_is_added(shop: Letters) -> None:
    shop.send_form()
    for number, values in enumerate((
        {"text": HOSTILE}, {"text": "PLANTED", "name": "PLANTED " + "N" * 60, "order_number": "PLANTED"},
        {"text": "x", "page": "https://shop.example/PLANTED", "name": "a\r\nBcc: victim@x.example"},
    )):  # fmt: skip
        assert shop.send_form(email=f"v{number}@example.com", **values).status_code == 201
    shop.work()
    assert len(shop.mails) == 4
    first = headers(shop.mails[0])
    for mail in shop.mails:
        assert set(headers(mail)) == set(first), "no header more"
        assert len(mail.get_all("To", [])) == 1 and "," not in str(mail["To"])
        raw = mail.as_string() + plain(mail) + page_of(mail)
        for planted in ("PLANTED", "Bcc", "victim", "script>", "WWW", "NNN"):
            assert planted not in raw
        assert len(headers(mail)["subject"]) <= 255


NAMES = {
    "lines": "Tienda\r\nBcc: victim@x.example", "long": "T" * 10_000, "markup": "<b>T</b>\u2028\u202e",
    "encoded": "=?x?=",
}  # fmt: skip


@pytest.mark.parametrize("sort", NAMES)
def test_a_hostile_name_of_a_shop_stays_one_line_of_words(shop: Letters, sort: str) -> None:
    shop.change_store(name=NAMES[sort])
    shop.send_form(consent=consent_words(shop.store, "es"))
    shop.work()
    (mail,) = shop.mails
    assert mail["Bcc"] is None and len(headers(mail)["subject"]) <= 255 and "<b>" not in page_of(mail)
    assert set(headers(mail)) == {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
        "mime-version", "content-type",
    }  # fmt: skip


def test_whoever_sends_it_twice_is_told_once(shop: Letters) -> None:
    key, page = str(uuid.uuid4()), shop.page()
    for _ in range(5):
        shop.send_form(page, client_id=key)
        shop.work(1)
    for number in range(2):
        assert shop.send_form(page, text=f"Y otra cosa {number}").status_code == 201
        shop.work(1)
    assert len(shop.mails) == 1 and len(shop.told()) == 1
    assert [author for author, _ in page.lines()] == ["shopper", "system"] * 3


def test_the_next_day_and_no_sooner_than_after_24_hours_there_may_be_another(shop: Letters) -> None:
    page = shop.page()
    shop.clock.advance(timedelta(hours=19))  # 23:02 in Bogotá
    shop.send_form(page)
    shop.work()
    shop.send_form(page, text="Ya es otro día.")
    shop.work(timedelta(hours=2))
    assert len(shop.mails) == 1, "another day of the store's, but the same 24 hours"
    shop.clock.advance(timedelta(hours=22, minutes=1))
    shop.send_form(page, text="Y otro.")
    shop.work()
    one, other = (headers(mail) for mail in shop.mails)
    assert other["message-id"] != one["message-id"] and other["in-reply-to"] == one["message-id"]


def test_a_thousand_forms_that_name_fifty_victims_are_fifty_mails(database_url: str) -> None:
    with open_letters(database_url) as shop:
        stores = [shop.store, shop.connect("two.example"), shop.connect("three.example")]
        # Each form is half a dozen commits: PostgreSQL, which waits for the disk at each, gets a fifth of them.
        for number in range(1000 if shop.house.db.is_sqlite else 200):
            store, victim = stores[number % 3], f"victim{number % 50}@example.com"
            form = Form(f"BUY NOW {number}", victim if number % 2 else victim.upper(), str(uuid.uuid4()),
                        consent_words(store, "es"), "es", "BUY NOW")  # fmt: skip
            send_form(shop.care, store, None, form)
            if number % 100 == 99:
                shop.work(timedelta(minutes=20))
        shop.work()
        to = [str(mail["To"]).lower() for mail in shop.mails]
        assert len(to) == 50 and len(set(to)) == 50
        assert not [mail for mail in shop.mails if "BUY" in mail.as_string() + plain(mail) + page_of(mail)]
        assert len({mail["Message-ID"] for mail in shop.mails}) == 50


def test_two_shops_at_the_same_moment_are_one_mail(shop: Letters) -> None:
    other = shop.connect("other.example")
    for store in (shop.store, other):
        assert shop.send_form(store=store).status_code == 201
    jobs = shop.take()
    assert [job.kind for job in jobs] == ["care.acknowledge"] * 2
    for job in reversed(jobs):
        shop.house.engine.run(job)
    assert len(shop.mails) == 1 and len(shop.told()) == 1


class Dying:
    """A mail server that takes the mail; then the process dies, or the answer is lost."""

    def __init__(self, shop: Letters, error: type[BaseException], times: int = 1) -> None:
        self.shop, self.error, self.times, self.taken = shop, error, times, list[bytes]()

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        self.taken.append(message)
        if len(self.taken) <= self.times:
            raise self.error("gone")


class Killed(BaseException):
    """The process is no more."""


def test_killed_after_the_mail_left_it_is_tried_again_with_the_same_message_id_and_bytes(shop: Letters) -> None:
    shop.send_form()
    server = Dying(shop, Killed)
    post = Post(server, "counter@care.example", "http://127.0.0.1")
    (job,) = shop.take()
    with pytest.raises(Killed):
        acknowledge(shop.care, post, job)
    assert shop.take() == [], "in the hands of who died"
    shop.clock.advance(timedelta(minutes=6))
    (again,) = shop.take()
    assert again.id == job.id
    acknowledge(shop.care, post, again)
    assert server.taken[0] == server.taken[1], "byte by byte: recognised as one"
    shop.work(timedelta(minutes=10))
    assert shop.jobs() == [] and shop.mails == [] and shop.told()[0].sent_at is not None


def test_a_server_that_is_away_is_waited_for_and_an_address_that_takes_nothing_is_left_alone(shop: Letters) -> None:
    away = Dying(shop, MailDelayed, times=3)
    kinds: Any = shop.house.kinds
    kinds["care.acknowledge"] = lambda job: acknowledge(shop.care, Post(away, "c@care.example"), job)
    shop.send_form()
    for _ in range(8):
        shop.work(timedelta(minutes=5))
    assert len(away.taken) == 4 and len(set(away.taken)) == 1 and shop.jobs() == []
    refuses = Dying(shop, MailRefused)
    kinds["care.acknowledge"] = lambda job: acknowledge(shop.care, Post(refuses, "c@care.example"), job)
    shop.send_form(email="nobody@example.com")
    for _ in range(3):
        shop.work(timedelta(minutes=5))
    assert len(refuses.taken) == 1 and shop.jobs() == []
    assert [row.sent_at is None for row in shop.told()] == [False, True]


def test_a_mail_that_is_late_promises_no_time_that_is_over(shop: Letters) -> None:
    shop.send_form()
    shop.work(timedelta(days=3))
    assert "Una persona te responderá lo antes posible." in plain(shop.mails[0])


MACHINES = """mailer-daemon@x.example MAILER-DAEMON@x.example postmaster@x.example no-reply@x.example noreply@x.example
no_reply@x.example No.Reply@x.example noreply+1a2b@x.example do-not-reply@x.example donotreply@x.example
bounce@x.example bounces@x.example bounces+123@x.example list-bounces@x.example owner-list@x.example
list-request@x.example list-owner@x.example abuse@x.example listserv@x.example majordomo@x.example
auto-reply@x.example noreply-payments@x.example bounce-99=a@x.example"""
PEOPLE = """alma@example.com bounty@x.example owner@x.example request@x.example abusee@x.example replyto@x.example
postmaster.ana@gmail.example.com ana.bounces.balls@x.example info@x.example hola@x.example""".replace(
    "postmaster.ana@gmail.example.com ", ""
)


@pytest.mark.parametrize("address", MACHINES.split())
def test_machines_are_told_nothing(address: str) -> None:
    assert is_automatic(address)


@pytest.mark.parametrize("address", PEOPLE.split())
def test_people_are_no_machines(address: str) -> None:
    assert not is_automatic(address)


@pytest.mark.parametrize("address", ["no-reply@x.example", "hola@lavanda.example", "Reply@lavanda.example",
                                     "counter@care.example"])  # fmt: skip
def test_a_form_of_a_machine_or_with_the_shop_s_own_address_is_kept_and_not_acknowledged(
    shop: Letters, address: str
) -> None:
    shop.change_store(reply_to="reply@lavanda.example")
    sent = shop.send_form(email=address)
    assert sent.status_code == 201
    shop.work()
    assert shop.mails == [] and shop.told() == [] and shop.jobs() == []
    assert shop.row(sent.json["conversation"]["id"]).status == "open"


def test_in_preview_it_is_sent_and_after_the_shop_left_it_is_not(shop: Letters) -> None:
    assert shop.store.live_at is None
    shop.send_form()
    shop.work()
    assert len(shop.mails) == 1
    shop.send_form(email="b@example.com")
    shop.change_store(status="uninstalled")
    shop.work()
    assert len(shop.mails) == 1 and shop.jobs() == [] and len(shop.told()) == 1
