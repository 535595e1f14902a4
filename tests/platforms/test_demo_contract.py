"""The conformance kit over the demo adapter, with deliveries written as the demo shop writes them."""

import dataclasses
import json
from datetime import timedelta

import pytest

from adapters.demo import DemoAdapter, sign, sign_proof
from plugin.testing.adapter_contract import (
    AdapterContract,
    FrozenClock,
    Recorded,
    RecordingHttp,
    make_answer,
    make_store,
)

PARCEL = {
    "id": "p1", "status": "on_the_way", "carrier": "Correos", "number": "PQ4F5G0712345670112345T",
    "url": "https://www.correos.es/", "shipped_at": "2026-11-20T09:00:00Z", "items": [["1", 2]],
    "events": [{"status": "registered", "at": "2026-11-20T08:00:00Z", "message": "Admitido", "place": "Madrid"}],
}
ORDER = {
    "id": "1001", "number": "1001", "status": "preparing", "payment": "paid", "currency": "EUR", "total": "42.50",
    "created_at": "2026-11-19T10:00:00Z", "modified_at": "2026-11-20T10:00:00+01:00",
    "customer": {"id": "7", "name": "Ana Núñez", "email": "ana@example.com"}, "payment_method": "card",
    "paid_at": "2026-11-19T10:01:00Z", "country": "ES", "locale": "es", "status_url": "https://shop.example/es/order",
    "lines": [{"id": "1", "name": "Taza", "quantity": 2, "total": "42.50", "options": ["Color: rojo"]}],
    "refunds": [{"id": "r1", "amount": "5.00", "created_at": "2026-11-20T09:30:00Z"}], "parcels": [PARCEL],
}
SECRET = "demo-webhook-secret"


def record(topic, payload, name):
    body = json.dumps(payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "X-Demo-Topic": topic, "X-Demo-Delivery": f"d-{name}",
               "X-Demo-Signature": sign(body, SECRET)}
    return Recorded(headers=headers, body=body, name=name)


class TestDemo(AdapterContract):
    order_id = "1001"
    order_number = "1001"

    @pytest.fixture
    def adapter(self):
        return DemoAdapter({"SHOP_URL": "http://127.0.0.1:5050"}, RecordingHttp(make_answer(500)), FrozenClock())

    @pytest.fixture
    def store(self):
        return make_store("demo", webhook_secret=SECRET,
                          credentials={"url": "http://127.0.0.1:5050", "token": "demo-api-token-1"})

    @pytest.fixture
    def deliveries(self):
        return [
            record("order.created", ORDER | {"parcels": [], "refunds": [], "status": "placed"}, "created"),
            record("order.updated", ORDER, "updated"),
            record("order.deleted", {"id": "1001"}, "deleted"),
            record("product.updated", {"id": "3"}, "of another kind"),
        ]

    def handshakes(self):
        return [Recorded(headers={"X-Demo-Topic": "ping"}, body=b"{}", name="ping")]

    def make_proof(self, adapter, store, late=timedelta(minutes=5)):
        return sign_proof(store.public_id, store.webhook_secret, expires_at=adapter.clock.now() + late, order="1001")

    def make_expired_proof(self, adapter, store):
        return self.make_proof(adapter, store, timedelta(seconds=-1))


def test_a_proof_about_a_customer_is_as_good_as_one_about_an_order():
    adapter, store = DemoAdapter({}, RecordingHttp(), FrozenClock()), make_store("demo", webhook_secret=SECRET)
    token = sign_proof(store.public_id, SECRET, expires_at=adapter.clock.now() + timedelta(hours=1), customer="7")
    visitor = adapter.verify_proof(adapter.read_proof(token), dataclasses.replace(store))
    assert (visitor.customer_id, visitor.order_external_id) == ("7", "")
