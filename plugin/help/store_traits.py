"""Which of `faq_links.FACTS` a store has, read from its ways to pay and to deliver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faq_links import FACTS
from plugin.help.fact_rows import read_facts, read_rows
from plugin.help.payment_ways import KINDS, list_payment_ways
from plugin.stores import StoreRow


def list_traits(store: StoreRow) -> frozenset[str]:
    """What the store has, and what it may have for all we know: nothing is kept from shoppers on a guess.

    An adapter that cannot list every way to pay tells ``payment_methods_complete: False``, and ``pick_up: None`` of its
    shipping methods where it cannot see what is picked up.
    """
    facts = read_facts(store)
    ways = list_payment_ways(facts, "en")
    found = {kind for way in ways for kind in way.kinds}
    is_whole = facts.get("payment_methods_complete", True) is not False
    if not ways or not is_whole or any(not way.kinds for way in ways):
        found |= set(KINDS)
    return frozenset(found | _list_delivery(facts)) & set(FACTS)


def _list_delivery(facts: Mapping[str, Any]) -> set[str]:
    zones = read_rows(facts, "shipping_zones")
    if not zones:
        return {"pick_up", "free_delivery"}
    methods = [one for zone in zones for one in read_rows(zone, "methods")]
    # A price that nobody could read may be nought.
    free = any(not str(one.get("price", "")).strip("0.") for one in methods if not one.get("pick_up"))
    fetched = any(one.get("pick_up", False) is not False for one in methods)
    return {fact for fact, has in (("pick_up", fetched), ("free_delivery", free)) if has}
