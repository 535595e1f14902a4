"""What the bot says. Pure: a question, the help and a proven order in; words out. It says where an answer comes from,
or that it does not know; it never guesses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from plugin.care.order_view import ShownShipment, reader_locale, show_order
from plugin.help import Article, Learned, Reply, answer
from plugin.language import LOCALES, Translator, format_day, format_time, translator
from plugin.notices.mail_facts import clean
from plugin.orders import OrderView
from plugin.stores import StoreRow

ORDER_ARTICLES = frozenset(("track-order",))
"""Articles about how to see where an order is: whoever has proven one sees it instead."""
WAY_ARTICLES = frozenset((
    "delivery-times", "delivery-day", "find-order", "late-parcel", "missed-delivery", "delivered-not-received",
    "order-confirmation",
))  # fmt: skip
"""Articles about what may happen to one: after how it stands they still say what to do."""
WANTS_ORDER = (ORDER_ARTICLES | WAY_ARTICLES) - {"delivery-times", "delivery-day", "find-order"}
"""Where the bot offers to look at the order: not where somebody asks who may have bought nothing yet, or does not know
the order's number."""

_YES = re.compile(
    r"(?:sí|si|claro|dale|vale|bueno|ok|okay|por favor|porfa|quiero|de acuerdo|perfecto|yes|yeah|yep|sure"
    r"|please|sim|quero|pode ser|isso|com certeza|tá bom|ta bom)"
    r"(?:[\s,.!]+(?:sí|si|claro|por favor|porfa|gracias|please|thanks|quiero"
    r"|quero|sim|yes|ok|obrigad[oa]|por supuesto|una persona|a person|uma pessoa))*[\s.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class BotWords:
    """One answer of the bot. `hand_over`: a person takes over, and there are no words. `offer`: ``order``, to
    look at the shopper's once it is proven, or ``person``; `confidence`: the chance (0..1) it gave the nearest article;
    `helps`: it answered the question. It failed where it offers a person."""

    text: str
    body: tuple[Any, ...] | None = None
    source: tuple[str, str] | None = None
    hand_over: bool = False
    offer: str | None = None
    confidence: float | None = None
    helps: bool = False


def find_words(
    store: StoreRow,
    question: str,
    locale: str,
    *,
    order: OrderView | None,
    offered: bool,
    learned: Learned | None = None,
) -> BotWords:
    """The bot's answer. `order`: the visitor's, proven; `offered`: its last message offered a person; `learned`: the
    phrasings that the store's agents taught."""
    words, reply = translator(locale, "care"), answer(store, question, locale, learned)
    if reply.handoff or (offered and _YES.fullmatch(question.strip()[:80])):
        return BotWords("", hand_over=True)
    article = reply.article
    if article is None:
        return _abstain(words, reply)
    if order is not None and article.article_id in ORDER_ARTICLES | WAY_ARTICLES:
        return replace(tell_order(store, order, article, locale), confidence=reply.confidence)
    wants_order = order is None and article.article_id in WANTS_ORDER
    return BotWords(
        article.text, tuple(article.tree), (article.article_id, article.title),
        offer="order" if wants_order else None, confidence=reply.confidence, helps=True,
    )  # fmt: skip


def _abstain(words: Translator, reply: Reply) -> BotWords:
    _ = words.gettext
    if reply.small_talk:
        return BotWords(_("Tell me what you would like to know, or ask for a person at any time."))
    lead = _("I do not have a sure answer to that, and I would rather not guess.")
    offer = _("Would you like a person to help you?")
    return BotWords(f"{lead} {offer}", offer="person", confidence=reply.confidence)


def tell_order(store: StoreRow, view: OrderView, article: Article | None, locale: str) -> BotWords:
    """How a proven order stands, in words, and where they come from: the order, and how new its latest news is; an
    article of `WAY_ARTICLES` follows."""
    body: list[Any]
    shown, words = show_order(view, locale), translator(locale, "care")
    _ = words.gettext
    head = _("Your order {number}: {status}.").format(number=shown["number"], status=shown["status_label"])
    money = _("Payment: {payment}. Total: {total}.").format(
        payment=shown["payment_label"], total=shown["total"]["text"]
    )
    text, body = [head, money], [_paragraph(_strong(head)), _paragraph(money)]
    for place, shipment in enumerate(shown["shipments"], 1):
        line, nodes = _tell_shipment(shipment, place if len(shown["shipments"]) > 1 else 0, words)
        text.append(line)
        body.append(_paragraph(*nodes))
    if not shown["shipments"] and shown["status"] in ("pending", "on_hold", "processing"):
        none = _("No parcel has left yet.")
        text.append(none)
        body.append(_paragraph(none))
    text.append(_name_source(store, view, locale, words))
    body.append(_paragraph({"tag": "em", "children": [text[-1]]}))
    source = None
    if article is not None and article.article_id in WAY_ARTICLES:
        text.append(article.text)
        body.extend(article.tree)
        source = (article.article_id, article.title)
    return BotWords("\n".join(text), tuple(body), source, helps=True)


def _name_source(store: StoreRow, view: OrderView, locale: str, words: Translator) -> str:
    """Said in the message itself: `BotWords.source` is an article that a press opens."""
    at, reader = max((view.order.modified_at, *(one.at for one in view.timeline))), reader_locale(view, locale)
    day, time = format_day(at, reader, store.time_zone), format_time(at, reader, store.time_zone)
    source = words.gettext("Source: your order {number} at {store}. Its latest news: {day}, {time}.")
    return source.format(number=clean(view.order.number, 60), store=clean(store.name, 80), day=day, time=time)


def tells_order(text: str) -> bool:
    """Whether this is what `tell_order` says, in whichever language."""
    return _order_heads().match(text) is not None


@cache
def _order_heads() -> re.Pattern[str]:
    heads = [translator(one, "care").gettext("Your order {number}: {status}.") for one in LOCALES]
    begun = {re.escape(head.partition("{status}")[0].rstrip()) for head in heads}
    return re.compile("|".join(sorted(one.replace(re.escape("{number}"), r".{0,200}?") for one in begun)))


def _tell_shipment(shipment: ShownShipment, place: int, words: Translator) -> tuple[str, Sequence[Any]]:
    _ = words.gettext
    label = _("Parcel {place}").format(place=place) if place else _("Parcel")
    parts = [f"{label}: {shipment['status_label']}"]
    parts += [part for part in (shipment["carrier"], shipment["tracking_number"]) if part]
    line = " · ".join(parts)
    url = shipment["tracking_url"]
    if url is None:
        return line, (line,)
    link = {"tag": "a", "href": url, "children": [_("Follow the parcel")]}
    return f"{line} · {url}", (f"{line} · ", link)


def _paragraph(*children: Any) -> dict[str, Any]:
    return {"tag": "p", "children": list(children)}


def _strong(text: str) -> dict[str, Any]:
    return {"tag": "strong", "children": [text]}
