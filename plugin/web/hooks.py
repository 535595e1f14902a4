"""Webhooks: kept in one transaction, answered, worked off later.

200 kept, or a greeting that carries nothing · 401 not genuine · 404 no such store · 405 not posted · 413 too large ·
503 nothing could be kept. The store comes from the address's secret key and the platform's signature. Where one secret
of the app signs for all shops, it is the shop that the delivery names: a hint, believed beside a genuine signature as
far as the platform is asked about it; one not known yet is announced by that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from plugin.contract import AdapterError, Handshake, HookRequest, Store, StoreAdapter, WebhookDelivery
from plugin.database import ALL
from plugin.orders import keep
from plugin.registry import UnknownAdapter
from plugin.stores import HookAddresses, fold_domain
from plugin.stores.announce import TooManyAnnounced, announce
from plugin.stores.hook_addresses import Known
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
    return _read(platform, hook_key, _receive)


@hooks.route("/hooks/<platform>", methods=["POST"], provide_automatic_options=False)
def receive_for_app(platform: str) -> Response:
    """One delivery of whichever store it names, signed with the app's own secret."""
    return _read(platform, "", _receive_for_app)


Receive = Callable[[Doors, StoreAdapter, HookRequest], Response]


def _read(platform: str, hook_key: str, receive_it: Receive) -> Response:
    # One more than may be: of a body without a length the rest would be cut off in silence.
    request.max_content_length = LARGEST + 1
    here = doors()
    try:
        adapter = here.registry.get(platform)
    except UnknownAdapter:
        return _answer(404, "no such address")
    if not hook_key and not adapter.app_hooks:
        return _answer(404, "no such address")
    body = request.get_data(cache=False)
    if len(body) > LARGEST:
        return _answer(413, "too large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    arrived = HookRequest(hook_key=hook_key, headers=headers, body=body)
    try:
        return receive_it(here, adapter, arrived)
    except TooManyAnnounced:
        log.error("Too many shops announced themselves to %s and were never connected.", adapter.name)
        return _answer(503, "could not be kept, send it again")
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


def _believe(adapter: StoreAdapter, arrived: HookRequest, store: Store | None) -> WebhookDelivery | Handshake:
    read = adapter.read_webhook(arrived)
    if isinstance(read, WebhookDelivery):
        adapter.verify_webhook(read, store)
    return read


def _receive_for_app(here: Doors, adapter: StoreAdapter, arrived: HookRequest) -> Response:
    try:
        delivery = _believe(adapter, arrived, None)
    except AdapterError:
        return _answer(401, "not genuine")
    if not isinstance(delivery, WebhookDelivery):
        return _answer(200, "hello")
    domain = fold_domain(delivery.claimed_domain)
    if not domain:
        return _answer(401, "not genuine")
    addresses: HookAddresses = current_app.extensions[ADDRESSES]
    for fresh in (False, True):
        known = addresses.find_shop(adapter.name, domain, fresh=fresh)
        store = known[1] if known else Store(public_id="", platform=adapter.name, domain=domain)
        try:
            adapter.verify_webhook(delivery, store)
        except AdapterError:
            continue
        try:
            _keep(here, adapter.name, domain, known, delivery)
        except IntegrityError:
            if fresh:
                raise
            continue  # the store was forgotten a moment ago
        return _answer(200, "kept")
    return _answer(401, "not genuine")


def _keep(here: Doors, platform: str, domain: str, known: Known | None, delivery: WebhookDelivery) -> None:
    """In one transaction. Of the first that is heard of a shop: it is announced and the delivery kept, or neither."""
    now = here.clock.now()
    if known is not None:
        with here.db.plain_transaction(known[0]) as plain:
            keep(plain, known[0], delivery, now)
        return
    with here.db.transaction(ALL, "a delivery of a shop not known yet") as tx:
        keep(tx, announce(tx, platform, domain, now), delivery, now)
