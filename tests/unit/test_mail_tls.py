"""Mails over TLS: a sign-in that is kept secret, and nothing said to a server nobody trusts."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plugin.mail import MailDelayed, SmtpServer, open_transport
from tests.unit.smtp_takers import MESSAGE, Taker, serve

SECRET = "s3cret-p@ss/word"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own for localhost, with its key in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    both = tmp_path_factory.mktemp("tls") / "both.pem"
    both.write_bytes(key.private_bytes(pem, *plain) + certificate.public_bytes(pem))
    return both


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _check_sign_in(right: bytes) -> Callable[..., AuthResult]:
    def check(_: Any, __: Any, ___: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.login == b"shop" and data.password == right, handled=False)

    return check


def _tls_server(taker: Taker, certificate: Path, right: str = SECRET) -> Any:
    return serve(
        taker, tls_context=_tls(certificate), require_starttls=True, auth_required=True,
        authenticator=_check_sign_in(right.encode()),
    )  # fmt: skip


def test_starttls_and_a_sign_in_carry_the_mail(certificate: Path) -> None:
    taker = Taker()
    with _tls_server(taker, certificate) as port:
        url = f"smtp://shop:s3cret-p%40ss%2Fword@localhost:{port}?starttls=1&timeout=5&ca_file={certificate}"
        transport = open_transport(url)
        transport.send(MESSAGE, "t@x.example", "ana@x.example")
        transport.close()
    assert taker.mails == [MESSAGE]


def test_implicit_tls_carries_the_mail(certificate: Path) -> None:
    taker = Taker()
    with serve(taker, ssl_context=_tls(certificate)) as port:
        transport = open_transport(f"smtps://localhost:{port}?timeout=5&ca_file={certificate}")
        transport.send(MESSAGE, "t@x.example", "ana@x.example")
        transport.close()
    assert taker.mails == [MESSAGE]


def test_a_certificate_nobody_trusts_delays_and_nothing_is_said_in_the_open(certificate: Path) -> None:
    taker = Taker()
    with _tls_server(taker, certificate) as port, pytest.raises(MailDelayed, match="certificate is not trusted"):
        open_transport(f"smtp://shop:x@localhost:{port}?starttls=1&timeout=5").send(
            MESSAGE, "t@x.example", "ana@x.example"
        )
    assert taker.senders == 0


def test_a_server_without_tls_gets_neither_password_nor_mail() -> None:
    taker = Taker()
    with serve(taker) as port, pytest.raises(MailDelayed, match="no TLS or no sign-in"):
        open_transport(f"smtp://shop:x@127.0.0.1:{port}?starttls=1&timeout=5").send(
            MESSAGE, "t@x.example", "ana@x.example"
        )
    assert taker.senders == 0


def test_no_password_shows_in_errors_or_representations(certificate: Path) -> None:
    with _tls_server(Taker(), certificate, right="another") as port:
        url = f"smtp://shop:s3cret-p%40ss%2Fword@localhost:{port}?starttls=1&timeout=5&ca_file={certificate}"
        transport = open_transport(url)
        with pytest.raises(MailDelayed, match="did not accept the sign-in") as caught:
            transport.send(MESSAGE, "t@x.example", "ana@x.example")
    shown = [str(caught.value), repr(caught.value), repr(transport), repr(caught.value.__cause__),
             repr(SmtpServer(host="h", port=1, user="shop", password=SECRET))]  # fmt: skip
    assert not [words for words in shown if "s3cret" in words]
