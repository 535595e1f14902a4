"""A platform of paper, with pages of its own in its back office and on its shops: for the tests of such pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import Any, ClassVar

from plugin.contract import (
    AdapterError,
    Capability,
    Form,
    HomeFrame,
    HomeSection,
    InstallRejected,
    InstallReport,
    Merchant,
    NotFound,
    Order,
    Page,
    PageDoors,
    PlatformDown,
    PlatformRefused,
    Proof,
    RateLimited,
    Redirect,
    Step,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    SurfaceState,
    TrackingLink,
    Urls,
    Visitor,
    WebhookRejected,
    WebRequest,
    WebResponse,
    Words,
)
from plugin.testing.factories import make_order

ERRORS: dict[str, AdapterError] = {
    "rejected": WebhookRejected("This word is forged."),
    "refused": InstallRejected("This shop is closed."),
    "down": PlatformDown(),
    "slow": RateLimited(retry_after=7),
    "no": PlatformRefused(Words("{shop} says no.", shop="Paper")),
    "none": NotFound(),
}


class Paper(StoreAdapter):
    """A merchant's word is ``<shop>|<address>|<owner or staff>``; whoever says it is believed, so that a test may speak
    for anybody. What was asked of the platform is in `asked`."""

    name = "paper"
    label = "Paper"
    capabilities = frozenset({Capability.READ_ORDERS, Capability.PROOFS})
    asked: ClassVar[list[Any]] = []
    barrier: ClassVar[threading.Barrier | None] = None
    origin: ClassVar[str] = "https://cdn.paper.example"

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        raise InstallRejected()

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        raise InstallRejected()

    def exchange_access(self, merchant_proof: Proof) -> StoreAccess:
        self.asked.append(("exchange", merchant_proof.claimed_domain))
        if merchant_proof.token == "forged":
            raise InstallRejected("This word is forged.")
        return StoreAccess(
            domain=merchant_proof.claimed_domain, name=f"Shop {merchant_proof.claimed_domain}", locale="en",
            credentials={"key": f"key-{len(self.asked)}"},
        )  # fmt: skip

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return InstallReport(capabilities=self.capabilities)

    def surfaces(self, store: Store) -> Sequence[Surface]:
        linked = SurfaceState.policy_link if store.kept.get("policy_links") else SurfaceState.needs_step
        return (
            Surface(step=Step.cart, state=SurfaceState.live),
            Surface(step=Step.payment, state=linked, url="https://paper.example/policies",
                    words="Put the help's address into your policies."),
            Surface(step=Step.review, state=SurfaceState.not_possible),
        )  # fmt: skip

    def get_order(self, store: Store, external_id: str) -> Order:
        self.asked.append(("order", store.domain, external_id))
        if external_id != "77":
            raise NotFound()
        return make_order(external_id="77", number="1077")

    def pages(self) -> Sequence[Page]:
        return (
            Page(path="home", handle=self.show_home, methods=("GET", "POST")),
            Page(path="home.js", handle=self.show_script),
            Page(path="desk", handle=self.open_desk, methods=("POST",)),
            Page(path="echo", handle=self.echo, methods=("GET", "POST")),
            Page(path="links", handle=self.list_links, cors=True),
            Page(path="order", handle=self.show_order, methods=("POST",), cors=True),
            Page(path="fail", handle=self.fail),
            Page(path="fail-open", handle=self.fail, methods=("GET", "POST"), cors=True),
            Page(path="sly", handle=self.try_headers, cors=True),
        )

    def show_home(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        shop, merchant, store = self._let_in(request, doors)
        wish = json.loads(request.body) if request.method == "POST" else {}
        if wish:
            doors.act(store, merchant, wish)
            found = doors.find_store(shop)
            assert found is not None
            store = found
        return doors.show_home(store, merchant, self.make_frame(store), request.query.get("locale", ""))

    def make_frame(self, store: Store) -> HomeFrame:
        return HomeFrame(
            meta={"paper-key": "k\"1"}, head_scripts=(f"{self.origin}/bridge.js",), scripts=("/p/paper/home.js",),
            act_url="/p/paper/home", frame_ancestors=(f"https://{store.domain}", "https://admin.paper.example"),
            script_origins=(self.origin,), warnings=("Mind the <b>gap</b>.",),
            sections=tuple(self.sections(store, "")),
        )  # fmt: skip

    def sections(self, store: Store, base_url: str) -> Sequence[HomeSection]:
        return (
            HomeSection(
                key="policy_links", title="Links in your policies", words="Copy each text into its policy.",
                texts=(("Refund policy", "Questions? <a> https://help.example"), ("Shipping policy", "Where?")),
                link=("Open the policies", f"https://{store.domain}/policies"),
                is_confirmed=bool(store.kept.get("policy_links")),
            ),
            HomeSection(key="plan", title="Your plan", words="No checkout here.", link=("x", "javascript:1")),
        )  # fmt: skip

    def show_script(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        return WebResponse(body=SCRIPT.encode(), content_type="text/javascript")

    def open_desk(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        _, merchant, store = self._let_in(request, doors)
        token = doors.hand_over(store, merchant)
        return WebResponse(body=json.dumps({"token": token}).encode(), content_type="application/json")

    def echo(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        told = {"headers": dict(request.headers), "query": dict(request.query), "body": request.body.decode()}
        return WebResponse(body=json.dumps(told).encode(), content_type="application/json")

    def list_links(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        store = doors.find_store(request.query.get("shop", ""))
        if store is None:
            raise WebhookRejected("No such shop.")
        told = doors.list_links(store, request.query.get("step", "").split("+"), request.query.get("locale", ""))
        return WebResponse(body=json.dumps(told).encode(), content_type="application/json")

    def show_order(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        wish = json.loads(request.body)
        store = doors.find_store(wish["shop"])
        assert store is not None
        proven = wish["proven"] is True
        who = Visitor(order_external_id=wish["order"]) if proven else TrackingLink(order_external_id=wish["order"])
        told = doors.show_order(store, who, "es")
        return WebResponse(status=200 if told else 404, body=json.dumps(told).encode(), content_type="application/json")

    def fail(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        raise ERRORS.get(request.query.get("kind", "")) or RuntimeError("secret insides")

    def try_headers(self, request: WebRequest, doors: PageDoors) -> WebResponse:
        return WebResponse(
            body=b"<p>sly", frame_ancestors=("https://good.example", "*", "https://evil.example; script-src *"),
            script_origins=("https://cdn.example", "'unsafe-inline'"),
            headers={"Set-Cookie": "a=b", "Content-Security-Policy": "default-src *", "Cache-Control": "max-age=9",
                     "Access-Control-Allow-Credentials": "true", "X-Own": "yes", "Referrer-Policy": "unsafe-url"},
        )  # fmt: skip

    def _let_in(self, request: WebRequest, doors: PageDoors) -> tuple[str, Merchant, Store]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or request.query.get("token", "")
        if token.count("|") != 2:
            raise WebhookRejected("Say who you are.")
        shop, address, part = token.split("|")
        if self.barrier is not None:
            self.barrier.wait(10)
        store = doors.admit(Proof(token=token, claimed_domain=shop))
        return shop, Merchant(external_id="1", email=address, name="Marta", is_owner=part == "owner"), store


class Torn(Paper):
    """Its pages cannot be listed."""

    name = "torn"

    def pages(self) -> Sequence[Page]:
        raise RuntimeError("torn to pieces")


SCRIPT = """
'use strict';
const token = new URLSearchParams(location.search).get('token');
const say = (path, body, accept) => fetch(path, {method: 'POST', body: JSON.stringify(body), headers: {
  'Authorization': 'Bearer ' + token, 'Content-Type': 'application/json', 'Accept': accept}});
document.addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-form]');
  if (!form) return;
  event.preventDefault();
  const main = document.querySelector('main');
  const answer = await say(main.dataset.act + location.search, Object.fromEntries(new FormData(form)), 'text/html');
  const read = new DOMParser().parseFromString(await answer.text(), 'text/html');
  main.replaceWith(document.adoptNode(read.querySelector('main')));
});
document.addEventListener('click', async (event) => {
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).value);
    copy.parentElement.querySelector('[role=status]').textContent = copy.dataset.done;
  }
  if (!event.target.closest('[data-desk]')) return;
  const told = await (await say('/p/paper/desk', {}, 'application/json')).json();
  const where = {method: 'post', action: '/desk/arrive', target: '_blank'};
  const form = Object.assign(document.createElement('form'), where);
  form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'token', value: told.token}));
  document.body.append(form);
  form.submit();
  form.remove();
});
"""
