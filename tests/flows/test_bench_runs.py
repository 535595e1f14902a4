"""The bench runs and tells everything; what it measures is nobody's pass or fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import PARTS
from bench.figures import Figure, percentile

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_each_part_runs_alone_and_tells_its_figures(part: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", part, "--quick", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["machine"]["cores"] >= 1 and told["quick"] is True
    figures = told["figures"]
    assert len({figure["part"] for figure in figures}) == 1
    assert all(figure["value"] > 0 for figure in figures)
    assert all((figure["goal"] is None) == (figure["met"] is None) for figure in figures)
    missed = [figure for figure in figures if figure["met"] is False]
    assert len(told["missed"]) == len(missed)


def test_a_goal_is_met_in_the_direction_it_says() -> None:
    def figure(value: float, goal: float | None, better: str) -> Figure:
        return Figure(part="p", case="c", name="n", value=value, unit="ms", goal=goal, better=better)

    assert figure(1, 2, "less").met is True and figure(3, 2, "less").met is False
    assert figure(1, 2, "more").met is False and figure(3, 2, "more").met is True
    assert figure(3, None, "less").met is None
    assert figure(float("nan"), 2, "less").met is False


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1.0)) == (50.0, 99.0, 100.0)
    assert percentile([7.0], 0.99) == 7.0
