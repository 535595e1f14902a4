"""Shopify's checkout around our chat page, for the tests of that page.

A page of the shop shows the chat in a frame that fills the window and is clipped to the size that the chat asks for, as
`<s-chat>` does. App Bridge is played by a script at its real address: a fresh token each time, a port to the extension,
`resizeTo`. Everything behind the page is a real house; only `/p/shopify/` is answered here, by the files that it serves
and a session that says what it was asked.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from guest_page import wait_until
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, Route

from plugin.care import list_conversations, reply
from tests.flows.widget_shop import ANA, Shop, serving

STATIC = Path(__file__).parents[2] / "adapters/shopify/static"
BUILT = Path(__file__).parents[2] / "plugin/static/widget"
CHECKOUT = "https://barro-y-sol.example/checkouts/cn/1"
BRIDGE = "https://cdn.shopify.com/shopifycloud/checkout-web/assets/app-bridge-checkout.js"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
}
POLICY = (
    "default-src 'self'; script-src 'self' https://cdn.shopify.com; style-src 'self' https://cdn.shopify.com;"
    " connect-src 'self' https://cdn.shopify.com; img-src 'self' data:; base-uri 'none'; object-src 'none';"
    " form-action 'self'; frame-ancestors https://barro-y-sol.example; require-trusted-types-for 'script';"
    " trusted-types 'none'"
)

# What is told to the bridge from outside comes by messages of the window: the page's policy lets nothing evaluate.
BRIDGE_SCRIPT = """(() => {
  const wish = %s
  const channel = new MessageChannel()
  let tokens = 0, late = 0
  const now = Date.now
  Date.now = () => now() + late
  addEventListener('message', ({ data }) => {
    if (data.port) channel.port1.postMessage(data.port)
    if (data.late) late += data.late
  })
  addEventListener('securitypolicyviolation', e => parent.postMessage({ broke: e.violatedDirective }, '*'))
  if (wish.sizes) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`:root { ${wish.sizes} }`)
    document.adoptedStyleSheets = [sheet]
  }
  window.resizeTo = (width, height) => parent.postMessage({ size: [width, height] }, '*')
  if (wish.absent) return
  window.shopify = {
    config: { locale: wish.locale }, surface: 'checkout', platform: 'browser',
    idToken: () => (wish.refuse ? Promise.reject(new Error('no')) : Promise.resolve('token-' + ++tokens)),
    extension: { handle: 'mostrador-chat', port: channel.port2 },
  }
})()"""

PAGE = """<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Pago</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff}main{max-width:560px;padding:32px}
input{display:block;width:100%%;box-sizing:border-box;padding:13px;margin:6px 0 16px;border:1px solid #ced4da}
button{padding:16px 32px;border:0;border-radius:6px;background:#111;color:#fff;font:inherit}
#chat{position:fixed;right:0;bottom:0;width:224px;height:72px;overflow:hidden}
iframe{position:absolute;right:0;bottom:0;width:100vw;height:100vh;border:0}</style></head>
<body><main><h1>Pago</h1><label>Tarjeta<input></label><label>Nombre<input></label><button>Pagar ahora</button></main>
<div id="chat"><iframe title="Chat" src="%s"></iframe></div><script>
window.sizes = []; window.broken = []
addEventListener('message', ({ data }) => {
  if (data.broke) broken.push(data.broke)
  if (!data.size) return
  sizes.push(data.size)
  document.querySelector('#chat').style.cssText = `width:${data.size[0]}px;height:${data.size[1]}px`
})</script></body></html>"""


def context_of(step: str, **more: Any) -> dict[str, Any]:
    """What the extension tells, in Spanish."""
    told = {"type": "mostrador:context", "step": step, "steps": ["checkout", step], "basket": "125800 COP"}
    return {**told, "order": "", "checkout_token": "chk_1", "locale": "es", **more}


class Checkout:
    """One shopper at one step of checkout. `sessions`: (token, body) of each session asked for."""

    def __init__(self, context: BrowserContext, shop: Shop, origin: str, **wish: Any) -> None:
        self.shop, self.origin, self.page = shop, origin, context.new_page()
        self.wish = {"locale": "es-CO", **wish}
        self.sessions: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[int] = []
        self.proof: str | None = None
        self.help = f"{origin}/help/{shop.store.public_id}/"
        self.errors: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        context.route(CHECKOUT, self._show_checkout)
        context.route(BRIDGE, self._give_bridge)
        context.route(f"{origin}/p/shopify/*", self._give_page)

    def _show_checkout(self, route: Route) -> None:
        route.fulfill(content_type=KINDS["html"], body=PAGE % f"{self.origin}/p/shopify/chat?id_token=x")

    def _give_bridge(self, route: Route) -> None:
        route.fulfill(content_type=KINDS["js"], body=BRIDGE_SCRIPT % json.dumps(self.wish))

    def _give_page(self, route: Route) -> None:
        name = route.request.url.partition("?")[0].rpartition("/")[2]
        if name == "session":
            self._open_session(route)
            return
        file = "chat.html" if name == "chat" else name
        text = (STATIC / file).read_text(encoding="utf-8")
        module = next(path for path in BUILT.glob("*/document.js"))
        text = text.replace("__DOCUMENT__", f"{self.origin}/widget/{module.parent.name}/document.js")
        headers = {"Referrer-Policy": "no-referrer", "Content-Type": KINDS[file.rpartition(".")[2]]}
        if route.request.frame.parent_frame:
            headers["Content-Security-Policy"] = POLICY
        route.fulfill(body=text.replace("__HELP__", self.help), headers=headers)

    def _open_session(self, route: Route) -> None:
        headers = route.request.headers
        self.sessions.append((headers["authorization"].removeprefix("Bearer "), route.request.post_data_json))
        assert "cookie" not in headers
        if self.refusals:
            route.fulfill(status=self.refusals.pop(0), json={"message": "no"})
            return
        said = self.sessions[-1][1]
        route.fulfill(json={
            "store": self.shop.store.public_id, "api": self.origin, "locale": "es", "accent": "#0b57d0",
            "steps": said["steps"], "basket": said["basket"], "proof": self.proof,
        })  # fmt: skip

    def visit(self) -> Checkout:
        """Open the step; the chat's button is there."""
        self.page.goto(CHECKOUT)
        self.button.wait_for()
        self.page.wait_for_function("sizes.length")
        return self

    def visit_alone(self) -> Checkout:
        """The chat page in a window of its own: there it has storage, and without a policy tools may run in it."""
        self.page.goto(f"{self.origin}/p/shopify/chat")
        self.button.wait_for()
        return self

    @property
    def chat(self) -> FrameLocator | Page:
        return self.page if self.page.url.startswith(self.origin) else self.page.frame_locator("iframe")

    @property
    def button(self) -> Locator:
        return self.chat.locator(".bubble")

    @property
    def panel(self) -> Locator:
        return self.chat.locator(".panel")

    def open(self, tab: str = "help") -> Locator:
        self.button.click()
        self.panel.locator(".head .quiet").wait_for()
        if self.panel.locator(f"#{tab}").get_attribute("aria-selected") != "true":
            self.panel.locator(f"#{tab}").click()
        return self.panel

    def say(self, text: str) -> None:
        self.panel.locator("textarea").fill(text)
        self.panel.locator("textarea").press("Enter")

    def tell(self, context: Any, *, by: str = "port") -> None:
        """The extension tells, by its `port` or by the `window`."""
        message = {"port": context} if by == "port" else context
        self.page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", message)

    def grow_older(self, seconds: float) -> None:
        self.tell({"late": seconds * 1000}, by="window")

    def wait_for_sessions(self, count: int) -> None:
        wait_until(self.page, lambda: len(self.sessions) >= count)
        self.page.wait_for_timeout(150)  # for one that is not due
        assert len(self.sessions) == count

    @property
    def size(self) -> list[int]:
        """What checkout shows of the chat's window, px, once it has stayed so for a while."""
        seen: list[Any] = []
        for _ in range(40):
            seen.append(self.page.evaluate("sizes.at(-1)"))
            if len(seen) > 3 and seen[-1] == seen[-2] == seen[-3]:
                break
            self.page.wait_for_timeout(150)
        return list(seen[-1])

    def wait_until_small(self) -> None:
        """Until checkout shows no more of the chat than a button needs."""
        self.page.wait_for_function("sizes.length && sizes.at(-1)[0] <= 224 && sizes.at(-1)[1] <= 72")

    def wait_for_size(self, wanted: list[int]) -> None:
        """Until checkout shows the chat so large."""
        self.page.wait_for_function("wanted => String(sizes.at(-1)) === String(wanted)", arg=wanted)

    def measure_panel(self, wanted: list[int]) -> list[int]:
        """The panel's width and height in whole px; what is not yet as `wanted` gets some time to become so."""
        found: list[int] = []
        for _ in range(60):
            box = self.panel.bounding_box()
            found = [round(box["width"]), -int(-box["height"] // 1)] if box else []
            if found == wanted:
                break
            self.page.wait_for_timeout(100)
        return found

    def show(self, name: str, folder: Path) -> None:
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=folder / f"{name}.png")


def answer(shop: Shop, text: str) -> None:
    """Ana writes to the one conversation there is."""
    with shop.house.db.reading(shop.store.id) as tx:
        (listed,) = list_conversations(tx, shop.store.id)
        conversation = listed.row.public_id
    reply(shop.care, shop.store.id, conversation, ANA, text, str(uuid.uuid4()))


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    made = Shop(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def origin(shop: Shop) -> Iterator[str]:
    with serving(shop.app) as address:
        shop.change_store(origins=[address])
        yield address


@pytest.fixture
def enter(browser: Browser, shop: Shop, origin: str) -> Iterator[Callable[..., Checkout]]:
    """Makes shoppers: `enter(PHONE, locale="pt-BR")`. Whatever a test is about, no policy was broken on the way."""
    made: list[Checkout] = []

    def make(look: dict[str, Any] = DESKTOP, **wish: Any) -> Checkout:
        context = browser.new_context(**look)
        made.append(Checkout(context, shop, origin, **wish))
        return made[-1]

    yield make
    broken = [b for one in made if one.page.url == CHECKOUT for b in one.page.evaluate("broken")]
    for one in made:
        one.page.context.close()
    assert broken == []
