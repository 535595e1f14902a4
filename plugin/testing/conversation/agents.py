"""An agent at the desk, over a line as bad as a shopper's."""

from __future__ import annotations

import random
import re
import uuid
from dataclasses import dataclass, field

import requests

from plugin.testing.conversation.line import Line, LineError

_ROW = re.compile(r'<li id="m-(\d+)" class="message from-(\w+)')


@dataclass
class Agent:
    """One browser, signed in. `written`: client id → text of every answer the desk took."""

    name: str
    id: int
    store: str
    line: Line
    written: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    """Texts that the desk refused because somebody else answers there: nobody may ever read them."""

    def sign_in(self, token: str) -> None:
        """Presses the button behind the one-time link, and keeps what the browser got."""
        origin = f"http://127.0.0.1:{self.line.port}"
        own_page = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        with requests.Session() as browser:
            browser.trust_env = False
            browser.post(f"{origin}/sign-in/enter", data={"token": token}, headers=own_page, timeout=30)
            cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
        if not cookies:
            raise LineError("The sign-in link opened nothing.")
        self.line.headers = own_page | {"Cookie": cookies}

    def take(self, conversation: str, from_agent: int | None = None) -> bool:
        """Whether it is theirs now."""
        fields = {"from": str(from_agent)} if from_agent is not None else {}
        return self._act(conversation, "take", **fields)

    def give_back(self, conversation: str) -> bool:
        """To the bot; whether they were allowed to."""
        return self._act(conversation, "give-back")

    def answer(self, conversation: str, text: str) -> bool:
        """Whether the desk took the answer. One that was taken before its first answer got lost is told so again."""
        client_id = str(uuid.UUID(int=self.line.random.getrandbits(128), version=4))
        taken = self._act(conversation, "reply", text=text, client_id=client_id)
        if taken:
            self.written[client_id] = text
        else:
            self.refused.add(text)
        return taken

    def read(self, conversation: str) -> list[tuple[int, str]]:
        """Position and author of each message, as the desk shows them."""
        page = self.line.read(f"/desk/{self.store}/conversations/{conversation}/thread").body.decode()
        return [(int(position), author) for position, author in _ROW.findall(page)]

    def _act(self, conversation: str, what: str, **fields: str) -> bool:
        heard = self.line.send_form(f"/desk/{self.store}/conversations/{conversation}/{what}", **fields)
        if heard.status in (200, 303):
            return True
        if heard.status == 409:
            return False
        raise LineError(f"The desk answered {heard.status} to {what}: {heard.body[:200]!r}")


def open_line(port: int, cut: float, seed: float) -> Line:
    """An agent's line: their own network, apart from every shopper's."""
    return Line(port, cut, random.Random(seed), "127.0.0.2")
