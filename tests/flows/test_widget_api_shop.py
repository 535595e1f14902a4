"""What the widget shows before anybody writes: boot, articles, search, order; their shapes and their caches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import marshmallow
import pytest
from widget_shop import Page, Shop, form_body

from faq_links import STARTER
from plugin.contract import (
    Money,
    NotFound,
    Order,
    OrderStatus,
    PaymentStatus,
    PlatformDown,
    ShipmentStatus,
    Store,
    TrackingEvent,
)
from plugin.registry import Registry
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_order, make_shipment
from plugin.web import widget_schemas as shapes
from plugin.web.create import create_web

SAMPLES = Path(__file__).parents[1] / "data" / "widget_api"
SHAPES: dict[str, type[marshmallow.Schema]] = {
    "article": shapes.Article,
    "boot": shapes.Boot,
    "code_asked": shapes.CodeAsked,
    "code_wrong": shapes.Error,
    "conversation": shapes.ConversationAnswer,
    "error": shapes.Error,
    "form_sent": shapes.SentForm,
    "hand_over": shapes.ConversationAnswer,
    "message_posted": shapes.PostedAnswer,
    "order": shapes.OrderAnswer,
    "order_opened": shapes.OpenedOrder,
    "search": shapes.SearchAnswer,
    "stream_conversation": shapes.Conversation,
    "stream_message": shapes.Message,
    "stream_typing": shapes.AgentName,
}


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    shop = Shop(sqlite_url, FrozenClock())
    yield shop
    shop.close()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_each_sample_the_widget_is_built_to_has_our_shape(path: Path) -> None:
    SHAPES[path.stem]().load(json.loads(path.read_text()))


def test_there_is_a_sample_of_every_answer() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(SHAPES)


def test_what_we_answer_has_the_shape_that_we_describe(panel: Page, shop: Shop) -> None:
    shop.add_order(make_order(shipments=(make_shipment(),)))
    posted = panel.say("¿Cuánto tarda el envío?").json
    answers: list[tuple[str, Any]] = [
        ("boot", panel.get("/stores/{store}/boot?locale=es&steps=cart,checkout").json),
        ("article", panel.get("/stores/{store}/articles/delivery-times").json),
        ("search", panel.get("/stores/{store}/search?q=pago&locale=es").json),
        ("message_posted", posted),
        ("form_sent", shop.page().post("/stores/{store}/form", form_body(panel.store)).json),
        ("conversation", panel.read()),
        (
            "hand_over",
            panel.post("/conversation/hand-over", {"client_id": posted["messages"][0]["client_id"]}).json,
        ),
        ("order", panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).json),
        ("error", panel.get("/stores/{store}/articles/none").json),
    ]
    for name, answer in answers:
        SHAPES[name]().load(answer)


@pytest.mark.parametrize(
    ("asked", "locale"),
    [("es", "es"), ("pt-BR", "pt"), ("en_GB", "en"), ("fr", "es"), ("", "es"), ("x" * 35, "es")],
)
def test_boot_speaks_the_page_s_language_or_the_store_s(panel: Page, asked: str, locale: str) -> None:
    boot = panel.get("/stores/{store}/boot", query_string={"locale": asked, "steps": "payment"}).json
    assert boot["locale"] == locale and boot["hub_url"].endswith(f"/help/{panel.store.public_id}/{locale}/")
    titles = {"es": "Envío", "en": "Delivery", "pt": "Entrega"}
    assert titles[locale] in [section["title"] for section in boot["sections"]]
    assert "payment-ways" in [link["article_id"] for link in boot["links"]]
    articles = [one["article_id"] for section in boot["sections"] for one in section["articles"]]
    assert sorted(articles) == sorted(path.stem for path in (STARTER / "es").glob("*/*.md"))


def test_boot_says_who_is_at_the_counter(panel: Page, shop: Shop) -> None:
    empty = panel.get("/stores/{store}/boot").json
    with shop.care.hub.subscribe(f"desk:{shop.store.id}", "Ana"):
        served = panel.get("/stores/{store}/boot").json
    assert (empty["available"], empty["agents"]) == (False, [])
    assert (served["available"], served["agents"]) == (True, [{"name": "Ana"}])


def test_unknown_steps_and_too_many_change_nothing(panel: Page) -> None:
    plain = panel.get("/stores/{store}/boot?steps=cart").json
    assert panel.get("/stores/{store}/boot?steps=cart,moon, ,CART").json == plain
    assert panel.get("/stores/{store}/boot?steps=" + "a," * 200).status_code == 422


def test_boot_is_cached_for_a_minute_and_asked_again_by_its_etag(panel: Page, shop: Shop) -> None:
    first = panel.get("/stores/{store}/boot?steps=cart")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Origin" in first.headers["Vary"]
    again = panel.get("/stores/{store}/boot?steps=cart", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    shop.change_store(answers={"es": {"delivery_days": "9 días"}})
    changed = panel.get("/stores/{store}/boot?steps=cart", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_an_article_that_waits_for_an_answer_of_the_merchant_is_nowhere(panel: Page, shop: Shop) -> None:
    assert panel.get("/stores/{store}/articles/delivery-times").status_code == 200
    shop.change_store(answers={})
    assert panel.get("/stores/{store}/articles/delivery-times").status_code == 404
    boot = panel.get("/stores/{store}/boot?steps=shipping").json
    assert "delivery-times" not in json.dumps(boot)
    assert "delivery-times" not in panel.get("/stores/{store}/search?q=cuanto+tarda+el+envio").text
    assert panel.say("¿Cuánto tarda el envío?").json["messages"][1]["source"] is None


def test_unknown_things_get_one_and_the_same_answer(panel: Page) -> None:
    other = "st_" + "a" * 16
    panel.headers = {"Accept-Language": "es"}
    answers = [
        panel.get("/stores/{store}/articles/none"),
        panel.get(f"/stores/{other}/boot"),
        panel.get("/stores/st_%00%00%00%00%00%00%00%00/boot"),
        panel.get(f"/stores/{other}/articles/delivery-times"),
        panel.get("/nothing/here"),
        panel.post(f"/stores/{other}/order", {"proof": "x"}),
        panel.post("/stores/{store}/order", {"proof": "x"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_search_finds_abstains_and_shows_nothing_for_noise(panel: Page) -> None:
    found = panel.get("/stores/{store}/search?q=cuánto+tarda+el+envío&locale=es").json
    assert found["answered"] and found["results"][0]["article_id"] == "delivery-times"
    assert found["results"][0]["section"] == "shipping"
    noise = panel.get("/stores/{store}/search?q=asdf+qwer+zxcv&locale=es").json
    assert noise == {"results": [], "answered": False}
    assert panel.get("/stores/{store}/search?q=").status_code == 422


def placed(**values: Any) -> Order:
    return make_order(
        status=OrderStatus.processing, payment_status=PaymentStatus.paid, paid_at=MOMENT, **values
    )


def test_a_proven_order_is_told_in_the_shopper_s_words(panel: Page, shop: Shop) -> None:
    event = TrackingEvent(
        status=ShipmentStatus.in_transit,
        raw_status="x",
        occurred_at=MOMENT,
        message="En ruta",
        location="Madrid",
    )
    parcel = make_shipment(tracking_url="https://carrier.example/ES123", events=(event,), shipped_at=MOMENT)
    shop.add_order(
        placed(shipments=(parcel,), locale="es_CO", total=Money(amount=Decimal(125800), currency="COP"))
    )
    order = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).json["order"]
    assert (order["number"], order["status"], order["status_label"]) == ("1001", "processing", "En camino")
    assert order["payment_label"] == "Pagado"
    assert order["total"] == {"amount": "125800", "currency": "COP", "text": "$125.800"}
    assert order["lines"] == [{"name": "Taza", "quantity": 2}]
    shipment = order["shipments"][0]
    assert shipment["tracking_url"] == "https://carrier.example/ES123" and shipment["carrier"] == "Correos"
    assert shipment["events"] == [
        {"occurred_at": "2026-11-21T18:00:00Z", "label": "En camino · En ruta", "location": "Madrid"}
    ]
    assert [fact["label"] for fact in order["timeline"]] == ["En preparación", "Pagado", "En camino"]
    assert "alma" not in json.dumps(order).lower(), "nothing about who it is"
    english = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001"), "locale": "en"}).json[
        "order"
    ]
    assert english["status_label"] == "On its way" and english["payment_label"] == "Paid"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example/", "//x.example/a", "https://a@b"]
)
def test_a_tracking_link_is_http_or_there_is_none(panel: Page, shop: Shop, url: str) -> None:
    shop.add_order(placed(shipments=(make_shipment(tracking_url=url),)))
    order = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).json["order"]
    assert order["shipments"][0]["tracking_url"] is None


def test_whoever_pays_at_the_door_never_reads_that_a_payment_arrived(panel: Page, shop: Shop) -> None:
    at_door = make_order(payment_status=PaymentStatus.on_delivery, pay_on_delivery=True)
    shop.add_order(at_door)
    order = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).json["order"]
    assert (order["status_label"], order["payment_label"]) == ("Recibido", "Pago al recibir")
    later = MOMENT + timedelta(days=2)
    done = replace(
        at_door,
        status=OrderStatus.completed,
        payment_status=PaymentStatus.paid,
        paid_at=later,
        modified_at=later,
    )
    shop.add_order(done)
    order = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).json["order"]
    assert order["payment_label"] == "Pago al recibir" and "Pagado" not in json.dumps(
        order, ensure_ascii=False
    )


def test_two_parcels_are_told_apart(panel: Page, shop: Shop) -> None:
    parcels = (
        make_shipment(external_id="p1", status=ShipmentStatus.delivered),
        make_shipment(external_id="p2", tracking_number="ES9"),
    )
    shop.add_order(placed(shipments=parcels))
    order = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).json["order"]
    assert order["status_label"] == "Entregado en parte"
    assert [one["status"] for one in order["shipments"]] == ["delivered", "in_transit"]
    assert {"Paquete 1: Entregado", "Paquete 2: En camino"} <= {fact["label"] for fact in order["timeline"]}


def test_a_customer_s_proof_shows_their_newest_order_and_nobody_else_s(panel: Page, shop: Shop) -> None:
    for day, (number, customer) in enumerate([("1", "c1"), ("2", "c1"), ("3", "c2")]):
        shop.add_order(
            make_order(
                external_id=number,
                number=number,
                customer_id=customer,
                created_at=MOMENT + timedelta(days=day),
            )
        )
    shown = panel.post("/stores/{store}/order", {"proof": shop.prove(customer="c1")}).json["order"]
    assert shown["number"] == "2"
    assert panel.post("/stores/{store}/order", {"proof": shop.prove(customer="c9")}).status_code == 404


def test_no_proof_but_the_platform_s_own_opens_an_order(panel: Page, shop: Shop) -> None:
    other = shop.connect("other.example")
    shop.add_order(make_order())
    shop.add_order(make_order(customer_name="Otra"), other)
    now = shop.house.doors.clock.now()
    good = shop.prove(order="1001")
    forged = [
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.upper(),
        good + "0",
        good.split(".")[0],
        ".",
        "a.b",
        shop.prove(other, order="1001"),
        shop.prove(order="1001", until=now - timedelta(seconds=1)),
        shop.prove(order="1002"),
        shop.prove(customer="1001"),
        "ñ" * 100,
        "[" * 3000,
    ]
    answers = [panel.post("/stores/{store}/order", {"proof": proof}) for proof in forged]
    assert [answer.status_code for answer in answers] == [404] * len(forged)
    assert len({answer.data for answer in answers}) == 1
    assert panel.post("/stores/{store}/order", {"proof": good}).status_code == 200


def test_a_draft_or_a_deleted_order_is_not_shown(panel: Page, shop: Shop) -> None:
    from plugin.orders.apply import mark_gone
    from plugin.stores import get_store

    shop.add_order(make_order())
    later = MOMENT + timedelta(hours=1)
    with shop.house.db.transaction(shop.store.id) as tx:
        mark_gone(tx, get_store(tx, shop.store.id), "1001", later, later)
    assert panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001")}).status_code == 404


class AskedShop:
    """The demo shop's adapter with a shop behind it that the test decides."""

    def __init__(self, adapter: Any, reply: Order | Exception) -> None:
        self.adapter, self.reply, self.asked = adapter, reply, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)

    def get_order(self, store: Store, external_id: str) -> Order:
        self.asked += 1
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def ask_platform_for(shop: Shop, reply: Order | Exception) -> tuple[Page, AskedShop]:
    shop.change_store(credentials='{"url": "http://shop", "token": "t"}')
    asked = AskedShop(shop.house.doors.registry.get("demo"), reply)
    registry = Registry({"demo": asked})
    care = replace(shop.care, registry=registry)
    shop.app = create_web(replace(shop.house.doors, registry=registry, care=care))
    return shop.page(), asked


def test_an_order_not_known_yet_is_fetched_once_after_its_proof(shop: Shop) -> None:
    panel, asked = ask_platform_for(shop, placed())
    proof = {"proof": shop.prove(order="1001")}
    first, second = panel.post("/stores/{store}/order", proof), panel.post("/stores/{store}/order", proof)
    assert (first.status_code, asked.asked) == (200, 1) and first.json == second.json
    assert panel.post("/stores/{store}/order", {"proof": "forged"}).status_code == 404
    assert asked.asked == 1, "nobody is asked without a proof"


@pytest.mark.parametrize(
    ("error", "status"), [(NotFound(), 404), (PlatformDown(), 503), (make_order(external_id="7"), 404)]
)
def test_a_platform_that_does_not_tell_gives_a_sentence(shop: Shop, error: Any, status: int) -> None:
    panel, _ = ask_platform_for(shop, error)
    answer = panel.post("/stores/{store}/order", {"proof": shop.prove(order="1001"), "locale": "es"})
    assert answer.status_code == status and answer.json["message"].endswith(".")
    said = panel.say("¿Dónde está mi pedido?", proof=shop.prove(order="1001"))
    assert said.status_code == 201, "the message counts, whatever the platform does"


def test_the_bot_tells_how_a_proven_order_stands_and_only_then(shop: Shop) -> None:
    shop.add_order(placed(shipments=(make_shipment(tracking_url="https://carrier.example/1"),)))
    stranger = shop.page().say("¿Dónde está mi pedido?").json["messages"][1]
    assert stranger["source"]["article_id"] == "track-order" and "1001" not in stranger["text"]
    forger = (
        shop.page()
        .say("¿Dónde está mi pedido 1001?", proof=shop.prove(order="1001") + "0")
        .json["messages"][1]
    )
    assert "En camino" not in forger["text"]
    owner = shop.page()
    told = owner.say("¿Dónde está mi pedido?", proof=shop.prove(order="1001")).json["messages"][1]
    assert "Tu pedido 1001: En camino." in told["text"] and told["source"] is None
    assert told["body"][-1]["children"][0]["tag"] == "em" and "1001" in told["text"].splitlines()[-1], "its source"
    link = told["body"][2]["children"][1]
    assert link == {"tag": "a", "href": "https://carrier.example/1", "children": ["Seguir el envío"]}
    assert "Tu pedido 1001" in owner.say("¿cuándo llega mi pedido?").json["messages"][1]["text"], (
        "proven once"
    )


def test_the_description_names_every_route_and_nothing_else(panel: Page) -> None:
    described = panel.get("/openapi.json").json
    assert described["openapi"] == "3.0.3"
    assert set(described["paths"]) == {
        "/api/widget/v1/stores/{store}/boot",
        "/api/widget/v1/stores/{store}/articles/{article_id}",
        "/api/widget/v1/stores/{store}/search",
        "/api/widget/v1/stores/{store}/messages",
        "/api/widget/v1/stores/{store}/articles/{article_id}/count",
        "/api/widget/v1/stores/{store}/form",
        "/api/widget/v1/stores/{store}/order",
        "/api/widget/v1/stores/{store}/order/code",
        "/api/widget/v1/stores/{store}/order/code/check",
        "/api/widget/v1/conversation",
        "/api/widget/v1/conversation/hand-over",
        "/api/widget/v1/conversation/order",
        "/api/widget/v1/conversation/typing",
        "/api/widget/v1/conversation/page",
        "/api/widget/v1/conversation/rating",
        "/api/widget/v1/conversation/email",
        "/api/widget/v1/conversation/verdict",
        "/api/widget/v1/stream",
    }
    post = described["paths"]["/api/widget/v1/stores/{store}/messages"]["post"]
    assert {"200", "201", "401", "422", "429"} <= set(post["responses"])
