"""The decision is pure: state, ledger and time in, lines of the ledger out."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.contract import Notice, Order, OrderStatus, PaymentStatus, ShipmentStatus, TrackingEvent
from plugin.notices.decide import Decision, Entry, Policy, decide
from plugin.notices.facts import list_facts
from plugin.orders import Parcel
from plugin.testing.factories import MOMENT, make_order, make_refund, make_shipment

HOLD = timedelta(hours=4)
POLICY = Policy(
    connected_at=MOMENT - timedelta(days=1), live=True, mail_mode="all", platform_mails=frozenset(), hold=HOLD
)
MINUTE = timedelta(minutes=1)


def parcel(key: str = "p1", **values) -> Parcel:
    return Parcel(key, make_shipment(external_id=key, **values))


def lines(decisions: tuple[Decision, ...]) -> dict[tuple[str, str], str]:
    return {(decision.notice.value, decision.about): decision.reason for decision in decisions}


class Story:
    """Decides again and again, keeping the ledger as the room would."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy, self.ledger, self.mails = policy, {}, []

    def tell(self, order: Order, parcels=(), after=MINUTE, gone=False) -> list[str]:
        decisions = decide(order, parcels, gone, self.ledger, self.policy, MOMENT + after)
        for decision in decisions:
            entry = Entry(reason=decision.reason, held_until=decision.held_until)
            self.ledger[decision.notice, decision.about] = entry
        sent = [decision.notice.value for decision in decisions if decision.reason == "sent"]
        self.mails += sent
        return sent


def paid(**values) -> Order:
    values = {
        "status": OrderStatus.processing,
        "payment_status": PaymentStatus.paid,
        "paid_at": MOMENT,
    } | values
    return make_order(**values)


def cod(**values) -> Order:
    values = {"status": OrderStatus.processing, "payment_status": PaymentStatus.on_delivery} | values
    return make_order(pay_on_delivery=True, **values)


def test_the_first_sight_of_an_order_is_one_mail_that_tells_everything() -> None:
    decisions = decide(paid(), (), False, {}, POLICY, MOMENT + MINUTE)
    assert lines(decisions) == {
        ("preparing", ""): "sent",
        ("payment_received", ""): "told_together",
        ("order_received", ""): "told_together",
    }
    assert {decision.told_in for decision in decisions} == {None, (Notice.preparing, "")}


def test_an_order_walks_through_its_life_with_one_mail_per_step() -> None:
    story = Story()
    assert story.tell(make_order()) == []
    assert story.tell(make_order(payment_status=PaymentStatus.paid, paid_at=MOMENT)) == ["payment_received"]
    assert story.tell(paid()) == ["preparing"]
    assert story.tell(paid(), [parcel()]) == ["shipped"]
    assert story.tell(paid(), [parcel(status=ShipmentStatus.out_for_delivery)]) == ["out_for_delivery"]
    assert story.tell(paid(), [parcel(status=ShipmentStatus.delivered)]) == ["delivered"]
    assert story.tell(paid(), [parcel(status=ShipmentStatus.delivered)]) == []


def test_who_may_still_be_paying_is_not_told_that_the_payment_is_missing() -> None:
    story, unpaid = Story(), make_order()
    for minutes in (1, 10, 29):
        assert story.tell(unpaid, after=MINUTE * minutes) == []
    assert story.ledger[Notice.payment_pending, ""].reason == "held"
    assert story.tell(unpaid, after=MINUTE * 31) == ["payment_pending"]
    assert story.ledger[Notice.order_received, ""].reason == "told_together"
    quick = Story()
    quick.tell(unpaid, after=MINUTE)
    assert quick.tell(paid(), after=MINUTE * 3) == ["preparing"]
    assert quick.ledger[Notice.payment_pending, ""].reason == "overtaken"


def test_payment_received_is_never_said_of_pay_on_delivery() -> None:
    for status, payment in itertools.product(OrderStatus, PaymentStatus):
        order = cod(status=status, payment_status=payment, paid_at=MOMENT)
        assert Notice.payment_received not in {fact.notice for fact in list_facts(order, ())}


def test_completed_with_nothing_to_ship_is_not_shipped() -> None:
    order = paid(status=OrderStatus.completed, needs_shipping=False, dispatched=True)
    assert Story().tell(order, after=HOLD * 3) == ["payment_received"]


def test_shipped_waits_for_a_tracking_number_and_then_says_honestly_that_there_is_none() -> None:
    story, order = Story(), cod(status=OrderStatus.completed, dispatched=True)
    assert story.tell(order) == ["order_received"]
    assert story.ledger[Notice.shipped, ""].reason == "held"
    assert story.tell(order, after=HOLD) == []
    late = decide(order, (), False, story.ledger, POLICY, MOMENT + HOLD + MINUTE)
    assert [(line.notice, line.reason, line.without_number) for line in late] == [
        (Notice.shipped, "sent", True)
    ]


def test_a_number_that_comes_in_time_ends_the_waiting() -> None:
    story, order = Story(), cod(status=OrderStatus.completed, dispatched=True)
    story.tell(order)
    assert story.tell(order, [parcel()], after=MINUTE * 5) == ["shipped"]
    assert story.ledger[Notice.shipped, ""].reason == "overtaken"
    assert story.ledger[Notice.shipped, "p1"].reason == "sent"


def test_a_held_notice_overtakes_nothing() -> None:
    story = Story()
    story.tell(cod())
    assert story.tell(cod(status=OrderStatus.completed, dispatched=True, refunds=(make_refund(),))) == [
        "partly_refunded"
    ]


def test_two_parcels_are_two_mails_and_each_goes_its_own_way() -> None:
    story = Story()
    story.tell(paid())
    assert story.tell(paid(), [parcel("a")]) == ["shipped"]
    assert story.tell(paid(), [parcel("a"), parcel("b")]) == ["shipped"]
    assert story.tell(paid(), [parcel("a", status=ShipmentStatus.delivered), parcel("b")]) == ["delivered"]
    assert story.ledger[Notice.shipped, "b"].reason == "sent"


def test_two_partial_refunds_are_two_mails() -> None:
    story = Story()
    story.tell(paid())
    assert story.tell(paid(refunds=(make_refund("1"),))) == ["partly_refunded"]
    assert story.tell(paid(refunds=(make_refund("1"), make_refund("2")))) == ["partly_refunded"]


def test_a_full_refund_ends_the_story_and_what_was_held() -> None:
    story = Story()
    story.tell(cod(status=OrderStatus.completed, dispatched=True))
    over = cod(
        status=OrderStatus.refunded,
        payment_status=PaymentStatus.refunded,
        refunds=(make_refund("1", "25.00"),),
    )
    assert story.tell(over) == ["refunded"]
    assert story.ledger[Notice.shipped, ""].reason == "overtaken"
    assert story.tell(over, after=HOLD * 2) == []


def test_a_cancelled_order_is_never_told_as_shipped() -> None:
    story = Story()
    story.tell(paid())
    assert story.tell(paid(status=OrderStatus.cancelled), [parcel(status=ShipmentStatus.delivered)]) == [
        "cancelled"
    ]


def test_what_was_skipped_is_written_down_as_overtaken() -> None:
    story = Story()
    story.tell(make_order(), after=MINUTE * 40)
    assert story.tell(paid(), [parcel(status=ShipmentStatus.delivered)], after=MINUTE * 50) == ["delivered"]
    assert story.ledger[Notice.shipped, "p1"].reason == "overtaken"
    assert story.ledger[Notice.payment_received, ""].reason == "overtaken"


def test_money_that_comes_after_the_parcel_left_is_still_news() -> None:
    story = Story()
    unpaid = make_order(status=OrderStatus.processing)
    story.tell(unpaid)
    story.tell(unpaid, [parcel()])
    assert story.tell(paid(), [parcel()]) == ["payment_received"]


def test_a_step_backwards_is_not_told_again_but_a_revived_order_is() -> None:
    story = Story()
    story.tell(paid())
    story.tell(paid(), [parcel()])
    assert story.tell(paid(), [parcel(status=ShipmentStatus.label_created)]) == []
    story = Story()
    story.tell(make_order())
    story.tell(make_order(status=OrderStatus.cancelled))
    assert story.tell(paid()) == ["preparing"]


def test_drafts_unknown_states_and_gone_orders_tell_nothing() -> None:
    for status in (OrderStatus.draft, OrderStatus.unknown):
        assert decide(make_order(status=status), (), False, {}, POLICY, MOMENT + MINUTE) == ()
    assert decide(paid(), (), True, {}, POLICY, MOMENT + MINUTE) == ()


@pytest.mark.parametrize(
    ("policy", "order", "reason"),
    [
        (replace(POLICY, live=False), make_order(), "preview"),
        (replace(POLICY, suppressed=True), make_order(), "suppressed"),
        (POLICY, make_order(email=""), "no_address"),
        (replace(POLICY, connected_at=MOMENT + MINUTE), make_order(), "before_connection"),
        (
            POLICY,
            make_order(
                created_at=MOMENT - timedelta(days=3), modified_at=MOMENT - timedelta(days=2, minutes=9)
            ),
            "before_connection",
        ),
        (
            replace(POLICY, mail_mode="extra_only", platform_mails=frozenset(Notice)),
            make_order(),
            "platform_mails",
        ),
    ],
)
def test_every_silence_has_its_reason(policy: Policy, order: Order, reason: str) -> None:
    decisions = decide(order, (), False, {}, policy, MOMENT + MINUTE)
    assert {decision.reason for decision in decisions} == {reason}


def test_news_older_than_two_days_is_too_late() -> None:
    policy = replace(POLICY, connected_at=MOMENT - timedelta(days=30))
    decisions = decide(make_order(), (), False, {}, policy, MOMENT + timedelta(hours=49))
    assert {decision.reason for decision in decisions} == {"too_late"}


def test_preview_rows_are_never_sent_afterwards() -> None:
    story = Story(replace(POLICY, live=False))
    assert story.tell(paid()) == []
    story.policy = POLICY
    assert story.tell(paid()) == []
    assert story.tell(paid(), [parcel()]) == ["shipped"]


def test_what_the_platform_mails_is_left_to_it_and_tracking_is_ours() -> None:
    own = frozenset({Notice.order_received, Notice.preparing, Notice.payment_received, Notice.refunded})
    story = Story(replace(POLICY, mail_mode="extra_only", platform_mails=own))
    assert story.tell(paid()) == []
    assert story.tell(paid(), [parcel()]) == ["shipped"]


def test_an_old_order_touched_today_is_a_quiet_start_and_its_next_change_is_told() -> None:
    old = {"created_at": MOMENT - timedelta(days=9), "modified_at": MOMENT}
    story = Story(replace(POLICY, connected_at=MOMENT - timedelta(hours=1)))
    touched = cod(**old, status=OrderStatus.completed, dispatched=True)
    assert story.tell(touched, [parcel(shipped_at=MOMENT - timedelta(hours=20))]) == []
    assert {entry.reason for entry in story.ledger.values()} == {"before_connection"}
    delivered = parcel(
        status=ShipmentStatus.delivered,
        events=(TrackingEvent(status=ShipmentStatus.delivered, raw_status="", occurred_at=MOMENT),),
    )
    assert story.tell(touched, [delivered]) == ["delivered"]


def test_a_parcel_dated_to_the_day_is_not_taken_for_older_than_the_connection() -> None:
    midnight = MOMENT.replace(hour=0)
    story = Story(replace(POLICY, connected_at=MOMENT - timedelta(hours=2)))
    story.tell(paid())
    assert story.tell(paid(modified_at=MOMENT + MINUTE), [parcel(shipped_at=midnight)]) == ["shipped"]


orders = st.builds(
    lambda status, payment, pod, ships, gone_out, refunds: make_order(
        status=status,
        payment_status=payment,
        pay_on_delivery=pod,
        needs_shipping=ships,
        dispatched=gone_out,
        refunds=tuple(make_refund(str(n)) for n in range(refunds)),
    ),
    st.sampled_from(OrderStatus),
    st.sampled_from(PaymentStatus),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
)
parcels = st.lists(
    st.builds(
        lambda key, status, number: parcel(key, status=status, tracking_number=number),
        st.sampled_from("abc"),
        st.sampled_from(ShipmentStatus),
        st.sampled_from(["", "N1"]),
    ),
    max_size=3,
    unique_by=lambda one: one.key,
)


@given(st.lists(st.tuples(orders, parcels), max_size=6))
@settings(max_examples=300, deadline=None)
def test_whatever_happens_no_notice_is_decided_twice_and_the_first_mail_is_one(states: list) -> None:
    story, seen, first = Story(), set(), True
    for step, (order, current) in enumerate(states):
        before = dict(story.ledger)
        decisions = decide(order, current, False, story.ledger, POLICY, MOMENT + MINUTE * (step + 1))
        sent = [(line.notice, line.about) for line in decisions if line.reason == "sent"]
        assert not seen.intersection(sent)
        seen.update(sent)
        assert len(decisions) == len({(line.notice, line.about) for line in decisions})
        assert all(
            before[key].reason == "held" for line in decisions if (key := (line.notice, line.about)) in before
        )
        if first and sent:
            assert len(sent) == 1
        first = first and not any(line.reason != "held" for line in decisions)
        story.tell(order, current, after=MINUTE * (step + 1))
        again = decide(order, current, False, story.ledger, POLICY, MOMENT + MINUTE * (step + 1))
        assert again == ()


def test_after_the_first_mail_about_a_parcel_nobody_hears_of_preparing() -> None:
    story = Story()
    done = paid(status=OrderStatus.completed, dispatched=True)
    assert story.tell(done, [parcel()]) == ["shipped"]
    assert story.tell(paid()) == []
    assert story.ledger[Notice.preparing, ""].reason == "overtaken"


def test_a_parcel_that_arrived_has_arrived_whatever_late_scans_say() -> None:
    story = Story()
    story.tell(paid(), [parcel()])
    assert story.tell(paid(), [parcel(status=ShipmentStatus.delivered)]) == ["delivered"]
    assert story.tell(paid(), [parcel(status=ShipmentStatus.out_for_delivery)]) == []


def test_money_given_back_after_a_cancellation_is_told() -> None:
    story = Story()
    story.tell(paid())
    cancelled = paid(status=OrderStatus.cancelled)
    assert story.tell(cancelled) == ["cancelled"]
    assert story.tell(replace(cancelled, refunds=(make_refund(),))) == ["partly_refunded"]


def test_an_old_order_seen_for_the_first_time_stays_silent_when_nobody_knows_how_old_its_news_are() -> None:
    policy = replace(POLICY, connected_at=MOMENT - timedelta(days=60))
    old = {"created_at": MOMENT - timedelta(days=20), "modified_at": MOMENT, "paid_at": None}
    touched = paid(status=OrderStatus.cancelled, **old)
    assert {line.reason for line in decide(touched, (), False, {}, policy, MOMENT + MINUTE)} == {"too_late"}
