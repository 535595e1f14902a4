"""The hub's first page: the search, what one can do, and every way to the shop's people; what search engines read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_house import Counter, open_counter
from hub_house import Hub, add_hub

from plugin.language import LOCALES
from plugin.stores import StoreRow, get_store

FORMS = ("order", "contact", "requests")


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return add_hub(counter)


@pytest.mark.parametrize(("locale", "words"), [("es", "devolver algo"), ("en", "send it back"), ("pt", "devolver")])
def test_a_search_shows_the_nearest_articles_and_is_kept_from_search_engines(
    counter: Counter, store: StoreRow, locale: str, words: str
) -> None:
    hub = Hub(counter, store, locale)
    page = hub.get(f"?q={words}")
    assert page.status_code == 200 and hub.path("how-to-return") in page.text
    assert len(re.findall(rf'<li><a href="{hub.path()}[a-z-]+">', page.text)) <= 8
    assert f'value="{words}"' in page.text and page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert f'<link rel="canonical" href="https://care.example{hub.path()}">' in page.text


def test_a_search_that_finds_nothing_offers_a_person(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    page = hub.get("?q=xyzzy%20qwrtp")
    assert page.status_code == 200 and "xyzzy qwrtp" in hub.words() and f'href="{hub.path("contact")}"' in page.text
    assert not re.findall(rf'<li><a href="{hub.path()}[a-z-]+">', page.text)


@pytest.mark.parametrize("query", ["?q=", "?q=%20%20", "?q=%00", "?other=1", "?q"])
def test_without_words_it_is_the_page_that_everybody_gets(counter: Counter, store: StoreRow, query: str) -> None:
    hub = Hub(counter, store)
    whole = hub.get()
    same = hub.get(query)
    assert same.text == whole.text and same.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "query", ["x" * 5000, "%00a", "a" + "%20" * 900 + "b", "%ff%fe", "%3Cscript%3Ealert(1)%3C/script%3E"]
)
def test_whatever_is_searched_for_is_text(counter: Counter, store: StoreRow, query: str) -> None:
    page = Hub(counter, store).get(f"?q={query}")
    assert page.status_code == 200 and "<script" not in page.text and len(page.text) < 60_000


def test_searches_are_limited_as_the_widget_s_are(counter: Counter, store: StoreRow) -> None:
    app = counter.house.web()
    browser, answers = app.test_client(), []
    for _ in range(121):
        answers.append(browser.get(f"/help/{store.public_id}/es/?q=pago", environ_base={"REMOTE_ADDR": "198.51.100.1"}))
    assert [one.status_code for one in answers] == [200] * 120 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0 and "Un momento" in answers[-1].text
    url = f"/api/widget/v1/stores/{store.public_id}/search?q=pago&locale=es"
    assert browser.get(url, environ_base={"REMOTE_ADDR": "198.51.100.1"}).status_code == 429, "one counter"
    assert browser.get(f"/help/{store.public_id}/es/", environ_base={"REMOTE_ADDR": "198.51.100.1"}).status_code == 200


@pytest.mark.parametrize("locale", LOCALES)
def test_every_way_to_the_shop_s_people_is_there(counter: Counter, store: StoreRow, locale: str) -> None:
    hub = Hub(counter, store, locale)
    text = hub.get().text
    assert all(f'href="{hub.path(form)}"' in text for form in FORMS)
    number = "+5511912345678" if locale == "pt" else "+573001112233"
    for way in ("mailto:hola@barro.example", "tel:+576012345678", "tel:+34911223344", f"https://wa.me/{number[1:]}",
                "https://instagram.com/barro"):  # fmt: skip
        assert f'href="{way}"' in text, way
    free, charged = {
        "es": ("Llamada gratuita", "Llamada de pago"), "en": ("Free call", "Charged call"),
        "pt": ("Ligação gratuita", "Ligação paga"),
    }[locale]  # fmt: skip
    words = hub.words()
    assert words.index("+57 601 234 5678") < words.index(free) < words.index("+34 911 22 33 44") < words.index(charged)
    zone = {"es": "hora de Bogotá", "en": "Bogota time", "pt": "horário de Bogotá"}[locale]
    assert words.count(zone) == 3, "beside the number that is answered then, beside how it stands, and beneath the week"


def test_a_store_that_told_nothing_shows_no_empty_card(counter: Counter) -> None:
    hub = Hub(counter, counter.add_store("bare.example"))
    text = hub.get().text
    assert 'id="reach"' not in text and "tel:" not in text and "wa.me" not in text
    assert all(f'href="{hub.path(form)}"' in text for form in FORMS)


def read_data(text: str) -> dict[str, object]:
    [written] = re.findall(r'<script type="application/ld\+json">([^<]*)</script>', text)
    told = json.loads(written)
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("locale", LOCALES)
def test_an_article_tells_search_engines_its_question_and_the_answer_that_stands_there(
    counter: Counter, store: StoreRow, locale: str
) -> None:
    text = Hub(counter, store, locale).get("how-to-return").text
    told = read_data(text)
    assert (told["@context"], told["@type"], told["inLanguage"]) == ("https://schema.org", "FAQPage", locale)
    [question] = told["mainEntity"]
    assert f"<h1>{question['name']}</h1>" in text
    body = text.split('<div class="card prose">')[1].split("</div>")[0]
    assert question["acceptedAnswer"]["text"].replace("h3>", "h2>") == body


def test_search_engines_are_told_nothing_on_pages_that_are_not_theirs(counter: Counter, store: StoreRow) -> None:
    hub, preview = Hub(counter, store), Hub(counter, add_hub(counter, "b.example", live_at=None))
    for shopper, page in ((preview, "how-to-return"), (hub, "?q=pago"), *((hub, form) for form in FORMS)):
        assert "ld+json" not in shopper.get(page).text, page
    for form in ("order", "requests"):
        page = hub.get(form)
        assert page.headers["X-Robots-Tag"] == "noindex" and '<meta name="robots" content="noindex">' in page.text
    contact = hub.get("contact")
    assert "X-Robots-Tag" not in contact.headers
    assert f'rel="canonical" href="https://care.example{hub.path("contact")}"' in contact.text
    assert preview.get("contact").headers["X-Robots-Tag"] == "noindex"


def test_no_words_of_a_merchant_end_what_search_engines_read(counter: Counter, store: StoreRow) -> None:
    evil = '</script><script>alert(1)</script><!--"\u2028&amp;'
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.answers = {"es": row.answers["es"] | {"delivery_days": evil}}
    text = Hub(counter, store).get("delivery-times").text
    [question] = read_data(text)["mainEntity"]
    assert "alert(1)" in question["acceptedAnswer"]["text"] and text.count("<script") == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("locale", LOCALES)
def test_the_forms_are_kept_by_nobody_and_have_twins_in_every_language(
    counter: Counter, store: StoreRow, form: str, locale: str
) -> None:
    hub = Hub(counter, store, locale)
    page = hub.get(form)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin" and "Set-Cookie" not in page.headers
    assert f'<html lang="{locale}">' in page.text and "<script" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
    for other in set(LOCALES) - {locale}:
        twin = f"/help/{store.public_id}/{other}/{form}"
        assert f'href="{twin}"' in page.text and hub.get(path=twin).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_a_store_that_is_not_there_and_a_language_that_is_none_get_the_kind_404(
    counter: Counter, store: StoreRow, form: str
) -> None:
    gone = counter.add_store("gone.example", status="uninstalled")
    for place in ("st_nobody/es", f"{gone.public_id}/es", f"{store.public_id}/de"):
        address = f"/help/{place}/{form}"
        for answer in (Hub(counter, store).get(path=address), Hub(counter, store).post(path=address)):
            assert answer.status_code == 404 and "Aquí no hay nada" in answer.text


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {},
    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://care.example"},
)  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_other_site_sends_our_forms(counter: Counter, store: StoreRow, headers: dict[str, str]) -> None:
    hub = Hub(counter, store)
    before = counter.dump()
    for page in ("order", "order/code", "contact", "requests", "requests/leave", "requests/cv_AAAAAAAAAAAA"):
        answer = hub.post(page, headers=headers, text="x", email="x@y.example", number="1")
        assert answer.status_code == 403 and "No se ha enviado nada" in answer.text, page
    assert hub.post(path="/c/x", headers=headers).status_code == 403
    assert counter.dump() == before


def test_browsers_that_name_only_their_origin_are_heard(counter: Counter, store: StoreRow) -> None:
    answer = Hub(counter, store).post("requests", headers={"Origin": "https://care.example"}, email="x")
    assert answer.status_code == 422


def test_a_form_that_is_too_large_is_refused_in_words(counter: Counter, store: StoreRow) -> None:
    answer = Hub(counter, store).post("contact", text="x" * 70_000)
    assert answer.status_code == 413 and "demasiado" in answer.text
