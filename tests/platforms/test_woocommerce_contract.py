"""The conformance kit over the WooCommerce adapter and the recorded deliveries of a real shop."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.woocommerce import WooCommerceAdapter
from adapters.woocommerce.proof import derive_secret, sign_token
from plugin.testing.adapter_contract import (
    AdapterContract,
    FrozenClock,
    Recorded,
    RecordingHttp,
    load_recorded,
    make_answer,
    make_store,
)

RECORDED = load_recorded(Path(__file__).parent.parent / "data" / "woocommerce" / "deliveries")
SIGNATURE = "X-WC-Webhook-Signature"


def is_signed(recorded: Recorded) -> bool:
    return any(name.lower() == SIGNATURE.lower() for name in recorded.headers)


class TestWooCommerce(AdapterContract):
    order_id = "58"
    order_number = "58"
    not_found = make_answer(404, json_body={
        "code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID.", "data": {"status": 404}})

    @pytest.fixture
    def adapter(self):
        return WooCommerceAdapter({}, RecordingHttp(make_answer(500)), FrozenClock())

    @pytest.fixture
    def store(self):
        return make_store("woocommerce", webhook_secret="mostrador-test-secret", credentials={
            "url": "https://shop.example", "consumer_key": "ck_" + "1a" * 20, "consumer_secret": "cs_" + "2b" * 20})

    @pytest.fixture
    def deliveries(self):
        return [recorded for recorded in RECORDED if is_signed(recorded)]

    def handshakes(self):
        return [recorded for recorded in RECORDED if not is_signed(recorded)]

    def make_proof(self, adapter, store, late=timedelta(minutes=15)):
        payload = {"s": store.public_id, "o": "58", "e": int((adapter.clock.now() + late).timestamp())}
        return sign_token("order", payload, derive_secret(store))

    def make_expired_proof(self, adapter, store):
        return self.make_proof(adapter, store, timedelta(seconds=-1))


def test_every_recording_is_in_the_kit():
    assert len(RECORDED) == 93 and sum(map(is_signed, RECORDED)) == 91
