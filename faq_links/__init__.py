"""The merchant's articles: read a catalogue, link the right ones to a page, match a shopper's question to
one.

Pure: no network, no database, no clock. The only I/O is reading a catalogue directory. Start in
`catalogue.py`.
"""

from pathlib import Path

from faq_links.ask import ask
from faq_links.catalogue import Article, Catalogue, CatalogueError, load_catalogue, read_article
from faq_links.links import STEPS, Link, links_for
from faq_links.matching import Match, match
from faq_links.placeholders import EXAMPLE_ANSWERS, PLACEHOLDERS, Placeholder
from faq_links.rich_text import Element, Node

STARTER = Path(__file__).parent / "starter"
"""The catalogue directory every new store begins with: 15 articles in es, en and pt."""

__all__ = [
    "EXAMPLE_ANSWERS",
    "PLACEHOLDERS",
    "STARTER",
    "STEPS",
    "Article",
    "Catalogue",
    "CatalogueError",
    "Element",
    "Link",
    "Match",
    "Node",
    "Placeholder",
    "ask",
    "links_for",
    "load_catalogue",
    "match",
    "read_article",
]
