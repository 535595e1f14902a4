"""Pinning the address must not cost the certificate check: it stays a check of the name."""

import datetime
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plugin.contract import PlatformDown
from plugin.http import GuardedHttp
from plugin.testing.local_server import run_server, write_answer


def make_certificate(folder, *names):
    """A self-signed certificate for these names: the server's context, and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
                    for name in names]
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)


def test_a_certificate_for_the_name_is_accepted_over_the_pinned_address_and_the_name_is_sent(tmp_path):
    context, trusted = make_certificate(tmp_path, "shop.example")
    named = []
    context.sni_callback = lambda connection, name, _: named.append(name)
    with run_server(lambda _: [write_answer(b"ok")], context) as server:
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted, resolve=lambda host, port: ["127.0.0.1"])
        assert http.request("GET", f"https://shop.example:{server.port}/").body == b"ok"
    assert named == ["shop.example"]


@pytest.mark.parametrize("names", [("other.example",), ("127.0.0.1",)])
def test_a_trusted_certificate_for_another_name_is_refused_even_when_it_names_the_address(tmp_path, names):
    context, trusted = make_certificate(tmp_path, *names)
    with run_server(lambda _: [write_answer(b"ok")], context) as server:
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted, resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(PlatformDown):
            http.request("GET", f"https://shop.example:{server.port}/", headers={"Authorization": "secret"})
        assert server.connections == 1 and server.requests == []


def test_a_self_signed_server_is_refused(tmp_path):
    context, _ = make_certificate(tmp_path, "localhost", "127.0.0.1")
    with run_server(lambda _: [write_answer(b"ok")], context) as server:
        with pytest.raises(PlatformDown):
            GuardedHttp(allow_private_hosts=True).request("GET", f"https://localhost:{server.port}/")
        assert server.requests == []


def test_a_redirect_from_https_to_http_is_refused(tmp_path):
    context, trusted = make_certificate(tmp_path, "shop.example")
    with run_server(lambda _: [write_answer(b"plain")]) as plain, run_server(
            lambda _: [write_answer(status="302 Found", location=f"http://shop.example:{plain.port}/")],
            context) as server:
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted, resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(PlatformDown):
            http.request("GET", f"https://shop.example:{server.port}/")
        assert plain.connections == 0


@pytest.mark.parametrize("trusts", [True, False])
def test_a_certificate_that_does_not_verify_has_its_own_words_which_name_no_address(tmp_path, trusts):
    context, trusted = make_certificate(tmp_path, "other.example")
    with run_server(lambda _: [write_answer(b"ok")], context) as server:
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted if trusts else None)
        with pytest.raises(PlatformDown, match="certificate of the address is not valid") as caught:
            http.request("GET", f"https://127.0.0.1:{server.port}/")
        assert str(server.port) not in str(caught.value) and "127" not in str(caught.value)


def test_a_host_that_speaks_no_tls_is_as_unreachable_as_a_closed_port():
    with run_server(lambda _: [write_answer(b"plain")]) as server:
        with pytest.raises(PlatformDown, match="could not be reached"):
            GuardedHttp(allow_private_hosts=True).request("GET", f"https://127.0.0.1:{server.port}/")
