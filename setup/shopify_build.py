"""Builds what Shopify installs with Mostrador, without login and without network:
``make shopify-app SERVICE=https://counter.example CLIENT_ID=… [APP=custom]`` writes `build/shopify-app/`.

The sources in `adapters/shopify/app` name placeholders; a copy gets the real address and client id, and is built there
by Shopify's own command line tool. What that tool does not refuse is refused here: a finding of its theme check, which
it prints and passes over, and a bundle that Shopify would not take.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
APP = ROOT / "adapters/shopify/app"
OUT = ROOT / "build/shopify-app"
TOOLS = APP / "node_modules"

SERVICE = "https://mostrador.example"
CLIENT_ID = "0" * 32
"""What the sources say instead of an operator's own."""
CONFIGS = {"public": "shopify.app.toml", "custom": "shopify.app.custom.toml"}
NOT_COPIED = ("node_modules", "tests", "dist", ".shopify", "README.md", "vitest.config.mjs")

LIMIT = 64 * 1024
"""Bytes of an extension's script, compressed, that Shopify takes (shopify.dev/docs/apps/build/app-extensions/
optimize-bundle-size, 2026-11): refused when it is deployed, not when it is built."""
GOAL = 8 * 1024
"""Bytes that ours should weigh: they stand where money is paid."""
OLDEST_NODE = (22, 12)
FINDING = re.compile(r"\[(error|warning)\]: *(\w+)")
PATIENCE = 120


class Refused(Exception):
    """What cannot be built; the words say why."""


def read_service(text: str) -> str:
    """The operator's address, bare; '' for none."""
    text = text.strip().rstrip("/")
    if text and not re.fullmatch(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?", text):
        raise Refused(
            f"SERVICE={text} is no address like https://counter.example: Shopify asks for https, without a path."
        )
    return text


def read_client_id(text: str) -> str:
    """The app's client id as the Dev Dashboard shows it; '' for none."""
    text = text.strip()
    if text and not re.fullmatch(r"[0-9a-f]{32}", text):
        raise Refused(
            "CLIENT_ID has 32 hexadecimal letters; the Dev Dashboard shows it. The secret never belongs here."
        )
    return text


def find_node() -> Path:
    """The Node.js that Shopify's tool needs: one from npm, where npm has it for this machine; else the system's own."""
    for node in sorted(TOOLS.glob("node-*/bin/node")):
        if subprocess.run([node, "--version"], capture_output=True).returncode == 0:
            return node
    own = shutil.which("node")
    said = subprocess.run([own, "--version"], capture_output=True, text=True).stdout if own else ""
    if own and tuple(map(int, re.findall(r"\d+", said)[:2])) >= OLDEST_NODE:
        return Path(own)
    raise Refused(
        "Shopify's tool needs Node.js 22.12 or newer: `make shopify-tools` brings one for Linux; elsewhere install it."
    )


def write_copy(folder: Path, service: str = "", client_id: str = "", kind: str = "public") -> None:
    """The app in `folder`, with the real address and client id where they are given. Only the configuration that was
    asked for comes along, under the name that Shopify's tool takes unasked: it cannot deploy the other by mistake."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(APP, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (folder / "node_modules").symlink_to(TOOLS)
    chosen = (folder / CONFIGS[kind]).read_bytes()
    for name in CONFIGS.values():
        (folder / name).unlink()
    (folder / CONFIGS["public"]).write_bytes(chosen)
    for path in (*folder.glob("*.toml"), *folder.glob("extensions/*/*.toml"), folder / "shared/service.js"):
        text = path.read_text()
        text = text.replace(SERVICE, service or SERVICE).replace(CLIENT_ID, client_id or CLIENT_ID)
        path.write_text(text)


def read_environment(home: Path) -> dict[str, str]:
    """Nothing of the machine's own but its path: nobody is signed in, nothing is told or renewed."""
    return {
        "PATH": f"{find_node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOME": str(home), "LANG": "C.UTF-8", "CI": "1", "COLUMNS": "200",
        "SHOPIFY_CLI_NO_ANALYTICS": "1", "SHOPIFY_CLI_NOTIFICATIONS_URL": "http://127.0.0.1:9/",
        "npm_config_offline": "true",
    }  # fmt: skip


def find_cage() -> list[str]:
    """How to run a command without any network on this machine, where that can be had."""
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            return words
    return []


def run_tool(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Shopify's command line tool on the app in `folder`."""
    with tempfile.TemporaryDirectory(prefix="mostrador-shopify-") as home:
        return subprocess.run(
            [*find_cage(), find_node(), TOOLS / "@shopify/cli/bin/run.js", *words, "--path", folder],
            cwd=folder, env=read_environment(Path(home)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=PATIENCE,
        )  # fmt: skip


def build_app(folder: Path) -> dict[str, int]:
    """Builds the app in `folder`; the compressed bytes of every extension with a script, by its handle."""
    run = run_tool(folder, "app", "build", "--no-color", "--skip-dependencies-installation")
    told = run.stdout + run.stderr
    if run.returncode:
        raise Refused(f"Shopify's tool could not build the app:\n{told[-3000:]}")
    if findings := FINDING.findall(told):
        named = ", ".join(f"{name} ({level})" for level, name in findings)
        raise Refused(f"The theme check found {named}:\n{told[-3000:]}")
    return weigh_extensions(folder)


def weigh_extensions(folder: Path) -> dict[str, int]:
    """Compressed bytes by handle; raises `Refused` for what Shopify would refuse."""
    built = sorted(folder.glob("extensions/*/dist/*.js"))
    sizes = {path.parents[1].name: len(zlib.compress(path.read_bytes(), 9)) for path in built}
    if heavy := [f"{name} ({size} bytes)" for name, size in sizes.items() if size > LIMIT]:
        raise Refused(
            f"Shopify takes {LIMIT} compressed bytes per extension; these weigh more: {', '.join(heavy)}."
        )
    return sizes


def examine(folder: Path) -> list[Mapping[str, Any]]:
    """What Shopify's own security check finds in the sources: ``{"id", "severity", "message", "location"}`` each."""
    run = run_tool(folder, "app", "doctor", "--json", "--skip-instructions")
    try:
        found: list[Mapping[str, Any]] = json.loads(run.stdout)["scan"]["issues"]
    except (ValueError, KeyError) as error:
        raise Refused(
            f"Shopify's security check did not run:\n{(run.stdout + run.stderr)[-3000:]}"
        ) from error
    return found


def main(given: Mapping[str, str]) -> None:
    service, client_id = read_service(given.get("SERVICE", "")), read_client_id(given.get("CLIENT_ID", ""))
    kind = given.get("APP", "").strip() or "public"
    if kind not in CONFIGS:
        raise Refused(f"APP={kind} is neither public nor custom.")
    write_copy(OUT, service, client_id, kind)
    sizes = build_app(OUT)
    whose = service or f"{SERVICE}, a placeholder: SERVICE=https://… names yours"
    print(f"Built {OUT.relative_to(ROOT)} ({CONFIGS[kind]}) for {whose}")
    if not client_id:
        print("  without a client id: CLIENT_ID=… names your app, and nothing can be deployed before")
    for name, size in sizes.items():
        print(
            f"  {name:24} {size:6} bytes compressed{'' if size <= GOAL else f', more than the {GOAL} we aim at'}"
        )


def run_main(words: Sequence[str] = ()) -> int:
    try:
        main(os.environ)
    except (Refused, subprocess.TimeoutExpired) as error:
        print(f"mostrador: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(run_main())
