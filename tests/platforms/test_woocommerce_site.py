"""From a typed address to the one a shop answers at, and one sentence for every way to fail."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from woo_gate import MESSAGES, Gate, make_certificate
from woo_web import PAGE, WP_PAGE, Web, go, make_index

from adapters.woocommerce.site import Site, find_site
from adapters.woocommerce.typed_address import read_address
from plugin.contract import (
    Answer,
    InstallRejected,
    PlatformDown,
    Words,
)
from plugin.http import GuardedHttp
from plugin.testing.fakes import RecordingHttp, make_answer
from plugin.testing.local_server import run_server, write_answer


def look(pages: dict[str, Answer | Exception], typed: str = "shop.example.com") -> Site:
    return find_site(Web(pages).http, typed)


def hear_refusal(pages: dict[str, Answer | Exception], typed: str = "shop.example.com") -> str:
    web = Web(pages)
    with pytest.raises(InstallRejected) as caught:
        find_site(web.http, typed)
    assert isinstance(caught.value.words, Words)
    assert caught.value.words.message in MESSAGES, "a sentence that no catalogue can tell"
    assert len(web.asked) <= 30
    return str(caught.value)


# The canonical address


@pytest.mark.parametrize(
    "typed",
    [
        "shop.example.com",
        "https://shop.example.com",
        "http://shop.example.com/",
        "  HTTPS://Shop.Example.Com/wp-admin/x ",
        "https://shop.example.com/wp-json/wc/v3",
        "shop.example.com:443",
        "shop.example.com.",
        "https://shop.example.com/?a=b#c",
    ],
)
def test_whatever_way_an_address_is_typed_the_shop_is_found_under_one(typed: str) -> None:
    site = look({"https://shop.example.com/wp-json/": make_index()}, typed)
    assert site == Site(
        url="https://shop.example.com",
        home="https://shop.example.com",
        name="Tienda & Ficticia",
        time_zone="America/Bogota",
    )
    assert site.domain == "shop.example.com"
    assert not site.hides_https


@pytest.mark.parametrize(
    ("typed", "true"),
    [("shop.example.com", "www.shop.example.com"), ("www.shop.example.com", "shop.example.com")],
)
def test_a_redirect_to_or_from_www_is_followed_once_and_never_again(typed: str, true: str) -> None:
    site = look(
        {
            f"https://{typed}/wp-json/": go(f"https://{true}/wp-json/"),
            f"https://{true}/wp-json/": make_index(f"https://{true}"),
        },
        typed,
    )
    assert site.url == site.home == f"https://{true}"


def test_a_shop_that_answers_with_and_without_www_is_connected_under_its_own_name() -> None:
    index = make_index("https://www.shop.example.com")
    site = look({"https://shop.example.com/wp-json/": index, "https://www.shop.example.com/wp-json/": index})
    assert site.url == "https://www.shop.example.com"


def test_a_home_that_does_not_answer_is_signed_for_and_not_called() -> None:
    site = look(
        {
            "https://shop.example.com/wp-json/": make_index("https://www.shop.example.com"),
            "https://www.shop.example.com/wp-json/": go("https://shop.example.com/wp-json/"),
        }
    )
    assert (site.url, site.home) == ("https://shop.example.com", "https://www.shop.example.com")


def test_a_host_that_only_the_index_names_is_never_called() -> None:
    web = Web({"https://shop.example.com/wp-json/": make_index("http://10.0.0.7:8080/wp")})
    site = find_site(web.http, "shop.example.com")
    assert (site.url, site.home) == ("https://shop.example.com", "http://10.0.0.7:8080/wp")
    assert web.asked == ["https://shop.example.com/wp-json/"]


def test_php_that_does_not_see_https_is_noticed() -> None:
    site = look({"https://shop.example.com/wp-json/": make_index("http://shop.example.com")})
    assert (site.url, site.home, site.hides_https) == (
        "https://shop.example.com",
        "http://shop.example.com",
        True,
    )


def test_http_leads_to_https_where_the_shop_sends_it_and_stays_where_it_does_not() -> None:
    moved: dict[str, Answer | Exception] = {
        "https://shop.example.com:8443/wp-json/": make_index("https://shop.example.com:8443"),
        "http://shop.example.com:8080/wp-json/": go("https://shop.example.com:8443/wp-json/"),
    }
    assert look(moved, "http://shop.example.com:8080").url == "https://shop.example.com:8443"
    plain = look({"http://shop.example.com/wp-json/": make_index("http://shop.example.com")})
    assert plain.url == plain.home == "http://shop.example.com"


def test_a_shop_in_a_folder_is_found_by_its_folder_its_pages_and_the_link_on_the_sites_home_page() -> None:
    index = make_index("https://shop.example.com/tienda")
    link = make_answer(
        body=PAGE, headers={"Link": '<https://shop.example.com/tienda/wp-json/>; rel="https://api.w.org/"'}
    )
    tag = make_answer(
        body=b'<link rel="https://api.w.org/" href="https://shop.example.com/tienda/wp-json/" />'
    )
    there = {"https://shop.example.com/tienda/wp-json/": index}
    for pages, typed in (
        (there, "shop.example.com/tienda/"),
        (there, "https://shop.example.com/tienda/wp-login.php"),
        (there | {"https://shop.example.com/": link}, "shop.example.com"),
        (there | {"https://shop.example.com/": tag}, "shop.example.com"),
    ):
        site = look(dict(pages), typed)
        assert (site.url, site.domain) == ("https://shop.example.com/tienda", "shop.example.com/tienda")


def test_the_address_of_a_page_of_the_shop_leads_to_the_shop() -> None:
    site = look(
        {
            "https://shop.example.com/wp-json/": make_index(),
            "https://shop.example.com/producto/taza/": make_answer(body=WP_PAGE),
        },
        "shop.example.com/producto/taza",
    )
    assert site.url == "https://shop.example.com"


def test_a_link_on_a_page_never_leads_to_another_host() -> None:
    evil = make_answer(
        body=PAGE, headers={"Link": '<https://other.example.com/wp-json/>; rel="https://api.w.org/"'}
    )
    web = Web(
        {
            "https://shop.example.com/": evil,
            "https://other.example.com/wp-json/": make_index("https://other.example.com"),
        }
    )
    with pytest.raises(InstallRejected):
        find_site(web.http, "shop.example.com")
    assert not [url for url in web.asked if "other" in url]


# Each failure its own sentence

INDEX = "https://shop.example.com/wp-json/"
FAILURES: dict[str, tuple[str, dict[str, Answer | Exception], str]] = {
    "nothing answers": ("shop.example.com", {}, "Nothing answers at shop.example.com"),
    "own computer": ("http://localhost:8080", {}, "your own computer or network"),
    "own network": ("192.168.1.20", {}, "your own computer or network"),
    "office name": ("shop.local", {}, "your own computer or network"),
    "certificate": (
        "shop.example.com",
        {
            INDEX: PlatformDown("The certificate of the address is not valid."),
            "http://shop.example.com/wp-json/": go(INDEX),
        },
        "certificate of shop.example.com",
    ),
    "slow": (
        "https://shop.example.com",
        {INDEX: PlatformDown("The answer took too long.")},
        "too long to answer",
    ),
    "circle": (
        "shop.example.com",
        {INDEX: go(INDEX), "http://shop.example.com/wp-json/": go(INDEX)},
        "in a circle",
    ),
    "circle of two": (
        "shop.example.com",
        {INDEX: go("http://shop.example.com/wp-json/"), "http://shop.example.com/wp-json/": go(INDEX)},
        "between http and https",
    ),
    "astray": ("https://shop.example.com", {INDEX: go("javascript:alert(1)")}, "no web page"),
    "plain permalinks": (
        "shop.example.com",
        {INDEX: make_answer(body=WP_PAGE), "https://shop.example.com/?rest_route=/": make_index()},
        "plain permalinks",
    ),
    "plain permalinks, 404": (
        "shop.example.com",
        {"https://shop.example.com/?rest_route=/": make_index()},
        "plain permalinks",
    ),
    "plain permalinks, redirect": (
        "shop.example.com",
        {
            INDEX: go("https://shop.example.com/index.php?rest_route=/"),
            "https://shop.example.com/index.php?rest_route=/": make_index(),
        },
        "plain permalinks",
    ),
    "plain permalinks, link": (
        "shop.example.com",
        {
            INDEX: make_answer(
                body=b'<link rel="https://api.w.org/" href="https://shop.example.com/index.php?rest_route=/" />'
            )
        },
        "plain permalinks",
    ),
    "maintenance page": (
        "shop.example.com",
        {INDEX: make_answer(body=WP_PAGE)},
        "maintenance or coming-soon page",
    ),
    "no WooCommerce": (
        "shop.example.com",
        {INDEX: make_index(namespaces=["wp/v2"])},
        "WooCommerce is not active",
    ),
    "old WooCommerce": ("shop.example.com", {INDEX: make_index(namespaces=["wp/v2", "wc/v2"])}, "too old"),
    "switched off, 401": (
        "shop.example.com",
        {
            INDEX: make_answer(
                401, json_body={"code": "rest_disabled", "message": "La API REST está desactivada."}
            )
        },
        "La API REST está desactivada.",
    ),
    "switched off, 403": (
        "shop.example.com",
        {INDEX: make_answer(403, json_body={"code": "rest_forbidden"})},
        "rest_forbidden",
    ),
    "switched off, 404": (
        "shop.example.com",
        {INDEX: make_answer(404, json_body={"code": "rest_no_route", "message": "x"})},
        "REST API of shop.example.com",
    ),
    "no WordPress": (
        "shop.example.com",
        {INDEX: make_answer(body=PAGE), "https://shop.example.com/": make_answer(body=PAGE)},
        "does not look like a WordPress shop",
    ),
    "another system's JSON": (
        "shop.example.com",
        {INDEX: make_answer(json_body={"hello": 1})},
        "does not look like",
    ),
    "password": ("shop.example.com", {INDEX: make_answer(401, body=PAGE)}, "asks for a password"),
    "firewall": ("shop.example.com", {INDEX: make_answer(403, body=PAGE)}, "firewall"),
    "too many": ("shop.example.com", {INDEX: make_answer(429, body=PAGE)}, "too many requests"),
    "down": ("shop.example.com", {INDEX: make_answer(503, body=PAGE)}, "answered 503"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_a_sentence_that_says_what_to_do(name: str) -> None:
    typed, pages, words = FAILURES[name]
    told = hear_refusal(pages, typed)
    assert words in told
    assert len(told.split()) > 12, "what happened and what to do"


def test_no_two_failures_share_a_sentence() -> None:
    alike = {
        "own network",
        "office name",
        "circle of two",
        "plain permalinks, 404",
        "plain permalinks, redirect",
        "plain permalinks, link",
        "switched off, 403",
        "switched off, 404",
        "another system's JSON",
    }
    told = [hear_refusal(pages, typed) for name, (typed, pages, _) in FAILURES.items() if name not in alike]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "not an address",
        "ftp://shop.example.com",
        "javascript:alert(1)",
        "https://",
        "https://user:pw@shop.example.com",
        "https://[",
        "https://shop.example.com:99999",
        "https://shop.example.com:0",
        "a\nb.example.com",
        "https://x\\y.example.com",
        "x" * 600 + ".example.com",
        "https://.example.com/",
        "１.example.com:ab",
    ],
)
def test_what_is_no_address_is_asked_for_again_and_nothing_is_fetched(typed: str) -> None:
    http = RecordingHttp()
    with pytest.raises(InstallRejected, match="looks like https://"):
        find_site(http, typed)
    assert http.requests == []


def test_an_address_in_another_script_is_one() -> None:
    assert read_address("tienda-muñeca.example").place == "xn--tienda-mueca-ihb.example"


# Over real connections


def test_a_broken_certificate_is_told_from_a_shop_that_is_not_there(tmp_path: Path) -> None:
    context, trusted = make_certificate(tmp_path, "other.example.com")
    with run_server(Gate(), context) as server:
        url = f"https://127.0.0.1:{server.port}"
        for http in (
            GuardedHttp(allow_private_hosts=True, ca_bundle=trusted),
            GuardedHttp(allow_private_hosts=True),
        ):
            with pytest.raises(InstallRejected, match="certificate"):
                find_site(http, url)
    with pytest.raises(InstallRejected, match="your own computer"):
        find_site(GuardedHttp(), url)


def test_a_shop_that_redirects_every_page_to_itself_is_left_after_one_round() -> None:
    def talk(request: bytes) -> Iterable[bytes]:
        path = request.split(b" ")[1].decode()
        return [
            write_answer(status="301 Moved Permanently", location=f"http://127.0.0.1:{server.port}{path}")
        ]

    with run_server(talk) as server:
        with pytest.raises(InstallRejected, match="in a circle"):
            find_site(GuardedHttp(allow_private_hosts=True), f"http://127.0.0.1:{server.port}")
        assert server.connections <= 4
