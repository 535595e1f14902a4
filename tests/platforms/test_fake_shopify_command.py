"""`mostrador fake shopify` as a developer starts it: an address, an app, and what to export."""

from __future__ import annotations

import re
import signal
from contextlib import ExitStack

import pytest
import requests
from started_command import started_command


@pytest.fixture
def start():
    with ExitStack() as started:

        def run(*options):
            command = started_command("fake", "shopify", "--port", "0", *options, until="Ctrl-C")
            return started.enter_context(command)

        yield run


def test_it_prints_what_to_export_and_its_shops_answer(start):
    process, words = start()
    given = dict(re.findall(r"export MOSTRADOR_(\w+)=(\S+)", words))
    assert given.keys() == {
        "SHOPIFY_FAKE_URL", "SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET", "ALLOW_PRIVATE_HOSTS", "INSTALLS",
    }  # fmt: skip
    url = given["SHOPIFY_FAKE_URL"]
    assert f"{url}/admin/cafe" in words and requests.get(f"{url}/admin/cafe", timeout=10).text.count("#100") == 5
    refused = requests.post(f"{url}/shops/molino.myshopify.com/admin/oauth/access_token", timeout=10, json={
        "client_id": given["SHOPIFY_CLIENT_ID"], "client_secret": "wrong"})  # fmt: skip
    assert refused.json()["error"] == "invalid_client"
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0 and "Closed." in process.stdout.read()


def test_a_merchant_s_own_app_is_not_installed_yet(start):
    _, words = start("--custom", "--orders", "0")
    assert "export MOSTRADOR_SHOPIFY_DISTRIBUTION=custom" in words and "/install/shopify" in words
    url = re.search(r"FAKE_URL=(\S+)", words)[1]
    assert "not installed" in requests.get(f"{url}/admin/cafe", timeout=10).text


def test_a_merchant_s_own_app_is_never_embedded(start):
    _, words = start("--custom", "--orders", "0")
    url = re.search(r"FAKE_URL=(\S+)", words)[1]
    requests.post(f"{url}/admin/cafe", data={"act": "install"}, timeout=10)
    page = requests.get(f"{url}/admin/cafe", timeout=10).text
    assert "/install/shopify?shop=cafe.myshopify.com" in page and "<iframe" not in page
