"""Neither two mails nor none: which notices are left to the platform, and which become ours, whatever comes when."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.contract import Meaning, Money, Notice, Order, OrderStatus, PaymentStatus, Refund, ShipmentStatus
from plugin.notices.decide import Entry, Policy, decide
from plugin.orders import Parcel
from plugin.stores.status_words import translate
from plugin.testing.factories import MOMENT, make_order, make_shipment

MINUTE = timedelta(minutes=1)
HOLD = timedelta(hours=4)
CORE = frozenset({
    Notice.order_received, Notice.preparing, Notice.payment_received, Notice.on_hold, Notice.shipped,
    Notice.refunded, Notice.payment_failed,
})  # fmt: skip
SHIPPED = frozenset({Notice.shipped})
PARCEL = (Parcel("p1", make_shipment()),)


def policy(mode: str, *, leased: bool = False, own: bool = False) -> Policy:
    return Policy(
        connected_at=MOMENT - timedelta(days=1), live=True, mail_mode=mode, platform_mails=CORE, hold=HOLD,
        leased=leased, own_status=own, mails_since=MOMENT - timedelta(days=1) if mode == "all" else None,
    )  # fmt: skip


def order(status: str = "processing", **values) -> Order:
    given = {"payment_status": PaymentStatus.paid, "paid_at": MOMENT, "raw_status": status} | values
    untold = given.pop("untold", frozenset() if status == "completed" else SHIPPED)
    return make_order(status=OrderStatus(status), dispatched=status == "completed", untold=untold, **given)


def meant(meaning: Meaning, **values) -> Order:
    raw = replace(order(**values), status=OrderStatus.unknown, raw_status="own")
    return translate(raw, {"own": meaning})


@dataclass
class Shop:
    """Tells our ledger, and what core mails, of one order; `mails` are ours, `core` the platform's."""

    rules: Policy

    def __post_init__(self) -> None:
        self.ledger: dict[tuple[Notice, str], Entry] = {}
        self.mails: list[Notice] = []

    def tell(self, one: Order, parcels=PARCEL, after: timedelta = MINUTE, **rules) -> list[Notice]:
        used = replace(self.rules, **rules)
        lines = decide(one, parcels, False, self.ledger, used, MOMENT + after)
        for line in lines:
            self.ledger[line.notice, line.about] = Entry(reason=line.reason, held_until=line.held_until)
        sent = [line.notice for line in lines if line.reason == "sent"]
        self.mails += sent
        return sent

    def reason(self, notice: Notice = Notice.shipped, about: str = "p1") -> str:
        return self.ledger[notice, about].reason


@pytest.mark.parametrize(
    ("mode", "leased", "one", "own", "now", "after_the_hold"),
    [
        # A number is typed while the order is processed.
        ("extra_only", False, order(), False, "held", "sent"),
        ("extra_only", True, order(), False, "held", "sent"),
        ("all", True, order(), False, "sent", "sent"),
        ("all", False, order(), False, "sent", "sent"),
        # The order is completed with its number on it.
        ("extra_only", False, order("completed"), False, "platform_mails", "platform_mails"),
        ("extra_only", True, order("completed"), False, "platform_mails", "platform_mails"),
        ("all", True, order("completed"), False, "platform_mails", "platform_mails"),  # a stale lease: core mailed
        ("all", True, order("completed", untold=SHIPPED), False, "sent", "sent"),  # a fresh one: it kept silent
        ("all", False, order("completed"), False, "sent", "sent"),  # cannot keep silent, and was told to be ignored
        # A status of the shop's own, which core never mails about.
        ("extra_only", False, meant(Meaning.shipped), True, "sent", "sent"),
        ("extra_only", True, meant(Meaning.shipped), True, "sent", "sent"),
        ("all", True, meant(Meaning.shipped), True, "sent", "sent"),
        ("all", False, meant(Meaning.shipped), True, "sent", "sent"),
        # Waiting for money or for a person, with a number already: nobody completes that soon.
        ("extra_only", False, order("on_hold"), False, "sent", "sent"),
    ],
)  # fmt: skip
def test_who_tells_that_a_parcel_left(
    mode: str, leased: bool, one: Order, own: bool, now: str, after_the_hold: str
) -> None:
    shop = Shop(policy(mode, leased=leased, own=own))
    shop.tell(one)
    assert shop.reason() == now
    shop.tell(one, after=HOLD + 2 * MINUTE)
    assert shop.reason() == after_the_hold
    assert shop.mails.count(Notice.shipped) == (after_the_hold == "sent")


def test_a_number_typed_while_processing_is_left_to_the_platform_once_it_completes_the_order() -> None:
    shop = Shop(policy("extra_only"))
    shop.tell(order(), ())
    assert shop.tell(order(), after=2 * MINUTE) == [] and shop.reason() == "held"
    assert shop.tell(order("completed"), after=5 * MINUTE) == [] and shop.reason() == "platform_mails"
    assert shop.tell(order("completed"), after=HOLD * 2) == []


def test_a_number_whose_order_is_never_completed_is_told_after_the_hold_and_not_again() -> None:
    shop = Shop(policy("extra_only"))
    shop.tell(order())
    assert shop.tell(order(), after=HOLD) == []
    assert shop.tell(order(), after=HOLD + 2 * MINUTE) == [Notice.shipped]
    assert shop.tell(order("completed"), after=HOLD * 2) == []


def test_a_number_of_an_order_older_than_the_hand_over_waits_for_the_platform_which_keeps_its_mails() -> None:
    shop = Shop(replace(policy("all", leased=True), mails_since=MOMENT + timedelta(days=1)))
    assert shop.tell(order()) == [] and shop.reason() == "held"
    assert shop.tell(order("completed"), after=5 * MINUTE) == [] and shop.reason() == "platform_mails"
    never_completed = Shop(shop.rules)
    never_completed.tell(order())
    assert never_completed.tell(order(), after=HOLD + 2 * MINUTE) == [Notice.shipped]


@pytest.mark.parametrize("mode", ["extra_only", "all"])
def test_a_number_typed_long_after_the_order_was_completed_is_ours_and_the_earlier_one_stays_told(mode: str) -> None:
    shop = Shop(policy(mode, leased=True))
    done = order("completed", completed_at=MOMENT, modified_at=MOMENT + timedelta(hours=3))
    early = Parcel("p1", make_shipment(shipped_at=MOMENT - MINUTE))
    later = Parcel("p2", make_shipment(external_id="p2", tracking_number="N2", shipped_at=MOMENT + timedelta(hours=3)))
    assert shop.tell(done, (early,)) == [] and shop.reason() == "platform_mails"
    silent = replace(done, untold=SHIPPED)  # the platform mails `completed` once, and this number is not in it
    assert shop.tell(silent, (early, later), after=timedelta(hours=4)) == [Notice.shipped]
    assert (shop.reason(), shop.reason(about="p2")) == ("platform_mails", "sent")


def test_of_two_refunds_only_that_is_ours_about_which_the_platform_kept_silent() -> None:
    """It notes the kind of mail and not the refund, so the note is about the last."""
    rules = replace(policy("all", leased=True), platform_mails=CORE | {Notice.partly_refunded})
    shop = Shop(rules)
    first, second = (
        Refund(external_id=name, amount=Money(amount=Decimal(5), currency="EUR")) for name in ("r1", "r2")
    )
    paid = {"payment_status": PaymentStatus.partly_refunded}
    shop.tell(order(refunds=(first,), **paid), ())
    assert shop.reason(Notice.partly_refunded, "r1") == "platform_mails"
    silent = order(refunds=(first, second), untold=SHIPPED | {Notice.partly_refunded}, **paid)
    assert shop.tell(silent, (), after=2 * MINUTE) == [Notice.partly_refunded]
    assert shop.reason(Notice.partly_refunded, "r2") == "sent"
    assert shop.reason(Notice.partly_refunded, "r1") == "platform_mails"
    assert shop.tell(silent, (), after=3 * MINUTE) == []


def test_news_of_the_carrier_do_not_wait_for_the_platform() -> None:
    shop = Shop(policy("extra_only"))
    shop.tell(order())
    out = (Parcel("p1", make_shipment(status=ShipmentStatus.out_for_delivery)),)
    assert shop.tell(order(), out, after=3 * MINUTE) == [Notice.out_for_delivery]
    assert shop.tell(order(), out, after=HOLD * 2) == [] and shop.reason() == "overtaken"


@pytest.mark.parametrize("notice", [Notice.order_received, Notice.payment_received, Notice.preparing])
def test_what_a_lease_silenced_is_ours_exactly_once(notice: Notice) -> None:
    shop = Shop(policy("all", leased=True))
    silent = order(untold=SHIPPED | {notice})
    for minutes in range(1, 6):
        shop.tell(silent, (), after=MINUTE * minutes)
    assert shop.mails == [notice]


def test_a_note_of_silence_that_comes_late_still_makes_the_mail_ours() -> None:
    shop = Shop(policy("all", leased=True))
    assert shop.tell(order("completed")) == [] and shop.reason() == "platform_mails"
    assert shop.tell(order("completed", untold=SHIPPED), after=2 * MINUTE) == [Notice.shipped]
    assert shop.tell(order("completed", untold=SHIPPED), after=3 * MINUTE) == []


def test_an_order_taken_back_to_processing_is_not_told_as_shipped_after_the_platform_did() -> None:
    for mode, leased in (("extra_only", False), ("all", True)):
        shop = Shop(policy(mode, leased=leased))
        shop.tell(order("completed"))
        assert shop.tell(order(), after=2 * MINUTE) == []
        assert shop.tell(order(), after=HOLD * 2) == [] and shop.mails == []


def test_a_status_of_the_shops_own_takes_back_nothing_that_was_left_to_the_platform() -> None:
    shop = Shop(policy("extra_only", leased=True))
    assert shop.tell(order(), ()) == [] and shop.reason(Notice.preparing, "") == "platform_mails"
    assert shop.tell(meant(Meaning.preparing), (), after=2 * MINUTE, own_status=True) == []


def test_a_status_meant_as_preparing_is_ours_where_the_platform_had_no_word_for_it() -> None:
    shop = Shop(policy("extra_only"))
    shop.tell(make_order(status=OrderStatus.pending), ())
    assert shop.tell(meant(Meaning.preparing), (), after=2 * MINUTE, own_status=True) == [Notice.preparing]
    assert shop.reason(Notice.payment_received, "") == "platform_mails"


def test_in_preview_nothing_is_sent_lease_or_not() -> None:
    for leased in (True, False):
        shop = Shop(policy("all", leased=leased))
        shop.tell(order("completed", untold=CORE), live=False)
        assert {entry.reason for entry in shop.ledger.values()} == {"preview"}


ENDED = MOMENT + 30 * MINUTE
SILENT = order("completed", untold=SHIPPED)


@pytest.mark.parametrize(
    ("one", "after", "rules", "reason"),
    [
        (SILENT, MINUTE, {}, "sent"),  # the lease is fresh: the shop has not heard of the preview
        (SILENT, 35 * MINUTE, {}, "sent"),  # it fell silent while it was, and we hear of it later
        (SILENT, timedelta(hours=47), {}, "sent"),
        (SILENT, timedelta(days=3), {}, "too_late"),
        (order("completed"), MINUTE, {}, "preview"),  # the shop mailed it
        (order(), MINUTE, {}, "preview"),  # only a number: no shop mails that, and nobody silenced it
        (meant(Meaning.shipped), MINUTE, {"own_status": True}, "preview"),
        (SILENT, MINUTE, {"left_until": None}, "preview"),
        (SILENT, MINUTE, {"left_until": MOMENT - timedelta(days=1)}, "preview"),  # an older lease than the order
        (SILENT, MINUTE, {"leased": False}, "preview"),
    ],
)  # fmt: skip
def test_a_store_back_in_preview_tells_what_the_shop_left_to_us_before_it_had_its_mails_back(
    one: Order, after: timedelta, rules: dict, reason: str
) -> None:
    shop = Shop(policy("all", leased=True))
    given = {"live": False, "left_until": ENDED} | rules
    shop.tell(one, after=after, **given)
    assert shop.reason() == reason
    shop.tell(one, after=after + MINUTE, **given)
    assert shop.mails.count(Notice.shipped) == (reason == "sent")


def test_two_days_after_a_store_has_its_mails_back_a_preview_is_silent() -> None:
    shop = Shop(policy("all", leased=True))
    late = replace(SILENT, modified_at=MOMENT + timedelta(days=3), completed_at=None)
    parcels = (Parcel("p1", make_shipment(shipped_at=None)),)
    shop.tell(order(), (), live=False, left_until=ENDED)
    shop.tell(late, parcels, after=timedelta(days=3), live=False, left_until=ENDED)
    assert shop.reason() == "preview"


def test_a_note_of_silence_that_comes_late_is_told_from_preview_too() -> None:
    shop = Shop(policy("all", leased=True))
    rules = {"live": False, "left_until": ENDED}
    assert shop.tell(order("completed"), **rules) == [] and shop.reason() == "preview"
    assert shop.tell(SILENT, after=2 * MINUTE, **rules) == [Notice.shipped]
    assert shop.tell(SILENT, after=3 * MINUTE, **rules) == []


def test_mails_given_back_while_live_leave_nothing_untold_that_the_shop_had_left_to_us() -> None:
    shop = Shop(policy("all", leased=True))
    assert shop.tell(order("completed")) == [] and shop.reason() == "platform_mails"
    back = {"mail_mode": "extra_only", "left_until": ENDED}
    assert shop.tell(SILENT, after=2 * MINUTE, **back) == [Notice.shipped]


@pytest.mark.parametrize(
    ("meaning", "notice"),
    [
        (Meaning.shipped, Notice.shipped),
        (Meaning.out_for_delivery, Notice.out_for_delivery),
        (Meaning.ready_for_pickup, Notice.ready_for_pickup),
        (Meaning.attempted, Notice.attempted),
        (Meaning.delivered, Notice.delivered),
        (Meaning.returned, Notice.returned),
    ],
)
def test_where_everything_is_counts_for_each_parcel_or_for_the_whole_order(meaning: Meaning, notice: Notice) -> None:
    shop = Shop(policy("all", own=True))
    two = (*PARCEL, Parcel("p2", make_shipment(external_id="p2", tracking_number="N2")))
    shop.tell(order(untold=frozenset()), ())
    assert shop.tell(meant(meaning), two, after=2 * MINUTE) == [notice, notice]
    whole = Shop(policy("all", own=True))
    whole.tell(order(untold=frozenset()), ())
    told = whole.tell(meant(meaning), (), after=2 * MINUTE)
    told += whole.tell(meant(meaning), (), after=HOLD * 2)
    assert told == [notice]
    assert whole.tell(meant(meaning), PARCEL, after=HOLD * 3) == ([Notice.shipped] if notice is Notice.shipped else [])


def test_a_parcel_that_arrived_stays_arrived_whatever_the_order_is_called() -> None:
    shop = Shop(policy("all", own=True))
    arrived = (Parcel("p1", make_shipment(status=ShipmentStatus.delivered)),)
    assert shop.tell(meant(Meaning.out_for_delivery), arrived) == [Notice.delivered]


def test_parcels_that_vanish_are_not_told_a_second_time_as_the_whole_order() -> None:
    shop = Shop(policy("all", own=True))
    shop.tell(order(untold=frozenset()), ())
    assert shop.tell(meant(Meaning.delivered), after=2 * MINUTE) == [Notice.delivered]
    assert shop.tell(meant(Meaning.delivered), (), after=3 * MINUTE) == []


def test_a_label_is_no_parcel_under_way_until_the_order_has_left() -> None:
    label = (Parcel("p1", make_shipment(status=ShipmentStatus.label_created)),)
    shop = Shop(policy("all"))
    assert shop.tell(order(), label) == [Notice.preparing]
    assert shop.tell(order("completed"), label, after=2 * MINUTE) == [Notice.shipped]


@given(
    st.sampled_from(["extra_only", "all"]),
    st.booleans(),
    st.one_of(st.none(), st.integers(1, 600)),
    st.one_of(st.none(), st.integers(1, 600)),
    st.sets(st.integers(1, 900), max_size=12),
)
@settings(max_examples=500, deadline=None)
def test_whenever_the_number_is_typed_and_the_order_completed_somebody_tells_it_and_ours_goes_once(
    mode: str, fresh: bool, typed: int | None, completed: int | None, looks: set[int]
) -> None:
    """Core as observed: it mails when the order becomes completed, unless a fresh lease silences it, which is noted
    on the order. Times are minutes; we look at random ones, when something happens, and in the end."""
    silenced = mode == "all" and fresh
    core = int(completed is not None and not silenced)
    shop, sent_at = Shop(policy(mode, leased=True)), []
    for now in sorted({0, 2000, *looks, *(at for at in (typed, completed) if at is not None)}):
        done = completed is not None and now >= completed
        one = order("completed", untold=SHIPPED if silenced else frozenset()) if done else order()
        parcels = PARCEL if typed is not None and now >= typed else ()
        # Whatever is due is looked at when it is due: a held line promises its own decision.
        sent_at += [now for notice in shop.tell(one, parcels, after=MINUTE * (now + 1)) if notice is Notice.shipped]
    ours = len(sent_at)
    about_parcel = shop.ledger.get((Notice.shipped, "p1"))
    assert ours <= 1 + (typed is not None and completed is not None and typed > completed)
    if typed is None and completed is None:
        assert ours == core == 0
    else:
        assert ours + core >= 1
    if ours and core:
        assert completed is not None and all(at < completed for at in sent_at)
    if silenced and typed is not None:
        assert about_parcel is not None and about_parcel.reason in ("sent", "told_together", "overtaken")
