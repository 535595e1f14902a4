"""The bed itself: a real WordPress that ends with its test, and a double that behaves as the real shop was seen to."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from wordpress_bed import BLOCK_THEME, CLASSIC_THEME, CONTENTS, WordPress

pytestmark = pytest.mark.xdist_group("wordpress")

HERE = Path(__file__).parent
BEGIN = """
import sys, time
from pathlib import Path
sys.path[:0] = [{here!r}, {root!r}]
from wordpress_bed import open_wordpress
with open_wordpress(Path(sys.argv[1])) as shop:
    print(shop.database.folder, shop.server.folder, flush=True)
    time.sleep(600)
"""


def list_processes(words: str) -> list[int]:
    """Ids of processes with these words in their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            said = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if folder.name.isdigit() and words in said:
            found.append(int(folder.name))
    return found


def test_nothing_is_left_running_when_the_tests_are_killed(tmp_path: Path) -> None:
    program = BEGIN.format(here=str(HERE), root=str(HERE.parents[1]))
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    database, server = child.stdout.readline().split()
    places = (str(tmp_path / "site"), database)
    assert database and all(list_processes(place) for place in places)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    for _ in range(200):
        if not any(list_processes(place) for place in places):
            break
        time.sleep(0.05)
    left = [list_processes(place) for place in places]
    for folder in (database, server):
        shutil.rmtree(folder)  # nobody was left to do it
    assert left == [[], []]


def test_a_restored_wordpress_has_forgotten_the_test_before(wordpress: WordPress) -> None:
    before = wordpress.run_php("return count( wc_get_orders( array( 'limit' => -1 ) ) );")
    order = wordpress.make_order()
    wordpress.run_php("update_option( 'of_a_test', 1 );")
    assert wordpress.run_php("return wc_get_order( $given['id'] ) !== false;", id=order["id"])
    wordpress.restore("bare")
    assert wordpress.run_php("return count( wc_get_orders( array( 'limit' => -1 ) ) );") == before == 0
    assert wordpress.run_php("return get_option( 'of_a_test' );") is False


@pytest.mark.parametrize("theme", [BLOCK_THEME, CLASSIC_THEME])
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_order_pages_open_for_any_number_and_show_data_to_the_key_alone(
    wordpress: WordPress, theme: str, kind: str
) -> None:
    wordpress.set_theme(theme)
    wordpress.set_kind(kind)
    order = wordpress.make_order()
    shown = requests.get(order["received"], timeout=30).text
    assert "Taza Sol" in shown and f"n.º {order['id']}" in shown
    for address in (order["received"] + "x", order["received"].partition("?")[0]):
        foreign = requests.get(address, timeout=30)
        assert foreign.status_code == 200 and "Hemos recibido tu pedido" in foreign.text
        assert "Taza Sol" not in foreign.text
    nobody = requests.get(wordpress.url + "/checkout/order-received/987654/?key=wc_order_x", timeout=30)
    assert nobody.status_code == 200 and "Hemos recibido tu pedido" in nobody.text


def test_an_empty_cart_sends_the_checkout_to_the_cart(wordpress: WordPress) -> None:
    answer = requests.get(wordpress.url + "/checkout/", allow_redirects=False, timeout=30)
    assert (answer.status_code, answer.headers["Location"]) == (302, wordpress.url + "/cart/")


def test_keys_open_the_plugins_namespace_and_nothing_else(wordpress: WordPress) -> None:
    key = wordpress.make_key()
    me = requests.get(wordpress.url + "/wp-json/wp/v2/users/me", auth=key.auth, timeout=30)
    assert me.status_code == 401
    unknown = requests.get(wordpress.url + "/wp-json/wc-mostrador/v1/status", auth=key.auth, timeout=30)
    assert unknown.status_code == 404  # signed in, and our plugin is not there
    wrong = requests.get(
        wordpress.url + "/wp-json/wc-mostrador/v1/status", auth=(key.name, "cs_wrong"), timeout=30
    )
    assert (wrong.status_code, wrong.json()["code"]) == (401, "woocommerce_rest_authentication_error")


def test_core_mails_at_once_and_twice_when_an_order_is_completed_twice(wordpress: WordPress) -> None:
    order = wordpress.make_order(status="pending")
    wordpress.change_status(order["id"], "processing", "completed", "processing", "completed")
    sent = [mail["id"] for mail in wordpress.mails()]
    assert sent.count("customer_completed_order") == 2
    assert sent[:2] == ["new_order", "customer_processing_order"]


def test_meta_that_somebody_else_wrote_meanwhile_survives_a_save(wordpress: WordPress) -> None:
    order = wordpress.make_order()
    wordpress.run_php(
        "$one = wc_get_order( $given['id'] ); $two = wc_get_order( $given['id'] );"
        "$two->update_meta_data( 'theirs', 1 ); $two->save_meta_data();"
        "$one->update_meta_data( 'mine', 2 ); $one->save();",
        id=order["id"],
    )
    assert wordpress.read_meta(order["id"]) == {"theirs": "1", "mine": "2"}
