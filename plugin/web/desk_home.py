"""The first page: what is left to set up, how the connection fares, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request

from plugin.agents import has_come
from plugin.care import count_by_status, count_gaps
from plugin.contract import Capability, FindingState
from plugin.help.form import count_answered, list_questions
from plugin.orders import count_receipts, list_orders, wish_reconcile
from plugin.stores import StoreRow, has_access
from plugin.stores.addresses import find_privacy_page
from plugin.stores.coverage import is_at_work, read_findings
from plugin.web.access import here_store, visit
from plugin.web.adapter_words import tell_trouble
from plugin.web.desk_answers import list_empty_here
from plugin.web.desk_contact import count_told, tell_missing
from plugin.web.desk_coverage import Coverage, tell_coverage
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.desk_mail_mode import tell_mail_mode
from plugin.web.desk_statuses import count_statuses
from plugin.web.desk_words import name_outcome
from plugin.web.doors import doors
from plugin.web.reconnect import reconnect_url
from plugin.work import buried

OUTCOMES = ("applied", "refetch", "repeated", "stale", "ignored", "buried", "unapplied")


CHECK_ORDERS = "orders.reconcile"


@dataclass(frozen=True)
class TodoStep:
    """One step of setting up. `key` names its words; `n` of `m` where it counts."""

    key: str
    done: bool
    n: int = 0
    m: int = 0


@desk.get("/<store>/")
def home() -> Response:
    """What waits, what is done, and the one step left."""
    row, here, locale = here_store(), doors(), page_locale()
    day_ago = here.clock.now() - timedelta(days=1)
    with here.db.reading(row.id) as tx:
        counts, gaps = count_by_status(tx, row.id), count_gaps(tx, row.id)
        receipts, ever = count_receipts(tx, row.id, since=day_ago), bool(list_orders(tx, row.id, 1))
        resting = len(buried(tx, row.id)) + count_receipts(tx, row.id).get("buried", 0)
        statuses = count_statuses(tx, row.id)
        checking = is_at_work(tx, row.id, CHECK_ORDERS)
    coverage, mail = tell_coverage(row, locale), tell_mail_mode(row, locale, here.clock.now())
    return render(
        "home.html", store=row, counts=counts, outcomes=_name_outcomes(receipts, locale),
        received=sum(receipts.values()), resting=resting, coverage=coverage, agent=visit().agent,
        trouble=tell_trouble(row, locale), mail=mail, reconnect=reconnect_url(row),
        steps=list_steps(row, coverage, ever, statuses, mail.settled), checking=checking,
        wrong=sum(one["state"] == FindingState.trouble for one in read_findings(row)),
        can_check=can_check(row), uncalled=_is_uncalled(), ways_missing=tell_missing(row, locale),
        done=request.args.get("done", ""), open_gaps=gaps["open"],
        empty=list(dict.fromkeys(one.title for one in list_empty_here(row, locale))),
    )  # fmt: skip


def _is_uncalled() -> bool:
    """Whether nobody mails them because they only ever came from their shop's back office."""
    found = visit()
    if found.session.bound_to is None or not found.may_write:
        return False
    with doors().db.reading(here_store().id) as tx:
        return not has_come(tx, here_store().id, found.agent.id)


@desk.post("/<store>/check-orders")
def check_orders() -> Response:
    """Compares the shop's orders with ours now instead of with the next round; anybody who answers here may wish it."""
    row, now = here_store(), doors().clock.now()
    if can_check(row):
        with doors().db.transaction(row.id) as tx:
            wish_reconcile(tx, row, now)
    return back_to("desk.home", "orders", anchor="health")


def can_check(row: StoreRow) -> bool:
    """Whether the platform can be asked what changed."""
    return has_access(row) and Capability.BACKFILL.value in row.capabilities


def _name_outcomes(receipts: Mapping[str, int], locale: str) -> list[tuple[str, int]]:
    return [(name_outcome(one, locale), receipts.get(one, 0)) for one in OUTCOMES if receipts.get(one)]


def list_steps(
    row: StoreRow, coverage: Coverage, has_orders: bool, statuses: tuple[int, int], mails_settled: bool
) -> list[TodoStep]:
    """What a new merchant has done and has left, in the order that makes sense. Going live comes last. `statuses`:
    how many of the shop's own statuses are confirmed, and how many it has."""
    answered, questions = count_answered(row), len(list_questions("en"))
    confirmed, own = statuses
    steps = [
        TodoStep("connected", row.status == "connected" and row.trouble is None),
        TodoStep("widget", coverage.done, coverage.live, len(coverage.pages)),
        TodoStep("answers", answered == questions, answered, questions),
        TodoStep("contact", *count_told(row)),
        TodoStep("privacy", bool(find_privacy_page(row))),
        TodoStep("sender", bool(row.reply_to)),
        TodoStep("test_mail", bool(row.test_mails)),
        TodoStep("order", has_orders),
        TodoStep("mails", mails_settled),
        TodoStep("live", row.live_at is not None),
    ]
    if own:
        steps.insert(2, TodoStep("statuses", confirmed == own, confirmed, own))
    return steps
