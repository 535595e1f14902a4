"""The editor of articles over HTTP: previewed, drafted, shown, refused with the line, hidden; never over a
colleague's."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from desk_house import OURS, Counter, main_of
from flask.testing import FlaskClient
from sqlalchemy import event, update

from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.agents.models import MembershipRow
from plugin.care import count_gaps, get_conversation
from plugin.care.hold import Agent, resolve, take
from plugin.care.public_ids import shorten
from plugin.help import warming
from plugin.stores import StoreRow, get_store

QUESTION = "hacen talleres de ceramica para niños?"
FORM = {
    "title": "¿Hacen talleres?", "section": "shop", "text": "Sí, los sábados.", "language": "es", "version": "0",
    "phrasings": "hacen talleres de ceramica", "steps": ["home", "cart"],
}  # fmt: skip


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def url(store: StoreRow, part: str) -> str:
    return f"/desk/{store.public_id}/{part}"


def read(browser: FlaskClient, store: StoreRow, part: str) -> str:
    answer = browser.get(url(store, part))
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.text)


def send(browser: FlaskClient, store: StoreRow, act: str, *, htmx: bool = False, **form: Any) -> Any:
    headers = OURS | ({"HX-Request": "true"} if htmx else {})
    return browser.post(url(store, f"editor/{act}"), data=FORM | form, headers=headers)


def seen(counter: Counter, store: StoreRow, article_id: str = "hacen-talleres", locale: str = "es") -> str:
    """The version that whoever opens the editor now has seen."""
    with counter.db.reading(store.id) as tx:
        row = help.get_own(tx, store.id, article_id, locale)
    return str(row.version) if row is not None else "0"


def fresh(counter: Counter, store: StoreRow) -> StoreRow:
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def answered(counter: Counter, store: StoreRow, question: str) -> str:
    warming._last.clear()
    article = help.answer(fresh(counter, store), question, "es").article
    return article.article_id if article is not None else ""


def hub(browser: FlaskClient, store: StoreRow, article_id: str) -> Any:
    return browser.get(f"/help/{store.public_id}/es/{article_id}")


def test_an_article_is_previewed_drafted_and_shown(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    before = counter.dump()
    part = send(client, store, "preview", htmx=True, text="## Cuándo\n\nLos **sábados**, {{return_days}} días.")
    assert part.status_code == 200 and "<html" not in part.text and 'id="preview"' in part.text
    assert "<h4>Cuándo</h4>" in part.text and "<strong>sábados</strong>, 30 días." in part.text
    assert counter.dump() == before, "a preview keeps nothing"
    drafted = send(client, store, "draft", text="")
    assert drafted.location == url(store, "editor/article?article=hacen-talleres&language=es&done=draft")
    assert "Shoppers see nothing of it yet" in read(client, store, drafted.location.split("/", 3)[3])
    assert hub(client, store, "hacen-talleres").status_code == 404
    shown = send(client, store, "show", article="hacen-talleres", version=seen(counter, store))
    assert shown.status_code == 303 and shown.location.endswith("done=shown")
    page = hub(client, store, "hacen-talleres")
    assert page.status_code == 200 and "<p>Sí, los sábados.</p>" in page.text
    assert answered(counter, store, "hacen talleres de ceramica") == "hacen-talleres"
    listed = read(client, store, "editor")
    assert "Shown, your words" in listed and "Missing" in listed


def test_the_preview_is_what_the_hub_shows(store: StoreRow, client: FlaskClient) -> None:
    text = (
        "Hola & <script>alert(1)</script>\n\n1. ![El horno](https://a.example/horno.jpg)\n2. [Más](https://b.example)\n\n"
        "`código` *x*\n\n- a\n- b"
    )
    part = send(client, store, "preview", htmx=True, text=text).text
    send(client, store, "show", text=text)
    page = hub(client, store, "hacen-talleres")
    [body] = re.findall(r'<div class="card prose">(.*?)</div>', page.text, re.DOTALL)
    assert body in part and "<script>" not in body and body.count("<img ") == 1
    for answer in (page, client.get(url(store, "editor/article?article=hacen-talleres&language=es"))):
        [images] = re.findall("img-src ([^;]*)", answer.headers["Content-Security-Policy"])
        assert "https://a.example" in images.split() and "https:" not in images.split()
    widget = client.get(f"/api/widget/v1/stores/{store.public_id}/articles/hacen-talleres?locale=es")
    assert widget.status_code == 200 and "img" not in widget.text and "El horno" in widget.text


def test_what_cannot_be_read_is_refused_with_its_line_and_nothing_typed_is_lost(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    before = counter.dump()
    text = "uno\n\n![Horno](https://evil.example/a.png)\n\n{{nada}}"
    answer = send(client, store, "show", text=text, phrasings="clases\nhola")
    page = html.unescape(answer.text)
    assert answer.status_code == 422 and counter.dump() == before
    assert "Line 3: The picture “https://evil.example/a.png” is not on your shop's pages." in page
    assert "Line 5: There is no answer called “nada”." in page and "Line 2: “hola” is only a greeting" in page
    assert f"\n{text}</textarea>" in page and "\nclases\nhola</textarea>" in page
    assert page.count('aria-invalid="true"') == 2 and "checked" in page
    assert send(client, store, "draft", title="").status_code == 422
    assert send(client, store, "draft", text=text).status_code == 303, "a draft may be unfinished"
    many = "\n".join(f"clase de torno {number:03}" for number in range(61))
    assert send(client, store, "draft", phrasings=many).status_code == 422, "but not endless"


def test_a_picture_from_elsewhere_is_a_box_in_the_preview_that_says_why(store: StoreRow, client: FlaskClient) -> None:
    text = "![El <horno>](https://evil.example/a.png?x=1&y=2)\n\n![](https://evil.example/b.png)\n\n"
    text += "![Taza](https://A.example/taza.jpg)"
    why = '<span lang="en">Not shown: this picture is not on your shop&#x27;s pages.</span></span>'
    for answer in (send(client, store, "show", text=text), send(client, store, "preview", htmx=True, text=text)):
        preview = answer.text.partition('<article class="prose"')[2].partition("</article>")[0]
        assert f'<span class="no-picture"><strong>El &lt;horno&gt;</strong> {why}' in preview
        assert f'<span class="no-picture">{why}' in preview
        assert re.findall(r'<img src="([^"]+)"', preview) == ["https://A.example/taza.jpg"]


def test_two_writers_lose_nothing(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    send(client, store, "show")
    luis, first = counter.sign_in(counter.add_agent("Luis", store)), seen(counter, store)
    assert send(luis, store, "show", article="hacen-talleres", version=first, text="De Luis.").status_code == 303
    late = send(client, store, "show", article="hacen-talleres", version=first, text="De Ana.")
    second = seen(counter, store)
    page = html.unescape(late.text)
    assert late.status_code == 409 and "Luis changed it while you were writing." in page
    assert "\nDe Ana.</textarea>" in page and ">De Luis.</pre>" in page and f'name="version" value="{second}"' in page
    assert "De Luis." in hub(client, store, "hacen-talleres").text
    again = send(client, store, "show", article="hacen-talleres", version=second, text="De los dos.")
    assert again.status_code == 303 and "De los dos." in hub(client, store, "hacen-talleres").text
    stale = send(client, store, "take-away", article="hacen-talleres", version=first, sure="yes")
    assert stale.status_code == 409 and "somebody saved this article meanwhile" in html.unescape(stale.text)


def test_what_is_written_while_a_colleague_deletes_the_article_can_be_saved(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    send(client, store, "show")
    version = seen(counter, store)
    luis = counter.sign_in(counter.add_agent("Luis", store))
    send(luis, store, "take-away", article="hacen-talleres", version=version, sure="yes")
    late = send(client, store, "show", article="hacen-talleres", version=version, text="De Ana.")
    page = html.unescape(late.text)
    assert late.status_code == 409 and "nothing of it is lost" in page and "\nDe Ana.</textarea>" in page
    [article] = re.findall(r'name="article" value="([^"]*)"', page.split('id="article-form"')[1].split("</form>")[0])
    [version] = re.findall(r'name="version" value="([^"]*)"', page.split('id="article-form"')[1].split("</form>")[0])
    assert send(client, store, "show", article=article, version=version, text="De Ana.").status_code == 303
    assert "De Ana." in hub(client, store, "hacen-talleres").text


def test_one_form_sent_twice_makes_one_article(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    [begun] = re.findall(r'name="client_id" value="([^"]+)"', client.get(url(store, "editor/new")).text)
    places = {send(client, store, "show", client_id=begun).location for _ in range(2)}
    assert places == {url(store, "editor/article?article=hacen-talleres&language=es&done=shown")}
    back = send(client, store, "show", client_id=begun, title="Otro título", text="Otra cosa.")
    page = html.unescape(back.text)
    assert back.status_code == 409 and "\nOtra cosa.</textarea>" in page and ">Sí, los sábados.</pre>" in page
    assert 'name="article" value="hacen-talleres"' in page, "saving again changes that article"
    assert 'name="client_id"' not in client.get(places.pop()).text


def test_a_language_that_does_not_fit_in_any_more_is_refused_as_what_it_is(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, store, "show")
    monkeypatch.setattr("plugin.help.own_articles.MOST_ARTICLES", 1)
    for article in ("hacen-talleres", ""):
        full = send(client, store, "draft", article=article, language="pt", title="Oficinas?", text="Sim.")
        page = html.unescape(full.text)
        assert full.status_code == 422 and "as many articles as fit in" in page and "\nSim.</textarea>" in page
        form = page.split('id="article-form"')[1].split("</form>")[0]
        assert re.findall(r'name="article" value="([^"]*)"', form) == [article]
    monkeypatch.undo()
    kept = send(client, store, "draft", article="hacen-talleres", language="pt", title="Oficinas?", text="Sim.")
    assert kept.status_code == 303 and "article=hacen-talleres&" in kept.location


def test_a_page_opens_the_articles_that_it_shows_and_no_others(store: StoreRow, client: FlaskClient) -> None:
    for title in ("Uno", "Dos"):
        send(client, store, "show", title=title)
    send(client, store, "draft", title="Tres")
    part, opened = "editor/article?article=uno&language=es", set[str]()
    for page in (part, "gaps"):
        read(client, store, page)  # whoever comes first after a change reads the whole catalogue

    def note(row: help.ArticleRow, _context: object) -> None:
        opened.add(row.article_id)

    event.listen(help.ArticleRow, "load", note)
    try:
        for page, shown in ((part, {"uno"}), ("editor/new", set[str]()), ("gaps", {"tres"})):
            opened.clear()
            read(client, store, page)
            assert opened == shown, page
    finally:
        event.remove(help.ArticleRow, "load", note)


def test_a_starter_article_is_rewritten_hidden_brought_back_and_restored(store: StoreRow, client: FlaskClient) -> None:
    page = read(client, store, "editor/article?article=how-to-return&language=es")
    assert "Tienes {{return_days}} días" in page and "Tienes 30 días" in page and "Como devolvo ou troco" in page
    ours = {"article": "how-to-return", "section": "returns", "title": "Devolver", "text": "Escríbenos."}
    assert send(client, store, "show", **ours).status_code == 303
    assert "<h1>Devolver</h1>" in hub(client, store, "how-to-return").text
    for act, status in (("hide", 404), ("back", 200)):
        assert send(client, store, act, article="how-to-return").status_code == 303
        assert hub(client, store, "how-to-return").status_code == status, act
    page = read(client, store, "editor/article?article=how-to-return&language=es")
    [version] = re.findall(r'name="version" value="(\d+)"', page.split("Undo or delete")[1])
    asked = send(client, store, "take-away", article="how-to-return", version=version)
    assert asked.status_code == 200 and "Go back to our starter text?" in asked.text
    assert "<h1>Devolver</h1>" in hub(client, store, "how-to-return").text, "nothing goes before it is sure"
    sure = send(client, store, "take-away", article="how-to-return", version=version, sure="yes")
    assert sure.status_code == 303
    assert "<h1>¿Cómo devuelvo" in hub(client, store, "how-to-return").text


def test_a_language_that_is_missing_begins_where_its_twins_are_offered(store: StoreRow, client: FlaskClient) -> None:
    send(client, store, "show", section="", new_section="Talleres y visitas")
    page = read(client, store, "editor/article?article=hacen-talleres&language=pt")
    assert '<option value="Talleres y visitas" selected>Talleres y visitas</option>' in page
    assert page.count(" checked") == 2 and "Sí, los sábados." in page, "the twin's text stands beside it"
    done = send(client, store, "show", article="hacen-talleres", language="pt", title="Oficinas?", text="Sim.")
    assert done.status_code == 303
    answer = client.get(f"/help/{store.public_id}/pt/hacen-talleres")
    assert answer.status_code == 404 or "Oficinas?" in answer.text


def test_a_section_of_their_own_keeps_its_accents(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    refused = send(client, store, "show", section="shop", new_section="Regalos de cumpleaños", text="")
    option = '<option value="Regalos de cumpleaños" selected>Regalos de cumpleaños</option>'
    assert refused.status_code == 422 and option in html.unescape(refused.text)
    assert send(client, store, "show", section="Regalos de cumpleaños").status_code == 303
    assert option in read(client, store, "editor/article?article=hacen-talleres&language=es")
    assert "Regalos de cumpleaños</h2>" in read(client, store, "editor")
    assert "Regalos de cumpleaños" in client.get(f"/help/{store.public_id}/es/").text


def test_an_article_is_made_of_a_question_and_its_asker_is_told(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk = counter.write(store, f"{QUESTION} soy eva@correo.example")
    link = f"/desk/{store.public_id}/editor/new?conversation={talk}&position=1"
    assert html.escape(link) in client.get(url(store, f"conversations/{talk}")).text
    page = read(client, store, f"editor/new?conversation={talk}&position=1")
    assert 'autocomplete="off" value=""' in page and "eva@" not in page, "the title becomes a public address"
    assert "<q lang=\"es\">hacen talleres de ceramica para niños? soy •••</q>" in page
    assert "\nhacen talleres de ceramica para niños? soy •••</textarea>" in page
    assert f'name="asked" value="{talk}:1"' in page
    shown = send(client, store, "show", asked=f"{talk}:1")
    page = read(client, store, shown.location.split("/", 3)[3])
    assert f'Send it<span class="only-words">: Shopper {shorten(talk)}</span>' in page
    assert "test-box?q=hacen+talleres+de+ceramica" in page
    assert count_gaps_of(counter, store) == {"open": 0, "article": 1, "dismissed": 0}
    told = {"article": "hacen-talleres", "language": "es", "conversation": talk}
    for _ in range(2):
        answer = client.post(url(store, "editor/tell"), data=told, headers=OURS)
        assert answer.status_code == 303 and answer.location.endswith("&done=told#tell")
    page = read(client, store, answer.location.split("/", 3)[3])
    assert "Send it<" not in page and ">Already sent</span>" in page
    thread = read(client, store, f"conversations/{talk}")
    assert thread.count(" from-agent") == 1 and "From the article:" in thread
    assert f"/help/{store.public_id}/es/hacen-talleres" in thread
    version = seen(counter, store)
    send(client, store, "take-away", article="hacen-talleres", version=version, sure="yes")
    assert count_gaps_of(counter, store) == {"open": 1, "article": 0, "dismissed": 0}


def count_gaps_of(counter: Counter, store: StoreRow) -> dict[str, int]:
    with counter.db.reading(store.id) as tx:
        return count_gaps(tx, store.id)


def test_telling_takes_no_conversation_away_from_the_bot_and_teaches_nothing(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    asked = "¿graban nombres en las tazas de barro?"
    talks = [counter.write(store, QUESTION, asked), counter.write(store, QUESTION), counter.write(store, QUESTION)]
    other = counter.write(store, "do you give pottery classes", locale="en")
    places = [f"{talks[0]}:1", f"{talks[0]}:3", *(f"{one}:1" for one in (*talks[1:], other))]
    luis = Agent(counter.add_agent("Luis", store).id, "Luis")
    take(counter.house.doors.care, store.id, talks[1], luis)
    resolve(counter.house.doors.care, store.id, talks[2], luis)
    shown = send(client, store, "show", asked=places)
    page = read(client, store, shown.location.split("/", 3)[3])
    assert "Send it to 3 shoppers" in page and "Reads English: show the article in it too" in page
    told = {"article": "hacen-talleres", "language": "es", "conversation": [*talks, other]}
    answer = client.post(url(store, "editor/tell"), data=told, headers=OURS)
    assert answer.location.endswith("&told=2&held=1&done=told#tell")
    page = read(client, store, answer.location.split("/", 3)[3])
    assert "Sent to 2 shoppers. Whoever left an e-mail address gets it there too." in page
    assert "Not sent to 1 shopper: a colleague is answering there." in page
    assert page.count(">Already sent</span>") == 2
    again = client.post(url(store, "editor/tell"), data=told | {"conversation": talks[1]}, headers=OURS)
    page = read(client, store, again.location.split("/", 3)[3])
    assert "Not sent to 1 shopper" in page and "Sent to" not in page.replace("Not sent to", "")
    with counter.db.reading(store.id) as tx:
        rows = {one: get_conversation(tx, store.id, one) for one in (*talks, other)}
        lessons = help.read_learned(tx, store.id).lessons
    stand = {one: (whole.row.status, whole.row.owner) for one, whole in rows.items() if whole is not None}
    assert stand == {
        talks[0]: ("bot", "bot"), talks[1]: ("open", "agent"), talks[2]: ("resolved", "agent"), other: ("bot", "bot"),
    }  # fmt: skip
    sent = [sum(one.author == "agent" for one in whole.messages) for whole in rows.values() if whole is not None]
    assert sent == [1, 0, 1, 0] and lessons == ()


def test_nobody_is_told_of_what_they_cannot_read(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talk = counter.write(store, "do you give pottery classes", locale="en")
    send(client, store, "show", asked=f"{talk}:1")
    before = counter.dump()["messages"]
    told = {"article": "hacen-talleres", "conversation": talk}
    assert client.post(url(store, "editor/tell"), data=told, headers=OURS).status_code == 404
    assert counter.dump()["messages"] == before


@pytest.mark.parametrize("part", [
    "editor/new?conversation=cv_AAAAAAAAAAAAAAAA&position=1", "editor/new?conversation={talk}&position=9",
    "editor/new?conversation={talk}&position=2", "editor/article?article=there-is-none&language=es",
    "editor/article?article=%00&language=es",
])  # fmt: skip
def test_what_is_not_there_is_not_found(counter: Counter, store: StoreRow, client: FlaskClient, part: str) -> None:
    talk = counter.write(store, QUESTION)
    answer = client.get(url(store, part.format(talk=talk)))
    assert answer.status_code in (303, 404) and "hacen-talleres" not in answer.text


def test_another_store_s_question_and_article_are_not_there(counter: Counter, store: StoreRow) -> None:
    other = counter.add_store("b.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    eva, talk = counter.sign_in(counter.add_agent("Eva", other)), counter.write(store, QUESTION)
    send(counter.sign_in(counter.add_agent("Luis", store)), store, "show", asked=f"{talk}:1")
    assert eva.get(url(other, f"editor/new?conversation={talk}&position=1")).status_code == 404
    assert eva.get(url(other, "editor/article?article=hacen-talleres&language=es")).status_code == 404
    for act in ("hide", "back", "take-away", "discard", "show", "draft"):
        assert send(eva, other, act, article="hacen-talleres", sure="yes").status_code == 404, act
    told = {"article": "how-to-return", "conversation": talk}
    assert eva.post(url(other, "editor/tell"), data=told, headers=OURS).status_code == 404


def test_agents_write_drafts_owners_show_them_and_viewers_look(counter: Counter, store: StoreRow) -> None:
    luis = counter.sign_in(counter.add_agent("Luis", store, role="agent"))
    assert send(luis, store, "draft").status_code == 303
    page = read(luis, store, "editor/article?article=hacen-talleres&language=es")
    assert "Only an owner of the store can show it" in page and "editor/show" not in page and "editor/hide" not in page
    for act in ("show", "hide", "back", "take-away"):
        answer = send(luis, store, act, article="hacen-talleres", version=seen(counter, store))
        assert answer.status_code == 403, act
    looker = counter.add_agent("Vera", store, role="agent")
    with counter.db.transaction(store.id) as tx:
        which = (MembershipRow.store_id == store.id, MembershipRow.agent_id == looker.id)
        tx.execute(update(MembershipRow).where(*which).values(role="viewer"))
    vera = counter.sign_in(looker)
    main = main_of(read(vera, store, "editor/article?article=hacen-talleres&language=es"))
    for part in ("<button", "<form", "<input", "<textarea", "<select", "disabled"):
        assert part not in main, part
    assert "<h3>¿Hacen talleres?</h3>" in main and "<p>Sí, los sábados.</p>" in main and "This is a draft." in main
    assert '<dd lang="es">hacen talleres de ceramica</dd>' in main and "<dt>On these pages</dt>" in main
    empty = main_of(read(vera, store, "editor/article?article=hacen-talleres&language=en"))
    assert "It is not written in this language yet." in empty and "Sí, los sábados." in empty
    assert vera.get(url(store, "editor/new")).location == url(store, "editor")
    assert send(vera, store, "draft").status_code == 403 and "New article" not in read(vera, store, "editor")


def test_scripts_are_words_everywhere(store: StoreRow, client: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>"
    send(client, store, "show", title=hostile, text=hostile, new_section=hostile, products=hostile, phrasings=hostile)
    article_id = "script-alert-1-script"
    for part in (f"editor/article?article={article_id}&language=es", "editor", f"test-box?q={hostile}", "gaps"):
        assert "<script>alert" not in client.get(url(store, part)).text, part
    assert "<script>alert" not in hub(client, store, article_id).text


@pytest.mark.parametrize(("locale", "title"), [("es", "Artículos"), ("pt", "Artigos"), ("en", "Articles")])
def test_the_pages_speak_the_agent_s_language(counter: Counter, store: StoreRow, locale: str, title: str) -> None:
    browser = counter.sign_in(counter.add_agent("Rosa", store, locale=locale))
    assert f"<h1>{title}</h1>" in read(browser, store, "editor")
