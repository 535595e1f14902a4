"""The routes without a sign-in: what is public is alike for everybody, and what a signature, a mailed link or the
server's own keepers have to open stays shut for everybody else. Which these are is in `route_rows`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from route_rows import ADAPTER_PAGES, Kind, Route, read_rows, rows_of
from route_scene import Scene, open_scene
from test_desk_access import add_viewer
from werkzeug.test import TestResponse
from widget_shop import ROOT, form_body, message

from adapters.demo import sign_proof
from adapters.demo.webhooks import sign
from plugin.care import consent_words, talk_token
from plugin.notices import TRACKING, UNSUBSCRIBE, link_token
from plugin.stores import StoreRow
from plugin.web.static_files import stylesheet_url

MADE_UP = "st_AAAAAAAAAAAAAAAA"
SHOP = "uno.myshopify.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}

Call = tuple[str, dict[str, Any]]
"""An address, and what goes with it."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with open_scene(tmp_path_factory.mktemp("open-routes")) as opened:
        opened.counter.add_store(SHOP, platform="shopify", credentials={"access_token": "x"})
        yield opened


def list_strangers(scene: Scene) -> list[tuple[str, FlaskClient | None]]:
    """(token, browser) of nobody, a shopper of ours, one of theirs, and agents: ours, theirs, one who only looks."""
    place = scene.place
    browsers = [scene.counter.sign_in(one) for one in (place.ana, place.eva, add_viewer(place))]
    tokens = [scene.tokens[one] for one in ("victim", "abroad")]
    return [("", None), *((token, None) for token in tokens), *(("", browser) for browser in browsers)]


def read(answer: TestResponse) -> tuple[int, bytes]:
    with answer:
        return answer.status_code, answer.get_data()


# Public


def public_calls(store: str) -> dict[Route, Call]:
    """A working call of every public route."""
    api = f"{ROOT}/stores/{store}"
    article = f"{api}/articles/delivery-times"
    return {
        ("front_page.introduce", "GET"): ("/", {}),
        ("shopper_static.serve_sheet", "GET"): (stylesheet_url(), {}),
        ("shopper_static.serve_drawing", "GET"): ("/static/guide/choose.svg", {}),
        ("widget_files", "GET"): ("/widget/a-build-of-before/panel.js", {}),
        ("desk.file", "GET"): ("/desk/files/desk.css", {}),
        ("hub.show_front", "GET"): (f"/help/{store}/", {}),
        ("hub.show_hub", "GET"): (f"/help/{store}/es/", {}),
        ("hub.show_article", "GET"): (f"/help/{store}/es/delivery-times", {}),
        **hub_calls(f"/help/{store}/es"),
        ("api-docs.openapi_json", "GET"): (f"{ROOT}/openapi.json", {}),
        ("widget.boot", "GET"): (f"{api}/boot?steps=cart", {}),
        ("widget.article", "GET"): (article, {}),
        ("widget.search", "GET"): (f"{api}/search?q=pago", {}),
        ("widget.count", "POST"): (f"{article}/count", {"json": {"kind": "opened"}}),
        ("widget.post_message", "POST"): (f"{api}/messages", {"json": message("hola")}),
        ("widget.send_form", "POST"): (f"{api}/form", {"json": form_body(
            StoreRow(name="Barro y Sol"), client_id=str(uuid.UUID(int=4)))}),
        ("widget.ask_for_code", "POST"): (
            f"{api}/order/code", {"json": {"number": "1001", "email": "alma@example.com"}}),
        ("entry.show_form", "GET"): ("/sign-in?lang=es", {}),
        ("entry.ask_for_link", "POST"): ("/sign-in?lang=es", {"data": {"email": "ana@example.com"}}),
    }  # fmt: skip


def hub_calls(hub: str) -> dict[Route, Call]:
    """Of the forms of the help hub. The message is the same one each time, and so is what is told of it."""
    consent = consent_words(StoreRow(name="Barro y Sol"), "es")
    message = {"text": "hola", "email": "x@y.example", "client_id": str(uuid.UUID(int=1)), "consent": consent}
    return {
        ("hub.show_order_form", "GET"): (f"{hub}/order", {}),
        ("hub.ask_for_order", "POST"): (f"{hub}/order", {"data": {"number": "9", "email": "x@y.example"}}),
        ("hub.show_contact_form", "GET"): (f"{hub}/contact", {}),
        ("hub.send_contact_form", "POST"): (f"{hub}/contact", {"data": message}),
        ("hub.show_data", "GET"): (f"{hub}/data", {}),
        ("hub.ask_for_requests", "POST"): (f"{hub}/requests", {"data": {"email": "x@y.example"}}),
        ("hub.leave_requests", "POST"): (f"{hub}/requests/leave", {}),
        ("hub.tell_helped", "POST"): (f"{hub}/delivery-times", {"data": {"helped": "yes"}}),
    }


OWN = {
    ("widget.post_message", "POST"), ("widget.ask_for_code", "POST"), ("hub.ask_for_order", "POST"),
    ("hub.show_contact_form", "GET"), ("widget.send_form", "POST"),
}  # fmt: skip
"""What is public to begin, and gives whoever begins something of their own."""
NO_STORE = {"widget_files", "desk.file", "api-docs.openapi_json", "entry.ask_for_link"}
"""Files that are the same on every server, and a form that shows again what was typed."""


def test_what_is_public_is_the_same_for_everybody_and_holds_nobody_s_own(scene: Scene) -> None:
    calls = public_calls(scene.place.ours.public_id)
    assert set(calls) == set(rows_of(Kind.PUBLIC))
    for route, (url, given) in calls.items():
        told = set()
        for token, browser in list_strangers(scene):
            # A token is looked at where a talk goes on with it; there each speaks as a newcomer.
            with scene.ask(route[1], url, "" if route in OWN else token, browser, **given) as answer:
                assert answer.status_code < 400, (route, answer.status_code)
                assert "Set-Cookie" not in answer.headers
                text = answer.get_data(as_text=True)
                told.add((answer.status_code, text))
            if route[0] not in NO_STORE:
                assert not [one for one in scene.secrets() if one in text], route
        assert len(told) == 1 or route in OWN, route


def test_what_is_public_of_a_store_is_not_there_for_a_store_that_is_not(scene: Scene) -> None:
    asked = [(route, call) for route, call in public_calls(MADE_UP).items() if MADE_UP in call[0]]
    assert len(asked) == 18
    for route, (url, given) in asked:
        assert read(scene.ask(route[1], url, **given))[0] == 404, route


# What a platform signs


def make_proof(scene: Scene, store: StoreRow, secret: str, order: str = "1001") -> str:
    ends_at = scene.counter.clock.now().replace(year=2030)
    return sign_proof(store.public_id, secret, expires_at=ends_at, order=order)


def platform_calls(scene: Scene) -> dict[Route, list[tuple[Call, set[int]]]]:
    """Of every route that takes what a platform signed: calls with anything else, and how they are refused."""
    ours, theirs = scene.place.ours, scene.place.theirs
    body = json.dumps({"id": 1}).encode()
    forged = (make_proof(scene, ours, "a-guess"), make_proof(scene, theirs, theirs.webhook_secret), "x", "A" * 5000)
    calls: dict[Route, list[tuple[Call, set[int]]]] = {
        ("hooks.receive", "POST"): [
            ((f"/hooks/demo/{ours.hook_key}", hook(body, seal)), {401})
            for seal in ("", "AAAA", sign(body, "a-guess"), sign(body + b" ", ours.webhook_secret))
        ] + [((f"/hooks/{one}/{'A' * 22}", hook(body, "x")), {404}) for one in ("demo", "woocommerce", "shopify")],
        ("hooks.receive_for_app", "POST"): [
            (("/hooks/shopify", {"data": body}), {401}), (("/hooks/demo", {"data": body}), {404}),
            (("/hooks/shopify", {"data": body, "headers": {"X-Shopify-Hmac-Sha256": "AAAA", "X-Shopify-Topic": "x",
              "X-Shopify-Shop-Domain": SHOP}}), {401}),
        ],
        ("entry.take_word", "POST"): [
            ((f"/desk/enter/{platform}", {"data": {"proof": word}}), {400, 403})
            for platform in ("demo", "shopify", "woocommerce", "nobody") for word in ("", *forged)
        ],
        ("widget.order", "POST"): [
            ((f"{ROOT}/stores/{ours.public_id}/order", {"json": {"proof": word}}), {404}) for word in forged[:3]
        ],
        ("tracking.show_platform_tracking", "GET"): [
            ((f"/t/{platform}/{word}", {}), {404}) for platform in ("demo", "woocommerce") for word in forged
        ],
    }  # fmt: skip
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        calls["pages.visit_page", method] = [
            ((f"/p/{path}?shop={SHOP}", {"json": {"order": "1"}} if method != "GET" else {}), {401, 403, 404, 405})
            for path in ("nobody/home", "shopify/nothing", "shopify/session", "demo/home")
        ]  # fmt: skip
    return calls


def hook(body: bytes, seal: str) -> dict[str, Any]:
    return {"data": body, "headers": {"X-Demo-Topic": "order.updated", "X-Demo-Signature": seal}}


def test_what_no_platform_signed_is_refused_whoever_sends_it(scene: Scene) -> None:
    calls, strangers = platform_calls(scene), list_strangers(scene)
    assert set(calls) == set(rows_of(Kind.PLATFORM))
    before = scene.counter.dump()
    for route, tried in calls.items():
        for (url, given), refusals in tried:
            told = set()
            for token, browser in strangers:
                status, page = read(scene.ask(route[1], url, token, browser, **given))
                assert status in refusals, (route, url, status)
                assert not [one for one in scene.secrets() if one.encode() in page], route
                told.add((status, page))
            assert len({status for status, _ in told}) == 1, (route, url)
    assert scene.counter.dump() == before


def test_the_same_routes_open_to_what_the_store_s_platform_signed(scene: Scene) -> None:
    """Else the refusals above might be of something else."""
    ours, body = scene.place.ours, json.dumps({"id": 1}).encode()
    kept = scene.ask("POST", f"/hooks/demo/{ours.hook_key}", **hook(body, sign(body, ours.webhook_secret)))
    assert read(kept) == (200, b"kept\n")
    wish = {"proof": make_proof(scene, ours, ours.webhook_secret)}
    shown = scene.ask("POST", f"{ROOT}/stores/{ours.public_id}/order", json=wish)
    assert shown.status_code == 200 and shown.json is not None and shown.json["order"]["number"] == "1001"


def test_an_adapter_s_page_answers_to_its_platform_s_word_and_to_no_cookie_or_token_of_ours(scene: Scene) -> None:
    """The merchant's own cookie says nothing there: another site may have opened the page."""
    strangers, before = list_strangers(scene), scene.counter.dump()
    rows = read_rows(ADAPTER_PAGES)
    assert len(rows) >= 14
    for (page, method), kind in rows:
        told = set()
        for token, browser in [*strangers, ("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", None)]:
            given = {"json": {"order": "1"}} if method == "POST" else {}
            url = f"/p/{page}?shop={SHOP}&embedded=1&shopify-reload=/p/shopify/home"
            status, text = read(scene.ask(method, url, token, browser, **given))
            told.add((status, text))
            if kind is Kind.PLATFORM:
                assert status in (401, 403) or (page, method, status) == ("shopify/home", "GET", 302), (page, status)
            else:
                assert status == 200, (page, status)
        assert len(told) == 1, page
    assert scene.counter.dump() == before


# Links, codes, and the state of a browser


def link_calls(scene: Scene) -> dict[Route, list[tuple[Call, int]]]:
    """Of every route that a secret opens: calls with a forged one, one for another purpose, one never given."""
    ours, theirs, order = scene.place.ours, scene.place.theirs, scene.place.order
    key = scene.counter.house.doors.settings.index_key

    def links(purpose: str, other: str, end: str = "") -> list[str]:
        good = link_token(key, purpose, ours.id, order.id)
        return [f"/{purpose}/{one}{end}" for one in (
            link_token(key, other, ours.id, order.id), link_token("a-guess" * 6, purpose, ours.id, order.id), good[:-1],
            link_token(key, purpose, theirs.id, order.id), link_token(key, purpose, 999, order.id), "x")]  # fmt: skip

    check = {"handle": "oc_" + "A" * 22, "code": "123456", "client_id": str(uuid.uuid4())}
    form = {"data": {"shop": "x.example", "state": "A" * 22, "ticket": "A" * 22, "staff": "x"}}
    token = {"data": {"token": "A" * 32, "sure": "yes"}}
    return {
        ("tracking.show_tracking", "GET"): [((one, {}), 404) for one in links(TRACKING, UNSUBSCRIBE)],
        ("unsubscribe.ask", "GET"): [((one, {}), 404) for one in links(UNSUBSCRIBE, TRACKING)],
        ("unsubscribe.stop", "POST"): [((one, {"data": ONE_CLICK}), 404) for one in links(UNSUBSCRIBE, TRACKING)],
        ("unsubscribe.start_again", "POST"): [((one, {}), 404) for one in links(UNSUBSCRIBE, TRACKING, "/again")],
        ("entry.show_link", "GET"): [((f"/sign-in/{one}", {}), 410) for one in ("A" * 32, scene.tokens["victim"])],
        ("entry.use_link", "POST"): [(("/sign-in/enter", token), 410), (("/sign-in/enter", {}), 410)],
        ("entry.show_invitation", "GET"): [
            ((f"/sign-in/invitation/{one}", {}), 410) for one in ("A" * 32, "x", scene.tokens["victim"])],
        ("entry.accept", "POST"): [(("/sign-in/accept", token), 410), (("/sign-in/accept", {}), 410)],
        ("entry.arrive", "POST"): [(("/desk/arrive", token), 403), (("/desk/arrive", {}), 403)],
        **hub_links(scene),
        ("widget.check_code", "POST"): [
            ((f"{ROOT}/stores/{one.public_id}/order/code/check", {"json": check}), 422) for one in (ours, theirs)],
        ("install.ask", "GET"): [(("/install/woocommerce?ticket=" + "A" * 22, {}), 403), (("/install/demo", {}), 403)],
        ("install.begin", "POST"): [(("/install/woocommerce", form), 403), (("/install/demo", form), 403)],
        ("install.come_back", "GET"): [(("/install/woocommerce/callback?success=1&state=x", {}), 400)],
        ("install.come_back", "POST"): [((f"/install/{one}/callback", form), 400) for one in ("woocommerce", "demo")],
        ("install.show_connected", "GET"): [(("/install/demo/connected", {}), 404)],
        ("install.pick_owner", "POST"): [(("/install/demo/owner", form), 403)],
    }  # fmt: skip


def hub_links(scene: Scene) -> dict[Route, list[tuple[Call, int]]]:
    """Of the help hub: codes that nobody mailed, links and keys that are forged, foreign, or of a talk without the
    address."""
    ours, vault, now = scene.place.ours, scene.counter.db.vault, scene.counter.clock.now()
    key = scene.counter.house.doors.settings.index_key
    index, hub = vault.index("email", "alma@example.com"), f"/help/{scene.place.ours.public_id}/es"
    tokens = ["x", talk_token(vault, ours.id, scene.talk, index, now), talk_token(vault, 999, "", index, now),
              link_token(key, TRACKING, ours.id, scene.place.order.id)]  # fmt: skip
    keys: list[dict[str, Any]] = [{"headers": {"Cookie": f"mostrador_requests={one}"}} for one in tokens]
    code = {"handle": "oc_" + "A" * 22, "code": "123456", "number": "9", "email": "x@y.example",
            "client_id": str(uuid.UUID(int=2))}  # fmt: skip
    reply = {"text": "hola", "client_id": str(uuid.UUID(int=3))}
    return {
        ("hub.show_link", "GET"): [((f"/c/{one}", {}), 404) for one in tokens],
        ("hub.use_link", "POST"): [((f"/c/{one}", {}), 404) for one in tokens],
        ("hub.open_order", "POST"): [((f"{hub}/order/code", {"data": code}), 422)],
        ("hub.show_requests", "GET"): [((f"{hub}/requests", one), 200) for one in ({}, *keys)],
        ("hub.show_talk", "GET"): [((f"{hub}/requests/{scene.talk}", one), 404) for one in ({}, *keys)],
        ("hub.reply_in_talk", "POST"): [
            ((f"{hub}/requests/{scene.talk}", {"data": reply, **one}), 404) for one in ({}, *keys)],
        ("hub.rate_talk", "POST"): [
            ((f"{hub}/requests/{scene.talk}/rating", {"data": {"score": "1"}, **one}), 404) for one in ({}, *keys)],
    }  # fmt: skip


def test_what_a_mailed_link_opens_stays_shut_without_that_very_link(scene: Scene) -> None:
    calls = link_calls(scene)
    assert set(calls) == set(rows_of(Kind.LINK))
    viewer = scene.counter.sign_in(add_viewer(scene.place))
    before = scene.counter.dump()
    for route, tried in calls.items():
        for (url, given), refusal in tried:
            # A code is tried with one's own token or none; elsewhere no token is looked at.
            tokens = ("", scene.tokens["victim"] if route[0] != "widget.check_code" else "")
            for token, browser in [*((one, None) for one in tokens), ("", viewer)]:
                with scene.ask(route[1], url, token, browser, **given) as answer:
                    text = answer.get_data(as_text=True)
                    assert answer.status_code == refusal, (route, url, answer.status_code)
                    assert "mostrador-desk" not in answer.headers.get("Set-Cookie", ""), route
                assert not [one for one in scene.secrets() if one in text], route
    assert scene.counter.dump() == before


def test_the_same_links_open_with_the_right_token(scene: Scene) -> None:
    """Else the refusals above might be of something else."""
    key = scene.counter.house.doors.settings.index_key
    for purpose in (TRACKING, UNSUBSCRIBE):
        good = link_token(key, purpose, scene.place.ours.id, scene.place.order.id)
        assert read(scene.ask("GET", f"/{purpose}/{good}"))[0] == 200
    mailed = scene.counter.mint_link(scene.place.ana)
    assert read(scene.ask("GET", f"/sign-in/{mailed}"))[0] == 200
    assert read(scene.ask("POST", "/sign-in/enter", data={"token": mailed}))[0] == 303
    assert read(scene.ask("POST", "/sign-in/enter", data={"token": mailed}))[0] == 410, "once"


def test_what_the_server_says_of_itself_holds_nothing_of_any_store(scene: Scene) -> None:
    for (endpoint, method), path in zip(rows_of(Kind.INTERNAL), ("/healthz", "/readyz"), strict=True):
        assert endpoint.startswith("health.") and method == "GET"
        told = {read(scene.ask(method, path, token, browser)) for token, browser in list_strangers(scene)}
        assert len(told) == 1
        [(_, text)] = told
        assert len(text) < 200 and b"example" not in text and b"st_" not in text
