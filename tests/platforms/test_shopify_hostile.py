"""Thousands of forgeries, grown from genuine ones by a seeded hand: only the genuine pass, and no secret leaves."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from shopify_hand import (
    CLIENT_ID,
    CLOCK,
    CUSTOM,
    IDENTITY,
    NOW,
    OLD_SECRET,
    SECRET,
    SHOP,
    VALUES,
    admin_claims,
    answer_as_shopify,
    find_host,
    make_callback,
    make_proxy_query,
    make_shop,
    pack,
    shopper_claims,
    sign_jwt,
)

from adapters.shopify import ShopifyAdapter, grant, sign
from adapters.shopify.client import SHOP as SHOP_FORM
from adapters.shopify.proof import mint_proof, read_proof, read_token, verify_proof
from adapters.shopify.proxy import read_proxy_query
from plugin.contract import AdapterError, HookRequest, Proof, WebhookRejected, WebRequest
from plugin.testing.fakes import URLS, RecordingHttp

ROUNDS = 1000
LETTERS = string.ascii_letters + string.digits + "-_.=,+/%&@#\\: \t\n\0é\u0130\u212a"
NOW_AT = CLOCK.now()


def mutate(text: str, hand: random.Random) -> str:
    """`text` with one to three small changes; another text, always."""
    made = text
    while made == text:
        for _ in range(hand.randint(1, 3)):
            place = hand.randrange(len(made) + 1)
            letter = hand.choice(LETTERS)
            made = hand.choice([
                made[:place] + letter + made[place:], made[:place] + made[place + 1:],
                made[:place] + letter + made[place + 1:],
                made[:place], made[place:] + made[:place], made.swapcase(), made + made[place:],
                made[:place] + made[place:place + 1] * 2 + made[place + 1:],
            ])  # fmt: skip
    return made


def count_believed(check: Callable[[str], object], text: str, seed: int) -> int:
    """How many of the forgeries of `text` are believed; that `text` itself is, is asserted."""
    assert check(text) is not None
    hand, believed = random.Random(seed), 0
    for _ in range(ROUNDS):
        try:
            check(mutate(text, hand))
            believed += 1
        except AdapterError:
            continue
    return believed


@pytest.mark.parametrize("claims", [admin_claims(), shopper_claims(sub="gid://shopify/Customer/7001")])
@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_of_a_thousand_mutated_session_tokens_none_is_believed(claims, secret):
    assert count_believed(lambda text: read_token(text, IDENTITY, NOW_AT), sign_jwt(claims, secret), 1) == 0


def test_of_a_thousand_mutated_payloads_under_the_same_signature_none_is_believed():
    head, _, seal = sign_jwt(admin_claims()).split(".")
    hand, believed = random.Random(2), 0
    for _ in range(ROUNDS):
        claims = admin_claims()
        for name in hand.sample(sorted(claims), hand.randint(1, 3)):
            claims[name] = hand.choice(
                [mutate(str(claims[name]), hand), hand.randrange(NOW * 2), None, [claims[name]]]
            )
        header = hand.choice([None, {"alg": "none"}, {"alg": "RS256"}, {"alg": "HS512"}])
        first = head if header is None else pack(json.dumps(header).encode())
        body = pack(json.dumps(claims).encode())
        for last in (seal, "", sign_jwt(claims, mutate(SECRET, hand)).split(".")[2]):
            try:
                read_token(f"{first}.{body}.{last}", IDENTITY, NOW_AT)
                believed += 1
            except WebhookRejected:
                continue
    assert believed == 0


def test_of_a_thousand_mutated_proofs_of_ours_none_is_believed():
    store = make_shop()
    token = mint_proof(store, NOW_AT, order="5001")
    assert count_believed(lambda text: verify_proof(read_proof(text), store, IDENTITY, NOW_AT), token, 3) == 0


def test_of_a_thousand_mutated_webhook_signatures_and_bodies_none_is_believed():
    body, adapter = b'{"id": 820982911946154508, "updated_at": "2026-11-21T10:00:00Z"}', ShopifyAdapter(
        VALUES, RecordingHttp(), CLOCK)  # fmt: skip

    def check(text: str, sent: bytes = body) -> object:
        headers = {
            "x-shopify-hmac-sha256": text,
            "x-shopify-topic": "orders/updated",
            "x-shopify-shop-domain": SHOP,
        }
        delivery = adapter.read_webhook(HookRequest(hook_key="", headers=headers, body=sent))
        adapter.verify_webhook(delivery, None)
        return delivery

    genuine = sign(body, SECRET)
    hand, believed = random.Random(4), []
    assert check(genuine) and check(sign(body, OLD_SECRET))
    for _ in range(ROUNDS):
        forged = mutate(genuine, hand)
        try:
            check(forged)
            believed.append(forged)
        except WebhookRejected:
            pass
        touched = bytearray(body)
        touched[hand.randrange(len(body))] ^= 1 << hand.randrange(8)
        with pytest.raises(WebhookRejected):
            check(genuine, bytes(touched))
    # A header's value loses the white space around it on its way; what is left is the genuine one.
    assert {one.strip() for one in believed} <= {genuine}


def test_the_webhook_vector_is_what_openssl_says():
    assert sign(b'{"id":820982911946154508}', "hush") == "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I="


def test_of_a_thousand_mutated_ways_back_none_is_believed():
    hand, believed = random.Random(5), 0
    genuine = make_callback()
    assert grant.read_callback(CUSTOM, genuine, NOW_AT) == (SHOP, "c0de")
    for _ in range(ROUNDS):
        query = dict(genuine)
        for name in hand.sample(sorted(query), hand.randint(1, 2)):
            match hand.randrange(4):
                case 0:
                    del query[name]
                case 1:
                    query[mutate(name, hand)] = query.pop(name)
                case _:
                    query[name] = mutate(query[name], hand)
        try:
            grant.read_callback(CUSTOM, query, NOW_AT)
            believed += 1
        except AdapterError:
            continue
    assert believed == 0


def test_of_a_thousand_mutated_proxy_queries_none_is_believed():
    hand, believed = random.Random(6), 0
    genuine = make_proxy_query(customer="7001")
    assert read_proxy_query(genuine, IDENTITY, NOW_AT) == (SHOP, "7001")
    for _ in range(ROUNDS):
        query = dict(genuine)
        for name in hand.sample(sorted(query), hand.randint(1, 2)):
            match hand.randrange(5):
                case 0:
                    del query[name]
                case 1:
                    query[mutate(name, hand)] = query.pop(name)
                case 2:
                    query[name] = f"{query[name]},{query[name]}"
                case _:
                    query[name] = mutate(query[name], hand)
        try:
            read_proxy_query(query, IDENTITY, NOW_AT)
            believed += 1
        except WebhookRejected:
            continue
    assert believed == 0


def make_hostile_shops(hand: random.Random) -> list[str]:
    """A thousand names that look like shops and are none (or are another, harmless shop of Shopify's)."""
    evil = [
        "evil.com",
        "127.0.0.1",
        "localhost:8080",
        "[::1]",
        "evil.com:443",
        "xn--e1awd7f.com",
        "169.254.169.254",
    ]
    joints = [
        "@",
        ".",
        "/",
        "\\",
        "#",
        "?",
        ":",
        "%2f",
        "%40",
        "%00",
        "\0",
        "\n",
        "\t",
        " ",
        "..",
        "//",
        ",",
        ";",
        "&",
    ]
    made = [
        f"{left}{joint}{right}"
        for joint in joints
        for one in evil
        for left, right in ((SHOP, one), (one, SHOP))
    ]
    made += [f"https://{one}" for one in made[:100]]
    while len(made) < ROUNDS:
        made.append(mutate(SHOP, hand))
    return made


def test_SSRF_REQUEST_FORGERY_our_secret_and_tokens_go_to_shops_and_nowhere_else():
    """Every way in which somebody may name a shop, signed as if it were genuine: with our own secret."""
    http = RecordingHttp(answer_as_shopify)
    public = ShopifyAdapter(VALUES, http, CLOCK)
    custom = ShopifyAdapter({**VALUES, "DISTRIBUTION": "custom"}, http, CLOCK)
    for shop in make_hostile_shops(random.Random(7)):
        token = sign_jwt(admin_claims(shop))
        callback = WebRequest(
            method="GET", path="/", query=make_callback(shop), headers={}, kept={"shop": shop}
        )
        store = make_shop(shop)
        form = WebRequest(method="POST", path="/", query={"shop": shop}, headers={})
        for act in (
            lambda token=token, shop=shop: public.exchange_access(Proof(token=token, claimed_domain=shop)),
            lambda callback=callback: custom.finish_install(callback),
            lambda store=store: public.refresh_access(store),
            lambda store=store: public.get_order(store, "5001"),
            lambda form=form: check_address(public.begin_install(form, URLS, "s").url),
            lambda form=form: check_address(custom.begin_install(form, URLS, "s").url),
        ):
            try:
                act()
            except AdapterError:
                continue
    assert http.requests, "some mutated names are shops, and those are asked"
    for sent in http.requests:
        parts = urlsplit(sent.url)
        assert parts.scheme == "https" and SHOP_FORM.fullmatch(parts.netloc), sent.url
        assert parts.path in ("/admin/oauth/access_token", "/admin/api/2026-10/graphql.json")
        assert not parts.query and "shpss" not in sent.url and "shpat" not in sent.url
        assert sent.redirects is False
    assert all(OLD_SECRET not in sent.readable() for sent in http.requests)
    assert any(SECRET in sent.readable() for sent in http.requests)
    assert {find_host(sent) for sent in http.requests} <= {find_host(sent).lower() for sent in http.requests}


def check_address(url: str) -> None:
    """OPEN_REDIRECT: the merchant is only ever sent to Shopify's admin or to a shop's own."""
    parts = urlsplit(url)
    assert parts.scheme == "https" and not parts.username and parts.port is None
    assert parts.netloc == "admin.shopify.com" or SHOP_FORM.fullmatch(parts.netloc), url
    assert parts.path.endswith(("/oauth/install", "/oauth/authorize")) and ".." not in parts.path
    assert CLIENT_ID in parts.query and "shpss" not in url


def test_alg_none_and_a_public_key_in_the_header_open_nothing():
    body = pack(json.dumps(admin_claims()).encode())
    for header in ({"alg": "none"}, {"alg": "HS256", "jwk": {"kty": "oct", "k": pack(b"k" * 32)}},
                   {"alg": "HS256", "kid": "../../dev/null"}, {"alg": "HS256",
                   "jku": "https://evil.com/"}):  # fmt: skip
        head = pack(json.dumps(header).encode())
        for seal in (
            "",
            pack(b""),
            pack(b"k" * 32),
            sign_jwt(admin_claims(), "k" * 32, header).split(".")[2],
        ):
            with pytest.raises(WebhookRejected):
                read_token(f"{head}.{body}.{seal}", IDENTITY, NOW_AT)
    assert base64.urlsafe_b64decode(body + "==")
