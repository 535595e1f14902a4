"""Which addresses the guarded way out may fetch: every spelling of "inside" is refused before a connection."""

import pytest

from plugin.contract import PlatformDown
from plugin.http import GuardedHttp
from plugin.http.addresses import is_public
from plugin.testing.local_server import run_server, write_answer

INSIDE = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.100.100.200", "169.254.169.254", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "192.88.99.1", "168.63.129.16", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:7f00:1::", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "100::1", "5f00::1",
    "not an address", "", "0177.0.0.1", "127.1",
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450:4003::1",
           "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
SPELLINGS = [
    "http://127.0.0.1:{port}/", "http://0x7f.1:{port}/", "http://0x7f000001:{port}/", "http://2130706433:{port}/",
    "http://127.1:{port}/", "http://0177.0.0.1:{port}/", "http://0:{port}/", "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[::]:{port}/",
    "http://localhost:{port}/", "http://LOCALHOST.:{port}/", "http://shop.localhost:{port}/", "http://printer.local/",
    "http://metadata.google.internal/", "http://router/", "http://127。0。0。1:{port}/", "http://①②⑦.0.0.1:{port}/",
    "http://169.254.169.254/latest/meta-data/", "http://[fe80::1%25lo]:{port}/",
]
NOT_FETCHED = [
    "file:///etc/passwd", "ftp://shop.example/", "gopher://127.0.0.1:{port}/", "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http://", "http:///x", "http://user:word@shop.example/", "http://shop.example@127.0.0.1:{port}/",
    "http://shop.example\\@127.0.0.1:{port}/", "http://shop.example/\r\nX-Evil: 1", "http://shop.example:70000/",
    "http://127.0.0.1 :{port}/", "http://[::1/", "http://" + "a" * 70 + ".example/", "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("url", SPELLINGS + NOT_FETCHED)
def test_no_spelling_of_this_machine_reaches_a_server_on_it(url):
    with run_server(lambda _: [write_answer(b"secret inside")]) as sink:
        with pytest.raises(PlatformDown) as refused:
            GuardedHttp().request("GET", url.format(port=sink.port))
        assert sink.connections == 0
    assert "127" not in str(refused.value) and str(sink.port) not in str(refused.value)


@pytest.mark.parametrize("url", NOT_FETCHED)
def test_what_is_no_plain_web_address_is_refused_even_when_private_hosts_are_allowed(url):
    with run_server(lambda _: [write_answer()]) as sink:
        with pytest.raises(PlatformDown):
            GuardedHttp(allow_private_hosts=True).request("GET", url.format(port=sink.port))
        assert sink.connections == 0


@pytest.mark.parametrize("addresses", [
    ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::ffff:127.0.0.1"], [], ["nonsense"],
])
def test_one_private_address_among_public_ones_refuses_the_host(addresses):
    dialled = []
    http = GuardedHttp(resolve=lambda host, port: addresses, dial=lambda *call: dialled.append(call))
    with pytest.raises(PlatformDown):
        http.request("GET", "https://shop.example/")
    assert dialled == []


def test_a_host_that_cannot_be_resolved_says_the_same_as_a_private_one_and_a_closed_port():
    def fail(host, port):
        raise OSError("Name or service not known: shop.example")

    with run_server(lambda _: []) as server:
        closed = server.port
    words = set()
    for http, url in [
        (GuardedHttp(resolve=fail), "http://shop.example/"),
        (GuardedHttp(), "http://10.0.0.1/"),
        (GuardedHttp(), "http://router/"),
        (GuardedHttp(allow_private_hosts=True), f"http://127.0.0.1:{closed}/?key=ck_secret"),
    ]:
        with pytest.raises(PlatformDown) as refused:
            http.request("GET", url, headers={"Authorization": "Bearer ck_secret"})
        words.add(str(refused.value))
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert words == {"The address could not be reached."}
