"""The registry finds adapters, builds each once, and keeps the broken ones with the reason in words."""

import sys
from textwrap import dedent

import pytest

from plugin.contract import CONTRACT_VERSION, SystemClock
from plugin.registry import UnknownAdapter, find_adapters
from plugin.testing.fakes import RecordingHttp

ADAPTER = '''
from plugin.contract import Setting, StoreAdapter

built = []

class {kind}(StoreAdapter):
    name = "{name}"
    label = "{label}"
    contract_version = {version}
    settings = (Setting(key="API_KEY", help="Its key.", secret=True, default="none"),)

    def __init__(self, *given):
        super().__init__(*given)
        built.append(self)
{extra}
    def begin_install(self, request, urls, state): ...
    def finish_install(self, callback): ...
    def set_up(self, store, urls): ...
    def surfaces(self, store): ...
'''


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a module that can be imported for the length of the test; gives its name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    written = []

    def write_module(text, name):
        (tmp_path / f"{name}.py").write_text(dedent(text))
        written.append(name)
        return name
    yield write_module
    for name in written:
        sys.modules.pop(name, None)


def adapter(kind="Lemon", name="lemon", label="Lemon", version=CONTRACT_VERSION, extra=""):
    return ADAPTER.format(kind=kind, name=name, label=label, version=version, extra=extra)


def find(listed="", values=None):
    return find_adapters(values if values is not None else {}, RecordingHttp(), SystemClock(), listed)


def test_the_built_in_adapters_come_by_entry_points(tmp_path):
    registry = find()
    assert {"demo", "woocommerce"} <= set(registry.names) | set(registry.broken)
    assert registry.sources["demo"].path == "adapters.demo:DemoAdapter"
    assert registry.sources["demo"].distribution.startswith("mostrador ")


def test_an_installed_package_is_found_by_its_entry_point_alone(write, tmp_path):
    write(adapter(), "stranger_lemon")
    metadata = tmp_path / "stranger-1.2.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.2\n")
    (metadata / "entry_points.txt").write_text("[mostrador.adapters]\nlemon = stranger_lemon:Lemon\n")
    registry = find()
    assert registry.get("lemon").label == "Lemon"
    assert registry.sources["lemon"].distribution == "stranger 1.2"
    assert "demo" in registry.sources


def test_a_list_replaces_what_is_installed_and_each_adapter_is_built_once(write):
    module = write(adapter(), "listed_lemon")
    registry = find(f" lemon = {module}:Lemon ,")
    assert registry.names == ("lemon",) and registry.broken == {}
    assert registry.get("lemon") is registry.get("lemon")
    assert len(sys.modules[module].built) == 1


@pytest.mark.parametrize("listed", ["lemon", "lemon=", "=a:B", "lemon=a.b", "lemon=a:", "lemon=:B", "lemon=a:b:c"])
def test_a_list_that_cannot_be_read_says_so(listed):
    with pytest.raises(ValueError, match="name=module:Class"):
        find(listed)


@pytest.mark.parametrize(("given", "value"), [
    ({"lemon": {"API_KEY": "k1"}}, "k1"), ({"lemon": {"api_key": "k2"}}, "k2"), ({"lemon": {"OTHER": "x"}}, "none"),
    ({}, "none"), (lambda name: {"api_key": f"of {name}"}, "of lemon"),
])
def test_settings_come_from_the_caller_and_defaults_from_the_adapter(write, given, value):
    module = write(adapter(), "valued_lemon")
    built = find(f"lemon={module}:Lemon", given).get("lemon")
    assert dict(built.values) == {"API_KEY": value}


RAISES = "        raise RuntimeError('the key ' + self.values['API_KEY'] + ' is wrong')\n"
BROKEN = [
    (adapter(version=CONTRACT_VERSION + 1), "Lemon", ["version 2", "Update Mostrador"]),
    (adapter(version=0), "Lemon", ["version 0", "Update the adapter"]),
    (adapter(name="lime"), "Lemon", ["'lime'", "'lemon'", "the same"]),
    (adapter(label=""), "Lemon", ["no label"]),
    (adapter(extra=RAISES), "Lemon", ["RuntimeError", "the key … is wrong"]),
    (adapter().replace("def set_up", "def setup").replace("def surfaces", "def surface"), "Lemon",
     ["lacks set_up, surfaces"]),
    (adapter(), "Lime", ["has no Lime"]),
    ("Lemon = 3", "Lemon", ["not a subclass"]),
    ("import no_such_library_at_all", "Lemon", ["no_such_library_at_all", "not installed"]),
    ("raise SystemExit('bye')", "Lemon", ["SystemExit", "bye"]),
    ("def broken(:", "Lemon", ["SyntaxError"]),
]


@pytest.mark.parametrize(("text", "kind", "words"), BROKEN, ids=[words[0] for _, _, words in BROKEN])
def test_a_broken_adapter_is_kept_with_its_reason_and_the_others_work(write, text, kind, words):
    broken = write(text, "broken_lemon")
    good = write(adapter(kind="Lime", name="lime"), "good_lime")
    registry = find(f"lemon={broken}:{kind},lime={good}:Lime", {"lemon": {"API_KEY": "very-secret"}})
    assert registry.names == ("lime",) and set(registry.broken) == {"lemon"}
    for word in words:
        assert word in registry.broken["lemon"]
    assert "very-secret" not in registry.broken["lemon"]
    with pytest.raises(UnknownAdapter, match="does not work"):
        registry.get("lemon")


def test_a_name_that_cannot_stand_in_an_address_is_refused(write):
    module = write(adapter(name="Le/mon"), "odd_lemon")
    assert "lower case" in find(f"Le/mon={module}:Lemon").broken["Le/mon"]


def test_two_adapters_of_one_name_are_refused_both(write):
    one, other = write(adapter(), "one_lemon"), write(adapter(), "other_lemon")
    registry = find(f"lemon={one}:Lemon,lemon={other}:Lemon")
    assert registry.names == () and "Two packages" in registry.broken["lemon"]


def test_an_unknown_name_is_answered_with_the_known_ones(write):
    module = write(adapter(), "known_lemon")
    with pytest.raises(UnknownAdapter, match="There are: lemon"):
        find(f"lemon={module}:Lemon").get("magento")
