"""Inviting and accepting over HTTP, for the tests of invitations."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.agents import AgentRow, find_agent, get_role
from plugin.database import ALL
from plugin.stores import StoreRow

NOA = "noa@example.com"


def ask(browser: FlaskClient, store: StoreRow, email: str = NOA, role: str = "agent", **headers: str) -> Any:
    path = f"/desk/{store.public_id}/team/invite"
    return browser.post(path, data={"email": email, "role": role}, headers=headers or OURS)


def read_mail(counter: Counter, which: int = -1) -> tuple[Any, str]:
    mail = message_from_bytes(counter.taken.mails[which][0], policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    return mail, body.get_content()


def read_token(counter: Counter, which: int = -1) -> str:
    """The token of a mailed link."""
    found = re.search(r"http://127\.0\.0\.1:8080/sign-in/invitation/(\S+)", read_mail(counter, which)[1])
    assert found is not None
    return found[1]


def invite(counter: Counter, store: StoreRow, owner: AgentRow, email: str = NOA, role: str = "agent") -> str:
    """The token that reaches the mailbox."""
    assert ask(counter.sign_in(owner), store, email, role).status_code == 303
    counter.run_jobs()
    return read_token(counter)


def accept(browser: FlaskClient, token: str, name: str = "Noa", lang: str = "es", **headers: str) -> Any:
    return browser.post(f"/sign-in/accept?lang={lang}", data={"token": token, "name": name}, headers=headers or OURS)


def role_of(counter: Counter, store: StoreRow, email: str) -> str | None:
    with counter.db.reading(ALL, "a role for a test") as tx:
        agent = find_agent(tx, email)
        return get_role(tx, store.id, agent.id) if agent is not None else None


def find_form(counter: Counter, store: StoreRow, owner: AgentRow, email: str, what: str) -> str:
    page = counter.sign_in(owner).get(f"/desk/{store.public_id}/team").text
    [line] = [one for one in page.split("<li") if f"<strong>{email}<" in one and "/invitations/" in one]
    found = re.search(rf'action="([^"]+/{what})"', line)
    assert found is not None
    return found[1]
