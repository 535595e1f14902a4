"""What only a store's platform needs of its merchant: texts to copy and things to confirm, on the store's page.

A platform with an embedded home shows the same there; a merchant who has none, or who is at the desk, finds them here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Response, abort, request

from plugin.contract import HomeSection, StoreAdapter
from plugin.database import ALL
from plugin.notices.mail_facts import safe_link
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, as_contract
from plugin.stores.page_stores import keep_facts
from plugin.web.access import here_store, owners_only
from plugin.web.adapter_words import tell_words
from plugin.web.desk_frame import back_to, desk
from plugin.web.doors import doors
from plugin.web.home_acts import read_wish
from plugin.web.shopper_pages import base_url


def tell_section(one: HomeSection, adapter: StoreAdapter, language: str) -> HomeSection:
    """The section in the reader's words; the texts to be copied stay as they are, only what each is for is told."""

    def tell(words: str) -> str:
        return tell_words(adapter, words, language)

    return replace(
        one, title=tell(one.title), words=tell(one.words), texts=tuple((tell(what), text) for what, text in one.texts),
        link=(tell(one.link[0]), safe_link(one.link[1])),
    )  # fmt: skip


def list_sections(row: StoreRow, language: str) -> Sequence[HomeSection]:
    """What the store's platform has to say there, told; nothing for a store whose adapter is gone."""
    try:
        adapter = doors().registry.get(row.platform)
    except UnknownAdapter:
        return ()
    found = adapter.sections(as_contract(row), base_url())
    return tuple(tell_section(one, adapter, language) for one in found)


@desk.post("/<store>/store/sections")
@owners_only
def confirm_section() -> Response:
    """Notes that the merchant did it, or takes that back; where the widget stands is looked at anew."""
    row, here = here_store(), doors()
    key, facts = _read_facts(row, request.form.to_dict())
    with here.db.transaction(ALL, "a merchant confirms what the platform asks for") as tx:
        keep_facts(tx, row.platform, row.domain, facts, here.clock.now())
    return back_to("desk.store", "saved", anchor=f"about-{key}", about=f"about-{key}")


def _read_facts(row: StoreRow, form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """(which section, what to keep). Ends in 422 for what no section of this store asks."""
    key = form.get("confirm") or form.get("withdraw") or ""
    known = {one.key for one in list_sections(row, "en") if one.is_confirmed is not None}
    wish = read_wish(row, form, doors().clock.now())
    if key not in known or not isinstance(wish, dict):
        abort(422)
    return key, wish
