"""The store's page: what is live, preview and live, sender, colours, test mails, the ten questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from adapters.demo import DemoAdapter
from faq_links import ALL_PLACEHOLDERS, EXAMPLE_ANSWERS, PLACEHOLDERS
from plugin.contract import InstallReport, PlatformDown, Step, Surface, SurfaceState, Words
from plugin.help import catalogue_of
from plugin.mail import MailDelayed
from plugin.stores import StoreRow, get_store, store_urls
from plugin.stores.coverage import save_coverage
from plugin.stores.words import pack
from plugin.testing.factories import MOMENT
from plugin.work import list_promised


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    live = [{"step": "cart", "state": "live", "words": "", "url": ""}]
    return counter.add_store(
        "a.example", live_at=None, mail_mode="extra_only", platform_mails=["shipped", "refunded"], coverage=live
    )


def read(counter: Counter, store: StoreRow) -> StoreRow:
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def wish(browser: FlaskClient, store: StoreRow, what: str, **form: str) -> Any:
    return browser.post(f"/desk/{store.public_id}/{what}", data=form, headers=OURS)


def test_going_live_and_back_is_a_button_each(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    page = client.get(f"/desk/{store.public_id}/store").text
    assert "Going live is quiet" in page and "stays unsent" in page
    assert wish(client, store, "store/live").status_code == 303
    assert read(counter, store).live_at == MOMENT
    counter.clock.advance(60)
    wish(client, store, "store/live")
    assert read(counter, store).live_at == MOMENT
    wish(client, store, "store/preview")
    assert read(counter, store).live_at is None


def test_a_previewed_mail_is_shown_as_such_and_never_sent(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    order = counter.add_order(store)
    counter.clock.advance(30)
    counter.run_jobs()
    assert "the store was in preview" in client.get(f"/desk/{store.public_id}/orders/{order.id}").text
    wish(client, store, "store/live")
    counter.clock.advance(timedelta(hours=1))
    counter.run_jobs()
    assert counter.taken.mails == []


SURFACES = (
    Surface(step=Step.cart, state=SurfaceState.live, url="https://a.example/cart"),
    Surface(
        step=Step.payment,
        state=SurfaceState.needs_step,
        words="Switch <b>it</b> on",
        url="javascript:alert(1)",
    ),
    Surface(step=Step.thank_you, state=SurfaceState.not_possible, words="The plan does not allow it"),
)


def test_the_coverage_says_what_is_live_what_needs_a_step_and_what_cannot_be(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    with counter.db.transaction(store.id) as tx:
        save_coverage(get_store(tx, store.id), SURFACES)
    page = client.get(f"/desk/{store.public_id}/store").text
    assert "Where the widget stands: 1 of 3 pages" in page
    assert "Switch &lt;b&gt;it&lt;/b&gt; on" in page and "The plan does not allow it" in page
    assert 'href="https://a.example/cart"' in page and "javascript:" not in page
    assert "The widget stands on 1 of 3 pages" in client.get(f"/desk/{store.public_id}/").text


def test_looking_at_a_page_asks_no_platform(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(*_: object) -> Sequence[Surface]:
        raise PlatformDown("It sleeps")

    for question in ("surfaces", "examine", "list_statuses", "platform_mails"):
        monkeypatch.setattr(DemoAdapter, question, sleep)
    for page in ("", "store", "doctor", "statuses"):
        answer = client.get(f"/desk/{store.public_id}/{page}")
        assert answer.status_code == 200 and "It sleeps" not in answer.text
    with counter.db.transaction(store.id) as tx:
        get_store(tx, store.id).coverage = []
    assert "We do not know yet" in client.get(f"/desk/{store.public_id}/store").text


def test_looking_again_is_a_job(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DemoAdapter, "set_up", lambda *_: InstallReport(webhooks=1))
    monkeypatch.setattr(DemoAdapter, "surfaces", lambda *_: SURFACES)
    answer = wish(client, store, "store/repair", about="coverage")
    assert answer.status_code == 303 and answer.headers["Location"].endswith("done=look#coverage")
    assert len(read(counter, store).coverage) == 1
    counter.run_jobs()
    assert "Where the widget stands: 1 of 3 pages" in client.get(f"/desk/{store.public_id}/store").text


def test_mail_mode_names_what_the_platform_mails(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    assert "Your platform mails itself: Shipped, Refunded." in client.get(f"/desk/{store.public_id}/store").text
    wish(client, store, "store/mail-mode", mail_mode="all")
    assert read(counter, store).mail_mode == "all"
    assert wish(client, store, "store/mail-mode", mail_mode="none").status_code == 422
    assert read(counter, store).mail_mode == "all"


@pytest.mark.parametrize(("name", "reply_to"), [
    ("Barro", "a@b"), ("Barro", "a@b@c"), ("Barro", "a@b.c, d@e.f"), ("Barro", "a@b.c\nBcc: d@e.f"),
    ("Barro", "Ana <a@b.c>"),
    ("x" * 61, ""), ("support@bank.example", ""), ("Barro", "javascript:alert(1)"),
])  # fmt: skip
def test_a_sender_that_is_none_is_said_and_nothing_changes(
    counter: Counter, store: StoreRow, client: FlaskClient, name: str, reply_to: str
) -> None:
    wish(client, store, "store/sender", sender_name="Barro y Sol", reply_to="hola@a.example")
    answer = wish(client, store, "store/sender", sender_name=name, reply_to=reply_to)
    row = read(counter, store)
    assert answer.status_code == 422 and "notice-bad" in answer.text
    assert (row.sender_name, row.reply_to) == ("Barro y Sol", "hola@a.example")


@pytest.mark.parametrize(("settle", "hold", "kept"), [
    ("5", "0", (5, 0)), ("600", "72", (600, 259200)), ("30", "1,5", (30, 5400)), ("30", "1.5", (30, 5400)),
    ("4", "1", None), ("601", "1", None), ("20", "73", None), ("", "", None), ("nan", "inf", None), ("-5", "1", None),
    ("1e2", "1", None), ("20", "²", None),
])  # fmt: skip
def test_the_pace_stays_within_its_bounds(
    counter: Counter, store: StoreRow, client: FlaskClient, settle: str, hold: str, kept: tuple[int, int] | None
) -> None:
    answer = wish(client, store, "store/pace", settle_seconds=settle, hold_hours=hold)
    row = read(counter, store)
    assert answer.status_code == (303 if kept else 422)
    assert (row.settle_seconds, row.hold_seconds) == (kept or (20, 14400))


@pytest.mark.parametrize("accent", ["#C2410C", "#000000", "#ffffff", "#808080", "#ffff00", "#0b57d0"])
def test_a_colour_is_kept_and_its_words_can_always_be_read(
    counter: Counter, store: StoreRow, client: FlaskClient, accent: str
) -> None:
    wish(client, store, "store/accent", accent=accent)
    assert read(counter, store).accent == accent.lower()
    with counter.db.transaction(store.id) as tx:
        assert [job.kind for job in list_promised(tx, "stores.set_up", store.id)] == ["stores.set_up"]
    part = client.get(
        f"/desk/{store.public_id}/store/accent",
        query_string={"accent": accent},
        headers={"HX-Request": "true"},
    )
    ratios = [float(one) for one in re.findall(r"<figcaption>([\d.]+) : 1", part.text)]
    assert len(ratios) == 3 and min(ratios) >= 4.5 and "<html" not in part.text


@pytest.mark.parametrize("accent", ["red", "#fff", "#12345g", "#123456;x", "url(x)", '"><script>', ""])
def test_what_is_no_colour_is_refused(
    counter: Counter, store: StoreRow, client: FlaskClient, accent: str
) -> None:
    answer = wish(client, store, "store/accent", accent=accent)
    assert answer.status_code == 422 and "<script>" not in answer.text
    part = client.get(
        f"/desk/{store.public_id}/store/accent",
        query_string={"accent": accent},
        headers={"HX-Request": "true"},
    )
    assert part.status_code == 200 and "That is no colour" in part.text and "url(x)" not in part.text


VICTIM = "victim@example.com"


def test_a_test_mail_goes_to_the_agent_alone_five_times_a_day(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    codes = [
        wish(client, store, "store/test-mail", notice="shipped", to=VICTIM, email=VICTIM).status_code
        for _ in range(7)
    ]  # fmt: skip
    assert codes == [303] * 5 + [429] * 2
    assert {recipient for _, _, recipient in counter.taken.mails} == {"ana@example.com"} and len(
        counter.taken.mails
    ) == 5
    eva = counter.sign_in(counter.add_agent("Eva", store))
    assert wish(eva, store, "store/test-mail", notice="shipped").status_code == 429
    counter.clock.advance(timedelta(days=1))
    assert wish(client, store, "store/test-mail", notice="delivered").status_code == 303
    assert len(read(counter, store).test_mails) == 2


@pytest.mark.parametrize("notice", ["order_received", "shipped", "delivered", "refunded", "", "<script>"])
def test_a_test_mail_looks_like_a_shopper_s(
    counter: Counter, store: StoreRow, client: FlaskClient, notice: str
) -> None:
    wish(client, store, "store/sender", sender_name="Barro y Sol", reply_to="hola@a.example")
    assert wish(client, store, "store/test-mail", notice=notice).status_code == 303
    mail = message_from_bytes(counter.taken.mails[0][0], policy=policy.default)
    html = mail.get_body(("html",))
    assert html is not None and "TEST-1001" in html.get_content()
    assert mail["Subject"].startswith("Test: ") and mail["Reply-To"] == "hola@a.example"
    assert mail["From"].addresses[0].display_name == "Barro y Sol"


def test_a_mail_server_that_is_away_is_told(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    counter.taken.error = MailDelayed("The mail server is <i>asleep</i>")
    answer = wish(client, store, "store/test-mail", notice="shipped")
    assert answer.status_code == 502 and "The mail server is &lt;i&gt;asleep&lt;/i&gt;" in answer.text


def test_the_questions_show_which_articles_become_visible(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    url = f"/desk/{store.public_id}/answers"
    shown, all_of_them = map(int, re.findall(r"Articles shown: (\d+) of (\d+)", client.get(url).text)[0])
    given = {f"{one.key}.es": one.example["es"] for one in ALL_PLACEHOLDERS}
    assert wish(client, store, "answers", **given, **{"evil.es": "x", "phone.xx": "x"}).status_code == 303
    page = client.get(url).text
    assert 0 < shown < all_of_them and f"Articles shown: {all_of_them} of {all_of_them}" in page
    assert "Waits for:" not in page
    row = read(counter, store)
    assert row.answers == {"es": {one.key: one.example["es"] for one in ALL_PLACEHOLDERS}}
    assert len(catalogue_of(row).articles("es")) == all_of_them
    del given["phone.es"]
    wish(client, store, "answers", **given)
    assert "Waits for:" in client.get(url).text


def test_ten_questions_come_first_and_the_others_are_folded_until_one_of_them_is_answered(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    url = f"/desk/{store.public_id}/answers"

    def look() -> tuple[list[str], list[str], bool]:
        before, opened, after = re.split(r'<details class="more-questions"( open)?>', client.get(url).text)
        asked = [re.findall(r'name="(\w+)\.es"', part) for part in (before, after)]
        assert after.count("</details>") == after.count("<details>") + 1
        return asked[0], asked[1], bool(opened)

    keys = [one.key for one in ALL_PLACEHOLDERS]
    wish(client, store, "answers", **{f"{one.key}.es": one.example["es"] for one in PLACEHOLDERS})
    assert look() == (keys[:10], keys[10:], False)
    wish(client, store, "answers", **{"customs.es": "No hay aduana."})
    assert look() == (keys[:10], keys[10:], True)
    assert read(counter, store).answers == {"es": {"customs": "No hay aduana."}}


def test_answers_in_three_languages_are_kept_apart(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    given = {
        f"delivery_days.{language}": EXAMPLE_ANSWERS[language]["delivery_days"]
        for language in ("es", "en", "pt")
    }
    wish(client, store, "answers", **given)
    kept = read(counter, store).answers
    assert {language: words["delivery_days"] for language, words in kept.items()} == {
        language: EXAMPLE_ANSWERS[language]["delivery_days"] for language in ("es", "en", "pt")
    }


def test_a_long_or_hostile_answer_stays_short_text(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    wish(client, store, "answers", **{"delivery_days.es": "<script>alert(1)</script>\x00\u202e" + "x" * 9000})
    page = client.get(f"/desk/{store.public_id}/answers").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert len(read(counter, store).answers["es"]["delivery_days"]) <= 500


def test_a_new_merchant_sees_what_is_done_and_the_one_step_left(
    counter: Counter, client: FlaskClient, store: StoreRow
) -> None:
    url = f"/desk/{store.public_id}/"

    def look() -> tuple[str, list[str]]:
        page = client.get(url).text
        return re.findall(r"Setting up: (\d+ of \d+) done", page)[0], re.findall(r'class="is-(\w+)"', page)

    assert look() == ("3 of 10", ["done", "done", "next", *["left"] * 5, "done", "left"])
    wish(client, store, "answers", **{f"{one.key}.es": one.example["es"] for one in PLACEHOLDERS})
    wish(client, store, "contact", email="hola@a.example", all="on")
    wish(client, store, "store/sender", sender_name="", reply_to="hola@a.example")
    wish(client, store, "store/test-mail")
    counter.add_order(store)
    assert look()[0] == "8 of 10" and "Tell your privacy page" in client.get(url).text
    wish(client, store, "store/privacy-page", privacy_url="https://a.example/privacidad")
    assert look() == ("9 of 10", ["done"] * 9 + ["next"])
    wish(client, store, "store/live")
    assert "Setting up" not in client.get(url).text


def test_trouble_of_the_connection_is_told_and_can_be_mended(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    with counter.db.transaction(store.id) as tx:
        get_store(tx, store.id).trouble = "Its <u>key</u> was revoked"
    for page in ("", "store"):
        assert "Its &lt;u&gt;key&lt;/u&gt; was revoked" in client.get(f"/desk/{store.public_id}/{page}").text
    assert wish(client, store, "store/repair").status_code == 303
    assert [row for row in counter.dump()["outbox"] if "stores.set_up" in row]


def test_the_day_s_deliveries_are_counted_by_what_became_of_them(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    from plugin.contract import WebhookDelivery
    from plugin.orders import keep

    for topic in ("order.unknown", "order.unknown", "order.updated"):
        with counter.db.transaction(store.id) as tx:
            keep(tx, store.id, WebhookDelivery(topic=topic, headers={}, body=b"no json"), counter.clock.now())
    counter.run_jobs()
    page = client.get(f"/desk/{store.public_id}/").text
    assert "in the last day: 3" in page
    assert re.search(r"<dt>Nothing for us</dt><dd>2</dd>.*<dt>Could not be read</dt><dd>1</dd>", page)
    counter.clock.advance(timedelta(days=2))
    assert "in the last day: 0" in client.get(f"/desk/{store.public_id}/").text


@pytest.mark.parametrize(("locale", "words"), [
    ("en", "For webhooks made by hand"), ("es", "Para webhooks creados a mano"),
    ("pt", "Para webhooks criados à mão"),
])  # fmt: skip
def test_the_owner_reads_where_webhooks_made_by_hand_go_and_their_secret(
    counter: Counter, locale: str, words: str
) -> None:
    shop = counter.add_store("woo.example", platform="woocommerce", credentials={}, webhook_secret="s<&>cret")
    owner = counter.sign_in(counter.add_agent("Olga", shop, locale=locale))
    helper = counter.sign_in(counter.add_agent("Hugo", shop, role="agent", locale=locale))
    page, other = (browser.get(f"/desk/{shop.public_id}/store") for browser in (owner, helper))
    base = counter.house.doors.settings.base_url.rstrip("/")
    assert page.headers["Cache-Control"] == "no-store" and words in page.text
    assert f"<code>{base}/hooks/woocommerce/{shop.hook_key}</code>" in page.text
    assert "<code>s&lt;&amp;&gt;cret</code>" in page.text
    assert other.status_code == 200 and words not in other.text
    for browser, place in (
        (helper, "/store"),
        (helper, ""),
        (owner, ""),
        (owner, "/answers"),
        (owner, "/orders"),
    ):
        text = browser.get(f"/desk/{shop.public_id}{place}", follow_redirects=True).text
        assert shop.hook_key not in text and "s&lt;&amp;&gt;cret" not in text


def test_webhooks_that_the_adapter_makes_are_nothing_to_copy(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    assert store.hook_key not in client.get(f"/desk/{store.public_id}/store").text
    assert "a-webhook-secret" not in client.get(f"/desk/{store.public_id}/store").text


def test_a_shop_with_keys_whose_webhooks_are_missing_gets_what_set_up_asks_for(counter: Counter) -> None:
    shop = counter.add_store(
        "woo.example", platform="woocommerce", credentials={"url": "https://woo.example"}
    )
    olga = counter.sign_in(counter.add_agent("Olga", shop))
    assert "a-webhook-secret" not in olga.get(f"/desk/{shop.public_id}/store").text
    urls = store_urls(shop, counter.house.doors.settings.base_url.rstrip("/"))
    with counter.db.transaction(shop.id) as tx:
        words = Words("Make a webhook for {topic} at {url}.", topic="order.updated", url=urls.webhook)
        get_store(tx, shop.id).trouble = pack(words)
    page = olga.get(f"/desk/{shop.public_id}/store").text
    assert f"<code>{urls.webhook}</code>" in page and "<code>a-webhook-secret</code>" in page
