"""The desk's own two mails: a test of what shoppers get, to the agent's own address alone, and the sign-in link."""

from __future__ import annotations

import html
import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from email.utils import parseaddr

from flask import Response, request

from plugin.agents import AgentRow, has_used_link, mint_link_for_index
from plugin.contract import (
    Money,
    Notice,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Shipment,
    ShipmentStatus,
)
from plugin.database import ALL
from plugin.language import translator
from plugin.mail import Mail, MailDelayed, MailError, MailInvalid, MailRefused, build_message
from plugin.notices.render import NoticeMail, render_notice
from plugin.stores import StoreRow, get_store, shop_url
from plugin.stores.addresses import help_url
from plugin.stores.contact_words import tell_ways
from plugin.stores.wishes import count_test_mail
from plugin.web.access import here_store, owners_only, visit
from plugin.web.desk_frame import _, back_to, desk
from plugin.web.desk_store import TEST_NOTICES, show_store
from plugin.web.doors import Doors, doors
from plugin.work import Claimed, TryLater, offload


@dataclass(frozen=True)
class _Wish:
    """What a test mail is made of."""

    notice: Notice
    store: StoreRow
    agent: AgentRow
    base_url: str
    mail_from: str


@desk.post("/<store>/store/test-mail")
@owners_only
def send_test_mail() -> Response:
    """A mail as a shopper would get it, to whoever pressed the button; five a day for one store."""
    here, row, agent = doors(), here_store(), visit().agent
    named = request.form.get("notice", "")
    notice = Notice(named) if named in TEST_NOTICES else Notice.shipped
    with here.db.reading(ALL, "has an agent shown that their address is theirs") as tx:
        proven = has_used_link(tx, agent.id)
    if not proven:
        return show_store(403, _refuse_unproven(agent), "test-mail")
    with here.db.transaction(row.id) as tx:
        allowed = count_test_mail(get_store(tx, row.id), here.clock.now())
    if not allowed:
        return show_store(
            429, _("Today's five test mails are used up. Tomorrow there are five more."), "test-mail"
        )
    wish = _Wish(notice, row, agent, here.settings.base_url, here.settings.mail_from)
    try:
        message = offload(_build_test, here, wish)
        here.transport.send(message, parseaddr(here.settings.mail_from)[1], agent.email)
    except (MailError, MailInvalid) as error:
        words = _("The test mail could not be handed over: {words}").format(words=str(error))
        return show_store(502, words, "test-mail")
    return back_to("desk.store", "test_mail", anchor="test-mail", about="test-mail")


def _refuse_unproven(agent: AgentRow) -> str:
    return _(
        "Your shop says that {address} is yours, but nobody has shown it yet. Sign out and sign in with this address: "
        "we mail it a link. Once that link was used, test mails go out."
    ).format(address=agent.email)


def _build_test(here: Doors, wish: _Wish) -> bytes:
    store, now = wish.store, here.clock.now()
    currency = store.currency if len(store.currency) == 3 else "EUR"
    price = Money(amount=Decimal("24.90"), currency=currency)
    words = translator(wish.agent.locale, "web")
    delivered = wish.notice is Notice.delivered
    parcel = Shipment(
        status=ShipmentStatus.delivered if delivered else ShipmentStatus.in_transit, external_id="test",
        tracking_number="TEST123456", carrier=words.gettext("Example carrier"),
    )  # fmt: skip
    order = Order(
        external_id="test", number="TEST-1001", status=OrderStatus.processing, raw_status="test",
        payment_status=PaymentStatus.paid, created_at=now - timedelta(days=2), modified_at=now, total=price,
        customer_name=wish.agent.name, email=wish.agent.email,
        lines=(OrderLine(external_id="1", name=words.gettext("Example product"), quantity=2, total=price),),
    )  # fmt: skip
    with_parcel = wish.notice in (Notice.shipped, Notice.delivered)
    rendered = render_notice(
        NoticeMail(
            notice=wish.notice, order=order, parcel=parcel if with_parcel else None,
            parcels=(parcel,) if with_parcel else (), locale=wish.agent.locale, time_zone=store.time_zone,
            store_name=store.name, store_url=shop_url(store), accent=store.accent,
            tracking_url=f"{wish.base_url}/desk/{store.public_id}/store", can_reply=bool(store.reply_to),
            ways=tell_ways(store, wish.agent.locale),
            help_url=help_url(wish.base_url, store, wish.agent.locale),
        )
    )  # fmt: skip
    return build_message(
        Mail(
            to=wish.agent.email, subject=words.gettext("Test: {subject}").format(subject=rendered.subject),
            html=rendered.html, text=rendered.text, from_name=store.sender_name or store.name,
            from_address=parseaddr(wish.mail_from)[1], reply_to=store.reply_to or "",
            message_id=fresh_message_id(wish.mail_from), sent_at=now,
        )
    )  # fmt: skip


def fresh_message_id(mail_from: str) -> str:
    """A Message-ID of our own domain."""
    return f"<{secrets.token_hex(16)}@{parseaddr(mail_from)[1].partition('@')[2] or 'localhost'}>"


def mail_sign_in_link(here: Doors, job: Claimed) -> None:
    """The job `desk.mail_link`: mints a link and mails it. For an address nobody has, it does nothing."""
    with here.db.transaction(ALL, "a sign-in link for a mail") as tx:
        minted = mint_link_for_index(tx, job.payload["index"], here.clock.now())
        if minted is None:
            return
        agent, token = minted
        # Until somebody has shown that the address is theirs, the name may be any shop's words to a stranger.
        name = agent.name if has_used_link(tx, agent.id) else agent.email.partition("@")[0]
    try:
        message = build_message(_write_link(here, agent, name, f"{here.settings.base_url}/sign-in/{token}"))
        here.transport.send(message, parseaddr(here.settings.mail_from)[1], agent.email)
    except MailDelayed as error:
        raise TryLater(str(error)) from error
    except (MailInvalid, MailRefused):
        # Its server does not want it: the operator's sign-in links are the other way in.
        return


def _write_link(here: Doors, agent: AgentRow, name: str, url: str) -> Mail:
    _ = translator(agent.locale, "web").gettext
    subject, press = _("Your way to the desk"), _("Open the desk")
    hello = _("Hello, {name}:").format(name=name)
    once = _("This link opens the desk once, within a day:")
    not_me = _("Did you not ask for it? Then do nothing: nobody gets in without this mail.")
    words = [html.escape(one) for one in (hello, once, not_me, press, subject)]
    page = (
        f'<!doctype html><html lang="{agent.locale}"><head><meta charset="utf-8"><title>{words[4]}</title></head>'
        f'<body style="font-family:sans-serif;font-size:16px;line-height:1.5"><main><p>{words[0]}</p>'
        f'<p>{words[1]}</p><p><a href="{html.escape(url)}">{words[3]}</a></p><p>{words[2]}</p></main></body></html>'
    )
    return Mail(
        to=agent.email,
        subject=subject,
        html=page,
        text="\n\n".join((hello, once, url, not_me)) + "\n",
        from_name="Mostrador",
        from_address=parseaddr(here.settings.mail_from)[1],
        message_id=fresh_message_id(here.settings.mail_from),
        sent_at=here.clock.now(),
    )
