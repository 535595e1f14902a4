"""The job `care.code`: looks for the order that was asked for and mails the code to the address that stands in it.

Here alone it is known whether there is such an order, and here nobody waits for an answer.
"""

from __future__ import annotations

import hashlib
import hmac
import logging

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugin.care.answer import proven_view
from plugin.care.codes import DAY, TRIES, fold_number, index_code, make_code
from plugin.care.doors import Care
from plugin.care.letter_frame import Code, Letter, Line, Written, find_ways, write_letter
from plugin.care.mailing import Envelope, Post, post_letter
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
from plugin.language import translator
from plugin.notices.contact_words import WaysToReachUs
from plugin.notices.mail_facts import clean, greeting_name
from plugin.orders import OrderRow, OrderView, apply_order, find_order, view_order
from plugin.stores import StoreRow, ask_platform, get_store, has_access
from plugin.work import Claimed, finish

log = logging.getLogger("mostrador.care")

MOST_MAILS = 10
"""Codes mailed about one order in a day that nobody used: more is somebody's game with another's mailbox."""
MOST_ASKED = 240
"""Wishes of one store in an hour after which its platform is not asked for orders that are not known here."""
MOST_LOOKED_THROUGH = 200


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
    same = hashlib.sha256(f"{wish.handle_hash}:{wish.sent}".encode()).hexdigest()[:32]
    envelope = Envelope(view.order.email.strip(), post.name_message("code", same), care.clock.now())
    locale = view.row.locale or store.locale
    ways = find_ways(store, locale, post.base_url)
    post_letter(post, store, envelope, write_words(store.name, view.order, locale, code, store.accent, ways))
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


def write_words(
    store_name: str, order: Order, locale: str, code: str, accent: str, ways: WaysToReachUs | None = None
) -> Written:
    """The mail with a code. Nothing in it was typed by whoever asked: the number is the order's own."""
    _ = translator(locale, "care").gettext
    store, number = clean(store_name, 80), clean(order.number, 40)
    name = greeting_name(order.customer_name)
    hello = _("Hello, {name}:").format(name=name) if name else _("Hello:")
    # Asked for in the chat or on the help's own page: the words are right for both.
    lead = _(
        "Somebody, surely you, wants to see the order {number} of {store}. Type this code where you asked for it:"
    ).format(number=number, store=store)
    lives = _("It works once, for 15 minutes.")
    not_me = _("Was it not you? Then do nothing: without this code nobody sees the order.")
    never = _("Give it to nobody: {store} will never ask you for it.").format(store=store)
    subject = _("Your code for the order {number}").format(number=number)
    blocks = (Line(hello), Line(lead), Code(code), Line(lives), Line(f"{not_me} {never}", quiet=True))
    return write_letter(Letter(subject, store_name, locale, accent, blocks, ways))
