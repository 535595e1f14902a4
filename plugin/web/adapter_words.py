"""Adapters' own words on our pages: a store's trouble, what its platform asks for, why it refused."""

from __future__ import annotations

from plugin.contract import StoreAdapter
from plugin.language import translator
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow
from plugin.stores import words as kept
from plugin.web.doors import doors


def find_adapter(platform: str) -> StoreAdapter | None:
    """The platform's adapter; None when it is not installed (any more)."""
    try:
        return doors().registry.get(platform)
    except UnknownAdapter:
        return None


def tell_words(adapter: StoreAdapter | None, words: str, locale: str) -> str:
    """What an adapter just said (words of a form, of a refusal, help of a setting), in the reader's language."""
    return _tell_ours(kept.tell_words(words, adapter, locale), locale)


def tell_packed(platform: str, packed: str | None, locale: str) -> str:
    """What a column keeps of an adapter's words, in the reader's language; '' for nothing."""
    return _tell_ours(kept.tell(packed, find_adapter(platform), locale), locale)


def tell_trouble(store: StoreRow, locale: str) -> str:
    """What the merchant must mend, in the reader's language; '' when all is well."""
    return tell_packed(store.platform, store.trouble, locale)


def _tell_ours(told: str, locale: str) -> str:
    """An error raised without words says what its class says (`plugin.contract.AdapterError`): that is ours to tell."""
    _ = translator(locale, "web").gettext
    return {
        "The installation could not be completed.": _("The installation could not be completed."),
        "The access to the store has expired.": _("The access to the store has expired."),
        "The store no longer lets us in; its merchant has to connect it again.": _(
            "The store no longer lets us in; its merchant has to connect it again."
        ),
        "The platform does not have it (any more).": _("The platform does not have it (any more)."),
        "The platform asks us to slow down.": _("The platform asks us to slow down."),
        "The platform does not answer properly just now.": _("The platform does not answer properly just now."),
        "The platform understood and said no.": _("The platform understood and said no."),
    }.get(told, told)
