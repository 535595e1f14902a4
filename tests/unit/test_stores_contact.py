"""Ways of contact: what is kept, in which form, for which reader, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.stores.contact import (
    NETWORKS,
    Contact,
    Phone,
    Social,
    UnwantedContact,
    fold_number,
    is_all,
    is_told,
    list_missing,
    phone_url,
    read_contact,
    set_contact,
    whatsapp_url,
    write_number,
)
from plugin.stores.models import StoreRow


def make_row(**values: Any) -> StoreRow:
    return StoreRow(**{"contact": {}, "hours": {}, "time_zone": "America/Bogota"} | values)


def test_all_ways_are_kept_as_they_are_dialled_and_read_back() -> None:
    row = make_row()
    set_contact(
        row, email=" hola@Tienda.example ",
        phones=[Phone("(+34) 911-22.33 44", False), Phone("", True), Phone("0057 300 111 2233", True, False)],
        whatsapp={"": "+57 300 111 2233", "pt": "+55 (11) 99999-8888", "es": ""},
        social={"instagram": "https://www.instagram.com/tienda/", "facebook": "", "youtube": "youtube.com/@tienda"},
    )  # fmt: skip
    assert row.contact == {
        "email": "hola@Tienda.example",
        "phones": [
            {"number": "+34911223344", "charged": False, "hours": True},
            {"number": "+573001112233", "charged": True, "hours": False},
        ],
        "whatsapp": {"": "+573001112233", "pt": "+5511999998888"},
        "social": {"instagram": "https://www.instagram.com/tienda/", "youtube": "https://youtube.com/@tienda"},
    }
    spanish = Contact(
        "hola@Tienda.example", (Phone("+34911223344", False), Phone("+573001112233", True, False)), "+573001112233",
        (Social("Instagram", "https://www.instagram.com/tienda/"), Social("YouTube", "https://youtube.com/@tienda")),
    )  # fmt: skip
    assert read_contact(row, "es_CO") == spanish
    assert read_contact(row, "pt_BR").whatsapp == "+5511999998888" and is_told(row) and not is_all(row)


def test_a_number_of_one_language_alone_is_for_that_language_alone() -> None:
    row = make_row()
    set_contact(row, whatsapp={"pt": "+55 11 99999 8888"})
    assert [bool(read_contact(row, one).whatsapp) for one in ("es", "en", "pt_PT")] == [False, False, True]
    assert list_missing(row) == ["email", "phone", "hours"]


def test_an_empty_form_tells_nothing_and_everything_is_missing() -> None:
    row = make_row(contact={"email": "a@b.example"})
    set_contact(row, phones=[Phone(" ")], whatsapp={"": " "}, social={"x": " "})
    assert row.contact == {} and not is_told(row) and not read_contact(row, "es")
    assert list_missing(row) == ["email", "phone", "whatsapp", "hours"]
    set_contact(row, all=True)
    assert is_all(row) and not is_told(row)
    row.hours = {"week": {"mon": [["09:00", "18:00"]]}, "days": {}}
    assert list_missing(row) == ["email", "phone", "whatsapp"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+34 911 22 33 44", "+34911223344"), ("0034911223344", "+34911223344"),
        ("+34\u00a0911\u202f22\u2011 33 44", "+34911223344"),
        ("+49 (0)30 901820", "+4930901820"), ("+1 (415) 555-2671", "+14155552671"), ("+12345678", "+12345678"),
        ("+123456789012345", "+123456789012345"),
    ],
)  # fmt: skip
def test_a_number_is_read_whatever_stands_between_its_digits(written: str, number: str) -> None:
    assert fold_number(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "", "911 22 33 44", "+34 911 CALL ME", "+34 911 22 33 44 ext. 5", "+1234567", "+1234567890123456",
        "+0911223344",
        "+٣٤٩١١٢٢٣٣٤٤", "tel:+34911223344", "+34911223344;phone-context=x", "+" + "3" * 300, "javascript:alert(1)",
        "+34911223344\x00", "++34911223344", "+34 911 <b>22</b> 33 44",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_and_nothing_changes(written: str) -> None:
    with pytest.raises(ValueError, match=r"telephone"):
        fold_number(written)
    if written:
        row = make_row(contact={"email": "a@b.example"})
        for field, typed in (
            ("phones.1", {"phones": [Phone(""), Phone(written)]}), ("whatsapp", {"whatsapp": {"": written}}),
            ("whatsapp.pt", {"whatsapp": {"pt": written}}),
        ):  # fmt: skip
            with pytest.raises(UnwantedContact) as refused:
                set_contact(row, **typed)
            assert refused.value.field == field and row.contact == {"email": "a@b.example"}


@pytest.mark.parametrize(
    "email",
    [
        "a@b.example\r\nBcc: all@example.com", "a@b.example\nx", "ana", "Ana <a@b.example>", "a@b.example, c@d.example",
        "x" * 300 + "@b.example", "a@" + "b" * 300 + ".example", "javascript:alert(1)@b.example?subject=x y",
        "a b@c.example",
    ],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(email: str) -> None:
    row = make_row()
    with pytest.raises(UnwantedContact) as refused:
        set_contact(row, email=email)
    assert refused.value.field == "email" and row.contact == {}


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("instagram", "javascript:alert(1)"), ("instagram", "javascript://instagram.com/%0aalert(1)"),
        ("instagram", "http://instagram.com/tienda"), ("instagram", "https://instagram.com"),
        ("instagram", "https://instagram.com.evil.example/tienda"), ("instagram", "https://evilinstagram.com/tienda"),
        ("instagram", "https://evil.example/instagram.com"), ("instagram", "https://facebook.com/tienda"),
        ("instagram", "https://ana:pw@instagram.com/tienda"), ("instagram", "https://instagram.com:8443/tienda"),
        ("instagram", "https://instagram.com\\@evil.example/x"), ("instagram", 'https://instagram.com/"><script>'),
        ("instagram", "https://instagram.com/" + "a" * 600), ("instagram", "@tienda"),
        ("instagram", "data:text/html,x"),
        ("instagram", "https://instagram.com/a\r\nb"), ("whatsup", "https://whatsup.example/tienda"),
        ("x", "https://netflix.com/tienda"), ("telegram", "https://not.me/tienda"),
    ],
)  # fmt: skip
def test_only_pages_of_the_network_itself_are_kept(key: str, url: str) -> None:
    row = make_row()
    with pytest.raises(UnwantedContact) as refused:
        set_contact(row, social={key: url})
    assert refused.value.field == f"social.{key}" and row.contact == {}


def test_every_network_takes_its_own_pages_and_those_of_its_sub_domains() -> None:
    row = make_row()
    set_contact(row, social={key: f"https://www.{hosts[-1]}/tienda" for key, (_, hosts) in NETWORKS.items()})
    assert [one.name for one in read_contact(row, "es").social] == [name for name, _ in NETWORKS.values()]


def test_three_numbers_at_most_and_each_once() -> None:
    row = make_row()
    four = [Phone(f"+3491122334{n}") for n in range(4)]
    set_contact(row, phones=[*four[:3], four[0]])
    assert [one["number"] for one in row.contact["phones"]] == [one.number for one in four[:3]]
    with pytest.raises(UnwantedContact) as refused:
        set_contact(row, phones=four)
    assert refused.value.field == "phones.3" and len(row.contact["phones"]) == 3
    with pytest.raises(UnwantedContact):
        set_contact(row, whatsapp={"fr": "+33123456789"})


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+34911223344", "+34 911 22 33 44"), ("+573001112233", "+57 300 111 2233"),
        ("+14155552671", "+1 415 555 2671"), ("+5511999998888", "+55 11 99999 8888"),
        ("+351211234567", "+351 211 234 567"), ("+525512345678", "+52 55 1234 5678"),
        ("+37412345678", "+374 123 456 78"), ("+12345678", "+1 234 5678"), ("+358912345", "+358 912 345"),
        ("+9981", "+998 1"),
    ],
)  # fmt: skip
def test_a_number_is_shown_in_groups_and_loses_no_digit(number: str, shown: str) -> None:
    assert write_number(number) == shown and shown.replace(" ", "") == number


def test_a_tap_calls_or_opens_a_chat() -> None:
    assert phone_url("+34911223344") == "tel:+34911223344"
    assert whatsapp_url("+34911223344") == "https://wa.me/34911223344"
