"""Before a promised time runs out, and once it has: the store's agents get one mail each.

Two jobs. `care.tell_overdue` settles which promises are told now, and writes that down with a job for each agent in one
transaction; `care.carry_overdue` mails one agent, and says the same under the same Message-ID however often it is
tried. What was answered meanwhile is not told. It does not matter whether a desk is open: there one sees it, and may
yet have looked away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from plugin.agents import AgentRow
from plugin.care.agent_mail import (
    AgentMail,
    desk_url,
    list_called,
    name_store,
    post_agent_mail,
    tell_time,
    write_agent_mail,
)
from plugin.care.desk_models import PromiseRow
from plugin.care.doors import Care
from plugin.care.mailing import Post
from plugin.care.models import ConversationRow
from plugin.care.promises import claim_overdue, claim_soon, find_next_telling, promise_telling, read_promised
from plugin.care.public_ids import shorten
from plugin.care.shapes import desk_channel, desk_event
from plugin.database import ALL
from plugin.language import translator
from plugin.mail import MailDelayed, MailInvalid, MailRefused
from plugin.push import tell
from plugin.stores import StoreRow, get_store
from plugin.work import Claimed, TryLater, finish, put

MOST_LISTED = 20
"""What runs out beyond them is counted; the desk has it."""

Promised = Sequence[tuple[PromiseRow, ConversationRow]]


def tell_overdue(care: Care, job: Claimed, *, anybody: bool = False) -> None:
    """The job of a store: told is what is about to run out, and what has. `anybody`: see `plugin.care.agent_mail`."""
    assert job.store is not None
    now = care.clock.now()
    with care.db.reading(ALL, "whom a store's promises are told to") as tx:
        store = get_store(tx, job.store)
        agents = [one.agent.id for one in list_called(tx, store.id, anybody=anybody)]
    if store.status == "uninstalled":
        return
    with care.db.transaction(store.id) as tx:
        soon, overdue = claim_soon(tx, store.id, now), claim_overdue(tx, store.id, now)
        for promises, is_over in ((soon, False), (overdue, True)):
            payload = {"promises": list(promises), "overdue": is_over}
            for agent in agents if promises else ():
                put(tx, "care.carry_overdue", payload | {"agent": agent}, due_at=now, store=store.id)
        _refresh_desks(care, tx, store, read_promised(tx, store.id, overdue))
        if (later := find_next_telling(tx, store.id, now)) is not None:
            promise_telling(tx, store.id, later)
        finish(tx, job)


def _refresh_desks(care: Care, tx: Session, store: StoreRow, promised: Promised) -> None:
    """Where one of these conversations is open, it says from now on that its time is over."""
    for _, conversation in promised:
        tell(tx, care.hub, desk_channel(store.id), desk_event(conversation))


def carry_overdue(care: Care, post: Post, job: Claimed, *, anybody: bool = False) -> None:
    """The job of one agent. A mail that is so late that the time is over meanwhile is not sent: that is told too."""
    assert job.store is not None
    now, overdue = care.clock.now(), job.payload["overdue"]
    with care.db.reading(ALL, "what is told to an agent of a store") as tx:
        store = get_store(tx, job.store)
        called = [one.agent for one in list_called(tx, store.id, anybody=anybody)]
        promised = read_promised(tx, store.id, job.payload["promises"])
    agent = next((one for one in called if one.id == job.payload["agent"]), None)
    promised = [one for one in promised if overdue or one[0].promised_by > now]
    if agent is None or not promised or store.status == "uninstalled":
        return
    said = write_promises(post, store, name_store(store, anybody=anybody), agent, promised, now)
    key = f"{agent.id}:{job.payload['promises']}:{overdue}"
    message_id = post.name_message("promise", care.db.vault.index("promise-mail", f"{store.public_id}:{key}"))
    try:
        post_agent_mail(post, write_agent_mail(post, store, agent, said, message_id, now))
    except MailDelayed as error:
        raise TryLater("The mail server is away.") from error
    except (MailInvalid, MailRefused):
        pass  # the desk says it, too
    with care.db.transaction(store.id) as tx:
        finish(tx, job)


def write_promises(
    post: Post, store: StoreRow, called: str, agent: AgentRow, promised: Promised, now: datetime
) -> AgentMail:
    """What the mail says of promises that all stand in time, or have all run out. `called`: the store's name in it."""
    words, count = translator(agent.locale, "care"), len(promised)
    _ = words.gettext
    if promised[0][0].promised_by > now:
        subject = words.ngettext(
            "{store}: {count} promised answer is due soon", "{store}: {count} promised answers are due soon", count
        )
        lead = words.ngettext(
            "{count} shopper of {store} was told when a person answers, and nobody has yet. The time is nearly over.",
            "{count} shoppers of {store} were told when a person answers, and nobody has yet. The time is nearly over.",
            count,
        )
        line = _("{reference}: promised by {time}")
    else:
        subject = words.ngettext(
            "{store}: {count} promised answer is overdue", "{store}: {count} promised answers are overdue", count
        )
        lead = words.ngettext(
            "{count} shopper of {store} was told when a person answers, and nobody has. The time is over.",
            "{count} shoppers of {store} were told when a person answers, and nobody has. The time is over.", count,
        )  # fmt: skip
        line = _("{reference}: overdue since {time}")
    name = _("Shopper {code}")
    items = [
        (line.format(reference=row.reference or name.format(code=shorten(row.public_id)),
                     time=tell_time(promise.promised_by, store, agent.locale, now)),
         desk_url(post, store, row.public_id))
        for promise, row in promised[:MOST_LISTED]
    ]  # fmt: skip
    if more := count - len(items):
        items.append((words.ngettext("and {count} more", "and {count} more", more).format(count=more), ""))
    often = _(
        "Each promised time is told once before it is over, and once when it is. If you do not want these mails, "
        "switch them off in your account:"
    )
    subject, lead = (one.format(store=called, count=count) for one in (subject, lead))
    return AgentMail(subject, (lead,), items, often)
