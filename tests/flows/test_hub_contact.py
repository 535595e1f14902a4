"""Write to us: the hub's form, kept once, with a reference; what is wrong is said, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from desk_house import Counter, open_counter
from hub_house import EMAIL, Hub, add_hub, new_id, read_mail
from sqlalchemy import select

from plugin.care import ConversationRow, MessageRow
from plugin.database import ALL
from plugin.language import LOCALES
from plugin.stores import StoreRow, get_store

REFERENCE = re.compile(r"M-[23456789A-HJ-NP-Z]{6}")


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return add_hub(counter)


def read_talks(counter: Counter) -> list[tuple[ConversationRow, list[str]]]:
    """Every conversation with what its shopper wrote."""
    with counter.db.reading(ALL, "the talks of a test") as tx:
        rows = list(tx.scalars(select(ConversationRow).order_by(ConversationRow.id)))
        theirs = select(MessageRow).where(MessageRow.author == "shopper").order_by(MessageRow.id)
        said: list[Any] = list(tx.scalars(theirs))
    return [(row, [one.text for one in said if one.conversation_id == row.id]) for row in rows]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_message_is_kept_with_its_reference_and_waits_for_a_person(
    counter: Counter, store: StoreRow, locale: str
) -> None:
    hub = Hub(counter, store, locale)
    reference = hub.write("¿Hacéis envíos a Cali?\n\nGracias", name="Alma Ruiz", number="BS-1042")
    [(talk, said)] = read_talks(counter)
    assert said == ["¿Hacéis envíos a Cali?\n\nGracias"]
    assert (talk.reference, talk.email, talk.writer_name, talk.channel) == (reference, EMAIL, "Alma Ruiz", "form")
    assert (talk.status, talk.owner) == ("open", "nobody") and talk.waiting_since is not None
    assert talk.locale.startswith(locale) and "BS-1042" in talk.context
    words = hub.words()
    assert reference in words and EMAIL in words
    zone = {"es": "hora de Bogotá", "en": "Bogota time", "pt": "horário de Bogotá"}[locale]
    assert zone in words, "when a person answers by"
    assert "Set-Cookie" not in hub.get("contact").headers


def test_before_it_is_written_the_page_says_when_a_person_answers(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.get("contact")
    assert re.search(r"Una persona te responderá .*hora de Bogotá", hub.words())
    assert 'href="https://barro.example/privacidad"' in hub.text and 'href="tel:+576012345678"' in hub.text


def test_one_acknowledgement_goes_out_and_the_page_that_is_loaded_again_adds_nothing(
    counter: Counter, store: StoreRow
) -> None:
    hub = Hub(counter, store)
    hub.get("contact")
    fields = hub.hidden(hub.path("contact")) | {"text": "Hola", "email": EMAIL}
    first = hub.post("contact", **fields)
    again = hub.post("contact", **fields)
    assert (first.status_code, again.status_code) == (200, 200)
    assert REFERENCE.findall(first.text) == REFERENCE.findall(again.text)
    [(_, said)] = read_talks(counter)
    assert said == ["Hola"]
    counter.run_jobs()
    assert [recipient for _, _, recipient in counter.taken.mails] == [EMAIL]
    assert REFERENCE.findall(first.text)[0] in read_mail(counter)


def test_after_going_back_other_words_in_the_same_page_are_another_message(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.get("contact")
    fields = hub.hidden(hub.path("contact"))
    hub.post("contact", **fields, text="Hola", email=EMAIL)
    hub.post("contact", **fields, text="Otra cosa", email=EMAIL)
    assert sorted(one for _, said in read_talks(counter) for one in said) == ["Hola", "Otra cosa"]


@pytest.mark.parametrize("client_id", ["", "x", "0" * 36, "\0", "' OR 1=1"])
def test_a_page_without_a_key_of_its_own_gets_nobody_else_s_message(
    counter: Counter, store: StoreRow, client_id: str
) -> None:
    references = set()
    for _ in range(2):
        hub = Hub(counter, store)
        hub.get("contact")
        hub.post("contact", client_id=client_id, text="Hola", email=EMAIL)
        references |= set(REFERENCE.findall(hub.text))
    assert len(references) == 2


@pytest.mark.parametrize(
    ("given", "wrong_field"),
    [({"text": " \n "}, "text"), ({"text": "x" * 4001}, "text"), ({"email": ""}, "email"), ({"email": "alma"}, "email"),
     ({"email": "alma@example.com, b@example.com"}, "email"), ({"email": "alma@localhost"}, "email"),
     ({"name": "x" * 81}, "name"), ({"number": "x" * 61}, "number")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    counter: Counter, store: StoreRow, given: dict[str, str], wrong_field: str
) -> None:
    typed = {"text": "Hola\n<b>a & b</b>", "email": EMAIL, "name": 'Alma "Alma" Ruiz', "number": "BS-1"} | given
    hub, before = Hub(counter, store), counter.dump()
    hub.get("contact")
    answer = hub.post("contact", **typed)
    assert answer.status_code == 422 and counter.dump() == before
    assert f'id="{wrong_field}-wrong"' in hub.text and hub.text.count("-wrong\"") >= 1
    assert len(re.findall(r'aria-invalid="true"', hub.text)) == 1
    for name in ("email", "name", "number"):
        assert f'value="{escape(typed[name].strip(), quote=False).replace(chr(34), "&#34;")}"' in hub.text, name
    assert escape(typed["text"].strip(), quote=False) in hub.text
    assert 'role="alert"' in hub.text and answer.headers["X-Robots-Tag"] == "noindex"


def test_the_sentence_agreed_to_is_the_one_that_is_asked_for(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.get("contact")
    with counter.db.transaction(store.id) as tx:
        get_store(tx, store.id).name = "Otro Nombre"
    answer = hub.post("contact", text="Hola", email=EMAIL)
    assert answer.status_code == 422 and "Otro Nombre" in hub.words() and read_talks(counter) == []
    assert hub.post("contact", text="Hola", email=EMAIL).status_code == 200, "read again, and sent again"


def test_what_a_machine_fills_in_gets_the_same_page_and_is_kept_nowhere(counter: Counter, store: StoreRow) -> None:
    pages = []
    for website in ("", "https://spam.example"):
        hub = Hub(counter, store)
        hub.get("contact")
        assert 'name="website"' in hub.text and 'tabindex="-1"' in hub.text
        before = counter.dump()
        answer = hub.post("contact", text="Hola", email=EMAIL, website=website)
        pages.append((answer.status_code, REFERENCE.sub("M-", answer.text), sorted(answer.headers.keys())))
    assert pages[0] == pages[1] and counter.dump() == before
    [(_, said)] = read_talks(counter)
    assert said == ["Hola"]


def test_five_an_hour_from_one_network_and_three_a_day_in_one_address_s_name(counter: Counter, store: StoreRow) -> None:
    def send(network: int, email: str, page: StoreRow = store) -> tuple[int, str, Any]:
        hub = Hub(counter, page, address=f"198.51.{network}.1")
        hub.get("contact")
        fields = hub.hidden(hub.path("contact")) | {"text": "Hola", "email": email}
        answer = hub.post("contact", **fields)
        return answer.status_code, answer.text, (hub, fields)

    sent = [send(1, f"a{place}@example.com") for place in range(6)]
    assert [status for status, _, _ in sent] == [200] * 5 + [429]
    assert "demasiados mensajes" in sent[5][1] and ">\nHola</textarea>" in sent[5][1]
    hub, fields = sent[4][2]
    assert hub.post("contact", **fields).status_code == 200, "one sent again is not one more"
    other = add_hub(counter, "other.example")
    named = [send(place, "b@example.com", store if place % 2 else other)[0] for place in range(2, 6)]
    assert named == [200] * 3 + [429]


def test_cards_are_masked_and_markup_is_text(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.write("Mi tarjeta es 4111 1111 1111 1111 <script>alert(1)</script>", name="<b>x</b>")
    [(_, said)] = read_talks(counter)
    assert "4111" not in said[0] and "<script>alert(1)</script>" in said[0]
    assert "<script" not in hub.text


def test_a_key_of_another_store_s_page_finds_nothing_here(counter: Counter, store: StoreRow) -> None:
    other, key, references = add_hub(counter, "other.example"), new_id(), set()
    for one in (store, other):
        hub = Hub(counter, one)
        hub.get("contact")
        hub.post("contact", client_id=key, text="Hola", email=EMAIL)
        references |= set(REFERENCE.findall(hub.text))
    assert len(references) == 2
