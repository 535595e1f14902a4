"""Routes of plugins, there only while their plugin is: the counter's own, and trackers of parcels."""

from __future__ import annotations

from typing import Any

from plugin.testing.fake_woocommerce.bodies import write_error
from plugin.testing.fake_woocommerce.nouns import Body
from plugin.testing.fake_woocommerce.plugin_side import PluginSide
from plugin.testing.fake_woocommerce.rest import NO_ROUTE, Ask, Refused, Reply, Routes
from plugin.testing.fake_woocommerce.rest_orders import find_order
from plugin.testing.fake_woocommerce.shop import TRACKING_ITEMS

routes = Routes()


@routes("PUT DELETE", "wc-mostrador/v1/connection")
def use_connection(ask: Ask) -> Reply:
    plugin = need_plugin(ask)
    if ask.method == "DELETE":
        plugin.disconnect()
    elif not plugin.connect(ask.body):
        words = "This copy of the plugin was made for another service."
        raise Refused(write_error("mostrador_other_service", words, 409))
    return Reply({"version": "1.0.0"})


@routes("GET", "wc-mostrador/v1/status")
def read_plugin_status(ask: Ask) -> Reply:
    return Reply(need_plugin(ask).status(ask.authorization, ask.secure))


@routes("PUT DELETE", "wc-mostrador/v1/lease")
def use_lease(ask: Ask) -> Reply:
    plugin = need_plugin(ask)
    if ask.method == "DELETE":
        plugin.lease = {}
        return Reply({"expires_gmt": None})
    ends_at = plugin.take_lease(str(ask.body.get("lease", "")))
    if ends_at is None:
        raise Refused(write_error("mostrador_bad_lease", "The lease is not ours, or is over.", 400))
    return Reply({"expires_gmt": ask.shop.write.gmt(ends_at)})


def need_plugin(ask: Ask) -> PluginSide:
    if not ask.shop.plugin.installed:
        raise Refused(NO_ROUTE)
    return ask.shop.plugin


@routes("GET", "wc/v3/shipments")
def list_shiptastic(ask: Ask) -> Reply:
    """Shiptastic's parcels, which stand in no order meta."""
    if not ask.shop.manners.shiptastic:
        raise Refused(NO_ROUTE)
    order = ask.shop.orders.get(int(ask.query.get("order_id", "0")))
    return Reply(order.shiptastic if order is not None else [])


@routes("GET", "{namespace}/v3/orders/{order_id}/shipment-trackings")
def list_trackings(ask: Ask, namespace: str, order_id: str) -> Reply:
    """Shipment Tracking's own route (AST's is the same): for a carrier it knows it makes the link."""
    if ask.shop.manners.shipment_tracking != f"{namespace}/v3":
        raise Refused(NO_ROUTE)
    rows = find_order(ask, order_id).read_meta(TRACKING_ITEMS) or []
    return Reply([write_tracking(row) for row in rows])


def write_tracking(row: dict[str, Any]) -> Body:
    carrier = row["custom_tracking_provider"] or row["tracking_provider"]
    made = f"https://tracking.example.com/{row['tracking_provider']}?n={row['tracking_number']}"
    return {
        "tracking_id": row["tracking_id"],
        "tracking_provider": carrier,
        "tracking_link": row["custom_tracking_link"] or made,
        "tracking_number": row["tracking_number"],
        "date_shipped": row["date_shipped"],
    }
