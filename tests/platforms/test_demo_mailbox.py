"""The demo's mailbox: what arrives by a real SMTP conversation is shown, and can do nothing."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import requests
from test_demo_shop_process import OpenShop, open_shop

ODD_MAILS = (
    b"", b"Subject: =?utf-9?q?x?=\r\n\r\n\xff\xfe", b"Content-Type: text/plain; charset=mars\r\n\r\n\xe9",
    b"no header at all", b"Content-Type: multipart/mixed\r\n\r\n",
)


@pytest.fixture(scope="module")
def mail_shop() -> Iterator[OpenShop]:
    with open_shop() as opened:
        yield opened


def send_mail(shop: OpenShop, subject: str = "Tu pedido está en camino", markup: str = "<p>Hola</p>") -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "Barro y Sol <hola@example.com>", "Ana <ana@example.com>"
    mail["Message-ID"], mail["List-Unsubscribe"] = "<one@example.com>", "<http://127.0.0.1:9/u/token>"
    mail.set_content("Hola, Ana: ¡va en camino!")
    mail.add_alternative(f"<html><head><title>x</title></head><body>{markup}</body></html>", subtype="html")
    smtp = urlsplit(shop.addresses["smtp"])
    with smtplib.SMTP(smtp.hostname or "", smtp.port or 0, timeout=10) as connection:
        connection.send_message(mail)


def test_the_mailbox_shows_each_mail_with_html_text_and_headers(mail_shop):
    box = mail_shop.addresses["mailbox"]
    requests.post(f"{box}/api/clear", timeout=10)
    send_mail(mail_shop, "Uno")
    send_mail(mail_shop, "Dos: ¡llegó! 🎉")
    mails = requests.get(f"{box}/api/mails", timeout=10).json()["mails"]
    assert [mail["subject"] for mail in mails] == ["Dos: ¡llegó! 🎉", "Uno"]
    assert mails[0]["to"] == "Ana <ana@example.com>"
    assert mails[0]["message_id"] == "<one@example.com>"
    mail = requests.get(f"{box}/api/mails/{mails[0]['id']}", timeout=10).json()
    assert mail["text"] == "Hola, Ana: ¡va en camino!\n"
    assert "<p>Hola</p>" in mail["html"]
    assert ["List-Unsubscribe", "<http://127.0.0.1:9/u/token>"] in mail["headers"]
    page = requests.get(f"{box}/mails/{mails[0]['id']}", timeout=10).text
    assert "¡va en camino!" in page
    assert "List-Unsubscribe" in page
    requests.post(f"{box}/api/clear", timeout=10)
    assert requests.get(f"{box}/api/mails", timeout=10).json()["mails"] == []
    assert requests.get(f"{box}/api/mails/{mails[0]['id']}", timeout=10).status_code == 404


def test_a_mail_s_html_can_neither_run_nor_call_home(mail_shop):
    box = mail_shop.addresses["mailbox"]
    send_mail(mail_shop, "<script>alert(1)</script>", "<script>alert(1)</script><img src=https://evil.example/x>")
    number = requests.get(f"{box}/api/newest", timeout=10).json()["newest"]
    shown = requests.get(f"{box}/mails/{number}/html", timeout=10)
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "evil.example" not in policy
    assert "https:" not in policy
    page = requests.get(f"{box}/mails/{number}", timeout=10)
    assert "<script>alert(1)</script>" not in page.text
    assert '<iframe class="mail-html" title="HTML" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "<script>alert(1)</script>" not in requests.get(box, timeout=10).text


def test_the_mailbox_takes_many_mails_at_once_and_odd_ones(mail_shop):
    box = mail_shop.addresses["mailbox"]
    requests.post(f"{box}/api/clear", timeout=10)
    smtp = urlsplit(mail_shop.addresses["smtp"])
    with smtplib.SMTP(smtp.hostname or "", smtp.port or 0, timeout=10) as connection:
        for body in ODD_MAILS:
            connection.sendmail("a@example.com", ["b@example.com", "c@example.com"], body)
        for _ in range(50):
            connection.sendmail("a@example.com", ["b@example.com"], b"Subject: x\r\n\r\nHola")
    mails = requests.get(f"{box}/api/mails", timeout=10).json()["mails"]
    assert len(mails) == 55
    assert mails[-1]["envelope_to"] == "b@example.com, c@example.com"
    for mail in mails[-5:]:
        assert requests.get(f"{box}/mails/{mail['id']}", timeout=10).status_code == 200
        assert requests.get(f"{box}/mails/{mail['id']}/source", timeout=10).status_code == 200


def test_the_mailbox_answers_to_its_own_name_only(mail_shop):
    box = mail_shop.addresses["mailbox"]
    assert requests.get(box, headers={"Host": "evil.example"}, timeout=10).status_code == 421
    answer = requests.post(f"{box}/api/clear", headers={"Origin": "https://evil.example"}, timeout=10)
    assert answer.status_code == 403
