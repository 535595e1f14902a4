"""What the core does for a platform-shaped page, among the stores of its own platform (`plugin.contract.PageDoors`).

A page has proven who asks before it comes here; what is asked for is still only found by the store, the platform and
the role that belong together, and whatever asks the platform is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from plugin import care, help
from plugin.contract import (
    HomeFrame,
    InstallRejected,
    Merchant,
    NotFound,
    PlatformDown,
    Proof,
    RateLimited,
    Step,
    Store,
    StoreAdapter,
    TrackingLink,
    Visitor,
    WebResponse,
)
from plugin.database import ALL
from plugin.language import pick_locale
from plugin.mail import MailInvalid
from plugin.stores import StoreRow, as_contract, ask_platform
from plugin.stores.page_stores import is_open, keep_facts, look_up_store
from plugin.web.doors import doors
from plugin.web.hand_over import let_in, sign_word
from plugin.web.home_acts import may_change, read_wish
from plugin.web.home_page import show_home
from plugin.web.home_words import tell_refusal
from plugin.web.page_admission import admit_store
from plugin.web.shopper_pages import base_url
from plugin.web.widget_files import find_built
from plugin.web.widget_limits import count_hit

T = TypeVar("T")

ASKED = RateLimitItemPerMinute(120)
"""Questions to one shop's platform that one neighbourhood may cause."""
FIRST_LOOKS = RateLimitItemPerHour(6)
"""How often one order that we do not know yet is asked for."""
STEPS = frozenset(step.value for step in Step)


def read_locale() -> str:
    """The language of who visits: asked for by the address, else by the browser."""
    asked = request.args.get("locale", "")[:35]
    return pick_locale(asked or None, *list(request.accept_languages.values())[:10], default="es")


class StoreDoors:
    """The doors of one visit to a page of `adapter`; `locale`: in which refusals are told."""

    def __init__(self, adapter: StoreAdapter, locale: str) -> None:
        self._adapter = adapter
        self._locale = locale
        self._done = ""

    @property
    def base_url(self) -> str:
        """Our public address, without a slash at its end."""
        return base_url()

    def find_store(self, domain: str) -> Store | None:
        """The store here, unless it was taken off or nobody let it in yet."""
        row = self._look_up(domain)
        return as_contract(row) if row is not None and is_open(row) else None

    def admit(self, merchant: Proof) -> Store:
        """See `page_admission.admit_store`. Raises `InstallRejected` and what `exchange_access` raises."""
        return admit_store(self._adapter, merchant, self._refusal, self._count)

    def ask(self, store: Store, question: Callable[[Store], T]) -> T:
        """Calls `question` with the store's access kept fresh. Raises what it raises, and `RateLimited`."""
        row, here = self._row(store), doors()
        self._count(row.domain)
        return ask_platform(here.db, here.registry, row.id, lambda adapter, shop: question(shop))

    def keep(self, store: Store, facts: Mapping[str, str]) -> Store:
        """Adds to `Store.kept`; '' takes a fact away. Raises `InstallRejected` for a store that is gone or full."""
        here, row = doors(), self._row(store)
        try:
            with here.db.transaction(ALL, "a page learnt something of its store") as tx:
                kept = keep_facts(tx, row.platform, row.domain, facts, here.clock.now())
        except ValueError:
            raise self._refusal("unknown") from None
        if kept is None:
            raise self._refusal("gone")
        return as_contract(kept)

    def hand_over(self, store: Store, merchant: Merchant) -> str:
        """A word that opens the desk to them, once and within five minutes. Raises `InstallRejected`."""
        here, row = doors(), self._row(store)
        try:
            with here.db.transaction(ALL, "a platform names who comes in") as tx:
                agent = let_in(tx, row.id, merchant, here.clock.now())
        except MailInvalid:
            raise self._refusal("address") from None
        return sign_word(agent.id, row.id)

    def show_home(self, store: Store, merchant: Merchant, frame: HomeFrame, locale: str) -> WebResponse:
        """The store's home in the platform's back office."""
        row = self._row(store)
        locale = pick_locale(locale or None, self._locale, row.locale)
        return show_home(row, self._adapter, frame, locale, may_change(row, merchant), self._done)

    def act(self, store: Store, merchant: Merchant, wish: Mapping[str, str]) -> None:
        """Does what one form of the home wishes; the next `show_home` of this visit says so. Raises
        `InstallRejected`."""
        row = self._row(store)
        do = read_wish(row, wish, doors().clock.now())
        if do is None:
            raise self._refusal("unknown")
        if not may_change(row, merchant):
            raise self._refusal("owner")
        if isinstance(do, dict):
            self.keep(store, do)
        else:
            with doors().db.transaction(row.id) as tx:
                do(tx)
        self._done = "saved"

    def list_links(self, store: Store, steps: Sequence[str], locale: str) -> Mapping[str, Any]:
        """``{"hub_url", "links": [{"article_id", "title", "url"}]}``, fitting the steps."""
        row = self._row(store)
        locale, base = pick_locale(locale or None, row.locale), base_url()
        known = tuple(dict.fromkeys(step for step in steps if step in STEPS))
        return {
            "hub_url": help.hub_url(base, row, locale),
            "links": [
                {"article_id": one.article_id, "title": one.title,
                 "url": help.hub_url(base, row, locale, one.article_id)}
                for one in help.links_for_steps(row, known, locale)
            ],
        }  # fmt: skip

    def show_order(self, store: Store, who: Visitor | TrackingLink, locale: str) -> Mapping[str, Any] | None:
        """The order as the widget shows it; for a `TrackingLink` the redacted one. Raises `PlatformDown`."""
        row = self._row(store)
        external_id = who.order_external_id
        visitor = who if isinstance(who, Visitor) else Visitor(order_external_id=external_id)

        def may_fetch() -> bool:
            return not count_hit(FIRST_LOOKS, "page-order", row.public_id, external_id)

        try:
            view = care.find_order_of(doors().care, row, visitor, may_fetch=may_fetch)
        except care.PlatformAway:
            raise PlatformDown() from None
        if view is None:
            return None
        asked = pick_locale(locale or None, row.locale)
        return care.show_order(view, asked) if isinstance(who, Visitor) else care.show_redacted(view, asked)

    def widget_file(self, name: str) -> str:
        """The path of a built file of the widget: it may be kept for ever. Raises `NotFound`."""
        path = find_built(name)
        if path is None:
            raise NotFound()
        return path

    def _look_up(self, domain: str) -> StoreRow | None:
        with doors().db.reading(ALL, "the store a page is asked for") as tx:
            return look_up_store(tx, self._adapter.name, domain)

    def _row(self, store: Store) -> StoreRow:
        """The store as it stands now. Raises `InstallRejected` when it is not (any more) one of this platform's."""
        row = self._look_up(store.domain)
        if row is None or row.public_id != store.public_id or not is_open(row):
            raise self._refusal("gone")
        return row

    def _count(self, domain: str) -> None:
        wait = count_hit(ASKED, "pages-asked", self._adapter.name, domain)
        if wait:
            raise RateLimited(retry_after=wait)

    def _refusal(self, code: str) -> InstallRejected:
        return InstallRejected(tell_refusal(code, self._locale))
