"""A shop whose mails go through a real SMTP server, and whose jobs are done when a test says so."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select, text
from widget_shop import Page, Shop, form_body

from plugin.care import AcknowledgementRow, ConversationRow
from plugin.database import ALL
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.smtp import Mailbox, open_mailbox
from plugin.work import claim
from plugin.work.models import Job

MORNING = FrozenClock().at.replace(hour=9, minute=2)
"""Saturday, 21 November 2026."""
WEEK = {"week": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}, "days": {}}
LINK = re.compile(r"http://\S+/c/([^\s?]+)(?!\S)")

LOOKS = frozenset(("care.call_agents", "care.tell_overdue"))
"""What looks after all who wait: always promised while somebody does, and of no matter to most tests."""


class Letters(Shop):
    """`clock` stands still; `mailbox` is the SMTP server. `base` is ours in mails."""

    def __init__(self, url: str, mailbox: Mailbox, **settings: Any) -> None:
        self.clock, self.mailbox = FrozenClock(MORNING), mailbox
        given = {"smtp_url": mailbox.url, "mail_from": "Counter <counter@care.example>"} | settings
        super().__init__(url, self.clock, **given)

    def change_store(self, **values: Any) -> None:
        super().change_store(**values)
        with self.house.db.reading(self.store.id) as tx:
            self.store = get_store(tx, self.store.id)

    def work(self, later: timedelta | float = 0) -> None:
        """Some time later, does what is due."""
        self.clock.advance(later)
        for _ in range(50):
            jobs = self.take()
            for job in jobs:
                self.house.engine.run(job)
            if not jobs:
                return
        raise AssertionError("The jobs never end.")

    def take(self) -> list[Any]:
        """The jobs that are due, in our hands; whether agents must be told something is looked at by the way."""
        with self.house.db.transaction(ALL, "due jobs") as tx:
            jobs = claim(tx, self.clock.now(), 500)
        for job in jobs:
            if job.kind in LOOKS:
                self.house.engine.run(job)
        return [job for job in jobs if job.kind not in LOOKS]

    def jobs(self, *kinds: str) -> list[str]:
        """The kinds of what is promised and not done."""
        with self.house.db.reading(ALL, "promised jobs") as tx:
            found = tx.scalars(select(Job.kind).order_by(Job.id))
            return [kind for kind in found if (kind in kinds if kinds else kind not in LOOKS)]

    @property
    def mails(self) -> list[EmailMessage]:
        return self.mailbox.mails

    def send_form(self, panel: Page | None = None, store: StoreRow | None = None, **values: Any) -> Any:
        """Sends the form; a token that comes back is kept by the page."""
        panel = panel or self.page(store)
        answer = panel.post("/stores/{store}/form", form_body(panel.store, **values))
        if answer.status_code in (200, 201) and answer.json["token"]:
            panel.token = answer.json["token"]
        return answer

    def row(self, public_id: str, store: StoreRow | None = None) -> ConversationRow:
        with self.house.db.reading((store or self.store).id) as tx:
            which = (ConversationRow.store_id == (store or self.store).id, ConversationRow.public_id == public_id)
            return tx.scalars(select(ConversationRow).where(*which)).one()

    def told(self) -> list[AcknowledgementRow]:
        with self.house.db.reading(ALL, "what addresses were told") as tx:
            return list(tx.scalars(select(AcknowledgementRow).order_by(AcknowledgementRow.id)))

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.house.db.reading(ALL, "everything") as tx:
            return {
                name: [tuple(row) for row in tx.execute(text(f'SELECT * FROM "{name}" ORDER BY 1'))]
                for name in ConversationRow.metadata.tables
            }

    def index(self, email: str) -> str:
        return self.house.db.vault.index("email", email)


@contextmanager
def open_letters(url: str, **settings: Any) -> Iterator[Letters]:
    with open_mailbox() as mailbox:
        shop = Letters(url, mailbox, **settings)
        try:
            yield shop
        finally:
            shop.close()


def plain(mail: EmailMessage) -> str:
    """The text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def page_of(mail: EmailMessage) -> str:
    """The HTML of a mail, as it was sent."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words_of_page(mail: EmailMessage) -> str:
    """The words of a mail's HTML."""
    body = page_of(mail).partition("<body")[2]
    body = re.sub(r"</?span\b[^>]*>", "", body.partition(">")[2])
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def link_of(mail: EmailMessage) -> str:
    """The token of the link in a mail."""
    (found,) = LINK.findall(plain(mail))
    return str(found)
