"""Sends what was decided: renders, hands over, writes down. At most one mail per notice, unless the mail
server's answer was lost; then the second one carries the same Message-ID."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import Integer, bindparam, update

from plugin.contract import Clock, Notice, Refund
from plugin.database import Database, Prepared, Vault
from plugin.mail import Mail, MailDelayed, MailInvalid, MailRefused, MailTransport, build_message
from plugin.notices.decide import TOO_LATE, Policy, is_left, speaks
from plugin.notices.facts import list_facts, overtakes
from plugin.notices.ledger import LineBrief, read_lines, read_policy
from plugin.notices.links import TRACKING, UNSUBSCRIBE, link_token
from plugin.notices.models import LedgerRow
from plugin.notices.render import NoticeMail, Rendered, render_notice
from plugin.orders import OrderBrief, read_order_brief
from plugin.stores import StoreBrief, read_store_brief, shop_url
from plugin.stores.addresses import help_url
from plugin.stores.contact_words import tell_ways
from plugin.work import Claimed, TryLater, finish, is_last_try


@dataclass(frozen=True)
class Sender:
    """What sending needs besides the state."""

    db: Database
    clock: Clock
    transport: MailTransport
    base_url: str
    mail_from: str
    index_key: str


@dataclass(frozen=True)
class _Letter:
    mail: NoticeMail
    to: str
    store: StoreBrief
    message_id: str


def send_notice(sender: Sender, job: Claimed) -> None:
    """The job `notices.send`."""
    assert job.store is not None
    letter = _read(sender, job)
    if letter is None:
        return
    try:
        message, rendered = _build(sender, letter)
        sender.transport.send(message, parseaddr(sender.mail_from)[1], letter.to)
    except MailDelayed as error:
        if not is_last_try(job, sender.clock.now()):
            raise TryLater(str(error)) from error
        _write(sender, job, letter, None, failed=f"Given up after a day: {error}")
    except (MailInvalid, MailRefused) as error:
        _write(sender, job, letter, None, failed=str(error))
    else:
        _write(sender, job, letter, rendered)


def _read(sender: Sender, job: Claimed) -> _Letter | None:
    """What to write, or None when it is sent, or no longer worth hearing (the ledger then says so)."""
    assert job.store is not None
    now = sender.clock.now()
    with sender.db.plain_reading(job.store) as tx:
        brief = read_order_brief(tx, job.store, job.payload["order"])
        lines = read_lines(tx, brief) if brief is not None else ()
        line = next((one for one in lines if one.id == job.payload["notice"]), None)
        if brief is None or line is None or line.reason != "sent" or line.sent_at is not None:
            return None
        store = read_store_brief(tx, job.store)
        policy = read_policy(tx, store, brief)
        stale = _stale(line, lines, brief, policy, now)
        if not stale and is_left(Notice(line.notice), brief.order, policy):
            stale = "platform_mails"
        if not stale:
            return _letter(sender, store, brief, line, lines)
    with sender.db.plain_transaction(job.store) as tx:
        _STALE.run_later(tx, {"store": job.store, "line": line.id, "reason": stale})
        newest = max((one.id for one in lines if one.reason == "sent" and one is not line), default=None)
        if newest is not None:
            retold = {"store": job.store, "order": brief.id, "line": line.id, "newest": newest}
            _RETOLD.run_later(tx, retold)
        finish(tx, job)
    return None


def _stale(
    line: LineBrief, lines: Sequence[LineBrief], brief: OrderBrief, policy: Policy, now: datetime
) -> str | None:
    """Why a mail that waited for its server should not go any more."""
    listed = () if brief.gone else list_facts(brief.order, brief.parcels)
    facts = {fact.key: fact for fact in listed}
    mine = facts.get((Notice(line.notice), line.about))
    if not policy.live and (mine is None or not speaks(mine, listed, brief.order, policy, now)):
        return "preview"
    if brief.gone:
        return "overtaken"
    if policy.suppressed:
        return "suppressed"
    if mine is None:
        return "overtaken"
    if now - mine.at > TOO_LATE:
        return "too_late"
    sent = [
        (Notice(other.notice), other.about) for other in lines if other.reason == "sent" and other is not line
    ]
    newer = any(overtakes(facts[key], mine) for key in sent if key in facts)
    return "overtaken" if newer and mine.notice is not Notice.payment_received else None


def _letter(
    sender: Sender, store: StoreBrief, brief: OrderBrief, line: LineBrief, lines: Sequence[LineBrief]
) -> _Letter:
    def url(purpose: str) -> str:
        return f"{sender.base_url}/{purpose}/{link_token(sender.index_key, purpose, store.id, brief.id)}"

    mail = NoticeMail(
        notice=Notice(line.notice),
        order=brief.order,
        parcel=next((parcel.shipment for parcel in brief.parcels if parcel.key == line.about), None),
        parcels=tuple(parcel.shipment for parcel in brief.parcels),
        refund=_refund(brief, line.about),
        told_together=tuple(Notice(other.notice) for other in lines if other.told_in == line.id),
        no_tracking=line.without_number,
        locale=brief.locale,
        time_zone=store.time_zone,
        store_name=store.name,
        store_url=shop_url(store),
        accent=store.accent,
        tracking_url=url(TRACKING),
        unsubscribe_url=url(UNSUBSCRIBE),
        help_links=(),
        can_reply=bool(store.reply_to),
        ways=tell_ways(store, brief.locale),
        help_url=help_url(sender.base_url, store, brief.locale),
    )
    return _Letter(mail, brief.order.email, store, message_id(sender, store, brief, line))


def _refund(brief: OrderBrief, about: str) -> Refund | None:
    return next((refund for refund in brief.order.refunds if refund.external_id == about), None)


def message_id(sender: Sender, store: StoreBrief, brief: OrderBrief, line: LineBrief) -> str:
    """The same for ever for one notice, so that a mail sent twice is recognised as one."""
    vault: Vault = sender.db.vault
    name = vault.index("message-id", f"{store.public_id}:{brief.external_id}:{line.notice}:{line.about}")
    return f"<{name}@{parseaddr(sender.mail_from)[1].partition('@')[2] or 'localhost'}>"


def _build(sender: Sender, letter: _Letter) -> tuple[bytes, Rendered]:
    rendered = render_notice(letter.mail)
    mail = Mail(
        to=letter.to,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        from_name=letter.store.sender_name or letter.store.name,
        from_address=parseaddr(sender.mail_from)[1],
        reply_to=letter.store.reply_to or "",
        message_id=letter.message_id,
        list_unsubscribe_url=letter.mail.unsubscribe_url,
    )
    return build_message(mail), rendered


def _write(
    sender: Sender, job: Claimed, letter: _Letter, rendered: Rendered | None, failed: str = ""
) -> None:
    assert job.store is not None
    which = {"store": job.store, "line": job.payload["notice"], "message_id": letter.message_id}
    with sender.db.plain_transaction(job.store) as tx:
        if rendered is None:
            _FAILED.run_later(tx, which | {"reason": "failed", "words": failed[:500]})
        else:
            mail = f"{rendered.subject}\n\n{rendered.text}"
            _SENT.run_later(tx, which | {"sent_at": sender.clock.now(), "mail": mail})
        finish(tx, job)


def _noting(*names: str) -> Prepared:
    columns = LedgerRow.__table__.c
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    which = (
        columns.store_id == bindparam("store", type_=Integer),
        columns.id == bindparam("line", type_=Integer),
    )
    return Prepared(lambda _: update(LedgerRow).where(*which).values(values))


_RETOLD = Prepared(
    lambda _: (
        update(LedgerRow)
        .where(
            LedgerRow.__table__.c.store_id == bindparam("store", type_=Integer),
            LedgerRow.__table__.c.order_id == bindparam("order", type_=Integer),
            LedgerRow.__table__.c.told_in == bindparam("line", type_=Integer),
        )
        .values(told_in=bindparam("newest", type_=Integer))
    )
)
"""What a mail that never left would have told, the newest mail tells."""
_STALE = _noting("reason")
_SENT, _FAILED = _noting("message_id", "sent_at", "mail"), _noting("message_id", "reason", "words")
