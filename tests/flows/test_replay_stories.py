"""The recorded shop, played again: in any order it ends the same, and every order's mails tell its true story."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from plugin.testing.replay import Replay, run_replay

DELIVERIES = Path(__file__).parents[1] / "data/woocommerce/deliveries"
SECRET = "mostrador-test-secret"
DOOR = {str(number) for number in (59, 60, 64, 66, 67, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 83)}
"""The recorded orders that are paid at the door."""


def play(data: Path, **wish: Any) -> dict[str, Any]:
    return run_replay(Replay(directory=DELIVERIES, secret=SECRET, data=data, **wish))


def sent(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(line["order"], line["notice"], line["about"]) for line in result["notices"] if line["sent"]]


def mailed(data: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (data / "mailbox.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return play(tmp_path_factory.mktemp("replay"))


@pytest.mark.parametrize("seed", [3, 11, 17])
def test_three_copies_in_any_order_end_the_same_with_one_mail_each(
    seed: int, in_order: dict[str, Any], tmp_path: Path
) -> None:
    result = play(tmp_path, copies=3, shuffle=seed)
    assert result["orders"] == in_order["orders"]
    assert sorted(sent(result)) == sorted(sent(in_order))
    assert sum(result["receipts"].values()) == 3 * 93
    assert result["receipts"]["buried"] == result["receipts"]["rejected"] == 0
    assert result["receipts"]["ping"] == 6
    assert max(Counter(sent(result)).values()) == 1
    mails = mailed(tmp_path)
    assert len(mails) == len({mail["message_id"] for mail in mails}) == len(sent(result))


def test_drafts_and_error_bodies_are_no_orders_and_no_mails(in_order: dict[str, Any]) -> None:
    assert len(in_order["orders"]) == 20
    assert "85" not in in_order["orders"]
    assert {line["order"] for line in in_order["notices"]} <= set(in_order["orders"])


def test_in_live_order_each_order_s_mails_tell_its_true_story(tmp_path: Path) -> None:
    result = play(tmp_path, live=True)
    story: dict[str, list[str]] = {number: [] for number in result["orders"]}
    keys = {}
    for order, notice, about in sent(result):
        story[order].append(notice)
        keys[order, notice, about] = True
    assert sorted(story["67"]) == ["partly_refunded", "partly_refunded", "preparing", "shipped"]
    assert sorted(story["64"]) == ["preparing", "refunded"]
    assert sorted(story["62"]) == ["cancelled", "on_hold"]
    assert story["63"] == ["payment_failed"]  # it failed while the shopper was at the bank's page
    assert sorted(story["78"]) == ["preparing", "shipped", "shipped"]
    assert story["81"] == ["preparing"]
    assert not [order for order in DOOR if "payment_received" in story[order]]
    subjects = [mail["subject"] for mail in mailed(tmp_path)]
    assert len(subjects) == len(sent(result))
    assert not [subject for subject in subjects if "payment received" in subject.lower()]
    order_of_62 = [subject for subject in subjects if " 62" in subject]
    assert "cancelled" in order_of_62[-1].lower() and len(order_of_62) == 2


def test_a_wrong_secret_keeps_nothing(tmp_path: Path) -> None:
    result = run_replay(Replay(directory=DELIVERIES, secret="another", data=tmp_path))
    assert result["receipts"]["rejected"] == 91 and result["orders"] == {} and result["notices"] == []
