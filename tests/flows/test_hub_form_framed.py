"""The hub's message form in a frame of the shop's own pages: bare, framed by nobody else, sent once, no cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from desk_house import OURS, Counter, open_counter
from hub_house import EMAIL, Hub, add_hub
from test_hub_contact import REFERENCE, read_talks

from plugin.language import LOCALES
from plugin.stores import StoreRow, get_store

FORM = "contact/form"
ORIGINS = ["https://barro.example", "https://www.barro.example"]


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    store = add_hub(counter)
    with counter.db.transaction(store.id) as tx:
        get_store(tx, store.id).origins = [*ORIGINS, "https://x.example; script-src *", "*"]
    return store


def read_ancestors(policy: str) -> str:
    [said] = re.findall(r"frame-ancestors ([^;]*)", policy)
    return str(said)


@pytest.mark.parametrize("locale", LOCALES)
def test_only_the_shop_s_own_pages_may_frame_it_and_no_other_page_of_ours_is_framed(
    counter: Counter, store: StoreRow, locale: str
) -> None:
    hub = Hub(counter, store, locale)
    answer = hub.get(FORM)
    assert answer.status_code == 200 and read_ancestors(answer.headers["Content-Security-Policy"]) == " ".join(ORIGINS)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers and answer.headers["X-Robots-Tag"] == "noindex"
    for page in ("contact", "order", "", "delivery-times"):
        policy = hub.get(page).headers["Content-Security-Policy"]
        assert read_ancestors(policy) == "'none'", page


def test_another_shop_s_form_is_framed_by_that_shop_alone(counter: Counter, store: StoreRow) -> None:
    other = add_hub(counter, "otra.example")
    policy = Hub(counter, other).get(FORM).headers["Content-Security-Policy"]
    assert read_ancestors(policy) == "https://otra.example"


def test_it_is_the_form_alone_and_what_leads_away_leaves_the_frame(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    text = hub.get(FORM).text
    assert '<base target="_top">' in text and f'action="{hub.path(FORM)}" target="_self"' in text
    assert "<header" not in text and "<footer" not in text and 'id="reach"' not in text and "<script" not in text
    assert "Una persona te responderá" in hub.words()
    whole = hub.get("contact").text
    assert "<header" in whole and "<base" not in whole and 'id="reach"' in whole


def test_it_is_sent_once_without_a_cookie_and_tells_its_reference_in_the_frame(
    counter: Counter, store: StoreRow
) -> None:
    hub = Hub(counter, store)
    assert "Set-Cookie" not in hub.get(FORM).headers
    fields = hub.hidden(hub.path(FORM)) | {"text": "¿Hacéis envíos a Cali?", "email": EMAIL}
    # Each with a browser of its own: nothing but the form's own fields goes along.
    answers = [Hub(counter, store).post(FORM, **fields) for _ in range(2)]
    [(talk, said)] = read_talks(counter)
    assert said == ["¿Hacéis envíos a Cali?"] and talk.channel == "form"
    for answer in answers:
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
        assert set(REFERENCE.findall(answer.text)) == {talk.reference}
        assert read_ancestors(answer.headers["Content-Security-Policy"]) == " ".join(ORIGINS)
        assert '<base target="_top">' in answer.text and "<header" not in answer.text
    counter.run_jobs()
    assert [recipient for _, _, recipient in counter.taken.mails] == [EMAIL]


def test_what_is_wrong_is_said_in_the_frame(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.get(FORM)
    answer = hub.post(FORM, text="Hola", email="alma")
    assert answer.status_code == 422 and "<header" not in answer.text and ">\nHola</textarea>" in answer.text
    assert read_ancestors(answer.headers["Content-Security-Policy"]) == " ".join(ORIGINS)
    assert hub.hidden(hub.path(FORM)) and read_talks(counter) == []


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site", "Origin": "https://barro.example"}, {"Sec-Fetch-Site": "same-site"},
     {"Origin": "https://barro.example"}, {"Origin": "null"}, {}],
    ids=str,
)  # fmt: skip
def test_a_form_of_any_other_page_is_refused_also_one_of_the_shop_itself(
    counter: Counter, store: StoreRow, headers: dict[str, str]
) -> None:
    hub = Hub(counter, store)
    hub.get(FORM)
    assert hub.post(FORM, headers=headers, text="Hola", email=EMAIL).status_code == 403
    assert read_talks(counter) == []


def test_the_field_that_no_person_sees_keeps_machines_out(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    hub.get(FORM)
    answer = hub.post(FORM, text="Hola", email=EMAIL, website="https://spam.example")
    assert answer.status_code == 200 and REFERENCE.findall(answer.text), "it is answered alike"
    assert read_talks(counter) == []
    counter.run_jobs()
    assert counter.taken.mails == []


def test_both_forms_share_one_limit(counter: Counter, store: StoreRow) -> None:
    codes = []
    for number in range(6):
        hub, page = Hub(counter, store), (FORM, "contact")[number % 2]
        hub.get(page)
        codes.append(hub.post(page, text=f"Hola {number}", email=f"alma{number}@example.com").status_code)
    assert codes == [200] * 5 + [429]


def test_the_desk_gives_the_frame_to_be_copied_in_each_language(counter: Counter, store: StoreRow) -> None:
    browser = counter.sign_in(counter.add_agent("Ana", store, locale="es"))
    page = browser.get(f"/desk/{store.public_id}/contact", headers=OURS).text
    found = re.findall(r'<textarea id="frame-[a-z]{2}" readonly[^>]*>([^<]*)</textarea>', page)
    codes = [unescape(one) for one in found]
    titles = {"es": "Escríbenos", "en": "Write to us", "pt": "Escreva para nós"}
    assert [re.findall(r' src="([^"]*)" title="([^"]*)"', one) for one in codes] == [
        [(f"https://care.example/help/{store.public_id}/{locale}/{FORM}", titles[locale])] for locale in LOCALES
    ]
    assert all(one.startswith("<iframe ") and one.endswith("></iframe>") for one in codes)
