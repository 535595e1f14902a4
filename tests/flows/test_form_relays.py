"""What can be aimed at an address that somebody typed: how many mails, to how many mailboxes, and what they open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from letter_room import Letters, open_letters
from widget_shop import ANA

from plugin.care import (
    Form,
    consent_words,
    give_back_to_bot,
    index_mailbox,
    is_begun_anew,
    is_of_its_order,
    read_request,
    read_talk_token,
    reply,
    reply_to_request,
    send_form,
    talk_token,
)
from plugin.care.addresses import fold_mailbox
from plugin.language import LOCALES
from plugin.privacy.erase import erase_customer
from plugin.testing.factories import make_order

ALMA = "alma@example.com"


@pytest.fixture
def shop(database_url: str) -> Iterator[Letters]:
    with open_letters(database_url) as shop:
        yield shop


def flood(shop: Letters, emails: list[str]) -> list[int]:
    """Each form from a neighbourhood of its own."""
    codes = []
    for number, email in enumerate(emails):
        page = shop.page()
        page.address = f"198.51.{number}.9"
        codes.append(shop.send_form(page, email=email).status_code)
    return codes


def to(shop: Letters) -> list[str]:
    return [str(mail["To"]) for mail in shop.mails]


def test_addresses_of_one_mailbox_are_one() -> None:
    same = {"v.ic.tim@gmail.com", "VICTIM+shop@Gmail.com", "victim@googlemail.com", "victim+a+b@gmail.com"}
    assert {fold_mailbox(one) for one in same} == {"victim@gmail.com"}
    assert fold_mailbox("a.b+c@Example.com") == "a.b@example.com", "elsewhere a dot is a letter"
    assert fold_mailbox("+x@example.com") == "+x@example.com"


@pytest.mark.parametrize("spellings", [
    ["victim@gmail.com", "vic.tim@gmail.com", "victim+1@gmail.com", "victim@googlemail.com", "V.I.C.T.I.M@GMAIL.COM"],
    ["victim@example.com", "victim+2@example.com", "Victim+3@example.com", "victim@ｅｘａｍｐｌｅ.com",
     "victim@example。com"],
])  # fmt: skip
def test_however_an_address_is_written_its_mailbox_gets_one_mail_and_three_forms(
    shop: Letters, spellings: list[str]
) -> None:
    assert flood(shop, spellings) == [201, 201, 201, 429, 429]
    shop.work()
    assert len(shop.mails) == 1 and [row.sent_at is not None for row in shop.told()] == [True]
    index = index_mailbox(shop.house.db.vault, spellings[0])
    assert [row.email_index for row in shop.told()] == [index]
    erase_customer(shop.house.db, shop.store.id, fold_mailbox(spellings[0]).replace("@", "+9@"))
    assert shop.told() == [], "what was noted of the mailbox goes with any of its addresses"


def test_a_shopper_whom_the_platform_knows_is_no_way_to_reach_many_mailboxes(shop: Letters) -> None:
    shop.add_order(make_order())
    page = shop.page()
    page.say("hola", proof=shop.prove(order="1001"))
    for one in range(12):
        assert shop.send_form(page, email=f"victim{one}@example.com").status_code == 201
        shop.work(1)
    for one in range(12, 16):
        assert shop.send_form(email=f"victim{one}@example.com", proof=shop.prove(order="1001")).status_code == 201
        shop.work(1)
    shop.work()
    assert to(shop) == [f"victim{one}@example.com" for one in range(3)] and len(shop.told()) == 3
    shop.work(timedelta(hours=25))
    shop.send_form(page, email="alma@example.com")
    shop.work()
    assert to(shop)[-1] == "alma@example.com", "the next day they are told again"


def test_two_addresses_of_one_talk_get_two_mails_that_no_program_takes_for_one(shop: Letters) -> None:
    page = shop.page()
    for one in range(3):
        shop.send_form(page, email=f"alma{one}@example.com", text=f"Hola {one}")
        shop.work(1)
    assert to(shop) == [f"alma{one}@example.com" for one in range(3)]
    assert len({str(mail["Message-ID"]) for mail in shop.mails}) == 3


def test_a_store_mails_so_many_strangers_an_hour_and_keeps_what_they_wrote(
    shop: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.care.told.MOST_AN_HOUR", 6)
    other, words = shop.connect("other.example"), consent_words(shop.store, "es")

    def send(number: int) -> None:
        form = Form("Hola", f"v{number}@example.com", str(uuid.uuid4()), words, "es")
        assert send_form(shop.care, shop.store, None, form).new

    for number in range(15):
        send(number)
    shop.work()
    assert len(shop.mails) == 6 and shop.jobs("care.acknowledge") == []
    assert len([row for row in shop.told() if row.sent_at is None]) == 0, "who was not mailed is not kept from it later"
    shop.send_form(store=other)
    shop.work(timedelta(minutes=59))
    assert len(shop.mails) == 7, "another store is not held up"
    send(20)
    shop.work(timedelta(minutes=2))
    send(21)
    shop.work()
    assert to(shop)[-1] == "v21@example.com"


def test_a_talk_that_goes_on_under_another_address_has_no_more_answer_mails_for_it(
    shop: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.care.mail_answer.MOST_A_DAY", 2)
    page = shop.page()
    talk = shop.send_form(page).json["conversation"]["id"]
    for one in range(4):
        shop.send_form(page, email=f"victim{one}@example.com", text=f"Hola {one}")
        reply(shop.care, shop.store.id, talk, ANA, f"Respuesta {one}", str(uuid.uuid4()))
        shop.work(31)
    assert len([mail for mail in shop.mails if "respuesta" in str(mail["Subject"])]) == 2


def test_a_token_that_sent_a_form_is_handed_out_to_nobody_again(shop: Letters) -> None:
    page, key = shop.page(), str(uuid.uuid4())
    assert page.say("hola", key).status_code == 201
    shop.clock.advance(10)
    assert shop.send_form(page).status_code == 201
    again = shop.page().say("hola", key)
    assert again.status_code != 200 and "token" not in (again.json or {}), "whoever has the page's id alone"


def test_a_link_from_before_the_erasure_opens_nothing_that_comes_after_it(shop: Letters) -> None:
    sent = shop.send_form().json["conversation"]["id"]
    vault, index, given_at = shop.house.db.vault, shop.index(ALMA), shop.clock.now()
    links = [talk_token(vault, shop.store.id, talk, index, given_at) for talk in ("", sent)]
    assert all(read_talk_token(shop.care, one) is not None for one in links)
    shop.clock.advance(timedelta(days=1))
    shop.send_form(text="Y otra.")
    assert all(read_talk_token(shop.care, one) is not None for one in links), "a later talk takes nothing away"
    assert not is_begun_anew(shop.care, shop.store.id, index, given_at)
    erase_customer(shop.house.db, shop.store.id, ALMA)
    assert all(read_talk_token(shop.care, one) is None for one in links)
    shop.clock.advance(timedelta(days=1))
    shop.send_form(text="De quien tiene ahora la dirección.")
    assert all(read_talk_token(shop.care, one) is None for one in links)
    assert is_begun_anew(shop.care, shop.store.id, index, given_at)
    assert read_talk_token(shop.care, talk_token(vault, shop.store.id, "", index, shop.clock.now())) is not None


@pytest.mark.parametrize("locale", LOCALES)
def test_whoever_has_the_mistyped_address_is_told_nothing_of_the_order(shop: Letters, locale: str) -> None:
    shop.add_order(replace(make_order(), email=ALMA))
    page = shop.page()
    page.say("hola", proof=shop.prove(order="1001"), locale=locale)
    shop.send_form(page, email="alna@example.com", locale=locale, consent=consent_words(shop.store, locale))
    talk = page.read()["conversation"]["id"]
    give_back_to_bot(shop.care, shop.store.id, talk, ANA)
    asked = {"es": "¿Dónde está mi pedido?", "en": "Where is my order?", "pt": "Onde está meu pedido?"}[locale]
    posted = reply_to_request(
        shop.care, shop.store, shop.index("alna@example.com"), talk, asked, str(uuid.uuid4()), locale
    )
    assert posted is not None and "1001" in posted.messages[-1].text, "the shopper's own panel says it"
    found = read_request(shop.care, shop.store, shop.index("alna@example.com"), talk)
    assert found is not None and not is_of_its_order(shop.care, found[0])
    shown = found[1][-1]
    assert shown.author == "bot" and shown.body is None and shown.position == found[0].last_position
    assert not [one for one in found[1] if "1001" in one.text + (one.body or "")]
    shop.send_form(page, text="Ahora sí.", email="Alma@Example.com")
    mine = read_request(shop.care, shop.store, shop.index(ALMA), talk)
    assert mine is not None and is_of_its_order(shop.care, mine[0])
    assert [one for one in mine[1] if one.author == "bot" and "1001" in one.text and one.body]
