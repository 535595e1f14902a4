"""Nobody gets at a store that is not theirs: every route of the desk against everybody who has no business there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from desk_house import OURS, Counter, open_counter
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule

from plugin.agents import AgentRow, invite, remove_membership
from plugin.agents.models import MembershipRow
from plugin.contract import StatusWord
from plugin.database import ALL
from plugin.orders import OrderRow
from plugin.privacy import ask_for_customer
from plugin.stores import StoreRow
from plugin.stores.status_words import learn_statuses, list_status_words
from plugin.testing.factories import MOMENT

ABOUT_THE_AGENT = {"desk.choose", "desk.account", "desk.rename", "desk.language", "desk.seen", "desk.sign_out",
                   "desk.end_session", "desk.end_others", "desk.end_all", "desk.change_calls"}  # fmt: skip
"""Routes without a store: they show and change nothing but the signed-in agent's own things."""
OPEN = {"desk.file", "entry.show_form", "entry.ask_for_link", "entry.show_link", "entry.use_link", "entry.take_word",
        "entry.arrive", "entry.show_invitation", "entry.accept"}  # fmt: skip
"""Routes for people who are not signed in."""


@dataclass
class Place:
    """Two stores with an owner each, and one of everything in both."""

    counter: Counter
    ours: StoreRow
    theirs: StoreRow
    ana: AgentRow
    eva: AgentRow
    order: OrderRow
    conversation: str
    status: int
    receipt: str
    invitation: str = "in_unknown"

    def url(self, rule: Rule, store: str | None = None) -> str:
        """The address of a route, with our store's objects (or another store's name) in it."""
        values: dict[str, Any] = {
            "store": store or self.ours.public_id, "conversation": self.conversation, "order": self.order.id,
            "session": "as_unknown", "status_id": self.status, "receipt": self.receipt,
            "agent": self.ana.id, "invitation": self.invitation,
        }  # fmt: skip
        missing = rule.arguments - values.keys()
        assert not missing, f"{rule.rule} needs {missing}: say here which of our objects it is about"
        return str(rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with open_counter(tmp_path_factory.mktemp("access")) as counter:
        ours, theirs = counter.add_store("ours.example"), counter.add_store("theirs.example")
        ana, eva = counter.add_agent("Ana", ours), counter.add_agent("Eva", theirs)
        # Theirs first, so that ids of the two stores never happen to be equal.
        counter.add_order(theirs, external_id="t1", number="777")
        counter.write(theirs, "un secreto de otra tienda")
        order = counter.add_order(ours)
        status = [learn_status(counter, one) for one in (theirs, ours)][1]
        talk, receipt = counter.write(ours, "hola"), ask_for_copy(counter, ours)
        yield Place(counter, ours, theirs, ana, eva, order, talk, status, receipt, ask_somebody(counter, ours, ana))


def ask_somebody(counter: Counter, store: StoreRow, owner: AgentRow) -> str:
    """An invitation that nobody answered yet; gives its public id."""
    with counter.db.transaction(ALL, "an invitation for a test") as tx:
        asked = invite(tx, store.id, "nadia@example.com", "agent", owner.id, counter.clock.now(), "es")
        return asked.public_id


def learn_status(counter: Counter, store: StoreRow) -> int:
    """A status of the shop's own; gives its row id."""
    with counter.db.transaction(store.id) as tx:
        learn_statuses(tx, store.id, (StatusWord(raw_status="despachado", name="Despachado"),))
        return list_status_words(tx, store.id)[0].id


def ask_for_copy(counter: Counter, store: StoreRow) -> str:
    """A copy of a customer's data that waits for the merchant; gives its receipt."""
    with counter.db.transaction(store.id) as tx:
        receipt = ask_for_customer(tx, counter.db, store.id, "copy", "alma@example.com", MOMENT)
    counter.run_jobs()
    return receipt


def list_rules() -> list[tuple[str, str]]:
    """(endpoint, method) of every route, read from a built app."""
    from flask import Flask

    from plugin.web.desk import install_desk

    app = Flask("plugin.web", static_folder=None)
    install_desk(app)
    return sorted(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    )


STORE_ROUTES = [one for one in list_rules() if one[0] not in ABOUT_THE_AGENT | OPEN]


def find_rule(place: Place, endpoint: str, method: str) -> Rule:
    rules = place.counter.web.url_map.iter_rules(endpoint)
    return next(rule for rule in rules if method in (rule.methods or ()))


def ask(browser: FlaskClient, method: str, url: str, **headers: str) -> Any:
    return browser.open(url, method=method, data={} if method == "POST" else None, headers=OURS | headers)


def test_every_route_below_desk_is_in_one_of_the_three_kinds(place: Place) -> None:
    rules = list(place.counter.web.url_map.iter_rules())
    below = {rule.endpoint for rule in rules if rule.rule.startswith(("/desk", "/sign-in"))}
    named = {endpoint for endpoint, _ in list_rules()}
    assert below == named and len(STORE_ROUTES) >= 25
    assert named >= ABOUT_THE_AGENT | OPEN
    for rule in rules:
        assert ("store" in rule.arguments) == (
            rule.endpoint in {endpoint for endpoint, _ in STORE_ROUTES}
        ) or (not rule.endpoint.startswith("desk.")), rule


@pytest.mark.parametrize(("endpoint", "method"), STORE_ROUTES)
def test_a_foreign_store_looks_like_one_that_does_not_exist(place: Place, endpoint: str, method: str) -> None:
    rule, foreign = find_rule(place, endpoint, method), place.counter.sign_in(place.eva)
    before = place.counter.dump()
    real, made_up = (
        ask(foreign, method, place.url(rule, store))
        for store in (place.ours.public_id, "st_AAAAAAAAAAAAAAAA")
    )
    assert (real.status_code, made_up.status_code) == (404, 404)
    assert real.get_data() == made_up.get_data()
    assert place.ours.name not in real.get_data(as_text=True)
    assert sorted(real.headers.keys()) == sorted(made_up.headers.keys())
    assert place.counter.dump() == before


@pytest.mark.parametrize(
    ("endpoint", "method"), STORE_ROUTES + [(one, "POST") for one in ("desk.rename", "desk.seen")]
)
def test_who_is_not_signed_in_learns_nothing(place: Place, endpoint: str, method: str) -> None:
    rule, nobody = find_rule(place, endpoint, method), place.counter.browser()
    before = place.counter.dump()
    real, made_up = (
        ask(nobody, method, place.url(rule, store)) for store in (place.ours.public_id, "st_AAAAAAAAAAAAAAAA")
    )
    for answer in (real, made_up):
        signs_in = answer.status_code == 303 and answer.headers["Location"] == "/sign-in"
        assert signs_in or answer.status_code == 401
    assert real.get_data() == made_up.get_data()
    assert place.counter.dump() == before


OBJECT_ROUTES = [one for one in STORE_ROUTES if one[0].split(".")[1] in (
    "conversation", "thread", "answer", "take_it", "resolve_it", "give_it_back", "order", "refetch",
    "about", "articles", "close_articles", "send_article", "correct_bot", "note_typing",
    "add_typed_shipment", "pick_macro", "company", "write_note", "assign_it", "change_topic",
    "confirm_status", "ask_to_remove", "remove", "change_role", "invite_again", "withdraw",
    "privacy_receipt", "privacy_copy",
)]  # fmt: skip


def test_the_routes_about_one_object_are_those_with_its_name(place: Place) -> None:
    rules = place.counter.web.url_map.iter_rules()
    with_object = {
        rule.endpoint for rule in rules if rule.arguments - {"store"} and "store" in rule.arguments
    }
    assert {endpoint for endpoint, _ in OBJECT_ROUTES} == {
        one for one in with_object if one.startswith("desk.")
    }


@pytest.mark.parametrize(("endpoint", "method"), OBJECT_ROUTES)
def test_another_store_s_object_is_not_found_below_one_s_own(
    place: Place, endpoint: str, method: str
) -> None:
    rule, eva = find_rule(place, endpoint, method), place.counter.sign_in(place.eva)
    before = place.counter.dump()
    url = place.url(rule, place.theirs.public_id)
    body = {"text": "hola", "client_id": "00000000-0000-4000-8000-000000000000", "from": str(place.ana.id)}
    answer = eva.open(url, method=method, data=body if method == "POST" else None, headers=OURS)
    assert answer.status_code == 404
    assert place.counter.dump() == before


# A shop's word comes from another site by its nature, and is believed for its seal alone (test_hand_over.py).
@pytest.mark.parametrize(
    ("endpoint", "method"), [one for one in list_rules() if one[1] == "POST" and one[0] != "entry.take_word"]
)
@pytest.mark.parametrize("headers", [
    {}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"}, {"Sec-Fetch-Site": ""},
])  # fmt: skip
def test_no_other_site_changes_anything(
    place: Place, endpoint: str, method: str, headers: dict[str, str]
) -> None:
    rule, ana = find_rule(place, endpoint, method), place.counter.sign_in(place.ana)
    before = place.counter.dump()
    answer = ana.open(place.url(rule), method="POST", data={"locale": "pt", "name": "Evil"}, headers=headers)
    assert answer.status_code == 403
    assert place.counter.dump() == before


def test_our_own_origin_is_enough_where_browsers_say_no_more(place: Place) -> None:
    ana = place.counter.sign_in(place.ana)
    answer = ana.post("/desk/account/seen", headers={"Origin": "http://127.0.0.1:8080"})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("endpoint", "method"), [one for one in list_rules() if one[1] == "GET" and one[0] != "desk.file"]
)
def test_reading_changes_nothing(place: Place, endpoint: str, method: str) -> None:
    """But for the log of who looked."""
    rule, ana = find_rule(place, endpoint, method), place.counter.sign_in(place.ana)
    before = place.counter.dump() | {"accesses": []}
    values = place.url(rule) if "token" not in rule.arguments else f"/sign-in/{'A' * 32}"
    for verb in ("GET", "HEAD", "GET"):
        answer = ana.open(values, method=verb, headers=OURS)
        assert answer.status_code in (200, 303, 410), answer.status_code
        answer.close()
    assert place.counter.dump() | {"accesses": []} == before


@pytest.mark.parametrize(("endpoint", "method"), [one for one in STORE_ROUTES if one[1] == "POST"])
def test_an_agent_who_is_no_owner_changes_no_wish_of_the_store(
    place: Place, endpoint: str, method: str
) -> None:
    helper = place.counter.sign_in(place.counter.add_agent("Leo", place.ours, role="agent"))
    before = str(place.counter.dump()["stores"])
    answer = ask(helper, method, place.url(find_rule(place, endpoint, method)))
    by_everybody = endpoint.split(".")[1] in (
        "answer", "take_it", "resolve_it", "give_it_back", "refetch", "replay_deliveries",
        "check_orders", "send_article", "correct_bot", "note_typing",
        "teach_by_hand", "undo_learned", "redo_learned", "write_note", "assign_it", "change_topic",
        "preview_article", "keep_draft", "throw_draft_away", "tell_askers", "settle_asked",
    )  # fmt: skip
    assert (answer.status_code == 403) is (not by_everybody)
    assert str(place.counter.dump()["stores"]) == before


def add_viewer(place: Place) -> AgentRow:
    guest = place.counter.add_agent("Vera", place.ours, role="agent")
    with place.counter.db.transaction(place.ours.id) as tx:
        which = (MembershipRow.store_id == place.ours.id, MembershipRow.agent_id == guest.id)
        tx.execute(update(MembershipRow).where(*which).values(role="viewer"))
    return guest


@pytest.mark.parametrize(("endpoint", "method"), [one for one in STORE_ROUTES if one[1] == "POST"])
def test_a_viewer_changes_nothing(place: Place, endpoint: str, method: str) -> None:
    browser = place.counter.sign_in(add_viewer(place))
    before = place.counter.dump()
    assert ask(browser, method, place.url(find_rule(place, endpoint, method))).status_code == 403
    assert place.counter.dump() == before


def test_a_viewer_sees_what_agents_see_and_no_form_to_answer_with(place: Place) -> None:
    browser, ours = place.counter.sign_in(add_viewer(place)), f"/desk/{place.ours.public_id}"
    for path in ("/", "/orders", "/store", "/hours", "/conversations"):
        assert browser.get(ours + path).status_code == 200, path
    page = browser.get(f"{ours}/conversations/{place.conversation}").text
    assert "hola" in page and "<textarea" not in page and 'method="post"' not in page and "agents answer" in page
    assert place.counter.sign_in(place.ana).get(f"{ours}/conversations/{place.conversation}").text.count("<form") >= 2


def test_who_loses_the_membership_is_out_at_once(place: Place) -> None:
    counter, guest = place.counter, place.counter.add_agent("Noa", place.ours, role="agent")
    browser = counter.sign_in(guest)
    url = f"/desk/{place.ours.public_id}/orders"
    assert browser.get(url).status_code == 200
    with counter.db.transaction(ALL, "test") as tx:
        remove_membership(tx, place.ours.id, guest.id)
    assert browser.get(url).status_code == 404


def test_what_the_desk_says_is_kept_by_nobody_and_runs_nothing_inline(place: Place) -> None:
    ana = place.counter.sign_in(place.ana)
    for endpoint, method in list_rules():
        rule = find_rule(place, endpoint, method)
        if method != "GET" or endpoint in ("desk.file", "desk.live") or "token" in rule.arguments:
            continue
        answer = ana.get(place.url(rule))
        assert answer.headers["Cache-Control"] == "no-store" and "Cookie" in answer.headers["Vary"], endpoint
        if answer.mimetype == "text/html":
            policy = answer.headers["Content-Security-Policy"]
            assert (
                "default-src 'none'" in policy
                and "unsafe" not in policy
                and "frame-ancestors 'none'" in policy
            )
            assert not re.search(r"<script(?![^>]*src=)|<\w[^>]*\s(?:on\w+|style)=|<style|javascript:", answer.text), (
                endpoint
            )
