"""What the editor of articles says to people: what is wrong on which line, how an article stands, what was done."""

from __future__ import annotations

from plugin.help import LONGEST_PHRASING, Fault
from plugin.help.written import LONGEST_TEXT, LONGEST_TITLE, MOST_PHRASINGS, MOST_PRODUCTS
from plugin.language import translator
from plugin.web.desk_frame import _, page_locale


def tell_fault(fault: Fault) -> str:
    """The sentence, with the line where there is one, and what to do."""
    sentence = _find_sentence(fault.code).format(
        what=fault.what, title=LONGEST_TITLE, text=LONGEST_TEXT, phrasings=MOST_PHRASINGS, products=MOST_PRODUCTS,
        phrasing=LONGEST_PHRASING,
    )  # fmt: skip
    return _("Line {line}: {words}").format(line=fault.line, words=sentence) if fault.line else sentence


def _find_sentence(code: str) -> str:
    return {
        "empty_title": _("Write a title: the question as shoppers ask it."),
        "same_title": _("You have an article with this title already. Choose another title, or write your answer "
                        "there."),
        "long_title": _("The title may have {title} characters at most."),
        "empty_section": _("Choose a section, or write the name of a new one."),
        "empty_text": _("Write the answer."),
        "long_text": _("The answer may have {text} characters at most. Make two articles of it."),
        "many_articles": _("Your store has as many articles as fit in. Delete some that you no longer need."),
        "many_products": _("Name {products} products at most, each in a few words."),
        "unknown_name": _("There is no answer called “{what}”. Take the double braces away, or write the fact itself."),
        "bad_link": _("The link to “{what}” would not be shown. Links begin with https:// or mailto:."),
        "bad_picture": _("The picture “{what}” would not be shown. Addresses of pictures begin with https:// and "
                         "have no spaces."),
        "foreign_picture": _("The picture “{what}” is not on your shop's pages. Upload it to your shop and use its "
                             "address there."),
        "picture_without_words": _("The picture “{what}” has no words for those who cannot see it. Write them between "
                                   "the brackets: ![The pay button](https://…)."),
        "many_phrasings": _("Write {phrasings} ways of asking at most."),
        "phrasing_empty": _("Of “{what}” nothing is left once numbers and addresses are taken out."),
        "phrasing_short": _("“{what}” is too short: write at least two letters."),
        "phrasing_long": _("“{what}…” is too long: {phrasing} characters at most."),
        "phrasing_talk": _("“{what}” is only a greeting, or asks for a person. The bot understands both by itself."),
    }[code]  # fmt: skip


def name_state(state: str) -> str:
    """How an article stands in one language."""
    return {
        "shown": _("Shown"), "own": _("Shown, your words"), "waits": _("Waits for answers"), "hidden": _("Hidden"),
        "draft": _("Draft"), "missing": _("Missing"),
    }[state]  # fmt: skip


def tell_editor_done(code: str) -> str:
    """What has just been done; '' for a word that is none of ours."""
    return {
        "draft": _("The draft is saved. Shoppers see nothing of it yet."),
        "shown": _("Shoppers read it from now on, and the bot answers with it."),
        "hidden": _("Hidden in every language. Shoppers no longer see it, and the bot no longer answers with it."),
        "back": _("Shown again."),
        "back_same": _("Shown again. Another article has the same title: change one of the two, so that shoppers can "
                       "tell them apart."),
        "discarded": _("The draft is gone."),
        "taken_away": _("Your own words in this language are gone."),
        "dismissed": _("Put aside. You find it under “Not for us”. The same question asked again goes there too."),
        "reopened": _("Back in the list."),
        "made": _("Done. You find it under “Answered”."),
    }.get(code, "")


def tell_told(told: int, held: int) -> str:
    """How many shoppers got the article, and how many did not because a colleague answers them; '' for none."""
    ngettext = translator(page_locale(), "web").ngettext
    sent = ngettext("Sent to {count} shopper.", "Sent to {count} shoppers.", told).format(count=told)
    kept = ngettext(
        "Not sent to {count} shopper: a colleague is answering there.",
        "Not sent to {count} shoppers: colleagues are answering there.", held,
    ).format(count=held)  # fmt: skip
    mailed = _("Whoever left an e-mail address gets it there too.")
    return " ".join([*([sent, mailed] if told else []), *([kept] if held else [])])
