"""Every status an order of the shop can have: WooCommerce's own, and those which plugins and merchants add."""

from __future__ import annotations

from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import STATUSES
from adapters.woocommerce.mapping import CORE_STATUS, GONE_STATUS, ORDER_STATUS, read_slug
from adapters.woocommerce.schemas import decode
from adapters.woocommerce.values import clean_markup
from plugin.contract import OrderStatus, StatusWord

MOST_STATUSES = 200


def list_statuses(shop: Shop) -> tuple[StatusWord, ...]:
    """The statuses with their names as the merchant reads them, each once; drafts and the bin left out.

    Source: ``GET reports/orders/totals`` lists every registered status, used or not (recorded).
    """
    rows = decode(STATUSES, shop.get("reports/orders/totals"), "list of statuses")
    found: dict[str, StatusWord] = {}
    for row in rows[:MOST_STATUSES]:
        slug = read_slug(row.slug)
        if not slug or slug in GONE_STATUS or ORDER_STATUS.get(slug) is OrderStatus.draft:
            continue
        word = StatusWord(raw_status=slug, name=clean_markup(row.name) or slug, known=slug in CORE_STATUS)
        found.setdefault(slug, word)
    return tuple(found.values())
