"""Articles of one title at the desk: kept as drafts, not shown, and with the way to the other one."""

from __future__ import annotations

import html
import re

from desk_house import Counter
from flask.testing import FlaskClient
from test_desk_editor import read, send, store, url

from plugin.stores import StoreRow

__all__ = ["store"]  # the fixture


def test_an_article_with_the_title_of_another_is_kept_as_a_draft_and_not_shown(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    send(client, store, "show")
    before = counter.dump()
    refused = send(client, store, "show", title="hacen talleres", text="Otra vez.")
    page = html.unescape(refused.text)
    assert refused.status_code == 422 and counter.dump() == before
    worse = html.unescape(send(client, store, "show", title="hacen talleres", text="{{nada}}").text)
    assert "with this title already." in worse and "There is no answer called “nada”." in worse, "both at once"
    assert "You have an article with this title already." in page and "\nOtra vez.</textarea>" in page
    other = url(store, "editor/article?article=hacen-talleres&language=es")
    assert f'Another article has this title: <a href="{other}" lang="es">¿Hacen talleres?</a>' in page
    assert re.search(r'<input id="title"[^>]* aria-invalid="true" aria-describedby="namesake"', page)
    part = send(client, store, "preview", htmx=True, title="hacen talleres")
    assert "Before it can be shown:" in part.text and "with this title already" in part.text
    drafted = send(client, store, "draft", title="hacen talleres")
    assert "article=hacen-talleres-2&" in drafted.location, "what was written is not lost"
    assert "Another article has this title:" in read(client, store, drafted.location.split("/", 3)[3])
    assert "Another article" not in read(client, store, "editor/article?article=how-to-return&language=es")


def test_what_is_shown_again_beside_another_of_its_title_says_so(store: StoreRow, client: FlaskClient) -> None:
    send(client, store, "show")
    send(client, store, "hide", article="hacen-talleres")
    assert "hacen-talleres-2" in send(client, store, "show", text="De nuevo.").location, "nobody reads the first"
    back = send(client, store, "back", article="hacen-talleres")
    assert "Another article has the same title" in read(client, store, back.location.split("/", 3)[3])
    page = read(client, store, "editor/article?article=hacen-talleres&language=es")
    assert "Another article has this title:" in page
    [version] = re.findall(r'name="version" value="(\d+)"', page.split('id="article-form"')[1].split("</form>")[0])
    kept = send(client, store, "show", article="hacen-talleres", version=version, text="Sí, también los domingos.")
    assert kept.status_code == 303, "what is called so already can be put right"
