"""What the WordPress plugin signs is believed for its purpose, its store and its time, and for nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from woo_shop_bench import URLS, open_connected

from adapters.woocommerce import WooCommerceAdapter
from adapters.woocommerce.mails import sign_lease
from adapters.woocommerce.proof import LONGEST, derive_secret, seal, sign_token
from plugin.contract import MailLease, Merchant, Notice, Proof, TrackingLink, Visitor, WebhookRejected
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, make_store

STORE = make_store("woocommerce", public_id="st_1", webhook_secret="w" * 40)
ADAPTER = WooCommerceAdapter({}, RecordingHttp(), FrozenClock())
NOW = int(ADAPTER.clock.now().timestamp())
FIELDS = {"order": {"o": "58"}, "customer": {"c": "7"}, "link": {"o": "58"},
          "desk": {"m": "1", "mail": "olga@example.com", "name": "Olga", "n": "abc"}}


def make(purpose: str, late: int = 30, **changes) -> str:
    payload = {"s": "st_1", **FIELDS.get(purpose, {}), "e": NOW + late} | changes
    return sign_token(purpose, payload, derive_secret(STORE))


def verify(token: str):
    return ADAPTER.verify_proof(ADAPTER.read_proof(token), STORE)


def test_the_secret_and_a_token_are_what_the_plugin_makes_by_the_same_words():
    secret = hmac.new(b"w" * 40, b"mostrador wordpress plugin\nst_1", hashlib.sha256).hexdigest()
    assert derive_secret(STORE) == secret
    _, payload, given = make("order").split(".")
    assert given == hmac.new(secret.encode(), f"mostrador order\n{payload}".encode(), hashlib.sha256).hexdigest()
    assert "=" not in payload


def test_each_purpose_names_whom_it_names():
    assert verify(make("order")) == Visitor(order_external_id="58")
    assert verify(make("customer")) == Visitor(customer_id="7")
    assert verify(make("link")) == TrackingLink(order_external_id="58")
    assert verify(make("desk")) == Merchant(external_id="1", email="olga@example.com", name="Olga")


@pytest.mark.parametrize("purpose", FIELDS)
def test_a_proof_may_not_end_further_ahead_than_its_purpose_allows(purpose):
    longest = int(LONGEST[purpose].total_seconds())
    assert verify(make(purpose, longest))
    with pytest.raises(WebhookRejected, match="too long"):
        verify(make(purpose, longest + 1))
    with pytest.raises(WebhookRejected, match="expired"):
        verify(make(purpose, 0))


def test_the_caps_are_an_hour_two_minutes_and_a_hundred_days():
    assert LONGEST == {"order": timedelta(hours=1), "customer": timedelta(hours=1), "desk": timedelta(minutes=2),
                       "link": timedelta(days=100)}


@pytest.mark.parametrize("other", ["customer", "link", "desk", "lease"])
def test_a_seal_of_one_purpose_is_worth_nothing_for_another(other):
    with pytest.raises(WebhookRejected):
        verify(make("order").replace("order.", f"{other}.", 1))


def test_a_lease_is_no_proof_of_anybody():
    with pytest.raises(WebhookRejected):
        ADAPTER.read_proof(make("lease", mails=[], since=0))


@pytest.mark.parametrize(("purpose", "changes"), [
    ("order", {"o": ""}), ("order", {"o": "0"}), ("order", {"o": "58; drop"}), ("order", {"o": 58}),
    ("customer", {"c": "0"}),
    ("customer", {"c": "", "o": "58"}), ("desk", {"n": ""}), ("desk", {"m": "0"}), ("link", {"o": "", "c": "7"}),
])
def test_a_genuine_token_that_names_nobody_proves_nobody(purpose, changes):
    with pytest.raises(WebhookRejected):
        verify(make(purpose, **changes))


def test_fields_of_another_purpose_say_nothing():
    assert verify(make("order", c="7", m="1", mail="x@example.com")) == Visitor(order_external_id="58")


def test_a_signature_under_the_webhook_secret_itself_proves_nothing():
    purpose, payload, _ = make("order").split(".")
    with pytest.raises(WebhookRejected):
        verify(f"order.{payload}.{seal(purpose, payload, STORE.webhook_secret)}")


def test_another_store_with_the_same_webhook_secret_has_another_secret():
    other = dataclasses.replace(STORE, public_id="st_2")
    assert derive_secret(other) != derive_secret(STORE)
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_proof(Proof(token=make("order"), claimed_store="st_2"), other)


def test_what_the_shops_plugin_signs_is_believed_here():
    with open_connected(plugin_installed=True) as shop:
        shop.adapter.set_up(shop.store, URLS)
        plugin, order = shop.shop.plugin, shop.shop.place_order()
        owner = shop.shop.users[1]

        def read(token):
            return shop.adapter.verify_proof(shop.adapter.read_proof(token), shop.store)
        assert read(plugin.prove_order(order)) == Visitor(order_external_id=str(order.id))
        assert read(plugin.prove_customer(owner)) == Visitor(customer_id="1")
        assert read(plugin.hand_over(owner)).email == "owner@example.com"
        assert read(plugin.link_order(order).rpartition("/")[2]) == TrackingLink(order_external_id=str(order.id))


# The plugin's own code, run by PHP


TOKEN_PHP = Path(__file__).parents[2] / "adapters" / "woocommerce" / "wordpress_plugin" / "includes" / "token.php"
BEGIN = """
define( 'ABSPATH', '/' );
function wp_json_encode( $value, $flags = 0 ) { return json_encode( $value, $flags ); }
require $argv[1];
$asked = json_decode( $argv[2], true );
"""
needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")


def run_php(code: str, **asked) -> str:
    run = subprocess.run(["php", "-r", BEGIN + code, "--", str(TOKEN_PHP), json.dumps(asked)], capture_output=True,
                         text=True, timeout=60, check=True)  # fmt: skip
    return run.stdout


@needs_php
@pytest.mark.parametrize("purpose", FIELDS)
def test_what_the_plugins_own_code_seals_is_believed(purpose):
    fields = FIELDS[purpose] | ({"name": "Úrsula Ñáñez"} if purpose == "desk" else {})
    token = run_php("echo Mostrador_Token::seal( $asked['secret'], $asked['purpose'], $asked['claims'] );",
                    secret=derive_secret(STORE), purpose=purpose, claims={"s": "st_1", **fields, "e": NOW + 30})
    proven = verify(token)
    assert getattr(proven, "name", "Úrsula Ñáñez") == "Úrsula Ñáñez"


@needs_php
def test_a_lease_of_ours_is_read_by_the_plugins_own_code_and_by_no_other_secret():
    ends_at = ADAPTER.clock.now() + timedelta(minutes=30)
    token = sign_lease(STORE, MailLease(notices=frozenset({Notice.shipped}), orders_since=ADAPTER.clock.now(),
                                        expires_at=ends_at))
    code = "echo json_encode( Mostrador_Token::open( $asked['secret'], 'lease', $asked['token'] ) );"
    read = json.loads(run_php(code, secret=derive_secret(STORE), token=token))
    assert read == {"s": "st_1", "mails": ["customer_completed_order", "customer_fulfillment_created"], "since": NOW,
                    "e": NOW + 1800}
    assert run_php(code, secret="0" * 64, token=token) == "null"
