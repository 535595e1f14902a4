"""My requests: asked for by address, opened by a mailed link, kept in a signed cookie; one's own and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_house import Counter, open_counter
from hub_house import EMAIL, Hub, add_hub, mint_link, new_id, read_mail
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from plugin.care import Agent, ConversationRow, MessageRow, reply, resolve, talk_token
from plugin.database import ALL, Vault
from plugin.language import LOCALES
from plugin.privacy.erase import erase_customer
from plugin.stores import StoreRow
from plugin.web.hub_key import COOKIE

ANA = Agent(1, "Ana")
BETO = "beto@example.com"


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return add_hub(counter)


def find_talk(counter: Counter, reference: str) -> str:
    with counter.db.reading(ALL, "a talk of a test") as tx:
        found = tx.scalar(select(ConversationRow.public_id).where(ConversationRow.reference == reference))
    assert found is not None
    return str(found)


def write(counter: Counter, store: StoreRow, words: str, email: str = EMAIL, locale: str = "es") -> tuple[str, str]:
    """(reference, public id) of a message by the form, each from a network of its own."""
    with counter.db.reading(ALL, "how many there are") as tx:
        number = len(list(tx.scalars(select(ConversationRow.id))))
    reference = Hub(counter, store, locale, address=f"198.51.{number}.1").write(words, email)
    return reference, find_talk(counter, reference)


def key_of(answer: TestResponse) -> str:
    """The cookie's header."""
    [header] = answer.headers.getlist("Set-Cookie")
    return str(header)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_asking_says_the_same_whether_there_is_something_or_not(counter: Counter, store: StoreRow, email: str) -> None:
    write(counter, store, "Hola")
    counter.run_jobs()
    before = len(counter.taken.mails)
    hub, stranger = Hub(counter, store), Hub(counter, store)
    for one, address in ((hub, email), (stranger, "zzz@example.com")):
        one.get("requests")
        assert one.post("requests", email=address).status_code == 200
    assert hub.text.replace(email, "-") == stranger.text.replace("zzz@example.com", "-")
    counter.clock.advance(5)
    counter.run_jobs()
    assert len(counter.taken.mails) - before == (1 if email == EMAIL else 0)


def test_the_mailed_link_shows_a_button_and_the_button_the_list(counter: Counter, store: StoreRow) -> None:
    reference, talk = write(counter, store, "¿Hacéis envíos a Cali?")
    _, other = write(counter, store, "Otra cosa", BETO)
    hub = Hub(counter, store)
    hub.get("requests")
    hub.post("requests", email=EMAIL)
    counter.clock.advance(timedelta(hours=25).total_seconds())
    counter.run_jobs()
    [path] = set(re.findall(r"https://care\.example(/c/\S+)", read_mail(counter)))
    before = counter.dump()
    page = hub.get(path=path)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex" and "Set-Cookie" not in page.headers
    assert not [one for one in (EMAIL, "Cali", reference, talk) if one in page.text] and counter.dump() == before
    assert hub.get("requests").text.count("<form") == 1 and reference not in hub.text, "nothing was opened yet"
    hub.get(path=path)
    opened = hub.post(path=path)
    assert opened.status_code == 303 and opened.headers["Location"] == hub.path("requests")
    listed = hub.get("requests")
    assert listed.status_code == 200 and listed.headers["Cache-Control"] == "no-store"
    assert listed.headers["X-Robots-Tag"] == "noindex" and "Cookie" in listed.headers["Vary"]
    words = hub.words()
    assert reference in words and "¿Hacéis envíos a Cali?" in words and "Esperando nuestra respuesta" in words
    assert other not in hub.text and "Otra cosa" not in words


def test_the_cookie_is_out_of_reach_and_for_this_store_alone(counter: Counter, store: StoreRow) -> None:
    write(counter, store, "Hola")
    header = key_of(Hub(counter, store).open_key())
    assert header.startswith(f"{COOKIE}=")
    flags = {one.strip() for one in header.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", f"Path=/help/{store.public_id}/", "Max-Age=2592000"} <= flags
    assert not any(one.startswith("Domain") for one in flags) and EMAIL not in header


def test_on_a_machine_of_one_s_own_the_cookie_needs_no_https(tmp_path: Path) -> None:
    with open_counter(tmp_path) as counter:
        store = add_hub(counter)
        write(counter, store, "Hola")
        header = key_of(Hub(counter, store).open_key())
        assert "Secure" not in header and "HttpOnly" in header


@pytest.mark.parametrize("locale", LOCALES)
def test_a_link_to_one_talk_leads_into_it_in_its_own_language(counter: Counter, store: StoreRow, locale: str) -> None:
    reference, talk = write(counter, store, "Primera línea\n\nSegunda <b>línea</b>", locale=locale)
    reply(counter.house.doors.care, store.id, talk, ANA, "Sí, claro.\nSaludos", new_id())
    hub = Hub(counter, store, locale)
    opened = hub.open_key(talk)
    assert (opened.status_code, opened.headers["Location"]) == (303, hub.path(f"requests/{talk}"))
    page = hub.get(path=opened.headers["Location"])
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex" and "<script" not in page.text
    assert "Primera línea\n\nSegunda &lt;b&gt;línea&lt;/b&gt;" in page.text and "Sí, claro.\nSaludos" in page.text
    words = hub.words()
    assert f'<span class="whole">{reference}</span></h1>' in page.text, "it does not break at its hyphen"
    assert reference in words and "Ana · Barro y Sol" in words and words.count(
        {"es": "hora de Bogotá", "en": "Bogota time", "pt": "horário de Bogotá"}[locale]) >= 1  # fmt: skip


def test_an_answer_from_an_article_is_drawn_as_an_article(counter: Counter, store: StoreRow) -> None:
    _, talk = write(counter, store, "Hola")
    link = {"tag": "a", "href": "https://a.example/?b=1&c", "children": ["dos"]}
    tree = [{"tag": "p", "children": ["Uno ", link]},
            {"tag": "h3", "children": ["Tres"]}, {"tag": "ul", "children": [{"tag": "li", "children": ["<b>"]}]},
            {"tag": "a", "href": "javascript:alert(1)", "children": ["cuatro"]},
            {"tag": "script", "children": ["x"]}]  # fmt: skip
    with counter.db.transaction(store.id) as tx:
        row = tx.scalars(select(MessageRow).where(MessageRow.store_id == store.id)).first()
        assert row is not None
        row.author, row.body, row.source_article_id, row.source_title = "bot", json.dumps(tree), "how-to-return", "x"
    hub = Hub(counter, store)
    hub.open_key()
    text = hub.get(f"requests/{talk}").text
    assert '<p>Uno <a href="https://a.example/?b=1&amp;c" rel="noopener noreferrer">dos</a></p>' in text
    assert "<p><strong>Tres</strong></p><ul><li>&lt;b&gt;</li></ul>cuatro" in text
    assert "javascript:" not in text and "<script" not in text
    assert f'href="{hub.path("how-to-return")}"' in text and "Respuesta automática" in hub.words()


def test_a_reply_goes_into_the_same_talk_once_and_is_there_to_be_read(counter: Counter, store: StoreRow) -> None:
    _, talk = write(counter, store, "Hola")
    care = counter.house.doors.care
    reply(care, store.id, talk, ANA, "¿En qué te ayudo?", new_id())
    hub = Hub(counter, store)
    hub.open_key(talk)
    hub.get(f"requests/{talk}")
    fields = hub.hidden(hub.path(f"requests/{talk}"))
    for _ in range(2):
        sent = hub.post(f"requests/{talk}", **fields, text="Con el pedido 12 <i>ya</i>")
        assert sent.status_code == 303 and sent.headers["Location"].startswith(hub.path(f"requests/{talk}"))
    page = hub.get(path=sent.headers["Location"].partition("#")[0])
    assert page.text.count("Con el pedido 12 &lt;i&gt;ya&lt;/i&gt;") == 1 and 'role="status"' in page.text
    with counter.db.reading(ALL, "who waits") as tx:
        row = tx.scalars(select(ConversationRow).where(ConversationRow.public_id == talk)).one()
    assert row.waiting_since is not None and row.agent_name == "Ana"
    resolve(care, store.id, talk, ANA)
    assert "cerrada" in hub.get(f"requests/{talk}").text


@pytest.mark.parametrize("words", ["", " \n ", "x" * 4001])
def test_a_reply_that_is_none_is_refused_with_what_was_typed(counter: Counter, store: StoreRow, words: str) -> None:
    _, talk = write(counter, store, "Hola")
    hub = Hub(counter, store)
    hub.open_key(talk)
    hub.get(f"requests/{talk}")
    before = counter.dump()
    answer = hub.post(f"requests/{talk}", text=words)
    assert answer.status_code == 422 and 'id="text-wrong"' in hub.text and counter.dump() == before
    assert words.strip() in hub.text


def test_nobody_else_s_talk_is_there(counter: Counter, store: StoreRow) -> None:
    """Another address's, another store's, one that is not, one without the key: each the same 404."""
    _, mine = write(counter, store, "Lo mío")
    _, theirs = write(counter, store, "Lo de Beto", BETO)
    other = add_hub(counter, "other.example")
    _, abroad = write(counter, other, "En otra tienda")
    silent = counter.write(store, "sin correo")
    hub = Hub(counter, store)
    hub.open_key()
    assert hub.get(f"requests/{mine}").status_code == 200
    before, told = counter.dump(), set()
    for talk in (theirs, abroad, silent, "cv_AAAAAAAAAAAAAAAA", "x", "%00", "cv_" + "A" * 3000):
        for answer in (hub.get(f"requests/{talk}"), hub.post(f"requests/{talk}", text="intruso", client_id=new_id())):
            assert answer.status_code == 404 and "Lo de Beto" not in answer.text
            told.add(answer.text)
    assert len(told) == 1 and counter.dump() == before
    bare = Hub(counter, store)
    assert bare.get(f"requests/{mine}").status_code == 404
    assert bare.post(f"requests/{mine}", text="intruso").status_code == 404
    assert counter.dump() == before


def test_a_key_opens_nothing_in_another_store_forged_or_old(counter: Counter, store: StoreRow) -> None:
    reference, talk = write(counter, store, "Hola")
    other = add_hub(counter, "other.example")
    far, away = write(counter, other, "En otra tienda")
    good = key_of(Hub(counter, store).open_key()).split(";")[0].partition("=")[2]
    index = counter.db.vault.index("email", EMAIL)
    forged = ["", "x", good[:-1], good + "x", "." + good, index, mint_link(counter, store), "A" * 5000, "ñ"]
    for page, key in [(store, one) for one in forged] + [(other, good)]:
        hub = Hub(counter, page)
        hub.browser.set_cookie(COOKIE, key, path=f"/help/{page.public_id}/")
        text = hub.get("requests").text
        assert not [one for one in (reference, far, talk, away) if one in text], key
        for one in (talk, away):
            assert hub.get(f"requests/{one}").status_code == 404
    hub = Hub(counter, store)
    hub.browser.set_cookie(COOKIE, good, path=f"/help/{store.public_id}/")
    assert reference in hub.get("requests").text
    counter.clock.advance(timedelta(days=30, seconds=1).total_seconds())
    assert reference not in hub.get("requests").text


def test_links_that_are_forged_foreign_old_or_of_nothing_get_one_answer(counter: Counter, store: StoreRow) -> None:
    _, talk = write(counter, store, "Hola")
    good = mint_link(counter, store, talk)
    others = [("cv_AAAAAAAAAAAAAAAA", EMAIL), ("", "c@example.com"), (talk, BETO)]
    bad = [good[:-1], good + "x", "x", "A" * 4000, mint_foreign(counter)]
    bad += [mint_link(counter, store, *other) for other in others]
    hub, told = Hub(counter, store), set()
    for token in bad:
        for answer in (hub.get(path=f"/c/{token}"), hub.post(path=f"/c/{token}")):
            told.add((answer.status_code, answer.text))
            assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert len(told) == 1 and told.pop()[0] == 404
    assert hub.get(path=f"/c/{good}").status_code == 200, "else the refusals might be of something else"
    counter.clock.advance(timedelta(days=30, seconds=1).total_seconds())
    assert hub.get(path=f"/c/{good}").status_code == 404
    with counter.db.transaction(ALL, "the store leaves") as tx:
        tx.execute(text("UPDATE stores SET status = 'uninstalled'"))
    assert hub.get(path=f"/c/{mint_link(counter, store, talk)}").status_code == 404


def mint_foreign(counter: Counter) -> str:
    """A link of an instance with other keys."""
    vault = Vault(counter.house.doors.settings.secret_keys, "another-index-key-of-32-signs-and-more")
    return talk_token(vault, 1, "", counter.db.vault.index("email", EMAIL), counter.clock.now())


def test_an_address_that_is_taken_out_of_the_talk_opens_it_no_more(counter: Counter, store: StoreRow) -> None:
    reference, talk = write(counter, store, "Hola")
    hub = Hub(counter, store)
    hub.open_key(talk)
    assert hub.get(f"requests/{talk}").status_code == 200
    with counter.db.transaction(store.id) as tx:
        which = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
        row = tx.scalars(select(ConversationRow).where(*which)).one()
        row.email, row.email_index = BETO, counter.db.vault.index("email", BETO)
    assert hub.get(f"requests/{talk}").status_code == 404 and reference not in hub.get("requests").text
    assert hub.get(path=f"/c/{mint_link(counter, store, talk)}").status_code == 404


def test_leaving_takes_the_key_from_the_browser(counter: Counter, store: StoreRow) -> None:
    reference, _ = write(counter, store, "Hola")
    hub = Hub(counter, store)
    hub.open_key()
    assert reference in hub.get("requests").text
    left = hub.post("requests/leave")
    assert left.status_code == 303 and "Max-Age=0" in key_of(left) and f"Path=/help/{store.public_id}/" in key_of(left)
    assert reference not in hub.get("requests").text
    assert "Set-Cookie" not in hub.post("requests/leave").headers


def test_public_pages_are_the_same_with_the_key(counter: Counter, store: StoreRow) -> None:
    write(counter, store, "Hola")
    hub, stranger = Hub(counter, store), Hub(counter, store)
    hub.open_key()
    for page in ("", "how-to-return"):
        assert hub.get(page).text == stranger.get(page).text and "Cookie" not in hub.get(page).headers.get("Vary", "")


def test_asking_is_limited_and_an_address_that_is_none_is_said(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.get("requests")
    for wrong in ("", "alma", "a@b@c", "a@b.example,c@d.example"):
        assert hub.post("requests", email=wrong).status_code == 422 and 'id="email-wrong"' in hub.text
    statuses = [hub.post("requests", email=f"a{place}@example.com").status_code for place in range(7)]
    assert statuses == [200] * 6 + [429]


def test_a_key_from_before_the_erasure_opens_nothing_that_comes_after_it(counter: Counter, store: StoreRow) -> None:
    """The mailbox may be somebody else's by then."""
    write(counter, store, "Lo de antes")
    hub = Hub(counter, store)
    hub.open_key()
    assert "Lo de antes" in hub.get("requests").text
    counter.clock.advance(3600)
    _, later = write(counter, store, "Lo de después")
    assert "Lo de después" in hub.get("requests").text, "a later talk takes nothing away"
    erase_customer(counter.db, store.id, EMAIL)
    assert "Lo de" not in hub.get("requests").text
    counter.clock.advance(3600)
    _, talk = write(counter, store, "Lo de otra persona")
    assert "Lo de" not in hub.get("requests").text
    for one in (later, talk):
        assert hub.get(f"requests/{one}").status_code == hub.post(f"requests/{one}", text="x").status_code == 404
    hub.open_key()
    assert hub.get(f"requests/{talk}").status_code == 200


def test_a_talk_says_that_it_is_read_elsewhere_too(counter: Counter, store: StoreRow) -> None:
    """Whoever typed somebody's address reads what that one answers."""
    _, talk = write(counter, store, "Hola")
    hub = Hub(counter, store)
    hub.open_key(talk)
    hub.get(f"requests/{talk}")
    assert "Si no la empezaste tú, no respondas." in hub.words()
