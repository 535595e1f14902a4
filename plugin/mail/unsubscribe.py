"""The one-click way out of our mails (RFC 8058): two headers, and the form a mail program posts back."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

ONE_CLICK = "List-Unsubscribe=One-Click"
"""The value of the header, and the body a mail program posts, word for word."""


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers for an address which stops the mails on POST, without cookie and without redirect.

    Both must be inside the DKIM signature of whoever signs. Raises `ValueError` unless it is a plain http(s)
    address; mail programs only offer the button for https.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("An unsubscribe link is an http or https address without a sign-in in it.")
    if not url.isascii() or any(sign <= " " or sign in "<>\"\x7f" for sign in url):
        raise ValueError("An unsubscribe link has only plain signs; encode the others.")
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": ONE_CLICK}


def is_one_click(body: bytes) -> bool:
    """Whether a form (urlencoded, as received) is a mail program's one-click request."""
    if len(body) > 1000:
        return False
    name, _, value = ONE_CLICK.partition("=")
    return (name, value) in parse_qsl(body.decode("latin-1"), keep_blank_values=True)
