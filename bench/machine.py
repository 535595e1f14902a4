"""What the numbers were measured on, and the processor time that a tree of processes used."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

DISTRIBUTIONS = (
    "flask",
    "gunicorn",
    "gevent",
    "sqlalchemy",
    "psycopg",
    "cryptography",
    "msgspec",
    "aiosmtpd",
)
TICKS = os.sysconf("SC_CLK_TCK")


def describe_machine() -> dict[str, object]:
    """Processor, system, versions and the load just now: other work on the machine spoils a p99."""
    names = [
        line.partition(":")[2].strip()
        for line in _read("/proc/cpuinfo").splitlines()
        if line.startswith("model name")
    ]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in DISTRIBUTIONS},
    }


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and everything below it so far, ended children included."""
    times, parents = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (
            fields := _read(f"/proc/{folder.name}/stat").rpartition(")")[2].split()
        ):
            parents[int(folder.name)] = int(fields[1])
            times[int(folder.name)] = sum(int(field) for field in fields[11:15]) / TICKS
    family = {pid}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(times.get(member, 0.0) for member in family)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
