"""The one mail to a store's owners when its platform no longer lets us in (the job `stores.alert`)."""

from __future__ import annotations

import html
from email.utils import parseaddr

from plugin.agents import AgentRow, has_used_link, list_team
from plugin.database import ALL
from plugin.language import translator
from plugin.mail import Mail, MailDelayed, MailError, MailInvalid, build_message
from plugin.stores import StoreRow, get_store
from plugin.stores.words import tell
from plugin.web.desk_mails import fresh_message_id
from plugin.web.doors import Doors
from plugin.work import Claimed, TryLater, finish


def alert_owners(here: Doors, job: Claimed) -> None:
    """Tells every owner once; it is not told again before the connection has worked meanwhile. A mail server that is
    down is tried again, and then may tell an owner twice rather than one of them never."""
    assert job.store is not None
    with here.db.reading(ALL, "whose store does not let us in any more") as tx:
        row = get_store(tx, job.store)
        owners = [one.agent for one in list_team(tx, row.id) if one.role == "owner"]
        if here.settings.installs == "open":
            # Anybody's shop may have named any address as its owner's.
            owners = [agent for agent in owners if has_used_link(tx, agent.id)]
    if row.status == "parked" and row.trouble_told_at is None:
        for agent in owners:
            _mail(here, row, agent)
    with here.db.transaction(job.store) as tx:
        told = get_store(tx, job.store)
        if told.status == "parked" and told.trouble_told_at is None:
            told.trouble_told_at = here.clock.now()
        finish(tx, job)


def _mail(here: Doors, row: StoreRow, agent: AgentRow) -> None:
    try:
        message = build_message(_write(here, row, agent))
        here.transport.send(message, parseaddr(here.settings.mail_from)[1], agent.email)
    except MailDelayed as error:
        raise TryLater(str(error)) from error
    except (MailError, MailInvalid):
        return  # the desk says it as well


def _write(here: Doors, row: StoreRow, agent: AgentRow) -> Mail:
    _ = translator(agent.locale, "web").gettext
    adapter = here.registry.adapters.get(row.platform)
    subject = _("{store}: the connection is broken").format(store=row.name)
    words = [
        _("Hello, {name}:").format(name=agent.name),
        _("{store} no longer lets Mostrador see its orders, so your shoppers get no news about them.").format(
            store=row.name
        ),
        _("The shop said: {words}").format(words=tell(row.trouble, adapter, agent.locale)),
        _("Connect it once more; nothing that is here gets lost:"),
    ]
    again = f"{here.settings.base_url.rstrip('/')}/install/{row.platform}"
    paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in words)
    link = html.escape(again)
    page = (
        f'<!doctype html><html lang="{agent.locale}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title>'
        f'</head><body style="font-family:sans-serif;font-size:16px;line-height:1.5"><main>{paragraphs}'
        f'<p><a href="{link}">{link}</a></p></main></body></html>'
    )
    return Mail(
        to=agent.email, subject=subject, html=page, text="\n\n".join((*words, again)) + "\n", from_name="Mostrador",
        from_address=parseaddr(here.settings.mail_from)[1], message_id=fresh_message_id(here.settings.mail_from),
        sent_at=here.clock.now(),
    )  # fmt: skip
