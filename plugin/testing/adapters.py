"""`mostrador adapters list` and `check`, as plain functions: what is installed, and whether it keeps the contract."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from plugin.contract import Capability, SystemClock
from plugin.http import GuardedHttp
from plugin.registry import Registry, Source, find_adapters

Say = Callable[[str], object]

SAMPLE = '''
import pytest
from {module} import {kind}
from plugin.testing.adapter_contract import AdapterContract, FrozenClock, RecordingHttp, make_answer, make_store

class TestSample(AdapterContract):
    @pytest.fixture
    def adapter(self):
        settings = {{setting.key: setting.default for setting in {kind}.settings}}
        return {kind}(settings, RecordingHttp(make_answer(500)), FrozenClock())

    @pytest.fixture
    def store(self):
        return make_store({name!r})

    @pytest.fixture
    def deliveries(self):
        return []
'''


@dataclass(frozen=True)
class Outcome:
    """One kit test: its sentence, what became of it (``kept``, ``broken``, ``not asked``) and why."""
    sentence: str
    case: str
    verdict: str
    words: str = ""


def open_registry(environment: Mapping[str, str]) -> Registry:
    """The adapters as an environment has them; needs no settings file, no keys and no database.

    Raises ValueError when MOSTRADOR_ADAPTERS cannot be read.
    """
    def read_values(name: str) -> Mapping[str, str]:
        prefix = f"MOSTRADOR_{name.upper()}_"
        return {key.removeprefix(prefix): value for key, value in environment.items() if key.startswith(prefix)}
    return find_adapters(read_values, GuardedHttp(), SystemClock(), environment.get("MOSTRADOR_ADAPTERS", ""))


def describe_adapters(registry: Registry) -> list[dict[str, Any]]:
    """Every adapter as plain data: name, label, from, capabilities (what it claims at most), broken (reason or '')."""
    described = []
    for name in sorted(registry.sources):
        adapter = registry.adapters.get(name)
        source = registry.sources[name]
        described.append({
            "name": name,
            "label": adapter.label if adapter else "",
            "from": source.distribution or source.path,
            "class": source.path,
            "capabilities": sorted(adapter.capabilities) if adapter else [],
            "broken": registry.broken.get(name, ""),
        })
    return described


def list_adapters(registry: Registry, say: Say = print) -> int:
    """Prints the adapters and what each can do at most; gives the exit code, 1 when one is broken."""
    found = describe_adapters(registry)
    if not found:
        say("No adapter is installed.")
        return 1
    width = max(len(one["name"]) for one in found)
    for one in found:
        if one["broken"]:
            say(f"{one['name']:{width}}  BROKEN  {one['broken']}")
            continue
        say(f"{one['name']:{width}}  {one['label']}  ({one['from']})")
        can = ", ".join(word.replace("_", " ") for word in one["capabilities"]) or "nothing beside the installation"
        cannot = ", ".join(str(word).replace("_", " ") for word in sorted(set(Capability) - set(one["capabilities"])))
        say(f"{'':{width}}  can: {can}" + (f"; cannot: {cannot}" if cannot else ""))
    return 1 if registry.broken else 0


def check_adapters(registry: Registry, names: Sequence[str] = (), say: Say = print) -> int:
    """Runs the conformance kit over the named adapters, or over all; gives the exit code.

    0: every promise is kept. 1: something is broken, and the report says what. 2: nothing could be checked.
    """
    if importlib.util.find_spec("pytest") is None:
        say("The conformance kit needs pytest: pip install 'mostrador[test]'")
        return 2
    worst = 0
    for name in names or sorted(registry.sources):
        if name not in registry.sources:
            say(f"There is no adapter {name!r}. There are: {', '.join(sorted(registry.sources)) or 'none'}.")
            worst = max(worst, 2)
        elif name in registry.broken:
            say(f"{name}: {registry.broken[name]}")
            worst = max(worst, 1)
        else:
            worst = max(worst, check_adapter(registry.sources[name], say))
    return worst


def check_adapter(source: Source, say: Say = print) -> int:
    """Runs one adapter's kit tests in a process of their own, and prints the report."""
    with tempfile.TemporaryDirectory(prefix="mostrador-check-") as folder:
        tests = find_tests(source)
        if not tests:
            say(f"{source.name}: no tests are beside it, so it is checked without recorded deliveries and credentials. "
                "Put its kit class into tests/test_contract.py.")
            module, _, kind = source.path.partition(":")
            sample = Path(folder) / "test_sample.py"
            sample.write_text(SAMPLE.format(module=module, kind=kind, name=source.name), encoding="utf-8")
            tests = [sample]
        report = Path(folder) / "report.xml"
        ran = run_pytest(tests, report)
        outcomes = list(read_report(report)) if report.exists() else []
    if not outcomes:
        say(f"{source.name}: the tests could not be run.\n{ran.stdout}{ran.stderr}".rstrip())
        return 2
    return print_report(source, outcomes, say)


def find_tests(source: Source) -> list[Path]:
    """The adapter's own kit tests: ``tests/test_contract.py`` beside its package, or ``test_<name>_contract.py``."""
    spec = importlib.util.find_spec(source.path.partition(":")[0])
    if spec is None or spec.origin is None:
        return []
    for folder in list(Path(spec.origin).resolve().parents)[:3]:
        if folder.name in ("site-packages", "dist-packages"):
            break
        tests = folder / "tests"
        if found := sorted(tests.glob(f"**/test_{source.name}_contract.py")) or sorted(tests.glob("test_contract.py")):
            return found
    return []


def run_pytest(tests: Sequence[Path], report: Path) -> subprocess.CompletedProcess[str]:
    root = next((folder.parent for folder in tests[0].parents if folder.name == "tests"), tests[0].parent)
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-o", "addopts=", "-p", "no:cacheprovider",
               f"--rootdir={root}", f"--junitxml={report}", *map(str, tests)]
    paths = os.pathsep.join(filter(None, [*sys.path, os.getcwd()]))
    return subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True,
                          check=False)


def read_report(path: Path) -> Iterator[Outcome]:
    """The outcomes in pytest's XML report, which this process has just had written."""
    for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314
        name, _, case_of = case.get("name", "").removeprefix("test_").partition("[")
        verdict, words = "kept", ""
        for kind, meaning in (("failure", "broken"), ("error", "broken"), ("skipped", "not asked")):
            if (found := case.find(kind)) is not None:
                verdict, words = meaning, found.get("message", "")
                if words == "collection failure":  # pytest's own words; what happened stands in the text
                    words = next((line[1:].strip() for line in reversed((found.text or "").splitlines())
                                  if line.startswith("E ")), words)
        yield Outcome(name.replace("_", " "), case_of.removesuffix("]"), verdict, words)


def print_report(source: Source, outcomes: Sequence[Outcome], say: Say) -> int:
    """Prints what is left to do, each promise once with the words of its first failure; gives the exit code."""
    counts = {verdict: sum(one.verdict == verdict for one in outcomes) for verdict in ("kept", "broken", "not asked")}
    say(f"{source.name} ({source.distribution or source.path}): {counts['kept']} kept, {counts['broken']} to do, "
        f"{counts['not asked']} not asked")
    broken: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.verdict == "broken":
            broken.setdefault(outcome.sentence, []).append(outcome)
    for sentence, group in broken.items():
        more = f" ({len(group)} cases)" if len(group) > 1 else ""
        say(f"  ✗ {sentence}{more}")
        say(f"      {first_words(group[0].words)}")
    for reason in sorted({first_words(one.words) for one in outcomes if one.verdict == "not asked"}):
        say(f"  - not asked: {reason}")
    return 1 if counts["broken"] else 0


def first_words(message: str) -> str:
    """What the failure says, without what pytest adds for programmers."""
    words = (message.strip().splitlines() or ["without words"])[0]
    for kind in ("AssertionError", "NotImplementedError", "Failed"):
        words = words.removeprefix(f"{kind}: ")
    return words[:400]
