"""What nobody answered, at the desk; and the test box, which keeps nothing."""

from __future__ import annotations

import html
import re

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from test_desk_editor import fresh, read, send, url

from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.care.public_ids import shorten
from plugin.privacy import list_accesses
from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT

NAMES = ("grabas nombres en la taza?", "puedo poner mi nombre grabado en una taza")
ODD = "mi primo dice que el bulto va en burro"


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def ask_all(counter: Counter, store: StoreRow) -> list[str]:
    talks = []
    for words in (*NAMES, ODD):
        counter.clock.advance(60)
        talks.append(counter.write(store, words))
    put_together(counter)
    return talks


def put_together(counter: Counter) -> None:
    """What was asked is put together, as a little later."""
    counter.clock.advance(10)
    counter.run_jobs()


def test_the_same_question_stands_once_and_is_put_aside_whole(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    assert "Nothing is open." in read(client, store, "gaps")
    talks = ask_all(counter, store)
    page = read(client, store, "gaps")
    assert page.count('<li class="card">') == 2 and "asked 2 times" in page and NAMES[0] in page and NAMES[1] in page
    assert page.index(NAMES[1]) < page.index(ODD) and "Open <span class=\"muted\">2</span>" in page
    [gap] = set(re.findall(r'name="gap" value="([^"]+)"', page.split(ODD)[0]))
    assert gap == f"{talks[1]}:1"
    talks.append(counter.write(store, NAMES[0]))  # since the page was shown
    put_together(counter)
    answer = client.post(
        url(store, "gaps/settle"), data={"gap": gap, "state": "dismissed", "was": "open"}, headers=OURS
    )
    assert answer.status_code == 303 and "The same question asked again goes there too." in html.unescape(
        client.get(answer.location).text
    )
    assert NAMES[1] not in read(client, store, "gaps")
    counter.write(store, NAMES[1])  # the next shopper asks the same
    put_together(counter)
    assert NAMES[1] not in read(client, store, "gaps")
    aside = read(client, store, "gaps?state=dismissed")
    assert NAMES[1] in aside and "asked 4 times" in aside and "Not for us <span class=\"muted\">1</span>" in aside
    client.post(url(store, "gaps/settle"), data={"gap": gap, "state": "open", "was": "dismissed"}, headers=OURS)
    assert "asked 4 times" in read(client, store, "gaps")


def make_link(client: FlaskClient, store: StoreRow, talk: str) -> str:
    """Where "Make an article of it" leads for the group of this conversation."""
    links = re.findall(r'href="([^"]+editor/new[^"]+)"', client.get(url(store, "gaps")).text)
    return html.unescape(next(one for one in links if talk in one))


def test_an_article_made_of_a_group_answers_all_of_it(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talks = ask_all(counter, store)
    form = html.unescape(client.get(make_link(client, store, talks[1])).text)
    assert f"\n{NAMES[1]}\n{NAMES[0]}</textarea>" in form
    asked = re.findall(r'name="asked" value="([^"]+)"', form)
    assert asked == [f"{talks[1]}:1", f"{talks[0]}:1"]
    assert send(client, store, "draft", title="Nombres", phrasings="\n".join(NAMES), asked=asked).status_code == 303
    begun = read(client, store, "gaps").split(NAMES[1])[1].split('<li class="card">')[0]
    assert "Somebody has begun an article of it:" in begun and ">Nombres</a>" in begun
    with counter.db.reading(store.id) as tx:
        row = help.get_own(tx, store.id, "nombres", "es")
    assert row is not None
    send(client, store, "show", article="nombres", version=str(row.version), title="Nombres", asked=asked)
    assert NAMES[1] not in read(client, store, "gaps") and NAMES[0] in read(client, store, "gaps?state=article")


def test_a_group_is_settled_whole_however_large_and_other_languages_are_left_to_their_own(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    other = counter.write(store, NAMES[0], locale="pt")
    talks = [counter.write(store, NAMES[0]) for _ in range(23)]
    put_together(counter)
    form = html.unescape(client.get(make_link(client, store, talks[-1])).text)
    asked = re.findall(r'name="asked" value="([^"]+)"', form)
    assert set(asked) == {f"{one}:1" for one in talks} and f"\n{NAMES[0]}</textarea>" in form
    send(client, store, "show", title="Nombres", asked=asked)
    page = read(client, store, "gaps")
    assert "asked 1 time" in page and shorten(other) in page and shorten(talks[0]) not in page


def test_what_cannot_be_learned_is_no_way_of_asking(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talk = counter.write(store, "mi primo dice que el bulto va en burro " * 9)
    form = html.unescape(client.get(url(store, f"editor/new?conversation={talk}&position=1")).text)
    assert f'name="asked" value="{talk}:1"' in form and 'aria-describedby="phrasings-help">\n</textarea>' in form


def test_what_is_open_is_told_where_the_day_begins_and_at_the_store(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    ask_all(counter, store)
    home, page = read(client, store, ""), read(client, store, "store")
    assert "<strong>2</strong><span>questions without an answer</span>" in home, "two, of which one was asked twice"
    assert 'Questions without an answer <span class="tag tag-warn">2</span>' in page
    for part in ("editor", "gaps", "test-box"):
        assert f'href="{url(store, part)}"' in page.split('id="answers"')[1].split("</section>")[0], part


def test_what_the_bot_can_answer_by_now_says_so(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    counter.write(store, ODD)
    with counter.db.transaction(store.id) as tx:
        help.teach(tx, get_store(tx, store.id), "delivery-times", "es", ODD, "written", None, None, MOMENT)
    page = read(client, store, "gaps")
    assert "By now the bot answers it with:" in page and "¿Cuánto tarda en llegar mi pedido?" in page


def test_looking_at_the_questions_is_noted(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    counter.write(store, ODD)
    client.get(url(store, "gaps"))
    with counter.db.reading(store.id) as tx:
        looks = [(row.kind, row.subject) for row in list_accesses(tx, store.id, most=10)]
    assert ("list", "gaps") in looks
    assert "Questions without an answer" in read(client, store, "accesses")


@pytest.mark.parametrize("form", [
    {}, {"gap": "x", "state": "open"}, {"gap": "cv_AAAAAAAAAAAA:1", "state": "dismissed"},
    {"gap": "{talk}:1", "state": "gone"}, {"gap": "{talk}:2", "state": "open"},
])  # fmt: skip
def test_nonsense_settles_nothing(
    counter: Counter, store: StoreRow, client: FlaskClient, form: dict[str, str]
) -> None:
    talk = counter.write(store, ODD)
    before = counter.dump()["messages"]
    given = {key: value.format(talk=talk) for key, value in form.items()}
    assert client.post(url(store, "gaps/settle"), data=given, headers=OURS).status_code == 303
    assert counter.dump()["messages"] == before


@pytest.mark.parametrize(("question", "words"), [
    ("¿Cuánto tarda en llegar mi pedido?", "The bot answers with this article."),
    ("quiero hablar con una persona", "The bot calls a person"),
    ("hola", "The bot answers with a kind word"),
    (ODD, "The bot says that it does not know"),
    ("zxcv qwer " * 200, "The bot says that it does not know"),
])  # fmt: skip
def test_the_test_box_says_what_the_bot_would_say_and_keeps_nothing(
    counter: Counter, store: StoreRow, client: FlaskClient, question: str, words: str
) -> None:
    before = counter.dump()
    page = html.unescape(client.get(url(store, "test-box"), query_string={"q": question}).text)
    assert words in page and "70%" in page
    assert counter.dump() == before


def test_the_test_box_and_a_real_shopper_hear_the_same(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    for question in ("¿Cuánto tarda en llegar mi pedido?", "cuanto cuesta el envio", ODD, "puedo pagar con tarjeta?"):
        told = help.explain(fresh(counter, store), question, "es")
        thread = read(client, store, f"conversations/{counter.write(store, question)}")
        assert ("From the article:" in thread) is (told.fate == "answered"), question
        if told.article is not None:
            assert told.article.title in thread


def test_the_box_says_why(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    page = read(client, store, "test-box?q=cuanto+se+demora+un+envio&language=es")
    assert page.count("<li>") >= 3 and "Words it has:" in page and "envio" in page and "Nearest to it:" in page
    with counter.db.transaction(store.id) as tx:
        help.teach(tx, get_store(tx, store.id), "how-to-return", "es", ODD, "written", None, None, MOMENT)
    page = read(client, store, f"test-box?q={ODD}&language=es")
    assert "Somebody of your team taught it these very words." in page and ("97%" in page or "99%" in page)
    answers = counter.add_store("c.example")
    eva = counter.sign_in(counter.add_agent("Eva", answers))
    page = read(eva, answers, "test-box?q=cuanto+tarda+en+llegar+mi+pedido&language=es")
    assert "that you do not show would fit better" in page or "not sure enough" in page
