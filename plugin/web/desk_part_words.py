"""The words for topics, and for what is wrong with a ready answer."""

from __future__ import annotations

from plugin.care.macros import LONGEST_TEXT, LONGEST_TITLE, MOST_MACROS, UnwantedMacro
from plugin.language import translator


def name_topic(topic: str, locale: str) -> str:
    """What a talk is about; '' for nothing yet."""
    words = translator(locale, "web")
    _ = words.gettext
    return {
        "doubt": words.pgettext("topic", "Question"),
        "complaint": _("Complaint"),
        "praise": _("Praise"),
        "comment": _("Comment"),
        "where_is_my_order": _("Where is my order"),
    }.get(topic, "")


def name_placeholder(name: str, locale: str) -> str:
    """What stands there once a ready answer is opened."""
    _ = translator(locale, "web").gettext
    return {
        "name": _("the shopper's first name"),
        "order": _("the number of their proven order"),
        "status": _("how that order stands"),
        "date": _("the day it was placed"),
        "tracking": _("carrier, tracking number and link"),
        "agent": _("your name"),
        "store": _("the store's name"),
    }[name]


def tell_unwanted_macro(error: UnwantedMacro, locale: str) -> str:
    """What is wrong with it, and what to write instead."""
    _ = translator(locale, "web").gettext
    return {
        "title": _("Give it a name, so that your team finds it."),
        "long_title": _("The name has {most} signs at most.").format(most=LONGEST_TITLE),
        "same_title": _("Your team has a ready answer with this name already. Give this one another name."),
        "text": _("Write the answer in one language at least."),
        "long_text": _("An answer has {most} signs at most.").format(most=LONGEST_TEXT),
        "placeholder": _(
            "We do not know the placeholder {name}. Choose one of those below, or write it without the braces."
        ).replace("{name}", error.detail),
        "many": _("There are {most} ready answers: that is the most. Remove one first.").format(most=MOST_MACROS),
        "changed": _("Somebody else changed it meanwhile. Yours is still here; save again to replace theirs."),
    }.get(error.code, error.code)
