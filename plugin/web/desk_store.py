"""The store's page: where the widget stands, preview and live, how mails look and when they go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request

from plugin.agents import list_team
from plugin.care import count_gaps
from plugin.contract import Capability, FindingState, HomeSection, Notice
from plugin.database import ALL
from plugin.help import hub_url
from plugin.help.form import count_answered, list_questions
from plugin.notices.mail_facts import safe_link
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, get_store, shop_url, store_urls
from plugin.stores.addresses import find_privacy_page
from plugin.stores.coverage import read_findings
from plugin.stores.hours_words import tell_hours
from plugin.stores.set_up import promise_set_up
from plugin.stores.wishes import (
    TEST_MAILS_A_DAY,
    Unwanted,
    go_back_to_preview,
    go_live,
    set_accent,
    set_mail_mode,
    set_pace,
    set_privacy_url,
    set_sender,
    set_wrong_target,
)
from plugin.web.access import here_store, owners_only, visit
from plugin.web.adapter_words import tell_trouble
from plugin.web.desk_colours import preview_accent
from plugin.web.desk_contact import list_told, tell_missing
from plugin.web.desk_coverage import tell_coverage
from plugin.web.desk_frame import back_to, desk, is_htmx, page_locale, render
from plugin.web.desk_mail_mode import tell_mail_mode
from plugin.web.desk_sections import list_sections
from plugin.web.desk_statuses import count_statuses
from plugin.web.desk_sureness import tell_sureness
from plugin.web.desk_words import name_notice, tell_unwanted
from plugin.web.doors import doors
from plugin.web.hub_data import PAGE as DATA_PAGE
from plugin.web.reconnect import reconnect_url
from plugin.web.shopper_pages import base_url

LONGEST_TYPED = 500
"""Characters of a refused field that are shown again."""
PARTS = ("connection", "go-live", "coverage", "hours", "contact", "privacy-page", "bot-sure", "mail-mode", "sender",
         "pace", "accent", "test-mail", "team")  # fmt: skip
"""What the page says of itself, each under this anchor; the platform's own sections come between."""
TEST_NOTICES = (Notice.order_received, Notice.shipped, Notice.delivered)


@desk.get("/<store>/store")
def store() -> Response:
    """Everything about the store on one page."""
    return show_store()


def show_store(status: int = 200, fault: str = "", about: str = "") -> Response:
    """The page, with what is wrong (`fault`) or what was done beside the part it is `about`. Beside a fault the fields
    keep what was typed."""
    row, locale, here = here_store(), page_locale(), doors()
    with here.db.reading(ALL, "the team of a store") as tx:
        team, counted = list_team(tx, row.id), count_statuses(tx, row.id)
    with here.db.reading(row.id) as tx:
        gaps = count_gaps(tx, row.id)
    sections = list_sections(row, locale)
    hours_state, hours_lines = tell_hours(row, locale, here.clock.now())
    return render(
        "store.html", status, store=row, coverage=tell_coverage(row, locale), fault=fault, team=team,
        about=about or _asked_part(sections), typed=_typed() if fault else {}, endpoint="desk.store",
        done=request.args.get("done", ""), accent=preview_accent(row.accent), statuses=counted,
        mail=tell_mail_mode(row, locale, here.clock.now()), trouble=tell_trouble(row, locale),
        wrong=sum(one["state"] == FindingState.trouble for one in read_findings(row)),
        test_mails_left=TEST_MAILS_A_DAY - int(row.test_mails.get(here.clock.now().date().isoformat(), 0)),
        test_notices=[(one.value, name_notice(one, locale)) for one in TEST_NOTICES],
        hook_url=_hook_url(row), platform=_label(row), reconnect=reconnect_url(row), shop_link=safe_link(shop_url(row)),
        questions=len(list_questions(locale)), answered=count_answered(row), sections=sections,
        hours_state=hours_state, hours_lines=hours_lines, sureness=tell_sureness(row),
        ways_told=list_told(row, locale), ways_missing=tell_missing(row, locale),
        open_gaps=gaps["open"], data_url=hub_url(base_url(), row, locale, DATA_PAGE),
        platform_page="" if row.privacy_url else find_privacy_page(row),
    )  # fmt: skip


def _asked_part(sections: Sequence[HomeSection]) -> str:
    """The part of the page that ``?about=`` names; '' for one that is none, and what was done then stands on top."""
    asked = request.args.get("about", "")
    return asked if asked in PARTS or asked in [f"about-{one.key}" for one in sections] else ""


def _typed() -> dict[str, str]:
    """What a refused form said, to be mended instead of typed again."""
    return {name: words[:LONGEST_TYPED] for name, words in request.form.items()}


def _label(row: StoreRow) -> str:
    try:
        return doors().registry.get(row.platform).label
    except UnknownAdapter:
        return row.platform


def _hook_url(row: StoreRow) -> str:
    """Where webhooks made by hand go, for the owner's eyes; '' where the adapter makes them itself.

    By hand is what we have no keys for, and what the platform's adapter just asked for: then its words, the store's
    trouble, name the address.
    """
    try:
        able = Capability.WEBHOOKS in doors().registry.get(row.platform).capabilities
    except UnknownAdapter:
        return ""
    asked = row.credentials is None or row.hook_key in tell_trouble(row, "en")
    base = doors().settings.base_url.rstrip("/")
    return store_urls(row, base).webhook if visit().is_owner and able and asked else ""


def change(about: str, wish: Callable[[StoreRow], Any], done: str = "saved") -> Response:
    """Grants a wish in one transaction, or shows the page with what is wrong."""
    row = here_store()
    try:
        with doors().db.transaction(row.id) as tx:
            wish(get_store(tx, row.id))
    except Unwanted as error:
        return show_store(422, tell_unwanted(error.code, page_locale()), about)
    return back_to("desk.store", done, anchor=about, about=about)


@desk.post("/<store>/store/live")
@owners_only
def switch_live() -> Response:
    """Mails go out from now on."""
    now = doors().clock.now()
    return change("go-live", lambda row: go_live(row, now), "live")


@desk.post("/<store>/store/preview")
@owners_only
def switch_preview() -> Response:
    """Nothing goes out any more."""
    now = doors().clock.now()
    return change("go-live", lambda row: go_back_to_preview(row, now), "preview")


@desk.post("/<store>/store/mail-mode")
@owners_only
def change_mail_mode() -> Response:
    """Which mails are ours to send."""
    mode, now = request.form.get("mail_mode", ""), doors().clock.now()
    return change("mail-mode", lambda row: set_mail_mode(row, mode, now))


@desk.post("/<store>/store/sender")
@owners_only
def change_sender() -> Response:
    """Whom mails come from and where answers go."""
    name, reply_to = request.form.get("sender_name", ""), request.form.get("reply_to", "")
    return change("sender", lambda row: set_sender(row, name, reply_to))


@desk.post("/<store>/store/pace")
@owners_only
def change_pace() -> Response:
    """How long a state settles, and how long a mail waits for a tracking number (hours in the form)."""
    settle, hold = _number("settle_seconds"), _number("hold_hours")
    return change("pace", lambda row: set_pace(row, int(settle), int(hold * 3600)))


@desk.post("/<store>/store/privacy-page")
@owners_only
def change_privacy_url() -> Response:
    """The shop's privacy page, shown before a shopper writes."""
    return change("privacy-page", lambda row: set_privacy_url(row, request.form.get("privacy_url", "")))


@desk.post("/<store>/store/wrong-target")
@owners_only
def change_wrong_target() -> Response:
    """The share of wrong answers that the bot may give (per cent in the form)."""
    percent, now = _number("wrong_percent"), doors().clock.now()
    return change("bot-sure", lambda row: set_wrong_target(row, percent / 100, now))


def _number(name: str) -> float:
    """A number as people write it, with a comma too; -1 for what is none, which no wish takes."""
    written = request.form.get(name, "").strip().replace(",", ".")
    plain = written.replace(".", "", 1)
    return float(written) if plain.isascii() and plain.isdecimal() and len(written) < 10 else -1.0


@desk.post("/<store>/store/accent")
@owners_only
def change_accent() -> Response:
    """The store's colour, which the platform's pages are told too."""
    answer = change("accent", lambda row: set_accent(row, request.form.get("accent", "")))
    if answer.status_code == 303:
        _set_up_again()
    return answer


def _set_up_again() -> None:
    row = here_store()
    with doors().db.transaction(row.id) as tx:
        promise_set_up(tx, get_store(tx, row.id), doors().clock.now())


@desk.post("/<store>/store/repair")
@owners_only
def repair() -> Response:
    """Makes what the platform needs once more and looks what we may; a job does."""
    _set_up_again()
    looks = request.form.get("about") == "coverage"
    about = "coverage" if looks else "connection"
    return back_to("desk.store", "look" if looks else "repair", anchor=about, about=about)


@desk.get("/<store>/store/accent")
def show_accent() -> Response:
    """How a colour would look, as a part of the page; without htmx the whole page."""
    asked = request.args.get("accent", "")
    return render("accent.html", accent=preview_accent(asked)) if is_htmx() else show_store()
