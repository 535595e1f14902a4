"""One notice as a mail: subject, HTML and text. The HTML was laid out ahead (`compile_templates.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from plugin.notices.colours import read_accent
from plugin.notices.letter import write_letter
from plugin.notices.mail_facts import NoticeMail
from plugin.notices.words import UntrueNotice

TEMPLATES = Path(__file__).parent / "templates"

__all__ = ["NoticeMail", "Rendered", "UntrueNotice", "render_notice"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished mail. The first line of `text` and the heading of `html` say the status."""

    subject: str
    html: str
    text: str


def render_notice(mail: NoticeMail) -> Rendered:
    """The mail in its reader's language. Raises `UntrueNotice` for a payment nobody made."""
    letter = write_letter(mail)
    html, text = _templates()
    return Rendered(
        subject=letter.subject,
        html=html.render(letter=letter, accent=read_accent(mail.accent)),
        text=text.render(letter=letter),
    )


@lru_cache(maxsize=1)
def _templates() -> tuple[Template, Template]:
    loader = FileSystemLoader(TEMPLATES)
    html = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    # Text stays as it is: there is nothing in it that a mail program would obey.
    text = Environment(
        loader=loader,
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return html.get_template("notice.html"), text.get_template("notice.txt")
