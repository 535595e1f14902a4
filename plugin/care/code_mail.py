"""The job `care.code`: looks for the order that was asked for and mails the code to the address that stands in it.

Here alone it is known whether there is such an order, and here nobody waits for an answer.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import logging
from dataclasses import dataclass
from email.utils import parseaddr

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugin.care.answer import proven_view
from plugin.care.codes import DAY, TRIES, fold_number, index_code, make_code
from plugin.care.doors import Care
from plugin.care.models import OrderCodeRow
from plugin.care.proof import may_be_shown
from plugin.contract import (
    AdapterError,
    Capability,
    Order,
    OrderStatus,
    PlatformDown,
    RateLimited,
    Store,
    StoreAdapter,
)
from plugin.language import language_of, translator
from plugin.mail import Mail, MailDelayed, MailInvalid, MailRefused, MailTransport, build_message
from plugin.notices.colours import read_accent
from plugin.notices.mail_facts import clean, greeting_name
from plugin.orders import OrderRow, OrderView, apply_order, find_order, view_order
from plugin.stores import StoreRow, ask_platform, get_store, has_access
from plugin.work import Claimed, TryLater, finish

log = logging.getLogger("mostrador.care")

MOST_MAILS = 10
"""Codes mailed about one order in a day that nobody used: more is somebody's game with another's mailbox."""
MOST_ASKED = 240
"""Wishes of one store in an hour after which its platform is not asked for orders that are not known here."""
MOST_LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Post:
    """How mail leaves. `mail_from`: the address it comes from, a name may stand before it."""

    transport: MailTransport
    mail_from: str


def send_code(care: Care, post: Post, job: Claimed) -> None:
    """The job `care.code`. A code that could not be mailed while it lives is not mailed at all; tried again, the mail
    says the same under the same Message-ID."""
    assert job.store is not None
    with care.db.reading(job.store) as tx:
        store, wish = get_store(tx, job.store), _read_wish(care, tx, job)
        order_id = _find_known(care, tx, wish) if wish is not None else None
        asks = wish is not None and order_id is None and _may_ask(care, tx, store)
    if wish is None:
        return
    if asks:
        order_id = _ask_for_order(care, store, wish)
    if order_id is None:
        return
    view = _keep_code(care, job, order_id)
    if view is None:
        return
    code = make_code(care.db.vault, wish.handle_hash, wish.sent)
    mail = _write_mail(care, post, store, view, wish, code)
    try:
        post.transport.send(build_message(mail), mail.from_address, mail.to)
    except MailDelayed as error:
        raise TryLater("The mail server is away.") from error
    except (MailInvalid, MailRefused):
        log.info("The code for an order could not be mailed: its address takes no mail.")
    with care.db.transaction(job.store) as tx:
        finish(tx, job)


def _read_wish(care: Care, tx: Session, job: Claimed, *, lock: bool = False) -> OrderCodeRow | None:
    """The wish, while it still waits for this code."""
    assert job.store is not None
    which = select(OrderCodeRow).where(
        OrderCodeRow.store_id == job.store, OrderCodeRow.id == job.payload["code"]
    )
    if lock:
        which = which.with_for_update().execution_options(populate_existing=True)
    row = tx.scalar(which)
    if row is None or row.used_at is not None or row.expires_at <= care.clock.now() or row.failures >= TRIES:
        return None
    return row if row.sent == job.payload["sent"] and row.number is not None else None


def _find_known(care: Care, tx: Session, wish: OrderCodeRow) -> int | None:
    """The order's row id, among those of this address that are known here."""
    wanted = fold_number(wish.number or "")
    mine = (
        OrderRow.store_id == wish.store_id, OrderRow.email_index == wish.email_index, OrderRow.version != "",
        OrderRow.gone_at.is_(None),
    )  # fmt: skip
    newest = select(OrderRow).where(*mine).order_by(OrderRow.id.desc()).limit(MOST_LOOKED_THROUGH)
    for row in tx.scalars(newest):
        view = view_order(tx, row)
        if fold_number(view.order.number) == wanted and may_be_shown(view):
            return row.id
    return None


def _may_ask(care: Care, tx: Session, store: StoreRow) -> bool:
    if not has_access(store):
        return False
    recent = select(func.count()).select_from(OrderCodeRow).where(
        OrderCodeRow.store_id == store.id, OrderCodeRow.created_at > care.clock.now() - DAY / 24
    )  # fmt: skip
    return (tx.scalar(recent) or 0) <= MOST_ASKED


def _ask_for_order(care: Care, store: StoreRow, wish: OrderCodeRow) -> int | None:
    """The row id of an order that the platform knows and we did not, kept now. Raises `PlatformDown`, `RateLimited`:
    then the job is tried again."""

    def ask(adapter: StoreAdapter, platform_store: Store) -> Order | None:
        if Capability.READ_ORDERS not in adapter.capabilities:
            return None
        return adapter.find_order(platform_store, (wish.number or "").strip())

    try:
        order = ask_platform(care.db, care.registry, store.id, ask)
    except (PlatformDown, RateLimited):
        raise
    except AdapterError as error:
        log.warning("An order could not be looked for: %s", type(error).__name__)
        return None
    if order is None or order.status is OrderStatus.draft or not _fits(care, order, wish):
        return None
    with care.db.transaction(store.id) as tx:
        apply_order(tx, get_store(tx, store.id), order, care.clock.now())
        row = find_order(tx, store.id, order.external_id)
        return row.id if row is not None else None


def _fits(care: Care, order: Order, wish: OrderCodeRow) -> bool:
    index = care.db.vault.index("email", order.email.strip().lower())
    same = hmac.compare_digest(index, wish.email_index)
    return same and fold_number(order.number) == fold_number(wish.number or "")


def _keep_code(care: Care, job: Claimed, order_id: int) -> OrderView | None:
    """From here on the code opens the order. None: the wish ended meanwhile, or the order heard of too many."""
    assert job.store is not None
    now = care.clock.now()
    with care.db.transaction(job.store) as tx:
        row = _read_wish(care, tx, job, lock=True)
        view = proven_view(tx, job.store, order_id)
        if row is None or view is None or not view.order.email:
            return None
        mailed = select(func.sum(OrderCodeRow.sent)).where(
            OrderCodeRow.store_id == job.store, OrderCodeRow.order_id == order_id, OrderCodeRow.id != row.id,
            OrderCodeRow.created_at > now - DAY, OrderCodeRow.used_at.is_(None),
        )  # fmt: skip
        if (tx.scalar(mailed) or 0) + row.sent > MOST_MAILS:
            return None
        code = make_code(care.db.vault, row.handle_hash, row.sent)
        row.order_id, row.code_index = order_id, index_code(care.db.vault, row.handle_hash, code)
    return view


def _write_mail(
    care: Care, post: Post, store: StoreRow, view: OrderView, wish: OrderCodeRow, code: str
) -> Mail:
    address = parseaddr(post.mail_from)[1]
    same = hashlib.sha256(f"{wish.handle_hash}:{wish.sent}".encode()).hexdigest()[:32]
    written = write_words(store.name, view.order, view.row.locale or store.locale, code, store.accent)
    return Mail(
        to=view.order.email.strip(), subject=written.subject, html=written.html, text=written.text,
        from_name=store.sender_name or store.name, from_address=address, reply_to=store.reply_to or "",
        message_id=f"<code-{same}@{address.partition('@')[2] or 'localhost'}>", sent_at=care.clock.now(),
    )  # fmt: skip


@dataclass(frozen=True)
class CodeWords:
    """The mail in its reader's words; text and HTML say the same."""

    subject: str
    html: str
    text: str


def write_words(store_name: str, order: Order, locale: str, code: str, accent: str) -> CodeWords:
    """The mail with a code. Nothing in it was typed by whoever asked: the number is the order's own."""
    _ = translator(locale, "care").gettext
    store, number = clean(store_name, 80), clean(order.number, 40)
    name = greeting_name(order.customer_name)
    hello = _("Hello, {name}:").format(name=name) if name else _("Hello:")
    lead = _(
        "Somebody, surely you, wants to see the order {number} in the chat of {store}. Type this code there:"
    )
    lives = _("It works once, for 15 minutes.")
    not_me = _("Was it not you? Then do nothing: without this code nobody sees the order.")
    never = _("Give it to nobody: {store} will never ask you for it.").format(store=store)
    lead = lead.format(number=number, store=store)
    subject = _("Your code for the order {number}").format(number=number)
    text = "\n\n".join((hello, lead, code, lives, f"{not_me} {never}")) + "\n"
    plain = [html.escape(one) for one in (hello, lead, lives, f"{not_me} {never}", subject, store)]
    edge = read_accent(accent).fill
    page = (
        f'<!doctype html><html lang="{language_of(locale)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{plain[4]}</title></head>'
        '<body style="margin:0;padding:24px;background:#ffffff;color:#1d1f22;font-family:sans-serif;font-size:16px;'
        f'line-height:1.5"><main style="max-width:560px;margin:0 auto;border-top:4px solid {edge};padding-top:16px">'
        f'<h1 style="font-size:20px;margin:0 0 16px">{plain[5]}</h1><p>{plain[0]}</p><p>{plain[1]}</p>'
        '<p style="font-size:34px;font-weight:bold;letter-spacing:6px;font-family:monospace;margin:16px 0">'
        f'{code}</p><p>{plain[2]}</p><p style="color:#555a61">{plain[3]}</p></main></body></html>'
    )
    return CodeWords(subject, page, text)
