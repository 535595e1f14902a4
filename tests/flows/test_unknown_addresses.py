"""Addresses at which nothing is: a page that says so and leads back, and nobody learns from it what there is."""

from __future__ import annotations

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.stores import StoreRow

PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "Accept-Language": "en"}


def list_desk(store: StoreRow) -> tuple[str, ...]:
    """Below the store: an address that is a page, one that is for writing alone, and some that are none."""
    ours = f"/desk/{store.public_id}"
    return (f"{ours}/orders", f"{ours}/check-orders", f"{ours}/nothing", f"{ours}/orders/x/y", "/desk/nothing/here",
            "/desk/nothing/", "/desk/account/nothing", "/desk/st_AAAAAAAAAAAAAAAA/orders", "/desk/%00/x")  # fmt: skip


@pytest.mark.parametrize(("method", "headers", "status"), [
    ("GET", PAGE, 303), ("GET", {}, 303), ("GET", {"HX-Request": "true"}, 401), ("POST", OURS, 401),
    ("POST", {"Origin": "https://evil.example"}, 403),
])  # fmt: skip
def test_who_is_not_signed_in_hears_the_same_of_what_is_there_and_what_is_not(
    counter: Counter, store: StoreRow, method: str, headers: dict[str, str], status: int
) -> None:
    answers = [counter.browser().open(path, method=method, headers=headers) for path in list_desk(store)]
    assert {one.status_code for one in answers} == {status}
    assert len({(one.get_data(), one.headers.get("Location"), str(one.vary)) for one in answers}) == 1


def test_who_is_signed_in_stays_in_the_frame_of_the_store(store: StoreRow, client: FlaskClient) -> None:
    ours = f"/desk/{store.public_id}"
    for path in (f"{ours}/nothing", f"{ours}/orders/x/y", f"{ours}/check-orders"):
        page = client.get(path, headers=PAGE)
        assert page.status_code == 404 and "There is nothing here" in page.text
        assert f'<a class="button" href="{ours}/">To the desk</a>' in page.text
        assert 'class="tabs"' in page.text and store.name in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_a_store_that_is_not_theirs_looks_like_none_also_where_nothing_is(
    counter: Counter, client: FlaskClient
) -> None:
    other = counter.add_store("other.example")
    paths = (f"/desk/{other.public_id}/nothing", f"/desk/{other.public_id}/orders", "/desk/st_AAAAAAAAAAAAAAAA/nothing")
    pages = [client.get(path, headers=PAGE) for path in paths]
    assert {one.status_code for one in pages} == {404} and len({one.text for one in pages}) == 1
    assert 'class="tabs"' not in pages[0].text and '<a class="button" href="/desk/">To the desk</a>' in pages[0].text


def test_a_public_address_with_nothing_behind_it_is_a_page_for_people_alone(counter: Counter) -> None:
    browser = counter.browser()
    nowhere = [(path, "GET", 404) for path in ("/nothing", "/help/a/b/c/d", "/sign-in/enter/x")]
    for path, method, status in [*nowhere, ("/healthz", "POST", 405)]:
        page = browser.open(path, method=method, headers=PAGE)
        assert page.status_code == status and "<h1>There is nothing here</h1>" in page.text
        assert ("Allow" in page.headers) is (status == 405)
        assert "There is nothing here" not in browser.open(path, method=method).text
    said = browser.get("/api/widget/v1/nothing", headers=PAGE)
    assert (said.status_code, said.mimetype) == (404, "application/json")
