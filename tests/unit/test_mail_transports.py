"""Mails carried to real SMTP servers which take them, refuse them, vanish, or never answer."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import threading

import pytest
from aiosmtpd.controller import Controller

from plugin.mail import (
    ConsoleTransport,
    Mail,
    MailDelayed,
    MailInvalid,
    MailRefused,
    MailUnclear,
    SmtpServer,
    SmtpTransport,
    build_message,
    open_transport,
)
from plugin.testing.servers import find_free_port
from tests.unit.smtp_takers import MESSAGE, Taker, serve

SECRET = "s3cret-p@ss/word"


def send(port: int, message: bytes = MESSAGE, timeout: float = 5, to: str = "ana@x.example") -> None:
    transport = open_transport(f"smtp://127.0.0.1:{port}?timeout={timeout}")
    try:
        transport.send(message, "t@x.example", to)
    finally:
        transport.close()


def test_a_mail_arrives_byte_by_byte_for_its_one_recipient() -> None:
    taker = Taker()
    with serve(taker) as port:
        send(port)
        send(port, b"Subject: x\n\n.\n.a\rb\n")
    assert taker.mails == [MESSAGE, b"Subject: x\r\n\r\n.\r\n.a\r\nb\r\n"]
    assert taker.recipients == [["ana@x.example"]] * 2


def test_a_line_with_one_dot_ends_no_mail() -> None:
    taker = Taker()
    smuggled = b"Subject: x\r\n\r\nwords\n.\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<all@x.example>\r.\r\nDATA\r\n"
    with serve(taker) as port:
        send(port, smuggled)
    assert len(taker.mails) == 1 and taker.senders == 1


@pytest.mark.parametrize(
    ("answers", "error", "code"),
    [
        ({"rcpt": "451 4.7.1 come again"}, MailDelayed, 451),
        ({"rcpt": "450 greylisted"}, MailDelayed, 450),
        ({"rcpt": "550 5.1.1 no such person"}, MailRefused, 550),
        ({"rcpt": "530 5.7.0 sign in first"}, MailDelayed, 530),
        ({"mail": "550 5.7.1 unknown sender"}, MailDelayed, 550),
        ({"data": "451 later"}, MailDelayed, 451),
        ({"data": "552 too big"}, MailRefused, 552),
        ({"data": "554 5.7.1 looks like spam"}, MailRefused, 554),
    ],
)
def test_the_servers_answer_decides_and_its_words_are_kept(
    answers: dict[str, str], error: type[Exception], code: int
) -> None:
    taker = Taker(**answers)
    with serve(taker) as port, pytest.raises(error) as caught:
        send(port)
    assert type(caught.value) is error and caught.value.code == code
    assert next(iter(answers.values())).partition(" ")[2] in str(caught.value)
    assert taker.mails == [] and taker.senders == 1


def test_an_answer_lost_after_the_mail_is_unclear_and_so_tried_again() -> None:
    taker = Taker(data="drop")
    with serve(taker) as port, pytest.raises(MailUnclear, match="its answer was lost"):
        send(port)
    assert issubclass(MailUnclear, MailDelayed) and taker.senders == 1


def test_a_server_that_takes_the_mail_and_hangs_is_unclear() -> None:
    with serve(Taker(data="hang")) as port, pytest.raises(MailUnclear, match="did not answer in time"):
        send(port, timeout=0.3)


def _answer_once(*lines: bytes) -> tuple[int, threading.Thread]:
    """A server that says these lines, one per command, then ends (b"" says nothing for a while)."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with listener:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(3)
                for line in lines:
                    connection.sendall(line)
                    try:
                        if not connection.recv(65536):
                            return
                    except OSError:
                        return

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    return listener.getsockname()[1], thread


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((b"",), "did not answer in time"),
        ((b"554 no service here\r\n",), "554 no service here"),
        ((b"421 too busy\r\n",), "421 too busy"),
        ((b"220 hello\r\n",), "could not be reached"),
        ((b"220 hello\r\n", b"250 hello\r\n", b"421 closing\r\n"), "closing"),
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), "mail server"),
    ],
)
def test_a_server_that_is_not_there_for_mail_delays_it(lines: tuple[bytes, ...], words: str) -> None:
    port, thread = _answer_once(*lines)
    with pytest.raises(MailDelayed, match=words) as caught:
        send(port, timeout=0.5)
    assert not isinstance(caught.value, MailUnclear)
    thread.join(5)


def test_no_server_at_all_delays_the_mail() -> None:
    with pytest.raises(MailDelayed, match="could not be reached"):
        send(find_free_port())


def test_a_connection_is_kept_even_after_a_refusal() -> None:
    taker = Taker()
    with serve(taker) as port:
        transport = SmtpTransport(SmtpServer(host="127.0.0.1", port=port, timeout=5))
        transport.send(MESSAGE, "t@x.example", "ana@x.example")
        taker.answers["rcpt"] = "550 gone"
        with pytest.raises(MailRefused):
            transport.send(MESSAGE, "t@x.example", "bea@x.example")
        del taker.answers["rcpt"]
        transport.send(MESSAGE, "t@x.example", "cai@x.example")
        transport.close()
    assert len(taker.peers) == 1
    assert taker.recipients == [["ana@x.example"], ["cai@x.example"]]


def test_a_kept_connection_that_ended_is_opened_again_without_a_second_mail() -> None:
    taker = Taker()
    port = find_free_port()
    transport = SmtpTransport(SmtpServer(host="127.0.0.1", port=port, timeout=5))
    for _ in range(2):
        controller = Controller(taker, hostname="127.0.0.1", port=port)
        controller.start()
        transport.send(MESSAGE, "t@x.example", "ana@x.example")
        controller.stop(no_assert=True)
    transport.close()
    assert len(taker.mails) == 2 and len(taker.peers) == 2


def test_an_idle_connection_is_closed() -> None:
    moment = [0.0]
    taker = Taker()
    with serve(taker) as port:
        transport = SmtpTransport(SmtpServer(host="127.0.0.1", port=port, timeout=5), clock=lambda: moment[0])
        transport.send(MESSAGE, "t@x.example", "ana@x.example")
        moment[0] = 21.0
        transport.send(MESSAGE, "t@x.example", "ana@x.example")
        transport.close()
    assert len(taker.peers) == 2


def test_many_threads_send_each_mail_once_over_few_connections() -> None:
    taker = Taker()
    with serve(taker) as port:
        transport = SmtpTransport(SmtpServer(host="127.0.0.1", port=port, timeout=10))

        def work(number: int) -> None:
            for turn in range(10):
                transport.send(MESSAGE, "t@x.example", f"p{number}-{turn}@x.example")

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        transport.close()
    assert sorted(taker.recipients) == sorted([f"p{a}-{b}@x.example"] for a in range(4) for b in range(10))
    assert len(taker.peers) <= 4


@pytest.mark.parametrize("recipient", ["a@x.example, b@x.example", "a@x.example\r\nRCPT TO:<b@x.example>", "", "a",
                                       "a@x.example> NOTIFY=NEVER"])  # fmt: skip
def test_an_envelope_has_one_recipient(recipient: str) -> None:
    taker = Taker()
    with serve(taker) as port, pytest.raises(MailInvalid):
        send(port, to=recipient)
    assert taker.senders == 0


@pytest.mark.parametrize(
    "url",
    [
        "", "http://x", "smtp://", "smtp://x:abc", "smtp://x?starttls=maybe", "smtp://x?timeout=0", "smtp://x?tls=1",
        f"smtp://u:{SECRET.replace('/', '%2F')}@mail.example", "smtp://x/path", "smtp://x?timeout=nan", "smtp://x:99999",
        "smtp://[::1",
    ],
)  # fmt: skip
def test_a_url_that_cannot_be_a_transport_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match="mail") as caught:
        open_transport(url)
    assert "s3cret" not in str(caught.value)


def test_urls_choose_their_usual_ports() -> None:
    shown = [repr(open_transport(url)) for url in ("smtp://h", "smtp://h?starttls=1", "smtps://h", "smtp://h:2525")]
    assert shown == ["SmtpTransport(h:25)", "SmtpTransport(h:587)", "SmtpTransport(h:465)", "SmtpTransport(h:2525)"]


def test_the_console_shows_a_mail_without_obeying_it() -> None:
    stream = io.StringIO()
    message = build_message(
        Mail(to="ana@x.example", subject="Pedido 1042: en camino \x1b[2J", html="<p>x</p>",
             text="Va\x1b[31m en camino\nñ",
             from_name="T", from_address="t@x.example", message_id="<1@x.example>")
    )  # fmt: skip
    ConsoleTransport(stream).send(message, "t@x.example", "ana@x.example")
    shown = stream.getvalue()
    assert "ana@x.example" in shown and "Pedido 1042: en camino" in shown and "en camino\nñ" in shown
    assert "\x1b" not in shown
    assert repr(open_transport("console:")) == "ConsoleTransport()"


GEVENT = """
from gevent import monkey; monkey.patch_all()
import gevent, sys
from plugin.mail import open_transport
transport = open_transport("smtp://127.0.0.1:%d?timeout=10" % int(sys.argv[1]))
jobs = [gevent.spawn(transport.send, b"Subject: x\\r\\n\\r\\nx\\r\\n", "t@x.example", f"p{n}@x.example")
        for n in range(20)]
gevent.joinall(jobs, raise_error=True)
transport.close()
print("sent")
"""


def test_greenlets_share_a_transport() -> None:
    taker = Taker()
    with serve(taker) as port:
        done = subprocess.run(
            [sys.executable, "-c", GEVENT, str(port)], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.stdout == "sent\n", done.stderr
    assert sorted(taker.recipients) == sorted([f"p{number}@x.example"] for number in range(20))
