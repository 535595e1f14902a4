"""The guarded way out against real servers: pinning, redirects, caps on size and time."""

import gzip
import itertools
import socket
import threading
import time
import zlib

import pytest

from plugin.contract import PlatformDown
from plugin.http import GuardedHttp
from plugin.http.addresses import resolve_name
from plugin.testing.local_server import run_server, write_answer

PUBLIC = "93.184.216.34"
CREDENTIALS = {"Authorization": "Basic c2VjcmV0", "X-Shopify-Access-Token": "shpat_secret",
               "Accept": "application/json"}


def ask(server, path="/", method="GET", **options):
    request = {name: options.pop(name) for name in ("headers", "body") if name in options}
    return GuardedHttp(allow_private_hosts=True, **options).request(
        method, f"http://127.0.0.1:{server.port}{path}", **request)


def dial_into(server, dialled):
    """A dialler that notes where it was sent, and really connects to the test's server."""
    def dial(address, seconds):
        dialled.append(address)
        return socket.create_connection(("127.0.0.1", server.port), seconds)
    return dial


def test_an_answer_has_its_status_headers_body_and_address():
    with run_server(lambda _: [write_answer(b"no", "404 Not Found", Retry_After="7")]) as server:
        answer = ask(server, "/orders?page=2", method="post", body=b"{}", headers={"X-Key": "k"})
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert (answer.status, answer.body, answer.headers["retry-after"], answer.headers["RETRY-AFTER"]) == (
        404, b"no", "7", "7")
    assert answer.url == f"http://127.0.0.1:{server.port}/orders?page=2"
    assert head.startswith(b"POST /orders?page=2 HTTP/1.1\r\n") and body == b"{}"
    assert f"host: 127.0.0.1:{server.port}".encode() in head.lower() and b"x-key: k" in head.lower()
    assert b"user-agent: mostrador/" in head.lower()


def test_the_connection_goes_to_the_address_that_was_checked_and_carries_the_name():
    dialled = []
    with run_server(lambda _: [write_answer(b"ok")]) as server:
        http = GuardedHttp(resolve=lambda host, port: [PUBLIC], dial=dial_into(server, dialled))
        assert http.request("GET", "http://Shop.Example:8080/a").body == b"ok"
        assert b"\r\nhost: shop.example:8080\r\n" in server.requests[0].lower()
    assert dialled == [(PUBLIC, 8080)]


def test_a_name_that_flips_after_the_check_is_asked_once_and_reaches_nothing_inside():
    dialled, answers = [], itertools.chain([[PUBLIC]], itertools.repeat(["127.0.0.1"]))
    asked = []

    def flip(host, port):
        asked.append(host)
        return next(answers)

    with run_server(lambda _: [write_answer(b"ok")]) as server, run_server(
            lambda _: [write_answer(b"inside")]) as inside:
        http = GuardedHttp(resolve=flip, dial=dial_into(server, dialled))
        assert http.request("GET", f"http://shop.example:{inside.port}/").body == b"ok"
        with pytest.raises(PlatformDown):  # the second request is checked anew
            http.request("GET", f"http://shop.example:{inside.port}/")
        assert inside.connections == 0
    assert asked == ["shop.example"] * 2 and dialled == [(PUBLIC, inside.port)]


def test_the_next_checked_address_is_tried_when_one_does_not_answer():
    dialled = []
    with run_server(lambda _: [write_answer(b"ok")]) as server:
        connect = dial_into(server, dialled)

        def dial(address, seconds):
            if address[0] == "2606:4700::1111":
                dialled.append(address)
                raise OSError("no route")
            return connect(address, seconds)

        http = GuardedHttp(resolve=lambda host, port: ["2606:4700::1111", PUBLIC], dial=dial)
        assert http.request("GET", "http://shop.example/").body == b"ok"
        assert server.connections == 1
    assert dialled == [("2606:4700::1111", 80), (PUBLIC, 80)]


@pytest.mark.parametrize("target", [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://0x7f.1:{port}/",
    "http://169.254.169.254/latest/meta-data/", "//127.0.0.1:{port}/", "file:///etc/passwd", "http://inside.example/",
])
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_to_a_private_address_is_refused(status, target):
    with run_server(lambda _: [write_answer(b"inside")]) as inside, run_server(
            lambda _: [write_answer(status=status, location=target.format(port=inside.port))]) as server:
        known = {"shop.example": [PUBLIC], "inside.example": ["10.0.0.9"]}
        http = GuardedHttp(resolve=lambda host, port: known.get(host) or resolve_name(host, port),
                           dial=dial_into(server, []))
        with pytest.raises(PlatformDown):
            http.request("GET", "http://shop.example/")
        assert inside.connections == 0 and server.connections == 1


def redirecting(hops):
    """A server that sends `hops` times to itself, then answers."""
    def talk(request):
        number = int(request.split(b" ")[1].strip(b"/") or 0)
        if number == hops:
            return [write_answer(b"there")]
        return [write_answer(status="302 Found", location=f"/{number + 1}")]
    return talk


@pytest.mark.parametrize("redirects", [True, False])
def test_the_body_of_a_redirect_is_capped_too_before_and_after_decompression(redirects):
    bodies = [(b"x" * 200_000, {}), (gzip.compress(b"x" * 50_000_000), {"content_encoding": "gzip"})]
    for body, named in bodies:
        with run_server(lambda _, body=body, named=named: [
                write_answer(body, "302 Found", location="/there", **named)]) as server:
            with pytest.raises(PlatformDown, match="larger than we accept"):
                GuardedHttp(allow_private_hosts=True, max_bytes=100_000).request(
                    "GET", f"http://127.0.0.1:{server.port}/", redirects=redirects)
            assert server.connections == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_an_answer_where_that_is_asked_for_and_nothing_follows_it(status):
    with run_server(lambda _: [write_answer(b"elsewhere")]) as elsewhere, run_server(
            lambda _: [write_answer(b"go", status, location=f"http://127.0.0.1:{elsewhere.port}/b")]) as server:
        http = GuardedHttp(allow_private_hosts=True)
        answer = http.request("POST", f"http://127.0.0.1:{server.port}/a", headers=CREDENTIALS, body=b"{}",
                              redirects=False)
        assert (answer.status, answer.body) == (int(status[:3]), b"go")
        assert answer.headers["location"] == f"http://127.0.0.1:{elsewhere.port}/b"
        assert answer.url == f"http://127.0.0.1:{server.port}/a"
        assert server.connections == 1 and elsewhere.connections == 0


def test_three_redirects_are_followed_and_a_fourth_is_not():
    with run_server(redirecting(3)) as server:
        answer = ask(server, headers=CREDENTIALS)
        assert answer.body == b"there" and answer.url.endswith("/3")
        assert all(b"Basic c2VjcmV0" in request for request in server.requests)
    with run_server(redirecting(4)) as server:
        with pytest.raises(PlatformDown):
            ask(server)
        assert server.connections == 4


def test_credentials_stay_with_the_host_they_were_meant_for():
    with run_server(lambda _: [write_answer(b"ok")]) as other, run_server(
            lambda _: [write_answer(status="302 Found", location=f"http://127.0.0.1:{other.port}/x")]) as server:
        assert ask(server, headers=CREDENTIALS).body == b"ok"
        assert b"Basic c2VjcmV0" in server.requests[0]
        received = other.requests[0].lower()
    assert b"secret" not in received and b"c2vjcmv0" not in received and b"accept: application/json" in received


@pytest.mark.parametrize("status", ["307 Temporary", "308 Permanent"])
def test_a_body_is_never_carried_to_another_host(status):
    with run_server(lambda _: [write_answer(b"ok")]) as other, run_server(
            lambda _: [write_answer(status=status, location=f"http://127.0.0.1:{other.port}/x")]) as server:
        with pytest.raises(PlatformDown):
            ask(server, method="POST", body=b"private")
        assert other.connections == 0


def test_a_redirected_post_becomes_a_get_without_its_body():
    def talk(request):
        return [write_answer(b"ok") if b"/done" in request else write_answer(status="303 See Other", location="/done")]
    with run_server(talk) as server:
        assert ask(server, method="POST", body=b"once", headers={"Content-Type": "text/plain"}).body == b"ok"
        assert server.requests[1].startswith(b"GET /done ") and b"once" not in server.requests[1]
        assert b"content-type" not in server.requests[1].lower()


def test_an_endless_body_is_left_at_the_cap():
    sent = []

    def talk(_):
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while len(sent) < 4_000:
            sent.append(1)
            yield b"x" * 65_536
    with run_server(talk) as server, pytest.raises(PlatformDown, match="larger"):
        ask(server)
    assert len(sent) < 400  # what the sockets' buffers held, not the 260 MB on offer


@pytest.mark.parametrize("size", [999, 1_000])
def test_a_body_up_to_the_cap_is_taken_whole_plain_or_compressed(size):
    body = b"y" * size
    with run_server(lambda _: [write_answer(body)]) as plain, run_server(
            lambda _: [write_answer(gzip.compress(body), content_encoding="gzip")]) as zipped:
        assert ask(plain, max_bytes=1_000).body == ask(zipped, max_bytes=1_000).body == body


@pytest.mark.parametrize("body", [
    gzip.compress(b"\0" * 200_000_000, 9), gzip.compress(gzip.compress(b"\0" * 50_000_000) * 40),
], ids=["a bomb", "a bomb of many parts"])
def test_a_gzip_bomb_stops_at_the_cap(body):
    with run_server(lambda _: [write_answer(body[:900_000], content_encoding="gzip")]) as server, \
            pytest.raises(PlatformDown, match="larger"):
        ask(server)


@pytest.mark.parametrize(("encoding", "body"), [
    ("br", b"whatever"), ("gzip, gzip", gzip.compress(b"twice")), ("deflate", zlib.compress(b"x")),
    ("gzip", b"not gzip"), ("gzip", gzip.compress(b"cut off" * 50)[:-9]),
], ids=["brotli", "twice", "deflate", "not gzip", "cut off"])
def test_a_compression_we_did_not_ask_for_or_that_is_broken_is_refused(encoding, body):
    with run_server(lambda _: [write_answer(body, content_encoding=encoding)]) as server, pytest.raises(PlatformDown):
        ask(server)


def drip(*pieces):
    """Send each byte after a pause that is shorter than any time-out of silence."""
    def talk(_):
        for byte in itertools.chain(*pieces, itertools.repeat(ord("z"), 200)):
            time.sleep(0.05)
            yield bytes([byte])
    return talk


@pytest.mark.parametrize("pieces", [
    [b"HTTP/1.1 200 OK\r\nX-Slow: "], [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"],
], ids=["head", "chunk"])
def test_a_slow_answer_ends_with_the_time_for_the_whole_request(pieces):
    with run_server(drip(*pieces)) as server, pytest.raises(PlatformDown, match="too long"):
        ask(server, max_seconds=1.0, timeout=(1, 1))


def test_a_slow_body_ends_with_the_time_for_the_whole_request():
    def talk(request):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        yield from drip()(request)
    with run_server(talk) as server, pytest.raises(PlatformDown, match="too long"):
        ask(server, max_seconds=0.8, timeout=(1, 1))


def test_a_silent_server_ends_with_the_time_out():
    stay = threading.Event()
    with run_server(lambda _: [stay.wait(30) and b""]) as server, pytest.raises(PlatformDown):
        ask(server, timeout=(1, 0.3))
    stay.set()


def test_an_answer_that_is_no_http_or_is_cut_off_is_the_platform_being_down():
    for raw in (b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"):
        with run_server(lambda _, raw=raw: [raw]) as server, pytest.raises(PlatformDown) as down:
            ask(server, "/?secret=ck_1")
        assert "ck_1" not in str(down.value) and "SSH" not in str(down.value)


def test_proxies_and_passwords_of_the_environment_are_not_used(monkeypatch, tmp_path):
    with run_server(lambda _: [write_answer(b"proxy")]) as proxy, run_server(
            lambda _: [write_answer(b"direct")]) as server:
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password netrc-secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert ask(server).body == b"direct"
        assert b"authorization" not in server.requests[0].lower() and proxy.connections == 0
