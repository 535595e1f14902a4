"""Every route of the built app has a row that says who may ask it, and everybody else is really turned away.

What the tests of the desk and of the widget ask of each of their routes is not asked again here: only that they do ask
it of every one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from route_rows import (
    ADAPTER_PAGES,
    ROWS,
    SECOND_ADDRESSES,
    Kind,
    Route,
    find_faults,
    list_pages,
    list_routes,
    list_second_addresses,
    read_rows,
    rows_of,
)
from route_scene import SECRET_WORDS, Scene, open_scene
from test_desk_access import ABOUT_THE_AGENT, OPEN, STORE_ROUTES, add_viewer
from test_widget_api_guard import open_routes, visitor_routes
from werkzeug.routing import Rule
from werkzeug.test import TestResponse
from widget_shop import ROOT, message

from plugin.agents import open_session, revoke_session
from plugin.agents.models import AgentSessionRow
from plugin.care import revoke_visitor
from plugin.care.models import VisitorRow
from plugin.database import ALL
from plugin.web.access import cookie_name

MADE_UP = "st_AAAAAAAAAAAAAAAA"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with open_scene(tmp_path_factory.mktemp("routes")) as opened:
        yield opened


# The rows


def test_every_route_of_the_app_is_in_exactly_one_row(scene: Scene) -> None:
    faults = find_faults(list_routes(scene.app), ROWS, "ROWS")
    faults += find_faults(list_pages(scene.app), read_rows(ADAPTER_PAGES), "ADAPTER_PAGES")
    assert not faults, "\n".join(["", *faults])
    assert len(ROWS) >= 120 and {kind for _, kind in ROWS} == set(Kind)


def test_no_route_is_answered_at_a_second_address_that_nobody_tried(scene: Scene) -> None:
    assert list_second_addresses(scene.app) == SECOND_ADDRESSES
    app = Flask("new")
    for address in ("/secret", "/secret/too"):
        app.add_url_rule(address, "secret", str)
    app.add_url_rule("/secret/also", "posted", int, methods=["POST"])
    app.add_url_rule("/secret/other", "posted", int, methods=["GET", "POST"])
    assert list_second_addresses(app) == {("GET", "/secret/too"), ("POST", "/secret/other")}


def test_a_new_route_a_lost_one_and_a_doubled_one_are_told_in_words() -> None:
    app = Flask("new")
    app.add_url_rule("/secret", "secret", lambda: "x", methods=["GET", "DELETE"])
    rows = [(("secret", "GET"), Kind.PUBLIC), (("secret", "GET"), Kind.OWNER), (("gone", "GET"), Kind.AGENT)]
    new, lost, doubled = find_faults(list_routes(app) - {("static", "GET")}, rows, "ROWS")
    assert new.startswith("DELETE secret has no row in ROWS") and "Say there who may ask it" in new
    assert lost.startswith("GET gone has a row") and doubled.startswith("GET secret has 2 rows")


def test_the_rows_are_what_the_tests_of_desk_and_widget_go_through(scene: Scene) -> None:
    """There every one of these is asked by an agent of another store, by nobody, by a viewer and from other sites; and
    by pages of other origins, and with tokens that open nothing."""
    assert set(STORE_ROUTES) == set(rows_of(Kind.AGENT, Kind.OWNER))
    assert {endpoint for endpoint, _ in rows_of(Kind.SELF)} == ABOUT_THE_AGENT
    others = {endpoint for endpoint, _ in rows_of(Kind.PUBLIC, Kind.LINK, Kind.PLATFORM)}
    assert others >= OPEN
    paths = {(method, ROOT + path) for method, path, _ in visitor_routes()}
    assert len(paths) == len(rows_of(Kind.VISITOR))
    rows = {route for route, _ in ROWS if route[0].startswith("widget.")}
    panel: Any = SimpleNamespace(store=scene.place.ours)
    assert len(open_routes(panel)) == len(rows)


# Below /desk, besides what test_desk_access.py asks


def find_rule(scene: Scene, route: Route) -> Rule:
    return next(one for one in scene.app.url_map.iter_rules(route[0]) if route[1] in (one.methods or ()))


def visit(scene: Scene, browser: FlaskClient, route: Route, store: str = "", token: str = "") -> TestResponse:
    """A route of the desk, about our store or another one, by whoever the browser is signed in as."""
    form = {"data": {"text": "hola", "client_id": str(uuid.uuid4())}} if route[1] == "POST" else {}
    return scene.ask(route[1], scene.place.url(find_rule(scene, route), store or None), token, browser, **form)


def sign_in_bound(scene: Scene, agent_id: int, store_id: int) -> FlaskClient:
    """A browser that a shop's own word let in."""
    with scene.counter.db.transaction(ALL, "a session of a hand-over") as tx:
        cookie = open_session(tx, agent_id, scene.counter.clock.now(), "", bound_to=store_id)
    browser = scene.app.test_client()
    browser.set_cookie(cookie_name_of(scene), cookie)
    return browser


def cookie_name_of(scene: Scene) -> str:
    with scene.app.test_request_context():
        return cookie_name()


def sign_in_ended(scene: Scene, how: str) -> FlaskClient:
    """The browser of our store's owner, whose session has ended."""
    browser = scene.counter.sign_in(scene.place.ana)
    with scene.counter.db.transaction(ALL, "a session ends") as tx:
        row = tx.query(AgentSessionRow).order_by(AgentSessionRow.id.desc()).first()
        assert row is not None
        if how == "revoked":
            assert revoke_session(tx, row.agent_id, row.public_id, scene.counter.clock.now())
        else:
            row.last_seen_at -= timedelta(days=31)
    return browser


DESK = rows_of(Kind.AGENT, Kind.OWNER, Kind.SELF)


def is_sign_in(answer: TestResponse) -> bool:
    """Whether nothing was said but that one has to sign in; streams and writes are told by the status alone."""
    with answer:
        if answer.status_code == 401:
            return answer.get_data() == b"Sign in first.\n" and answer.mimetype == "text/plain"
        return answer.status_code == 303 and answer.headers["Location"] == "/sign-in" and not answer.get_data()


@pytest.mark.parametrize("who", ["revoked", "idle", "victim", "forged"])
def test_an_ended_session_a_shopper_s_token_or_a_forged_cookie_opens_no_desk(scene: Scene, who: str) -> None:
    browser, token = scene.app.test_client(), ""
    if who in ("revoked", "idle"):
        browser = sign_in_ended(scene, who)
    elif who == "forged":
        browser.set_cookie(cookie_name_of(scene), "as_" + "A" * 22)
    else:
        token = scene.tokens["victim"]
        browser.set_cookie(cookie_name_of(scene), token)
    before = scene.counter.dump()
    let_in = [route for route in DESK if not is_sign_in(visit(scene, browser, route, token=token))]
    assert let_in == []
    assert visit(scene, browser, ("desk.live", "GET"), token=token).status_code == 401, "before the first byte"
    assert scene.counter.dump() == before


def test_a_session_that_another_shop_opened_enters_that_shop_alone(scene: Scene) -> None:
    """Even of an agent who answers for both."""
    both = scene.counter.add_agent("Iris", scene.place.ours, scene.place.theirs)
    browser = sign_in_bound(scene, both.id, scene.place.theirs.id)
    before = scene.counter.dump()
    for route in rows_of(Kind.AGENT, Kind.OWNER):
        with visit(scene, browser, route) as real, visit(scene, browser, route, MADE_UP) as made_up:
            assert (real.status_code, made_up.status_code) == (404, 404), route
            assert real.get_data() == made_up.get_data(), route
    for route in rows_of(Kind.SELF):
        if route not in (("desk.choose", "GET"), ("desk.seen", "POST"), ("desk.sign_out", "POST")):
            assert visit(scene, browser, route).status_code == 403, route
    assert scene.counter.dump() == before
    with visit(scene, browser, ("desk.home", "GET"), scene.place.theirs.public_id) as own:
        assert own.status_code == 200


def test_owners_alone_may_what_the_rows_say_and_agents_and_viewers_the_rest(scene: Scene) -> None:
    leo = scene.counter.sign_in(scene.counter.add_agent("Leo", scene.place.ours, role="agent"))
    viewer, ana = scene.counter.sign_in(add_viewer(scene.place)), scene.counter.sign_in(scene.place.ana)
    before = scene.counter.dump()["stores"]
    for route in rows_of(Kind.OWNER):
        for browser in (leo, viewer):
            assert visit(scene, browser, route).status_code == 403, route
    assert scene.counter.dump()["stores"] == before
    for route in rows_of(Kind.AGENT):
        statuses = []
        for browser in (viewer, leo, ana):
            with visit(scene, browser, route) as answer:
                statuses.append(answer.status_code)
        looks = route[1] == "GET"
        assert (statuses[0] == 403) is (not looks), route
        assert 401 not in statuses and 403 not in statuses[1:] and (not looks or max(statuses) < 400), (route, statuses)


def test_the_desk_s_stream_refuses_by_its_status_before_a_byte_is_sent(scene: Scene) -> None:
    live = ("desk.live", "GET")
    eva, nobody = scene.counter.sign_in(scene.place.eva), scene.app.test_client()
    for browser, status in ((eva, 404), (nobody, 401)):
        with visit(scene, browser, live) as answer:
            assert answer.status_code == status and answer.mimetype != "text/event-stream"
            assert scene.counter.house.doors.hub.count() == 0, "nothing listens for them"
    with visit(scene, scene.counter.sign_in(scene.place.ana), live) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
        assert scene.counter.house.doors.hub.count() == 1
    assert scene.counter.house.doors.hub.count() == 0


# The widget's API, besides what test_widget_api_guard.py asks


def end_visitor(scene: Scene) -> str:
    """A token that was good."""
    token, _ = scene.begin_talk(scene.place.ours, "hola")
    with scene.counter.db.reading(ALL, "the newest visitor") as tx:
        row = tx.query(VisitorRow).order_by(VisitorRow.id.desc()).first()
        assert row is not None
    revoke_visitor(scene.counter.house.doors.care, row.store_id, row.id)
    return token


def test_without_a_visitor_s_own_token_every_talk_is_closed(scene: Scene) -> None:
    """For nobody, for a token that was taken away, for cookies of agents of this store and of another, and for their
    cookies sent as a token."""
    ana, eva = (scene.counter.sign_in(one) for one in (scene.place.ana, scene.place.eva))
    cookie = ana.get_cookie(cookie_name_of(scene))
    assert cookie is not None
    people: list[tuple[str, FlaskClient | None]] = [
        ("", None), (end_visitor(scene), None), ("vt_" + "A" * 22, None), ("", ana), ("", eva), (cookie.value, None),
    ]  # fmt: skip
    before, said = scene.counter.dump(), set()
    for method, path, body in visitor_routes():
        for token, browser in people:
            with scene.ask(method, ROOT + path, token, browser, json=body) as answer:
                assert answer.status_code == 401, (path, token[:3])
                assert answer.mimetype == "application/json" and answer.headers["WWW-Authenticate"] == "Bearer"
                said.add(answer.get_data())
    assert len(said) == 1, "each is told the same"
    assert scene.counter.dump() == before and scene.counter.house.doors.hub.count() == 0


@pytest.mark.parametrize("who", ["neighbour", "abroad"])
def test_another_visitor_reads_and_changes_nothing_of_a_talk(scene: Scene, who: str) -> None:
    """With their own good token, and all they may know of the other talk put wherever something can be put."""
    before, token = scene.read_victim(), scene.tokens[who]
    aimed = {"Last-Event-ID": f"{scene.talk}:0", "X-Conversation": scene.talk}
    for method, path, body in visitor_routes():
        wishes = [body] if body is None else [body, body | {"conversation": scene.talk}]
        for query in ("", f"?conversation={scene.talk}", f"?after=0&id={scene.talk}"):
            for wish in wishes:
                with scene.ask(method, ROOT + path + query, token, json=wish, headers=aimed) as answer:
                    assert answer.status_code in (200, 204, 404, 409, 422), (path, answer.status_code)
                    text = read_some(answer)
                assert not any(secret in text for secret in (scene.talk, SECRET_WORDS)), path
    assert scene.read_victim() == before
    assert scene.counter.house.doors.hub.count() == 0, "streams that were let go listen no more"


def read_some(answer: TestResponse) -> str:
    """The answer; of a stream what comes before it waits."""
    if answer.mimetype != "text/event-stream":
        return answer.get_data(as_text=True)
    text = ""
    for chunk in answer.response:
        text += chunk if isinstance(chunk, str) else chunk.decode()
        if "event: conversation" in text and text.endswith("\n\n"):
            break
    assert "data:" in text
    return text


def test_the_positions_of_a_talk_are_one_s_own(scene: Scene) -> None:
    """The verdict names a position alone: the bot's answer stands at 2 in each talk, and each has its own."""
    before = scene.read_victim()
    wish = {"position": 4, "helped": False}
    assert scene.ask("POST", f"{ROOT}/conversation/verdict", scene.tokens["neighbour"], json=wish).status_code == 404
    wish = {"position": 2, "helped": True}
    assert scene.ask("POST", f"{ROOT}/conversation/verdict", scene.tokens["neighbour"], json=wish).status_code == 200
    assert scene.read_victim() == before


def test_a_token_of_another_store_is_none_where_the_address_names_ours(scene: Scene) -> None:
    ours = scene.place.ours.public_id
    check = {"handle": "oc_" + "A" * 22, "code": "123456", "client_id": str(uuid.uuid4())}
    for path, body in (("messages", message("hola")), ("order/code/check", check)):
        for token in (scene.tokens["abroad"], end_visitor(scene), "vt_" + "A" * 22):
            before = scene.counter.dump()
            answer = scene.ask("POST", f"{ROOT}/stores/{ours}/{path}", token, json=body)
            assert answer.status_code == 401, path
            assert scene.counter.dump() == before
