"""A purchase at the demo shop in a real browser: the shopper's way from step to step, and the agent at the desk.

The shop's own policy forbids evaluated strings, so everything asked of its pages goes through the browser's debugger
(`ask`), which no policy holds back; axe too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
from axe_playwright_python.sync_playwright import Axe
from guest_page import PLACED, SETTLE
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page

from plugin.testing.demo import Demo

STEPS = {
    "catalogue": "home,catalogue",
    "product": "product",
    "cart": "cart",
    "contact": "checkout,contact",
    "shipping": "checkout,shipping",
    "payment": "checkout,payment",
    "review": "checkout,review",
    "thanks": "thank_you",
    "order": "order_status",
}
"""Every page of the purchase in its order, with the steps its tag names to the widget."""

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 800}}
SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
LOOKS = {"phone": PHONE, "desktop": DESKTOP}

PATIENCE = 20.0
"""Seconds that anything may take before it is missed."""

KEPT = """(async () => ({cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length}))()"""
NOTHING_KEPT = {"cookie": "", "local": {}, "session": {}, "databases": 0, "caches": 0}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
REPORT = """addEventListener('securitypolicyviolation',
  e => tell(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"""


@dataclass
class Watch:
    """What went wrong on the pages of one context, and what they asked of the counter."""

    counter: str
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Broken policies, errors in the console, uncaught errors, refused requests: on every page from now on."""
        context.expose_binding("tell", lambda _, words: self.faults.append(f"policy: {words}"))
        context.add_init_script(REPORT)
        context.on(
            "console", lambda said: said.type == "error" and self.faults.append(f"console: {said.text}")
        )
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self._note(request.url))
        context.on("response", lambda answer: self._judge(answer.url, answer.status))

    def _note(self, url: str) -> None:
        if url.startswith(self.counter):
            self.asked.append(url.removeprefix(self.counter))

    def _judge(self, url: str, status: int) -> None:
        if status >= 400:
            self.faults.append(f"{status}: {url}")


class Shopper:
    """One shopper with a browser of their own (`look`: what Playwright needs to know of it), in Spanish."""

    def __init__(
        self, browser: Browser, demo: Demo, look: dict[str, Any], email: str = "alma@example.com"
    ) -> None:
        self.demo, self.email = demo, email
        # The shop scrolls smoothly: what is pressed meanwhile is somewhere else when it is let go.
        how: dict[str, Any] = {"reduced_motion": "reduce", **look}
        self.context = browser.new_context(locale="es-ES", timezone_id="Europe/Madrid", **how)
        self.touch = bool(look.get("has_touch"))
        self.watch = Watch(demo.counter)
        self.watch.follow(self.context)
        self.page = self.context.new_page()
        self.debugger: CDPSession = self.context.new_cdp_session(self.page)
        self.number = ""
        self.card = "4242 4242 4242 4242"

    def close(self) -> None:
        self.context.close()

    # --- the way ---------------------------------------------------------------------------------------

    def walk(self, until: str = "order") -> Iterator[str]:
        """From the catalogue to the order's page by the shop's own links and buttons; stops on each page once the
        widget stands there, and goes on when the next one is asked for."""
        self.page.goto(f"{self.demo.shop}/es/")
        for name in STEPS:
            self.wait_for_widget()
            if name == "thanks":
                self.number = self.page.url.split("/")[-2]
            yield name
            if name == until:
                return
            self.leave(name)

    def reach(self, step: str) -> None:
        """Straight to a page of the purchase."""
        for name in self.walk(step):
            if name == step:
                return

    def leave(self, name: str) -> None:
        """Does on this page what leads to the next, and is there: the widget of this page is not that one's."""
        with self.page.expect_navigation(wait_until="commit", timeout=PATIENCE * 1000):
            self._go_on(name)

    def _go_on(self, name: str) -> None:
        press = self.page.locator
        if name == "catalogue":
            press('.cards a[href$="/taza-sol"]').click()
        elif name == "product":
            press('form[action$="/cart/add"] button').click()
        elif name == "cart":
            press(".pay-bar a").click()
        elif name == "thanks":
            press(".thanks a.button").click()
        else:
            for place, words in self.words_for(name).items():
                press(place).fill(words)
            press(".pay-bar button").click()

    def words_for(self, name: str) -> dict[str, str]:
        """What is written into the fields of a page."""
        if name == "contact":
            return {"#email": self.email, "#name": "Alma Ruiz"}
        if name == "shipping":
            return {"#street": "Calle Mayor 1", "#postcode": "28013", "#city": "Madrid"}
        if name == "payment":
            return {"#number": self.card, "#expiry": "12/34", "#cvc": "123"}
        return {}

    # --- the widget ------------------------------------------------------------------------------------

    def wait_for_widget(self) -> None:
        """The bubble is drawn and has looked where it may stand."""
        self.page.locator(PLACED).wait_for(state="attached")

    @property
    def bubble(self) -> Locator:
        return self.page.locator("mostrador-widget .bubble")

    @property
    def panel(self) -> Locator:
        return self.page.locator("mostrador-widget .panel")

    def open(self, tab: str = "") -> Locator:
        """Taps the bubble (clicks it where there is no touch), and the tab when one is named."""
        (self.bubble.tap if self.touch else self.bubble.click)()
        self.panel.locator(".head .quiet").wait_for()
        if tab:
            self.panel.locator(f"#{tab}").click()
        return self.panel

    def say(self, words: str) -> None:
        """Writes in the chat and presses Enter."""
        self.panel.locator("textarea").fill(words)
        self.panel.locator("textarea").press("Enter")

    def shut(self) -> None:
        """Back on a phone, the cross elsewhere."""
        if self.touch:
            self.ask("history.back()")
        else:
            self.panel.locator(".head .icon").click()
        self.panel.wait_for(state="hidden")

    def settle(self) -> None:
        """The panel's entrance is over: what is half seen has no contrast yet, and nothing moves in a picture."""
        self.ask(SETTLE)

    # --- what the page is asked ------------------------------------------------------------------------

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression (or of its promise) on the page, whatever its policy."""
        wish = {"expression": expression, "returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.debugger.send("Runtime.evaluate", wish)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def steps(self) -> str:
        """What the page's tag tells the widget."""
        return str(self.ask("document.querySelector('script[data-store]').dataset.steps"))

    def list_faults(self, view: str) -> list[str]:
        """What axe finds on the whole page now, the widget included, and whether it is wider than the screen."""
        self.settle()
        self.ask(f"{Axe().axe_script};0")
        found = self.ask(f"axe.run({json.dumps(RULES)}).then(found => found.violations)")
        faults = [
            f"{view}: {fault['id']} {node['target']} {node['failureSummary']}"
            for fault in found
            for node in fault["nodes"]
        ]
        if self.ask("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{view}: wider than the screen")
        return faults


def sign_in(page: Page, demo: Demo) -> None:
    """Opens the one-time link and presses its button."""
    page.goto(demo.sign_in)
    page.locator('form[action$="/sign-in/enter"] button').click()
    page.wait_for_url(f"{demo.desk}**")


class Desk:
    """An agent's browser, signed in."""

    def __init__(self, demo: Demo, context: BrowserContext) -> None:
        self.demo, self.watch = demo, Watch(demo.counter)
        self.watch.follow(context)
        self.page = context.new_page()

    def open_list(self) -> None:
        """The conversations, with the live line to the server open."""
        with self.page.expect_response("**/live*"):
            self.page.goto(f"{self.demo.desk}conversations")

    def find(self, words: str) -> Locator:
        """The line of the list that shows these last words."""
        return self.page.locator("#list .talk-link", has_text=words)

    def take(self) -> None:
        """Takes the conversation that is open."""
        self.page.locator('#talk form[action$="/take"] button').click()

    def answer(self, words: str) -> None:
        """Writes to the shopper."""
        self.page.locator("#reply textarea").fill(words)
        self.page.locator("#reply button").click()

    @property
    def thread(self) -> Locator:
        """The messages of the conversation that is open."""
        return self.page.locator("#talk .messages li")


class Staff:
    """The people in the shop's back room, by its own interface, and a look into the mailbox."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo

    def place(self, email: str) -> str:
        """An order that was paid by card; its number."""
        wish = {"lines": [{"product": "taza-sol", "quantity": 1}], "email": email, "locale": "es"}
        return str(self._ask("POST", "orders", wish)["number"])

    def act(self, number: str, action: str, **values: Any) -> None:
        """One act on the order of this number."""
        found = self._ask("GET", f"orders?number={number}")["orders"][0]
        self._ask("POST", f"orders/{found['id']}/{action}", values)

    def _ask(self, method: str, path: str, values: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.demo.token}"}
        answer = requests.request(
            method, f"{self.demo.shop}/api/{path}", json=values, headers=headers, timeout=10
        )
        assert answer.ok, answer.text
        return answer.json()

    def read_mails(self, email: str) -> list[dict[str, Any]]:
        """The mails that an address got, oldest first."""
        listed = requests.get(f"{self.demo.mailbox}/api/mails", timeout=10).json()["mails"]
        return [mail for mail in reversed(listed) if email in mail["to"]]

    def wait_for_mails(self, email: str, count: int) -> list[dict[str, Any]]:
        """Waits until an address has this many."""
        deadline = time.monotonic() + PATIENCE
        while len(mails := self.read_mails(email)) < count:
            assert time.monotonic() < deadline, f"{[mail['subject'] for mail in mails]}: {count} were due"
            time.sleep(0.05)
        return mails

    def open_mail(self, number: int) -> dict[str, Any]:
        """One mail: `headers`, `text`, `html`."""
        mail: dict[str, Any] = requests.get(f"{self.demo.mailbox}/api/mails/{number}", timeout=10).json()
        return mail
