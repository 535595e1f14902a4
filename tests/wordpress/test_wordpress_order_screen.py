"""The box on WooCommerce's order screen, in a browser: parcels in, parcels out, and hostile text stays text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page
from wordpress_bed import WordPress
from wordpress_page import Visitor

pytestmark = pytest.mark.xdist_group("wordpress")

PARCELS = "_wc_shipment_tracking_items"
HOSTILE = '"><img src=x onerror="alert(1)"><script>alert(2)</script>&amp;'


def open_order(context: BrowserContext, order: dict[str, Any]) -> Page:
    page = context.new_page()
    page.goto(order["edit"])
    return page


def box(page: Page) -> Locator:
    return page.locator("#mostrador-parcels")


def fill_parcel(page: Page, row: int, **values: str) -> None:
    more = box(page).locator("details")
    if row and more.get_attribute("open") is None:
        more.locator("summary").click()
    for name, value in values.items():
        page.locator(f"#mostrador-parcel-{row}-{name}").fill(value)


def update(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button.save_order").click()


def test_two_parcels_are_saved_and_one_is_removed(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    order = connected.make_order()
    page = open_order(new_context(user="maria"), order)
    fill_parcel(
        page, 0, carrier="Servientrega", number="2104567890", link="https://carrier.example/2104567890"
    )
    fill_parcel(page, 1, carrier="Coordinadora", number="CO 77-1", date="2026-11-20")
    update(page)
    kept = connected.read_meta(order["id"])[PARCELS]
    assert [(one["tracking_number"], one["custom_tracking_provider"]) for one in kept] == [
        ("2104567890", "Servientrega"), ("CO 77-1", "Coordinadora"),
    ]  # fmt: skip
    assert kept[0]["custom_tracking_link"] == "https://carrier.example/2104567890"
    assert all(one["tracking_id"] and one["date_shipped"].isdigit() for one in kept)
    box(page).get_by_text("CO 77-1").first.wait_for()
    box(page).locator(f'input[value="{kept[0]["tracking_id"]}"]').check()
    update(page)
    left = connected.read_meta(order["id"])[PARCELS]
    assert [one["tracking_number"] for one in left] == ["CO 77-1"]
    box(page).locator(f'input[value="{left[0]["tracking_id"]}"]').check()
    update(page)
    assert PARCELS not in connected.read_meta(order["id"])


def test_updating_an_order_without_parcels_writes_nothing_and_no_status_changes(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    order = connected.make_order(status="on-hold")
    page = open_order(new_context(user="maria"), order)
    update(page)
    assert connected.read_meta(order["id"]) == {}
    fill_parcel(page, 0, carrier="TCC", number="1")
    update(page)
    assert page.locator("#order_status").input_value() == "wc-on-hold"
    assert connected.mails() == []


def test_the_same_number_twice_is_one_parcel(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    order = connected.make_order()
    page = open_order(new_context(user="maria"), order)
    for _ in range(2):
        fill_parcel(page, 0, carrier="TCC", number="ab-1")
        update(page)
    fill_parcel(page, 0, carrier="TCC", number="AB-1")
    update(page)
    assert len(connected.read_meta(order["id"])[PARCELS]) == 1


def test_a_completed_order_that_is_saved_with_its_parcel_travels(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    order = connected.make_order()
    page = open_order(new_context(user="maria"), order)
    fill_parcel(page, 0, carrier="TCC", number="1")
    page.locator("#order_status").select_option("wc-completed")
    update(page)
    assert [mail["id"] for mail in connected.mails()] == ["customer_completed_order"]
    assert len(connected.read_meta(order["id"])[PARCELS]) == 1


def test_hostile_text_of_parcels_stays_text(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    fields = (
        "tracking_provider",
        "custom_tracking_provider",
        "tracking_number",
        "date_shipped",
        "tracking_id",
    )
    row = dict.fromkeys(fields, HOSTILE) | {"custom_tracking_link": "javascript:alert(3)"}
    order = connected.make_order()
    connected.run_php(
        "$order = wc_get_order( $given['id'] ); $order->update_meta_data( $given['key'],"
        " array( $given['row'], 'no row', array( 'tracking_number' => array( 'x' ) ), 7 ) ); $order->save();",
        id=order["id"], key=PARCELS, row=row,
    )  # fmt: skip
    context = new_context(user="maria")
    dialogs: list[str] = []
    context.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = open_order(context, order)
    assert box(page).locator("img, script").count() == 0
    assert page.locator('a[href^="javascript"]').count() == 0
    assert "onerror" in box(page).inner_text()
    fill_parcel(page, 0, carrier=HOSTILE, number="<b>9</b>", link="https://carrier.example/x")
    update(page)
    assert box(page).locator("img, script, b").count() == 0
    assert dialogs == []


def test_a_link_that_is_no_link_is_left_out_and_said(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    order = connected.make_order()
    page = open_order(new_context(user="maria"), order)
    page.locator("#order").evaluate("form => { form.noValidate = true }")
    fill_parcel(page, 0, carrier="TCC", number="1", link="javascript:alert(1)")
    update(page)
    [kept] = connected.read_meta(order["id"])[PARCELS]
    assert kept["custom_tracking_link"] == ""
    page.locator("#woocommerce_errors").wait_for()


def test_a_form_of_ours_without_its_nonce_saves_no_parcel(connected: WordPress) -> None:
    order = connected.make_order()
    maria = Visitor(connected, "maria")
    html = maria.see(order["edit"]).html
    core_nonce = html.partition('name="_wpnonce" value="')[2].partition('"')[0]
    sent = {"action": "edit_order", "_wpnonce": core_nonce, "mostrador_parcels[add][0][number]": "1",
            "mostrador_parcels[add][0][carrier]": "TCC"}  # fmt: skip
    answer = maria.session.post(order["edit"], data=sent, timeout=30)
    assert answer.status_code == 200
    assert connected.read_meta(order["id"]) == {}


def test_carriers_of_the_country_are_offered_first(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    page = open_order(new_context(user="maria"), connected.make_order())
    offered = page.locator("#mostrador-carriers option").evaluate_all("list => list.map(one => one.value)")
    assert offered[0] == "Servientrega" and "Correos" in offered
    assert offered.index("Servientrega") < offered.index("DHL") < offered.index("Correos")


def test_a_tracking_plugin_of_the_shop_keeps_its_own_box(connected: WordPress) -> None:
    plugin = connected.site / "wp-content/mu-plugins/tracker.php"
    plugin.write_text("<?php class WC_Shipment_Tracking {}\n")
    try:
        html = Visitor(connected, "maria").see(connected.make_order()["edit"]).html
        assert 'id="mostrador-parcels"' not in html
    finally:
        plugin.unlink()
