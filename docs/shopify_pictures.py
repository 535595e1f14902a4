"""Takes the pictures of what Shopify shows of us: `python -m docs.shopify_pictures`.

The extensions are rendered by Shopify's own tester with its real modules, as in `adapters/shopify/app/tests`. Shopify
draws the `s-…` elements in its checkout, in the merchant's own fonts and colours; here a plain style sheet does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from playwright.sync_api import Browser, sync_playwright

from docs.pictures import HERE, IMAGES, press

ROOT = HERE.parent
APP = ROOT / "adapters/shopify/app"
LARGEST = 100_000
"""Bytes that one picture may weigh."""

SHEET = """
* { box-sizing: border-box; }
html { background: #fff; }
body { margin: 0; padding: 24px; width: fit-content; min-width: 420px; max-width: 720px;
  font: 15px/1.5 system-ui, "Liberation Sans", sans-serif; color: #202223; }
.frame { border: 1px solid #dedede; border-radius: 10px; padding: 20px; background: #fff; }
s-section, s-stack, s-unordered-list, s-list-item, s-heading, s-details, s-summary { display: block; }
s-section::before { content: attr(heading); display: block; font-weight: 600; font-size: 18px; margin-bottom: 12px; }
s-stack { display: flex; flex-direction: column; gap: 16px; }
s-stack[gap="small"] { gap: 10px; } s-stack[gap="small-200"] { gap: 6px; }
s-stack[direction="inline"] { flex-flow: row wrap; gap: 8px 18px; align-items: baseline; }
s-link { color: #1a5fb4; text-decoration: underline; text-underline-offset: 2px; width: fit-content; }
s-text[type="strong"], s-heading { font-weight: 600; } s-text[color="subdued"], s-summary { color: #6b7177; }
s-unordered-list { padding-inline-start: 20px; } s-list-item { display: list-item; list-style: disc; }
s-time { white-space: nowrap; } s-summary::after { content: " ⌄"; }
s-chat { display: grid; place-content: center; width: 224px; height: 72px; border: 1px dashed #6b7177; color: #6b7177; }
s-chat::before { content: attr(accessibilitylabel); }
s-details > :not(s-summary) { display: none; }
"""


def take_pictures() -> None:
    """All of them, into `docs/images`."""
    IMAGES.mkdir(exist_ok=True)
    chromium = (
        os.environ.get("MOSTRADOR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        rendered = Path(folder)
        render_extensions(rendered)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        _show_checkout_footer(browser, rendered)
        _show_checkout_header(browser, rendered)
        _show_checkout_block(browser, rendered)
        _show_chat(browser, rendered)
        _show_order_status(browser, rendered)
        _show_order_status_by_link(browser, rendered)
        browser.close()


def render_extensions(folder: Path) -> None:
    """What the tester rendered, as files of `s-…` elements in `folder`; raises `RuntimeError` with what it said."""
    builder = _load_builder()
    run = subprocess.run(
        [builder.find_node(), APP / "node_modules/vitest/vitest.mjs", "run"],
        cwd=APP, capture_output=True, text=True, timeout=180,
        env={**builder.read_environment(folder), "MOSTRADOR_RENDERED": str(folder)},
    )  # fmt: skip
    if run.returncode:
        raise RuntimeError(run.stdout[-3000:] + run.stderr[-2000:])


def _load_builder() -> ModuleType:
    spec = spec_from_file_location("shopify_build", ROOT / "setup/shopify_build.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _show_checkout_footer(browser: Browser, rendered: Path) -> None:
    _draw(browser, rendered, "checkout-purchase.checkout.footer.render-after", "shopify-checkout-footer")


def _show_checkout_header(browser: Browser, rendered: Path) -> None:
    _draw(browser, rendered, "checkout-purchase.checkout.header.render-after", "shopify-checkout-header")


def _show_checkout_block(browser: Browser, rendered: Path) -> None:
    _draw(browser, rendered, "checkout-purchase.checkout.block.render", "shopify-checkout-block")


def _show_chat(browser: Browser, rendered: Path) -> None:
    """The frame alone, at the size of the bubble: the page inside is the hosted one, and has pictures of its own."""
    _draw(browser, rendered, "chat", "shopify-chat-extension")


def _show_order_status(browser: Browser, rendered: Path) -> None:
    _draw(browser, rendered, "order-status", "shopify-order-status")


def _show_order_status_by_link(browser: Browser, rendered: Path) -> None:
    """As somebody sees it who came by the link of a mail."""
    _draw(browser, rendered, "order-status-link", "shopify-order-status-link")


def _draw(browser: Browser, rendered: Path, name: str, picture: str) -> None:
    page = browser.new_page(viewport={"width": 720, "height": 700}, device_scale_factor=1.5)
    body = (rendered / f"{name}.html").read_text()
    page.set_content(
        f'<!doctype html><html lang="es"><style>{SHEET}</style><body><div class="frame">{body}</div>'
    )
    data = page.locator("body").screenshot()
    page.close()
    pressed = press(data)
    if len(pressed) > LARGEST:
        sys.exit(f"{picture}.png weighs {len(pressed)} bytes; {LARGEST} are enough.")
    (IMAGES / f"{picture}.png").write_bytes(pressed)
    print(f"docs/images/{picture}.png  {len(pressed)} bytes")


if __name__ == "__main__":
    take_pictures()
