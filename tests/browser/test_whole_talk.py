"""The whole talk by keys alone, on both sides, in Spanish and in English: an article, the bot, a wish for a person, the
agent's answer, the shop left, the answer by mail, back by its link, and the rating. Axe finds nothing on the way, and
what the shopper's and the agent's screen readers are told stands in tests/data/announcements, word by word and in
order.

After a change that is meant, `WRITE_ANNOUNCEMENTS=1` writes those files anew; read what changed.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from purchase import DESKTOP, PHONE, Shopper, Staff, Watch
from walked import PATIENCE, Walker
from walked_desk import WalkingAgent

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("whole-talk")

NewShopper = Callable[..., Shopper]
NewAgent = Callable[[str], WalkingAgent]
TOLD = Path(__file__).parents[1] / "data" / "announcements"
LOOKS: dict[str, dict[str, Any]] = {"es": PHONE, "en": DESKTOP}
WORDS: dict[str, dict[str, str]] = {
    "es": {
        "help": "Ayuda", "article": "¿Cómo puedo pagar?", "back": "Volver", "chat": "Chat",
        "write": "Escribe tu mensaje", "ask": "¿Cuánto tarda el envío?", "answered": "laborables",
        "bot": "Te responde el asistente automático", "sending": "Enviando…", "waiting": "Esperando a una persona",
        "told": "Hemos avisado al equipo", "joined": "Ana se ha unido", "typing": "Ana está escribiendo",
        "person": "Hablar con una persona", "with": "Te atiende Ana", "hello": "Hola, soy Ana: lo miro ahora mismo.",
        "by mail": "¿Te respondemos también por correo?", "email": "Tu correo",
        "more": "Es para un regalo.", "later": "Tu taza sale mañana por la mañana.", "open": "Abrir la conversación",
        "reply": "Tu respuesta", "send": "Enviar", "thanks": "Muchas gracias, Ana.", "closed": "Conversación cerrada",
        "star": "1 de 5", "rate": "Enviar valoración", "rated": "5 de 5",
    },
    "en": {
        "help": "Help", "article": "How can I pay?", "back": "Back", "chat": "Chat",
        "write": "Write your message", "ask": "How long does delivery take?", "answered": "working days",
        "bot": "The automatic assistant is answering", "sending": "Sending…", "waiting": "Waiting for a person",
        "told": "We have told the team", "joined": "Ana has joined", "typing": "Ana is writing",
        "person": "Talk to a person", "with": "Ana is helping you", "hello": "Hello, I am Ana: one moment, please.",
        "by mail": "Shall we answer by e-mail too?", "email": "Your e-mail",
        "more": "It is a present.", "later": "Your cup leaves tomorrow morning.", "open": "Open the conversation",
        "reply": "Your answer", "send": "Send", "thanks": "Thank you very much, Ana.", "closed": "Conversation closed",
        "star": "1 of 5", "rate": "Send rating", "rated": "5 of 5",
    },
}  # fmt: skip


def wait_for_link(staff: Staff, email: str, words: str) -> str:
    """The link in the mail that holds the agent's words."""
    deadline = time.monotonic() + PATIENCE
    while True:
        for mail in staff.read_mails(email):
            whole = staff.open_mail(mail["id"])
            if words in whole["text"]:
                assert re.search(r"Ana · Barro y Sol", str(whole["headers"])), whole["headers"]
                found = re.search(r"https?://\S+/c/[\w.~-]+", whole["text"])
                assert found, whole["text"]
                return found[0]
        assert time.monotonic() < deadline, "The answer was not mailed."
        time.sleep(0.2)


@pytest.fixture
def new_agent(browser: Browser, demo: Demo) -> Iterator[Callable[[str], WalkingAgent]]:
    """Makes an agent at the sign-in form, on whose pages nothing goes wrong."""
    watch = Watch(demo.counter)

    def make(locale: str) -> WalkingAgent:
        context = browser.new_context(locale=locale, reduced_motion="reduce", **DESKTOP)
        watch.follow(context)
        return WalkingAgent(context.new_page(), demo.counter, Staff(demo), locale)

    yield make
    assert [one for one in watch.faults if "422" not in one] == []  # an answer that is not for sending yet


@pytest.mark.parametrize("locale", WORDS)
def test_the_whole_talk_by_keys_alone_and_all_that_is_announced(
    new_shopper: NewShopper, new_agent: NewAgent, demo: Demo, locale: str
) -> None:
    agent = new_agent(locale)
    said = agent.words
    agent.sign_in()
    words, email, staff = WORDS[locale], f"walker-{locale}@example.com", Staff(demo)
    shopper = new_shopper(LOOKS[locale], email=email)
    page, panel = shopper.page, shopper.panel

    def check(view: str) -> None:
        assert shopper.list_faults(view) == []

    page.goto(f"{demo.shop}/{locale}/")
    shopper.wait_for_widget()
    walker = Walker(page, passing=(words["sending"],))
    walker.press("button", words["help"])
    panel.locator(".row").first.wait_for()
    check("help")
    walker.press("button", words["article"])
    panel.locator("article h3").wait_for()
    check("article")
    walker.press("button", words["back"])

    walker.reach("tab", words["help"])
    walker.reach("tab", words["chat"], "ArrowRight")
    walker.write(words["write"], words["ask"], "Enter")
    walker.hear(words["bot"], words["ask"], words["answered"])
    check("bot")
    walker.press("DisclosureTriangle", words["by mail"])
    walker.write(words["email"], email, "Enter")
    expect(panel.locator(".left")).to_be_focused()
    check("address")

    walker.press("button", words["person"])
    walker.hear(words["waiting"], words["told"])
    agent.walker.hear(said["new"])
    agent.open(said["waits"])
    agent.take()
    walker.hear(words["with"], words["joined"])
    agent.write("{date} ")
    agent.send(said["left"])
    agent.page.keyboard.press("Control+a")
    agent.write(words["hello"])
    walker.hear(words["typing"])
    agent.send(words["hello"])
    walker.hear(words["hello"])
    agent.check()
    check("agent")
    walker.write(words["write"], words["more"])
    agent.walker.hear(said["typing"])
    page.keyboard.press("Enter")
    walker.hear(words["more"])
    agent.walker.hear(words["more"])
    agent.keep_note(said["private"])

    page.goto("about:blank")
    agent.walker.hear(said["closed"])
    agent.write(words["later"])
    agent.page.keyboard.press("Control+Enter")
    agent.walker.hear(words["later"])
    agent.check()
    agent.page.goto("about:blank")  # the agent leaves too
    link = wait_for_link(staff, email, words["later"])

    page.goto(link)
    walker.arrive()
    check("link")
    walker.press("button", words["open"])
    page.wait_for_url("**/requests/cv_*")
    walker.arrive()
    expect(page.locator("main")).to_contain_text(words["later"])
    check("talk by the link")
    walker.write(words["reply"], words["thanks"])
    walker.press("button", words["send"])
    page.wait_for_url("**sent=1**")
    walker.arrive()
    check("answered by the link")

    agent.page.goto(demo.desk)
    agent.walker.arrive()
    agent.open_list()
    agent.open(words["thanks"])
    agent.resolve()
    agent.check()

    page.goto(f"{demo.shop}/{locale}/")
    shopper.wait_for_widget()
    walker.arrive()
    walker.press("button", words["help"])
    walker.hear(words["closed"])
    expect(panel.locator(".shopper .say")).to_have_text([words["ask"], words["more"], words["thanks"]])
    expect(panel.locator(".agent .say")).to_have_text([words["hello"], words["later"]])
    check("closed")
    walker.press("radio", words["star"], "Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    walker.press("button", words["rate"])
    expect(panel.locator(".rated")).to_contain_text(words["rated"])
    expect(panel.locator(".rated")).to_be_focused()
    check("rated")
    compare(walker.transcript, f"whole_talk.{locale}")
    compare(agent.walker.transcript, f"whole_talk_desk.{locale}")


def compare(transcript: list[str], name: str) -> None:
    path, told = TOLD / f"{name}.txt", "\n".join(transcript) + "\n"
    if os.environ.get("WRITE_ANNOUNCEMENTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")
