"""The coverage report: where the widget stands along the purchase, what it offers there, and what was clicked."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from faq_links import EXAMPLE_ANSWERS, Article, Catalogue
from plugin import help
from plugin.contract import Step, Surface, SurfaceState
from plugin.help import catalogues, form
from plugin.stores import StoreRow, get_store
from plugin.stores.coverage import save_coverage
from plugin.testing.factories import MOMENT

SURFACES = (
    Surface(step=Step.cart, state=SurfaceState.live, url="https://a.example/cart"),
    Surface(step=Step.payment, state=SurfaceState.needs_step, words="Switch <b>it</b> on", url="javascript:alert(1)"),
    Surface(step=Step.thank_you, state=SurfaceState.not_possible, words="The plan does not allow it"),
    Surface(step=Step.review, state=SurfaceState.policy_link),
)
WAYS = [{"id": "cod", "title": "Contra reembolso"}, {"id": "c", "title": "Visa"}]
FACTS = {"currency": "EUR", "payment_methods": WAYS}


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    made = counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    with counter.db.transaction(made.id) as tx:
        save_coverage(get_store(tx, made.id), SURFACES)
    return made


def open_page(counter: Counter, store: StoreRow, path: str = "coverage", locale: str = "en") -> str:
    browser: FlaskClient = counter.sign_in(counter.add_agent("Rosa", store, locale=locale))
    answer = browser.get(f"/desk/{store.public_id}/{path}")
    assert answer.status_code == 200
    return answer.text


def read_rows(text: str) -> list[str]:
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", html.unescape(row)).split()) for row in rows]


def test_each_step_says_how_the_widget_stands_and_what_it_offers(counter: Counter, store: StoreRow) -> None:
    text = open_page(counter, store)
    assert "<strong>2 of 4</strong><span>steps carry the widget" in text and "<strong>4 of 4</strong>" in text
    cart, payment, thanks, review = read_rows(text)
    assert cart.startswith("Cart Live") and "articles" in cart
    assert "Switch &lt;b&gt;it&lt;/b&gt; on" in text and "javascript:" not in text
    assert "Needs a step of yours" in payment
    assert "The plan does not allow it" in thanks and "By a link in your policies" in review


def test_clicks_of_thirty_days_stand_beside_their_step(counter: Counter, store: StoreRow) -> None:
    for days, step, kind in (
        (0, "cart", "clicked"), (5, "cart", "clicked"), (29, "cart", "clicked"), (40, "cart", "clicked"),
        (0, "cart", "helped"), (0, "cart", "not_helped"), (1, "", "clicked"), (1, "account", "clicked"),
        (2, "", "opened"), (2, "", "answered"),
    ):  # fmt: skip
        help.count(counter.db, store.id, "delivery-costs", "es", step, "", kind, MOMENT - timedelta(days=days))
    other = counter.add_store("b.example")
    help.count(counter.db, other.id, "delivery-costs", "es", "cart", "", "clicked", MOMENT)
    text = open_page(counter, store)
    assert read_rows(text)[0].endswith("3 1 of 2 said so") and read_rows(text)[1].endswith("0 — Nobody said")
    assert "<strong>3</strong><span>clicks on them in 30 days" in text
    assert re.search(r"Clicks on pages whose step is not known</dt><dd>2</dd>", text)
    assert re.search(r"search, a section or an answer</dt><dd>1</dd>", text)


def test_a_step_without_links_and_an_empty_section_name_the_questions_that_fill_them(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Article("ways", "payment", "es", "¿Cómo pago?", steps=("payment",), body="Con {{payment_ways}}.")
    shown = Article("about", "shop", "es", "Quiénes somos", steps=("home",), body="Barro.")
    small = Catalogue([waiting, shown], "es")
    monkeypatch.setattr(catalogues, "_starter", lambda: small)
    monkeypatch.setattr(form, "examples", lambda: small.fill(EXAMPLE_ANSWERS))
    bare = counter.add_store("bare.example", answers={}, coverage=[
        {"step": "home", "state": "live", "words": "", "url": ""},
        {"step": "payment", "state": "live", "words": "", "url": ""},
    ])  # fmt: skip
    for path in ("coverage", "answers"):
        text = html.unescape(open_page(counter, bare, path))
        assert "The section «Payment» is empty" in text and '#payment_ways-es">How can shoppers pay?</a>' in text
        assert "«The shop" not in text
    home, payment = read_rows(open_page(counter, bare))
    assert "1 article" in home and payment.endswith("None Answer: How can shoppers pay? 0 — Nobody said")
    assert "<strong>1 of 2</strong><span>steps have articles" in open_page(counter, bare)


def test_a_shop_that_was_not_asked_yet_is_shown_every_step(counter: Counter) -> None:
    text = html.unescape(open_page(counter, counter.add_store("bare.example", answers={})))
    assert len(read_rows(text)) == len(Step) and "was not asked yet" in text


def test_what_the_shop_told_stands_under_its_question_and_the_merchant_s_words_go_before_it(
    counter: Counter, store: StoreRow
) -> None:
    bare = counter.add_store("bare.example", answers={"es": {"payment_ways": "solo Bizum"}}, facts=FACTS)
    text = html.unescape(open_page(counter, bare, "answers"))
    assert "Your shop says: <strong>Contra reembolso, Visa</strong><br>Your own words go before it." in text
    assert "Your shop says: <strong>Sí, con «Contra reembolso».</strong><br>Leave this empty to use it" in text
    assert help.get_article(bare, "payment-ways", "es").text.startswith("Puedes pagar con: solo Bizum.")
    assert "Contra reembolso" in help.get_article(bare, "pay-on-delivery", "en").text


def test_an_emptied_answer_gives_the_shop_s_words_back(counter: Counter, store: StoreRow) -> None:
    bare = counter.add_store("bare.example", answers={"es": {"payment_ways": "solo Bizum"}}, facts=FACTS)
    ana = counter.sign_in(counter.add_agent("Ana", bare))
    assert ana.post(f"/desk/{bare.public_id}/answers", data={}, headers=OURS).status_code == 303
    with counter.db.reading(bare.id) as tx:
        now = get_store(tx, bare.id)
    assert "Contra reembolso, Visa." in help.get_article(now, "payment-ways", "es").text


@pytest.mark.parametrize(("locale", "title"), [
    ("es", "La ayuda a lo largo de la compra"), ("pt", "A ajuda ao longo da compra"),
    ("en", "The help along the purchase"),
])  # fmt: skip
def test_the_report_speaks_the_agent_s_language(counter: Counter, store: StoreRow, locale: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in html.unescape(open_page(counter, store, locale=locale))
