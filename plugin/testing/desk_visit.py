"""An agent at the desk, without the pixels: signs in by the one-time link, takes a conversation, answers it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

if TYPE_CHECKING:
    from plugin.testing.demo import Demo

_PATIENCE = 10


class DeskVisit:
    """One browser of an agent. What the desk refuses raises `requests.HTTPError`, what it does not show
    `LookupError`."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.session = requests.Session()
        self.session.trust_env = False
        parts = urlsplit(demo.counter)
        # What browsers send along with a form of our own page, and what the desk looks at.
        self.own_page = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}

    def sign_in(self) -> None:
        """Opens the link, which changes nothing, and presses its button. Ends on the store's desk."""
        page = self.read(self.demo.sign_in)
        token = _find_field(page, "token")
        answer = self.send(f"{self.demo.counter}/sign-in/enter", token=token)
        if f"/desk/{self.demo.store}" not in answer.url:
            raise LookupError(f"Signing in ended at {urlsplit(answer.url).path}, not at the store's desk.")

    def answer(self, public_id: str, words: str) -> None:
        """Finds the conversation in the list, takes it, and answers with `words`."""
        if public_id not in self.read(f"{self.demo.counter}/desk/{self.demo.store}/conversations"):
            raise LookupError(f"The desk's list does not show the conversation {public_id}.")
        conversation = f"{self.demo.counter}/desk/{self.demo.store}/conversations/{public_id}"
        self.send(f"{conversation}/take")
        client_id = _find_field(self.read(conversation), "client_id")
        self.send(f"{conversation}/reply", text=words, client_id=client_id)

    def read(self, url: str) -> str:
        """The page at `url`."""
        answer = self.session.get(url, timeout=_PATIENCE)
        answer.raise_for_status()
        return answer.text

    def send(self, url: str, **fields: str) -> requests.Response:
        """A form of the desk's own page; the answer is where it led."""
        answer = self.session.post(url, data=fields, headers=self.own_page, timeout=_PATIENCE)
        answer.raise_for_status()
        return answer


def _find_field(page: str, name: str) -> str:
    """What a form of the page sends back in the field `name`."""
    for tag in re.findall(r"<input\b[^>]*>", page):
        if f'name="{name}"' in tag and (value := re.search(r'value="([^"]*)"', tag)):
            return unescape(value[1])
    raise LookupError(f"The page has no field {name}.")
