"""The help as plain pages: every shown article, in every language, for anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pages_house import ANSWERS, add_store, dump_rows, open_client, open_house

from plugin.app import House
from plugin.help import catalogue_of
from plugin.language import LOCALES

HELLO = {"es": "¿En qué podemos ayudarte?", "en": "How can we help you?", "pt": "Como podemos ajudar?"}
NOTHING = {"es": "Aquí no hay nada", "en": "There is nothing here", "pt": "Não há nada por aqui"}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.mark.parametrize("locale", LOCALES)
def test_the_hub_lists_every_shown_article_and_each_opens(house: House, locale: str) -> None:
    store, client = add_store(house), open_client(house)
    page = client.get(f"/help/{store.public_id}/{locale}/")
    assert page.status_code == 200 and HELLO[locale] in page.text and f'<html lang="{locale}">' in page.text
    found = re.findall(rf'href="(/help/{store.public_id}/{locale}/[a-z0-9-]+)"', page.text)
    forms = [f"/help/{store.public_id}/{locale}/{one}" for one in ("order", "contact", "requests")]
    links = [path for path in found if path not in forms]
    assert len(found) == len(links) + 3
    assert len(links) == len(set(links)) == len(catalogue_of(store).articles(locale)) == 37
    for path in links:
        article = client.get(path)
        assert article.status_code == 200 and article.text.count("<h1>") == 1 and "{{" not in article.text
        assert f'<link rel="canonical" href="https://care.example{path}">' in article.text
        assert set(re.findall(r'hreflang="([^"]+)" href="https', article.text)) == {*LOCALES, "x-default"}


def run_free(text: str) -> str:
    """The page without what it tells search engines, which is data and runs nowhere."""
    return re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", text)


def test_pages_need_no_script_and_fetch_nothing_from_elsewhere(house: House) -> None:
    store, client = add_store(house), open_client(house)
    for path in ("", "delivery-times"):
        page = client.get(f"/help/{store.public_id}/es/{path}")
        text = run_free(page.text)
        assert "<script" not in text and "javascript:" not in text and " on" + "click" not in text
        assert re.findall(r'(?:src|href)="(https?://[^"]+)"', page.text.split("<body>")[1]) == ["https://shop.example"]
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "*" not in policy


def test_caches_keep_a_page_for_a_minute_and_ask_by_its_tag(house: House) -> None:
    store, client = add_store(house), open_client(house)
    path = f"/help/{store.public_id}/es/delivery-times"
    page = client.get(path)
    assert page.headers["Cache-Control"] == "public, max-age=60" and "Set-Cookie" not in page.headers
    again = client.get(path, headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    with house.db.transaction(store.id) as tx:
        row = tx.get(type(store), store.id)
        assert row is not None
        row.answers = ANSWERS | {"es": ANSWERS["es"] | {"delivery_days": "exactamente 9 días"}}
    changed = client.get(path, headers={"If-None-Match": page.headers["ETag"]})
    assert changed.status_code == 200 and "exactamente 9 días" in changed.text


def test_an_article_with_an_unfilled_placeholder_is_nowhere(house: House) -> None:
    answers = {locale: {k: v for k, v in words.items() if k != "delivery_days"} for locale, words in ANSWERS.items()}
    store, client = add_store(house, answers=answers), open_client(house)
    hub = client.get(f"/help/{store.public_id}/es/")
    assert hub.status_code == 200 and "delivery-times" not in hub.text and "{{" not in hub.text
    assert "delivery-costs" in hub.text
    missing = client.get(f"/help/{store.public_id}/es/delivery-times")
    assert missing.status_code == 404 and NOTHING["es"] in missing.text
    neighbour = client.get(f"/help/{store.public_id}/es/delivery-costs")
    assert neighbour.status_code == 200 and "delivery-times" not in neighbour.text


def test_a_store_without_answers_keeps_quiet_about_facts(house: House) -> None:
    store, client = add_store(house, answers={}), open_client(house)
    for locale in LOCALES:
        page = client.get(f"/help/{store.public_id}/{locale}/")
        assert page.status_code == 200 and "{{" not in page.text and HELLO[locale] in page.text


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_not_there_is_said_kindly_in_the_language_of_the_address(house: House, locale: str) -> None:
    store, client = add_store(house), open_client(house)
    known, unknown = f"/help/{store.public_id}/{locale}/no-such-article", f"/help/st_nobody/{locale}/"
    pages = [client.get(known), client.get(unknown)]
    assert [page.status_code for page in pages] == [404, 404]
    assert all(NOTHING[locale] in page.text and f'lang="{locale}"' in page.text for page in pages)
    assert all(page.headers["Cache-Control"] == "no-store" for page in pages)
    assert f'href="/help/{store.public_id}/{locale}/"' in pages[0].text and "Barro y Sol" in pages[0].text


@pytest.mark.parametrize("locale", ["de", "ES", "es_CO", "..", "%00", "<script>", "x" * 3000])
def test_an_unknown_language_is_a_kind_404_in_the_store_s_own(house: House, locale: str) -> None:
    store, client = add_store(house, locale="pt_BR"), open_client(house)
    page = client.get(f"/help/{store.public_id}/{locale}/")
    assert page.status_code == 404
    if locale != "..":
        assert NOTHING["pt"] in page.text and "<script>" not in page.text


def test_without_a_language_one_is_sent_to_the_store_s_own(house: House) -> None:
    store, client = add_store(house, locale="pt_BR"), open_client(house)
    sent = client.get(f"/help/{store.public_id}/")
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/help/{store.public_id}/pt/")
    assert client.get("/help/st_nobody/").status_code == 404


def test_preview_is_served_but_not_to_search_engines(house: House) -> None:
    live, preview = add_store(house), add_store(house, domain="other.example", live_at=None)
    client = open_client(house)
    shown, hidden = (client.get(f"/help/{one.public_id}/es/") for one in (live, preview))
    assert (shown.status_code, hidden.status_code) == (200, 200)
    assert "X-Robots-Tag" not in shown.headers and "noindex" not in shown.text
    assert hidden.headers["X-Robots-Tag"] == "noindex" and '<meta name="robots" content="noindex">' in hidden.text


def test_an_uninstalled_store_has_no_help(house: House) -> None:
    store, client = add_store(house, status="uninstalled"), open_client(house)
    assert client.get(f"/help/{store.public_id}/es/").status_code == 404


def test_a_merchant_s_words_and_colour_are_text_everywhere(house: House) -> None:
    evil = '</title><script>alert(1)</script><img src=x onerror="alert(2)">'
    answers = {"es": ANSWERS["es"] | {"delivery_days": evil, "shop_address": evil, "phone": evil}}
    values = {"name": evil, "accent": "red;}</style><script>alert(3)</script>", "answers": answers}
    store, client = add_store(house, **values), open_client(house)
    for path in ("es/", "es/delivery-times", "es/contact-us", "es/nothing"):
        page = client.get(f"/help/{store.public_id}/{path}")
        text = run_free(page.text)
        assert "<script" not in text and "<img" not in page.text
        assert "&lt;/title&gt;&lt;script&gt;" in page.text
    style = re.search(r"<style>(.*?)</style>", client.get(f"/help/{store.public_id}/es/").text)
    assert style is not None and re.fullmatch(r":root\{(--[a-z-]+:#[0-9a-f]{6};?){4}\}", style[1])


def test_looking_changes_nothing(house: House) -> None:
    store, client = add_store(house), open_client(house)
    before = dump_rows(house)
    for path in ("", "es/", "es/delivery-times", "es/nothing", "de/"):
        client.get(f"/help/{store.public_id}/{path}")
        client.head(f"/help/{store.public_id}/{path}")
    assert dump_rows(house) == before


def test_the_style_sheet_is_kept_for_ever_under_the_address_of_its_content(house: House) -> None:
    store, client = add_store(house), open_client(house)
    page = client.get(f"/help/{store.public_id}/es/")
    sheet = re.search(r'<link rel="stylesheet" href="([^"]+)">', page.text)
    assert sheet is not None
    answer = client.get(sheet[1])
    assert answer.status_code == 200 and answer.mimetype == "text/css" and b"--fill" in answer.data
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(sheet[1].replace("/shopper/", "/shopper/0")).status_code == 404
