"""Webhooks: kept in one transaction, answered, worked off later.

200 kept, or a greeting that carries nothing · 401 not genuine · 404 no such store · 413 too large · 503
nothing could be kept. The store comes from the address's secret key and the platform's signature alone.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError

from plugin.contract import AdapterError, Handshake, HookRequest, Store, StoreAdapter, WebhookDelivery
from plugin.orders import keep
from plugin.registry import UnknownAdapter
from plugin.stores import HookAddresses
from plugin.web.doors import Doors, doors

log = logging.getLogger("mostrador.web.hooks")

LARGEST = 1_000_000
ADDRESSES = "mostrador_hook_addresses"

hooks = Blueprint("hooks", __name__)


@hooks.record
def open_addresses(state: BlueprintSetupState) -> None:
    """Each app remembers the addresses of its own database."""
    here: Doors = state.app.extensions["mostrador"]
    state.app.extensions[ADDRESSES] = HookAddresses(here.db)


def _answer(status: int, words: str) -> Response:
    return Response(words + "\n", status, mimetype="text/plain")


@hooks.post("/hooks/<platform>/<hook_key>")
def receive(platform: str, hook_key: str) -> Response:
    """One delivery of one store."""
    # One more than may be: of a body without a length the rest would be cut off in silence.
    request.max_content_length = LARGEST + 1
    here = doors()
    try:
        adapter = here.registry.get(platform)
    except UnknownAdapter:
        return _answer(404, "no such address")
    body = request.get_data(cache=False)
    if len(body) > LARGEST:
        return _answer(413, "too large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    arrived = HookRequest(hook_key=hook_key, headers=headers, body=body)
    try:
        return _receive(here, adapter, arrived)
    except SQLAlchemyError:
        log.exception("A delivery could not be kept; the platform is asked to send it again.")
        return _answer(503, "could not be kept, send it again")


def _receive(here: Doors, adapter: StoreAdapter, arrived: HookRequest) -> Response:
    addresses: HookAddresses = current_app.extensions[ADDRESSES]
    for fresh in (False, True):  # the secret may have changed a moment ago
        known = addresses.find(adapter.name, arrived.hook_key, fresh=fresh)
        if known is None:
            return _answer(404, "no such address")
        store_id, store = known
        try:
            delivery = _believe(adapter, arrived, store)
        except AdapterError:
            continue
        if isinstance(delivery, WebhookDelivery):
            with here.db.plain_transaction(store_id) as tx:
                keep(tx, store_id, delivery, here.clock.now())
        return _answer(200, "kept" if isinstance(delivery, WebhookDelivery) else "hello")
    return _answer(401, "not genuine")


def _believe(adapter: StoreAdapter, arrived: HookRequest, store: Store) -> WebhookDelivery | Handshake:
    read = adapter.read_webhook(arrived)
    if isinstance(read, WebhookDelivery):
        adapter.verify_webhook(read, store)
    return read
