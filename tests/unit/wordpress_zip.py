"""The WordPress plugin's zip, for the tests that read it."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
SERVICE = "https://care.example"
BUILT = ("mostrador/widget-source/", "mostrador/assets/widget/")
"""What is not written by hand in the plugin's folder."""


def load_builder() -> ModuleType:
    spec = spec_from_file_location("wordpress_plugin_build", ROOT / "setup/wordpress_plugin.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


builder = load_builder()


def build(target: Path, service: str = "") -> subprocess.CompletedProcess[str]:
    """As `make wordpress-plugin` does it, somewhere else."""
    return subprocess.run(
        [sys.executable, ROOT / "setup/wordpress_plugin.py", target],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "SERVICE": service}, timeout=60,
    )  # fmt: skip


@cache
def read_php() -> dict[str, str]:
    """The PHP files as they are shipped, by their path in the zip."""
    files = builder.collect_files(SERVICE)
    return {f"mostrador/{name}": raw.decode() for name, raw in files.items() if name.endswith(".php")}
