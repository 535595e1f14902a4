"""One mail as bytes: headers kept word for word, one recipient, and no way in for a header of somebody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest

from plugin.mail import (
    Mail,
    MailInvalid,
    build_message,
    check_address,
    clean_words,
    is_one_click,
    read_address,
    unsubscribe_headers,
)

LONG_URL = "https://mostrador.example/u/" + "k" * 160 + "?a=1&b=%C3%B1"
MAIL = Mail(
    to="ana@example.com", subject="Pedido 1042: en camino", html="<p>Tu pedido va en camino — ñandú</p>",
    text="Tu pedido va en camino — ñandú\n.\nFrom aquí\n", from_name="La Tiendita del Río",
    from_address="avisos@tienda.example", reply_to="hola@tienda.example",
    message_id=f"<{'n' * 90}@mail.tienda.example>", list_unsubscribe_url=LONG_URL,
    sent_at=datetime(2026, 11, 20, 19, 30, tzinfo=UTC),
)  # fmt: skip
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]  # fmt: skip
EVIL = [
    "x\r\nBcc: all@example.com", "x\nBcc: all@example.com", "x\rBcc: all@example.com", "x\x00Bcc: all@example.com",
    "x\u2028Bcc: all@example.com", "x\u2029Bcc: all@example.com", "x\x85Bcc: all@example.com", "x\x0bBcc: a@b.c",
    "=?utf-8?q?x=0D=0ABcc=3A_all@example.com?=", "=?utf-8?b?eA0KQmNjOiBhQGIuYw==?=", "A" * 10_000, "\ud800\udc00x",
    "x\u202egnp.exe", '"<all@example.com>, "', "a@x.example, b@x.example", "\r\n\r\n<h1>body</h1>", "",
]  # fmt: skip


def parse(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


def test_long_headers_are_kept_word_for_word_on_one_line() -> None:
    mail = replace(MAIL, headers={"References": f"<{'r' * 120}@x.example>", "In-Reply-To": f"<{'i' * 120}@x.example>"})
    lines = build_message(mail).split(b"\r\n")
    assert f"List-Unsubscribe: <{LONG_URL}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert f"Message-ID: {MAIL.message_id}".encode() in lines
    assert f"References: <{'r' * 120}@x.example>".encode() in lines
    assert f"In-Reply-To: <{'i' * 120}@x.example>".encode() in lines


def test_a_mail_reads_back_as_it_was_written() -> None:
    message = parse(build_message(MAIL))
    assert message.keys() == HEADERS and not message.defects
    assert message["From"].addresses[0].display_name == "La Tiendita del Río"
    assert (message["To"], message["Reply-To"]) == ("ana@example.com", "hola@tienda.example")
    assert message["Date"] == "Fri, 20 Nov 2026 19:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    contents = [part.get_content().replace("\r\n", "\n").rstrip("\n") for part in message.iter_parts()]
    assert contents == [MAIL.text.rstrip("\n"), MAIL.html]


def test_every_line_is_short_plain_and_ends_properly() -> None:
    raw = build_message(replace(MAIL, html="<p>ñ</p>" * 5000, text="a\rb\nc\r\nd " * 50, list_unsubscribe_url=None))
    assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    body = raw.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_the_same_mail_is_the_same_bytes() -> None:
    assert build_message(MAIL) == build_message(MAIL)
    assert build_message(MAIL) != build_message(replace(MAIL, text="other"))


@pytest.mark.parametrize("place", ["subject", "from_name", "text", "html"])
@pytest.mark.parametrize("evil", EVIL)
def test_hostile_words_add_no_header_and_no_recipient(place: str, evil: str) -> None:
    message = parse(build_message(replace(MAIL, **{place: evil})))
    assert message.keys() == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.com"]
    assert [address.addr_spec for address in message["From"].addresses] == ["avisos@tienda.example"]
    assert len(message["Subject"]) <= 255
    assert not any(sign in message["Subject"] for sign in "\r\n\0\u2028\u2029\u202e")


@pytest.mark.parametrize(
    "address",
    [
        "a@x.example, b@x.example", "a@x.example\nBcc: b@x.example", "a@x.example\r\n", "Ana <a@x.example>", "a", "",
        "a@", "@x.example", "a b@x.example", "a@x..example", "a@-x.example", "a@x.example;b@x.example", "a@x.example\0",
        "a@x.example\u2028", '"a b"@x.example', "a@[127.0.0.1]", "<a@x.example>", "a@@x.example", "ñ@x.example",
        "x" * 65 + "@x.example", "a@" + "x" * 300, "a..b@x.example", "a@x.example>", "a@x.example SIZE=1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["to", "from_address", "reply_to"])
def test_what_is_not_one_address_is_refused(place: str, address: str) -> None:
    if place == "reply_to" and not address:
        return  # no answers wanted
    with pytest.raises(MailInvalid, match="is not one e-mail address"):
        build_message(replace(MAIL, **{place: address}))


def test_unusual_addresses_are_addresses() -> None:
    assert check_address("o'brien+shop=x@mail.x.example") == "o'brien+shop=x@mail.x.example"
    assert check_address("ana@peña.example") == "ana@xn--pea-8ma.example"
    assert check_address("root@localhost") == "root@localhost"


def test_what_a_person_types_is_an_address_that_mail_from_anywhere_reaches() -> None:
    assert read_address("  Ana@peña.example ") == "Ana@xn--pea-8ma.example"
    assert read_address("owner@localhost", local=True) == "owner@localhost"
    too_long = f"{'a' * 60}@{'b.' * 99}example"
    for written in ("a@b", "owner@localhost", "a@127.0.0.1", "a@b.12", "a@b.", "a@.b", too_long):
        with pytest.raises(MailInvalid, match="is not one e-mail address"):
            read_address(written)
    with pytest.raises(MailInvalid):
        read_address("a@b", local=True)


@pytest.mark.parametrize("message_id", ["", "x@y", "<x>", "<x@y>\r\nBcc: a@b.c", "<a b@y>", "<x@y><x@z>", "<ñ@y>",
                                        f"<{'x' * 300}@y>"])  # fmt: skip
def test_what_is_no_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(MailInvalid, match="is not a Message-ID"):
        build_message(replace(MAIL, message_id=message_id))


@pytest.mark.parametrize(
    "headers",
    [
        {"Bcc": "a@b.c"}, {"to": "a@b.c"}, {"Subject": "x"}, {"X-Order: 1\r\nBcc": "a@b.c"}, {"X Order": "1"},
        {"": "1"},
        {"X-Order": "1\r\nBcc: a@b.c"}, {"X-Order": "1\nBcc: a@b.c"}, {"X-Order": "1\u2028"}, {"X-Order": "x" * 1000},
        {"References": "<ñ@x>"}, {"Content-Type": "text/plain"}, {"List-Unsubscribe": "<https://x.example>"},
    ],
)  # fmt: skip
def test_a_header_of_ours_or_with_a_line_end_cannot_be_added(headers: dict[str, str]) -> None:
    with pytest.raises(MailInvalid):
        build_message(replace(MAIL, headers=headers))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:x@y", "https://", "https://x.example/a b", "ftp://x",
                                 "https://x.example/>,<https://y", "https://x.example/\r\nBcc: a@b.c",
                                 "https://user:pw@x.example/", "https://x.example/ñ"])  # fmt: skip
def test_a_way_out_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(MailInvalid, match="unsubscribe link"):
        build_message(replace(MAIL, list_unsubscribe_url=url))


def test_a_mail_without_a_way_out_has_no_such_header() -> None:
    assert not [name for name in parse(build_message(replace(MAIL, list_unsubscribe_url=None))) if "List" in name]


def test_only_the_forms_own_words_stop_mails() -> None:
    posted = unsubscribe_headers("https://x.example/u/1")["List-Unsubscribe-Post"].encode()
    assert is_one_click(posted)
    assert is_one_click(b"other=1&List-Unsubscribe=One-Click")
    assert not any(map(is_one_click, (b"", b"List-Unsubscribe=No", b"One-Click", b"\xff" * 10, posted + b"&" * 2000)))


def test_clean_words_are_one_line_of_bounded_length() -> None:
    assert clean_words(" a\r\n b\tc\u2028d ", 50) == "a b c d"
    assert clean_words("x" * 300, 255) == "x" * 254 + "…"
    assert clean_words("\u202e\u2066\x00", 10) == ""
    assert clean_words("שלום", 10) == "שלום"
