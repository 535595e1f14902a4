"""The first page of the server: what this is, who answers for it, and where the agents' door is."""

from __future__ import annotations

from flask import Blueprint, Response

from plugin.web.doors import doors
from plugin.web.shopper_pages import reader_language, show

front_page = Blueprint("front_page", __name__)


@front_page.get("/")
def introduce() -> Response:
    """For who was sent here by a shop's plugin or its privacy words: the terms and the policy of who runs this."""
    settings = doors().settings
    page = show("front.html", reader_language(), terms=settings.terms_url, privacy=settings.privacy_url)
    page.vary.add("Accept-Language")
    return page
