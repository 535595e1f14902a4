"""A `mostrador` command in a process of its own, as a person starts it in a terminal: it hears Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tree import ROOT


@contextmanager
def started_command(*words: str, until: str, **options: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and all it said up to the line with `until`; ended afterwards, if it still runs. Raises
    AssertionError with its last words when it ends before. Whoever runs the tests may ignore Ctrl-C (a script's
    background job does), and children inherit that: it is set back."""
    process = subprocess.Popen(
        [sys.executable, "-m", "plugin.cli", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if until in line:
                break
        else:
            raise AssertionError(said)
        yield process, said
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
