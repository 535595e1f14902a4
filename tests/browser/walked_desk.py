"""The agent's side of a talk by keys alone, from the sign-in form on, and what a screen reader hears of it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from purchase import RULES, Staff
from walked import PATIENCE, Walker

UNSEEN = """async () => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  const one = document.activeElement
  if (one === document.body) return ''
  const { outlineStyle, outlineWidth } = getComputedStyle(one)
  const box = one.getClientRects()[0]
  const shown = [0.5, 0.1, 0.9].some(share => {
    const top = document.elementFromPoint(box.left + box.width * share, box.top + box.height * share)
    return top !== null && one.contains(top)
  })
  return shown && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? '' : one.outerHTML.slice(0, 120)
}"""
"""What has the focus, when nobody sees that it has: covered, outside the window, or without a line around it."""
OWNER = "ana@example.com"
LANGUAGES = {"es": "Español", "en": "English"}
WORDS: dict[str, dict[str, str]] = {
    "es": {
        "email": "Tu dirección de correo", "enter": "Entrar", "list": "Conversaciones", "new": "cliente espera a una",
        "waits": "Espera desde hace", "take": "Atender", "mine": "Respondes tú", "reply": "Tu respuesta",
        "left": "No se envió nada", "send": "Enviar", "note": "Nota interna", "note text": "Nota para tu equipo",
        "keep": "Guardar la nota", "kept": "solo para el equipo", "typing": "está escribiendo",
        "open": "Su chat está abierto", "resolve": "Resolver", "resolved": "Resuelta", "closed": "Su chat está cerrado",
        "private": "Pide la taza azul.",
    },
    "en": {
        "email": "Your e-mail address", "enter": "Sign in", "list": "Conversations", "new": "shopper waits for a",
        "waits": "Waiting for", "take": "Take it", "mine": "You are answering", "reply": "Your answer",
        "left": "Nothing was sent", "send": "Send", "note": "Internal note", "note text": "Note for your team",
        "keep": "Keep the note", "kept": "for the team alone", "typing": "is typing",
        "open": "Their chat is open", "resolve": "Resolve", "resolved": "Resolved", "closed": "Their chat is closed",
        "private": "Wants the blue cup.",
    },
}  # fmt: skip


@dataclass
class DeskWalker(Walker):
    """A page of the desk, where whatever gets the focus is also seen to have it."""

    unseen: list[str] = field(default_factory=list)

    def _find_focus(self) -> tuple[str, str] | None:
        if (hidden := self.page.evaluate(UNSEEN)) and hidden not in self.unseen:
            self.unseen.append(hidden)
        return super()._find_focus()


class WalkingAgent:
    """An agent without a mouse. What is pressed and what is heard stands in `walker.transcript`."""

    def __init__(self, page: Page, counter: str, staff: Staff, locale: str) -> None:
        self.page, self.words, self.counter, self.staff = page, WORDS[locale], counter, staff
        self.language = LANGUAGES[locale]
        page.goto(f"{counter}/sign-in")
        self.walker = DeskWalker(page)

    def sign_in(self) -> None:
        """By the mailed link; then to the list, in their language."""
        known = {mail["id"] for mail in self.staff.read_mails(OWNER)}
        self.walker.write(self.words["email"], OWNER, "Enter")
        self.page.goto(self._wait_for_link(known))
        self.walker.arrive()
        self._press("button", self.words["enter"])
        self._press("link", "Ana")
        self._press("button", self.language)
        self.check()
        self.open_list()

    def open_list(self) -> None:
        """The conversations, with the live line to the server open."""
        self._wait_for_line()
        self._press("link", self.words["list"])
        self._wait_for_line()

    def open(self, words: str) -> None:
        """The conversation in whose line of the list these words stand."""
        self._press("link", words)
        self._wait_for_line()

    def take(self) -> None:
        """From now on it is theirs, and whose it is can be read at once."""
        self._act(self.words["take"], self.words["mine"])

    def resolve(self) -> None:
        """It is done."""
        self._act(self.words["resolve"], self.words["resolved"])

    def write(self, words: str) -> None:
        """Into the answer; nothing is sent yet."""
        self.walker.write(self.words["reply"], words)

    def send(self, heard: str) -> None:
        """By the button. Whether it was sent or refused: one writes on at once."""
        self.walker.press("button", self.words["send"])
        self.walker.hear(heard)
        expect(self.page.locator("#text")).to_be_focused()

    def keep_note(self, words: str) -> None:
        """A note for the team, which nobody but its people reads."""
        self.walker.press("DisclosureTriangle", self.words["note"])
        self.walker.write(self.words["note text"], words)
        self.walker.press("button", self.words["keep"])
        self.walker.hear(self.words["kept"], words)
        expect(self.page.locator("#note-box summary")).to_be_focused()

    def _act(self, name: str, heard: str) -> None:
        self.walker.press("button", name)
        self.walker.hear(heard)
        expect(self.page.locator("#talk-title")).to_be_focused()

    def _wait_for_line(self) -> None:
        """Until the page has its live line and knows who waits."""
        self.page.locator("#waiting [data-waiting]").wait_for(state="attached")

    def _press(self, role: str, name: str) -> None:
        """What leads to another page."""
        with self.page.expect_navigation():
            self.walker.press(role, name)
        self.walker.arrive()

    def _wait_for_link(self, known: set[int]) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            for mail in self.staff.read_mails(OWNER):
                if mail["id"] not in known:
                    found = re.search(r"https?://\S+/sign-in/[\w-]+", self.staff.open_mail(mail["id"])["text"])
                    if found:
                        return found[0]
            assert time.monotonic() < deadline, "No link was mailed."
            time.sleep(0.1)

    def check(self) -> None:
        """Nothing is wrong with the page for anybody, and the focus was seen wherever it has been."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
        assert self.walker.unseen == [], self.walker.unseen
