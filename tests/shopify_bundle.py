"""What Shopify installs, for the tests that look at it: its sources, its builder, its tools."""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tree import ROOT

APP = ROOT / "adapters/shopify/app"
TOOLS = APP / "node_modules"
EXTENSIONS = ("mostrador-chat", "mostrador-checkout", "mostrador-order-status")
"""Those with a script of their own; the theme's is the widget."""
TARGETS = {
    "mostrador-chat": {"purchase.checkout.chat.render", "purchase.thank-you.chat.render"},
    "mostrador-checkout": {
        f"purchase.{page}.{place}"
        for page in ("checkout", "thank-you")
        for place in ("header.render-after", "footer.render-after", "block.render")
    },
    "mostrador-order-status": {"customer-account.order-status.block.render"},
}


def load_builder() -> ModuleType:
    spec = spec_from_file_location("shopify_build", ROOT / "setup/shopify_build.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


builder = load_builder()


def read_toml(path: str | Path) -> dict[str, Any]:
    return tomllib.loads((APP / path).read_text())


def read_extension(handle: str) -> dict[str, Any]:
    """The one extension of a `shopify.extension.toml`, with the API version beside it."""
    read = read_toml(f"extensions/{handle}/shopify.extension.toml")
    [extension] = read["extensions"]
    return {**extension, "api_version": read["api_version"]}


def run_node(program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """A program of the installed tools on the app's sources, in the Node.js that Shopify's own needs."""
    if not (TOOLS / program).exists():
        pytest.fail(
            "Shopify's tools are missing: `make test` and `make shopify-tools` set them up.", pytrace=False
        )
    with tempfile.TemporaryDirectory(prefix="mostrador-shopify-") as home:
        return subprocess.run(
            [builder.find_node(), TOOLS / program, *words],
            cwd=APP, env=builder.read_environment(Path(home)), capture_output=True, text=True, timeout=150,
        )  # fmt: skip
