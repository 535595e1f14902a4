"""What stands behind a number: what was asked for, and the lines of its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plugin.reports import Contact, Range
from plugin.web.desk_frame import _
from plugin.web.desk_words import name_phase


@dataclass(frozen=True)
class Rows:
    """What stands behind one number: `heads` of a table and all its `lines` (cells; the first may lead to a
    conversation). `which`: what those have in common, '' for all."""

    title: str
    words: str
    which: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Asked:
    """Which rows: those of a `state` (an outcome, a kind of click, a topic), of a `step` and of a `week`; '' for
    all."""

    when: Range
    state: str
    step: str
    week: str = ""


def head_contacts() -> Sequence[str]:
    """What the columns of `tell_contact` are called."""
    return _("Conversation"), _("Began"), _("Messages"), _("Phase now")


def tell_contact(one: Contact, locale: str) -> Sequence[Any]:
    """One contact as cells."""
    return one.conversation, one.began_at, one.messages, name_phase(one.phase, locale)
