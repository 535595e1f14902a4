"""Headers every answer carries: nothing private is cached, nothing is framed or sniffed unless a page says so."""

from __future__ import annotations

from flask import Flask, Response

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def install_headers(app: Flask) -> None:
    """Sets what a view has not set itself."""

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "no-referrer")
        answer.headers.setdefault("Cache-Control", "no-store")
        if answer.mimetype == "text/html":
            answer.headers.setdefault("Content-Security-Policy", POLICY)
        return answer
