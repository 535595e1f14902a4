"""The store's help: articles, links for each step, answers to questions. Alone knows `faq_links`."""

from faq_links import EXAMPLE_ANSWERS, Article, Catalogue, Link, Node
from plugin.help.answers import Found, Reply, answer, asks_for_person, links_for_steps, search
from plugin.help.catalogues import catalogue_of, get_article
from plugin.help.models import ArticleCountRow, LearnedPhrasingRow
from plugin.help.sections import Section, hub_url, list_sections, section_title

__all__ = [
    "EXAMPLE_ANSWERS",
    "Article",
    "ArticleCountRow",
    "Catalogue",
    "Found",
    "LearnedPhrasingRow",
    "Link",
    "Node",
    "Reply",
    "Section",
    "answer",
    "asks_for_person",
    "catalogue_of",
    "get_article",
    "hub_url",
    "links_for_steps",
    "list_sections",
    "search",
    "section_title",
]
