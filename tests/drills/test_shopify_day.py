"""The drill of two shops' day on a fake Shopify: it comes right, by any seed, and it can fail."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugin.testing.fake_shopify import Asked
from plugin.testing.fake_shopify.cost import Bucket
from plugin.testing.shopify_day import Day, run_day, went_well
from plugin.testing.shopify_day.tally import count_over_budget

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ZEROES = ("wrong_state", "doubled", "missing", "over_budget", "foreign_tokens")
ASKED = {"orders", "calls", "throttled", "token_refreshes", *ZEROES}


@pytest.mark.slow
def test_the_command_plays_a_day_with_lost_hooks_ended_tokens_and_throttled_questions_and_it_comes_right():
    command = [sys.executable, "-m", "plugin.cli", "drill", "shopify-day", "--json", "--seed", "11", "--size", "quick"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170)
    assert run.returncode == 0, run.stdout + run.stderr
    result = json.loads(run.stdout)
    assert result.keys() >= ASKED and {result[name] for name in ZEROES} == {0}
    assert result["faults"] == [] and went_well(result), result
    assert result["orders"] == 40 and result["mails"] > 80 and result["older_mailed"] == 0
    assert result["deliveries_lost"] > 10 and result["throttled"] > 3 and result["answers_lost"] == 2
    assert result["token_refreshes"] >= 2 * 23, "Two shops' tokens end every hour."


@pytest.mark.slow
def test_without_reconciling_orders_stay_wrong_and_shoppers_unheard():
    result = run_day(Day(seed=11, lost=0.5, reconciles=False))
    assert result["wrong_state"] > 3 and result["missing"] > 0 and not went_well(result)


def tamper(mailbox):
    """One mail twice as it is; one twice under another Message-ID, as a counter without a ledger would send it; and one
    that the ledger says was sent and the shopper never got."""
    mailbox.mails.append(mailbox.mails[7])
    reworded = copy.deepcopy(mailbox.mails[20])
    reworded.replace_header("Message-ID", "<another@example.com>")
    mailbox.mails.append(reworded)
    alone = [one for one in mailbox.mails if sum(other["To"] == one["To"] for other in mailbox.mails) == 1]
    mailbox.mails.remove(alone[-1])


@pytest.mark.slow
def test_a_mail_too_many_and_a_mail_too_few_are_noticed():
    result = run_day(Day(seed=3, tamper=tamper))
    assert result["doubled"] >= 2 and result["missing"] == 1 and result["wrong_state"] == 0
    assert not went_well(result)


def test_a_day_went_well_only_when_nothing_is_wrong():
    fine = dict.fromkeys((*ZEROES, "older_mailed"), 0)
    assert went_well(fine)
    for name in fine:
        assert not went_well(fine | {name: 1})


def test_a_question_too_dear_or_asked_again_too_soon_is_over_the_budget():
    buckets = {"cafe": Bucket(1000, 10, NOW)}

    def ask(seconds, outcome="ok", requested=100, left=1000.0, question="Order 1"):
        at = NOW + timedelta(seconds=seconds)
        return Asked("cafe", at, "Order", outcome, requested, 0, left, question)

    throttled = ask(0, "throttled", left=50.0)
    assert count_over_budget([ask(0), ask(0)], buckets) == 0
    assert count_over_budget([ask(0, requested=1001)], buckets) == 1
    assert count_over_budget([throttled, ask(4.5)], buckets) == 1
    assert count_over_budget([throttled, ask(5)], buckets) == 0
    assert count_over_budget([throttled, ask(1, question="Order 2")], buckets) == 0
