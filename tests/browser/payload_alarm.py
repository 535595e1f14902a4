"""Notices when a page runs, loads, opens or is about to run anything that it was only given to show."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Frame, Page

SCAN = """root => {
  const found = []
  const strange = new Set(['IFRAME', 'FRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'VIDEO', 'AUDIO', 'SOURCE',
    'TRACK', 'MATH', 'PLAINTEXT', 'XMP', 'MGLYPH', 'FOREIGNOBJECT', 'ANIMATE', 'SET', 'IMAGE', 'FEIMAGE',
    'ANNOTATION-XML', 'ISINDEX'])
  const leads = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'background',
    'srcset', 'ping'])
  const ours = /^https?:[^?#]*\\/(desk\\/files|widget|p\\/shopify|checkout-web\\/assets)\\/[\\w.@/-]+\\.js(\\?v=\\w+)?$/
  const kinds = new Set(['http:', 'https:', 'mailto:', 'tel:'])
  const say = (e, why) => found.push(why + ': ' + e.outerHTML.slice(0, 160))
  const walk = root => {
    for (const e of root.querySelectorAll('*')) {
      const name = e.tagName.toUpperCase()
      const leadsOut = name === 'BASE' && e.parentNode === document.head && !e.hasAttribute('href')
      if (strange.has(name) && !leadsOut) say(e, 'element')
      const told = e.type === 'application/ld+json' && !e.src && e.parentNode === document.head
      if (name === 'SCRIPT' && !told && !ours.test(e.src)) say(e, 'script')
      if (name === 'META' && e.httpEquiv.toLowerCase() === 'refresh') say(e, 'refresh')
      if (name === 'STYLE' && /\\bran\\(|\\/b\\d{3}/.test(e.textContent)) say(e, 'style')
      for (const a of e.attributes) {
        if (/^on/i.test(a.name) || /^(data-)?hx-on/i.test(a.name) || a.name === 'srcdoc') say(e, 'handler ' + a.name)
        const asks = /^(data-)?hx-(get|post)$/i.test(a.name)
        if (asks && new URL(a.value, location).origin !== location.origin) say(e, 'htmx')
        if (a.name === 'style' && /\\/b\\d{3}|animation-name/.test(a.value)) say(e, 'style')
        if (!leads.has(a.name)) continue
        let kind = ''
        try { kind = new URL(a.value, 'https://a.example/').protocol } catch { continue }
        if (!kinds.has(kind) && !(kind === 'data:' && name === 'LINK')) say(e, 'leads to ' + kind)
        if (name !== 'A' && /\\/b\\d{3}/.test(a.value)) say(e, 'leads to the beacon')
      }
      if (e.shadowRoot) walk(e.shadowRoot)
    }
  }
  walk(root)
  return found
}"""
"""What in a page could run although it has not yet: handlers, foreign schemes, elements that none of ours has."""

TEXT = """() => {
  const read = root => [...root.querySelectorAll('*')].filter(e => e.shadowRoot).map(e =>
    [...e.shadowRoot.children].filter(one => !/^(STYLE|SCRIPT)$/.test(one.tagName)).map(one => one.innerText).join(' '))
  return [document.body.innerText, ...read(document)].join(' ')
}"""
"""All that a page shows, in shadow trees too."""


class Alarm:
    """One browser context under watch. `allowed`: the origins it may ask; `notes` is everything that should not be."""

    def __init__(self, context: BrowserContext, *allowed: str) -> None:
        self.context, self.allowed = context, (*allowed, "data:", "about:", "blob:")
        self.ran: list[int] = []
        self.dialogs: list[str] = []
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.pages = 0
        self.meant = 0
        context.expose_binding("ran", lambda source, *marks: self._hear(marks))
        context.on("request", lambda request: self._see(request.url))
        context.on(
            "response", lambda answer: self.broken.append(answer.url) if answer.status >= 500 else None
        )
        context.on("dialog", self._dismiss)
        context.on("page", lambda page: self._count())

    def _hear(self, marks: tuple[Any, ...]) -> None:
        first = marks[0] if marks else 0
        self.ran.append(first if isinstance(first, int) else 0)

    def _see(self, url: str) -> None:
        if not url.startswith(self.allowed):
            self.asked.append(url)

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _count(self) -> None:
        self.pages += 1

    def new_page(self) -> Page:
        """One that we open ourselves."""
        self.meant += 1
        return self.context.new_page()

    @property
    def notes(self) -> list[str]:
        """What happened, in words; empty when nothing did."""
        opened = [f"{self.pages - self.meant} windows opened"] if self.pages > self.meant else []
        return [
            *(f"ran {mark}" for mark in self.ran),
            *(f"dialog {words}" for words in self.dialogs),
            *(f"asked {url}" for url in self.asked),
            *(f"broke {url}" for url in self.broken),
            *opened,
        ]

    def check(self, page: Page | Frame, name: str) -> str:
        """Nothing happened and nothing waits to; gives what the page shows."""
        found: list[str] = page.evaluate(f"({SCAN})(document)")
        assert self.notes + found == [], f"{name}: {self.notes + found}"
        text: str = page.evaluate(TEXT)
        return text


class Site:
    """A server on loopback with the pages it is given. `hits`: the paths below ``/b`` that it was asked for, which only
    payloads name. A real one, because Chromium lets no page of another kind of network ask this machine."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.pages: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(self))
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def marks(self) -> set[int]:
        """Of the payloads that asked."""
        return {int(found[1]) for hit in self.hits if (found := re.match(r"/b(\d{3})", hit))}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _make_handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.startswith("/b"):
                site.hits.append(path)
            body = site.pages.get(path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            return

    return Handler


@contextmanager
def open_sites() -> Iterator[tuple[Site, Site]]:
    """A shop, and the beacon that nobody may ask."""
    shop, beacon = Site(), Site()
    try:
        yield shop, beacon
    finally:
        shop.close()
        beacon.close()
