"""`mostrador demo --story`: the whole story in one command, and that it notices when something went wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo-story")]

MAIL_KEYS = {"order", "notice", "about", "to", "subject", "message_id"}

EXPECTED = {
    "alma@example.com": ["payment_received", "preparing", "shipped", "out_for_delivery", "delivered"],
    "bruno@example.com": ["payment_received", "shipped", "shipped", "delivered", "delivered"],
    "carla@example.com": ["order_received", "shipped", "delivered"],
    "dana@example.com": ["payment_received", "cancelled", "refunded"],
}
"""Who gets which mails, in this order; nobody gets another."""


@pytest.fixture(scope="module")
def story() -> dict[str, Any]:
    """What the command printed."""
    command = [sys.executable, "-m", "plugin.cli", "demo", "--story", "--json"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    assert played.returncode == 0, played.stderr + played.stdout[-2000:]
    told: dict[str, Any] = json.loads(played.stdout)
    return told


def test_it_ends_well_and_tells_all_it_should(story: dict[str, Any]) -> None:
    assert story["faults"] == []
    assert {"mails", "conversation", "faq", "orders", "seconds"} <= set(story)
    assert story["seconds"] > 0
    assert all(set(mail) == MAIL_KEYS for mail in story["mails"])


def test_each_shopper_gets_exactly_the_mails_of_their_order_in_its_order(story: dict[str, Any]) -> None:
    told: dict[str, list[str]] = {}
    for mail in story["mails"]:
        told.setdefault(mail["to"], []).append(mail["notice"])
    assert told == EXPECTED
    ids = [mail["message_id"] for mail in story["mails"]]
    assert len(set(ids)) == len(ids) == 16
    assert all(re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", one) for one in ids)
    assert (
        len({mail["to"] for mail in story["mails"]}) == len({mail["order"] for mail in story["mails"]}) == 4
    )
    assert all(mail["order"] in mail["subject"] for mail in story["mails"])


def test_two_parcels_are_told_apart_and_each_is_told_once(story: dict[str, Any]) -> None:
    parcels = Counter(
        (mail["notice"], mail["about"])
        for mail in story["mails"]
        if mail["to"] == "bruno@example.com" and mail["notice"] != "payment_received"
    )
    assert set(parcels.values()) == {1} and len({about for _, about in parcels}) == 2
    order = next(one for one in story["orders"].values() if len(one["shipments"]) == 2)
    assert {parcel["key"] for parcel in order["shipments"]} == {about for _, about in parcels}
    assert [parcel["status"] for parcel in order["shipments"]] == ["delivered", "delivered"]


def test_the_orders_end_where_their_story_led(story: dict[str, Any]) -> None:
    numbers = {mail["to"]: mail["order"] for mail in story["mails"]}
    ends = {who: (story["orders"][number]["status"], story["orders"][number]["payment_status"])
            for who, number in numbers.items()}  # fmt: skip
    assert len(story["orders"]) == 4
    assert ends["dana@example.com"] == ("cancelled", "refunded")
    assert ends["alma@example.com"][1] == ends["bruno@example.com"][1] == "paid"


def test_the_answers_come_from_an_article_and_then_from_a_person(story: dict[str, Any]) -> None:
    assert story["faq"]["answered"] is True
    assert story["faq"]["article"] == "delivery-times" and story["faq"]["links"] > 0
    assert story["conversation"]["conversation"]["agent"] == {"name": "Ana"}
    messages = story["conversation"]["messages"]
    assert [one["position"] for one in messages] == list(range(1, len(messages) + 1))
    authors = Counter(one["author"] for one in messages)
    assert (authors["shopper"], authors["bot"], authors["agent"]) == (2, 1, 1)


SPOILED = r"""
import smtplib
from urllib.parse import urlsplit
import plugin.testing.story as story

def spoil(told):
    if {drop}:
        story.PATIENCE = 2.0
        told.ask("POST", told.demo.shop + "/api/misbehave", {{"drop": True}})
    else:
        with smtplib.SMTP("127.0.0.1", urlsplit(told.demo.settings.smtp_url).port) as server:
            server.sendmail("x@example.com", ["dana@example.com"],
                            "Subject: stray\r\nMessage-ID: <stray@example.com>\r\n\r\nhello")

story._ask_and_talk, story._buy_and_receive = spoil, lambda told: None
story._two_parcels = story._pay_at_the_door = lambda told: None
from plugin.cli import main
main(["demo", "--story", "--json"])
"""
"""The command with only the order that is cancelled and refunded, and something spoiled before it."""


def _play_spoiled(*, drop: bool) -> tuple[int, str, dict[str, Any]]:
    command = [sys.executable, "-c", SPOILED.format(drop=drop)]
    played = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    assert played.stdout, played.stderr
    return played.returncode, played.stderr, json.loads(played.stdout)


def test_it_fails_with_words_when_the_shop_s_webhooks_are_lost() -> None:
    code, said, told = _play_spoiled(drop=True)
    assert code == 1
    assert told["mails"] == [] and told["orders"] == {}
    for notice in EXPECTED["dana@example.com"]:
        assert any(f"{notice} by mail" in fault for fault in told["faults"]), told["faults"]
    assert "✗ " in said and "payment_received by mail" in said


def test_it_fails_with_words_when_there_is_a_mail_that_nobody_decided() -> None:
    code, said, told = _play_spoiled(drop=False)
    assert code == 1
    assert told["faults"] == ["a mail nobody decided: stray", "the mailbox holds exactly the expected mails"]
    assert "a mail nobody decided: stray" in said
    assert [mail["notice"] for mail in told["mails"]] == [None, *EXPECTED["dana@example.com"]]
