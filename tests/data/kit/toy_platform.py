"""An invented platform whose adapter claims all and does it right, so that a test can break one thing at a time."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

from plugin.contract import (
    AccessRevoked,
    Capability,
    Handshake,
    Ignored,
    InstallRejected,
    InstallReport,
    Money,
    NotFound,
    Order,
    OrderChanged,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    PlatformDown,
    PlatformRefused,
    Proof,
    RateLimited,
    Redirect,
    Shipment,
    ShipmentStatus,
    Step,
    StoreAdapter,
    Surface,
    SurfaceState,
    Visitor,
    WebhookDelivery,
    WebhookRejected,
)

STATUSES = {"new": OrderStatus.pending, "busy": OrderStatus.processing, "done": OrderStatus.completed}
PARCELS = {"moving": ShipmentStatus.in_transit, "there": ShipmentStatus.delivered}


def sign(body, secret):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def seal(payload, secret):
    return hmac.new(secret.encode(), b"proof:" + payload, hashlib.sha256).hexdigest()


def make_proof(store_id, secret, expires_at):
    payload = f"{store_id}~7~{int(expires_at.timestamp())}".encode().hex()
    return f"{payload}.{seal(payload.encode(), secret)}"


def read_text(value):
    if not isinstance(value, str) or "\0" in value or not value.isprintable():
        raise PayloadUnreadable("A text was expected.")
    return value


def read_time(value):
    try:
        return datetime.fromisoformat(read_text(value)).replace(tzinfo=UTC)
    except ValueError:
        raise PayloadUnreadable("A time was expected.") from None


def read_money(value, currency):
    try:
        amount = Decimal(read_text(value))
    except InvalidOperation:
        raise PayloadUnreadable("An amount was expected.") from None
    if not amount.is_finite():
        raise PayloadUnreadable("An amount was expected.")
    return Money(amount=amount, currency=read_text(currency))


def read_parcel(data):
    if not isinstance(data, dict):
        raise PayloadUnreadable("A parcel was expected.")
    raw = read_text(data.get("state"))
    return Shipment(status=PARCELS.get(raw, ShipmentStatus.unknown), raw_status=raw,
                    tracking_number=read_text(data.get("code")))


def read_order(data):
    if not isinstance(data, dict) or not isinstance(data.get("parcels"), list):
        raise PayloadUnreadable("An order was expected.")
    raw = read_text(data.get("state"))
    return Order(
        external_id=read_text(data.get("id")), number=read_text(data.get("no")),
        status=STATUSES.get(raw, OrderStatus.unknown), raw_status=raw, payment_status=PaymentStatus.paid,
        created_at=read_time(data.get("made")), modified_at=read_time(data.get("changed")),
        total=read_money(data.get("sum"), data.get("currency")),
        shipments=tuple(read_parcel(parcel) for parcel in data["parcels"]),
    )


def read_json(body):
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise PayloadUnreadable("JSON was expected.") from None


class ToyAdapter(StoreAdapter):
    name = "toy"
    label = "Toy"
    capabilities = frozenset(Capability)

    def begin_install(self, request, urls, state):
        return Redirect(url=f"https://toy.example/connect?state={state}")

    def finish_install(self, callback):
        raise InstallRejected("Toy sent no code.")

    def set_up(self, store, urls):
        self.ask(store, "PUT", "/hook", {"url": urls.webhook})
        return InstallReport(webhooks=1, capabilities=self.capabilities)

    def surfaces(self, store):
        return [Surface(step=step, state=SurfaceState.needs_step, words="Switch the widget on.") for step in Step]

    def read_webhook(self, request):
        if request.headers.get("x-toy-topic") == "hello":
            return Handshake(reason="hello")
        return WebhookDelivery(topic=request.headers.get("x-toy-topic", ""), headers=request.headers, body=request.body)

    def verify_webhook(self, delivery, store):
        if store is None or not store.webhook_secret:
            raise WebhookRejected("No secret.")
        given = delivery.headers.get("x-toy-signature", "").encode()
        if not hmac.compare_digest(given, sign(delivery.body, store.webhook_secret).encode()):
            raise WebhookRejected("Another signature.")

    def parse_webhook(self, delivery):
        if delivery.topic != "order":
            return [Ignored(topic=delivery.topic, reason="not about an order")]
        return [OrderChanged(order=read_order(read_json(delivery.body)))]

    def read_proof(self, token):
        try:
            return Proof(token=token, claimed_store=bytes.fromhex(token.partition(".")[0]).decode().split("~")[0])
        except ValueError:
            raise WebhookRejected("No proof.") from None

    def verify_proof(self, proof, store):
        payload, _, given = proof.token.partition(".")
        expected = seal(payload.encode("utf-8", "replace"), store.webhook_secret)
        if not store.webhook_secret or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
            raise WebhookRejected("Another seal.")
        store_id, order, until = bytes.fromhex(payload).decode().split("~")
        if store_id != store.public_id:
            raise WebhookRejected("Another store.")
        if int(until) <= self.clock.now().timestamp():
            raise WebhookRejected("Too late.")
        return Visitor(order_external_id=order)

    def get_order(self, store, external_id):
        return self.read(self.ask(store, "GET", f"/orders/{quote(external_id, safe='')}"), read_order)

    def find_order(self, store, number):
        found = self.read(self.ask(store, "GET", f"/orders?no={quote(number, safe='')}"), list_orders)
        return found[0] if found else None

    def changed_orders(self, store, since):
        yield from self.read(self.ask(store, "GET", f"/orders?since={since:%Y-%m-%d}"), list_orders)

    def add_shipment(self, store, order_external_id, shipment):
        return self.read(self.ask(store, "POST", "/parcels", {"code": shipment.tracking_number}), read_parcel)

    def issue_coupon(self, store, coupon):
        self.ask(store, "PUT", "/coupons", {"code": coupon.code})
        return coupon

    def add_order_note(self, store, order_external_id, text):
        self.ask(store, "POST", "/notes", {"text": text})

    def cancel_order(self, store, order_external_id, reason):
        self.ask(store, "POST", "/cancellations", {"order": order_external_id})

    def create_replacement(self, store, order_external_id, lines):
        return self.read(self.ask(store, "POST", "/orders", {"again": order_external_id}), read_order)

    def store_facts(self, store):
        facts = self.ask(store, "GET", "/facts")
        return facts if isinstance(facts, dict) else {}

    def ask(self, store, method, path, payload=None):
        headers = {"Authorization": f"Bearer {store.credentials['token']}"}
        body = None if payload is None else json.dumps(payload).encode()
        answer = self.http.request(method, f"https://{store.domain}/api{path}", headers=headers, body=body)
        check(answer)
        try:
            return read_json(answer.body)
        except PayloadUnreadable:
            raise PlatformDown("Toy answered with something else than JSON.") from None

    def read(self, data, reader):
        try:
            return reader(data)
        except PayloadUnreadable as error:
            raise PlatformDown(f"Toy answered with something else. {error}") from None


def list_orders(data):
    if not isinstance(data, list):
        raise PayloadUnreadable("A list was expected.")
    return [read_order(item) for item in data]


def check(answer):
    if answer.status in (401, 403):
        raise AccessRevoked("Toy does not let us in.")
    if answer.status == 404:
        raise NotFound("Toy does not have it.")
    if answer.status == 429:
        wait = answer.headers.get("Retry-After", "")
        raise RateLimited("Toy is busy.", retry_after=float(wait) if wait.isdigit() else 60.0)
    if answer.status >= 500:
        raise PlatformDown("Toy is down.")
    if answer.status >= 400:
        raise PlatformRefused("Toy said no.")
