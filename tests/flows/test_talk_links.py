"""Links in mails to what an address wrote, and what they open: that address's talks in that store, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from letter_room import Letters, link_of, open_letters, page_of, plain, words_of_page
from widget_shop import ANA

from plugin.care import (
    NoAddress,
    NoText,
    ask_for_requests,
    list_requests,
    read_request,
    read_talk_token,
    reply,
    reply_to_request,
    resolve,
    talk_token,
)
from plugin.notices.links import TRACKING, link_token
from plugin.privacy.erase import erase_customer
from plugin.privacy.export import export_customer
from plugin.privacy.retain import retain

ALMA = "alma@example.com"


@pytest.fixture
def shop(database_url: str) -> Iterator[Letters]:
    with open_letters(database_url) as shop:
        shop.change_store(name="Casa Lavanda")
        yield shop


@pytest.fixture
def talk(shop: Letters) -> str:
    return str(shop.send_form().json["conversation"]["id"])


def token(shop: Letters, talk: str = "", email: str = ALMA) -> str:
    return talk_token(shop.house.db.vault, shop.store.id, talk, shop.index(email), shop.clock.now())


def test_a_link_opens_what_it_names_for_thirty_days(shop: Letters, talk: str) -> None:
    one, all_of_them = token(shop, talk), token(shop)
    for given, named in ((one, talk), (all_of_them, "")):
        opened = read_talk_token(shop.care, given)
        assert opened is not None
        assert (opened.store.id, opened.public_id, opened.email_index) == (shop.store.id, named, shop.index(ALMA))
    assert ALMA not in one and "vt_" not in one and len(one) < 200
    shop.clock.advance(timedelta(days=30))
    assert read_talk_token(shop.care, one) is not None
    shop.clock.advance(1)
    assert read_talk_token(shop.care, one) is None


def test_what_is_forged_foreign_or_for_another_purpose_opens_nothing(shop: Letters, talk: str) -> None:
    good, now, vault = token(shop, talk), shop.clock.now(), shop.house.db.vault
    settings = shop.house.doors.settings
    payload = [shop.store.id, talk, shop.index(ALMA), int(now.timestamp())]
    bad = [
        "", " ", "%00", "NULL", "*", good.upper(), good[:-1], good + "a", good.replace(".", ""), "é" * 20, "a" * 10_000,
        link_token(settings.index_key, TRACKING, shop.store.id, 1),
        URLSafeSerializer(settings.index_key, salt="mostrador-talk-link").dumps(payload),
        URLSafeSerializer(vault.index("talk-link", "key"), salt="mostrador-requests").dumps(payload),
        talk_token(vault, 999, talk, shop.index(ALMA), now),
        talk_token(vault, shop.store.id, talk, shop.index("other@example.com"), now),
        talk_token(vault, shop.store.id, "cv_unknown-talk", shop.index(ALMA), now),
        talk_token(vault, shop.store.id, "", "", now), talk_token(vault, shop.store.id, talk, "", now),
        talk_token(vault, shop.store.id, talk, shop.index(ALMA), now + timedelta(hours=1)),
        *(good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(0, len(good) - 1, 7)),
    ]  # fmt: skip
    signed = URLSafeSerializer(vault.index("talk-link", "key"), salt="mostrador-talk-link")
    odds = (None, [], [1], [1, 2, 3, 4], ["1", talk, "x", 1], [1, talk, "x", "y"], [1, talk, "x", 10**30], {"a": 1})
    for odd in odds:
        bad.append(str(signed.dumps(odd)))
    for one in bad:
        assert read_talk_token(shop.care, one) is None, one
    assert read_talk_token(shop.care, good) is not None


def test_a_link_to_an_address_that_was_replaced_and_of_a_store_that_left_opens_nothing(shop: Letters) -> None:
    page = shop.page()
    talk = shop.send_form(page).json["conversation"]["id"]
    good = token(shop, talk)
    shop.send_form(page, email="other@example.com")
    assert read_talk_token(shop.care, good) is None and read_talk_token(shop.care, token(shop)) is None
    assert read_request(shop.care, shop.store, shop.index(ALMA), talk) is None
    other = token(shop, talk, "other@example.com")
    assert read_talk_token(shop.care, other) is not None
    shop.change_store(status="uninstalled")
    assert read_talk_token(shop.care, other) is None


def test_the_list_and_the_talk_are_those_of_the_address_alone(shop: Letters) -> None:
    first = shop.send_form(text="Uno: " + "x" * 300).json
    shop.clock.advance(60)
    second = shop.send_form(text="Dos.", email="Alma@Example.com").json
    stranger = shop.send_form(email="eva@example.com").json["conversation"]["id"]
    nameless = shop.page().say("hola").json["conversation"]["id"]
    theirs = shop.send_form(store=shop.connect("other.example")).json["conversation"]["id"]
    shop.clock.advance(60)
    reply(shop.care, shop.store.id, first["conversation"]["id"], ANA, "Sí.", str(uuid.uuid4()))
    listed = list_requests(shop.care, shop.store, shop.index(ALMA))
    assert [(one.public_id, one.reference, one.state) for one in listed] == [
        (first["conversation"]["id"], first["reference"], "answered"),
        (second["conversation"]["id"], second["reference"], "waiting"),
    ]
    assert listed[0].first_words.startswith("Uno: xxx") and len(listed[0].first_words) == 140
    resolve(shop.care, shop.store.id, listed[0].public_id, ANA)
    assert list_requests(shop.care, shop.store, shop.index(ALMA))[0].state == "resolved"
    for talk in (stranger, nameless, theirs, "", "cv_x", "' OR 1=1", "%"):
        assert read_request(shop.care, shop.store, shop.index(ALMA), talk) is None
        for index in ("", shop.index("")):
            assert read_request(shop.care, shop.store, index, talk) is None
            assert reply_to_request(shop.care, shop.store, index, talk, "x", str(uuid.uuid4()), "es") is None
        assert reply_to_request(shop.care, shop.store, shop.index(ALMA), talk, "x", str(uuid.uuid4()), "es") is None
    assert list_requests(shop.care, shop.store, "") == ()
    found = read_request(shop.care, shop.store, shop.index(ALMA), first["conversation"]["id"])
    assert found is not None and [one.author for one in found[1]] == ["shopper", "system", "system", "agent"]


def test_a_reply_goes_on_in_the_same_talk_once_and_the_agent_hears_it(shop: Letters) -> None:
    page = shop.page()
    sent = shop.send_form(page, steps=["cart"], page="https://shop.example/cart", order_number="1001").json
    talk, key = sent["conversation"]["id"], str(uuid.uuid4())
    reply(shop.care, shop.store.id, talk, ANA, "¿Cuál es tu talla?", str(uuid.uuid4()))
    shop.clock.advance(timedelta(days=29))
    for _ in range(3):
        posted = reply_to_request(shop.care, shop.store, shop.index(ALMA), talk, " La 38. ", key, "es")
        assert posted is not None and posted.messages[0].text == "La 38."
    row = shop.row(talk)
    assert (row.owner, row.agent_name, row.waiting_since, row.phase) == ("agent", "Ana", shop.clock.now(), "purchase")
    assert '"page": "https://shop.example/cart"' in row.context and '"order_number": "1001"' in row.context
    assert page.lines()[-1] == ("shopper", "La 38."), "the widget's talk is the same one"
    assert row.mailed_position == row.last_position == posted.messages[0].position
    shop.work(timedelta(minutes=1))
    assert [mail for mail in shop.mails if "talla" in plain(mail)] == [], "it was read where it was answered"
    reply(shop.care, shop.store.id, talk, ANA, "Te la guardamos.", str(uuid.uuid4()))
    assert reply_to_request(shop.care, shop.store, shop.index(ALMA), talk, "La 38.", key, "es") is not None
    shop.work(timedelta(minutes=1))
    assert [("Te la guardamos." in plain(mail)) for mail in shop.mails[-1:]] == [True], "said after it: mailed"
    for text in ("", "  ", "x" * 4001):
        with pytest.raises(NoText):
            reply_to_request(shop.care, shop.store, shop.index(ALMA), talk, text, str(uuid.uuid4()), "es")


def test_asking_mails_one_link_a_day_and_only_where_there_is_something(shop: Letters, talk: str) -> None:
    shop.work()
    before = len(shop.mails)
    for email in (ALMA, " ALMA@example.com ", "nobody@example.com"):
        ask_for_requests(shop.care, shop.store, email, "es")
        shop.work(2)
    assert len(shop.mails) == before + 1
    mail = shop.mails[-1]
    assert str(mail["To"]).lower() == ALMA and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "Tus consultas a Casa Lavanda"
    opened = read_talk_token(shop.care, link_of(mail))
    assert opened is not None and (opened.public_id, opened.email_index) == ("", shop.index(ALMA))
    assert "Leticia" not in plain(mail) + page_of(mail) and "Ver mis consultas" in words_of_page(mail)
    other = shop.connect("other.example")
    shop.send_form(store=other)
    ask_for_requests(shop.care, other, ALMA, "es")
    shop.work(timedelta(hours=23))
    assert len(shop.mails) == before + 1, "nor by another store"
    ask_for_requests(shop.care, shop.store, ALMA, "pt")
    shop.work(timedelta(hours=2))
    assert len(shop.mails) == before + 2 and shop.mails[-1]["Subject"] == "Suas solicitações a Casa Lavanda"
    assert shop.jobs() == []


def test_whoever_asks_before_they_wrote_is_mailed_once_they_have(shop: Letters) -> None:
    ask_for_requests(shop.care, shop.store, ALMA, "es")
    shop.work(2)
    assert shop.mails == [] and shop.told() == []
    shop.send_form()
    ask_for_requests(shop.care, shop.store, ALMA, "es")
    shop.work(2)
    assert len(shop.mails) == 2


def test_the_request_does_the_same_work_whether_there_is_something_or_not(shop: Letters, talk: str) -> None:
    changed = []
    for email in (ALMA, "x@example.com", ALMA, "x@example.com"):
        shop.work(2)
        before = shop.dump()
        ask_for_requests(shop.care, shop.store, email, "es")
        after = shop.dump()
        rows = [row for row in after["outbox"] if row not in before["outbox"]]
        assert len(rows) == 1, "one promise, also when it was mailed today"
        changed.append(([name for name in after if after[name] != before[name]], len(str(rows[0]))))
    assert {tuple(names) for names, _ in changed} == {("outbox",)}
    assert max(size for _, size in changed) - min(size for _, size in changed) <= 2, "but for the number of the row"


def test_asking_with_what_is_no_address_is_refused_and_a_flood_is_one_job(shop: Letters, talk: str) -> None:
    for email in ("", "alma", "a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example", "a" * 300 + "@x.example"):
        with pytest.raises(NoAddress):
            ask_for_requests(shop.care, shop.store, email, "es")
    for _ in range(50):
        ask_for_requests(shop.care, shop.store, ALMA, "es")
    assert shop.jobs("care.requests") == ["care.requests"]


def test_reading_changes_nothing(shop: Letters, talk: str) -> None:
    shop.work()
    before, given = shop.dump(), token(shop, talk)
    for _ in range(2):
        read_talk_token(shop.care, given)
        list_requests(shop.care, shop.store, shop.index(ALMA))
        read_request(shop.care, shop.store, shop.index(ALMA), talk)
    assert shop.dump() == before


def test_what_was_written_is_found_by_erasing_exporting_and_the_end_of_its_time(shop: Letters) -> None:
    sent = shop.send_form(name="PLANTED", text="PLANTED", order_number="PLANTED").json
    reply(shop.care, shop.store.id, sent["conversation"]["id"], ANA, "Sí.", str(uuid.uuid4()))
    shop.work(31)
    ask_for_requests(shop.care, shop.store, ALMA, "es")
    shop.work(2)
    assert len(shop.told()) == 3 and len(shop.mails) == 3
    ask_for_requests(shop.care, shop.store, ALMA, "es")
    assert "PLANTED" not in str(shop.dump()) and ALMA not in str(shop.dump()), "nothing of it stands anywhere in plain"
    copy = export_customer(shop.house.db, shop.store.id, ALMA)
    assert len(copy["address_left_in"]) == 1 and "PLANTED" not in str(copy), "anybody may have typed it"
    kept = shop.told()
    shop.clock.advance(timedelta(days=181))
    assert retain(shop.house.db, shop.clock)["acknowledgements"] == 3 and len(kept) == 3
    shop.send_form(email="b@example.com")
    shop.work()
    ask_for_requests(shop.care, shop.store, ALMA, "es")
    shop.work(2)
    assert len(shop.told()) == 2
    erase_customer(shop.house.db, shop.store.id, ALMA)
    assert [row.email_index for row in shop.told()] == [shop.index("b@example.com")]
    assert sent["reference"] not in str(shop.dump()) and list_requests(shop.care, shop.store, shop.index(ALMA)) == []
    assert shop.index(ALMA) not in str(shop.dump())
