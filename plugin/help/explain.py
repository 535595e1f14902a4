"""What the bot would answer to a question, and why: for the test box of the desk. It goes the way of a shopper's
question (`plugin.help.answers`) and keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faq_links import Article, Reason, find_reasons
from faq_links.anger import is_angry
from plugin.help.answers import FAINT, LONGEST_QUESTION, answer, is_about_hidden
from plugin.help.calibration import threshold_of
from plugin.help.catalogues import catalogue_of
from plugin.help.learning import Learned
from plugin.help.warming import ready_catalogue
from plugin.stores import StoreRow
from plugin.work import offload

FATES = ("answered", "person", "small_talk", "hidden", "unsure", "nothing")


@dataclass(frozen=True)
class Explained:
    """`fate`: answered (`article` is given), person (one is asked for), small_talk (politeness), hidden (an article
    that is not shown would fit better), unsure (`confidence` is below `threshold`), nothing (no article has any of it).
    `taught`: somebody of the store taught these very words; `angry`: it sounds so; `reasons`: the nearest articles,
    best first, with what speaks for each."""

    fate: str
    article: Article | None
    confidence: float
    threshold: float
    taught: bool
    angry: bool
    reasons: Sequence[Reason]


def explain(store: StoreRow, question: str, locale: str, learned: Learned | None = None) -> Explained:
    """What the bot would answer now to these words of a reader of `locale`."""
    question = question[:LONGEST_QUESTION]
    reply, catalogue = answer(store, question, locale, learned), ready_catalogue(store, locale, learned)
    reasons = [one for one in offload(find_reasons, catalogue, question, locale) if one.score >= FAINT]
    served = catalogue_of(store, learned).resolve(locale)
    taught = learned is not None and served is not None and learned.find(question, served) is not None
    threshold = threshold_of(store)
    if reply.article is not None:
        fate = "answered"
    elif reply.handoff or reply.small_talk:
        fate = "person" if reply.handoff else "small_talk"
    elif not reasons:
        fate = "nothing"
    else:
        nearest = reasons[0].article_id
        sure = reply.confidence >= threshold
        hidden = sure and is_about_hidden(catalogue, nearest, question, locale, reply.confidence)
        fate = "hidden" if hidden else "unsure"
    return Explained(
        fate, reply.article, reply.confidence, threshold, taught and fate == "answered", is_angry(question), reasons
    )
