"""What a talk keeps and for how long: said as the software does it, in the reader's language, for every store."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_house import Counter, main_of, open_counter
from hub_house import add_hub

from plugin.care.visitors import LIFETIME
from plugin.privacy import KEEP_ACCESSES
from plugin.privacy.retain import (
    KEEP_ACKNOWLEDGEMENTS,
    KEEP_CODES,
    KEEP_CONVERSATIONS,
    KEEP_MAILS,
    KEEP_PERSONS,
)
from plugin.stores import StoreRow
from plugin.web.hub_helped import ONE


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path) as made:
        yield made


def read_page(counter: Counter, store: StoreRow, locale: str) -> str:
    answer = counter.house.web().test_client().get(f"/help/{store.public_id}/{locale}/data")
    assert answer.status_code == 200 and answer.headers["Content-Language"] == locale
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main_of(answer.text))).split())


def test_the_page_tells_every_time_as_data_are_really_forgotten(counter: Counter) -> None:
    store = add_hub(counter, privacy_url="")
    page = read_page(counter, store, "en")
    for kept in (LIFETIME, KEEP_CONVERSATIONS, KEEP_PERSONS, KEEP_MAILS, KEEP_CODES, KEEP_ACCESSES):
        assert f"{kept.days} days" in page, kept
    assert store.name in page and "sets no cookie" in page
    assert KEEP_ACKNOWLEDGEMENTS == KEEP_MAILS, "both stand on one line"
    assert f"at most {timedelta(seconds=ONE.get_expiry()).days} day" in page
    assert "the page you are on while a person looks after you" in page
    assert "without names" not in page, "what is learned may hold one: it is told from no other word"
    assert "The shop's privacy page" not in page, "it has none"
    assert len({read_page(counter, store, locale) for locale in ("es", "en", "pt")}) == 3


@pytest.mark.parametrize("values", [
    {"privacy_url": "https://barro.example/privacidad"},
    {"privacy_url": "", "facts": {"privacy_url": "https://barro.example/privacidad"}},
])  # fmt: skip
def test_the_shop_s_own_page_is_linked_from_it_and_the_form_leads_to_either(
    counter: Counter, values: dict[str, object]
) -> None:
    own, none = add_hub(counter, **values), add_hub(counter, domain="bare.example", privacy_url="")
    browser = counter.house.web().test_client()
    page = browser.get(f"/help/{own.public_id}/es/data").text
    assert 'href="https://barro.example/privacidad"' in page and 'href="mailto:hola@barro.example"' in page
    assert 'href="https://barro.example/privacidad"' in browser.get(f"/help/{own.public_id}/es/contact").text
    assert f'/help/{none.public_id}/es/data"' in browser.get(f"/help/{none.public_id}/es/contact").text


def test_an_article_s_address_is_not_the_page_s(counter: Counter) -> None:
    from plugin.help.own_articles import TAKEN_BY_PAGES
    from plugin.web.hub_data import PAGE

    assert PAGE in TAKEN_BY_PAGES
