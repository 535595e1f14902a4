"""Did this help? Articles of the hub ask it without JavaScript, cookies or names, and are counted where people read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from desk_house import Counter, open_counter
from hub_house import Hub, add_hub

from plugin import help
from plugin.database import ALL
from plugin.help import ArticleCountRow
from plugin.language import LOCALES
from plugin.stores import StoreRow

ARTICLE = "how-to-return"
PRESSED = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-User": "?1", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return add_hub(counter)


def counted(counter: Counter, store: StoreRow) -> dict[tuple[str, str], int]:
    """(article, kind) → how often."""
    with counter.db.reading(store.id) as tx:
        rows = help.read_counts(tx, store.id, date(2026, 1, 1))
    assert all((one.step, one.phase) == ("", "") for one in rows)
    return {(one.article_id, one.kind): one.count for one in rows}


def test_every_article_asks_and_the_page_stays_the_same_for_everybody(counter: Counter, store: StoreRow) -> None:
    for locale, words in (("en", "Did this help?"), ("es", ""), ("pt", "")):
        hub = Hub(counter, store, locale)
        page = hub.get(ARTICLE)
        assert f'<form method="post" action="{hub.path(ARTICLE)}">' in page.text and words in hub.words()
        assert page.headers["Cache-Control"] == "public, max-age=60" and "Set-Cookie" not in page.headers
        assert page.headers["Referrer-Policy"] == "same-origin", "else browsers do not say that the form is our own"
        assert page.text == Hub(counter, store, locale, address="198.51.100.9").get(ARTICLE).text
    assert counted(counter, store) == {}, "a page that is fetched was not read"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("said", "kind"), [("yes", "helped"), ("no", "not_helped")])
def test_a_press_counts_in_the_page_s_language_and_thanks(
    counter: Counter, store: StoreRow, locale: str, said: str, kind: str
) -> None:
    hub = Hub(counter, store, locale)
    hub.get(ARTICLE)
    sent = hub.post(ARTICLE, helped=said)
    assert sent.status_code == 303 and sent.headers["Location"] == f"{hub.path(ARTICLE)}?said={said}#helped"
    page = hub.get(path=sent.headers["Location"].partition("#")[0])
    assert page.status_code == 200 and 'name="helped"' not in page.text and 'role="status"' in page.text
    assert page.headers["Cache-Control"] == "no-store" and page.headers["X-Robots-Tag"] == "noindex"
    assert page.text.count(f'href="{hub.path("contact")}"') == (2 if said == "no" else 1)
    with counter.db.reading(ALL, "what was counted") as tx:
        assert [(one.article_id, one.locale, one.kind, one.count) for one in tx.query(ArticleCountRow)] == [
            (ARTICLE, locale, kind, 1)]  # fmt: skip


def test_pressing_again_thanks_again_and_counts_once_a_day(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    for said in ("yes", "yes", "no", "yes"):
        assert hub.post(ARTICLE, helped=said).status_code == 303
    assert counted(counter, store) == {(ARTICLE, "helped"): 1}
    hub.post("delivery-times", helped="no")
    Hub(counter, add_hub(counter, "other.example")).post(ARTICLE, helped="no")
    assert counted(counter, store) == {(ARTICLE, "helped"): 1, ("delivery-times", "not_helped"): 1}


def test_a_network_counts_a_few_times_however_many_addresses_it_has(counter: Counter, store: StoreRow) -> None:
    for place in range(9):
        Hub(counter, store, address=f"2001:db8:0:1::{place}").post(ARTICLE, helped="no")
    assert counted(counter, store) == {(ARTICLE, "not_helped"): 5}
    Hub(counter, store, address="2001:db8:1:1::1").post(ARTICLE, helped="no")
    assert counted(counter, store) == {(ARTICLE, "not_helped"): 6}


def test_who_presses_without_end_is_asked_to_wait_on_the_same_page(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    answers = [hub.post(ARTICLE, helped="yes") for _ in range(61)]
    assert [one.status_code for one in answers] == [303] * 60 + [429] and int(answers[-1].headers["Retry-After"]) > 0
    assert 'role="alert"' in hub.text and hub.get(ARTICLE).status_code == 200


@pytest.mark.parametrize("helped", ["", "maybe", "yes no", "on", "%00"])
def test_what_is_neither_yes_nor_no_is_not_counted(counter: Counter, store: StoreRow, helped: str) -> None:
    hub = Hub(counter, store)
    assert hub.post(ARTICLE, helped=helped).status_code == 422 and 'name="helped"' in hub.text
    assert counted(counter, store) == {}


def test_only_our_own_page_asks_and_only_of_articles_that_are_shown(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    for headers in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert hub.post(ARTICLE, headers=headers, helped="no").status_code == 403
    for missing in ("no-such-article", "x" * 200, "..%2F..%2Fdesk", "gift-card-balance"):
        assert hub.post(missing, helped="no").status_code == 404
    assert hub.post(path=f"/help/{store.public_id}/fr/{ARTICLE}", helped="no").status_code == 404
    assert counted(counter, store) == {}


def test_what_comes_by_itself_is_no_reading(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    here = f"https://care.example{hub.path()}"
    followed = PRESSED | {"Referer": here}
    for headers in (
        {}, PRESSED, {"Referer": here},
        *(followed | one for one in (
            {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"Sec-Fetch-User": ""},
            {"Sec-Fetch-Site": "cross-site"}, {"Referer": "https://care.example/desk/x"},
            {"Referer": f"https://evil.example{hub.path()}"},
            {"Referer": "https://care.example/help/st_AAAAAAAAAAAAAAAA/es/"},
        )),
    ):  # fmt: skip
        assert hub.browser.get(hub.path(ARTICLE), headers=headers, **hub.given).status_code == 200
    assert hub.browser.head(hub.path(ARTICLE), headers=followed, **hub.given).status_code == 200
    assert hub.browser.get(hub.path("zzz"), headers=followed, **hub.given).status_code == 404
    assert hub.browser.get(hub.path(ARTICLE) + "?said=yes", headers=followed, **hub.given).status_code == 200
    assert counted(counter, store) == {}
    for referer in (here, here + "?q=devolver"):
        page = hub.browser.get(hub.path(ARTICLE), headers=PRESSED | {"Referer": referer}, **hub.given)
        assert page.status_code == 200
    assert counted(counter, store) == {(ARTICLE, "opened"): 1}, "a person's, once a day"


def test_the_merchant_sees_it_by_article_and_nothing_learns_of_it(counter: Counter, store: StoreRow) -> None:
    owner = counter.sign_in(counter.add_agent("Ana", store))
    before = counter.dump()
    Hub(counter, store).post(ARTICLE, helped="no")
    after = counter.dump()
    assert [table for table in after if after[table] != before[table]] == ["article_counts"]
    shown = owner.get(f"/desk/{store.public_id}/numbers/rows?of=clicks&state=not_helped").text
    assert "1 line" in shown and "It did not help" in shown
