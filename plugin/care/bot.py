"""What the bot says. Pure: a question, the help and a proven order in; words out. It says where an answer comes from,
or that it does not know; it never guesses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plugin.care.order_view import ShownShipment, show_order
from plugin.help import Article, Reply, answer
from plugin.language import Translator, translator
from plugin.orders import OrderView
from plugin.stores import StoreRow

ORDER_ARTICLES = frozenset(("track-order", "delivery-times"))
"""Articles about the way of an order: whoever has proven one hears how theirs stands."""

_YES = re.compile(
    r"(?:sí|si|claro|dale|vale|bueno|ok|okay|por favor|porfa|quiero|de acuerdo|perfecto|yes|yeah|yep|sure"
    r"|please|sim|quero|pode ser|isso|com certeza|tá bom|ta bom)"
    r"(?:[\s,.!]+(?:sí|si|claro|por favor|porfa|gracias|please|thanks|quiero"
    r"|quero|sim|yes|ok|obrigad[oa]|por supuesto|una persona|a person|uma pessoa))*[\s.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class BotWords:
    """One answer of the bot. `hand_over`: the words are the store's, and a person takes over."""

    text: str
    body: tuple[Any, ...] | None = None
    source: tuple[str, str] | None = None
    hand_over: bool = False
    offers_person: bool = False


def find_words(
    store: StoreRow, question: str, locale: str, *, order: OrderView | None, offered: bool, here: bool
) -> BotWords:
    """The bot's answer. `order`: the visitor's, proven; `offered`: its last message offered a person; `here`:
    somebody of the store is at the desk now."""
    words, reply = translator(locale, "care"), answer(store, question, locale)
    if reply.handoff or (offered and _YES.fullmatch(question.strip()[:80])):
        return BotWords(hand_over_words(words, here=here), hand_over=True)
    if order is not None and reply.article is not None and reply.article.article_id in ORDER_ARTICLES:
        return _tell_order(order, reply.article, locale)
    if reply.article is not None:
        article = reply.article
        return BotWords(article.text, tuple(article.tree), (article.article_id, article.title))
    return _abstain(words, reply)


def hand_over_words(words: Translator, *, here: bool) -> str:
    """What the shopper hears when a person is to take over; promises nothing that is not so."""
    _ = words.gettext
    if here:
        return _("We have told the team. A person will answer you here in a moment.")
    away = _("We have told the team, but nobody is at the counter right now.")
    later = _("A person will answer you here as soon as they are back.")
    return f"{away} {later}"


def _abstain(words: Translator, reply: Reply) -> BotWords:
    _ = words.gettext
    if reply.small_talk:
        return BotWords(_("Tell me what you would like to know, or ask for a person at any time."))
    lead = _("I do not have a sure answer to that, and I would rather not guess.")
    offer = _("Would you like a person to help you?")
    return BotWords(f"{lead} {offer}", offers_person=True)


def _tell_order(view: OrderView, article: Article, locale: str) -> BotWords:
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
    source = None
    if article.article_id == "delivery-times":
        text.append(article.text)
        body.extend(article.tree)
        source = (article.article_id, article.title)
    return BotWords("\n".join(text), tuple(body), source)


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
