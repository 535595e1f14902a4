"""The conformance kit over the toy platform; the test of the kit runs it, once whole and once per planted fault."""

import json
from datetime import timedelta

import pytest
from toy_platform import ToyAdapter, make_proof, sign

from plugin.testing.adapter_contract import (
    AdapterContract,
    FrozenClock,
    Recorded,
    RecordingHttp,
    make_answer,
    make_store,
)

ORDER = {"id": "7", "no": "A-7", "state": "busy", "sum": "12.50", "currency": "EUR", "made": "2026-11-20T10:00:00",
         "changed": "2026-11-20T10:05:00", "parcels": [{"code": "X1", "state": "moving"}]}
SECRET = "toy-webhook-secret"


def record(topic, payload):
    body = json.dumps(payload).encode()
    headers = {"X-Toy-Topic": topic, "X-Toy-Signature": sign(body, SECRET)}
    return Recorded(headers=headers, body=body, name=topic, secret=SECRET)


class TestToy(AdapterContract):
    @pytest.fixture
    def adapter(self):
        return ToyAdapter({}, RecordingHttp(make_answer(500)), FrozenClock())

    @pytest.fixture
    def store(self):
        return make_store("toy", webhook_secret=SECRET, credentials={"token": "toy-api-token"})

    @pytest.fixture
    def deliveries(self):
        return [record("order", ORDER), record("product", {"id": "3"})]

    def handshakes(self):
        return [Recorded(headers={"X-Toy-Topic": "hello"}, body=b"{}")]

    def make_proof(self, adapter, store, late=60):
        return make_proof(store.public_id, store.webhook_secret, adapter.clock.now() + timedelta(seconds=late))

    def make_expired_proof(self, adapter, store):
        return self.make_proof(adapter, store, -1)
