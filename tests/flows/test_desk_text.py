"""Whatever somebody else wrote stays text, on every page of the desk and in every place it can come from."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from desk_house import Counter, open_counter

from plugin.contract import OrderLine, ShipmentStatus, TrackingEvent
from plugin.database import ALL
from plugin.stores import get_store
from plugin.testing.factories import MOMENT, make_money, make_shipment

PAYLOADS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' autofocus onfocus=alert(1) x='",
    "<svg/onload=alert(1)>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "javascript:alert(1)", "{{7*7}}", "{% include '/etc/passwd' %}", "<style>*{display:none}</style>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<base href=//evil>",
    "<form action=//evil><button>", "<meta http-equiv=refresh content='0;//evil'>",
    "<div hx-get=//evil hx-trigger=load>",
    "--><script>alert(1)</script>", "]]><script>alert(1)</script>", "<math><mi//xlink:href='data:x,<script>'>",
    "\u202egpj.exe", "&lt;script&gt;alert(1)&lt;/script&gt;", "<plaintext>", "%3Cscript%3Ealert(1)%3C/script%3E",
)  # fmt: skip
URLS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "data:text/html,<script>1",
    "vbscript:x", "file:///etc/passwd", "//evil.example", "https://user:pass@evil.example", 'https://x/"onmouseover=alert(1)',
    "https://x/\n", "ftp://x", "blob:https://x", "about:blank",
)  # fmt: skip


class Reader(HTMLParser):
    """The elements and links a browser would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.bad: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.bad += [
            f"{tag} {name}" for name in given if name.startswith("on") or name in ("style", "srcdoc")
        ]
        if tag in ("iframe", "base", "object", "embed", "style", "math", "plaintext"):
            self.bad.append(tag)
        if tag == "script" and not (given.get("src") or "").startswith("/desk/files/"):
            self.bad.append("script")
        if tag == "meta" and "http-equiv" in given:
            self.bad.append("meta refresh")
        for name in ("href", "src", "action", "hx-get", "hx-post", "hx-sse:connect"):
            value = given.get(name)
            if value is not None:
                self.links.append(value)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with open_counter(tmp_path_factory.mktemp("text")) as made:
        yield made


def check(html: str, name: str) -> Reader:
    page = Reader(html)
    assert page.bad == [], name
    strange = [
        url
        for url in page.links
        if not url.startswith(("/", "#", "https://", "http://", "?")) or url.startswith("//")
    ]
    assert [url for url in strange if url] == [], name
    return page


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_payload_becomes_more_than_text(counter: Counter, payload: str) -> None:
    store = counter.add_store(f"s{PAYLOADS.index(payload)}.example")
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.name, row.trouble, row.sender_name = payload, payload, payload
        row.answers = {"es": {"delivery_days": payload, "phone": payload}}
    agent = counter.add_agent(f"A{PAYLOADS.index(payload)}", store)
    with counter.db.transaction(ALL, "a hostile name") as tx:
        tx.merge(agent).name = payload
    event = TrackingEvent(
        status=ShipmentStatus.in_transit,
        raw_status=payload,
        occurred_at=MOMENT,
        message=payload,
        location=payload,
    )
    parcel = make_shipment(carrier=payload, tracking_number=payload, tracking_url=payload, events=(event,))
    line = OrderLine(external_id="1", name=payload, quantity=1, total=make_money(), details=(payload,))
    order = counter.add_order(
        store, parcel, external_id=payload, number=payload, raw_status=payload, customer_name=payload, lines=(line,),
        payment_method=payload, status_url=payload, country=payload, email=f"{payload}@example.com",
    )  # fmt: skip
    counter.clock.advance(30)
    counter.run_jobs()
    talk = counter.write(store, payload, payload, page=payload, steps=(payload,), order_id=order.id)
    browser = counter.sign_in(agent)
    for path in ("", "conversations", "conversations/{talk}", "conversations/{talk}/thread", "orders", "orders/{order}",
                 "store", "answers", "deliveries", f"orders?number={payload}"):  # fmt: skip
        url = path.format(talk=talk, order=order.id) if "?" not in path else path
        answer = browser.get(f"/desk/{store.public_id}/{url}")
        assert answer.status_code in (200, 303), path
        check(answer.text, path)
    check(browser.get("/desk/account").text, "account")
    check(browser.get("/desk/").text, "choose")


@pytest.mark.parametrize("url", URLS, ids=range(len(URLS)))
def test_only_plain_web_addresses_become_links(counter: Counter, url: str) -> None:
    number = URLS.index(url)
    store = counter.add_store(f"u{number}.example")
    order = counter.add_order(store, make_shipment(tracking_url=url), status_url=url)
    talk = counter.write(store, "hola", page=url, order_id=order.id)
    browser = counter.sign_in(counter.add_agent(f"U{number}", store))
    for path in (f"orders/{order.id}", f"conversations/{talk}"):
        html = browser.get(f"/desk/{store.public_id}/{path}").text
        page = check(html, path)
        assert url not in page.links and url.strip() not in page.links
        assert "Follow it with the carrier" not in html and "The order in the shop" not in html


def test_a_rich_answer_shows_its_allowed_elements_and_nothing_else(counter: Counter) -> None:
    import json

    from sqlalchemy import update

    from plugin.care import MessageRow

    store = counter.add_store("rich.example")
    talk = counter.write(store, "hola")
    tree = [
        {"tag": "p", "children": ["uno ", {"tag": "strong", "children": ["dos"]}]},
        {"tag": "script", "children": ["alert(1)"]},
        {"tag": "a", "href": "javascript:alert(1)", "children": ["malo"]},
        {"tag": "a", "href": "https://a.example/b", "onclick": "alert(1)", "children": ["bueno"]},
        {"tag": "img src=x onerror=alert(1)", "children": ["tres"]},
        {"children": ["sin"]}, 7, None, ["x"],
    ]  # fmt: skip
    with counter.db.transaction(store.id) as tx:
        tx.execute(
            update(MessageRow)
            .where(MessageRow.store_id == store.id, MessageRow.position == 2)
            .values(body=json.dumps(tree))
        )
    browser = counter.sign_in(counter.add_agent("R", store))
    html = browser.get(f"/desk/{store.public_id}/conversations/{talk}").text
    page = check(html, "rich")
    assert "<strong>dos</strong>" in html and ">bueno</a>" in html and "malo" in html and "tres" in html
    assert "https://a.example/b" in page.links and "img" not in page.tags
