"""A counter with a store that told everything of itself, and a shopper's browser at its help hub."""

from __future__ import annotations

import re
import uuid
from email import message_from_bytes, policy
from html import unescape
from typing import Any

from desk_house import OURS, Counter
from pages_house import ANSWERS
from werkzeug.test import TestResponse

from plugin import care
from plugin.stores import StoreRow, get_store
from plugin.stores.contact import Phone, set_contact
from plugin.stores.hours import set_hours

EMAIL, NUMBER = "alma@example.com", "1001"
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)


def add_hub(counter: Counter, domain: str = "barro.example", **values: Any) -> StoreRow:
    """A live store with articles, hours, and every way of contact."""
    given = {"answers": ANSWERS, "time_zone": "America/Bogota", "privacy_url": "https://barro.example/privacidad"}
    store = counter.add_store(domain, **(given | values))
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        phones = [Phone("+57 601 234 5678", charged=False), Phone("+34 911 22 33 44", charged=True, hours=False)]
        set_contact(
            row, email="hola@barro.example", phones=phones, whatsapp={"": "+573001112233", "pt": "+5511912345678"},
            social={"instagram": "https://instagram.com/barro"},
        )  # fmt: skip
        days = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        set_hours(row, days, {"2026-12-25": []})
        tx.flush()
        return row


class Hub:
    """One shopper's browser at one store's hub. It sends its forms as a browser without JavaScript does: every field
    of the form on the page, hidden ones too."""

    def __init__(self, counter: Counter, store: StoreRow, locale: str = "es", address: str = "203.0.113.7") -> None:
        self.counter, self.store, self.locale = counter, store, locale
        self.browser = _open_app(counter).test_client()
        self.given = {"environ_base": {"REMOTE_ADDR": address}}
        self.text = ""

    def path(self, page: str = "") -> str:
        return f"/help/{self.store.public_id}/{self.locale}/{page}"

    def get(self, page: str = "", path: str = "") -> TestResponse:
        answer = self.browser.get(path or self.path(page), **self.given)
        self.text = answer.text
        return answer

    def post(
        self, page: str = "", path: str = "", headers: dict[str, str] | None = None, **fields: str
    ) -> TestResponse:
        """The page's form for this address with `fields` typed in."""
        action = path or self.path(page)
        headers = OURS if headers is None else headers
        answer = self.browser.post(action, data=self.hidden(action) | fields, headers=headers, **self.given)
        if answer.status_code != 303:
            self.text = answer.text
        return answer

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the form on the page that posts there."""
        form_here = rf'<form[^>]* method="post" action="{re.escape(action)}".*?</form>'
        for form in re.findall(form_here, self.text, re.DOTALL):
            return {unescape(name): unescape(value) for name, value in
                    re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)}  # fmt: skip
        return {}

    def words(self) -> str:
        """What the page shows, without its markup."""
        body = re.sub(r"<style>.*?</style>|<script.*?</script>", " ", self.text, flags=re.DOTALL).partition("<body>")[2]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def write(self, text: str = "Hola, ¿hacéis envíos a Cali?", email: str = EMAIL, **more: str) -> str:
        """Sends the message form; gives the reference."""
        self.get("contact")
        answer = self.post("contact", text=text, email=email, **more)
        assert answer.status_code == 200, answer.text
        [reference] = set(re.findall(r"M-[23456789A-HJ-NP-Z]{6}", self.text))
        return str(reference)

    def open_key(self, public_id: str = "", email: str = EMAIL) -> TestResponse:
        """Presses the button behind a mailed link."""
        return self.post(path=f"/c/{mint_link(self.counter, self.store, public_id, email)}")


def _open_app(counter: Counter) -> Any:
    """One app for all shoppers of a counter, so that they share its limits."""
    if "hub_app" not in vars(counter):
        vars(counter)["hub_app"] = counter.house.web()
    return vars(counter)["hub_app"]


def mint_link(counter: Counter, store: StoreRow, public_id: str = "", email: str = EMAIL) -> str:
    """The token of a link as mails bring it."""
    index = counter.db.vault.index("email", email)
    return care.talk_token(counter.db.vault, store.id, public_id, index, counter.clock.now())


def read_mail(counter: Counter, place: int = -1) -> str:
    """The plain text of a mail that was sent."""
    body = message_from_bytes(counter.taken.mails[place][0], policy=policy.default).get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n")


def mailed_code(counter: Counter) -> str:
    """Does what is due, and gives the code in the newest mail."""
    counter.clock.advance(2)
    counter.run_jobs()
    (found,) = CODE.findall(read_mail(counter))
    return str(found)


def new_id() -> str:
    return str(uuid.uuid4())
