"""A session token is believed for its app, its shop, its place and its time; so is a proof that we make of one."""

from __future__ import annotations

import base64
import dataclasses
import json
from datetime import timedelta

import pytest
from shopify_hand import (
    CLIENT_ID,
    CLOCK,
    IDENTITY,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SECRET,
    SHOP,
    VALUES,
    admin_claims,
    make_shop,
    pack,
    shopper_claims,
    sign_jwt,
    without,
)

from adapters.shopify.proof import (
    ADMIN,
    LEEWAY,
    SHOPPER,
    Claims,
    mint_proof,
    read_proof,
    read_token,
    verify_proof,
)
from adapters.shopify.settings import read_identity
from plugin.contract import Merchant, Proof, Visitor, WebhookRejected

STORE = make_shop()
CUSTOMER = "gid://shopify/Customer/7001"


def read(token: str) -> Claims:
    return read_token(token, IDENTITY, CLOCK.now())


def verify(token: str, store=STORE, now=None):
    return verify_proof(read_proof(token), store, IDENTITY, now or CLOCK.now())


def test_the_three_kinds_say_what_they_say():
    assert read(sign_jwt(admin_claims())) == Claims(shop=SHOP, sub="42", kind=ADMIN)
    assert read(sign_jwt(shopper_claims())) == Claims(shop=SHOP, sub="", kind=SHOPPER)
    assert read(sign_jwt(shopper_claims(sub=CUSTOMER))) == Claims(shop=SHOP, sub="7001", kind=SHOPPER)


def test_dest_may_be_bare_or_an_address_and_in_capitals_it_is_the_same_shop():
    assert read(sign_jwt(shopper_claims(dest=f"https://{SHOP}"))).shop == SHOP
    assert read(sign_jwt(admin_claims(dest=SHOP))).shop == SHOP
    assert read(sign_jwt(shopper_claims(dest=SHOP.upper()))).shop == SHOP


def test_old_and_new_secret_are_believed_and_no_other():
    assert read(sign_jwt(admin_claims(), OLD_SECRET)) == read(sign_jwt(admin_claims(), SECRET))
    for secret in ("", CLIENT_ID, SECRET[:-1], SECRET + "0", SECRET.upper()):
        with pytest.raises(WebhookRejected):
            read(sign_jwt(admin_claims(), secret))


def test_an_app_without_a_secret_or_an_id_believes_nobody():
    for values in (
        {},
        {"CLIENT_ID": CLIENT_ID},
        {**VALUES, "CLIENT_SECRET": ""},
        {**VALUES, "CLIENT_ID": ""},
    ):
        for claims in (admin_claims(), admin_claims(aud="")):
            for secret in ("", SECRET):
                with pytest.raises(WebhookRejected):
                    read_token(sign_jwt(claims, secret), read_identity(values), CLOCK.now())


@pytest.mark.parametrize("header", [
    {"alg": "none"}, {"alg": "None"}, {"alg": "HS384"}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": "ES256"}, {},
    {"alg": ["HS256"]}, {"alg": "hs256"}, {"alg": "HS256", "crit": ["exp"]}, {"alg": "HS256",
    "crit": ["b64"], "b64": False},
])  # fmt: skip
def test_only_hs256_is_an_algorithm(header):
    with pytest.raises(WebhookRejected):
        read(sign_jwt(admin_claims(), header=header))
    with pytest.raises(WebhookRejected):
        read(sign_jwt(admin_claims(), header=header).rpartition(".")[0] + ".")


def test_expired_is_after_the_leeway_by_one_second_and_exp_must_be_there():
    assert read(sign_jwt(admin_claims(exp=NOW - LEEWAY + 1)))
    for exp in (
        NOW - LEEWAY,
        NOW - LEEWAY - 1,
        0,
        -1,
        str(NOW + 60),
        None,
        True,
        [NOW + 60],
        float(NOW + 60),
    ):
        with pytest.raises(WebhookRejected):
            read(sign_jwt(admin_claims(exp=exp)))
    for claims in (without(admin_claims(), "exp"), without(shopper_claims(), "exp")):
        with pytest.raises(WebhookRejected):
            read(sign_jwt(claims))


def test_not_yet_good_is_refused_past_the_leeway():
    for name in ("nbf", "iat"):
        assert read(sign_jwt(admin_claims(**{name: NOW + LEEWAY})))
        assert read(sign_jwt(without(admin_claims(), name)))
        for value in (NOW + LEEWAY + 1, "now", None, True):
            with pytest.raises(WebhookRejected):
                read(sign_jwt(admin_claims(**{name: value})))


@pytest.mark.parametrize("aud", ["", "another", None, [CLIENT_ID], f"{CLIENT_ID} ", CLIENT_ID.upper(), 5, {}])
def test_another_audience_is_refused_in_the_admin_and_at_checkout(aud):
    for claims in (admin_claims(aud=aud), shopper_claims(aud=aud)):
        with pytest.raises(WebhookRejected):
            read(sign_jwt(claims))
    with pytest.raises(WebhookRejected):
        read(sign_jwt(without(shopper_claims(), "aud")))


HOSTILE_DESTS = [
    "", None, 5, [SHOP], {"shop": SHOP}, "https://", "myshopify.com", ".myshopify.com", "evil.com", f"{SHOP}.evil.com",
    f"https://{SHOP}.evil.com", f"https://{SHOP}@evil.com", f"{SHOP}@evil.com", f"https://evil.com/{SHOP}",
    f"https://evil.com?{SHOP}", f"https://evil.com#{SHOP}", f"https://evil.com\\.{SHOP}", f"https://{SHOP}/",
    f"https://{SHOP}/admin", f"https://{SHOP}:443", f"https://{SHOP}:8443", f"http://{SHOP}", f"//{SHOP}", f"{SHOP}\n",
    f" {SHOP}", f"{SHOP}\0", f"https://https://{SHOP}", "-a.myshopify.com", "a_b.myshopify.com", "a.b.myshopify.com",
    "flóres.myshopify.com", "xn--flres-0ra.myshopify.com.", "flores‐valle.myshopify.com", "myshopify.com.evil.com",
    "a.myshopify.comevil.com", "a.myshopify.com%2eevil.com", "../a.myshopify.com", "a/../b.myshopify.com",
    "127.0.0.1", "localhost", "a.myshopify.co", "a.myshopify.com..", f"{'a' * 300}.myshopify.com", "ａ.myshopify.com",
    "a.ｍyshopify.com", "a。myshopify.com", "\u212a.myshopify.com", "a.my\u017fhopify.com",
]  # fmt: skip


@pytest.mark.parametrize("dest", HOSTILE_DESTS, ids=repr)
def test_WEAK_SHOP_VALIDATION_no_other_host_is_a_shop(dest):
    for claims in (
        admin_claims(dest=dest),
        shopper_claims(dest=dest),
        admin_claims(dest=dest, iss=f"{dest}/admin"),
    ):
        token = sign_jwt(claims)
        with pytest.raises(WebhookRejected):
            read(token)
        with pytest.raises(WebhookRejected):
            read_proof(token)


@pytest.mark.parametrize("iss", [
    f"https://{OTHER_SHOP}/admin", "", None, 5, SHOP, f"http://{SHOP}/admin", f"https://{SHOP}.evil.com/admin",
    f"https://evil.com/{SHOP}/admin", f"https://{SHOP}@evil.com/admin", f"https://{SHOP}:1/admin", "https://[", [SHOP],
    f"https://{SHOP}/admin/oauth", f"https://{SHOP.upper()}/admin",
])  # fmt: skip
def test_an_issuer_that_is_not_the_shop_is_refused(iss):
    with pytest.raises(WebhookRejected):
        read(sign_jwt(admin_claims(iss=iss)))
    with pytest.raises(WebhookRejected):
        read(sign_jwt(shopper_claims(iss=iss)))


@pytest.mark.parametrize(
    "sub", ["", None, 42, "0", "x", CUSTOMER, "gid://shopify/User/42", "４２", "-1", "4.2", "9" * 21]
)
def test_an_admin_token_names_a_member_of_staff_by_number(sub):
    with pytest.raises(WebhookRejected):
        read(sign_jwt(admin_claims(sub=sub)))


@pytest.mark.parametrize(
    "sub",
    [
        "",
        None,
        7001,
        "7001",
        "gid://shopify/Order/7001",
        "gid://evil/Customer/7001",
        "gid://shopify/Customer/",
        "gid://shopify/Customer/0",
        "gid://shopify/Customer/x",
    ],
)
def test_at_checkout_only_a_customers_gid_names_a_customer(sub):
    token = sign_jwt(shopper_claims(sub=sub))
    assert read(token).sub == ""
    with pytest.raises(WebhookRejected):
        verify(token)


def test_one_token_is_one_text():
    token = sign_jwt(admin_claims())
    head, body, seal = token.split(".")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spelled = [seal[:-1] + letter for letter in last if letter != seal[-1]]
    same = [
        one for one in spelled if base64.urlsafe_b64decode(one + "=") == base64.urlsafe_b64decode(seal + "=")
    ]
    assert same, "there is another spelling of the same signature"
    for other in (*spelled, seal + "=", seal + "\n", seal[:5] + "\n" + seal[5:], seal[:5] + "!" + seal[5:]):
        with pytest.raises(WebhookRejected):
            read(f"{head}.{body}.{other}")
    for other in (
        f" {token}",
        f"{token} ",
        token.replace(".", "..", 1),
        f"{token}.x",
        f"{head}\n.{body}.{seal}",
    ):
        with pytest.raises(WebhookRejected):
            read(other)


def test_a_proof_names_whom_the_token_names():
    assert verify(sign_jwt(shopper_claims(sub=CUSTOMER))) == Visitor(customer_id="7001")
    assert verify(sign_jwt(admin_claims())) == Merchant(external_id="42", is_owner=False)
    assert read_proof(sign_jwt(admin_claims())).claimed_domain == SHOP


def test_REQUEST_DERIVED_SHOP_SCOPE_a_token_of_one_shop_proves_nothing_in_another():
    other = make_shop(OTHER_SHOP)
    for token in (sign_jwt(shopper_claims(sub=CUSTOMER)), sign_jwt(admin_claims())):
        with pytest.raises(WebhookRejected):
            verify(token, other)
        with pytest.raises(WebhookRejected):
            verify_proof(Proof(token=token, claimed_domain=OTHER_SHOP), other, IDENTITY, CLOCK.now())


def test_our_own_proofs_hold_for_a_quarter_of_an_hour_in_their_store_alone():
    for given, whom in (({"order": "5001"}, Visitor(order_external_id="5001")),
                        ({"customer": "7001"}, Visitor(customer_id="7001"))):  # fmt: skip
        token = mint_proof(STORE, CLOCK.now(), **given)
        assert verify(token) == whom and read_proof(token).claimed_store == STORE.public_id
        assert verify(token, now=CLOCK.now() + timedelta(minutes=15, seconds=-1)) == whom
        for late in (timedelta(minutes=15), timedelta(days=1), timedelta(minutes=-1)):
            with pytest.raises(WebhookRejected):
                verify(token, now=CLOCK.now() + late)
        for store in (
            make_shop(OTHER_SHOP),
            make_shop(OTHER_SHOP, webhook_secret=STORE.webhook_secret),
            dataclasses.replace(STORE, webhook_secret=""),
            dataclasses.replace(STORE, public_id="st_2"),
        ):
            with pytest.raises(WebhookRejected):
                verify(token, store)


def test_a_proof_of_one_purpose_or_of_another_hand_is_none():
    token = mint_proof(STORE, CLOCK.now(), order="5001")
    with pytest.raises(WebhookRejected):
        verify(token.replace("order.", "customer.", 1))
    _, packed, seal = token.split(".")
    forged = pack(json.dumps({"s": STORE.public_id, "o": "5002", "e": NOW + 60}).encode())
    for one in (f"order.{forged}.{seal}", f"order.{packed}.{'0' * 64}", f"order.{packed}.{seal.upper()}", f"{token}0",
                f"desk.{packed}.{seal}", f"order.{packed}.{seal}\n"):  # fmt: skip
        with pytest.raises(WebhookRejected):
            verify(one)


def test_nothing_or_two_things_make_no_proof_and_no_client_secret_is_in_one():
    assert mint_proof(STORE, CLOCK.now()) == mint_proof(STORE, CLOCK.now(), order="1", customer="2") == ""
    assert mint_proof(dataclasses.replace(STORE, webhook_secret=""), CLOCK.now(), order="1") == ""


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "\0", "é", "\ud800", "=" * 100, "A" * 100_000, "[" * 50_000,
                                   "order..", "order.e30.", "customer.e30." + "0" * 64, "eyJhbGciOiJub25lIn0.e30.",
                                   "e30.e30.e30", pack(b"[]") + "." + pack(b"[" * 2000) + ".AAAA"])  # fmt: skip
def test_what_is_no_proof_is_rejected(token):
    with pytest.raises(WebhookRejected):
        verify(token)
    with pytest.raises(WebhookRejected):
        verify_proof(Proof(token=token, claimed_store=STORE.public_id), STORE, IDENTITY, CLOCK.now())
