"""The merchant's articles: read a catalogue, link the right ones to a page, match a shopper's question to
one.

Pure: no network, no database, no clock. The only I/O is reading a catalogue directory. Start in
`catalogue.py`.
"""

from pathlib import Path

from faq_links.ask import ask
from faq_links.catalogue import Article, Catalogue, CatalogueError, Lesson, load_catalogue, read_article
from faq_links.likeness import find_groups
from faq_links.links import FACTS, PHASES, STEPS, Link, links_for
from faq_links.matching import Match, match
from faq_links.more_placeholders import MORE_PLACEHOLDERS
from faq_links.placeholders import ALL_PLACEHOLDERS, EXAMPLE_ANSWERS, PLACEHOLDERS
from faq_links.question import Placeholder
from faq_links.reasons import Reason, find_reasons
from faq_links.rich_text import Element, Node

STARTER = Path(__file__).parent / "starter"
"""The catalogue directory every new store begins with: 37 articles in es, en and pt."""

__all__ = [
    "ALL_PLACEHOLDERS",
    "EXAMPLE_ANSWERS",
    "FACTS",
    "MORE_PLACEHOLDERS",
    "PHASES",
    "PLACEHOLDERS",
    "STARTER",
    "STEPS",
    "Article",
    "Catalogue",
    "CatalogueError",
    "Element",
    "Lesson",
    "Link",
    "Match",
    "Node",
    "Placeholder",
    "Reason",
    "ask",
    "find_groups",
    "find_reasons",
    "links_for",
    "load_catalogue",
    "match",
    "read_article",
]
