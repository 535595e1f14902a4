"""The connection doctor and the coverage report: what is wrong with a shop, in words, and what was mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from woo_shop_bench import URLS, Connected, open_connected

from adapters.woocommerce.bodies import CronReport, PluginStatus
from adapters.woocommerce.site_findings import describe_cron, list_findings
from adapters.woocommerce.surfaces import describe_step
from plugin.contract import Finding, FindingState, Step, SurfaceState, Words
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import make_store

KEYS = {"reachable", "tls", "keys", "authorization", "webhooks", "plugin", "permalinks", "clock", "cron", "caching",
        "lease", "checkout", "mailers"}
GOOD, TROUBLE, MENDED, UNKNOWN = (FindingState.good, FindingState.trouble, FindingState.mended, FindingState.unknown)
NOW = FrozenClock().now()
STORE = make_store("woocommerce", public_id="st_1", credentials={"url": "https://shop.example"})


@pytest.fixture
def shop():
    with open_connected(plugin_installed=True) as connected:
        connected.adapter.set_up(connected.store, URLS)
        yield connected


def examine(connected: Connected, **changes) -> dict[str, Finding]:
    found = connected.adapter.examine(replace(connected.store, **changes), URLS)
    assert len(found) == len({finding.key for finding in found})
    assert all(isinstance(finding.words, Words) and finding.words for finding in found)
    assert all(finding.url == "" or finding.url.startswith("https://") for finding in found)
    return {finding.key: finding for finding in found}


def test_a_healthy_shop_has_every_question_answered_with_good(shop):
    found = examine(shop)
    assert found.keys() == KEYS
    assert {key: finding.state for key, finding in found.items() if finding.state is not GOOD} == {}


def test_a_disabled_webhook_is_mended_and_said_to_be(shop):
    broken = shop.hooks[0]
    broken.status, broken.failures = "disabled", 6
    found = examine(shop)["webhooks"]
    assert found.state is MENDED and "right again: 1." in found.words
    assert "wp-admin" in found.url
    assert {hook.status for hook in shop.hooks} == {"active"} and len(shop.hooks) == 4
    assert examine(shop)["webhooks"].state is GOOD


def test_a_plugin_that_forgot_us_is_connected_again(shop):
    shop.shop.plugin.disconnect()
    assert examine(shop)["plugin"].state is MENDED
    assert shop.shop.plugin.connection["store"] == "st_1"


def test_a_shop_without_the_plugin_is_told_where_to_install_it_and_the_rest_is_unknown():
    with open_connected() as shop:
        shop.adapter.set_up(shop.store, URLS)
        found = examine(shop)
        assert found["plugin"].state is TROUBLE
        assert found["plugin"].url.endswith("/wp-admin/plugin-install.php?tab=upload")
        unknown = {key for key, finding in found.items() if finding.state is UNKNOWN}
        assert unknown <= {"permalinks", "cron", "caching", "lease", "checkout", "clock"}


def test_revoked_keys_are_trouble_once_and_what_hangs_on_them_is_unknown(shop):
    shop.shop.keys.clear()
    found = examine(shop)
    assert found.keys() == KEYS
    assert found["reachable"].state is GOOD
    assert (found["keys"].state, found["authorization"].state) == (TROUBLE, TROUBLE)
    assert found["webhooks"].state is found["plugin"].state is UNKNOWN


def test_a_key_that_only_reads_is_named_where_something_would_have_to_be_mended(shop):
    shop.hooks[0].status = "disabled"
    reading = shop.with_key(permissions="read")
    found = {finding.key: finding for finding in shop.adapter.examine(reading, URLS)}
    assert found["keys"].state is GOOD
    assert found["webhooks"].state is TROUBLE and "Read/Write" in found["webhooks"].words
    assert len(shop.hooks) == 4


def test_a_shop_in_maintenance_is_trouble_and_no_exception(shop):
    shop.shop.manners.maintenance = 503
    found = examine(shop)
    assert found["reachable"].state is found["keys"].state is TROUBLE
    assert found.keys() == KEYS


def test_plain_permalinks_are_named_with_the_screen_that_changes_them(shop):
    shop.shop.manners.plain_permalinks = True
    found = examine(shop)
    assert found["permalinks"].state is TROUBLE
    assert found["permalinks"].url.endswith("options-permalink.php")


def test_a_shop_that_does_not_know_of_its_https_is_told_so_without_alarm(shop):
    found = examine(shop, credentials={**shop.store.credentials, "auth": "oauth"})
    assert "proxy" in found["tls"].words


def test_a_store_without_keys_gets_the_public_answer_and_is_told_to_add_them(shop):
    found = examine(shop, credentials={"url": shop.shop.home})
    assert (found["reachable"].state, found["keys"].state) == (GOOD, TROUBLE)


# What the plugin tells


def status(**changes) -> PluginStatus:
    values = {"version": "1.0.0", "connected": True, "store": "st_1", "cart": "blocks", "checkout": "blocks",
              "pages": {step.value: True for step in Step}, "cron": CronReport(), "time_gmt": "2026-11-21T12:00:00"}
    return PluginStatus(**values | changes)


def findings(told: PluginStatus | None, mailers: list[str] | None = None) -> dict[str, Finding]:
    return {finding.key: finding for finding in list_findings(told, STORE, NOW, mailers or [])}


@pytest.mark.parametrize(("minutes", "state"), [(0, GOOD), (5, GOOD), (6, TROUBLE), (-6, TROUBLE)])
def test_a_clock_more_than_five_minutes_away_is_trouble(minutes, state):
    told = (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")
    assert findings(status(time_gmt=told))["clock"].state is state


@pytest.mark.parametrize("told", [None, "", "yesterday"])
def test_a_clock_that_is_not_told_is_unknown(told):
    assert findings(status(time_gmt=told))["clock"].state is UNKNOWN


@pytest.mark.parametrize(("report", "state"), [
    (CronReport(), GOOD), (CronReport(last_run_gmt="2026-11-21T11:59:00", overdue=3), GOOD),
    (CronReport(last_run_gmt="2026-11-21T10:00:00", overdue=3), TROUBLE), (CronReport(overdue=20), TROUBLE),
    (CronReport(last_run_gmt="2026-11-21T10:00:00"), GOOD), (CronReport(disabled=True), TROUBLE),
    (CronReport(disabled=True, last_run_gmt="2026-11-21T11:59:00"), GOOD), (None, UNKNOWN),
])
def test_timed_jobs_that_wait_or_never_run_are_trouble_and_a_quiet_shop_is_not(report, state):
    assert describe_cron(status(cron=report), NOW).state is state


def test_a_cache_that_delays_the_chat_and_a_second_mailer_are_trouble_by_name():
    found = findings(status(caching=["wp-rocket"], delays_scripts=True, mailers={"0": "trackship"}), ["AfterShip"])
    assert found["caching"].state is TROUBLE and "wp-rocket" in found["caching"].words
    assert found["mailers"].state is TROUBLE and "AfterShip, trackship" in found["mailers"].words
    assert findings(status(caching=["wp-rocket"]))["caching"].state is GOOD


def test_a_shop_without_a_checkout_page_is_told():
    assert findings(status(checkout="none"))["checkout"].state is TROUBLE


# The coverage report


def test_every_page_is_live_in_a_shop_whose_plugin_is_connected(shop):
    told = shop.adapter.surfaces(shop.store)
    assert {surface.step for surface in told} == set(Step) and len(told) == len(Step)
    assert {surface.state for surface in told} == {SurfaceState.live}


def test_without_the_plugin_each_page_needs_it_and_says_where():
    with open_connected() as shop:
        told = shop.adapter.surfaces(shop.store)
        assert {surface.state for surface in told} == {SurfaceState.needs_step}
        assert {surface.url for surface in told} == {f"{shop.shop.home}/wp-admin/plugin-install.php?tab=upload"}


def test_a_plugin_connected_to_another_store_is_not_ours(shop):
    shop.shop.plugin.connection["store"] = "st_2"
    told = shop.adapter.surfaces(shop.store)
    assert {surface.state for surface in told} == {SurfaceState.needs_step}
    assert all("not connected" in surface.words for surface in told)


def test_a_shop_that_is_down_is_a_report_too(shop):
    shop.shop.manners.maintenance = 503
    told = shop.adapter.surfaces(shop.store)
    assert len(told) == len(Step) and all(surface.words for surface in told)


@pytest.mark.parametrize(("step", "changes", "state"), [
    (Step.cart, {"pages": {"cart": False}}, SurfaceState.needs_step),
    (Step.payment, {"pages": {"checkout": True}}, SurfaceState.live),
    (Step.payment, {"pages": {"checkout": False}}, SurfaceState.needs_step),
    (Step.thank_you, {"checkout": "none"}, SurfaceState.needs_step),
    (Step.cart, {"cart": "none"}, SurfaceState.needs_step),
    (Step.account, {"pages": {}}, SurfaceState.needs_step),
    (Step.home, {"pages": []}, SurfaceState.not_possible),
])
def test_a_page_that_is_off_or_missing_says_what_to_do(step, changes, state):
    surface = describe_step(step, status(**changes), STORE)
    assert surface.state is state
    assert surface.state is SurfaceState.live or isinstance(surface.words, Words)


def test_webhooks_whose_deliveries_fail_are_named_before_woocommerce_switches_them_off(shop, monkeypatch):
    told = shop.shop.plugin.status
    monkeypatch.setattr(shop.shop.plugin, "status", lambda *given: told(*given) | {"hooks_failing": 2})
    found = examine(shop)["webhooks"]
    assert found.state is TROUBLE and "did not reach us: 2." in found.words


def test_a_plugin_that_writes_our_address_in_capitals_is_still_ours(shop):
    shop.shop.plugin.connection["service"] = "https://CARE.example/"
    assert examine(shop)["plugin"].state is GOOD
