"""What the store's people write for each other and for shoppers, full of payloads: articles, ready answers, notes,
invitations; and the pages of the desk that gather what shoppers wrote."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import cycle

from payload_scene import Scene, join, pack, turn  # isort: skip  (it opens the folder of the flows)
from payload_hub import send
from payload_mails import open_the_mails
from payload_owner import (
    hire_with_a_payload_for_an_address,
    look_at_the_ways_of_contact,
    tell_ways_of_contact,
)
from payload_tried import Tried, fill_in, list_missing, sign_in
from payloads import Payload, in_path, squash
from playwright.sync_api import Page

from faq_links.rich_text import PLACEHOLDER
from plugin.agents.models import InvitationRow
from plugin.care import Agent, Form, answer_with_article, consent_words, send_form
from plugin.care.company import note_looking
from plugin.care.desk_models import MacroRow
from plugin.care.notes import add_note
from plugin.database import ALL
from plugin.help import Writer, Written, add_count, clean_written, save_draft, show
from plugin.help.counts import KINDS
from plugin.testing.factories import MOMENT
from plugin.web.hub import LONGEST_SEARCH

WHOLE = "everything"
"""The article with all payloads in its text."""
PICTURED = "pictures"
"""The article with all payloads as words for pictures."""
MARKED = set("*_`[]&\\~#|")
"""Signs that an article's text may lose, for they mean something in it."""
QUESTION = "¿y me lo graban con {words}?"


def write_at_the_desk(scene: Scene) -> None:
    """Ana and her colleagues write it all into everything that the desk has."""
    _write_articles(scene)
    _write_macros(scene)
    tell_ways_of_contact(scene)
    care = scene.counter.house.doors.care
    for one, other in zip(scene.payloads, turn(scene.payloads, 8), strict=True):
        add_note(care, scene.store.id, scene.talk, Agent(scene.ana.id, one.text), one.text, str(uuid.uuid4()))
        scene.letters.append(_send_letter(scene, one, other))
    for one in reversed(scene.payloads[::6]):  # what most browsers run is asked last, and stands on top
        scene.counter.write(scene.store, QUESTION.format(words=one.text), page=one.text)
    answer_with_article(care, scene.store.id, scene.letters[0], WHOLE, scene.agent(), str(uuid.uuid4()))
    # Answers leave after half a minute; promises are told an hour before they end, and once they are over.
    for later in (timedelta(seconds=30), timedelta(hours=23, minutes=30), timedelta(hours=1)):
        scene.counter.clock.advance(later)
        scene.counter.run_jobs()
    _ask_people(scene)
    scene.counter.run_jobs()


def list_showable(payloads: Sequence[Payload]) -> list[Payload]:
    """Those that name no question to the merchant: an article waits for its answer, and is not shown."""
    return [one for one in payloads if PLACEHOLDER.search(one.text) is None]


def _write_articles(scene: Scene) -> None:
    """One for each, which is its title, its text, a product and a phrasing; one with all of them, and a draft of it."""
    some, store, writer = list_showable(scene.payloads), scene.store.id, Writer(scene.ana.id, MOMENT)
    host = f"https://{scene.store.domain}"
    pictures = [f"![{one.text}]({host}/{at}.png)" for at, one in enumerate(some)]
    # What begins a block of code has no end, and stands at the end.
    texts = sorted((one.text for one in some), key=lambda text: text.startswith("~~~"))
    with scene.counter.db.transaction(store) as tx:
        for at, (one, other) in enumerate(zip(some, turn(some, 10), strict=True)):
            show(tx, store, f"own-{at}", "es", _write(join([one, other], 120), one.text, one), 0, writer)
            add_count(tx, store, one.text, "es", "cart", "purchase", KINDS[at % len(KINDS)], MOMENT)
        pictured = _write(f"{some[2].text} {PICTURED}", "\n\n".join(pictures), some[3])
        show(tx, store, PICTURED, "es", pictured, 0, writer)
        whole = _write(f"{some[0].text} {WHOLE}", "\n\n".join(texts), some[1])
        row = show(tx, store, WHOLE, "es", whole, 0, writer, [(scene.talk, 1)])
        save_draft(tx, store, WHOLE, "es", whole, row.version, writer)


def _write(title: str, text: str, about: Payload) -> Written:
    return clean_written(
        title, about.text, text, steps=(), phases=(), products=about.text, phrasings=f"pregunta {about.text}"
    )


def _write_macros(scene: Scene) -> None:
    """Rows, for the form takes no signs in braces but its own placeholders."""
    with scene.counter.db.transaction(scene.store.id) as tx:
        for at, (one, other) in enumerate(zip(scene.payloads, turn(scene.payloads, 9), strict=True)):
            words = f"{one.text} {other.text} {{name}} {{status}} {{tracking}} {{agent}} {{store}}"
            tx.add(
                MacroRow(
                    store_id=scene.store.id, public_id=f"mc_payload-{at:03}", title=one.text, sent=0, sent_unchanged=0,
                    texts={"es": words, "en": other.text}, created_at=MOMENT, changed_at=MOMENT,
                )
            )  # fmt: skip
        whole = {"es": join(turn(scene.payloads, 13), 3000)}
        row = tx.query(MacroRow).filter_by(store_id=scene.store.id, public_id="mc_payload-000").one()
        row.texts = whole


def _send_letter(scene: Scene, one: Payload, other: Payload) -> str:
    """Somebody writes by form; gives the conversation."""
    words = f"{one.text} {other.text}"
    form = Form(
        text=words, email="bea@example.com", client_id=str(uuid.uuid4()), consent=consent_words(scene.store, "es"),
        locale="es", name=words[:80], order_number=words[:60], page=words,
    )  # fmt: skip
    return send_form(scene.counter.house.doors.care, scene.store, None, form).conversation.public_id


def _ask_people(scene: Scene) -> None:
    """Addresses as they would stand there if anything were let through, and one that gets its mail."""
    scene.inviter = hire_with_a_payload_for_an_address(scene).email
    now = scene.counter.clock.now()
    with scene.counter.db.transaction(ALL, "invitations for a test") as tx:
        for at, one in enumerate(scene.payloads):
            tx.add(
                InvitationRow(
                    store_id=scene.store.id, public_id=f"in_payload-{at}", email=one.text, email_index=f"payload {at}",
                    role="agent", invited_by=scene.ana.id, locale="es", created_at=now, expires_at=now,
                )
            )  # fmt: skip


# Looking


def look_at_what_was_written(tried: Tried) -> None:
    """The desk's pages, then what shoppers and a guest see of it."""
    page = sign_in(tried)
    look_at_the_articles(tried, page)
    look_at_the_macros(tried, page)
    look_at_the_inbox(tried, page)
    look_at_the_numbers(tried, page)
    look_at_the_ways_of_contact(tried, page)
    page.close()
    look_at_the_articles_in_the_hub(tried)
    open_the_invitation(tried)
    open_what_was_mailed(tried)


def read_fields(page: Page) -> str:
    """Everything that stands in fields."""
    words: str = page.locator("input, textarea").evaluate_all("all => all.map(one => one.value).join(' ')")
    return words


def look_at_the_articles(tried: Tried, page: Page) -> None:
    """The list, the form with its preview, what the typing asks for, a colleague's version beside one's own."""
    payloads, showable = tried.scene.payloads, list_showable(tried.scene.payloads)
    assert list_missing(tried.open(page, fill_in(tried, "editor")), showable) == []
    tried.open(page, fill_in(tried, f"editor/article?article={WHOLE}&language=es"))
    shown = page.locator("#preview").inner_text()
    assert list_missing(shown, [one for one in showable if is_plain(one)]) == [], "in the preview"
    assert list_missing(read_fields(page), showable) == [], "in the field"
    with page.expect_response("**/editor/preview"):
        page.locator("#text").press_sequentially(payloads[3].text[:3])
    tried.look(page, "the preview that follows the typing")
    asked = "&".join(f"also={tried.scene.talk}:{at}" for at in range(2, 22))
    for path in (
        f"editor/article?article={WHOLE}&language=pt",
        f"editor/article?article={PICTURED}&language=es",
        "editor/article?article={q}",
        "editor/new?language={q}",
        f"editor/new?conversation={{talk}}&position=1&{asked}",
        "test-box?language={q}&q={q}",
        "gaps?state={q}",
        "gaps",
    ):
        tried.open(page, fill_in(tried, path))
    settle_a_question(tried, page)
    for at in range(0, len(showable), 18):
        some = showable[at : at + 18 : 9]
        shown = tried.open(page, fill_in(tried, "test-box?language=es&q=pregunta%20") + in_path(*some))
        assert list_missing(shown + read_fields(page), some) == []
    overtake_the_form(tried, page)


def overtake_the_form(tried: Tried, page: Page) -> None:
    """Eva saves what Ana is writing: both versions are shown."""
    scene = tried.scene
    page.goto(fill_in(tried, f"editor/article?article={WHOLE}&language=es"))
    version = int(page.locator("#article-form input[name=version]").input_value())
    with scene.counter.db.transaction(scene.store.id) as tx:
        theirs = Written("Eva", "shop", join(scene.payloads, 19_000))
        save_draft(tx, scene.store.id, WHOLE, "es", theirs, version, Writer(scene.ana.id, MOMENT))
    with page.expect_navigation():
        page.locator("#article-form button:not([formaction])").click()
    assert list_missing(tried.look(page, "overtaken"), scene.payloads) == []


def is_plain(payload: Payload) -> bool:
    """Whether its words are read in an article just as they are typed: nothing in them is Markdown's."""
    text = payload.text
    return not MARKED & set(text) and text.isprintable() and re.match(r"\s*(?:[>-]|<\w+:)", text) is None


def look_at_the_macros(tried: Tried, page: Page) -> None:
    """Chosen with and without htmx; the draft stands in the field."""
    payloads = tried.scene.payloads
    for path in ("macros", "conversations/{talk}/macros"):
        assert list_missing(tried.open(page, fill_in(tried, path)), payloads) == [], path
    for at, path in zip(
        range(0, len(payloads), 18), cycle(("", "conversations/{letter}/", "conversations/{talk}/")), strict=False
    ):
        tried.open(page, fill_in(tried, f"{path}macros?macro=mc_payload-{at:03}"))
        drafted = [payloads[at], turn(payloads, 9)[at]] if at else turn(payloads, 13)[:9]
        assert list_missing(read_fields(page), drafted) == [], path


def look_at_the_inbox(tried: Tried, page: Page) -> None:
    """Notes, the card, names, finds, colleagues who look on."""
    scene = tried.scene
    for one in scene.payloads[:9]:
        note_looking(
            scene.counter.house.doors.care, scene.store.id, scene.talk, Agent(10_000 + one.mark, one.text)
        )
    for path in ("conversations/{talk}", "conversations/{talk}/company"):
        shown = tried.open(page, fill_in(tried, path))
        assert list_missing(shown, scene.payloads[:9]) == [], path
    page.goto(fill_in(tried, "conversations/{talk}"))
    notes = " ".join(page.locator("li.note").all_inner_texts())
    assert list_missing(notes, scene.payloads) == []
    others = turn(scene.payloads, 8)
    for letter, *written in list(zip(scene.letters, scene.payloads, others, strict=True))[::16]:
        shown = tried.open(page, fill_in(tried, f"conversations/{letter}"))
        assert list_missing(shown, written, 55) == []
        tried.open(page, fill_in(tried, f"conversations/{letter}/about"))
    assert list_missing(tried.open(page, fill_in(tried, "conversations")), scene.payloads[-3:], 40) == []
    for words in ("script", "onerror", "iframe ran", "bea@example.com", in_path(scene.payloads[7])):
        tried.open(page, fill_in(tried, f"search?q={words}"))
    assert list_missing(tried.open(page, fill_in(tried, "team")), scene.payloads) == []


def look_at_the_numbers(tried: Tried, page: Page) -> None:
    """Counts of articles that somebody named as they liked, in every row and filter."""
    shown = "".join(
        tried.open(page, fill_in(tried, f"numbers/rows?of=clicks&page={number}")) for number in (1, 2, 3)
    )
    assert list_missing(shown, list_showable(tried.scene.payloads)) == []
    for path in ("numbers", "numbers?days={q}", "numbers/rows?of={q}", "numbers/rows?of=clicks&state={q}&step={q}",
                 "numbers/rows?of=answers&page={q}", "numbers/rows?of=deflection", "numbers/rows?of=orders",
                 ):  # fmt: skip
        tried.open(page, fill_in(tried, path))


    for name in ("topics", "promises"):
        tried.open(page, fill_in(tried, f"numbers/rows?of={name}&state={{q}}&week={{q}}&page={{q}}"))
        shown = tried.open(page, fill_in(tried, f"numbers/rows?of={name}"))
        assert page.locator("tbody tr").count() > 20 and list_missing(shown, tried.scene.payloads[:1]) == [], name


def settle_a_question(tried: Tried, page: Page) -> None:
    """Put aside and taken up again: its words go along. What names no question of the store's does nothing."""
    text = tried.scene.payloads[9].text
    send(tried, page, "form[action$='/gaps/settle']", "no question", gap=text, was=text)
    asked = page.locator(".gap-list li.card").filter(has_text="graban").first
    words = asked.locator("h2").inner_text()
    assert len(words) > len(QUESTION), words
    with page.expect_navigation():
        asked.locator("[value=dismissed]").click()
    assert squash(words) in squash(tried.open(page, fill_in(tried, "gaps?state=dismissed")))
    with page.expect_navigation():
        asked.locator("[value=open]").click()
    assert squash(words) not in squash(tried.look(page, "taken up again"))


def open_what_was_mailed(tried: Tried) -> None:
    """With the article for an answer, the times that ran out, and who asks a colleague to the desk."""
    scene, shown = tried.scene, open_the_mails(tried)
    assert shown.keys() >= {"promise", "invitation"}
    assert list_missing(shown["answer"], [one for one in list_showable(scene.payloads) if is_plain(one)]) == []
    assert squash(scene.contact_email()) in squash(shown["answer"])
    assert squash(scene.inviter) in squash(shown["invitation"])


def look_at_the_articles_in_the_hub(tried: Tried) -> None:
    scene, page, showable = tried.scene, tried.alarm.new_page(), list_showable(tried.scene.payloads)
    hub = f"{scene.base}/help/{scene.store.public_id}/es/"
    assert list_missing(tried.open(page, hub), showable) == []
    shown = tried.open(page, hub + WHOLE)
    assert list_missing(shown, [one for one in showable if is_plain(one)]) == []
    tried.open(page, hub + PICTURED)
    assert page.locator("article img").count() > len(showable) / 3, (
        "pictures of the shop's own host, with their words"
    )
    for at in range(0, len(showable), 20):
        assert list_missing(tried.open(page, f"{hub}own-{at}"), [showable[at], turn(showable, 10)[at]]) == []
    for some in pack(showable[::10], LONGEST_SEARCH):
        tried.open(page, f"{hub}?q={in_path(*some)}")
    page.close()


def open_the_invitation(tried: Tried) -> None:
    """Behind the mailed link, in a browser in which somebody else is signed in; who comes has a payload for a name."""
    scene, page, one = tried.scene, tried.alarm.new_page(), tried.scene.payloads[2]
    mails = [message_from_bytes(raw, policy=policy.default) for raw, _, _ in scene.counter.taken.mails]
    bodies = [body.get_content() for mail in mails if (body := mail.get_body(("plain",))) is not None]
    [token] = [found[1] for body in bodies if (found := re.search(r"/sign-in/invitation/(\S+)", body))]
    tried.open(page, f"{scene.base}/sign-in/invitation/{token}")
    tried.open(page, f"{scene.base}/sign-in/invitation/{in_path(one)}")
    form = {"token": token, "name": one.text}
    came = scene.counter.browser().post(
        "/sign-in/accept", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert came.status_code == 303
    assert list_missing(tried.open(page, fill_in(tried, "team")), [one], 55) == []
    page.close()
