"""The help hub as shoppers use it, without JavaScript: searching, an order by its code, a message, one's requests, a
reply, how it was, an article judged; accessible, fitting the smallest phone, light and dark, by keyboard alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from test_desk_pages import serve

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter
from hub_house import EMAIL, NUMBER, add_hub, mailed_code, read_mail
from test_shopper_pages import faults

from plugin.care import Agent, reply
from plugin.contract import OrderStatus
from plugin.help import read_counts
from plugin.stores import StoreRow
from plugin.testing.factories import make_shipment
from plugin.testing.servers import find_free_port

ARTICLE = "how-to-return"
VIEWS = (("es", 320, "light"), ("en", 1280, "dark"), ("pt", 390, "dark"), ("es", 390, "light"))
WORDS: dict[str, dict[str, str]] = {
    "es": {"order": "¿Dónde está mi pedido?", "number": "Número de pedido", "mail": "Correo electrónico del pedido",
           "code": "Código de seis cifras", "show": "Ver mi pedido", "send code": "Enviarme el código",
           "write": "Escríbenos", "message": "Tu mensaje", "email": "Tu correo electrónico", "send": "Enviar",
           "requests": "Mis consultas", "wrote with": "El correo electrónico con el que escribiste",
           "send link": "Enviarme el enlace", "open": "Abrir mis consultas", "answer": "Tu respuesta",
           "leave": "Salir en este dispositivo", "here": "Gracias por escribirnos", "way": "En camino"},
    "en": {"order": "Where is my order?", "number": "Order number", "mail": "E-mail address of the order",
           "code": "Code of six digits", "show": "Show my order", "send code": "Send me the code",
           "write": "Write to us", "message": "Your message", "email": "Your e-mail address", "send": "Send",
           "requests": "My requests", "wrote with": "The e-mail address that you wrote with",
           "send link": "Send me the link", "open": "Open my requests", "answer": "Your answer",
           "leave": "Leave on this device", "here": "Thank you for writing to us", "way": "On its way"},
    "pt": {"order": "Onde está meu pedido?", "number": "Número do pedido", "mail": "E-mail do pedido",
           "code": "Código de seis dígitos", "show": "Ver meu pedido", "send code": "Receber o código",
           "write": "Escreva para nós", "message": "Sua mensagem", "email": "Seu e-mail", "send": "Enviar",
           "requests": "Minhas solicitações", "wrote with": "O e-mail com que você escreveu",
           "send link": "Receber o link", "open": "Abrir minhas solicitações", "answer": "Sua resposta",
           "leave": "Sair neste aparelho", "here": "Obrigado por escrever para nós", "way": "A caminho"},
}  # fmt: skip


@dataclass
class Place:
    """A counter that browsers reach, and its store."""

    counter: Counter
    store: StoreRow
    base: str

    def hub(self, locale: str, page: str = "") -> str:
        return f"{self.base}/help/{self.store.public_id}/{locale}/{page}"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter:
        store = add_hub(counter, accent="#a8431e", locale="es_CO")
        parcel = make_shipment(tracking_url="https://carrier.example/ES123")
        counter.add_order(store, parcel, status=OrderStatus.processing, locale="es_CO")
        with serve(counter, port):
            yield Place(counter, store, base)


class Looked:
    """A shopper's browser, and what was wrong with the pages it saw."""

    def __init__(self, browser: Browser, locale: str, width: int, scheme: str, scripts: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light",
            locale=locale, java_script_enabled=scripts,
        )  # fmt: skip
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.scripts, self.found, self.asked = scripts, list[str](), list[str]()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: self._hear(said.text))

    def _hear(self, words: str) -> None:
        if "status of 4" not in words:
            self.found.append(f"console: {words}")

    def look(self, name: str) -> None:
        if self.scripts:
            self.found += faults(self.page, name)

    def press(self, name: str) -> None:
        """Every button of these pages leads to a page; it is there afterwards."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """The same for a link."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def close(self) -> None:
        self.context.close()


def find_order(place: Place, look: Looked, locale: str) -> None:
    words, page = WORDS[locale], look.page
    page.goto(place.hub(locale))
    look.look("hub")
    look.follow(words["order"])
    page.get_by_label(words["number"]).fill("x" * 30)
    page.get_by_label(words["mail"]).fill("a@b")
    look.press(words["send code"])
    look.look("order refused")
    page.get_by_label(words["number"]).fill(NUMBER)
    page.get_by_label(words["mail"]).fill(EMAIL)
    look.press(words["send code"])
    look.look("code")
    code = mailed_code(place.counter)
    page.get_by_label(words["code"]).fill(f"{(int(code) + 1) % 10**6:06d}")
    look.press(words["show"])
    look.look("code refused")
    page.get_by_label(words["code"]).fill(code)
    look.press(words["show"])
    assert page.get_by_role("heading", level=1).inner_text() == words["way"]
    look.look("opened")


def write(place: Place, look: Looked, locale: str) -> str:
    words, page = WORDS[locale], look.page
    page.goto(place.hub(locale))
    look.follow(words["write"])
    look.look("contact")
    page.get_by_label(words["message"]).fill("¿Hacéis envíos a Cali?\n<b>Gracias</b>")
    page.get_by_label(words["email"]).fill("a@b")
    look.press(words["send"])
    look.look("contact refused")
    assert page.get_by_label(words["message"]).input_value() == "¿Hacéis envíos a Cali?\n<b>Gracias</b>"
    page.get_by_label(words["email"]).fill(EMAIL)
    look.press(words["send"])
    assert page.get_by_role("heading", level=1).inner_text() == words["here"]
    look.look("sent")
    return page.locator(".reference").inner_text()


def say_helped(place: Place, look: Looked, locale: str) -> None:
    """Follows a link of the hub to an article, and says that it did not help."""
    page = look.page
    page.goto(place.hub(locale))
    with page.expect_navigation():
        page.locator(f'a[href$="/{ARTICLE}"]').first.click()
    look.look("article")
    with page.expect_navigation():
        page.locator("#helped button[value=no]").click()
    assert page.url == place.hub(locale, f"{ARTICLE}?said=no#helped")
    assert page.get_by_role("status").count() == 1 and page.locator("#helped button").count() == 0
    look.look("not helped")


def rate_talk(look: Looked) -> None:
    """On the page of a talk that was answered: rates it, and changes that."""
    page = look.page
    for score in ("5", "4"):
        if page.locator("#rating summary").count():
            page.locator("#rating summary").click()
        page.locator(f"#rating input[value='{score}']").check()
        page.locator("#rating textarea").fill("<b>Bien</b>")
        with page.expect_navigation():
            page.locator("#rating button").click()
        assert page.url.endswith("?rated=1#rating") and page.locator("#rating [role=status]").count() == 1
        assert page.locator("#rating input:checked").get_attribute("value") == score
        look.look("rated")
    page.locator("#rating summary").click()
    look.look("to change")


def read_requests(place: Place, look: Looked, locale: str, reference: str) -> None:
    words, page, counter = WORDS[locale], look.page, place.counter
    counter.clock.advance(25 * 3600)
    counter.run_jobs()
    page.goto(place.hub(locale, "requests"))
    look.look("ask")
    page.get_by_label(words["wrote with"]).fill(EMAIL)
    look.press(words["send link"])
    look.look("asked")
    counter.clock.advance(5)
    counter.run_jobs()
    [path] = set(re.findall(r"(/c/[\w.-]+)", read_mail(counter)))
    page.goto(place.base + path)
    look.look("link")
    look.press(words["open"])
    look.look("requests")
    look.follow(reference)
    talk = page.url.rpartition("/")[2]
    reply(counter.house.doors.care, place.store.id, talk, Agent(1, "Ana"), "Sí, a toda Colombia.", "a" * 36)
    page.reload()
    assert "Sí, a toda Colombia." in page.locator(".talk").inner_text()
    look.look("talk")
    rate_talk(look)
    page.get_by_label(words["answer"]).fill("¡Gracias, Ana!")
    look.press(words["send"])
    assert "¡Gracias, Ana!" in page.locator(".talk li").all_inner_texts()[-1]
    look.look("replied")
    look.follow(words["requests"])
    look.press(words["leave"])
    assert page.get_by_label(words["wrote with"]).count() == 1


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_page_of_the_way_is_accessible_and_fits(
    place: Place, browser: Browser, view: tuple[str, int, str]
) -> None:
    locale, width, scheme = view
    look = Looked(browser, locale, width, scheme)
    find_order(place, look, locale)
    reference = write(place, look, locale)
    read_requests(place, look, locale, reference)
    say_helped(place, look, locale)
    look.page.goto(place.hub(locale) + "?q=devolver")
    look.look("search")
    look.page.goto(place.hub(locale) + "?q=xyzzy")
    look.look("nothing found")
    assert look.found == []
    look.close()


def test_the_whole_of_it_works_without_javascript_and_asks_nobody_else(place: Place, browser: Browser) -> None:
    look = Looked(browser, "es", 390, "light", scripts=False)
    look.page.goto(place.hub("es"))
    look.page.get_by_label("Busca entre las respuestas").fill("devolver algo")
    look.press("Buscar")
    look.follow("¿Cómo devuelvo o cambio un producto?")
    assert look.page.get_by_role("heading", level=1).inner_text() == "¿Cómo devuelvo o cambio un producto?"
    find_order(place, look, "es")
    reference = write(place, look, "es")
    read_requests(place, look, "es", reference)
    say_helped(place, look, "es")
    assert look.asked and all(url.startswith(place.base) for url in look.asked)
    look.close()


def test_an_article_that_a_person_opened_and_judged_counts_once(place: Place, browser: Browser) -> None:
    look = Looked(browser, "es", 1280, "light")
    for _ in range(2):
        say_helped(place, look, "es")
        look.page.goto(place.hub("es", ARTICLE))
    with place.counter.db.reading(place.store.id) as tx:
        counted = {(one.article_id, one.kind): one.count for one in read_counts(tx, place.store.id, date(2026, 1, 1))}
    assert counted == {(ARTICLE, "opened"): 1, (ARTICLE, "not_helped"): 1}
    look.close()


def tab_to(page: Page, name: str) -> None:
    """Goes on with the keyboard until what has the focus is called so."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused: Any = page.evaluate(
            "(() => { const e = document.activeElement;"
            " return [e.labels?.[0]?.innerText ?? e.innerText ?? '', getComputedStyle(e).outlineStyle] })()"
        )
        if str(focused[0]).strip().startswith(name):
            assert focused[1] != "none", name
            return
    raise AssertionError(f"The keyboard does not reach {name!r}.")


def test_the_keyboard_alone_finds_the_order_and_writes(place: Place, page: Page) -> None:
    page.goto(place.hub("es"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "¿Dónde está mi pedido?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/order")
    tab_to(page, "Número de pedido")
    page.keyboard.type(NUMBER)
    tab_to(page, "Correo electrónico del pedido")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    page.wait_for_selector("#code")
    page.wait_for_load_state()
    tab_to(page, "Código de seis cifras")
    page.keyboard.type(mailed_code(place.counter))
    page.keyboard.press("Enter")
    page.wait_for_url("**/order/code")
    tab_to(page, "Escríbenos")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact")
    tab_to(page, "Tu mensaje")
    page.keyboard.type("Hola")
    tab_to(page, "Tu correo electrónico")
    page.keyboard.type(EMAIL)
    tab_to(page, "Enviar")
    page.keyboard.press("Enter")
    page.wait_for_selector(".reference")


def test_no_person_meets_the_field_for_machines(place: Place, page: Page) -> None:
    page.goto(place.hub("es", "contact"))
    assert page.get_by_role("textbox").count() == 4
    box = page.locator("#website").bounding_box()
    assert box is not None and box["x"] + box["width"] < 0
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert "website" not in reached and {"text", "email", "name", "number"} <= reached


def test_printed_the_order_is_on_the_paper_and_no_buttons(place: Place, page: Page) -> None:
    page.goto(place.hub("es", "order"))
    page.fill("#number", NUMBER)
    page.fill("#email", EMAIL)
    with page.expect_navigation():
        page.click("main button")
    page.fill("#code", mailed_code(place.counter))
    with page.expect_navigation():
        page.click("form[action$='/code'] button")
    page.emulate_media(media="print")
    assert page.get_by_text("ES123").is_visible() and page.get_by_text("25,00").first.is_visible()
    assert [one.is_visible() for one in page.locator(".button, .top, footer").all()].count(True) == 0
