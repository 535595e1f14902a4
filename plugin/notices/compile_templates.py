"""Turns the MJML of a mail into HTML that mail programs understand, ahead of time.

Run ``python -m plugin.notices.compile_templates`` after changing a `.mjml`; the result is in git, and a test
compares. The MJML carries Jinja: loops and conditions in HTML comments, since a bare ``{% for %}`` between table
tags is moved out of the table by every HTML parser; addresses and the store's accent as placeholders, since a
compiler may change what it does not know.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import css_inline
import mrml

TEMPLATES = Path(__file__).parent / "templates"

_PLACEHOLDERS = {
    "https://mostrador.invalid/store": "{{ letter.store_url }}",
    "https://mostrador.invalid/action": "{{ letter.action.url }}",
    "https://mostrador.invalid/parcel": "{{ parcel.link.url }}",
    "https://mostrador.invalid/help": "{{ link.url }}",
    "https://mostrador.invalid/way": "{{ way.url }}",
    "https://mostrador.invalid/unsubscribe": "{{ letter.unsubscribe.url }}",
    "#ac0001": "{{ accent.fill }}",
    "#ac0002": "{{ accent.on_fill }}",
    "#ac0003": "{{ accent.light }}",
    "#ac0004": "{{ accent.dark }}",
}
_JINJA_IN_COMMENT = re.compile(r"<!--\s*(\{%.*?%\})\s*-->")
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_WRAPPER = re.compile(r' aria-roledescription="email"([^>]*) role="article"')


def compile_template(mjml: str) -> str:
    """The Jinja template of a mail, its styles inlined. Raises `ValueError` when MJML finds fault."""
    output = mrml.to_html(mjml)
    if output.warnings:
        raise ValueError(f"The MJML is not right: {output.warnings}")
    html = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(output.content)
    html = _BETWEEN_TAGS.sub("><", _JINJA_IN_COMMENT.sub(r"\1", html))
    # A mail is read as a document of its own, so its words stand in its one main part.
    html, wrappers = _WRAPPER.subn(r'\1 role="main"', html)
    if wrappers != 1:
        raise ValueError("The mail's outer element was not found; has the MJML compiler changed?")
    for placeholder, jinja in _PLACEHOLDERS.items():
        html = html.replace(placeholder, jinja)
    return html + "\n"


def compile_all() -> dict[Path, str]:
    """Every compiled template by the path where it is kept."""
    return {
        source.with_suffix(".html"): compile_template(source.read_text("utf-8"))
        for source in sorted(TEMPLATES.glob("*.mjml"))
    }


def main() -> int:
    for path, html in compile_all().items():
        path.write_text(html, "utf-8")
        print(f"{path.name}: {len(html)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
