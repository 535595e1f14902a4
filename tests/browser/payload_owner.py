"""The pages on which an owner sets the counter up, with payloads in their forms: who answers whom, what the shop's
statuses mean, its colour, the team, the ways of contact."""

from __future__ import annotations

from typing import Any

from desk_house import OURS
from payload_hub import send
from payload_scene import Scene
from payload_tried import Tried, fill_in, list_missing, sign_in
from payloads import squash
from playwright.sync_api import Page

from plugin.agents import AgentRow
from plugin.database import ALL
from plugin.notices.mail_facts import safe_link
from plugin.stores.contact import NETWORKS, UnwantedContact, set_contact
from plugin.stores.models import StoreRow
from plugin.stores.routing import CELLS

NUMBER_HEAD = 12
"""Signs of a payload that a field for numbers surely shows again."""


def set_the_counter_up(tried: Tried) -> None:
    page = sign_in(tried)
    say_who_answers(tried, page)
    say_what_statuses_mean(tried, page)
    choose_a_colour(tried, page)
    change_a_role(tried, page)
    page.close()


def say_who_answers(tried: Tried, page: Page) -> None:
    """Numbers and cells that are none of ours; what is shown of a number stands in quotes."""
    one, two, three, *_ = (each for each in tried.scene.payloads if each.kind == "quoted")
    tried.open(page, fill_in(tried, "routing"))
    form = "#routing-form"
    shown = send(tried, page, form, "routing refused", failures=one.text, silent_minutes=two.text)
    assert list_missing(shown, [one, two], NUMBER_HEAD) == []
    send(tried, page, form, "way refused", failures="2", silent_minutes="5", anger=two.text, **{CELLS[0]: three.text})
    assert page.locator("#routing-fault").count() == 1


def say_what_statuses_mean(tried: Tried, page: Page) -> None:
    """Every guess at once, then one of them anew; a meaning that is none leads nowhere."""
    payloads = tried.scene.payloads
    page.goto(fill_in(tried, "statuses"))
    with page.expect_navigation():
        page.locator("form[action$='/statuses'] button").click()
    shown = tried.look(page, "guesses confirmed")
    assert list_missing(shown, payloads) == [], "each is still there"
    names = " ".join(page.locator(".is-confirmed h2").all_inner_texts())
    assert list_missing(names, [payloads[0], payloads[40]]) == []
    form = ".is-confirmed form"
    send(tried, page, form, "meaning given", meaning="delivered")
    assert page.locator(".is-confirmed select").first.input_value() in ("delivered", "shipped")
    send(tried, page, form, "no meaning", meaning=payloads[1].text)


def choose_a_colour(tried: Tried, page: Page) -> None:
    """What is shown while it is chosen, and once it is refused."""
    one = tried.scene.payloads[4]
    page.goto(fill_in(tried, "store"))
    with page.expect_response("**/store/accent?**"):
        page.evaluate(
            """text => {
              const field = document.querySelector('#accent-colour')
              field.type = 'text'
              field.value = text
              field.dispatchEvent(new Event('input', {bubbles: true}))
            }""",
            one.text,
        )
    page.locator("#accent-preview .notice-warn").wait_for()
    shown = tried.look(page, "colour while it is chosen")
    assert list_missing(shown, tried.scene.payloads[:1]) == [], "the name of the store"
    send(tried, page, "form[action$='/store/accent']", "colour refused", accent=one.text)
    assert page.locator("#accent [role=alert]").count() == 1


def change_a_role(tried: Tried, page: Page) -> None:
    """Of a colleague with payloads for a name: to one that is none, and to one; then the question before they go."""
    page.goto(fill_in(tried, "team"))
    # Not Ana's own, who would then see no such page any more.
    colleague = page.locator("li:not(:has(.tag)):has(form[action$='/role'])").first
    name, form = colleague.locator("strong").inner_text(), colleague.locator("form").get_attribute("action")
    assert len(list_missing(name, tried.scene.payloads)) < len(tried.scene.payloads)
    which, word = f"form[action='{form}']", tried.scene.payloads[3].text
    assert squash(name) in squash(send(tried, page, which, "role refused", role=word))
    assert page.locator("#people [role=alert]").count() == 1
    assert squash(name) in squash(send(tried, page, which, "role given", role="viewer"))
    assert page.locator(f"{which} select").input_value() == "viewer"
    assert form is not None
    shown = tried.open(page, tried.scene.base + form.removesuffix("role") + "remove")
    assert squash(name) in squash(shown)


# Ways of contact


def tell_ways_of_contact(scene: Scene) -> None:
    """By the form, with what is let through: addresses that begin as they should and go on as payloads."""
    texts = [one.text for one in scene.payloads]
    pages = [text for text in texts if _is_taken(social={"x": f"x.com/{text}"})]
    emails = [one for text in texts if _is_taken(email=(one := f"{text}@example.com"))] or ["{{7*7}}@example.com"]
    assert len(pages) >= 3
    told = {
        f"social.{key}": f"https://{hosts[0]}/{pages[at % len(pages)]}"
        for at, (key, (_, hosts)) in enumerate(NETWORKS.items())
    }
    form = told | {"email": emails[0], "phone.0": "+34 911 22 33 44", "whatsapp.": "+57 300 111 2233"}
    answer = scene.counter.sign_in(scene.ana).post(f"/desk/{scene.store.public_id}/contact", data=form, headers=OURS)
    assert answer.status_code == 303
    assert set(scene.social_pages()) == set(told.values())


def _is_taken(**ways: Any) -> bool:
    try:
        set_contact(StoreRow(), **ways)
    except UnwantedContact:
        return False
    return True


def look_at_the_ways_of_contact(tried: Tried, page: Page) -> None:
    """The form with what was told, and every page of the hub that shows it."""
    scene = tried.scene
    email, pages = scene.contact_email(), scene.social_pages()
    page.goto(fill_in(tried, "contact"))
    tried.look(page, "ways of contact")
    typed = page.locator("input").evaluate_all("all => all.map(one => one.getAttribute('value'))")
    assert {email, *pages} <= set(typed)
    assert squash(email) in squash(tried.open(page, fill_in(tried, "store")))
    hub = f"{scene.base}/help/{scene.store.public_id}/es/"
    for path in ("", "contact", "data"):
        assert squash(email) in squash(tried.open(page, hub + path)), path
        links = page.locator(".social a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert path == "data" or set(links) == {one for one in pages if safe_link(one)}, path


def hire_with_a_payload_for_an_address(scene: Scene) -> AgentRow:
    """As it would stand there if anything were let through; she invites a colleague by the form."""
    iris = scene.counter.add_agent("Iris", scene.store)
    with scene.counter.db.transaction(ALL, "a hostile address") as tx:
        iris.email = f"{scene.payloads[6].text}@example.com"
        tx.merge(iris)
    form = {"email": "noa@example.com", "role": "agent", "locale": "es"}
    path = f"/desk/{scene.store.public_id}/team/invite"
    assert scene.counter.sign_in(iris).post(path, data=form, headers=OURS).status_code == 303
    return iris
