"""Ready answers. One opens as a draft with its placeholders filled from what is proven; a person reads and sends it.

What is not known leaves its placeholder standing, and such a draft is not sent before somebody has written something in
its place.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from plugin.care.desk_models import MacroRow
from plugin.care.doors import Care
from plugin.care.hold import Agent
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.order_view import ShownOrder, show_order
from plugin.care.phases import PHASES
from plugin.care.search import fold_word
from plugin.language import LOCALES, format_day, language_of
from plugin.notices.mail_facts import clean, greeting_name
from plugin.orders import OrderView
from plugin.stores import StoreRow
from plugin.stores.access import lock_store

PLACEHOLDERS = ("name", "order", "status", "date", "tracking", "agent", "store")
"""``name``: the shopper's first name; ``order``: its number; ``date``: the day it was placed."""
LONGEST_TITLE, LONGEST_TEXT = 80, 3500
MOST_MACROS = 200
_BRACES = re.compile(r"\{([^{}\n]{0,60})\}")
_MACRO_ID = re.compile(r"mc_[A-Za-z0-9_-]{8,64}")


class UnwantedMacro(Exception):
    """It cannot be kept. `code`: title, long_title, same_title (`detail`: public id of who is called so), text,
    long_text, placeholder (`detail`: as it stands there), many, changed (somebody else did meanwhile). `locale`: in
    which language's text, '' where it is in none."""

    def __init__(self, code: str, detail: str = "", locale: str = "") -> None:
        super().__init__(f"{code} {detail} {locale}".strip())
        self.code, self.detail, self.locale = code, detail, locale


@dataclass(frozen=True)
class Draft:
    """A filled macro. `missing`: the placeholders that nothing is known for, and that still stand in the text."""

    macro: MacroRow
    text: str
    missing: tuple[str, ...]


def list_macros(tx: Session, store_id: int) -> Sequence[MacroRow]:
    """By title, as people sort: an accent changes no place."""
    rows = tx.scalars(select(MacroRow).where(MacroRow.store_id == store_id).limit(MOST_MACROS))
    return sorted(rows, key=lambda row: (fold_word(row.title), row.id))


def choose_macros(macros: Sequence[MacroRow], typed: str) -> Sequence[MacroRow]:
    """Those in whose title or texts all typed words stand, with or without accents; where one stands in the title
    first. All of them when no word is typed."""
    words = fold_word(typed).split()
    titles = {row.id: fold_word(row.title) for row in macros}
    wholes = {row.id: " ".join((titles[row.id], *map(fold_word, row.texts.values()))) for row in macros}
    found = [row for row in macros if all(one in wholes[row.id] for one in words)]
    return sorted(found, key=lambda row: bool(words) and not any(one in titles[row.id] for one in words))


def part_macros(macros: Sequence[MacroRow], phase: str) -> tuple[list[MacroRow], list[MacroRow]]:
    """(those for a shopper in this `phase`, those for other phases alone), each in the order given. What was written
    for this phase stands before what is for every one."""
    own = [row for row in macros if phase in row.phases]
    others = [row for row in macros if row.phases and phase not in row.phases]
    return own + [row for row in macros if not row.phases], others


def find_macro(tx: Session, store_id: int, public_id: str) -> MacroRow | None:
    """None when the store has none of this id."""
    return tx.scalar(_find(store_id, public_id)) if _MACRO_ID.fullmatch(public_id) is not None else None


def lock_macro(tx: Session, store_id: int, public_id: str) -> MacroRow | None:
    """The same, held until the end of the transaction: of two who change it at once, the second sees the first."""
    which = _find(store_id, public_id).with_for_update()
    return tx.scalar(which) if _MACRO_ID.fullmatch(public_id) is not None else None


def _find(store_id: int, public_id: str) -> Select[MacroRow]:
    return select(MacroRow).where(MacroRow.store_id == store_id, MacroRow.public_id == public_id)


def check_macro(title: str, texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Title and texts as they are kept: one line, and the languages in which something stands. Raises
    `UnwantedMacro`."""
    title = clean(title, LONGEST_TITLE + 1)
    kept = {one: words for one in LOCALES if (words := _tidy(texts.get(one, "")))}
    if not title or len(title) > LONGEST_TITLE:
        raise UnwantedMacro("long_title" if title else "title")
    if not kept:
        raise UnwantedMacro("text")
    for locale, words in kept.items():
        if len(words) > LONGEST_TEXT:
            raise UnwantedMacro("long_text", locale=locale)
        for name in _BRACES.findall(words):
            if name not in PLACEHOLDERS:
                raise UnwantedMacro("placeholder", "{" + name + "}", locale)
    return title, kept


def _tidy(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def keep_phases(phases: Collection[str]) -> list[str]:
    """In their own order; what is none is left out."""
    return [one for one in PHASES if one in phases]


def add_macro(
    tx: Session, store_id: int, title: str, texts: Mapping[str, str], now: datetime, phases: Collection[str] = ()
) -> MacroRow:
    """A new one, for shoppers in these `phases`; none: in all. Raises `UnwantedMacro`."""
    title, kept = check_macro(title, texts)
    if len(_list_others(tx, store_id, title)) >= MOST_MACROS:
        raise UnwantedMacro("many")
    row = MacroRow(
        store_id=store_id, public_id="mc_" + secrets.token_urlsafe(12), title=title, texts=kept, created_at=now,
        changed_at=now, sent=0, sent_unchanged=0, phases=keep_phases(phases),
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return row


def _list_others(tx: Session, store_id: int, title: str, public_id: str = "") -> Sequence[MacroRow]:
    """The others, none of which is called so: nobody could tell the two apart where they choose one. Raises
    `UnwantedMacro`. Of two who save the same name at once the second waits, and sees the first."""
    lock_store(tx, store_id)
    others = [row for row in list_macros(tx, store_id) if row.public_id != public_id]
    for row in others:
        if fold_word(row.title) == fold_word(title):
            raise UnwantedMacro("same_title", row.public_id)
    return others


def change_macro(
    tx: Session, row: MacroRow, title: str, texts: Mapping[str, str], seen: str, now: datetime,
    phases: Collection[str] = (),
) -> None:  # fmt: skip
    """Changes a locked one. `seen`: its `changed_at` (ISO) when its form was opened: what somebody else wrote since is
    not written over. Raises `UnwantedMacro`."""
    title, kept = check_macro(title, texts)
    if seen != row.changed_at.isoformat():
        raise UnwantedMacro("changed")
    _list_others(tx, row.store_id, title, row.public_id)
    row.title, row.texts, row.phases, row.changed_at = title, kept, keep_phases(phases), now


def remove_macro(tx: Session, store_id: int, public_id: str) -> bool:
    """What was sent with it stays. False: there is none of this id."""
    row = find_macro(tx, store_id, public_id)
    if row is None:
        return False
    tx.execute(delete(MacroRow).where(MacroRow.store_id == store_id, MacroRow.id == row.id))
    return True


# Filling


def fill_macro(
    macro: MacroRow, store: StoreRow, conversation: ConversationRow, order: OrderView | None, agent: Agent
) -> Draft:
    """The draft in the shopper's language, else in the store's, else in the first there is. `order`: the shopper's,
    proven; nothing of one that is not is ever filled in."""
    facts = gather_facts(store, conversation, order, agent)
    missing: dict[str, None] = {}

    def fill(found: re.Match[str]) -> str:
        value = facts.get(found[1], "")
        if not value:
            missing.setdefault(found[1])
        return value or found[0]

    wanted = (language_of(conversation.locale), language_of(store.locale), *LOCALES)
    words = next((macro.texts[one] for one in wanted if macro.texts.get(one)), "")
    return Draft(macro, _BRACES.sub(fill, words), tuple(missing))


def gather_facts(
    store: StoreRow, conversation: ConversationRow, order: OrderView | None, agent: Agent
) -> dict[str, str]:
    """Placeholder → words for the shopper, '' for what is not known."""
    facts = {"agent": agent.name, "store": store.sender_name or store.name, "name": ""}
    if conversation.writer_name:
        facts["name"] = greeting_name(conversation.writer_name)
    if order is not None:
        shown = show_order(order, conversation.locale)
        facts |= {
            "name": facts["name"] or greeting_name(order.order.customer_name), "order": shown["number"],
            "status": shown["status_label"], "tracking": _tell_tracking(shown),
            "date": format_day(order.order.created_at, conversation.locale, store.time_zone),
        }  # fmt: skip
    return facts


def _tell_tracking(shown: ShownOrder) -> str:
    told = []
    for parcel in shown["shipments"]:
        number = " ".join(one for one in (parcel["carrier"], parcel["tracking_number"]) if one)
        if parcel["tracking_number"]:
            told.append(f"{number}: {parcel['tracking_url']}" if parcel["tracking_url"] else number)
    return "\n".join(told)


def find_left(text: str) -> tuple[str, ...]:
    """The placeholders that still stand in an answer: it is not for sending."""
    return tuple(dict.fromkeys(f"{{{name}}}" for name in _BRACES.findall(text) if name in PLACEHOLDERS))


def count_sent(care: Care, message: MessageRow, macro: MacroRow, *, unchanged: bool) -> None:
    """Notes that an answer began with a macro; sending the same answer again counts nothing."""
    with care.db.transaction(message.store_id) as tx:
        mine = (MessageRow.store_id == message.store_id, MessageRow.id == message.id, MessageRow.macro_id.is_(None))
        noted = tx.execute(update(MessageRow).where(*mine).values(macro_id=macro.id))
        if getattr(noted, "rowcount", 0):
            which = (MacroRow.store_id == message.store_id, MacroRow.id == macro.id)
            counted = {"sent": MacroRow.sent + 1, "sent_unchanged": MacroRow.sent_unchanged + int(unchanged)}
            tx.execute(update(MacroRow).where(*which).values(counted))
