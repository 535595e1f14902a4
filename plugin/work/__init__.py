"""Durable jobs: promised in the cause's transaction, done at least once, buried with words."""

from plugin.work.engine import Engine, Handler, TryLater, is_last_try, pause
from plugin.work.offload import offload
from plugin.work.outbox import (
    Claimed,
    buried,
    claim,
    claim_at_once,
    clear_leases,
    count_due,
    finish,
    list_busy_stores,
    list_promised,
    next_due,
    put,
    replay_buried,
)
from plugin.work.schedule import promise_next, repeat

__all__ = [
    "Claimed",
    "Engine",
    "Handler",
    "TryLater",
    "buried",
    "claim",
    "claim_at_once",
    "clear_leases",
    "count_due",
    "finish",
    "is_last_try",
    "list_busy_stores",
    "list_promised",
    "next_due",
    "offload",
    "pause",
    "promise_next",
    "put",
    "repeat",
    "replay_buried",
]
