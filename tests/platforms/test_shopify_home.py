"""The embedded home opens by Shopify's session token alone, in its own shop's frame, and leads nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from shopify_hand import (
    CLIENT_ID,
    NOW,
    OTHER_SHOP,
    SHOP,
    admin_claims,
    answer_as_shopify,
    make_app,
    make_shop,
    make_tokens,
    shopper_claims,
    sign_jwt,
)
from shopify_house import HandDoors

from adapters.shopify import home
from adapters.shopify.pages import list_pages
from plugin.contract import InstallRejected, Merchant, PlatformDown, RateLimited, WebRequest, Words
from plugin.testing.fakes import RecordingHttp, make_answer

OLGA = Merchant(external_id="42", email="olga@example.com", name="Olga Gómez", is_owner=True)
BAD_TOKENS = {
    "none": "", "rubbish": "a.b.c", "expired": sign_jwt(admin_claims(exp=NOW - 60)),
    "forged": sign_jwt(admin_claims(), "x" * 40),
    "another app's": sign_jwt(admin_claims(aud="x")), "a shopper's": sign_jwt(shopper_claims()),
    "a customer's": sign_jwt(shopper_claims(sub="gid://shopify/Customer/42")),
    "of no shop": sign_jwt(admin_claims(dest="https://evil.com", iss="https://evil.com/admin")),
}  # fmt: skip
FRAMED_BY_SHOP = (f"https://{SHOP}", "https://admin.shopify.com")


def visit(path, query=None, token="", body=None, doors=None, http=None, method=None, **values):
    app = make_app(http or RecordingHttp(answer_as_shopify), **values)
    page = next(one for one in list_pages(app) if one.path == path)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    method = method or ("POST" if body is not None else "GET")
    assert method in page.methods
    sent = b"" if body is None else json.dumps(body).encode()
    request = WebRequest(
        method=method, path=f"/p/shopify/{path}", query=query or {}, headers=headers, body=sent
    )
    return page.handle(request, doors or HandDoors(make_shop(), make_shop(OTHER_SHOP)))


def good_query(shop: str = SHOP, **more: str) -> dict[str, str]:
    return {
        "shop": shop,
        "embedded": "1",
        "host": "YWRtaW4",
        "locale": "es",
        "id_token": sign_jwt(admin_claims(shop)),
        **more,
    }


def test_a_good_token_shows_the_home_of_its_shop_in_its_frame():
    doors = HandDoors(make_shop())
    answer = visit("home", good_query(), doors=doors)
    assert (answer.status, answer.frame_ancestors) == (200, FRAMED_BY_SHOP)
    _, domain, merchant, frame, locale = doors.asked[-1]
    assert (domain, merchant, locale) == (SHOP, OLGA, "es")
    assert frame.meta == {"shopify-api-key": CLIENT_ID}
    assert frame.head_scripts == (
        "https://cdn.shopify.com/shopifycloud/app-bridge.js", "https://cdn.shopify.com/shopifycloud/polaris.js",
    )  # fmt: skip
    assert (frame.scripts, frame.act_url) == (("/p/shopify/home.js",), "/p/shopify/home")
    assert frame.script_origins == ("https://cdn.shopify.com",)
    assert any("https://care.example/help/" in text for one in frame.sections for _, text in one.texts)


def test_STATIC_FRAME_ANCESTORS_two_shops_in_turn_are_framed_each_by_itself():
    for shop, other in ((SHOP, OTHER_SHOP), (OTHER_SHOP, SHOP)) * 2:
        for answer in (visit("home", good_query(shop)), visit("home", good_query(shop) | {"shop": other}),
                       visit("home", body={"mail_mode": "all"}, token=sign_jwt(admin_claims(shop)))):  # fmt: skip
            assert answer.frame_ancestors == (f"https://{shop}", "https://admin.shopify.com")


def test_MISSING_EMBEDDED_CSP_the_words_of_a_refusal_are_framed_too_and_escaped():
    for trouble, status in ((InstallRejected(Words("<b>{name}</b> no", name="<i>")), 422), (RateLimited("wait"), 503),
                            (PlatformDown("away"), 422)):  # fmt: skip
        doors = HandDoors(make_shop())
        doors.refusal = trouble
        answer = visit("home", good_query(), doors=doors)
        assert (answer.status, answer.frame_ancestors) == (status, FRAMED_BY_SHOP)
        assert b"<b>" not in answer.body and b"<i>" not in answer.body and b"app-bridge.js" in answer.body


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_a_document_without_a_good_token_goes_for_a_fresh_one_and_comes_back(token):
    http = RecordingHttp()
    answer = visit("home", good_query(id_token=token, extra="x", next="https://evil.com"), http=http)
    assert answer.status == 302 and answer.headers["Cache-Control"] == "no-store" and http.requests == []
    parts = urlsplit(answer.headers["Location"])
    query = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("", "", "/p/shopify/bounce")
    assert set(query) == {"shop", "embedded", "host", "locale", "shopify-reload"} and query["shop"] == [SHOP]
    (back,) = query["shopify-reload"]
    assert (
        back.startswith("/p/shopify/home?")
        and "evil" not in back
        and "id_token" not in answer.headers["Location"]
    )
    bounce = visit("bounce", {name: value for name, (value,) in query.items()})
    assert (bounce.status, bounce.frame_ancestors, bounce.script_origins) == (
        200, FRAMED_BY_SHOP, ("https://cdn.shopify.com",)
    )  # fmt: skip
    assert f'data-api-key="{CLIENT_ID}"'.encode() in bounce.body and SHOP.encode() not in bounce.body
    again = visit(
        "home",
        {name: value for name, (value,) in parse_qs(urlsplit(back).query).items()} | {"id_token": token},
    )
    assert again.status == 401, "a token that is refused again does not go round for ever"
    later = {"again": str(NOW - 60), "id_token": token}
    assert visit("home", good_query(**later)).status == 302, "and a page left open is loaded again later"


def test_Shopify_itself_finding_the_token_stale_also_fetches_a_fresh_one():
    stale = RecordingHttp(make_answer(400, json_body={"error": "invalid_subject_token"}))
    assert visit("home", good_query(), http=stale).status == 302
    for path in ("home", "desk"):
        answer = visit(path, body={"mail_mode": "all"}, token=sign_jwt(admin_claims()), http=stale)
        assert (answer.status, answer.headers["X-Shopify-Retry-Invalid-Session-Request"]) == (401, "1")


@pytest.mark.parametrize("path", ["home", "desk", "extensions"])
@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_CSRF_MISSING_PROTECTION_a_script_without_a_good_token_is_asked_again_and_nothing_is_done(
    path, token
):
    doors, http = HandDoors(make_shop()), RecordingHttp()
    answer = visit(path, good_query(), body={"mail_mode": "all"}, token=token, doors=doors, http=http)
    assert (answer.status, answer.headers["X-Shopify-Retry-Invalid-Session-Request"]) == (401, "1")
    assert doors.asked == [] and http.requests == []


RELOADS = [
    "", "https://evil.com", "//evil.com", "/\\evil.com", "/p/shopify/home/../../evil", "/p/shopify/homeevil", "/desk/",
    "https://evil.com/p/shopify/home", "/p/shopify/home@evil.com", "/p/shopify/home\\@evil.com", "javascript:alert(1)",
    "/p/shopify/home#//evil.com", "/p/shopify/home?next=https://evil.com", "/p/shopify/home?id_token=x",
    " /p/shopify/home",
    "/p/shopify/home\n", "/p/shopify/home%0d%0aLocation:evil", "/%2f/evil.com", "p/shopify/home", "/p//shopify/home",
    "http:/p/shopify/home", "///p/shopify/home", "/p/shopify/home;x", "/p/shopify/home?shop=a;//evil",
    "/P/SHOPIFY/HOME",
    "/p/shopify/home?locale=es,https://evil.com", "/p/shopify/home?host=//evil.com", "/p/shopify/home?shop=evil.com",
    f"/p/shopify/home?shop={SHOP}&again=1%0d%0aevil", f"/p/shopify/home?shop={SHOP},//evil.com",
    "/p/shopify/home?embedded=",
    "/p/shopify/bounce", "/p/shopify/home?" + "a" * 2000, "/p/shopify/homé", "/p/shopify/home,/p/shopify/home",
]  # fmt: skip


@pytest.mark.parametrize("reload", RELOADS, ids=repr)
def test_OPEN_REDIRECT_the_bounce_page_goes_back_to_the_home_and_nowhere_else(reload):
    answer = visit("bounce", {"shop": SHOP, "shopify-reload": reload})
    assert answer.status == 400
    assert b"evil" not in answer.body and "Location" not in answer.headers


@pytest.mark.parametrize(
    "shop", ["", "evil.com", f"{SHOP}.evil.com", f"{SHOP}@evil.com", f"{SHOP},{SHOP}", "*", "https:"]
)
def test_WEAK_SHOP_VALIDATION_no_other_name_frames_anything_or_is_redirected_to(shop):
    for path, query in (
        ("bounce", {"shop": shop, "shopify-reload": "/p/shopify/home"}),
        ("home", {"shop": shop}),
    ):
        answer = visit(path, query)
        assert (answer.status, answer.frame_ancestors) == (400, ())
        assert b"evil" not in answer.body and "Location" not in answer.headers


def test_outside_of_the_admin_the_way_leads_into_it_and_to_no_other_place():
    answer = visit("home", {"shop": SHOP})
    assert answer.headers["Location"] == f"https://admin.shopify.com/store/flores-del-valle/apps/{CLIENT_ID}"
    hostile = visit(
        "home", {"shop": SHOP, "host": "//evil.com", "next": "https://evil.com", "locale": "es\r\nX: y"}
    )
    assert hostile.headers["Location"] == answer.headers["Location"]


def test_a_form_is_done_for_the_person_whom_shopify_names_and_the_home_comes_anew():
    doors = HandDoors(make_shop())
    answer = visit("home", {"locale": "es"}, sign_jwt(admin_claims()), {"mail_mode": "all"}, doors)
    assert answer.status == 200
    acted = [one for one in doors.asked if one[0] in ("act", "show_home")]
    assert acted[0] == ("act", SHOP, OLGA, {"mail_mode": "all"}) and acted[1][:3] == ("show_home", SHOP, OLGA)


def test_only_text_is_a_wish():
    for body in ([], {}, {"a": 1}, {"a": ["b"]}, {"a": "x" * 2001}, {str(n): "x" for n in range(21)}, "x"):
        with pytest.raises(InstallRejected):
            visit("home", token=sign_jwt(admin_claims()), body=body)


def test_the_desk_opens_with_an_online_token_for_whom_it_names_once_and_the_token_is_not_kept():
    doors, http = HandDoors(make_shop()), RecordingHttp(answer_as_shopify)
    answer = visit("desk", token=sign_jwt(admin_claims()), body={}, doors=doors, http=http)
    assert (
        json.loads(answer.body) == {"token": "word-for-st_flor"}
        and answer.headers["Cache-Control"] == "no-store"
    )
    assert [one for one in doors.asked if one[0] == "hand_over"] == [("hand_over", SHOP, OLGA)]
    (sent,) = http.requests
    assert sent.json()["requested_token_type"].endswith("online-access-token")
    assert not [one for one in doors.asked if one[0] == "keep"]


@pytest.mark.parametrize(
    "change", [{"email_verified": False}, {"email": ""}, {"email": None}, {"id": 43}, {"id": "x"}]
)
def test_nobody_is_handed_over_whom_shopify_does_not_vouch_for(change):
    user = {"id": 42, "email": "olga@example.com", "email_verified": True, "account_owner": True}
    doors, http = HandDoors(make_shop()), RecordingHttp(make_tokens(associated_user=user | change))
    with pytest.raises(InstallRejected):
        visit("desk", token=sign_jwt(admin_claims()), body={}, doors=doors, http=http)
    assert not [one for one in doors.asked if one[0] == "hand_over"]


def test_a_member_of_staff_who_does_not_own_the_shop_is_told_apart():
    user = {
        "id": 42,
        "email": "eva@example.com",
        "email_verified": True,
        "account_owner": False,
        "collaborator": True,
    }
    doors = HandDoors(make_shop())
    visit(
        "desk",
        token=sign_jwt(admin_claims()),
        body={},
        doors=doors,
        http=RecordingHttp(make_tokens(associated_user=user)),
    )
    assert doors.asked[-1][2] == Merchant(external_id="42", email="eva@example.com", is_owner=False)


def test_when_shopify_does_not_say_who_it_is_the_home_shows_and_nothing_can_be_changed():
    doors, away = HandDoors(make_shop()), RecordingHttp(PlatformDown("away"))
    assert visit("home", good_query(), doors=doors, http=away).status == 200
    assert doors.asked[-1][2] == Merchant(external_id="42", is_owner=False)
    with pytest.raises(PlatformDown):
        visit("home", token=sign_jwt(admin_claims()), body={"mail_mode": "all"}, doors=doors, http=away)
    assert not [one for one in doors.asked if one[0] == "act"]


REPORTED = [
    {"handle": "theme-app-extension", "type": "theme_app_extension",
     "activations": [{"handle": "embed", "target": "body", "status": "active", "activations": [{"themeId": "1"}]}]},
    {"handle": "mostrador-chat", "type": "ui_extension", "activations": [{"target": "purchase.thank-you.chat.render"}]},
    {"handle": "mostrador-checkout", "type": "ui_extension", "activations": []},
    {"handle": "somebody-elses", "type": "ui_extension", "activations": [{"target": "x"}]},
    "rubbish", None, {"handle": 5}, {"handle": ["mostrador-chat"], "activations": "yes"},
]  # fmt: skip


def test_what_app_bridge_reports_is_kept_for_our_own_extensions():
    doors = HandDoors(make_shop())
    answer = visit("extensions", token=sign_jwt(admin_claims()), body={"extensions": REPORTED}, doors=doors)
    kept = doors.stores[SHOP].kept
    assert answer.status == 200 and json.loads(kept["extensions"]) == {
        "mostrador-embed": "active", "mostrador-chat": "active", "mostrador-checkout": "inactive",
    }  # fmt: skip
    visit("extensions", token=sign_jwt(admin_claims()), body={"extensions": REPORTED}, doors=doors)
    assert doors.asked[-1] == ("keep", SHOP, {}), "the same again changes nothing"


def test_a_theme_block_that_nobody_placed_is_not_active_and_no_report_takes_nothing_back():
    available = [{**REPORTED[0], "activations": [{"status": "available", "activations": []}]}]
    assert home.read_extensions(available) == {"mostrador-embed": "inactive"}
    store = replace(make_shop(), kept={"extensions": '{"mostrador-embed": "active"}'})
    doors = HandDoors(store)
    visit("extensions", token=sign_jwt(admin_claims()), body={}, doors=doors)
    assert doors.stores[SHOP].kept["extensions"] == '{"mostrador-embed": "active"}'


def test_the_script_of_the_home_is_served_and_says_no_cookie():
    answer = visit("home.js")
    text = answer.body.decode()
    assert answer.content_type.startswith("text/javascript") and answer.body == Path(
        "adapters/shopify/static/home.js").read_bytes()  # fmt: skip
    assert 'credentials: "omit"' in text and "innerHTML" not in text and "document.cookie" not in text


def test_EXTERNAL_CDN_DEPENDENCY_only_shopifys_own_scripts_come_from_elsewhere():
    for answer in (
        visit("bounce", {"shop": SHOP, "shopify-reload": "/p/shopify/home"}),
        visit("home", {"shop": ""}),
    ):
        sources = [part.split(b'"')[0] for part in answer.body.split(b'src="')[1:]]
        assert sources == [b"https://cdn.shopify.com/shopifycloud/app-bridge.js"]
        assert answer.script_origins == ("https://cdn.shopify.com",)


def test_with_a_fake_its_page_may_frame_the_home_and_without_one_no_loopback_may():
    query = good_query()
    framed = visit("home", query, FAKE_URL="http://127.0.0.1:8790").frame_ancestors
    assert framed == (*FRAMED_BY_SHOP, "http://127.0.0.1:8790")
    assert "127.0.0.1" not in urlencode({"framed": visit("home", query).frame_ancestors})


def test_words_before_anybody_is_known_come_in_the_language_of_the_admin():
    for locale, words in (
        ("es", "Abre Mostrador"),
        ("pt-BR", "Abra o Mostrador"),
        ("fr", "Open Mostrador"),
        ("", "Open"),
    ):
        answer = visit("home", {"shop": "", "locale": locale})
        assert words in answer.body.decode(), locale
