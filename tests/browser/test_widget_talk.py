"""The widget at work: help, chat and order through the stub, with every way a line can break."""

from __future__ import annotations

import re

import pytest
from guest_page import NOTHING_KEPT, checkout, focused, open_panel, read_storage, say, visit, wait_until
from playwright.sync_api import Locator, Page, expect
from widget_stub import PROOF, STORE, Stub

KEY = f"mostrador:{STORE}"


def read_kept(page: Page) -> dict[str, object]:
    kept = page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}') || '{{}}')")
    assert isinstance(kept, dict)
    return kept


def read_log(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".panel .log li .say").all_inner_texts()]


def test_a_shopper_finds_an_article_reads_it_and_comes_back_to_where_she_was(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page)
    expect(panel.locator(".row")).to_have_count(4 + 8)
    panel.get_by_role("button", name="¿Cuánto tarda en llegar mi pedido?").first.click()
    expect(panel.locator("article h3")).to_have_text("¿Cuánto tarda en llegar mi pedido?")
    assert focused(page) == "H3"
    expect(panel.locator("article li")).to_have_count(2)
    link = panel.locator("article a")
    assert link.get_attribute("href") == "https://carrier.example/entregas"
    assert link.get_attribute("target") == "_blank"
    assert link.get_attribute("rel") == "noopener noreferrer"
    panel.locator(".back").click()
    assert focused(page) == "row"
    assert (
        page.evaluate("document.querySelector('mostrador-widget').shadowRoot.activeElement.dataset.article")
        == "delivery-times"
    )


def test_a_search_without_accents_shows_titles_at_once_and_then_the_server_s_answer(
    page: Page, stub: Stub
) -> None:
    visit(page, stub)
    panel = open_panel(page)
    # All keys in one task, however slow the machine is: a pause between two of them would rightly be an end.
    panel.locator("input").evaluate(
        """(input, text) => {
            for (let end = 1; end <= text.length; end++) {
                input.value = text.slice(0, end)
                input.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}))
            }
        }""",
        "CUANTO cuesta el env",
    )
    expect(panel.locator(".row")).to_have_text(
        ["¿Cuánto tarda en llegar mi pedido?", "¿Cuánto cuesta el envío?"]
    )
    expect(panel.locator("[role=status]")).to_have_text("2 respuestas")
    asked = stub.asked("/search")
    assert len(asked) == 1, "typing is waited for"
    assert asked[0]["query"] == "q=CUANTO+cuesta+el+env&locale=es"


def test_when_the_search_cannot_answer_the_titles_at_hand_do(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page)
    stub.fail_next("/search", 503)
    panel.locator("input").fill("devolución")
    expect(panel.locator("[role=status]")).to_have_text("1 respuesta")
    expect(panel.locator(".row")).to_have_text(["¿Quién paga el envío de una devolución?"])


def test_a_question_without_an_answer_becomes_the_beginning_of_a_message(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page)
    panel.locator("input").fill("¿Tienen zapatos rojos?")
    panel.locator("input").press("Enter")
    expect(panel.locator("[role=status]")).to_have_text(
        "No hemos encontrado nada sobre «¿Tienen zapatos rojos?»."
    )
    panel.get_by_role("button", name="Pregúntanos").click()
    expect(panel.locator("textarea")).to_have_value("¿Tienen zapatos rojos?")
    assert focused(page) == "TEXTAREA"


def test_what_cannot_be_loaded_is_said_and_can_be_tried_again(page: Page, stub: Stub) -> None:
    visit(page, stub)
    stub.fail_next("/boot", 503)
    page.locator(".bubble").click()
    panel = page.locator(".panel")
    expect(panel.get_by_role("alert")).to_contain_text("No hemos podido cargarlo.")
    panel.get_by_role("button", name="Reintentar").click()
    stub.fail_next("/articles/payment-methods", 429)
    panel.locator(".row").first.click()
    expect(panel.get_by_role("alert")).to_contain_text("Espera un minuto")
    panel.get_by_role("button", name="Reintentar").click()
    expect(panel.locator("article h3")).to_have_text("¿Cómo puedo pagar?")


def test_a_bot_then_a_person_answer_and_each_message_is_there_once(page: Page, stub: Stub) -> None:
    visit(page, stub, proof=PROOF)
    page.evaluate(
        """document.addEventListener('mostrador:open', event => { event.target.dataset.basket = '125800 COP' })"""
    )
    panel = open_panel(page, "chat")
    expect(panel.locator(".welcome")).to_contain_text("asistente automático")
    assert read_storage(page) == NOTHING_KEPT
    say(page, "¿Cuánto tarda?")
    panel.locator(".bot").wait_for()
    expect(panel.locator(".shopper .when")).to_contain_text("Enviado")
    posted = stub.asked("/messages", "POST")
    assert len(posted) == 1
    body = posted[0]["body"]
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", body.pop("client_id")
    )
    assert body == {
        "text": "¿Cuánto tarda?",
        "locale": "es",
        "steps": ["payment"],
        "page": stub.shop + "/pago",
        "proof": PROOF,
        "basket": "125800 COP",
    }
    assert read_kept(page) == {"token": next(iter(stub.talks)), "seen": "2"}
    stub.wait_for_streams(1)
    panel.locator(".source").click()
    expect(panel.locator("article h3")).to_have_text("¿Cuánto tarda en llegar mi pedido?")
    panel.locator(".back").click()
    panel.get_by_role("button", name="Hablar con una persona").click()
    expect(panel.locator(".line")).to_have_text("Esperando a una persona del equipo…")
    stub.set_state(agent={"name": "Ana"})
    stub.say("agent", "Hola, soy Ana: https://carrier.example/t/1.", name="Ana")
    expect(panel.locator(".line")).to_have_text("Te atiende Ana")
    expect(panel.locator(".agent .who")).to_have_text("Ana")
    assert panel.locator(".agent a").get_attribute("href") == "https://carrier.example/t/1"
    say(page, "¡Gracias!")
    expect(panel.locator(".log li")).to_have_count(5)
    for request in stub.requests:
        assert "vt_" not in request["path"] + request["query"]
        assert PROOF not in request["path"] + request["query"]


def test_text_is_text_whoever_writes_it(page: Page, stub: Stub) -> None:
    visit(page, stub)
    open_panel(page, "chat")
    evil = '<img src=x onerror="document.title=1"><b>hola</b>'
    say(page, evil)
    page.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    stub.say("agent", evil + " javascript:alert(1)", name="<i>Ana</i>")
    tree = [
        {"tag": "script", "children": ["document.title=1"]},
        {"tag": "a", "href": "javascript:alert(1)", "children": ["un enlace"]},
        {"tag": "constructor", "children": ["raro"]},
    ]
    stub.say("bot", "x", body=tree)
    expect(page.locator(".panel .bot")).to_have_count(2)
    assert read_log(page)[0] == evil
    assert page.locator(".panel .log :is(img, b, i:not(.typing i), script, constructor)").count() == 0
    assert page.locator(".panel .bot").last.locator("a").count() == 0
    expect(page.locator(".panel .bot").last).to_contain_text("document.title=1un enlaceraro")
    assert page.title() == "Pago"


def test_asking_for_a_person_first_is_a_message_too(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    panel.locator(".welcome").get_by_role("button", name="Hablar con una persona").click()
    expect(panel.locator(".system")).to_have_count(1)
    assert [r["body"]["text"] for r in stub.asked("/messages", "POST")] == [
        "Quiero hablar con una persona, por favor."
    ]
    assert len(stub.asked("/conversation/hand-over", "POST")) == 1


def test_a_refused_message_says_why_and_goes_out_once_when_tried_again(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    stub.fail_next("/messages", 429)
    say(page, "hola")
    expect(panel.locator(".failed")).to_contain_text("Espera un minuto")
    assert read_kept(page)["unsent"]
    panel.get_by_role("button", name="Reintentar").click()
    panel.locator(".bot").wait_for()
    expect(panel.locator(".shopper")).to_have_count(1)
    first, second = (r["body"]["client_id"] for r in stub.asked("/messages", "POST"))
    assert first == second
    assert "unsent" not in read_kept(page)


def test_a_refused_message_can_be_taken_back_into_the_field(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    stub.fail_next("/messages", 500)
    say(page, "mi mensaje")
    panel.get_by_role("button", name="Descartar").click()
    expect(panel.locator("textarea")).to_have_value("mi mensaje")
    expect(panel.locator(".shopper")).to_have_count(0)


def test_a_message_whose_answer_was_lost_is_kept_once(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "uno")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    stub.set_state(status="open")
    stub.drop_next("/messages")
    say(page, "dos")
    expect(panel.locator(".shopper")).to_have_count(2)
    stub.say("agent", "listo", name="Ana")
    expect(panel.locator(".agent")).to_have_count(1)
    expect(panel.locator(".unsent, .failed, .sending")).to_have_count(0)
    assert [m["text"] for m in next(iter(stub.talks.values())).messages if m["author"] == "shopper"] == [
        "uno",
        "dos",
    ]


def test_offline_and_back_again_nothing_is_lost_and_nothing_doubled(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "antes")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    stub.set_state(status="open", agent={"name": "Ana"})
    page.context.set_offline(True)
    stub.down = True
    stub.cut_streams()
    say(page, "durante")
    expect(panel.locator(".failed")).to_contain_text("Sin conexión. Se enviará al volver.")
    stub.say("agent", "mientras", name="Ana")
    expect(panel.locator(".line")).to_have_text("Sin conexión. Volviendo a conectar…")
    stub.down = False
    page.context.set_offline(False)
    expect(panel.locator(".line")).to_have_text("Te atiende Ana")
    expect(panel.locator(".failed")).to_have_count(0)
    stub.say("agent", "después", name="Ana")
    expect(panel.locator(".agent")).to_have_count(2)
    log = read_log(page)
    assert [log[0], *log[2:]] == ["antes", "mientras", "durante", "después"]


def test_when_the_server_hangs_up_the_widget_comes_back_to_where_it_was(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    stub.down = True  # it would be back before a busy machine has said anything
    stub.cut_streams()
    stub.wait_for_streams(0)
    stub.say("agent", "uno", name="Ana")
    stub.down = False
    stub.wait_for_streams(1)
    stub.say("agent", "dos", name="Ana")
    expect(panel.locator(".agent")).to_have_count(2)
    headers = [r["headers"] for r in stub.asked("/stream")]
    assert [h["Last-Event-ID"] for h in headers] == ["cv_7d1e:2", "cv_7d1e:3"]
    assert all(h["Authorization"].startswith("Bearer vt_") for h in headers)


def test_the_line_is_hung_up_when_the_panel_closes_or_the_tab_is_hidden(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += "document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    stub.wait_for_streams(0)
    page.evaluate(hide, False)
    stub.wait_for_streams(1)
    page.keyboard.press("Escape")
    stub.wait_for_streams(0)
    stub.say("agent", "¿hola?", name="Ana")
    page.locator(".bubble").click()
    expect(panel.locator(".agent")).to_have_count(1)
    stub.wait_for_streams(1)


def test_draft_history_and_what_was_not_sent_survive_a_reload(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    stub.fail_next("/messages", 500)
    say(page, "no sale")
    panel.locator(".failed").wait_for()
    panel.locator("textarea").fill("a medias")
    stub.requests.clear()
    page.reload()
    page.wait_for_function("document.querySelector('mostrador-widget')?.shadowRoot.querySelector('.news')")
    wait_until(page, lambda: bool(stub.asked("/conversation")))
    page.wait_for_timeout(300)  # for what should not come
    paths = [re.sub("[0-9a-f]{12}", "HASH", r["path"]) for r in stub.requests]
    asked = [path for path in paths if path != "/widget/loader.js"]  # the browser may still have it
    assert asked == ["/pago", "/widget/HASH/watch.js", "/api/widget/v1/conversation"], (
        "before the panel is opened again only whether there is an answer"
    )
    panel = open_panel(page, "chat")
    expect(panel.locator("textarea")).to_have_value("a medias")
    expect(panel.locator(".bot")).to_have_count(1)
    expect(panel.locator(".failed")).to_contain_text("No se ha enviado.")
    panel.locator(".failed").get_by_role("button", name="Reintentar").click()
    expect(panel.locator(".shopper .say")).to_have_text(["hola", "no sale"])
    expect(panel.locator(".failed")).to_have_count(0)


def test_a_token_that_is_no_longer_known_is_forgotten_and_the_message_still_arrives(
    page: Page, stub: Stub
) -> None:
    visit(page, stub)
    page.evaluate(f"localStorage.setItem('{KEY}', JSON.stringify({{token: 'vt_old'}}))")
    panel = open_panel(page, "chat")
    expect(panel.locator(".welcome")).to_be_visible()
    assert read_kept(page) == {}
    page.evaluate(f"localStorage.setItem('{KEY}', JSON.stringify({{token: 'vt_older'}}))")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    expect(panel.locator(".shopper")).to_have_count(1)
    assert read_kept(page) == {"token": next(iter(stub.talks)), "seen": "2"}


def test_two_quick_messages_make_one_conversation(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "uno")
    say(page, "dos")
    expect(panel.locator(".bot")).to_have_count(2)
    assert len(stub.talks) == 1
    assert [r["body"]["text"] for r in stub.asked("/messages", "POST")] == ["uno", "dos"]


def test_without_storage_the_chat_works_as_long_as_the_page_lives(page: Page, stub: Stub) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "uno")
    panel.locator(".bot").wait_for()
    say(page, "dos")
    expect(panel.locator(".shopper")).to_have_count(2)
    assert len(stub.talks) == 1


def test_enter_sends_shift_enter_does_not_and_neither_does_a_word_being_composed(
    page: Page, stub: Stub
) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    field = panel.locator("textarea")
    field.press_sequentially("uno")
    field.press("Shift+Enter")
    field.press_sequentially("dos")
    field.evaluate(
        """e => e.dispatchEvent(new KeyboardEvent('keydown',
          {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert stub.asked("/messages", "POST") == []
    field.press("Enter")
    panel.locator(".bot").wait_for()
    assert stub.asked("/messages", "POST")[0]["body"]["text"] == "uno\ndos"
    expect(field).to_have_value("")
    field.press("Enter")
    assert len(stub.asked("/messages", "POST")) == 1, "an empty message is none"


def test_the_log_keeps_its_elements_and_is_silent_about_history(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    log = panel.get_by_role("log", name="Conversación")
    assert log.evaluate("e => e.tagName") == "DIV"
    say(page, "uno")
    log.locator(".shopper").evaluate("e => { e.marked = true }")
    panel.locator(".bot").wait_for()
    assert log.locator(".shopper").evaluate("e => e.marked === true"), (
        "a message is announced once, so its element stays"
    )
    expect(log).to_have_attribute("aria-live", "polite")


def is_at_end(log: Locator) -> bool:
    return bool(log.evaluate("e => Math.round(e.scrollHeight - e.scrollTop - e.clientHeight) <= 2"))


def test_new_messages_do_not_move_what_is_being_read(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    for n in range(30):
        stub.say("agent", f"mensaje {n}", name="Ana")
    expect(panel.locator(".agent")).to_have_count(30)
    log = panel.locator(".log")
    wait_until(page, lambda: is_at_end(log))  # messages get their true heights a moment later
    assert is_at_end(log)
    stub.say("agent", "el último", name="Ana")
    expect(panel.locator(".agent")).to_have_count(31)
    log.evaluate("e => { e.scrollTop = 0 }")
    log.evaluate("() => new Promise(done => setTimeout(() => requestAnimationFrame(done), 100))")
    assert log.evaluate("e => e.scrollTop") == 0, (
        "who scrolls up right after a message is not pulled down again"
    )
    stub.say("agent", "otro", name="Ana")
    panel.locator(".newer").click()
    expect(panel.locator(".newer")).to_have_count(0)
    wait_until(page, lambda: is_at_end(log))
    assert is_at_end(log)


def test_with_a_proof_the_order_s_state_is_there_status_first(page: Page, stub: Stub) -> None:
    visit(page, stub, proof=PROOF)
    panel = open_panel(page)
    expect(panel.locator(".card")).to_have_text("En caminoPedido 1042")
    panel.locator(".card").click()
    assert focused(page) == "status"
    expect(panel.locator(".status")).to_have_text("En camino")
    expect(panel.locator("dd").first).to_have_text("Pagado")
    expect(panel.locator(".parcel")).to_have_count(2)
    link = panel.locator(".parcel a")
    expect(link).to_have_count(1)
    assert link.get_attribute("href") == "https://carrier.example/t/2190045512"
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    expect(panel.locator(".story").last.locator("li")).to_have_count(3)
    asked = stub.asked("/order", "POST")
    assert [r["body"] for r in asked] == [{"proof": PROOF}]


def test_a_proof_that_proves_nothing_shows_no_order(page: Page, stub: Stub) -> None:
    visit(page, stub, proof="forged")
    panel = open_panel(page)
    panel.locator(".row").first.wait_for()
    expect(panel.locator("#order")).to_have_count(0)
    expect(panel.locator(".card")).to_have_count(0)


def test_availability_is_told_as_it_is(page: Page, stub: Stub) -> None:
    stub.boot["available"] = False
    visit(page, stub)
    panel = open_panel(page, "chat")
    expect(panel.locator(".head .quiet")).to_have_text("Ahora no hay nadie atendiendo")
    expect(panel.locator(".welcome")).to_contain_text("te contestará aquí en cuanto volvamos")
    assert panel.locator(".faces").count() == 0
    assert (
        panel.get_by_role("link", name="Cómo cuidamos tus datos").get_attribute("href")
        == stub.boot["privacy_url"]
    )


@pytest.mark.parametrize(
    ("lang", "locale", "word"),
    [("pt-BR", "", "Ajuda"), ("en", "", "Help"), ("fr", "es-MX", "Ayuda"), ("de", "", "Help")],
)
def test_it_speaks_the_page_s_language(page: Page, stub: Stub, lang: str, locale: str, word: str) -> None:
    visit(page, stub, checkout(stub.tag(locale=locale), lang=lang))
    expect(page.get_by_role("button", name=word)).to_be_visible()
    panel = open_panel(page)
    expect(panel.locator("#help")).to_have_text(word)
    chosen = {"Ayuda": "es", "Help": "en", "Ajuda": "pt"}[word]
    assert stub.asked("/boot")[0]["query"].startswith(f"locale={chosen}&")
    assert len(stub.asked(f"/locales/{chosen}.json")) == 1
