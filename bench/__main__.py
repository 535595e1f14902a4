"""`python -m bench [PART ...] [--quick] [--json]`: measures, prints, and says which goals were missed.

The exit code is 0 also when a goal is missed: other work on the machine must not fail a build. `--strict` makes it 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module

from bench.figures import Figure, print_table
from bench.machine import describe_machine

PARTS = ("hooks", "jobs", "mails", "chat", "answers", "letters")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the promises of speed.")
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=f"some of: {', '.join(PARTS)}"
    )
    parser.add_argument(
        "--quick", action="store_true", help="short rounds: to see that it runs, not to quote"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    wish = parser.parse_args(arguments)
    began, machine = time.monotonic(), describe_machine()
    figures: list[Figure] = []
    for part in wish.parts or PARTS:
        print(f"measuring {part} ...", file=sys.stderr, flush=True)
        figures += import_module(f"bench.{part}").measure(wish.quick)
    missed = [figure for figure in figures if figure.met is False]
    seconds = round(time.monotonic() - began, 1)
    if wish.json:
        told = {"machine": machine, "quick": wish.quick, "seconds": seconds,
                "missed": [f"{figure.part}, {figure.case}: {figure.name}" for figure in missed],
                "figures": [figure.describe() for figure in figures]}  # fmt: skip
        print(json.dumps(told, indent=1))
    else:
        print("  ".join(f"{name} {value}" for name, value in machine.items()))
        print_table(figures)
        goals = sum(figure.goal is not None for figure in figures)
        quoted = " (quick: not to be quoted)" if wish.quick else ""
        print(f"\n{goals - len(missed)} of {goals} goals met in {seconds} s{quoted}.")
    return 1 if missed and wish.strict else 0


if __name__ == "__main__":
    sys.exit(main())
