"""Ways of contact: what the store's page and the checklist say of them, and the page on which an owner tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from flask import Response, request

from plugin.language import LOCALES, translator
from plugin.stores import StoreRow, get_store
from plugin.stores.contact import (
    LONGEST_TYPED,
    MOST_PHONES,
    NETWORKS,
    WAYS,
    Phone,
    UnwantedContact,
    is_all,
    list_missing,
    read_contact,
    read_social,
    read_whatsapp,
    set_contact,
    write_number,
)
from plugin.web.access import here_store, owners_only
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_frame import _, back_to, desk, page_locale, render
from plugin.web.doors import doors
from plugin.web.hub_contact import EMBEDDED
from plugin.web.shopper_pages import LANGUAGES, base_url, hub_path

FRAME_HEIGHT = 1000
"""Pixels: the whole form with its hints on a phone."""


@dataclass(frozen=True)
class TypedContact:
    """What the form says, as typed. `whatsapp`: language or ``""`` → number; `social`: network → address."""

    email: str
    phones: Sequence[Phone]
    whatsapp: Mapping[str, str]
    social: Mapping[str, str]
    all: bool


def tell_missing(row: StoreRow, locale: str) -> list[str]:
    """The names of the ways that are not told, in the reader's language."""
    _ = translator(locale, "web").gettext
    names = {"email": _("e-mail"), "phone": _("telephone"), "whatsapp": _("WhatsApp"), "hours": _("hours")}
    return [names[way] for way in list_missing(row)]


def list_told(row: StoreRow, locale: str) -> list[tuple[str, str]]:
    """Name → what shoppers are shown, for the store's page."""
    contact = read_contact(row, locale)
    lines = [(_("E-mail"), contact.email)] if contact.email else []
    for phone in contact.phones:
        cost = _("charged call") if phone.charged else _("free call")
        lines.append((_("Telephone"), f"{write_number(phone.number)} ({cost})"))
    # As many as there are, not only the reader's own.
    numbers = list(dict.fromkeys(read_whatsapp(row).values()))
    lines += [(_("WhatsApp"), write_number(number)) for number in numbers]
    return lines + [(page.name, page.url) for page in contact.social]


def count_told(row: StoreRow) -> tuple[bool, int, int]:
    """For the checklist: whether all is told or the merchant has no more, how many ways are told, of how many."""
    missing = list_missing(row)
    return not missing or is_all(row), len(WAYS) - len(missing), len(WAYS)


@desk.get("/<store>/contact")
def contact() -> Response:
    """Every way of contact; owners change them here."""
    row = here_store()
    told = read_contact(row, row.locale)
    phones = [replace(one, number=write_number(one.number)) for one in told.phones]
    whatsapp = {language: write_number(number) for language, number in read_whatsapp(row).items()}
    return _show(TypedContact(told.email, phones, whatsapp, read_social(row), is_all(row)))


@desk.post("/<store>/contact")
@owners_only
def save_contact() -> Response:
    """Keeps the whole form, or shows it again with the field that cannot be (422)."""
    row, typed = here_store(), _read_typed()
    try:
        with doors().db.transaction(row.id) as tx:
            set_contact(
                get_store(tx, row.id), email=typed.email, phones=typed.phones, whatsapp=typed.whatsapp,
                social=typed.social, all=typed.all,
            )  # fmt: skip
    except UnwantedContact as error:
        return _show(typed, 422, error.field)
    return back_to("desk.store", "saved", anchor="contact", about="contact")


def _read_typed() -> TypedContact:
    phones = [
        Phone(_field(f"phone.{n}"), f"phone.{n}.free" not in request.form, f"phone.{n}.hours" in request.form)
        for n in range(MOST_PHONES)
    ]
    whatsapp = {language: _field(f"whatsapp.{language}") for language in ("", *LOCALES)}
    return TypedContact(
        _field("email"), phones, whatsapp, {key: _field(f"social.{key}") for key in NETWORKS}, "all" in request.form
    )


def _field(name: str) -> str:
    # One sign more than may be: what is too long is refused, not cut into something else.
    return request.form.get(name, "")[: LONGEST_TYPED + 1].strip()


def _show(typed: TypedContact, status: int = 200, fault: str = "") -> Response:
    phones = [*typed.phones, *[Phone("")] * MOST_PHONES][:MOST_PHONES]
    return render(
        "contact.html", status, store=here_store(), typed=typed, phones=phones, fault=fault,
        fault_words=_tell_fault(fault), missing=tell_missing(here_store(), page_locale()),
        hours_missing="hours" in list_missing(here_store()),
        networks={key: name for key, (name, _hosts) in NETWORKS.items()},
        languages=list(LANGUAGES.items()), frames=_list_frames(here_store()),
    )  # fmt: skip


def _list_frames(row: StoreRow) -> list[tuple[str, str, str]]:
    """(language, its name, what a merchant copies into a page of the shop: the form in a frame); the store's own first.
    """
    frames = []
    for language in ordered_languages(row):
        url = base_url() + hub_path(row, language, EMBEDDED)
        title = translator(language, "web").gettext("Write to us")
        style = f"width:100%;height:{FRAME_HEIGHT}px;border:0"
        code = f'<iframe src="{escape(url)}" title="{escape(title)}" loading="lazy" style="{style}"></iframe>'
        frames.append((language, LANGUAGES[language], code))
    return frames


def _tell_fault(field: str) -> str:
    """What is wrong with a field and what to write instead; '' for none."""
    part, _dot, which = field.partition(".")
    if part == "email":
        return _("Write one e-mail address, such as help@your-shop.com.")
    if part in ("phones", "whatsapp"):
        return _("Write the whole number with the country's code, such as +34 911 22 33 44.")
    if part == "social" and which in NETWORKS:
        return _("Write the https:// address of your page on {network}.").format(network=NETWORKS[which][0])
    return ""
