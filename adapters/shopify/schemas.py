"""The shape of a webhook's body, as loosely as real deliveries come: only what is read is named.

Webhooks keep the REST shape (numbers as ids) and are trimmed by ``include_fields``. Source:
https://shopify.dev/docs/api/webhooks (2026-11-21). What the GraphQL API answers is read in `bodies`.
"""

from __future__ import annotations

from typing import Any

import msgspec


class HookCustomer(msgspec.Struct, gc=False):
    id: Any = None
    email: Any = None


class HookBody(msgspec.Struct, gc=False):
    """Every field of every topic that is ever read; who may be named is decided by `webhooks`."""

    id: Any = None
    order_id: Any = None
    domain: Any = None
    myshopify_domain: Any = None
    shop_domain: Any = None
    customer: HookCustomer | None = None
    orders_requested: Any = None
    orders_to_redact: Any = None
    data_request: Any = None
    previous: Any = None
    current: Any = None


HOOK = msgspec.json.Decoder(HookBody)
