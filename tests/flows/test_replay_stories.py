"""93 real deliveries of a real shop: shuffled and repeated they end the same, in their order they tell true stories."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from plugin.contract import Notice
from plugin.notices.decide import CLOSING, PARCEL, PROGRESS, RANK
from plugin.testing.replay import Replay, run_replay
from plugin.testing.smtp import open_mailbox

DELIVERIES = Path(__file__).parents[1] / "data" / "woocommerce" / "deliveries"
RECORDED = 93
COPIES = 3
SEEDS = (1, 2, 3, 4)

pytestmark = pytest.mark.xdist_group(name="replay-stories")


class Told(NamedTuple):
    """One mail that was taken, and which line of the ledger it is."""

    order: str
    notice: str
    about: str
    mail: EmailMessage

    @property
    def text(self) -> str:
        body = self.mail.get_body(("plain",))
        assert body is not None
        return str(body.get_content())


class Played(NamedTuple):
    """A replay's result, and its mails in the order in which the mail server took them."""

    result: dict[str, Any]
    mails: list[Told]


@cache
def play(copies: int = 1, shuffle: int | None = None, live: bool = False) -> Played:
    with TemporaryDirectory() as folder, open_mailbox() as mailbox:
        wish = Replay(
            directory=DELIVERIES,
            secret="mostrador-test-secret",
            copies=copies,
            shuffle=shuffle,
            live=live,
            data=Path(folder),
            smtp=mailbox.url,
        )
        result = run_replay(wish)
        lines = read_ledger(Path(folder) / "mostrador.db")
        return Played(result, [Told(*lines[str(mail["Message-ID"])], mail) for mail in mailbox.mails])


def read_ledger(path: Path) -> dict[str, tuple[str, str, str]]:
    """Message-ID → order, notice, about."""
    words = """SELECT message_id, external_id, notice, about FROM notices JOIN orders
               ON orders.id = notices.order_id AND orders.store_id = notices.store_id
               WHERE message_id IS NOT NULL"""
    with closing(sqlite3.connect(path)) as file:
        return {row[0]: (row[1], row[2], row[3]) for row in file.execute(words)}


def list_sent(played: Played) -> set[tuple[str, str, str]]:
    return {
        (line["order"], line["notice"], line["about"]) for line in played.result["notices"] if line["sent"]
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_of_arrival_and_any_repetition_ends_the_same(seed: int) -> None:
    straight, shuffled = play(), play(COPIES, seed)
    assert shuffled.result["orders"] == straight.result["orders"]
    assert list_sent(shuffled) == list_sent(straight)
    assert {order for order, _, _ in list_sent(straight)} == set(straight.result["orders"])
    assert len(straight.result["orders"]) == 20


@pytest.mark.parametrize("seed", SEEDS)
def test_each_arrival_is_counted_once(seed: int) -> None:
    receipts = play(COPIES, seed).result["receipts"]
    assert sum(receipts.values()) == COPIES * RECORDED
    assert set(receipts) == {
        "applied",
        "repeated",
        "stale",
        "refetch",
        "ignored",
        "ping",
        "rejected",
        "buried",
    }
    assert (receipts["ping"], receipts["rejected"], receipts["buried"]) == (2 * COPIES, 0, 0)


def test_each_notice_is_one_mail_and_nothing_else_is_mailed() -> None:
    for played in (play(), *(play(COPIES, seed) for seed in SEEDS), play(live=True)):
        mails = Counter((told.order, told.notice, told.about) for told in played.mails)
        assert set(mails) == list_sent(played)
        assert set(mails.values()) == {1}
        assert {line["reason"] for line in played.result["notices"] if line["sent"]} == {"sent"}
        assert len({str(told.mail["Message-ID"]) for told in played.mails}) == len(played.mails)


def test_nothing_is_mailed_about_drafts_errors_or_an_order_that_is_gone() -> None:
    for played in (play(), play(live=True)):
        orders = played.result["orders"]
        assert {state["status"] for state in orders.values()} <= {
            "pending", "on_hold", "processing", "completed", "cancelled", "refunded", "failed",
        }  # fmt: skip
        for told in played.mails:
            assert told.order in orders
            assert str(told.mail["To"]).endswith("example.com")


STORIES = {
    "59": ["preparing", "shipped"],
    "60": ["preparing", "shipped"],
    "61": ["on_hold"],
    "62": ["on_hold", "cancelled"],
    "63": ["payment_pending", "payment_failed"],
    "64": ["preparing", "refunded"],
    "66": ["preparing"],
    "67": ["preparing", "partly_refunded", "partly_refunded", "shipped"],
    "71": ["preparing"],
    "72": ["preparing", "shipped"],
    "73": ["preparing"],
    "74": ["preparing"],
    "75": ["preparing", "shipped"],
    "76": ["preparing", "shipped"],
    "77": ["preparing"],
    "78": ["preparing", "shipped", "shipped"],
    "79": ["preparing", "shipped"],
    "80": ["preparing", "shipped"],
    "81": ["preparing"],
    "83": ["preparing", "shipped"],
}
"""What each shopper hears on a quiet day, in this order; the ledger tells what was told together or held."""


def stories() -> dict[str, list[Told]]:
    told: dict[str, list[Told]] = defaultdict(list)
    for one in play(live=True).mails:
        told[one.order].append(one)
    return dict(told)


def test_each_order_tells_its_true_story() -> None:
    assert {order: [one.notice for one in told] for order, told in stories().items()} == STORIES


def test_no_story_goes_a_step_backwards() -> None:
    line = {
        **dict.fromkeys(PROGRESS, "progress"),
        **dict.fromkeys(PARCEL, "parcel"),
        **dict.fromkeys(CLOSING, "end"),
    }
    for order, told in stories().items():
        notices = [(Notice(one.notice), one.about) for one in told]
        ended = False
        highest: dict[tuple[str, str], int] = {}
        for notice, about in notices:
            assert not ended, f"{order}: {notice} after its end"
            ended = notice in CLOSING
            kind = (line.get(notice, "beside"), about)
            assert RANK[notice] > highest.get(kind, -1) or notice is Notice.partly_refunded, (
                f"{order}: {notice}"
            )
            assert not (notice in PROGRESS and any(name == "parcel" for name, _ in highest)), (
                f"{order}: {notice}"
            )
            highest[kind] = RANK[notice]


def test_two_partial_refunds_are_two_mails_each_with_its_own_amount() -> None:
    refunds = [one for one in stories()["67"] if one.notice == "partly_refunded"]
    assert len({one.about for one in refunds}) == 2
    amounts = play(live=True).result["orders"]["67"]["refunds"]
    assert {one.about for one in refunds} == set(amounts)
    for one in refunds:
        assert amounts[one.about] in one.text.splitlines()[0] + str(one.mail["Subject"])


def test_a_refunded_order_ends_with_its_refund() -> None:
    last = stories()["64"][-1]
    assert last.notice == "refunded"
    shipped = [
        line
        for line in play(live=True).result["notices"]
        if line["order"] == "64" and line["notice"] == "shipped"
    ]
    assert [(line["sent"], line["reason"]) for line in shipped] == [(False, "overtaken")]


def test_two_parcels_are_two_mails_each_with_its_own_number() -> None:
    first, second = [one for one in stories()["78"] if one.notice == "shipped"]
    parcels = play(live=True).result["orders"]["78"]["shipments"]
    assert {first.about, second.about} == set(parcels)
    for one in (first, second):
        assert parcels[one.about]["tracking_number"] in one.text


def test_nobody_is_told_of_a_payment_that_was_not_made() -> None:
    """Of pay on delivery nothing is received before the door; order 81 carries a date of payment by accident only."""
    at_door = {order for order, state in play(live=True).result["orders"].items() if state["pay_on_delivery"]}
    assert {"59", "81"} <= at_door
    for played in (play(live=True), play()):
        received = [line for line in played.result["notices"] if line["notice"] == "payment_received"]
        assert {line["order"] for line in received} & at_door == set()
        for told in played.mails:
            if told.order in at_door:
                words = told.text.lower()
                assert "payment received" not in words and "pago recibido" not in words
