"""Where the widget stands and what the doctor found, as the store's row keeps it, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugin.contract import FindingState, SurfaceState
from plugin.notices.mail_facts import safe_link
from plugin.stores import StoreRow
from plugin.stores.coverage import count_linked, count_live, read_coverage, read_findings
from plugin.web.adapter_words import tell_packed
from plugin.web.desk_words import name_finding, name_finding_state, name_step, name_surface_state

_ORDER = (FindingState.trouble, FindingState.unknown, FindingState.mended, FindingState.good)


@dataclass(frozen=True)
class Coverage:
    """Each page: state, state_name, name, words, url. The widget stands on `live` of them, and on `linked` others a
    link in the shop's policies; `known`: the platform was asked ever."""

    pages: tuple[dict[str, str], ...]
    live: int
    linked: int = 0

    @property
    def known(self) -> bool:
        return bool(self.pages)

    @property
    def left(self) -> tuple[dict[str, str], ...]:
        """The pages that need a step of the merchant's."""
        return tuple(page for page in self.pages if page["state"] == SurfaceState.needs_step)

    @property
    def done(self) -> bool:
        """Whether every page that can lead to the help does."""
        reachable = [page for page in self.pages if page["state"] != SurfaceState.not_possible]
        return bool(reachable) and self.live + self.linked == len(reachable)


def tell_coverage(store: StoreRow, locale: str) -> Coverage:
    """The pages as the platform last told them; it is not asked."""
    kept = read_coverage(store)
    pages = tuple(
        {
            "state": one["state"], "state_name": name_surface_state(one["state"], locale),
            "name": name_step(one.get("step", ""), locale), "url": safe_link(one.get("url", "")),
            "words": tell_packed(store.platform, one.get("words"), locale),
        }
        for one in kept
    )  # fmt: skip
    return Coverage(pages, count_live(kept), count_linked(kept))


def gather_pages(pages: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The pages with those together of which the same is said: one step of a merchant's may be left on six of them.
    `name` then names them all."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for page in pages:
        alone = page["name"] if not page["words"] else ""
        entry = found.setdefault((page["state"], page["words"], page["url"], alone), {**page, "name": ""})
        entry["name"] += (", " if entry["name"] else "") + page["name"]
    return list(found.values())


def tell_findings(store: StoreRow, locale: str) -> list[dict[str, str]]:
    """What the doctor found: state, state_name, name, words, url; what is wrong first."""
    found = [
        {
            "state": one["state"], "state_name": name_finding_state(one["state"], locale),
            "name": name_finding(one.get("key", ""), locale), "url": safe_link(one.get("url", "")),
            "words": tell_packed(store.platform, one.get("words"), locale),
        }
        for one in read_findings(store)
    ]  # fmt: skip
    return sorted(found, key=lambda one: _ORDER.index(FindingState(one["state"])))
