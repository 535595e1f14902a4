"""Where the widget stands and what the doctor found, as the store's row keeps it, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plugin.contract import FindingState, Step, SurfaceState
from plugin.help import Counted, Link, links_for_steps, sum_counts
from plugin.help.form import list_missing_for_step
from plugin.notices.mail_facts import safe_link
from plugin.stores import StoreRow
from plugin.stores.coverage import count_linked, count_live, read_coverage, read_findings
from plugin.web.adapter_words import tell_packed
from plugin.web.desk_words import name_finding, name_finding_state, name_step, name_surface_state

_ORDER = (FindingState.trouble, FindingState.unknown, FindingState.mended, FindingState.good)


@dataclass(frozen=True)
class Coverage:
    """Each page: step, state, state_name, name, words, url. The widget stands on `live` of them, and on `linked` others
    a link in the shop's policies; `known`: the platform was asked ever."""

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
            "step": one.get("step", ""), "state": one["state"],
            "state_name": name_surface_state(one["state"], locale),
            "name": name_step(one.get("step", ""), locale), "url": safe_link(one.get("url", "")),
            "words": tell_packed(store.platform, one.get("words"), locale),
        }
        for one in kept
    )  # fmt: skip
    return Coverage(pages, count_live(kept), count_linked(kept))


@dataclass(frozen=True)
class StepReport:
    """One step of the purchase: how the widget stands there (`state` '' while the platform was never asked), what it
    offers, and how often that was clicked. `missing`: questions of the form that would bring links, where there are
    none; `helped` of `judged` said that an article helped."""

    step: str
    name: str
    state: str
    state_name: str
    words: str
    url: str
    links: tuple[Link, ...]
    clicks: int
    helped: int
    judged: int
    missing: tuple[str, ...]

    @property
    def carries(self) -> bool:
        """Whether the widget, or a link to the help, stands there."""
        return self.state in (SurfaceState.live, SurfaceState.policy_link)


def tell_steps(store: StoreRow, locale: str, counted: Sequence[Counted]) -> tuple[StepReport, ...]:
    """Each step of this store's purchase as its platform told them, all of them while it was never asked. The links
    are those that shoppers of the store's own language see."""
    pages = tell_coverage(store, locale).pages or tuple(
        {"step": step.value, "state": "", "state_name": "", "name": name_step(step, locale), "url": "", "words": ""}
        for step in Step
    )
    clicks, helped, judged = (
        sum_counts(counted, kinds) for kinds in (("clicked",), ("helped",), ("helped", "not_helped"))
    )
    reports = []
    for page in pages:
        step, links = page["step"], links_for_steps(store, (page["step"],), store.locale)
        missing = () if links else list_missing_for_step(store, step, store.locale)
        reports.append(StepReport(
            step, page["name"], page["state"], page["state_name"], page["words"], page["url"], links,
            clicks.get(step, 0), helped.get(step, 0), judged.get(step, 0), missing,
        ))  # fmt: skip
    return tuple(reports)


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
