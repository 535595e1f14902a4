"""How was it, asked where a shopper goes on without the widget: on the page of the talk, in mails with an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_house import OURS, Counter, open_counter
from hub_house import EMAIL, Hub, add_hub, mint_link, new_id, read_mail
from sqlalchemy import select

from plugin.care import LONGEST_COMMENT, Agent, ConversationRow, MessageRow, RatingRow, reply, resolve
from plugin.database import ALL
from plugin.language import LOCALES
from plugin.stores import StoreRow

ANA = Agent(1, "Ana")
DOOR = {
    "es": ("Valora nuestra respuesta", "Abrir y valorar"), "en": ("Rate our answer", "Open and rate"),
    "pt": ("Avalie nossa resposta", "Abrir e avaliar"),
}  # fmt: skip


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return add_hub(counter)


def read(counter: Counter, row: Any) -> list[Any]:
    with counter.db.reading(ALL, "rows of a test") as tx:
        return list(tx.scalars(select(row).order_by(row.id)))


def write(counter: Counter, store: StoreRow, locale: str = "es") -> str:
    """A talk that came by the form."""
    Hub(counter, store, locale, address="198.51.100.1").write("¿Hacéis envíos a Cali?")
    return str(read(counter, ConversationRow)[-1].public_id)


def answer(counter: Counter, store: StoreRow, talk: str, *, ended: bool = True) -> None:
    care = counter.house.doors.care
    reply(care, store.id, talk, ANA, "Sí, claro.", new_id())
    if ended:
        resolve(care, store.id, talk, ANA)


def open_talk(counter: Counter, store: StoreRow, talk: str, locale: str = "es") -> Hub:
    hub = Hub(counter, store, locale)
    hub.open_key(talk)
    hub.get(f"requests/{talk}")
    return hub


def test_it_is_asked_once_there_is_an_answer_and_nobody_waits(counter: Counter, store: StoreRow) -> None:
    talk = write(counter, store)
    hub = open_talk(counter, store, talk)
    assert 'id="rating"' not in hub.text
    assert hub.post(f"requests/{talk}/rating", score="5").status_code == 409 and not read(counter, RatingRow)
    answer(counter, store, talk, ended=False)
    assert 'id="rating"' in hub.get(f"requests/{talk}").text
    hub.post(f"requests/{talk}", text="¿Y a Pasto?")
    assert 'id="rating"' not in hub.get(f"requests/{talk}").text, "somebody is waited for"


def test_a_press_rates_the_talk_as_the_widget_does_and_may_be_changed(counter: Counter, store: StoreRow) -> None:
    talk = write(counter, store)
    answer(counter, store, talk)
    hub = open_talk(counter, store, talk, "en")
    for score, comment, words in (("4", "Muy amables", "4 of 5: good"), ("5", "", "5 of 5: very good")):
        sent = hub.post(f"requests/{talk}/rating", score=score, comment=comment)
        assert sent.status_code == 303
        assert sent.headers["Location"] == hub.path(f"requests/{talk}") + "?rated=1#rating"
        page = hub.get(path=sent.headers["Location"].partition("#")[0])
        assert 'role="status"' in page.text and page.headers["Cache-Control"] == "no-store"
        assert words in hub.words()
    [rating], [row] = read(counter, RatingRow), read(counter, ConversationRow)
    assert (rating.score, rating.comment, rating.agent_id, row.rating) == (5, "Muy amables", ANA.id, 5)
    assert row.status == "resolved" and row.waiting_since is None
    answer(counter, store, talk)
    assert 'role="status"' not in hub.get(path=hub.path(f"requests/{talk}") + "?rated=1").text, "a newer answer"


@pytest.mark.parametrize("score", ["1", "2"])
def test_a_bad_one_brings_a_person_back_once(counter: Counter, store: StoreRow, score: str) -> None:
    talk = write(counter, store)
    answer(counter, store, talk)
    hub = open_talk(counter, store, talk)
    said = len(read(counter, MessageRow))
    for _ in range(2):
        hub.post(f"requests/{talk}/rating", score=score, comment="No era eso")
    [row] = read(counter, ConversationRow)
    assert (row.status, row.owner, row.agent_id) == ("open", "agent", ANA.id) and row.waiting_since is not None
    assert [one.author for one in read(counter, MessageRow)[said:]] == ["system"]
    hub.get(f"requests/{talk}")
    assert "Una persona del equipo" in hub.words() and f'action="{hub.path(f"requests/{talk}")}/rating"' in hub.text


@pytest.mark.parametrize(
    "fields",
    [{}, {"score": ""}, {"score": "0"}, {"score": "6"}, {"score": "５"}, {"score": "4.5"},
     {"score": "4", "comment": "x" * (LONGEST_COMMENT + 1)}],
)  # fmt: skip
def test_what_is_no_rating_is_refused_and_what_was_typed_stays(
    counter: Counter, store: StoreRow, fields: dict[str, str]
) -> None:
    talk = write(counter, store)
    answer(counter, store, talk)
    hub = open_talk(counter, store, talk)
    before = counter.dump()
    given = {"comment": "<b>Bien</b>"} | fields
    assert hub.post(f"requests/{talk}/rating", **given).status_code == 422 and counter.dump() == before
    assert 'class="wrong"' in hub.text and (given["comment"] in hub.text or "&lt;b&gt;Bien&lt;/b&gt;" in hub.text)


def test_nobody_else_rates_it_and_no_other_page_does(counter: Counter, store: StoreRow) -> None:
    talk = write(counter, store)
    answer(counter, store, talk)
    stranger = Hub(counter, store)
    assert stranger.post(f"requests/{talk}/rating", score="1").status_code == 404
    other = add_hub(counter, "other.example")
    abroad = Hub(counter, other)
    Hub(counter, other, address="198.51.101.1").write("Hola", EMAIL)
    abroad.open_key()
    assert abroad.post(f"requests/{talk}/rating", score="1").status_code == 404
    mine = open_talk(counter, store, talk)
    assert mine.post("requests/cv_AAAAAAAAAAAA/rating", score="1").status_code == 404
    for headers in ({}, {"Origin": "https://evil.example"}, OURS | {"Sec-Fetch-Site": "cross-site"}):
        assert mine.post(f"requests/{talk}/rating", headers=headers, score="1").status_code == 403
    assert not read(counter, RatingRow)


def test_ratings_of_one_talk_are_limited(counter: Counter, store: StoreRow) -> None:
    talk = write(counter, store)
    answer(counter, store, talk)
    hub = open_talk(counter, store, talk)
    answers = [hub.post(f"requests/{talk}/rating", score="3", comment="Bien") for _ in range(31)]
    assert [one.status_code for one in answers] == [303] * 30 + [429] and int(answers[-1].headers["Retry-After"]) > 0
    [form] = re.findall(r"<details open>.*?</details>", hub.text, re.DOTALL)
    assert 'role="alert"' in form and ">\nBien</textarea>" in form, "what was typed stays, and is seen"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_mail_with_an_answer_asks_how_it_was_and_opening_its_link_rates_nothing(
    counter: Counter, store: StoreRow, locale: str
) -> None:
    talk = write(counter, store, locale)
    counter.run_jobs()
    for ended in (False, True):
        answer(counter, store, talk, ended=ended)
        counter.clock.advance(31)
        counter.run_jobs()
        mail = read_mail(counter)
        assert "?to=rating" in mail, "nobody knows which answer is the last one"
    [path] = re.findall(r"https://care\.example(/c/\S+\?to=rating)", mail)
    before, hub = counter.dump(), Hub(counter, store, locale)
    page = hub.get(path=path)
    assert page.status_code == 200 and f'action="{path}"' in page.text and counter.dump() == before
    title, press = DOOR[locale]
    assert f"<h1>{title}</h1>" in page.text and f">{press}</button>" in page.text
    opened = hub.post(path=path)
    assert opened.headers["Location"] == hub.path(f"requests/{talk}") + "#rating" and counter.dump() == before


def test_who_rated_already_is_not_asked_by_mail(counter: Counter, store: StoreRow) -> None:
    talk = write(counter, store)
    counter.run_jobs()
    answer(counter, store, talk)
    hub = open_talk(counter, store, talk)
    hub.post(f"requests/{talk}/rating", score="5")
    counter.clock.advance(31)
    counter.run_jobs()
    assert "/c/" in read_mail(counter) and "?to=rating" not in read_mail(counter)
    answer(counter, store, talk)
    counter.clock.advance(31)
    counter.run_jobs()
    assert "/c/" in read_mail(counter) and "?to=rating" not in read_mail(counter), "nor by the mails that follow"


def test_a_link_to_all_requests_rates_nothing(counter: Counter, store: StoreRow) -> None:
    write(counter, store)
    path, hub = f"/c/{mint_link(counter, store)}?to=rating", Hub(counter, store)
    page = hub.get(path=path).text
    assert "podrá abrirlas" in page and DOOR["es"][0] not in page and "rating" not in page
    assert hub.post(path=path).headers["Location"] == hub.path("requests")


def test_another_word_behind_the_link_leads_to_the_talk_alone(counter: Counter, store: StoreRow) -> None:
    talk = write(counter, store)
    path = f"/c/{mint_link(counter, store, talk)}?to=//evil.example"
    hub = Hub(counter, store)
    page = hub.get(path=path).text
    assert "podrá abrirla " in page and "evil" not in page
    assert hub.post(path=path).headers["Location"] == hub.path(f"requests/{talk}")
