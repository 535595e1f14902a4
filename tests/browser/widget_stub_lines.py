"""The lines of `widget_stub`: pages, the built widget's files, answers and streams, as HTTP has them."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from widget_stub import Stub, Talk

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "plugin/static/widget"
SAMPLES = ROOT / "tests/data/widget_api"
API = "/api/widget/v1/"
TYPES = {".js": "text/javascript; charset=utf-8", ".json": "application/json"}


def read_sample(name: str) -> Any:
    """One answer of the API, fresh for each caller."""
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def make_handler(stub: Stub, part: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            return

        def give(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.route(None)

        def do_POST(self) -> None:
            self.route(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_OPTIONS(self) -> None:
            self.give(204, b"", {**self.cors(), "Access-Control-Allow-Methods": "GET, POST"})

        def cors(self) -> dict[str, str]:
            return {
                "Access-Control-Allow-Origin": stub.shop,
                "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
                "Vary": "Origin",
            }

        def route(self, body: Any) -> None:
            address = urlsplit(self.path)
            note = {"method": self.command, "path": address.path, "query": address.query, "body": body}
            with stub.lock:
                stub.requests.append({**note, "headers": dict(self.headers)})
            if part == "shop":
                html, headers = stub.pages.get(address.path, ("", {}))
                self.give(
                    200 if html else 404,
                    html.encode(),
                    {"Content-Type": "text/html; charset=utf-8", **headers},
                )
            elif address.path.startswith("/widget/"):
                self.give_file(WIDGET / address.path.removeprefix("/widget/"))
            else:
                self.give_answer(address.path.removeprefix(API), address.query, body)

        def give_file(self, path: Path) -> None:
            if not path.is_file():
                return self.give(404, b"", {})
            lasting = "max-age=600" if path.name == "loader.js" else "max-age=31536000, immutable"
            headers = {"Content-Type": TYPES[path.suffix], "Access-Control-Allow-Origin": "*"}
            self.give(200, path.read_bytes(), {**headers, "Cache-Control": lasting})

        def give_answer(self, path: str, query: str, body: Any) -> None:
            if stub.down:
                return self.cut()
            for failure in stub.failures:
                if path.endswith(failure[0]):
                    stub.failures.remove(failure)
                    return self.give_json(failure[1], read_sample("error"))
            token = (self.headers["Authorization"] or "").removeprefix("Bearer ") or None
            if path == "stream":
                return self.give_stream(stub.talks.get(token or ""))
            flat = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
            status, answer = stub.answer(self.command, path, flat, body, token)
            for dropped in stub.dropped:
                if path.endswith(dropped):
                    stub.dropped.remove(dropped)
                    return self.cut()
            if status == 204:
                return self.give(204, b"", self.cors())
            self.give_json(status, answer or {**read_sample("error"), "code": status, "status": "Not Found"})

        def give_json(self, status: int, answer: Any) -> None:
            self.give(
                status, json.dumps(answer).encode(), {"Content-Type": "application/json", **self.cors()}
            )

        def cut(self) -> None:
            self.close_connection = True
            self.connection.close()

        def give_stream(self, talk: Talk | None) -> None:
            if talk is None:
                return self.give_json(401, read_sample("error"))
            position = int((self.headers["Last-Event-ID"] or ":0").rpartition(":")[2])
            self.close_connection = True
            self.send_response(200)
            for name, value in {
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                **self.cors(),
            }.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            with stub.lock:
                stub.streams += 1
                # a line begins with the state as it stands: what changed since the history was read is not lost
                cuts, version, typed = stub.cuts, -1, len(talk.typing)
                stub.lock.notify_all()
            try:
                self.feed(talk, position, cuts, version, typed)
            except OSError:
                pass  # the shopper closed the panel
            finally:
                with stub.lock:
                    stub.streams -= 1
                    stub.lock.notify_all()

        def feed(self, talk: Talk, position: int, cuts: int, version: int, typed: int) -> None:
            while True:
                # a beat every 0.2 s, so that a line that was hung up is noticed as soon
                parts = [": beat\n\n"]
                with stub.lock:
                    still = (stub.cuts, talk.version, len(talk.typing)) == (cuts, version, typed)
                    if still and len(talk.messages) <= position:
                        stub.lock.wait(0.2)
                    if stub.cuts != cuts:
                        return
                    for message in talk.messages[position:]:
                        at = message["position"]
                        parts.append(
                            f"id: {talk.state['id']}:{at}\nevent: message\ndata: {json.dumps(message)}\n\n"
                        )
                    position = max(position, len(talk.messages))
                    if talk.version != version:
                        parts.append(f"event: conversation\ndata: {json.dumps(talk.state)}\n\n")
                        version = talk.version
                    for name in talk.typing[typed:]:
                        parts.append(f"event: typing\ndata: {json.dumps(name)}\n\n")
                    typed = len(talk.typing)
                self.wfile.write("".join(parts).encode())
                self.wfile.flush()

    return Handler
