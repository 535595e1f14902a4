"""What a part of the bench gives back, and how it is printed."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TextIO


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number. `goal` with `better` ("less" or "more"): what was promised; None: only told."""

    part: str
    case: str
    name: str
    value: float
    unit: str
    goal: float | None = None
    better: str = "less"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better == "more" else self.value <= self.goal

    def describe(self) -> dict[str, object]:
        """The figure as JSON."""
        return asdict(self) | {"met": self.met}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie, by the nearest rank. NaN without any."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def spread(
    part: str, case: str, what: str, seconds: Sequence[float], goal_ms: float | None = None, note: str = ""
) -> list[Figure]:
    """p50 and p99 of some durations, in milliseconds; the goal, if any, is the p99's."""
    milliseconds = [value * 1000 for value in seconds]
    told = note or f"{len(milliseconds)} measured"
    return [
        Figure(
            part=part,
            case=case,
            name=f"{what} p50",
            value=percentile(milliseconds, 0.5),
            unit="ms",
            note=told,
        ),
        Figure(
            part=part,
            case=case,
            name=f"{what} p99",
            value=percentile(milliseconds, 0.99),
            unit="ms",
            goal=goal_ms,
        ),
    ]


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    sign = ">=" if figure.better == "more" else "<="
    return f"goal {sign} {_number(figure.goal)} {figure.unit}: {'met' if figure.met else 'MISSED'}".replace(
        "  ", " "
    )


def print_table(figures: Sequence[Figure], out: TextIO = sys.stdout) -> None:
    """One line per figure, one block per part."""
    width = max((len(figure.case) for figure in figures), default=0)
    names = max((len(figure.name) for figure in figures), default=0)
    part = ""
    for figure in figures:
        if figure.part != part:
            part = figure.part
            print(f"\n{part}", file=out)
        line = f"  {figure.case:{width}}  {figure.name:{names}}  {_number(figure.value):>7} {figure.unit:5}"
        print(f"{line}  {'  '.join(filter(None, (_goal(figure), figure.note)))}".rstrip(), file=out)
