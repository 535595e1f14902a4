"""The store's help: articles, links for each step, answers to questions, and what the desk taught. Alone knows
`faq_links`."""

from faq_links import EXAMPLE_ANSWERS, Article, Catalogue, Lesson, Link, Node
from faq_links.anger import is_angry
from faq_links.rich_text import is_own_drawing
from plugin.help.answers import Found, Reply, answer, asks_for_person, links_for_steps, search
from plugin.help.calibration import Calibration, choose_threshold, pack_calibration, threshold_of
from plugin.help.catalogues import catalogue_of, get_article
from plugin.help.counts import Counted, add_count, count, read_counts, sum_counts
from plugin.help.empty_sections import EmptySection, list_empty_sections
from plugin.help.explain import Explained, explain
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
from plugin.help.own_articles import (
    Changed,
    TooMany,
    Writer,
    bring_back,
    discard_draft,
    find_begun,
    get_own,
    hide,
    is_same,
    list_asked,
    list_drafted,
    list_ids,
    list_own,
    make_article_id,
    read_draft,
    read_shown,
    save_draft,
    show,
    take_away,
)
from plugin.help.own_models import ArticleRow
from plugin.help.own_titles import Namesake, SameTitle, find_namesake
from plugin.help.phrasings import LONGEST_PHRASING, Unlearnable, check_phrasing, mask_phrasing
from plugin.help.sections import Section, hub_url, list_sections, section_title
from plugin.help.store_facts import tell_facts
from plugin.help.warming import warm, warm_all
from plugin.help.written import Fault, Written, check_written, clean_written, picture_hosts, read_written

__all__ = [
    "EXAMPLE_ANSWERS",
    "LONGEST_PHRASING",
    "Article",
    "ArticleCountRow",
    "ArticleRow",
    "Calibration",
    "Catalogue",
    "Changed",
    "Counted",
    "EmptySection",
    "Explained",
    "Fault",
    "Found",
    "Learned",
    "LearnedPhrasingRow",
    "Lesson",
    "Link",
    "Namesake",
    "Node",
    "Reply",
    "SameTitle",
    "Section",
    "TooMany",
    "Unlearnable",
    "Writer",
    "Written",
    "add_count",
    "answer",
    "asks_for_person",
    "bring_back",
    "catalogue_of",
    "check_phrasing",
    "check_written",
    "choose_threshold",
    "clean_written",
    "count",
    "count_learned",
    "discard_draft",
    "explain",
    "find_begun",
    "find_namesake",
    "get_article",
    "get_own",
    "hide",
    "hub_url",
    "is_angry",
    "is_own_drawing",
    "is_same",
    "learn",
    "links_for_steps",
    "list_asked",
    "list_drafted",
    "list_empty_sections",
    "list_ids",
    "list_learned",
    "list_own",
    "list_sections",
    "make_article_id",
    "mask_phrasing",
    "pack_calibration",
    "picture_hosts",
    "read_counts",
    "read_draft",
    "read_learned",
    "read_shown",
    "read_written",
    "redo",
    "save_draft",
    "search",
    "section_title",
    "show",
    "sum_counts",
    "take_away",
    "teach",
    "tell_facts",
    "threshold_of",
    "undo",
    "warm",
    "warm_all",
]
