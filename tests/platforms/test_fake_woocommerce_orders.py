"""The fake shop's orders and what belongs to them over REST, one test per observed behaviour."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from fake_shop_bench import open_bench, open_receiver

REST = Path(__file__).parents[1] / "data" / "woocommerce" / "rest"


def recorded(name):
    return json.loads((REST / f"{name}.json").read_text())


@pytest.fixture
def bench():
    with open_bench() as bench:
        yield bench


@pytest.mark.parametrize("name", ["billing_email", "email", "number"])
def test_unknown_filters_are_ignored_and_everything_is_returned(bench, name):
    for email in ("ann@example.com", "bob@example.com"):
        bench.shop.place_order(email)
    assert len(bench.get("orders", **{name: "nobody@example.com"}).json()) == 2


def test_search_is_a_substring_over_many_fields(bench):
    ann = bench.shop.place_order("ann@example.com", first_name="Ann", last_name="Ficticia")
    bench.shop.place_order("joann@example.com", first_name="Jo", last_name="Real")
    found = {text: len(bench.get("orders", search=text).json())
             for text in ("nn@example", "example.com", "FICTICIA", str(ann.id), "nothing")}  # fmt: skip
    assert found == {"nn@example": 2, "example.com": 2, "FICTICIA": 1, str(ann.id): 1, "nothing": 0}


def test_checkout_drafts_are_in_lists_and_the_bin_is_not(bench):
    draft, placed, binned = bench.shop.open_draft(), bench.shop.place_order(), bench.shop.place_order()
    bench.shop.trash(binned)
    assert {row["id"] for row in bench.get("orders").json()} == {draft.id, placed.id}
    assert [row["id"] for row in bench.get("orders", status="trash").json()] == [binned.id]
    assert binned.id not in [row["id"] for row in bench.get("orders", status="any,trash").json()]


def test_a_foreign_id_is_404_as_recorded(bench):
    answer = bench.get("orders/999999")
    assert answer.status_code == 404 and answer.json() == recorded("error_404_order")


def test_a_status_with_its_prefix_is_refused_and_nothing_changes(bench):
    order = bench.shop.place_order()
    answer = bench.api.put(f"orders/{order.id}", {"status": "wc-processing"})
    assert answer.status_code == 400 and answer.json()["code"] == "rest_invalid_param"
    assert order.serial == 1


def test_the_shop_s_own_statuses_are_told_by_name_and_can_be_set(bench):
    order = bench.shop.place_order()
    assert bench.api.put(f"orders/{order.id}", {"status": "despachado"}).json()["status"] == "despachado"
    rows = bench.get("reports/orders/totals").json()
    assert rows[0].keys() == recorded("order_statuses_report")[0].keys()
    assert {"slug": "despachado", "name": "Despachado", "total": 1} in rows


def test_a_put_that_changes_nothing_bumps_the_date_and_fires_order_updated(bench):
    order = bench.shop.place_order()
    with open_receiver() as receiver:
        bench.hook(receiver.url)
        before = order.modified_at
        bench.clock.advance(5)
        bench.api.put(f"orders/{order.id}", {})
        assert order.modified_at > before and bench.run_cron() == 1


def test_meta_is_written_in_place_and_null_takes_it_away(bench):
    order = bench.shop.place_order()
    for value in ("one", ["two", {"three": 3}]):
        bench.api.put(f"orders/{order.id}", {"meta_data": [{"key": "_gift", "value": value}]})
    rows = [row for row in bench.get(f"orders/{order.id}").json()["meta_data"] if row["key"] == "_gift"]
    assert [row["value"] for row in rows] == [["two", {"three": 3}]]
    bench.api.put(f"orders/{order.id}", {"meta_data": [{"id": rows[0]["id"], "value": None}]})
    assert order.read_meta("_gift") is None


def test_setting_a_status_revives_an_order_in_the_bin(bench):
    order = bench.shop.place_order()
    bench.api.delete(f"orders/{order.id}")
    assert order.status == "trash"
    assert bench.api.put(f"orders/{order.id}", {"status": "processing"}).json()["status"] == "processing"


def test_modified_after_is_strict_and_in_gmt_only_when_said_so(bench):
    order = bench.shop.place_order()
    stamp = order.modified_at.strftime("%Y-%m-%dT%H:%M:%S")

    def count(text, **more):
        return len(bench.get("orders", modified_after=text, **more).json())

    assert count(stamp, dates_are_gmt="true") == 0 and count(stamp + "Z") == 0
    assert count("2026-11-21T11:59:59", dates_are_gmt="true") == 1 and count("2026-11-21T11:59:59Z") == 1
    assert (
        count("2026-11-21T06:59:59") == 1 and count("2026-11-21T07:00:00") == 0
    )  # Bogotá is five hours behind


def test_pages_are_told_in_headers_and_end_at_a_hundred(bench):
    for _ in range(3):
        bench.shop.place_order()
    answer = bench.get(
        "orders", per_page=2, page=2, orderby="modified", order="asc", _fields="id,billing.email"
    )
    assert answer.headers["X-WP-Total"] == "3" and answer.headers["X-WP-TotalPages"] == "2"
    assert answer.json() == [{"id": 60, "billing": {"email": "ursula@example.com"}}]
    too_many = bench.get("orders", per_page=101)
    assert too_many.status_code == 400 and too_many.json() == recorded("error_400_invalid_param")


def test_local_dates_carry_no_zone_and_their_twins_are_utc(bench):
    body = bench.shop.write.order(bench.shop.place_order())
    assert body["date_created"] == "2026-11-21T07:00:00" and body["date_created_gmt"] == "2026-11-21T12:00:00"


def test_amounts_follow_the_shop_s_decimals_of_the_moment(bench):
    order = bench.shop.place_order()
    assert bench.get(f"orders/{order.id}").json()["total"] == "50900.00"
    bench.shop.manners.decimals = 0
    assert bench.get(f"orders/{order.id}").json()["total"] == "50900"


def test_pay_on_delivery_is_stamped_as_paid_when_completed_and_at_restore(bench):
    order, binned = bench.shop.place_order(), bench.shop.place_order()
    assert order.paid_at is None
    bench.shop.change_status(order, "completed")
    bench.shop.trash(binned)
    bench.shop.restore(binned)
    assert order.paid_at is not None and binned.paid_at is not None


def test_a_refund_wants_the_gateway_to_move_money_unless_told_otherwise(bench):
    order = bench.shop.place_order(payment="card")
    asked = bench.api.post(f"orders/{order.id}/refunds", {"amount": "1.00"})
    assert asked.status_code == 500 and asked.json() == recorded("error_500_refund_gateway")
    large = bench.api.post(f"orders/{order.id}/refunds", {"amount": "9999999", "api_refund": False})
    assert large.status_code == 500 and large.json() == recorded("error_500_refund_too_large")
    order.payment_method = "gone"
    assert (
        "does not exist" in bench.api.post(f"orders/{order.id}/refunds", {"amount": "1.00"}).json()["message"]
    )


def test_a_partial_refund_leaves_status_and_total_and_a_full_one_flips_the_status(bench):
    order = bench.shop.place_order(payment="card")
    path = f"orders/{order.id}"
    made = bench.api.post(f"{path}/refunds", {"amount": "900", "api_refund": False, "reason": "scratched"})
    assert made.status_code == 201 and made.json().keys() == recorded("order_refunds_partial")[0].keys()
    body = bench.get(path).json()
    assert (body["status"], body["total"]) == ("processing", "50900.00")
    bench.api.post(f"{path}/refunds", {"amount": "50000", "api_refund": False})
    body = bench.get(path).json()
    assert body["status"] == "refunded" and [row["total"] for row in body["refunds"]] == [
        "-50000.00",
        "-900.00",
    ]
    assert len(bench.get("refunds").json()) == 2


def test_notes_are_shaped_as_recorded_and_private_ones_are_among_them(bench):
    order = bench.shop.place_order()
    bench.api.post(f"orders/{order.id}/notes", {"note": "hello", "customer_note": True})
    bench.shop.change_status(order, "completed")
    rows = bench.get(f"orders/{order.id}/notes").json()
    assert rows[0].keys() == recorded("order_notes")[0].keys()
    assert [row["customer_note"] for row in rows] == [False, True]


def test_fulfillments_are_no_route_while_the_feature_is_off(bench):
    order = bench.shop.place_order()
    answer = bench.get(f"orders/{order.id}/fulfillments")
    assert answer.status_code == 404 and answer.json() == recorded("error_404_fulfillments_feature_off")
    bench.shop.manners.fulfillments = True
    assert bench.get(f"orders/{order.id}/fulfillments").json() == []
    assert bench.get("orders/999999/fulfillments").json() == recorded("error_404_fulfillments_unknown_order")


def test_a_fulfillment_shows_in_the_order_as_one_word_and_its_number_only_beside_it(bench):
    bench.shop.manners.fulfillments = True
    order = bench.shop.place_order(lines=[(10, 3)])
    bench.shop.fulfill(order, "1Z1", items={order.lines[0].id: 2})
    assert order.read_meta("_fulfillment_status") == "partially_fulfilled" and order.status == "processing"
    bench.shop.fulfill(order, "1Z2", items={order.lines[0].id: 1})
    assert (
        order.read_meta("_fulfillment_status") == "fulfilled"
        and "1Z1" not in bench.get(f"orders/{order.id}").text
    )
    rows = bench.get(f"orders/{order.id}/fulfillments").json()
    assert rows[0].keys() == recorded("fulfillments_two")[0].keys() and rows[0]["entity_id"] == str(order.id)


def test_a_fulfillment_s_meta_without_an_id_is_dropped(bench):
    bench.shop.manners.fulfillments = True
    order = bench.shop.place_order()
    items = {"key": "_items", "value": [{"item_id": order.lines[0].id, "qty": 1}]}
    path = f"orders/{order.id}/fulfillments"
    refused = bench.api.post(path, {"status": "fulfilled", "meta_data": [items]})
    assert refused.status_code == 400 and "at least one item" in refused.json()["message"]
    made = bench.api.post(path, {"status": "fulfilled", "meta_data": [{"id": 0, **items}]})
    assert made.status_code == 201 and made.json()["is_fulfilled"] is True
    spoken = bench.api.post(path, {"meta_data": [{"id": 0, **items}], "notify_customer": "true"})
    assert spoken.status_code == 400


def test_tracking_meta_has_the_recorded_shape_and_no_link_for_a_known_carrier(bench):
    order = bench.shop.place_order()
    bench.shop.add_tracking(order, "123456")
    value = bench.shop.write.order(order)["meta_data"][-1]["value"]
    told = next(row["value"] for row in recorded("order_shipment_tracking_meta")["meta_data"]
                if row["key"] == "_wc_shipment_tracking_items")  # fmt: skip
    assert value[0].keys() == told[0].keys() and value[0]["custom_tracking_link"] == ""


def test_coupons_are_lower_cased_and_a_duplicate_in_any_case_is_refused(bench):
    wish = {"code": "VUELVE-10", "discount_type": "percent", "amount": "10", "usage_limit": 1,
            "date_expires_gmt": "2026-12-01T05:00:00"}  # fmt: skip
    made = bench.api.post("coupons", wish)
    assert made.status_code == 201 and made.json().keys() == recorded("coupon_create").keys()
    assert made.json()["code"] == "vuelve-10" and made.json()["date_expires"] == "2026-12-01T00:00:00"
    again = bench.api.post("coupons", wish | {"code": "Vuelve-10"})
    assert again.status_code == 400 and again.json() == recorded("error_400_coupon_duplicate")
    over = bench.api.post("coupons", {"code": "over", "discount_type": "percent", "amount": "150"})
    assert over.json() == recorded("error_400_coupon_percent_over_100")
    assert (
        len(bench.get("coupons", code="VUELVE-10").json()) == 1
        and bench.get("coupons", code="vuelve").json() == []
    )


def test_customers_are_accounts_by_role_and_guests_are_in_no_list(bench):
    bench.shop.add_user("carla", "carla@example.com", first_name="Carla")
    bench.shop.place_order("guest@example.com")
    assert [row["email"] for row in bench.get("customers").json()] == ["carla@example.com"]
    (owner,) = bench.get("customers", role="administrator").json()
    assert owner["email"] == "owner@example.com" and owner.keys() == recorded("customers_list")[0].keys()


def test_core_mails_at_once_and_again_each_time_a_status_is_entered(bench):
    order = bench.shop.place_order()
    for status in ("completed", "processing", "completed"):
        bench.api.put(f"orders/{order.id}", {"status": status})
    sent = [mail.mail_id for mail in bench.shop.mails.sent]
    assert sent.count("customer_completed_order") == 2 and sent.count("customer_processing_order") == 2


def test_a_core_mail_can_be_switched_off_over_rest(bench):
    path = "settings/email_customer_completed_order/enabled"
    assert bench.get(path).json()["value"] == "yes"
    assert bench.api.put(path, {"value": "no"}).json()["value"] == "no"
    bench.shop.change_status(bench.shop.place_order(), "completed")
    assert [mail.mail_id for mail in bench.shop.mails.sent] == ["customer_processing_order"]


def test_only_a_fresh_lease_keeps_core_silent_and_only_about_orders_placed_since(bench):
    from plugin.testing.fake_woocommerce.plugin_side import seal

    shop = bench.shop
    shop.manners.plugin_installed = True
    older = shop.place_order()
    bench.clock.advance(60)
    shop.plugin.connect({"service": "https://care.example", "store": "st_12345678", "secret": "ab" * 32})
    now = int(shop.now().timestamp())
    lease = {"s": "st_12345678", "mails": ["customer_completed_order"], "since": now, "e": now + 600}
    assert shop.plugin.take_lease(seal("lease", lease, "cd" * 32)) is None
    assert shop.plugin.take_lease(seal("lease", lease, "ab" * 32)) is not None
    newer, virtual = shop.place_order(), shop.place_order(lines=[(13, 1)])
    for order in (older, newer, virtual):
        shop.change_status(order, "completed")
    left = {
        mail.order_id: mail.left for mail in shop.mails.sent if mail.mail_id == "customer_completed_order"
    }
    assert left == {older.id: False, newer.id: True, virtual.id: False}
    assert newer.read_meta("_mostrador_left") == ["customer_completed_order"]
    bench.clock.advance(601)
    shop.change_status(newer, "processing")
    shop.change_status(newer, "completed")
    assert newer.read_meta("_mostrador_left") is None


def test_drafts_untouched_for_a_day_vanish_without_a_word(bench):
    draft = bench.shop.open_draft("guest@example.com")
    bench.clock.advance(25 * 3600)
    queued = len(bench.shop.webhooks.queue)
    bench.shop.sweep_drafts()
    assert draft.id not in bench.shop.orders and len(bench.shop.webhooks.queue) == queued


def test_what_stands_beside_orders_is_there(bench):
    facts = bench.get("system_status", _fields="environment.version,settings.currency,active_plugins").json()
    assert (
        facts["environment"] == {"version": "10.5.2"} and facts["active_plugins"][0]["name"] == "WooCommerce"
    )
    assert {row["id"] for row in bench.get("payment_gateways").json()} == {"cod", "bacs", "card"}
    zones = bench.get("shipping/zones").json()
    assert bench.get(f"shipping/zones/{zones[0]['id']}/methods").json()[0]["method_id"] == "flat_rate"
    assert bench.get("settings/general/woocommerce_currency").json()["value"] == "COP"
    assert len(bench.get("products").json()) == 4
    assert bench.get("orders/1/nonexistent").json() == recorded("error_404_no_route")


def test_an_order_made_over_rest_counts_its_money(bench):
    made = bench.api.post(
        "orders", {"billing": {"email": "a@example.com"}, "line_items": [{"product_id": 10, "quantity": 2}]}
    )
    assert made.status_code == 201 and Decimal(made.json()["total"]) == 2 * 38900 + 12000
    refused = bench.api.post("orders", {"billing": {"email": "efímera@example.com"}})
    assert refused.json() == recorded("error_400_billing_email")
