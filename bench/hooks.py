"""How many webhooks are acknowledged per second, and how fast, beside a floor under the same server.

The floor checks the same HMAC and inserts the same body; it neither finds a store, nor encrypts, nor promises a job.
Product and floor take turns, so that other work on the machine meets both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.figures import Figure, median, percentile
from bench.instances import ENGINES, BareServer, Databases, Instance, run_instance
from bench.load import Seen, Wish, send_load
from bench.machine import cpu_seconds
from plugin.orders import count_receipts
from plugin.testing.processes import AppServer

PART = "webhook acknowledgements"
RATE = 200.0
GOAL_RATIO = 0.5
GOAL_P99_MS = 50.0


@dataclass
class Side:
    """One server under load: its rounds so far."""

    server: AppServer
    path: str
    rounds: list[Seen] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        before = cpu_seconds(self.server.pid)
        seen = send_load(Wish(port=self.server.port, path=self.path, seconds=seconds))
        self.cpu.append((cpu_seconds(self.server.pid) - before) / max(1, len(seen.seconds)) * 1e6)
        self.rounds.append(seen)

    @property
    def rate(self) -> float:
        return median([seen.rate for seen in self.rounds])


def measure(quick: bool) -> list[Figure]:
    """Both engines: jobs done elsewhere (the acknowledgement alone), and done in the same process meanwhile."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        databases = Databases(stack)
        for engine in ENGINES:
            for jobs in ("embedded",) if quick else ("worker", "embedded"):
                figures += _compare(databases, engine, jobs, quick)
    return figures


def _compare(databases: Databases, engine: str, jobs: str, quick: bool) -> list[Figure]:
    seconds, rounds = (0.5, 1) if quick else (3.0, 3)
    case = f"{engine}, jobs {'in the same process' if jobs == 'embedded' else 'elsewhere'}"
    with run_instance(databases.make(engine), jobs=jobs) as (instance, server):
        with BareServer(databases.make(engine)) as floor:
            ours, bare = Side(server, instance.path), Side(floor, "/hook")
            for side in (ours, bare):
                send_load(Wish(port=side.server.port, path=side.path, seconds=0.3))
            for _ in range(rounds):
                ours.run(seconds)
                bare.run(seconds)
        paced = send_load(Wish(port=server.port, path=instance.path, seconds=1 if quick else 10, rate=RATE))
        _check_kept(instance, [*ours.rounds, paced])
    return _tell(case, ours, bare, paced)


def _check_kept(instance: Instance, rounds: Sequence[Seen]) -> None:
    """Every acknowledged delivery is in the database, or the figures are worth nothing."""
    with instance.db.reading(instance.store_id) as tx:
        kept = sum(count_receipts(tx, instance.store_id).values())
    said = sum(seen.statuses.get("200", 0) for seen in rounds)
    if kept < said:
        raise RuntimeError(f"{said} deliveries were acknowledged and only {kept} kept.")


def _tell(case: str, ours: Side, bare: Side, paced: Seen) -> list[Figure]:
    def figure(
        name: str, value: float, unit: str, goal: float | None = None, better: str = "less", note: str = ""
    ) -> Figure:
        return Figure(
            part=PART, case=case, name=name, value=value, unit=unit, goal=goal, better=better, note=note
        )

    others = sum(
        count for seen in (*ours.rounds, paced) for status, count in seen.statuses.items() if status != "200"
    )
    per_round: Callable[[Side], str] = lambda side: " ".join(f"{seen.rate:.0f}" for seen in side.rounds)  # noqa: E731
    share = median([one.rate / other.rate for one, other in zip(ours.rounds, bare.rounds, strict=True)])
    busy = [value * 1000 for seen in ours.rounds for value in seen.seconds]
    calm = [value * 1000 for value in paced.seconds]
    return [
        figure(
            "acknowledged",
            ours.rate,
            "/s",
            note=f"16 connections; rounds {per_round(ours)}; not 200: {others}",
        ),
        figure("bare floor", bare.rate, "/s", note=f"rounds {per_round(bare)}"),
        figure(
            "share of the floor",
            share,
            "",
            GOAL_RATIO,
            "more",
            "median of the rounds, each beside its own floor",
        ),
        figure(
            "processor time",
            median(ours.cpu),
            "us",
            note=f"per request, jobs included; floor {median(bare.cpu):.0f} us",
        ),
        figure("flat out p50", percentile(busy, 0.5), "ms"),
        figure("flat out p99", percentile(busy, 0.99), "ms"),
        figure(f"at {RATE:.0f}/s p50", percentile(calm, 0.5), "ms"),
        figure(f"at {RATE:.0f}/s p99", percentile(calm, 0.99), "ms", GOAL_P99_MS),
    ]
