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
    too_many_looks = "too_many_looks"
    too_many_forms = "too_many_forms"
    wrong_code = "wrong_code"
    dead_code = "dead_code"
    no_address = "no_address"
    other_consent = "other_consent"
    nothing_to_rate = "nothing_to_rate"
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
        Refusal.too_many_looks: _(
            "Orders with this address were asked for too often today. A person of the store can help you here."
        ),
        Refusal.too_many_forms: _(
            "Too many messages were sent with this form today. Nothing of yours is lost: please try again tomorrow, or "
            "reach the store in another way."
        ),
        Refusal.wrong_code: _("This is not the code. Look at the newest mail from the store and try again."),
        Refusal.dead_code: _("This code does not open anything (any more). Please ask for a new one."),
        Refusal.no_address: _("This is not an e-mail address. Please look at it again."),
        Refusal.other_consent: _("The words of this form have changed. Please load the page again."),
        Refusal.nothing_to_rate: _(
            "Nobody has answered here yet. You can say what you think once somebody has."
        ),
        Refusal.store_away: _("The store does not answer just now. Please try again in a moment."),
        Refusal.away: _("Something here is not ready. Please try again in a moment."),
        Refusal.broken: _("Something went wrong here. Please try again in a moment."),
    }[refusal]
