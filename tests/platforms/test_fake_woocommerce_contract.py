"""The conformance kit over the adapter and the fake shop: real HTTP through the guarded client, real deliveries."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from fake_shop_bench import open_bench, open_receiver

from adapters.woocommerce import WooCommerceAdapter
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Capability,
    Coupon,
    NotFound,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Shipment,
    ShipmentStatus,
    Urls,
    WebRequest,
)
from plugin.http import GuardedHttp
from plugin.testing.adapter_contract import AdapterContract, FrozenClock, Recorded, make_answer, make_store
from plugin.testing.fake_woocommerce import FakeShop

SECRET = "the-secret-of-this-connection"


def connect(bench, secret=SECRET, **values):
    key = bench.shop.keys[0]
    given = {"url": bench.server.url, "home": bench.server.url, "auth": "oauth",
             "consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret, **values}  # fmt: skip
    return make_store("woocommerce", domain=bench.server.url.partition("://")[2], webhook_secret=secret,
                      credentials=given, currency="COP", time_zone="America/Bogota")  # fmt: skip


def build(bench):
    bench.server.application.access.wall = lambda: bench.clock.now().timestamp()
    return WooCommerceAdapter({}, GuardedHttp(allow_private_hosts=True), bench.clock)


def live_a_little(bench):
    """Every kind of delivery that a shop's day brings."""
    shop = bench.shop
    order, paid, binned = shop.place_order(), shop.place_order(payment="card"), shop.place_order()
    draft = shop.open_draft("guest@example.com")
    bench.run_cron()
    shop.change_status(order, "despachado")
    shop.add_tracking(order, "900001")
    shop.refund(paid, Decimal(1000), "scratched")
    shop.trash(binned)
    shop.change_status(draft, "processing")
    bench.run_cron()
    shop.restore(binned)
    shop.delete(shop.place_order())
    shop.change_status(order, "completed")
    bench.run_cron()


@pytest.fixture(scope="module")
def traffic():
    """What the shop really sent: (greetings, deliveries)."""
    with open_bench() as bench, open_receiver() as receiver:
        for topic in ("order.created", "order.updated", "order.deleted", "order.restored"):
            bench.hook(receiver.url, topic, secret=SECRET)
        live_a_little(bench)
        greetings = [Recorded(one.headers, one.body, name="greeting") for one in receiver.greetings]
        deliveries = [
            Recorded(one.headers, one.body, name=f"{number} {one.headers['x-wc-webhook-topic']}")
            for number, one in enumerate(receiver.deliveries)
        ]
        yield greetings, deliveries


@pytest.fixture
def bench():
    with open_bench(fulfillments=True) as bench:
        yield bench


class TestWooCommerceOverTheFakeShop(AdapterContract):
    order_id = "58"
    order_number = "58"
    not_found = make_answer(404, json_body={
        "code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID.", "data": {"status": 404}})

    @pytest.fixture
    def adapter(self, bench):
        return build(bench)

    @pytest.fixture
    def store(self, bench):
        return connect(bench)

    @pytest.fixture(autouse=True)
    def remember_traffic(self, traffic):
        self.greetings, self.recorded = traffic

    @pytest.fixture
    def deliveries(self, traffic):
        return traffic[1]

    def handshakes(self):
        return self.greetings

    def make_proof(self, adapter, store, life=timedelta(minutes=15)):
        """As the plugin in the shop seals it, with the secret that the connection brought there."""
        derived = hmac.new(
            store.webhook_secret.encode(),
            f"mostrador wordpress plugin\n{store.public_id}".encode(),
            hashlib.sha256,
        )
        plugin = FakeShop(clock=adapter.clock).plugin
        plugin.connect(
            {"service": "https://care.example", "store": store.public_id, "secret": derived.hexdigest()}
        )
        return plugin.make_token("order", life, o="58")

    def make_expired_proof(self, adapter, store):
        return self.make_proof(adapter, store, timedelta(seconds=-1))


def test_the_shop_s_day_brought_every_kind_of_delivery(traffic):
    greetings, deliveries = traffic
    topics = {one.headers["x-wc-webhook-topic"] for one in deliveries}
    assert topics == {"order.created", "order.updated", "order.deleted", "order.restored"}
    assert len(greetings) == 4 and any(b"invalid_id" in one.body for one in deliveries)


def test_pasted_keys_connect_the_shop_over_real_http(bench):
    key = bench.shop.keys[0]
    body = urlencode(
        {"url": bench.server.url, "consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
    )
    headers = {"content-type": "application/x-www-form-urlencoded"}
    access = build(bench).finish_install(
        WebRequest(method="POST", path="", query={}, headers=headers, body=body.encode())
    )
    assert access.credentials["consumer_key"] == key.consumer_key and access.currency == "COP"


def test_setting_up_makes_one_hook_per_topic_and_greets_us_and_a_second_time_changes_nothing(bench):
    with open_receiver() as receiver:
        urls = Urls(webhook=receiver.url, install_callback="", widget_loader="", desk="")
        adapter, store = build(bench), connect(bench)
        report = adapter.set_up(store, urls)
        hooks = dict(bench.shop.webhooks.hooks)
        assert report.webhooks == len(hooks) == len(receiver.greetings) == 4
        assert {hook.secret for hook in hooks.values()} == {SECRET}
        adapter.set_up(store, urls)
        assert bench.shop.webhooks.hooks == hooks and len(receiver.greetings) == 4
        adapter.tear_down(store)
        assert bench.shop.webhooks.hooks == {}


def test_a_disabled_hook_is_made_anew_so_that_its_failures_are_forgotten(bench):
    with open_receiver() as receiver:
        urls = Urls(webhook=receiver.url, install_callback="", widget_loader="", desk="")
        adapter, store = build(bench), connect(bench)
        adapter.set_up(store, urls)
        broken = next(iter(bench.shop.webhooks.hooks.values()))
        broken.status, broken.failures = "disabled", 6
        assert adapter.mend_webhooks(store, urls) == 1
        assert broken.id not in bench.shop.webhooks.hooks
        assert [hook.failures for hook in bench.shop.webhooks.hooks.values()] == [0] * 4
        assert adapter.mend_webhooks(store, urls) == 0


def test_orders_are_read_found_and_listed_as_they_are_and_drafts_are_not(bench):
    adapter, store = build(bench), connect(bench)
    order = bench.shop.place_order("ann@example.com")
    bench.shop.open_draft("draft@example.com")
    read = adapter.get_order(store, str(order.id))
    assert (read.email, read.total.amount, read.pay_on_delivery) == (
        "ann@example.com",
        Decimal("50900.00"),
        True,
    )
    found = adapter.find_order(store, order.number)
    assert found is not None and found.external_id == str(order.id)
    changed = list(adapter.changed_orders(store, order.created_at - timedelta(minutes=5)))
    assert [one.external_id for one in changed] == [str(order.id)]
    with pytest.raises(NotFound):
        adapter.get_order(store, "999999")


def test_no_other_person_s_order_is_ever_the_one_that_was_looked_for(bench):
    adapter, store = build(bench), connect(bench)
    for _ in range(3):
        bench.shop.place_order("ann@example.com")
    for number in ("nobody@example.com", "ann", "5", "example.com", "Bogotá", "9999", "%", "*"):
        assert adapter.find_order(store, number) is None


def test_more_orders_than_one_page_come_each_once_and_oldest_change_first(bench):
    adapter, store = build(bench), connect(bench)
    for _ in range(230):
        bench.shop.place_order()
        if bench.shop.random.random() < 0.3:
            bench.clock.advance(1)
    listed = [
        one.external_id for one in adapter.changed_orders(store, bench.shop.opened_at - timedelta(hours=1))
    ]
    assert len(listed) == len(set(listed)) == 230


def test_parcels_are_read_from_core_and_from_order_meta(bench):
    adapter, store = build(bench), connect(bench)
    cored, typed = bench.shop.place_order(), bench.shop.place_order()
    bench.shop.fulfill(cored, "1Z0001")
    bench.shop.add_tracking(typed, "900001", custom="Envía", link="https://envia.example/900001")
    numbers = {
        order.id: [
            parcel.tracking_number for parcel in adapter.get_order(store, str(order.id)).shipments or ()
        ]
        for order in (cored, typed)
    }
    assert numbers == {cored.id: ["1Z0001"], typed.id: ["900001"]}


def test_a_tracking_plugin_s_links_and_shiptastic_s_parcels_are_fetched_from_their_own_routes(bench):
    adapter, store = build(bench), connect(bench)
    typed, apart = bench.shop.place_order(), bench.shop.place_order(payment="card")
    bench.shop.add_tracking(typed, "900001", "fictitious-post")
    bench.shop.ship_apart(apart, "JD0146")
    bench.shop.change_status(apart, "completed")
    assert [parcel.tracking_url for parcel in adapter.get_order(store, str(typed.id)).shipments or ()] == [""]
    assert not adapter.get_order(store, str(apart.id)).shipments
    bench.shop.manners.shipment_tracking, bench.shop.manners.shiptastic = "wc-ast/v3", True
    (parcel,) = adapter.get_order(store, str(typed.id)).shipments or ()
    assert parcel.tracking_number == "900001" and parcel.tracking_url.startswith(
        "https://tracking.example.com/"
    )
    (parcel,) = adapter.get_order(store, str(apart.id)).shipments or ()
    assert parcel.tracking_number == "JD0146"


def test_what_is_done_for_the_merchant_arrives_in_the_shop_and_moves_no_money(bench):
    adapter, store = build(bench), connect(bench)
    order = bench.shop.place_order(payment="card")
    if Capability.ADD_SHIPMENT in adapter.capabilities:
        parcel = Shipment(status=ShipmentStatus.in_transit, tracking_number="777", carrier="Servientrega")
        adapter.add_shipment(store, str(order.id), parcel)
        (item,) = order.read_meta("_wc_shipment_tracking_items")
        assert item["tracking_number"] == "777" and order.status == "processing"
    if Capability.COUPONS in adapter.capabilities:
        for _ in range(2):
            adapter.issue_coupon(store, Coupon(code="VUELVE-7Q2", percent=Decimal(10)))
        (coupon,) = bench.shop.coupons.values()
        assert coupon.fields["code"] == "vuelve-7q2" and not coupon.fields.get("email_restrictions")
    if Capability.ORDER_NOTES in adapter.capabilities:
        adapter.add_order_note(store, str(order.id), "staff only")
        assert [note.customer_note for note in order.notes if note.text == "staff only"] == [False]
    if Capability.CANCEL_ORDER in adapter.capabilities:
        with pytest.raises(PlatformRefused):
            adapter.cancel_order(store, str(order.id), "a parcel is on its way")
        other = bench.shop.place_order(payment="card")
        adapter.cancel_order(store, str(other.id), "changed their mind")
        assert other.status == "cancelled" and not other.refunds and order.status == "processing"


@pytest.mark.parametrize(("manners", "kind"), [
    ({"maintenance": 200}, PlatformDown),
    ({"maintenance": 503}, PlatformDown),
    ({"retry_after": 17}, RateLimited),
    ({"redirect_loop": True}, AdapterError),
    ({"plain_permalinks": True}, AdapterError),
])  # fmt: skip
def test_a_shop_in_trouble_raises_the_contract_s_error(bench, manners, kind):
    adapter, store = build(bench), connect(bench)
    for name, value in manners.items():
        setattr(bench.shop.manners, name, value)
    with pytest.raises(kind) as raised:
        adapter.get_order(store, "58")
    assert store.credentials["consumer_secret"] not in str(raised.value)
    if kind is RateLimited:
        assert raised.value.retry_after == 17


def test_a_key_whose_owner_lost_the_rights_is_a_broken_access(bench):
    adapter, store = build(bench), connect(bench)
    bench.shop.users[1].role = "customer"
    with pytest.raises(AccessRevoked):
        adapter.get_order(store, "58")


def test_a_shop_behind_a_proxy_that_hides_https_is_read_with_oauth_signed_for_http():
    with open_bench(https=True, hides_https=True) as bench:
        order = bench.shop.place_order()
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=str(bench.server.certificate))
        adapter = WooCommerceAdapter({}, http, FrozenClock())
        bench.server.application.access.wall = lambda: adapter.clock.now().timestamp()
        store = connect(bench, home=bench.server.url.replace("https:", "http:"))
        assert adapter.get_order(store, str(order.id)).number == order.number
