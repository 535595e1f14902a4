"""What checkout, thank-you and order status ask us: by the token alone, each for its own shop, and no more than it
proves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from shopify_hand import (
    CLOCK,
    IDENTITY,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SHOP,
    admin_claims,
    answer_as_shopify,
    make_app,
    make_keys,
    make_shop,
    shopper_claims,
    sign_jwt,
)
from shopify_house import HandDoors

from adapters.shopify.pages import list_pages
from adapters.shopify.proof import read_proof, verify_proof
from plugin.contract import PlatformDown, RateLimited, TrackingLink, Visitor, WebRequest
from plugin.testing.fakes import RecordingHttp, make_answer

GUEST = sign_jwt(shopper_claims())
CUSTOMER = sign_jwt(shopper_claims(sub="gid://shopify/Customer/7001"))
STRANGER = sign_jwt(shopper_claims(sub="gid://shopify/Customer/7002"))
ORDER = "gid://shopify/Order/5001"
BAD_TOKENS = {
    "none": "", "rubbish": "a.b.c", "expired": sign_jwt(shopper_claims(exp=NOW - 11)),
    "the admin's": sign_jwt(admin_claims()),
    "forged": sign_jwt(shopper_claims(), "x" * 40), "another app's": sign_jwt(shopper_claims(aud="x")),
    "of no shop": sign_jwt(shopper_claims("evil.com")),
}  # fmt: skip
ORDERS = {"5001": {"number": "#1001", "status": "processing"}}


def make_doors() -> HandDoors:
    return HandDoors(make_shop(), make_shop(OTHER_SHOP), orders=ORDERS)


def visit(path, token=GUEST, body=None, query=None, doors=None, http=None):
    page = next(
        one for one in list_pages(make_app(http or RecordingHttp(answer_as_shopify))) if one.path == path
    )
    method = "GET" if body is None else "POST"
    assert method in page.methods
    headers = {"authorization": f"Bearer {token}"} if token else {}
    sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = WebRequest(
        method=method, path=f"/p/shopify/{path}", query=query or {}, headers=headers, body=sent
    )
    answer = page.handle(request, doors or make_doors())
    return answer, json.loads(answer.body) if answer.content_type == "application/json" else answer.body


def believe(proof: str, shop: str = SHOP):
    return verify_proof(read_proof(proof), make_shop(shop), IDENTITY, CLOCK.now())


def test_UNAUTHENTICATED_ENDPOINT_every_page_is_known_with_its_method_and_its_cors():
    pages = {page.path: (page.methods, page.cors) for page in list_pages(make_app())}
    assert pages == {
        "home": (("GET", "POST"), False), "bounce": (("GET",), False), "home.js": (("GET",), False),
        "desk": (("POST",), False), "extensions": (("POST",), False), "chat": (("GET",), False),
        "chat.js": (("GET",), False), "chat.css": (("GET",), False), "session": (("POST",), False),
        "links": (("GET",), True), "order": (("POST",), True), "proxy": (("GET",), False),
        "proxy/proof": (("GET",), False),
    }  # fmt: skip


@pytest.mark.parametrize("path", ["session", "links", "order"])
@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_UNAUTHENTICATED_ENDPOINT_without_a_good_token_nothing_is_asked(path, token):
    doors, http = make_doors(), RecordingHttp()
    answer, _ = visit(path, token, None if path == "links" else {"order": ORDER, "checkout_token": "tok-1"},
    {"shop": SHOP},
                      doors, http)  # fmt: skip
    assert (answer.status, doors.asked, http.requests) == (401, [], [])


@pytest.mark.parametrize("path", ["session", "links", "order"])
def test_a_shop_that_is_not_here_has_no_store(path):
    doors = HandDoors(make_shop(OTHER_SHOP))
    assert visit(path, GUEST, None if path == "links" else {}, {}, doors)[0].status == 404


def test_the_chat_page_is_framed_by_its_shops_checkout_and_tells_nobody_without_a_token():
    doors = HandDoors(make_shop(origins=(f"https://{SHOP}", "https://www.floresdelvalle.co")))
    answer, body = visit(
        "chat", "", query={"id_token": GUEST, "locale": "es-CO", "handle": "mostrador-chat"}, doors=doors
    )
    assert answer.status == 200 and answer.script_origins == ("https://cdn.shopify.com",)
    assert set(answer.frame_ancestors) == {
        f"https://{SHOP}", "https://checkout.shopify.com", "https://shop.app", "https://*.shopify.com",
        "https://www.floresdelvalle.co",
    }, "another shop is not among them"  # fmt: skip
    text = body.decode()
    head = text.partition("<head>")[2].lstrip()
    assert head.startswith(
        '<script src="https://cdn.shopify.com/shopifycloud/checkout-web/assets/app-bridge-checkout.js">'
    )
    assert "/static/widget/abc/document.js" in text and "https://care.example/help/st_flor/" in text
    assert "__" not in text and GUEST not in text and SHOP not in text


def test_MISSING_EMBEDDED_CSP_without_a_good_token_the_chat_page_is_framed_by_nobody():
    for token in BAD_TOKENS.values():
        answer, body = visit("chat", "", query={"id_token": token})
        assert (answer.status, answer.frame_ancestors) == (401, ()) and b"<script" not in body
    answer, _ = visit("chat", GUEST, query={})
    assert (answer.status, answer.frame_ancestors) == (401, ())
    answer, _ = visit("chat", "", query={"id_token": GUEST}, doors=HandDoors())
    assert (answer.status, answer.frame_ancestors) == (404, ())


def test_the_chats_script_and_style_are_served():
    for path, kind in (("chat.js", "text/javascript"), ("chat.css", "text/css")):
        answer, body = visit(path, "")
        assert answer.content_type.startswith(kind) and len(body) > 100


def test_a_session_of_a_guest_is_the_store_and_no_person():
    answer, said = visit(
        "session", body={"step": "payment", "basket": "125.00 COP", "order": "", "checkout_token": "tok-1"}
    )
    assert answer.status == 200 and answer.headers["Cache-Control"] == "no-store"
    assert said == {
        "store": "st_flor", "api": "https://care.example", "accent": "", "locale": "es",
        "steps": ["checkout", "payment"],
        "basket": "125.00 COP", "proof": None, "document": "/static/widget/abc/document.js",
    }  # fmt: skip


def test_a_customer_who_is_signed_in_gets_a_proof_of_that_and_the_old_secret_counts():
    assert believe(visit("session", CUSTOMER, {})[1]["proof"]) == Visitor(customer_id="7001")
    old = sign_jwt(shopper_claims(sub="gid://shopify/Customer/7001"), OLD_SECRET)
    assert believe(visit("session", old, {})[1]["proof"]) == Visitor(customer_id="7001")


def test_a_thank_you_page_gets_a_proof_of_the_order_that_came_from_its_own_checkout():
    body = {"step": "thank-you", "order": "gid://shopify/OrderIdentity/5001", "checkout_token": "tok-1"}
    said = visit("session", body=body)[1]
    assert believe(said["proof"]) == Visitor(order_external_id="5001") and said["steps"] == ["thank_you"]
    assert visit("session", body=body | {"checkout_token": "tok-2"})[1]["proof"] is None
    assert visit("session", body=body, http=RecordingHttp(make_keys(order="")))[1]["proof"] is None
    for nothing in ("", None):
        http = RecordingHttp(make_keys(checkout=nothing))
        assert visit("session", body=body | {"checkout_token": nothing}, http=http)[1]["proof"] is None
        assert visit("session", body=body, http=http)[1]["proof"] is None


def test_the_token_of_an_old_orders_checkout_proves_nobody():
    """It stands on the page that every mail about the order leads to."""
    body = {"step": "thank-you", "order": ORDER, "checkout_token": "tok-1"}
    for minutes, proven in ((119, True), (121, False), (60 * 24 * 30, False), (-121, False)):
        http = RecordingHttp(make_keys(age=timedelta(minutes=minutes)))
        assert bool(visit("session", body=body, http=http)[1]["proof"]) is proven, minutes
    http = RecordingHttp(make_keys(age=timedelta(days=9)))
    assert believe(visit("session", CUSTOMER, body, http=http)[1]["proof"]) == Visitor(customer_id="7001")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 9999, b"\xff", {"order": 5,
                                  "checkout_token": ["x"]},
                                  {"order": "gid://shopify/Product/5001", "checkout_token": "tok-1"},
                                  {"step": ["x"], "steps": "checkout", "basket": {"a": 1}, "locale": 5}])  # fmt: skip
def test_hints_that_are_none_are_left_out(body):
    answer, said = visit("session", body=body)
    assert (answer.status, said["proof"], said["basket"], said["locale"]) == (200, None, "", "es")


def test_hints_are_cleaned_and_never_name_another_store():
    body = {"store": "st_cafe", "shop": OTHER_SHOP, "basket": "<b>\n" * 100, "locale": "pt-BR",
            "steps": ["checkout", "evil", "payment", "checkout"], "step": "<script>"}  # fmt: skip
    said = visit("session", body=body, query={"shop": OTHER_SHOP})[1]
    assert (said["store"], said["locale"], said["steps"]) == ("st_flor", "pt_BR", ["checkout", "payment"])
    assert len(said["basket"]) <= 60 and "\n" not in said["basket"]


def test_links_come_for_the_steps_of_the_purchase():
    doors = make_doors()
    answer, said = visit("links", query={"step": "payment,thank-you,evil", "locale": "pt-BR"}, doors=doors)
    assert answer.status == 200 and said["hub_url"].startswith("https://care.example/help/st_flor/")
    assert doors.asked == [("list_links", SHOP, ["checkout", "payment", "thank_you"], "pt_BR")]


def ask_order(token, doors=None, http=None, **changes):
    body = {"order": ORDER, "confirmation_number": "", "checkout_token": "", "locale": "es"} | changes
    return visit("order", token, body, doors=doors, http=http)


def test_its_customer_who_is_signed_in_sees_an_order_whole():
    for more in ({}, {"checkout_token": "tok-1", "confirmation_number": "XPAV284CT"}):
        doors = make_doors()
        answer, said = ask_order(CUSTOMER, doors, **more)
        assert answer.status == 200 and said == {"order": ORDERS["5001"], "redacted": False}
        assert doors.asked[-1] == ("show_order", SHOP, Visitor(order_external_id="5001"), "es")


def test_pre_authenticated_visitors_see_how_it_stands_and_get_no_proof():
    """What the page behind a mail's link knows, its checkout's token and its number, whoever has the mail knows."""
    for token in (GUEST, STRANGER):
        for more in ({"checkout_token": "tok-1"}, {"confirmation_number": "XPAV284CT"},
                     {"checkout_token": "tok-1", "confirmation_number": "XPAV284CT"}):  # fmt: skip
            doors = make_doors()
            answer, said = ask_order(token, doors, **more)
            assert answer.status == 200 and said == {"order": ORDERS["5001"], "redacted": True}
            assert doors.asked[-1] == ("show_order", SHOP, TrackingLink(order_external_id="5001"), "es")


NOTHING = [
    (GUEST, {}), (STRANGER, {}), (GUEST, {"confirmation_number": "XPAV284C"}), (GUEST,
    {"confirmation_number": "xpav284ct"}),
    (GUEST, {"checkout_token": "tok-2"}), (GUEST, {"checkout_token": "XPAV284CT"}), (GUEST,
    {"confirmation_number": "tok-1"}),
    (GUEST, {"checkout_token": ["tok-1"]}), (GUEST, {"checkout_token": None}), (GUEST,
    {"checkout_token": "tok-1" * 99}),
    (CUSTOMER, {"order": "5001"}), (CUSTOMER, {"order": "gid://shopify/Customer/5001"}), (CUSTOMER, {"order": ""}),
    (CUSTOMER, {"order": "gid://shopify/Order/0"}), (CUSTOMER, {"order": None}), (CUSTOMER, {"order": f"{ORDER}?x\n"}),
]  # fmt: skip


def test_everything_else_is_the_same_404():
    answers = [ask_order(token, **more)[0] for token, more in NOTHING]
    answers.append(ask_order(CUSTOMER, http=RecordingHttp(make_keys(order="")))[0])
    answers.append(ask_order(CUSTOMER, HandDoors(make_shop()))[0])
    for nothing in ("", None):
        http = RecordingHttp(make_keys(customer="", checkout=nothing, number=nothing))
        shown = {"checkout_token": nothing, "confirmation_number": nothing}
        answers += [ask_order(GUEST, http=http)[0], ask_order(GUEST, http=http, **shown)[0]]
    assert {(one.status, one.body, tuple(sorted(one.headers.items()))) for one in answers} == {
        (404, answers[0].body, (("Cache-Control", "no-store"),))
    }  # fmt: skip


def test_who_shows_nothing_costs_the_shop_no_question():
    for token, more in ((GUEST, {}), (GUEST, {"checkout_token": None}), (CUSTOMER, {"order": "5001"})):
        http = RecordingHttp(answer_as_shopify)
        assert ask_order(token, http=http, **more)[0].status == 404 and http.requests == []


def test_an_order_without_a_customer_is_not_that_of_a_token_without_one():
    assert ask_order(GUEST, http=RecordingHttp(make_keys(customer="")))[0].status == 404


def test_REQUEST_DERIVED_SHOP_SCOPE_an_order_is_asked_of_the_tokens_shop_with_its_own_access():
    http = RecordingHttp(answer_as_shopify)
    token = sign_jwt(shopper_claims(OTHER_SHOP, sub="gid://shopify/Customer/7001"))
    doors = make_doors()
    visit("order", token, {"order": ORDER, "shop": SHOP, "store": "st_flor"}, {"shop": SHOP}, doors, http)
    (sent,) = http.requests
    assert (
        sent.url.startswith(f"https://{OTHER_SHOP}/")
        and sent.headers["X-Shopify-Access-Token"] == "shpat_cafe"
    )
    assert {one[1] for one in doors.asked} == {OTHER_SHOP}


@pytest.mark.parametrize("answer", [
    PlatformDown("The shop has not paid its bill."), make_answer(402, json_body={"errors": "Payment Required"}),
    make_answer(403, json_body={"errors": "[API] the merchant's own business"}), make_answer(401, json_body={}),
    make_answer(429, headers={"Retry-After": "7"}), make_answer(404, json_body={"errors": "Not Found"}),
    make_answer(json_body={"errors": [{"message": "the merchant's own business"}]}),
])  # fmt: skip
def test_a_shop_that_does_not_answer_is_no_404_and_its_trouble_is_not_told_to_shoppers(answer):
    with pytest.raises((PlatformDown, RateLimited)) as caught:
        ask_order(CUSTOMER, http=RecordingHttp(answer))
    assert caught.value.args in ((), ("",)) and caught.value.__cause__ is None


def test_the_chat_stands_also_where_the_shop_does_not_answer():
    body = {"order": ORDER, "checkout_token": "tok-1"}
    answer, said = visit("session", CUSTOMER, body, http=RecordingHttp(PlatformDown("away")))
    assert answer.status == 200 and believe(said["proof"]) == Visitor(customer_id="7001")
