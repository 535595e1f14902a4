"""Shop pages for the widget's tests, and what is asked of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page
from widget_stub import Stub

STYLE = (
    "body{font:16px/1.5 sans-serif;margin:0;color:#222;background:#fff}main{padding:16px}label{display:block}"
    "input{width:100%;box-sizing:border-box;padding:12px;font-size:16px}"
    "form button{width:100%;padding:16px;margin-top:24px;background:#111;color:#fff;border:0;font-size:16px}"
)
FIELDS = ("nombre", "direccion", "ciudad", "telefono", "tarjeta")

PLACED = "mostrador-widget .bubble:is([style*=translate], .none)"
"""The bubble once it has looked for the shop's buttons, which it does a moment after it was drawn."""
SETTLE = (
    "Promise.allSettled([...document.querySelectorAll('*')].flatMap(e =>"
    " e.shadowRoot?.getAnimations() || []).filter(a => a.effect.getComputedTiming().iterations < 99)"
    ".map(a => a.finished)).then(() => 0)"
)
"""An expression: the panel's entrance is over. What is half seen has no contrast yet."""

WATCH_PAGE = """
window.__shift = 0; window.__violations = []; window.__keys = [];
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) __shift += e.value })
  .observe({ type: 'layout-shift', buffered: true });
addEventListener('securitypolicyviolation', e => __violations.push(e.violatedDirective + ' ' + e.sample));
"""


def checkout(
    tag: str, *, before: str = "", after: str = "", style: str = STYLE, lang: str = "es", nonce: str = ""
) -> str:
    """A payment step in Spanish: a form with a pay button, `before` and `after` it what a test needs."""
    fields = "".join(
        f'<label for="{name}">{name}</label><input id="{name}" name="{name}">' for name in FIELDS
    )
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Pago</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f'<style nonce="{nonce}">{style}</style></head><body><main><h1>Pago</h1>{before}'
        f'<form action="/pagado">{fields}<button type="submit" id="pay">Pagar ahora</button></form>{after}</main>'
        f"{tag}</body></html>"
    )


def visit(
    page: Page, stub: Stub, html: str | None = None, headers: dict[str, str] | None = None, **data: str
) -> None:
    """Open a payment step with the widget's bubble on it."""
    page.goto(stub.put_page("/pago", html or checkout(stub.tag(**data)), headers))
    page.locator(PLACED).wait_for(state="attached")


def wait_until(page: Page, holds: Callable[[], bool], seconds: float = 15) -> None:
    """Until it is so, however slow the machine is; what never comes true is for the assert that follows."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        page.wait_for_timeout(20)


def open_panel(page: Page, tab: str = "help") -> Locator:
    """Click the bubble; gives the panel with the tab in view and the help loaded."""
    page.locator(".bubble").click()
    panel = page.locator(".panel")
    panel.locator(".head .quiet").wait_for(state="attached")
    if panel.locator(f"#{tab}").get_attribute("aria-selected") != "true":
        panel.locator(f"#{tab}").click()
    return panel


def say(page: Page, text: str) -> None:
    """Write in the chat and press Enter."""
    page.locator(".panel textarea").fill(text)
    page.locator(".panel textarea").press("Enter")


def list_listeners(page: Page) -> list[str]:
    """The widget's listeners on the page's own objects, as the browser counts them (the test tool's own left out)."""
    client = page.context.new_cdp_session(page)
    ours: set[str] = set()
    client.on("Debugger.scriptParsed", lambda e: ours.add(e["scriptId"]) if "/widget/" in e["url"] else None)
    client.send("Debugger.enable")
    seen: list[str] = []
    for name in ("window", "document", "document.documentElement", "document.body", "visualViewport"):
        found = client.send("Runtime.evaluate", {"expression": name})["result"]["objectId"]
        listeners = client.send("DOMDebugger.getEventListeners", {"objectId": found})["listeners"]
        seen += [f"{name} {listener['type']}" for listener in listeners if listener["scriptId"] in ours]
    client.detach()
    return seen


def read_storage(page: Page) -> dict[str, Any]:
    """Everything that this browser keeps for the shop's origin."""
    kept: dict[str, Any] = page.evaluate(
        "async () => ({cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},"
        " databases: (await indexedDB.databases()).length})"
    )
    return kept


NOTHING_KEPT = {"cookie": "", "local": {}, "session": {}, "databases": 0}

DEEP_FOCUS = """() => {
  let a = document.activeElement
  while (a?.shadowRoot?.activeElement) a = a.shadowRoot.activeElement
  return a.className || a.tagName
}"""


def focused(page: Page) -> str:
    """The class, else the tag, of the element that has the focus, inside the widget too."""
    return str(page.evaluate(DEEP_FOCUS))


def overlap(page: Page) -> float:
    """Square pixels of submit buttons under the bubble that can be seen."""
    return float(
        page.evaluate(
            """() => {
          const bubble = document.querySelector('mostrador-widget').shadowRoot.querySelector('.bubble')
          if (getComputedStyle(bubble).visibility === 'hidden') return 0
          const a = bubble.getBoundingClientRect()
          return [...document.querySelectorAll('button, [type=submit]')].reduce((sum, e) => {
            const b = e.getBoundingClientRect()
            const w = Math.min(a.right, b.right) - Math.max(a.left, b.left)
            const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
            return sum + (w > 0 && h > 0 ? w * h : 0)
          }, 0)
        }"""
        )
    )
