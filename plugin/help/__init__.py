"""The store's help: articles, links for each step, answers to questions, and what the desk taught. Alone knows
`faq_links`."""

from faq_links import EXAMPLE_ANSWERS, Article, Catalogue, Lesson, Link, Node
from plugin.help.answers import Found, Reply, answer, asks_for_person, links_for_steps, search
from plugin.help.calibration import Calibration, choose_threshold, pack_calibration, threshold_of
from plugin.help.catalogues import catalogue_of, get_article
from plugin.help.counts import Counted, add_count, count, read_counts, sum_counts
from plugin.help.learning import (
    Learned,
    count_learned,
    learn,
    list_learned,
    read_learned,
    redo,
    teach,
    undo,
)
from plugin.help.models import ArticleCountRow, LearnedPhrasingRow
from plugin.help.own_models import ArticleRow
from plugin.help.phrasings import LONGEST_PHRASING, Unlearnable, check_phrasing, mask_phrasing
from plugin.help.sections import (
    EmptySection,
    Section,
    hub_url,
    list_empty_sections,
    list_sections,
    section_title,
)
from plugin.help.store_facts import tell_facts
from plugin.help.warming import warm, warm_all

__all__ = [
    "EXAMPLE_ANSWERS",
    "LONGEST_PHRASING",
    "Article",
    "ArticleCountRow",
    "ArticleRow",
    "Calibration",
    "Catalogue",
    "Counted",
    "EmptySection",
    "Found",
    "Learned",
    "LearnedPhrasingRow",
    "Lesson",
    "Link",
    "Node",
    "Reply",
    "Section",
    "Unlearnable",
    "add_count",
    "answer",
    "asks_for_person",
    "catalogue_of",
    "check_phrasing",
    "choose_threshold",
    "count",
    "count_learned",
    "get_article",
    "hub_url",
    "learn",
    "links_for_steps",
    "list_empty_sections",
    "list_learned",
    "list_sections",
    "mask_phrasing",
    "pack_calibration",
    "read_counts",
    "read_learned",
    "redo",
    "search",
    "section_title",
    "sum_counts",
    "teach",
    "tell_facts",
    "threshold_of",
    "undo",
    "warm",
    "warm_all",
]
