"""A platform whose server posts the keys by itself, as WooCommerce's does: the state under a name of its own, no
cookie, no session; and staff whom only it can name. For the tests of installing and of coming in from the shop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

from plugin.contract import (
    AccessRevoked,
    Capability,
    Finding,
    FindingState,
    Form,
    InstallRejected,
    InstallReport,
    Merchant,
    Order,
    Proof,
    Redirect,
    Setting,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    TrackingLink,
    Urls,
    Visitor,
    WebhookRejected,
    WebRequest,
    Words,
)
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT

FIELDS = (Setting(key="url", help="The address"), Setting(key="secret", help="The secret", secret=True))


class Post(StoreAdapter):
    """Keys are good when they are the shop's name backwards. What happened is in `told`."""

    name = "post"
    label = "Post"
    asks_address = True
    takes_keys = True
    capabilities = frozenset({Capability.WEBHOOKS, Capability.PROOFS, Capability.BACKFILL, Capability.READ_ORDERS})
    told: ClassVar[list[Any]] = []
    staff: ClassVar[tuple[Merchant, ...]] = (
        Merchant(external_id="1", email="marta@shop.example", name="Marta"),
        Merchant(external_id="2", email="luis@shop.example", name="Win $$$ at evil.example"),
        Merchant(external_id="3", email="no address"),
    )
    revoked: ClassVar[bool] = False

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        said = {key: values[0] for key, values in parse_qs(request.body.decode()).items()}
        if said.get("keys") or not said.get("shop"):
            return Form(fields=FIELDS, words="Paste both.")
        if said["shop"] == "loop.example":
            raise InstallRejected(Words("{shop} sends us in circles.", shop=said["shop"]))
        query = urlencode({"user_id": state, "back": urls.install_callback})
        return Redirect(url=f"https://{said['shop']}/authorize?{query}", keep={"shop": said["shop"]}, by_server=True)

    def read_state(self, callback: WebRequest) -> str:
        if callback.method == "POST" and callback.headers.get("content-type") == "application/json":
            try:
                return str(json.loads(callback.body)["user_id"])
            except (ValueError, KeyError, TypeError):
                raise InstallRejected("This is no post of the shop.") from None
        return callback.query.get("user_id", "")

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        self.told.append(callback)
        if callback.kept.get("shop") and callback.method == "GET":
            denied = callback.query.get("success") == "0"
            raise InstallRejected("You pressed deny.") if denied else AccessRevoked("No keys came.")
        if callback.kept.get("shop") and callback.headers.get("content-type") == "application/json":
            shop, key = callback.kept["shop"], str(json.loads(callback.body).get("key"))
        else:
            said = {name: values[0] for name, values in parse_qs(callback.body.decode()).items()}
            shop, key = said.get("url", ""), said.get("secret", "")
        if key != shop[::-1]:
            raise InstallRejected(Words("{shop} does not know these keys.", shop=shop or "The shop"))
        return StoreAccess(domain=shop, name=f"Shop {shop}", credentials={"key": key}, locale="en")

    def list_staff(self, store: Store) -> Sequence[Merchant]:
        if self.revoked:
            raise AccessRevoked(Words("The key was taken back."))
        return self.staff

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        if self.revoked:
            raise AccessRevoked(Words("The key was taken back."))
        self.told.append(urls)
        return InstallReport(webhooks=4, capabilities=self.capabilities, warnings=(Words("Look at {n} things.", n=2),))

    def tear_down(self, store: Store) -> None:
        self.told.append(("torn down", store.domain))
        if self.revoked:
            raise AccessRevoked(Words("The key was taken back."))

    def surfaces(self, store: Store) -> tuple[Surface, ...]:
        return ()

    def examine(self, store: Store, urls: Urls) -> Sequence[Finding]:
        if self.revoked:
            raise AccessRevoked(Words("The key was taken back."))
        return (
            Finding(key="hooks", state=FindingState.good),
            Finding(key="clock", state=FindingState.trouble, words=Words("The clock is {n} minutes off.", n=9)),
        )

    def changed_orders(self, store: Store, since: datetime) -> Sequence[Order]:
        return ()

    def read_proof(self, token: str) -> Proof:
        kind, _, rest = token.partition(":")
        if kind not in ("desk", "order", "link"):
            raise WebhookRejected("This is no proof.")
        return Proof(token=token, claimed_store=rest.partition(":")[0])

    def verify_proof(self, proof: Proof, store: Store) -> Visitor | Merchant | TrackingLink:
        """``desk:<store>:<address>:<name>:<nonce>:<good until>:<webhook secret>``, as a seal nobody else can make."""
        kind, public_id, address, name, _, until, seal = proof.token.split(":")
        if public_id != store.public_id or seal != store.webhook_secret:
            raise WebhookRejected("Forged.")
        if int(until) <= self.clock.now().timestamp():
            raise WebhookRejected("Too old.")
        if kind == "desk":
            return Merchant(external_id="1", email=address, name=name)
        return Visitor(order_external_id="1") if kind == "order" else TrackingLink(order_external_id="1")


def make_word(
    store: Store | StoreRow, address: str = "marta@shop.example", *, kind: str = "desk", name: str = "Marta",
    nonce: str = "1", lives: int = 60, now: float = MOMENT.timestamp(), seal: str = "",
) -> str:
    """What the shop signs about whoever stands in its back office."""
    return f"{kind}:{store.public_id}:{address}:{name}:{nonce}:{int(now) + lives}:{seal or store.webhook_secret}"


