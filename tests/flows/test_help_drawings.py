"""The drawings of "How do I place an order?": on the help pages, in the desk's preview, and as a link in the widget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from desk_house import OURS, Counter, open_counter
from hub_house import Hub, add_hub

from faq_links import STARTER, load_catalogue
from faq_links.rich_text import is_own_drawing, parse_markdown
from plugin.help.written import check_written, write_of_article
from plugin.language import LOCALES
from plugin.stores import StoreRow
from plugin.web.static_files import FOLDER

GUIDE = "how-to-buy"
STEPS = ["choose", "basket", "delivery", "payment", "mail"]
PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"')
MOST_BYTES = 6_000
RAW = load_catalogue(STARTER, "es")


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path, base_url="https://care.example") as opened:
        yield opened


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return add_hub(counter)


@pytest.mark.parametrize("locale", LOCALES)
def test_each_step_of_the_help_page_has_a_drawing_of_its_own_with_words_for_who_does_not_see_it(
    counter: Counter, store: StoreRow, locale: str
) -> None:
    hub = Hub(counter, store, locale)
    answer = hub.get(GUIDE)
    found = PICTURE.findall(answer.text)
    assert [address for address, _ in found] == [f"/static/guide/{step}.svg" for step in STEPS]
    assert len({alt for _, alt in found}) == 5 and all(20 < len(alt) < 125 for _, alt in found)
    [steps] = re.findall(r"<ol>(.*?)</ol>", answer.text, re.DOTALL)
    assert all(len(PICTURE.findall(step)) == 1 for step in re.findall(r"<li>(.*?)</li>", steps, re.DOTALL))
    [allowed] = re.findall("img-src ([^;]*)", answer.headers["Content-Security-Policy"])
    assert "'self'" in allowed.split()
    for address, _ in found:
        served = hub.get(path=address)
        assert (served.status_code, served.mimetype) == (200, "image/svg+xml")
        assert served.headers["Content-Security-Policy"] == "default-src 'none'" and served.headers["ETag"]


def test_every_drawing_is_light_has_a_ground_of_its_own_and_no_word_in_it() -> None:
    files = sorted((FOLDER / "guide").iterdir())
    assert sorted(one.stem for one in files) == sorted(STEPS)
    for file in files:
        assert file.stat().st_size < MOST_BYTES
        drawn = ElementTree.parse(file).getroot()
        assert (drawn.get("width"), drawn.get("height"), drawn.get("viewBox")) == ("320", "180", "0 0 320 180")
        ground = drawn[0]
        assert (ground.get("width"), ground.get("height")) == ("320", "180") and str(ground.get("fill")) > "#f0"
        kinds = {one.tag.rpartition("}")[2] for one in drawn.iter()}
        assert kinds <= {"svg", "rect", "g", "path", "circle"}
        assert not any(name.rpartition("}")[2] in ("href", "style") for one in drawn.iter() for name in one.attrib)


def test_no_other_file_and_no_way_out_of_the_folder(counter: Counter, store: StoreRow) -> None:
    hub = Hub(counter, store)
    for name in ("nothing.svg", "..%2Fshopper%2Fpages.css", "%2e%2e/shopper/pages.css", "choose.svg/"):
        assert hub.get(path=f"/static/guide/{name}").status_code == 404, name
    for address in (
        "/static/guide/../x.svg", "/static/guide/x.svg?y", "//evil.example/static/guide/x.svg",
        "https://evil.example/static/guide/x.svg", "/static/guide/X.svg", "/static/guide/x.svg\n",
    ):  # fmt: skip
        assert not is_own_drawing(address), address


@pytest.mark.parametrize("locale", LOCALES)
def test_the_widget_gets_the_steps_alone_and_a_link_to_the_page_with_the_drawings(
    counter: Counter, store: StoreRow, locale: str
) -> None:
    hub = Hub(counter, store, locale)
    api = f"/api/widget/v1/stores/{store.public_id}/articles"
    told = hub.get(path=f"{api}/{GUIDE}?locale={locale}").get_json()
    steps, link = told["body"]
    assert steps["tag"] == "ol" and [len(step["children"]) for step in steps["children"]] == [1] * 5
    assert all(step["children"][0].endswith(".") for step in steps["children"]), "no words of a drawing, no blank"
    [anchor] = link["children"]
    assert anchor["tag"] == "a" and anchor["href"] == told["url"] == f"https://care.example{hub.path(GUIDE)}"
    plain = hub.get(path=f"{api}/delivery-times?locale={locale}").get_json()
    assert told["url"] not in str(plain["body"]) and plain["url"] not in str(plain["body"])


def test_what_the_engine_reads_of_it_holds_no_words_of_a_drawing() -> None:
    for locale in LOCALES:
        article = RAW.article(GUIDE, locale)
        assert article is not None
        assert all(alt not in article.text for _, alt in PICTURE.findall(article.html))
        assert not re.search("Dibujo|Drawing|Desenho", article.text)
    assert parse_markdown("![Words](https://shop.example/a.png)") == ({"tag": "p", "children": ["Words"]},)


def test_a_merchant_may_rewrite_it_with_its_drawings_and_sees_them_in_the_preview(
    counter: Counter, store: StoreRow
) -> None:
    article = RAW.article(GUIDE, "es")
    assert article is not None
    written = write_of_article(article)
    assert check_written(written, {"barro.example"}) == ()
    browser = counter.sign_in(counter.add_agent("Ana", store))
    form = {"article": GUIDE, "locale": "es", "title": written.title, "section": written.section, "text": written.text}
    shown = browser.post(f"/desk/{store.public_id}/editor/preview", data=form, headers=OURS)
    assert shown.status_code == 200
    assert [address for address, _ in PICTURE.findall(shown.text)] == [f"/static/guide/{step}.svg" for step in STEPS]
    assert "no-picture" not in shown.text
