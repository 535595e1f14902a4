"""A shop page and a widget API on two loopback origins, as strict as the real pair about what crosses between them.

The API answers from `tests/data/widget_api/` and keeps one conversation per token, with Server-Sent Events. A test
may break it: `fail_next`, `drop_next`, `hold`, `cut_streams`. Everything asked is in `requests`. It speaks as
a server of the release before does, until `modernize`.
"""

from __future__ import annotations

import copy
import itertools
import threading
import time
from http.server import ThreadingHTTPServer
from typing import Any

from widget_stub_form import CONSENT, CONTACT, send_form
from widget_stub_lines import ROOT, make_handler, read_sample

__all__ = ["CODE", "CONSENT", "PROOF", "ROOT", "STORE", "Stub"]
STORE = "st_demo"
PROOF = "proof.of.order.1042"
CODE = "271828"
"""Opens the sample order; everybody is asked for it."""
NEW_BOOT = ("phase", "greeting", "hours", "answer_seconds", "email_consent", "time_zone", "route", "contact")
NEW_STATE: dict[str, Any] = {
    "phase": "pre_purchase", "rating": None, "can_rate": False, "ask_email": False, "email": False, "form": False,
}  # fmt: skip
NEW_OF_MESSAGE: dict[str, Any] = {"verdict": None, "wants_order": False, "offers_person": False}


class Talk:
    """One conversation: the messages in order and who listens."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"id": "cv_7d1e", "status": "bot", "agent": None}
        self.messages: list[dict[str, Any]] = []
        self.changes = itertools.count(1)
        self.version = 0
        self.typing: list[dict[str, str]] = []
        """Events without a place in the order, as they came."""


class Stub:
    """Both servers, and what a test may do to them."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.requests: list[dict[str, Any]] = []
        self.talks: dict[str, Talk] = {}
        self.failures: list[tuple[str, int]] = []
        self.dropped: list[str] = []
        self.streams = 0
        self.cuts = 0
        self.down = False
        self.boot: dict[str, Any] = {k: v for k, v in read_sample("boot").items() if k not in NEW_BOOT}
        self.modern = False
        self.handles: dict[str, int] = {}
        self.forms: dict[str, str] = {}
        """The token of the talk that a form went into, by the form's id."""
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self._servers = [
            ThreadingHTTPServer(("127.0.0.1", 0), make_handler(self, part)) for part in ("shop", "api")
        ]
        self.shop, self.api = (f"http://127.0.0.1:{server.server_address[1]}" for server in self._servers)
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def modernize(self, **boot: Any) -> None:
        """Speak as the present server does; `boot` is what it says of the store."""
        self.modern = True
        self.boot |= {
            "phase": "pre_purchase", "greeting": "Hola. ¿Qué te gustaría saber?", "hours": None,
            "answer_seconds": None, "email_consent": CONSENT, "time_zone": "America/Bogota",
            "route": "bot", "contact": copy.deepcopy(CONTACT), **boot,
        }  # fmt: skip

    def type_as(self, name: str) -> None:
        """A person writes to every conversation."""
        with self.lock:
            for talk in self.talks.values():
                talk.typing.append({"name": name})
            self.lock.notify_all()

    def close(self) -> None:
        self.cut_streams()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def tag(self, **data: str) -> str:
        """The script tag that any store puts on its pages; `nonce` is an attribute of its own."""
        nonce = f' nonce="{data.pop("nonce")}"' if "nonce" in data else ""
        words = {"store": STORE, "api": self.api, "steps": "payment", "locale": "es", **data}
        attributes = " ".join(f'data-{name.replace("_", "-")}="{value}"' for name, value in words.items())
        return f'<script async{nonce} src="{self.api}/widget/loader.js" {attributes}></script>'

    def put_page(self, path: str, html: str, headers: dict[str, str] | None = None) -> str:
        """Serve a page of the shop; gives its address."""
        self.pages[path] = (html, headers or {})
        return self.shop + path

    def asked(self, path: str, method: str = "GET") -> list[dict[str, Any]]:
        """The requests so far whose path ends with `path`."""
        with self.lock:
            return [r for r in self.requests if r["path"].endswith(path) and r["method"] == method]

    def fail_next(self, path: str, status: int, times: int = 1) -> None:
        """Answer the next requests for `path` with `status` and the sample error, nothing kept."""
        self.failures += [(path, status)] * times

    def drop_next(self, path: str) -> None:
        """Do what the next request for `path` asks, then cut the line instead of answering."""
        self.dropped.append(path)

    def cut_streams(self) -> None:
        """Close every open stream."""
        with self.lock:
            self.cuts += 1
            self.lock.notify_all()

    def say(self, author: str, text: str, **more: Any) -> None:
        """A message of the other side, to every conversation."""
        with self.lock:
            for talk in self.talks.values():
                self.append(talk, author, text, **more)

    def set_state(self, **state: Any) -> None:
        """Change every conversation: `status`, `agent`."""
        with self.lock:
            for talk in self.talks.values():
                talk.state.update(state)
                talk.version = next(talk.changes)
            self.lock.notify_all()

    def wait_for_streams(self, count: int, seconds: float = 20) -> None:
        """Until exactly `count` streams are open."""
        with self.lock:
            reached = self.lock.wait_for(lambda: self.streams == count, seconds)
            assert reached, f"{self.streams} streams are open, not {count}"

    def append(self, talk: Talk, author: str, text: str, **more: Any) -> dict[str, Any]:
        """A message at the end of one conversation; for who holds the lock."""
        sample = {k: v for k, v in read_sample("stream_message").items() if k not in NEW_OF_MESSAGE}
        message = {
            **sample,
            **(NEW_OF_MESSAGE if self.modern else {}),
            "position": len(talk.messages) + 1,
            "author": author,
            "name": None,
            "text": text,
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            **more,
        }
        talk.messages.append(message)
        self.lock.notify_all()
        return message

    def post_message(self, token: str | None, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            minted = None
            if token is None:
                minted = token = f"vt_{len(self.talks):032d}"
                self.begin(token)
            talk = self.talks[token]
            known = [m for m in talk.messages if m["client_id"] == body["client_id"]]
            if known:
                return 200, {"token": None, "conversation": dict(talk.state), "messages": known}
            new = [self.append(talk, "shopper", body["text"], client_id=body["client_id"])]
            if talk.state["status"] == "bot":
                answer = read_sample("message_posted")["messages"][1]
                new.append(
                    self.append(talk, "bot", answer["text"], body=answer["body"], source=answer["source"])
                )
            return 201, {"token": minted, "conversation": dict(talk.state), "messages": new}

    def begin(self, token: str) -> Talk:
        """The conversation of this token, from now on."""
        talk = self.talks[token] = Talk()
        talk.state |= NEW_STATE if self.modern else {}
        return talk

    def _changed(self, talk: Talk, messages: list[dict[str, Any]], **state: Any) -> tuple[int, Any]:
        talk.state.update(state)
        talk.version = next(talk.changes)
        self.lock.notify_all()
        return 200, {"conversation": dict(talk.state), "messages": messages}

    def act(self, talk: Talk, what: str, body: dict[str, Any]) -> tuple[int, Any]:
        """What the present server does with a conversation."""
        with self.lock:
            if what in ("typing", "page"):
                return 204, None
            if what == "rating":
                if not talk.state["can_rate"]:
                    return 409, None
                low = body["score"] < 3
                new = [self.append(talk, "system", "Hemos avisado al equipo.")] if low else []
                return self._changed(talk, new, rating=body["score"], status="open" if low else "resolved")
            if what == "email":
                if body["consent"] != CONSENT:
                    return 422, None
                return self._changed(talk, [], email=True, ask_email=False)
            if what == "verdict":
                message = talk.messages[body["position"] - 1]
                message["verdict"] = "right" if body["helped"] else "wrong"
                new = [] if body["helped"] else [self.append(talk, "bot", "¿Quieres hablar con una persona?")]
                return self._changed(talk, new)
        return 404, None

    def look_up(self, what: str, body: dict[str, Any], token: str | None) -> tuple[int, Any]:
        """The way to an order by a code: the same for every number and address."""
        with self.lock:
            if what == "order/code":
                handle = body["handle"] or f"oc_{len(self.handles):032d}"
                self.handles[handle] = 5
                return 202, {"handle": handle, "expires_in": 900}
            used = self.handles.get(body["handle"]) == 0
            if body["code"] != CODE or used:
                left = self.handles[body["handle"]] = max(0, self.handles.get(body["handle"], 0) - 1)
                words = f"Ese código no es correcto. Te quedan {left} intentos."
                if not left:
                    words = "Ese código ya no vale. Pide otro."
                return 422, {"code": 422, "status": "Unprocessable Content", "message": words, "left": left}
            minted = None
            if token is None:
                minted = token = f"vt_{len(self.talks):032d}"
                self.begin(token)
            self.handles[body["handle"]] = 0  # a code opens once
            talk = self.talks[token]
            talk.state["phase"] = "purchase"
            return 200, {**self._order(), "token": minted, "conversation": dict(talk.state), "messages": []}

    def _order(self) -> dict[str, Any]:
        order = {"order": read_sample("order")["order"]}
        if not self.modern:
            return order
        links = [
            {
                "article_id": "return-window",
                "title": "¿Cuántos días tengo para devolver?",
                "section": "returns",
            }
        ]
        return order | {"links": links, "phase": "purchase", "greeting": "Hola. ¿Te ayudamos con tu pedido?"}

    def hand_over(self, talk: Talk) -> dict[str, Any]:
        sample = read_sample("hand_over")
        with self.lock:
            talk.state.update(status="open")
            if self.modern:
                talk.state["form"] = not (self.boot["available"] or talk.state["email"])
            talk.version = next(talk.changes)
            message = self.append(talk, "system", sample["messages"][0]["text"])
            return {"conversation": dict(talk.state), "messages": [message]}

    def answer(
        self, method: str, path: str, query: dict[str, str], body: Any, token: str | None
    ) -> tuple[int, Any]:
        """The API, but for the stream."""
        store = f"stores/{STORE}/"
        if path == store + "boot":
            if not self.modern and set(query) != {"locale", "steps"}:
                return 422, None
            return 200, {**copy.deepcopy(self.boot), "locale": query["locale"]}
        if path.startswith(store + "articles/") and method == "GET":
            wanted = path.rpartition("/")[2]
            title = {a["article_id"]: a["title"] for s in self.boot["sections"] for a in s["articles"]}.get(
                wanted
            )
            return (
                (200, {**read_sample("article"), "article_id": wanted, "title": title})
                if title
                else (404, None)
            )
        if path == store + "search":
            sample = read_sample("search")
            return 200, sample if "env" in query["q"].lower() else {"results": [], "answered": False}
        if path == store + "order" and method == "POST":
            return (200, self._order()) if body["proof"] == PROOF else (404, None)
        if self.modern and path.startswith(store + "articles/") and path.endswith("/count"):
            return 204, None
        if self.modern and path == store + "form" and method == "POST":
            return (401, None) if token not in (None, *self.talks) else send_form(self, body, token)
        if self.modern and path in (store + "order/code", store + "order/code/check"):
            return self.look_up(path.removeprefix(store), body, token)
        if token is not None and token not in self.talks:
            return 401, None
        if path == store + "messages" and method == "POST":
            return self.post_message(token, body)
        if path == "conversation" and token:
            talk = self.talks[token]
            with self.lock:
                late = [m for m in talk.messages if m["position"] > int(query["after"])]
                return 200, {"conversation": dict(talk.state), "messages": late}
        if path == "conversation/hand-over" and method == "POST" and token:
            return 200, self.hand_over(self.talks[token])
        if self.modern and path == "conversation/order" and method == "POST" and token:
            return (200, self._order()) if self.talks[token].state["phase"] == "purchase" else (404, None)
        if self.modern and path.startswith("conversation/") and method == "POST" and token:
            return self.act(self.talks[token], path.removeprefix("conversation/"), body)
        return 404, None
