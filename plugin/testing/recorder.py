"""Records what a platform's webhooks deliver, byte for byte, into files that the conformance kit reads.

``python -m plugin.testing.recorder FOLDER --port 8765``. Listens on this machine only; let a test store
reach it through a tunnel. Answers 200 to everything and believes nothing.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

LONGEST_BODY = 5_000_000


class Recorder(HTTPServer):
    """Writes each POST to `folder` as ``NNN_<path>.body`` and ``.headers.json``; `recorded` counts them."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Delivery)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.recorded = len(list(folder.glob("*.body")))

    def keep(self, path: str, headers: dict[str, str], body: bytes) -> Path:
        self.recorded += 1
        word = re.sub(r"[^a-z0-9]+", "_", path.partition("?")[0].lower()).strip("_")[:40] or "delivery"
        file = self.folder / f"{self.recorded:03d}_{word}.body"
        file.write_bytes(body)
        file.with_suffix(".headers.json").write_text(json.dumps(headers, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return file


class Delivery(BaseHTTPRequestHandler):
    server: Recorder

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.send_error(413)
            return
        file = self.server.keep(self.path, dict(self.headers.items()), self.rfile.read(int(length)))
        print(f"kept {file}", flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        """Says nothing: `keep` already told what matters."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Record webhook deliveries for an adapter's tests.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8765)
    wish = parser.parse_args(arguments)
    with Recorder(wish.folder, wish.port) as server:
        print(f"Listening on http://127.0.0.1:{server.server_port}/ ; stop with Ctrl+C.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print(f"{server.recorded} deliveries in {wish.folder}.")


if __name__ == "__main__":
    main()
