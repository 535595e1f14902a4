"""A new adapter's package, its to-do list, the recorder, and what `adapters list` and `check` say."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from plugin.contract import Capability, SystemClock
from plugin.registry import find_adapters
from plugin.testing.adapters import check_adapters, describe_adapters, list_adapters, open_registry
from plugin.testing.fakes import RecordingHttp
from plugin.testing.kit import load_recorded
from plugin.testing.new_adapter import FILES, CannotWrite, write_adapter
from plugin.testing.recorder import LONGEST_BODY, Recorder

KIT = Path(__file__).parent.parent / "data" / "kit"


@pytest.fixture
def importable(tmp_path, monkeypatch):
    """A folder whose modules this process and the ones it starts can import for the length of the test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if name.startswith(("mostrador_", "toy_")):
            del sys.modules[name]


def find(listed):
    return find_adapters({}, RecordingHttp(), SystemClock(), listed)


def test_a_new_package_holds_every_file_and_each_is_python_that_ruff_accepts(tmp_path):
    project = write_adapter("blue_market", tmp_path)
    assert project == tmp_path / "mostrador_blue_market"
    files = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert files == {file.replace("package/", "mostrador_blue_market/") for file in FILES}
    setup = (project / "setup.cfg").read_text()
    assert "blue_market = mostrador_blue_market:BlueMarketAdapter" in setup
    ruff = Path(sys.executable).parent / "ruff"
    rules = ["--no-cache", "--isolated", "--line-length=120", "--select=E,F,W,B,UP"]
    checked = subprocess.run([ruff, "check", *rules, project], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", ["", "Kiosk", "9lives", "../x", "a-b", "class", "ñ", "a" * 40, "a/b"])
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(CannotWrite, match="cannot be the name"):
        write_adapter(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_exists_is_left_alone(tmp_path):
    setup = write_adapter("kiosk", tmp_path) / "setup.cfg"
    setup.write_text("mine")
    with pytest.raises(CannotWrite, match="exists already"):
        write_adapter("kiosk", tmp_path)
    assert setup.read_text() == "mine"


def test_the_red_tests_of_a_new_package_are_its_to_do_list(importable, monkeypatch):
    project = write_adapter("kiosk", importable)
    monkeypatch.syspath_prepend(str(project))
    registry, said = find("kiosk=mostrador_kiosk:KioskAdapter"), []
    assert registry.broken == {}
    assert check_adapters(registry, ["kiosk"], said.append) == 1
    report = "\n".join(said)
    for hole in ("read: ", "surfaces: ", "begin_install: ", "finish_install: ", "set_up: ", "get_order: ",
                 "Record some deliveries of a real store first"):
        assert hole in report, hole


def make_toy(folder, *changes):
    source = (KIT / "toy_platform.py").read_text()
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    (folder / "toy_platform.py").write_text(source)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_toy_contract.py").write_text((KIT / "toy_contract.py").read_text())
    return find("toy=toy_platform:ToyAdapter")


def test_check_is_green_over_an_adapter_that_keeps_every_promise(importable):
    said = []
    assert check_adapters(make_toy(importable), [], said.append) == 0
    assert len(said) == 1 and ", 0 to do, 0 not asked" in said[0]


def test_check_says_each_broken_promise_once_and_why(importable):
    said = []
    assert check_adapters(make_toy(importable, ("amount=amount", "amount=float(amount)")), ["toy"], said.append) == 1
    assert "  ✗ events have the types of the contract and lack nothing" in said
    assert any("total.amount is float (12.5), not Decimal" in line for line in said)
    assert len({line for line in said if "✗" in line}) == len([line for line in said if "✗" in line])


def test_check_without_tests_beside_the_adapter_says_so_and_is_not_green(importable):
    (importable / "toy_platform.py").write_text((KIT / "toy_platform.py").read_text())
    said = []
    assert check_adapters(find("toy=toy_platform:ToyAdapter"), ["toy"], said.append) == 1
    assert "no tests are beside it" in said[0] and any("Record some deliveries" in line for line in said)


def test_check_of_tests_that_cannot_be_read_is_no_success(importable):
    registry = make_toy(importable)
    (importable / "tests" / "test_toy_contract.py").write_text("def broken(:\n")
    said = []
    assert check_adapters(registry, ["toy"], said.append) > 0
    assert "SyntaxError" in "\n".join(said)


def test_check_and_list_tell_of_broken_and_unknown_adapters(importable):
    registry, said = find("lost=no_such_module_here:Lost"), []
    assert check_adapters(registry, ["lost"], said.append) == 1 and "no_such_module_here" in said[-1]
    assert check_adapters(registry, ["other"], said.append) == 2 and "There are: lost" in said[-1]
    assert list_adapters(registry, said.append) == 1 and "BROKEN" in said[-1]
    assert list_adapters(find_adapters({}, RecordingHttp(), SystemClock(), ","), said.append) == 1


def test_list_says_what_each_adapter_can_and_cannot_do(importable):
    registry, said = make_toy(importable, ("frozenset(Capability)", "frozenset({Capability.COUPONS})")), []
    assert list_adapters(registry, said.append) == 0
    assert said[0] == "toy  Toy  (toy_platform:ToyAdapter)"
    assert "can: coupons; cannot: add shipment, backfill" in said[1]
    (described,) = describe_adapters(registry)
    assert json.loads(json.dumps(described)) == described
    assert described["capabilities"] == [Capability.COUPONS] and described["broken"] == ""


def test_the_registry_of_an_environment_needs_no_keys_and_gives_each_adapter_its_settings(importable):
    settings = '    label = "Toy"\n    settings = (Setting(key="API_KEY", help="A key.", secret=True),)\n'
    make_toy(importable, ("    Redirect,\n", "    Redirect,\n    Setting,\n"), ('    label = "Toy"\n', settings))
    registry = open_registry({"MOSTRADOR_ADAPTERS": "toy=toy_platform:ToyAdapter", "MOSTRADOR_TOY_API_KEY": "k",
                              "MOSTRADOR_TOYS_API_KEY": "other", "API_KEY": "other"})
    assert dict(registry.get("toy").values) == {"API_KEY": "k"}


def test_the_recorder_keeps_deliveries_as_the_kit_reads_them(tmp_path):
    with Recorder(tmp_path) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for path, body in (("/hooks/order.paid?x=1", b'{"a": "\xc3\xb1"}\n'), ("/", b"\xff\x00")):
            assert requests.post(address + path, data=body, headers={"X-Topic": "order"}, timeout=5).status_code == 200
        head = {"Content-Length": str(LONGEST_BODY + 1)}
        assert requests.post(address, data=b"", headers=head, timeout=5).status_code == 413
        server.shutdown()
    first, second = load_recorded(tmp_path)
    assert (first.name, first.body) == ("001_hooks_order_paid", b'{"a": "\xc3\xb1"}\n')
    assert (second.name, second.body) == ("002_delivery", b"\xff\x00")
    assert first.headers["X-Topic"] == "order" and first.request().headers["x-topic"] == "order"
