"""`mostrador fake woocommerce` as a developer starts it: an address, keys that work, and the command to connect it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from started_command import started_command
from tree import ROOT
from woocommerce import API


@pytest.fixture
def start():
    with ExitStack() as started:

        def run(*options):
            command = started_command("fake", "woocommerce", "--port", "0", *options, until="Ctrl-C")
            return started.enter_context(command)

        yield run


@pytest.mark.parametrize("options", [(), ("--https", "--plugin")])
@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_it_prints_its_address_its_keys_and_the_command_that_connects_it(start, options):
    process, words = start(*options)
    found = re.search(
        r"mostrador stores connect woocommerce (https?://127\.0\.0\.1:\d+) "
        r"--field consumer_key=(ck_[0-9a-f]{40}) --field consumer_secret=(cs_[0-9a-f]{40})",
        words,
    )
    assert found, words
    url, key, secret = found.groups()
    assert url.startswith("https:" if options else "http:")
    api = API(url, key, secret, version="wc/v3", timeout=10, verify_ssl=False)
    assert len(api.get("orders").json()) == 5
    namespaces = requests.get(f"{url}/wp-json/", timeout=10, verify=False).json()["namespaces"]
    assert ("wc-mostrador/v1" in namespaces) == bool(options)
    assert "Taza azul" in requests.get(url, timeout=10, verify=False).text
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0 and "Closed." in process.stdout.read()


@pytest.mark.parametrize("options", [(), ("--https", "--plugin")])
def test_what_it_prints_connects_it_when_it_is_copied(start, options, tmp_path):
    _, words = start(*options)
    script = words.partition("(`mostrador init`):")[2].partition("Ctrl-C")[0]
    assert script.count("export MOSTRADOR_") == (2 if options else 1)
    here = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    run = subprocess.run(
        ["sh", "-ec", f"mostrador init\n{script}"], cwd=tmp_path, env=here, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert "is connected as st_" in run.stdout and "webhooks          4" in run.stdout
    assert "orders read       5" in run.stdout and "none: it is in preview" in run.stdout
    assert len(re.findall(r"^  \w+ +live$", run.stdout, re.MULTILINE)) == (13 if options else 0)


def test_a_port_that_is_taken_is_said_in_a_sentence():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "plugin.cli", "fake", "woocommerce", "--port", port]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1 and f"Port {port} is in use" in run.stderr and "Traceback" not in run.stderr
