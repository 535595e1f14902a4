"""Who may ask each route: one row for each of the whole app, and one for each page of an adapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from flask import Flask

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Kind(StrEnum):
    """Whom a route answers."""

    PUBLIC = "everybody, and everybody alike; nothing in it is anybody's own"
    VISITOR = "who holds a visitor's token, about their own talk"
    SELF = "who is signed in, about themselves alone"
    AGENT = "this store's agents; its viewers too where nothing is changed"
    OWNER = "this store's owners"
    PLATFORM = "what a platform has signed, for the store it speaks for"
    LINK = "who brings a secret that was given to one mailbox or browser for this one purpose"
    INTERNAL = "who looks after the server; nothing of any store is in it"


_LISTED: Mapping[Kind, str] = {
    Kind.PUBLIC: """
        GET front_page.introduce · GET shopper_static.serve_sheet · GET widget_files · GET desk.file
        GET shopper_static.serve_drawing
        GET hub.show_front · GET hub.show_hub · GET hub.show_article · GET api-docs.openapi_json
        GET hub.show_order_form · POST hub.ask_for_order · GET hub.show_contact_form · POST hub.send_contact_form
        GET hub.show_data
        POST hub.ask_for_requests · POST hub.leave_requests · POST hub.tell_helped
        GET widget.boot · GET widget.article · GET widget.search · POST widget.count · POST widget.post_message
        POST widget.send_form
        POST widget.ask_for_code · GET entry.show_form · POST entry.ask_for_link
    """,
    Kind.VISITOR: """
        GET widget.conversation · POST widget.hand_over · POST widget.own_order · POST widget.typing
        POST widget.page
        POST widget.rating · POST widget.email · POST widget.verdict · GET widget.stream
    """,
    Kind.SELF: """
        GET desk.choose · GET desk.account · POST desk.rename · POST desk.language · POST desk.seen
        POST desk.sign_out · POST desk.end_session · POST desk.end_others · POST desk.end_all · POST desk.change_calls
    """,
    Kind.AGENT: """
        GET desk.home · GET desk.waiting · GET desk.live · GET desk.steps · GET desk.answers
        GET desk.conversations · GET desk.conversation_list · GET desk.conversation · GET desk.thread · GET desk.about
        GET desk.articles · GET desk.close_articles · POST desk.send_article · POST desk.correct_bot
        POST desk.note_typing · POST desk.answer · POST desk.take_it · POST desk.resolve_it · POST desk.give_it_back
        GET desk.search · GET desk.macros · GET desk.pick_macro · GET desk.company
        POST desk.write_note · POST desk.assign_it · POST desk.change_topic
        GET desk.orders · GET desk.order · POST desk.refetch · POST desk.check_orders · GET desk.shipments
        GET desk.deliveries · POST desk.replay_deliveries · GET desk.doctor · GET desk.show_findings
        GET desk.routing · GET desk.contact
        GET desk.editor · GET desk.new_article · GET desk.edit_article · POST desk.preview_article
        POST desk.keep_draft · POST desk.throw_draft_away · POST desk.tell_askers · GET desk.gaps
        POST desk.settle_asked · GET desk.test_box
        GET desk.hours · GET desk.learned · POST desk.teach_by_hand · POST desk.undo_learned · POST desk.redo_learned
        GET desk.store · GET desk.show_accent · GET desk.statuses · GET desk.team
        GET desk.numbers · GET desk.number_rows
    """,
    Kind.OWNER: """
        POST desk.save_macro · POST desk.drop_macro
        GET desk.accesses · GET desk.accesses_file · POST desk.save_answers · POST desk.examine
        POST desk.save_routing · POST desk.reset_routing · POST desk.save_contact
        POST desk.publish_article · POST desk.hide_article · POST desk.bring_article_back
        POST desk.take_words_away
        POST desk.save_hours · POST desk.draft_hours · POST desk.add_typed_shipment · POST desk.paste_shipments
        GET desk.privacy · GET desk.privacy_receipt · GET desk.privacy_copy · POST desk.ask_about_customer
        POST desk.confirm_guesses · POST desk.confirm_status · POST desk.change_accent · GET desk.ask_to_disconnect
        POST desk.disconnect · POST desk.switch_live · POST desk.change_mail_mode · POST desk.change_pace
        POST desk.switch_preview · POST desk.change_privacy_url · POST desk.repair · POST desk.confirm_section
        POST desk.change_sender · POST desk.send_test_mail · POST desk.change_wrong_target
        GET desk.ask_to_remove · POST desk.remove · POST desk.change_role
        POST desk.invite_somebody · POST desk.invite_again · POST desk.withdraw
    """,
    Kind.PLATFORM: """
        POST hooks.receive · POST hooks.receive_for_app · POST entry.take_word · POST widget.order
        GET tracking.show_platform_tracking · GET pages.visit_page · POST pages.visit_page · PUT pages.visit_page
        PATCH pages.visit_page · DELETE pages.visit_page
    """,
    Kind.LINK: """
        GET tracking.show_tracking · GET unsubscribe.ask · POST unsubscribe.stop · POST unsubscribe.start_again
        GET entry.show_link · POST entry.use_link · POST entry.arrive · POST widget.check_code
        GET hub.show_link · POST hub.use_link · POST hub.open_order · GET hub.show_requests · GET hub.show_talk
        POST hub.reply_in_talk · POST hub.rate_talk
        GET entry.show_invitation · POST entry.accept
        GET install.ask · POST install.begin · GET install.come_back · POST install.come_back
        GET install.show_connected · POST install.pick_owner
    """,
    Kind.INTERNAL: "GET health.alive · GET health.ready",
}

ADAPTER_PAGES: Mapping[Kind, str] = {
    Kind.PUBLIC: "GET shopify/home.js · GET shopify/chat.js · GET shopify/chat.css · GET shopify/bounce",
    Kind.PLATFORM: """
        GET shopify/home · POST shopify/home · POST shopify/desk · POST shopify/extensions
        GET shopify/chat · POST shopify/session · GET shopify/links · POST shopify/order · GET shopify/proxy
        GET shopify/proxy/proof
    """,
}
"""What stands behind ``/p/<platform>/<path>``."""

Route = tuple[str, str]
"""(endpoint, method); of an adapter's page (platform/path, method)."""


def read_rows(listed: Mapping[Kind, str]) -> list[tuple[Route, Kind]]:
    """((endpoint, method), kind) of every row, doubled ones too."""
    rows = []
    for kind, words in listed.items():
        for one in words.replace("\n", "·").split("·"):
            if one.strip():
                method, endpoint = one.split()
                rows.append(((endpoint, method), kind))
    return rows


ROWS = read_rows(_LISTED)


def rows_of(*kinds: Kind) -> list[Route]:
    """The routes of these kinds, in order."""
    return sorted(route for route, kind in ROWS if kind in kinds)


def list_routes(app: Flask) -> set[Route]:
    """Every route of the app; HEAD is GET's and OPTIONS is answered by the frame."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }


SECOND_ADDRESSES = frozenset((method, "/help/<store_id>/<locale>/contact/form") for method in ("GET", "POST"))
"""Further addresses of a route that has a row: the framed form, which test_hub_form_framed.py asks as everybody."""


def list_second_addresses(app: Flask) -> set[tuple[str, str]]:
    """Every address of the app whose route is answered at a shorter one, too: that one's row says nothing of it."""
    shortest: dict[Route, str] = {}
    further: set[tuple[str, str]] = set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (len(one.rule), one.rule)):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if shortest.setdefault((rule.endpoint, method), rule.rule) != rule.rule:
                further.add((method, rule.rule))
    return further


def list_pages(app: Flask) -> set[Route]:
    """Every page that an adapter brought along."""
    return {
        (f"{platform}/{path}", method)
        for (platform, path), mounted in app.extensions["mostrador-pages"].items()
        for method in mounted.page.methods
    }


def find_faults(routes: Iterable[Route], rows: Iterable[tuple[Route, Kind]], where: str) -> list[str]:
    """What is wrong with the rows, in words for whoever added a route."""
    listed, real = Counter(route for route, _ in rows), set(routes)
    faults = [
        f"{method} {endpoint} has no row in {where} (tests/flows/route_rows.py). Say there who may ask it; the tests "
        "then ask it as everybody else. A secured route that nobody tried to enter is not known to be secure."
        for endpoint, method in sorted(real - listed.keys())
    ]
    faults += [
        f"{method} {endpoint} has a row in {where} and is no route (any more): take the row out."
        for endpoint, method in sorted(listed.keys() - real)
    ]
    faults += [
        f"{method} {endpoint} has {times} rows in {where}: it can only have one."
        for (endpoint, method), times in sorted(listed.items()) if times > 1
    ]  # fmt: skip
    return faults
