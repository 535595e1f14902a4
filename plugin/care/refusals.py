"""The sentences a shopper reads when something is refused: what happened, and what to do."""

from __future__ import annotations

from enum import StrEnum

from plugin.language import translator


class Refusal(StrEnum):
    """Why something was refused."""

    unreadable = "unreadable"
    length = "length"
    not_open = "not_open"
    foreign = "foreign"
    nothing = "nothing"
    too_large = "too_large"
    too_many = "too_many"
    store_away = "store_away"
    away = "away"
    broken = "broken"


def refusal_words(refusal: Refusal, locale: str) -> str:
    """One or two short sentences in the reader's language."""
    _ = translator(locale, "care").gettext
    return {
        Refusal.unreadable: _("This could not be read. Please load the page again."),
        Refusal.length: _("A message has between 1 and 4000 characters. Please shorten it."),
        Refusal.not_open: _("This conversation is no longer open here. Write again to begin a new one."),
        Refusal.foreign: _(
            "This page is not one of the store's. The store can add its address in its settings."
        ),
        Refusal.nothing: _("There is nothing here (any more)."),
        Refusal.too_large: _("This is too long. Please send less at once."),
        Refusal.too_many: _("That was a lot at once. Please wait a moment and try again."),
        Refusal.store_away: _("The store does not answer just now. Please try again in a moment."),
        Refusal.away: _("Something here is not ready. Please try again in a moment."),
        Refusal.broken: _("Something went wrong here. Please try again in a moment."),
    }[refusal]
