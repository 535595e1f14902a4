"""The help hub with payloads in its search, in every field of its forms, in an order, in a talk and in its rating."""

from __future__ import annotations

from payload_scene import EMAIL, NUMBER, Scene, join, pack, turn  # isort: skip  (it opens the folder of the flows)
from hub_house import mailed_code, mint_link
from payload_tried import Tried, fill_in, list_missing, sign_in
from payloads import in_path, squash
from playwright.sync_api import Frame, Page

from plugin.care import ConversationRow
from plugin.web.hub import LONGEST_SEARCH

SHORT = 30
"""Signs that each field surely shows of what was typed into it."""


def look_at_the_hub(tried: Tried) -> None:
    page, scene = tried.alarm.new_page(), tried.scene
    hub = f"{scene.base}/help/{scene.store.public_id}/es/"
    for some in pack(scene.payloads[::2], LONGEST_SEARCH):
        assert list_missing(tried.open(page, f"{hub}?q={in_path(*some)}"), some) == []
    ask_for_the_order(tried, page, hub)
    write_a_message(tried, page, hub)
    write_in_a_frame(tried, page)
    shown = tried.open(page, f"{hub}data")
    assert list_missing(shown, scene.payloads[:3]) == [] and squash(scene.contact_email()) in squash(shown)
    go_on_with_the_talk(tried, page, hub)
    name = in_path(*scene.payloads[6:8])
    for path in (f"{hub}requests/{name}", f"{scene.base}/c/{name}", f"{hub}order?number={name}&email={name}"):
        tried.open(page, path)
    page.close()


def send(tried: Tried, page: Page | Frame, form: str, what: str, /, **fields: str) -> str:
    """What is shown once the form is sent with these words, whatever kind of field they are typed into or chosen in."""
    page.evaluate(
        """([which, fields]) => {
          const form = document.querySelector(which)
          for (const [name, text] of Object.entries(fields)) {
            const found = form.elements[name]
            if (found.tagName === 'SELECT') found.add(new Option(text, text))
            const field = found instanceof RadioNodeList ? found[0] : found
            if (field.type === 'radio') field.checked = true
            else if (field.tagName === 'INPUT') field.type = 'text'
            field.removeAttribute('maxlength')
            field.value = text
          }
        }""",
        [form, fields],
    )
    with page.expect_navigation():
        page.evaluate("which => HTMLFormElement.prototype.submit.call(document.querySelector(which))", form)
    # What is no number is in the attribute of a field for numbers, and in no value.
    typed = page.locator("input, textarea").evaluate_all(
        "all => all.map(one => one.value || one.getAttribute('value')).join(' ')"
    )
    return f"{tried.look(page, what)} {typed}"


def ask_for_the_order(tried: Tried, page: Page, hub: str) -> None:
    """Refused, asked for in vain, and opened: with all that its platform told of it."""
    form, code = f"form[action='{path_of(hub)}order']", f"form[action='{path_of(hub)}order/code']"
    tried.open(page, f"{hub}order")
    for at, some in enumerate(pack(tried.scene.payloads[::6], 160)):
        one, words = some[0], join(some)
        shown = send(tried, page, form, "order refused", number=words, email=words)
        assert list_missing(shown, some) == [], "what was typed is still there"
        if at % 2 == 0:
            number = one.text[:60]
            shown = send(tried, page, form, "code", number=number, email=f"a{at}@example.com")
            send(tried, page, code, "code refused", number=number, email=words, code=words, handle=words,
                 client_id=words)  # fmt: skip
            page.goto(f"{hub}order")
    tried.open(page, f"{hub}order")
    send(tried, page, form, "code", number=NUMBER, email=EMAIL)
    shown = send(tried, page, code, "opened", code=mailed_code(tried.scene.counter))
    assert list_missing(shown, tried.scene.payloads) == []


def write_a_message(tried: Tried, page: Page, hub: str) -> None:
    """Every field refused with what was typed, then kept."""
    form, payloads = f"form[action='{path_of(hub)}contact']", tried.scene.payloads
    shown = tried.open(page, f"{hub}contact")
    assert squash(tried.scene.contact_email()) in squash(shown)
    for at in range(0, len(payloads), 40):
        some = turn(payloads, at)[:8]
        one, two, three, four = (join(some[place::4]) for place in range(4))
        typed = {"text": one, "email": two, "name": three, "number": four}
        shown = send(tried, page, form, "contact refused", **typed, consent=one, client_id=two)
        assert list_missing(shown, some) == []
    words = join(payloads, 3900)
    tried.open(page, f"{hub}contact")
    fields = {"text": words, "email": EMAIL, "name": payloads[0].text[:80], "number": payloads[1].text[:60]}
    assert "M-" in send(tried, page, form, "sent", **fields)


def write_in_a_frame(tried: Tried, page: Page) -> None:
    """The same form as a page of the shop frames it."""
    scene, payloads = tried.scene, tried.scene.payloads
    path = f"/help/{scene.store.public_id}/es/contact/form"
    tried.shop.pages["/contacto"] = f'<!doctype html><h1>Contacto</h1><iframe src="{scene.base}{path}"></iframe>'
    page.goto(f"{tried.shop.origin}/contacto")
    frame, form = page.frames[1], f"form[action='{path}']"
    one, two, three, four = turn(payloads, 20)[:4]
    shown = send(tried, frame, form, "frame refused", text=one.text, email=two.text, name=three.text, number=four.text)
    assert list_missing(shown, [one, two, three, four]) == []
    fields = {"text": join(payloads, 3900), "email": EMAIL, "name": one.text[:80], "number": two.text[:60]}
    assert "M-" in send(tried, frame, form, "sent from the frame", **fields)


def rate_the_talk(tried: Tried, page: Page, path: str) -> None:
    """Refused with the comment still there, then kept: the desk shows it beside the talk."""
    form, words = f"form[action='{path}/rating']", turn(tried.scene.payloads, 40)
    shown = send(tried, page, form, "rating refused", score=words[0].text, comment=words[1].text)
    assert list_missing(shown, words[1:2]) == []
    said = join(words, 900)
    assert "rated" not in page.url
    send(tried, page, form, "rated", score="2", comment=said)
    assert "rated=1" in page.url
    desk = sign_in(tried)
    for place in ("conversations/{talk}", "conversations/{talk}/about"):
        assert squash(said) in squash(tried.open(desk, fill_in(tried, place))), place
    desk.close()


def go_on_with_the_talk(tried: Tried, page: Page, hub: str) -> None:
    """The list and the talk behind a mailed link, with all that a shopper and an agent wrote; and a reply."""
    scene = tried.scene
    give_address(scene)
    tried.open(page, f"{scene.base}/c/{mint_link(scene.counter, scene.store)}")
    with page.expect_navigation():
        page.locator("main button").click()
    listed = tried.look(page, "requests")
    assert list_missing(listed, scene.payloads[:1], SHORT) == [], "the first words of the talk"
    shown = tried.open(page, f"{hub}requests/{scene.talk}")
    assert list_missing(shown, scene.payloads) == []
    path = f"{path_of(hub)}requests/{scene.talk}"
    rate_the_talk(tried, page, path)
    form = f"form[action='{path}']"
    for some in pack(scene.payloads[::12], 160):
        words = join(some)
        assert list_missing(send(tried, page, form, "replied", text=words, client_id=words), some) == []
    tried.open(page, f"{hub}requests/{scene.asked}")
    tried.open(page, f"{hub}requests")
    with page.expect_navigation():
        page.locator("form[action$='/leave'] button").click()
    shown = send(tried, page, f"form[action='{path_of(hub)}requests']", "ask refused", email=scene.payloads[3].text)
    assert list_missing(shown, [scene.payloads[3]]) == []
    send(tried, page, f"form[action='{path_of(hub)}requests']", "asked", email=EMAIL)


def path_of(hub: str) -> str:
    return "/" + hub.split("/", 3)[3]


def give_address(scene: Scene) -> None:
    """Both talks are of the address whose mailbox opens them."""
    index = scene.counter.db.vault.index("email", EMAIL)
    with scene.counter.db.transaction(scene.store.id) as tx:
        for talk in (scene.talk, scene.asked):
            row = tx.query(ConversationRow).filter_by(store_id=scene.store.id, public_id=talk).one()
            row.email, row.email_index = EMAIL, index
