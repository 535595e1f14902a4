"""The home of a store inside its platform's back office: what is left to set up, where the widget stands, who mails.

The same checklist as at the desk, in the same words. What needs more than a form (answering, going live) is done at
the desk, which the page opens. No script and no style stands in the page itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugin import help
from plugin.care import count_by_status
from plugin.contract import Capability, FindingState, HomeFrame, StoreAdapter, WebResponse
from plugin.language import language_of, translator
from plugin.orders import list_orders
from plugin.stores import StoreRow
from plugin.stores.coverage import is_at_work, read_findings
from plugin.web.adapter_words import tell_trouble, tell_words
from plugin.web.desk_contact import tell_missing
from plugin.web.desk_coverage import tell_coverage
from plugin.web.desk_frame import page_templates
from plugin.web.desk_home import list_steps
from plugin.web.desk_mail_mode import tell_mail_mode
from plugin.web.desk_sections import tell_section
from plugin.web.desk_statuses import count_statuses
from plugin.web.desk_words import tell_done
from plugin.web.doors import doors
from plugin.web.shopper_pages import base_url
from plugin.web.static_files import stylesheet_url

EXAMINE = "stores.examine"
SET_UP = "stores.set_up"


def show_home(
    row: StoreRow, adapter: StoreAdapter, frame: HomeFrame, locale: str, can_change: bool, done: str = ""
) -> WebResponse:
    """The page in the reader's language. `can_change`: whether its forms may be sent; `done`: what was just done."""
    language = language_of(locale)
    words = translator(language, "web")
    facts = _read_facts(row, language)
    told = replace(
        frame,
        sections=tuple(tell_section(one, adapter, language) for one in frame.sections),
        warnings=tuple(tell_words(adapter, one, language) for one in frame.warnings),
    )
    html = page_templates().get_template("home/home.html").render(
        _=words.gettext, ngettext=words.ngettext, locale=language, store=row, frame=told, can_change=can_change,
        done=tell_done(done, language), leases=Capability.MAIL_LEASE in adapter.capabilities,
        hub_url=help.hub_url(base_url(), row, language), stylesheet=stylesheet_url("home.css"), **facts,
    )  # fmt: skip
    return WebResponse(
        body=html.encode(), frame_ancestors=frame.frame_ancestors, script_origins=frame.script_origins,
        headers={"Content-Language": language},
    )  # fmt: skip


def _read_facts(row: StoreRow, language: str) -> dict[str, Any]:
    here = doors()
    with here.db.reading(row.id) as tx:
        counts = count_by_status(tx, row.id)
        has_orders, statuses = bool(list_orders(tx, row.id, 1)), count_statuses(tx, row.id)
        looking = is_at_work(tx, row.id, EXAMINE) or is_at_work(tx, row.id, SET_UP)
    coverage, mail = tell_coverage(row, language), tell_mail_mode(row, language, here.clock.now())
    return {
        "coverage": coverage, "mail": mail, "counts": counts, "looking": looking,
        "trouble": tell_trouble(row, language),
        "steps": list_steps(row, coverage, has_orders, statuses, mail.settled),
        "ways_missing": tell_missing(row, language),
        "wrong": sum(one["state"] == FindingState.trouble for one in read_findings(row)),
    }  # fmt: skip
