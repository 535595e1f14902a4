"""A section of the help in which shoppers find nothing warns at the desk: where articles are kept, and on Today."""

from __future__ import annotations

import html
import re

from desk_house import OURS, Counter, main_of
from flask.testing import FlaskClient

from faq_links import EXAMPLE_ANSWERS
from plugin import help


def test_a_section_that_was_hidden_whole_warns_until_one_article_is_back(counter: Counter) -> None:
    store = counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    owner = counter.sign_in(counter.add_agent("Ana", store))
    viewer = counter.sign_in(counter.add_agent("Vera", store, role="viewer"))
    place = f"/desk/{store.public_id}/"

    def read(browser: FlaskClient, part: str) -> str:
        return main_of(html.unescape(browser.get(place + part).text))

    def act(act: str, article: str) -> None:
        assert owner.post(f"{place}editor/{act}", data={"article": article}, headers=OURS).status_code == 303

    catalogue = help.catalogue_of(store)
    every = (*catalogue.articles("es"), *catalogue.hidden("es"))
    ids = [one.article_id for one in every if one.section == "returns"]
    for one in ids:
        act("hide", one)
    words = "The section «Returns and exchanges» is empty"
    for reader in (owner, viewer):
        for part in ("editor", "answers", "coverage"):
            page = read(reader, part)
            assert page.count(words) == 1 and f"{len(ids)} articles are hidden." in page, part
            assert re.search(r'href="[^"]+/editor#a-[^"]+">Show one again in the list', page)
        assert "shoppers find nothing: Returns and exchanges." in read(reader, "")
    act("back", ids[0])
    assert words not in read(owner, "editor") and "find nothing" not in read(owner, "")
