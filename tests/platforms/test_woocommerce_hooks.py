"""The webhooks of a shop, made and kept right over a served fake shop; what a store was found to be able to do."""

from __future__ import annotations

import pytest
from woo_shop_bench import HOOK, URLS, Connected, open_connected

from adapters.woocommerce.hooks import READING, TOPICS, WITH_PLUGIN, WRITING, plan_hooks
from adapters.woocommerce.proof import derive_secret
from adapters.woocommerce.schemas import WebhookBody
from plugin.contract import AccessRevoked, Capability, PlatformDown, Words


@pytest.fixture
def shop():
    with open_connected() as connected:
        yield connected


@pytest.fixture
def with_plugin():
    with open_connected(plugin_installed=True) as connected:
        yield connected


def topics_of(connected: Connected) -> list[str]:
    return sorted(hook.topic for hook in connected.hooks if hook.delivery_url == HOOK and hook.status == "active")


# Making them


def test_one_webhook_is_made_for_each_topic_and_signed_with_our_secret(shop):
    report = shop.adapter.set_up(shop.store, URLS)
    assert topics_of(shop) == sorted(TOPICS)
    assert {hook.secret for hook in shop.hooks} == {shop.store.webhook_secret}
    assert (report.webhooks, report.repaired) == (4, 0)
    assert report.capabilities == READING | WRITING


def test_setting_up_again_makes_nothing_twice(shop):
    first = shop.adapter.set_up(shop.store, URLS)
    made = {hook.id for hook in shop.hooks}
    assert shop.adapter.set_up(shop.store, URLS) == first
    assert {hook.id for hook in shop.hooks} == made


def test_what_was_registered_twice_is_left_once_and_what_is_not_ours_is_untouched(shop):
    oldest = shop.bench.hook(HOOK, "order.updated")
    shop.bench.hook(HOOK, "order.updated")
    shop.bench.hook(HOOK, "product.updated")
    foreign = shop.bench.hook("https://erp.example/in", "order.updated")
    foreign.status = "disabled"
    report = shop.adapter.set_up(shop.store, URLS)
    assert topics_of(shop) == sorted(TOPICS)
    assert oldest.id in shop.shop.webhooks.hooks
    assert oldest.secret == shop.store.webhook_secret  # it was made by hand, with another
    assert shop.shop.webhooks.hooks[foreign.id].status == "disabled"
    assert (report.webhooks, report.repaired) == (4, 3)


@pytest.mark.parametrize("status", ["disabled", "paused"])
def test_a_disabled_webhook_is_made_anew_because_its_failures_survive_re_enabling(shop, status):
    shop.adapter.set_up(shop.store, URLS)
    broken = next(hook for hook in shop.hooks if hook.topic == "order.updated")
    broken.status, broken.failures = status, 6
    assert shop.adapter.mend_webhooks(shop.store, URLS) == 1
    assert broken.id not in shop.shop.webhooks.hooks
    assert topics_of(shop) == sorted(TOPICS)
    assert {hook.failures for hook in shop.hooks} == {0}


def test_when_all_is_well_mending_asks_one_question(shop):
    shop.adapter.set_up(shop.store, URLS)
    shop.asked.clear()
    assert shop.adapter.mend_webhooks(shop.store, URLS) == 0
    assert shop.asked == ["GET wc/v3/webhooks?per_page=100&page=1"]


def test_every_missing_webhook_counts_as_mended(shop):
    shop.adapter.set_up(shop.store, URLS)
    for hook in shop.hooks[:2]:
        del shop.shop.webhooks.hooks[hook.id]
    assert shop.adapter.mend_webhooks(shop.store, URLS) == 2
    assert topics_of(shop) == sorted(TOPICS)


def test_the_oldest_active_one_of_a_topic_is_kept():
    rows = [WebhookBody(id=number, topic="order.updated", delivery_url=HOOK, status=status)
            for number, status in ((9, "active"), (3, "disabled"), (5, "active"))]
    plan = plan_hooks([*rows, WebhookBody(id=1, topic="order.updated", delivery_url=f"{HOOK}x", status="active")], HOOK)
    assert [row.id for row in plan.keep] == [5]
    assert sorted(row.id for row in plan.drop) == [3, 9]
    assert set(plan.create) == set(TOPICS) - {"order.updated"}


# What the key may do


def test_a_key_that_only_reads_is_told_what_to_do_and_can_do_nothing_that_writes(shop):
    report = shop.adapter.set_up(shop.with_key(permissions="read"), URLS)
    assert report.capabilities == READING
    assert report.webhooks == 0 and shop.hooks == []
    reason, by_hand = report.warnings
    assert "Read/Write" in reason and isinstance(reason, Words)
    assert HOOK in by_hand and "order.restored" in by_hand


def test_a_key_that_only_reads_is_noticed_also_when_every_webhook_is_there(shop):
    shop.adapter.set_up(shop.store, URLS)
    report = shop.adapter.set_up(shop.with_key(permissions="read"), URLS)
    assert (report.capabilities, report.webhooks, len(report.warnings)) == (READING, 4, 1)


def test_keys_of_somebody_who_may_not_manage_the_shop_raise(shop):
    customer = shop.shop.add_user("ana", "ana@example.com")
    with pytest.raises(AccessRevoked):
        shop.adapter.set_up(shop.with_key(user_id=customer.id), URLS)
    assert shop.hooks == []


def test_without_the_plugin_the_merchant_is_told_and_mails_and_proofs_are_not_found(shop):
    report = shop.adapter.set_up(shop.store, URLS)
    assert not report.capabilities & WITH_PLUGIN
    (warning,) = report.warnings
    assert isinstance(warning, Words) and "Upload Plugin" in warning


# The plugin


def test_the_plugin_is_told_whom_it_belongs_to(with_plugin):
    report = with_plugin.adapter.set_up(with_plugin.store, URLS)
    told = with_plugin.shop.plugin.connection
    assert (told["service"], told["store"], told["locale"]) == ("https://care.example", "st_1", "es")
    assert told["secret"] == derive_secret(with_plugin.store)
    assert with_plugin.store.webhook_secret not in told.values()
    assert report.capabilities == READING | WRITING | WITH_PLUGIN
    assert report.warnings == ()


def test_a_plugin_made_for_another_service_is_a_warning_and_no_capability():
    with open_connected(plugin_installed=True, plugin_service="https://other.example") as shop:
        report = shop.adapter.set_up(shop.store, URLS)
        assert Capability.MAIL_LEASE not in report.capabilities
        assert len(report.warnings) == 1 and "made for another service" in report.warnings[0]
        assert report.webhooks == 4


# Leaving


def test_leaving_deletes_our_webhooks_and_the_plugins_memory_and_nothing_else(with_plugin):
    foreign = with_plugin.bench.hook("https://erp.example/in")
    with_plugin.adapter.set_up(with_plugin.store, URLS)
    with_plugin.adapter.tear_down(with_plugin.store)
    assert [hook.id for hook in with_plugin.hooks] == [foreign.id]
    assert with_plugin.shop.plugin.connection == {}


def test_leaving_with_keys_that_were_revoked_already_is_no_error(shop):
    shop.adapter.set_up(shop.store, URLS)
    shop.shop.keys.clear()
    shop.adapter.tear_down(shop.store)
    assert len(shop.hooks) == 4


def test_leaving_while_the_shop_is_down_can_be_tried_again(shop):
    shop.adapter.set_up(shop.store, URLS)
    shop.shop.manners.maintenance = 503
    with pytest.raises(PlatformDown):
        shop.adapter.tear_down(shop.store)
