"""Who the fake shop lets in, and how it hides that it does not: one test per observed behaviour."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
import requests
from fake_shop_bench import make_api, open_bench

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
REST = Path(__file__).parents[1] / "data" / "woocommerce" / "rest"


def recorded(name):
    return json.loads((REST / f"{name}.json").read_text())


@pytest.fixture
def bench():
    with open_bench() as bench:
        bench.shop.place_order()
        yield bench


@pytest.fixture
def secure():
    with open_bench(https=True) as bench:
        bench.shop.place_order()
        yield bench


def ask(bench, path="/wp-json/wc/v3/orders", **headers):
    return requests.get(
        bench.server.url + path, headers=headers, timeout=10, verify=False, allow_redirects=False
    )


def basic(key):
    return "Basic " + base64.b64encode(f"{key.consumer_key}:{key.consumer_secret}".encode()).decode()


def test_basic_is_ignored_without_https_and_looks_like_no_credentials(bench):
    (key,) = bench.shop.keys
    with_basic, without = ask(bench, Authorization=basic(key)), ask(bench)
    assert with_basic.status_code == without.status_code == 401
    assert with_basic.json() == without.json() == recorded("error_401_basic_over_plain_http_ignored")


def test_basic_works_over_https(secure):
    answer = ask(secure, Authorization=basic(secure.shop.keys[0]))
    assert answer.status_code == 200 and len(answer.json()) == 1


def test_keys_in_the_query_work_over_https_alone(bench, secure):
    for one, status in ((bench, 401), (secure, 200)):
        (key,) = one.shop.keys
        query = f"?consumer_key={key.consumer_key}&consumer_secret={key.consumer_secret}"
        assert ask(one, f"/wp-json/wc/v3/orders{query}").status_code == status


def test_a_wrong_key_and_a_wrong_secret_read_differently_over_https(secure):
    (key,) = secure.shop.keys
    wrong_key = "Basic " + base64.b64encode(b"ck_nobody:cs_nothing").decode()
    wrong_secret = "Basic " + base64.b64encode(f"{key.consumer_key}:cs_nothing".encode()).decode()
    assert ask(secure, Authorization=wrong_key).json() == recorded("error_401_basic_https_wrong_key")
    assert ask(secure, Authorization=wrong_secret).json() == recorded("error_401_basic_https_wrong_secret")


def test_oauth_works_over_http_with_the_official_client(bench):
    assert bench.get("orders").status_code == 200
    assert bench.api.put("orders/58", {"customer_note": "ñ & / ="}).json()["customer_note"] == "ñ & / ="
    assert bench.get("orders", search="a b+c é~ 50%25", status="processing,on-hold").status_code == 200


def test_oauth_with_a_wrong_key_or_secret_is_a_signature_error(bench):
    class Wrong:
        consumer_key, consumer_secret = bench.shop.keys[0].consumer_key, "cs_nothing"

    assert make_api(bench.server, Wrong).get("orders").json() == recorded("error_401_wrong_secret")
    Wrong.consumer_key = "ck_nobody"
    assert make_api(bench.server, Wrong).get("orders").json() == recorded("error_401_wrong_key")


def test_oauth_is_signed_for_the_home_address_whatever_host_is_called(bench):
    bench.shop.home = f"http://www.tienda.example:{bench.server.port}"
    assert bench.get("orders").status_code == 401
    made = sign(bench, f"{bench.shop.home}/wp-json/wc/v3/orders")
    assert ask(bench, f"/wp-json/wc/v3/orders?{made}").status_code == 200


def sign(bench, address, secret=None, **changes):
    """The query of a request that is signed for `address`, by hand and with SHA1, so that both algorithms are tried."""
    import hashlib
    import hmac
    import time
    from urllib.parse import quote, urlencode

    (key,) = bench.shop.keys
    given = {"oauth_consumer_key": key.consumer_key, "oauth_timestamp": str(int(time.time())), "oauth_nonce": "n1",
             "oauth_signature_method": "HMAC-SHA1", **changes}  # fmt: skip
    pairs = "&".join(
        f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(given.items())
    )
    base = "&".join(quote(part, safe="~") for part in ("GET", address, pairs))
    mac = hmac.new(f"{key.consumer_secret}&".encode(), base.encode(), hashlib.sha1).digest()
    return urlencode({**given, "oauth_signature": base64.b64encode(mac).decode()})


def test_a_nonce_counts_once(bench):
    made = sign(bench, f"{bench.server.url}/wp-json/wc/v3/orders")
    assert ask(bench, f"/wp-json/wc/v3/orders?{made}").status_code == 200
    again = ask(bench, f"/wp-json/wc/v3/orders?{made}")
    assert again.status_code == 401 and "nonce" in again.json()["message"]


@pytest.mark.parametrize(
    ("off", "status"), [(-16 * 60, 401), (16 * 60, 401), (-14 * 60, 200), (14 * 60, 200)]
)
def test_a_signature_is_good_for_fifteen_minutes_either_way(bench, off, status):
    import time

    made = sign(
        bench, f"{bench.server.url}/wp-json/wc/v3/orders", oauth_timestamp=str(int(time.time()) + off)
    )
    assert ask(bench, f"/wp-json/wc/v3/orders?{made}").status_code == status


def test_list_parameters_break_the_oauth_signature(bench):
    assert bench.get("orders", status=["processing", "completed"]).status_code == 401
    assert bench.get("orders", status="processing,completed").status_code == 200


def test_oauth_in_a_header_does_as_well(bench):
    from urllib.parse import parse_qsl

    pairs = parse_qsl(sign(bench, f"{bench.server.url}/wp-json/wc/v3/orders"))
    from urllib.parse import quote

    words = ", ".join(f'{name}="{quote(value, safe="~")}"' for name, value in pairs)
    assert ask(bench, Authorization=f"OAuth {words}").status_code == 200


def test_behind_a_proxy_that_hides_https_only_oauth_signed_with_http_works():
    with open_bench(https=True, hides_https=True) as bench:
        (key,) = bench.shop.keys
        assert ask(bench, Authorization=basic(key)).status_code == 401
        assert ask(bench, Authorization=basic(key)).json()["code"] == "woocommerce_rest_cannot_view"
        for scheme, status in (("http", 200), ("https", 401)):
            made = sign(
                bench, f"{scheme}://127.0.0.1:{bench.server.port}/wp-json/wc/v3/orders", oauth_nonce=scheme
            )
            assert ask(bench, f"/wp-json/wc/v3/orders?{made}").status_code == status


def test_a_stripped_authorization_header_looks_like_no_credentials(secure):
    secure.shop.manners.strips_authorization = True
    answer = ask(secure, Authorization=basic(secure.shop.keys[0]))
    assert answer.status_code == 401 and answer.json()["code"] == "woocommerce_rest_cannot_view"
    (key,) = secure.shop.keys
    query = f"?consumer_key={key.consumer_key}&consumer_secret={key.consumer_secret}"
    assert ask(secure, f"/wp-json/wc/v3/orders{query}").status_code == 200


def test_a_read_only_key_that_writes_gets_401(bench):
    key = bench.shop.add_key(permissions="read")
    api = make_api(bench.server, key)
    assert api.get("orders").status_code == 200
    answer = api.post("coupons", {"code": "nope"})
    assert answer.status_code == 401 and answer.json() == recorded("error_401_read_only_key_writing")


def test_a_key_whose_owner_lost_the_capability_gets_403(bench):
    bench.shop.users[1].role = "customer"
    answer = bench.get("orders")
    assert answer.status_code == 403 and answer.json() == recorded("error_403_key_owner_lost_rights")


def test_the_public_index_tells_home_and_needs_no_key(bench):
    answer = ask(bench, "/wp-json/")
    facts = recorded("wp_json_index_facts")
    assert answer.status_code == 200 and facts.keys() <= answer.json().keys()
    assert answer.json()["home"] == bench.server.url and "wc/v3" in answer.json()["namespaces"]


def test_plain_permalinks_answer_html_with_200_where_the_index_should_be(bench):
    bench.shop.manners.plain_permalinks = True
    index = ask(bench, "/wp-json/")
    assert index.status_code == 200 and index.headers["Content-Type"].startswith("text/html")
    for path in ("/wp-json/wc/v3/orders", "/wc-auth/v1/authorize"):
        assert ask(bench, path).status_code == 301
    assert ask(bench, "/?rest_route=/").json()["home"] == bench.server.url
    assert ask(bench, "/?rest_route=/wc/v3/orders").status_code == 401


def test_a_redirect_loop_leads_every_page_to_itself(bench):
    bench.shop.manners.redirect_loop = True
    answer = ask(bench, "/wp-json/")
    assert answer.status_code == 301 and answer.headers["Location"] == f"{bench.server.url}/wp-json/"


def test_the_other_host_is_redirected_to_home(bench):
    bench.shop.manners.one_host = True
    answer = requests.get(
        f"http://localhost:{bench.server.port}/wp-json/?x=1", timeout=10, allow_redirects=False
    )
    assert answer.status_code == 301 and answer.headers["Location"] == f"{bench.server.url}/wp-json/?x=1"
    assert ask(bench, "/wp-json/").status_code == 200


@pytest.mark.parametrize("status", [200, 503])
def test_a_maintenance_page_is_html_whatever_was_asked(bench, status):
    bench.shop.manners.maintenance = status
    answer = bench.get("orders")
    assert answer.status_code == status and answer.headers["Content-Type"].startswith("text/html")


def test_too_many_requests_name_the_seconds_to_wait(bench):
    bench.shop.manners.retry_after = 17
    answer = bench.get("orders")
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "17"


def test_a_shop_in_a_sub_folder_answers_there():
    with open_bench(folder="/tienda") as bench:
        bench.shop.place_order()
        assert bench.get("orders").status_code == 200
        assert ask(bench, "/wp-json/").json()["home"].endswith("/tienda")


def test_the_link_header_echoes_the_key_and_the_signature(bench):
    bench.shop.place_order()
    link = bench.get("orders", per_page=1).headers["Link"]
    assert bench.shop.keys[0].consumer_key in link and "oauth_signature=" in link


def test_the_plugin_s_routes_are_there_only_when_it_is_installed(bench):
    api = make_api(bench.server, bench.shop.keys[0], version="wc-mostrador/v1")
    assert api.get("status").json()["code"] == "rest_no_route"
    bench.shop.manners.plugin_installed = True
    assert api.get("status").json()["connected"] is False
    wish = {
        "service": "https://care.example",
        "store": "st_12345678",
        "secret": "ab" * 32,
        "name": "x",
        "locale": "es",
    }
    assert api.put("connection", wish).json() == {"version": "1.0.0"}
    assert api.get("status").json()["store"] == "st_12345678"
    bench.shop.manners.plugin_service = "https://other.example"
    answer = api.put("connection", wish)
    assert answer.status_code == 409 and answer.json()["code"] == "mostrador_other_service"
    assert api.put("lease", {"lease": "lease.e30.00"}).status_code == 400
    api.delete("connection")
    assert api.get("status").json()["connected"] is False
