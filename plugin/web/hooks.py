"""Webhooks: kept in one transaction, answered, worked off later.

200 kept, or a greeting that carries nothing · 401 not genuine · 404 no such store · 413 too large · 503
nothing could be kept. The store comes from the address's secret key and the platform's signature alone.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from plugin.contract import AdapterError, Handshake, HookRequest, Store, StoreAdapter, WebhookDelivery
from plugin.database import ALL
from plugin.orders import keep
from plugin.registry import UnknownAdapter
from plugin.stores import as_contract, find_by_hook_key
from plugin.web.doors import doors

log = logging.getLogger("mostrador.web.hooks")

LARGEST = 1_000_000

hooks = Blueprint("hooks", __name__)


def _answer(status: int, words: str) -> Response:
    return Response(words + "\n", status, mimetype="text/plain")


@hooks.post("/hooks/<platform>/<hook_key>")
def receive(platform: str, hook_key: str) -> Response:
    """One delivery of one store."""
    request.max_content_length = LARGEST
    here = doors()
    try:
        adapter = here.registry.get(platform)
    except UnknownAdapter:
        return _answer(404, "no such address")
    body = request.get_data(cache=False)
    try:
        with here.db.reading(ALL, "find the store of a webhook address") as tx:
            row = find_by_hook_key(tx, platform, hook_key)
            known = (row.id, as_contract(row)) if row is not None else None
        if known is None:
            return _answer(404, "no such address")
        return _receive(adapter, *known, body)
    except SQLAlchemyError:
        log.exception("A delivery could not be kept; the platform is asked to send it again.")
        return _answer(503, "could not be kept, send it again")


def _receive(adapter: StoreAdapter, store_id: int, store: Store, body: bytes) -> Response:
    headers = {name.lower(): value for name, value in request.headers.items()}
    hook_key = str((request.view_args or {}).get("hook_key", ""))
    try:
        delivery = _believe(adapter, HookRequest(hook_key=hook_key, headers=headers, body=body), store)
    except AdapterError:
        return _answer(401, "not genuine")
    if isinstance(delivery, Handshake):
        return _answer(200, "hello")
    here = doors()
    with here.db.transaction(store_id) as tx:
        keep(tx, store_id, delivery, here.clock.now())
    return _answer(200, "kept")


def _believe(adapter: StoreAdapter, arrived: HookRequest, store: Store) -> WebhookDelivery | Handshake:
    read = adapter.read_webhook(arrived)
    if isinstance(read, WebhookDelivery):
        adapter.verify_webhook(read, store)
    return read
