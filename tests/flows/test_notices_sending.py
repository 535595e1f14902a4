"""What becomes of a mail that its server does not take: told in the ledger, never lost without a word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from plugin.contract import OrderChanged, OrderStatus, PaymentStatus, WebhookDelivery
from plugin.database import ALL
from plugin.mail import MailDelayed
from plugin.notices import Sender, decide_order, read_ledger, send_notice, suppress
from plugin.orders import apply_receipt, find_order, keep
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_database, make_order, make_shipment, make_store
from plugin.work import claim
from plugin.work.engine import Engine


class Server:
    """A mail server that is away until told otherwise."""

    def __init__(self) -> None:
        self.away, self.taken = True, []

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        if self.away:
            raise MailDelayed("the mail server is away")
        self.taken.append(message)


class Shop:
    """One store with its orders, decided and sent by hand."""

    def __init__(self, url: str) -> None:
        self.db, self.clock, self.server = make_database(url), FrozenClock(MOMENT), Server()
        self.store, self.meaning = make_store(self.db, settle_seconds=0), []
        sender = Sender(
            self.db, self.clock, self.server, "http://127.0.0.1", "counter@shop.example", "i" * 40
        )
        kinds: dict[str, Callable[[Any], None]] = {
            "orders.apply": lambda job: apply_receipt(self.db, self, self.clock, job),
            "notices.decide": lambda job: decide_order(self.db, self.clock, job),
            "notices.send": lambda job: send_notice(sender, job),
        }
        self.engine = Engine(self.db, self.clock, kinds)

    def get(self, _name: str) -> "Shop":
        return self

    def parse_webhook(self, _delivery: WebhookDelivery) -> list[OrderChanged]:
        return self.meaning

    def tell(self, **values: Any) -> None:
        self.meaning = [OrderChanged(order=make_order(**values))]
        with self.db.transaction(self.store.id) as tx:
            keep(tx, self.store.id, WebhookDelivery(topic="t", headers={}, body=b""), self.clock.now())
        self.work()

    def work(self) -> None:
        for _ in range(20):
            with self.db.transaction(ALL, "test") as tx:
                jobs = claim(tx, self.clock.now(), 10)
            for job in jobs:
                self.engine.run(job)
            if not jobs:
                return

    def ledger(self) -> dict[str, tuple[str, bool, str]]:
        with self.db.reading(self.store.id) as tx:
            row = find_order(tx, self.store.id, "1001")
            return {line.notice: (line.reason, line.sent, line.words or "") for line in read_ledger(tx, row)}


@pytest.fixture
def shop(database_url: str):
    made = Shop(database_url)
    yield made
    made.db.close()


PAID = {"status": OrderStatus.processing, "payment_status": PaymentStatus.paid, "paid_at": MOMENT}


def test_a_mail_given_up_after_a_day_says_so_in_the_ledger(shop: Shop) -> None:
    shop.tell(**PAID)
    assert shop.ledger()["preparing"][:2] == ("sent", False)
    for _ in range(60):
        shop.clock.advance(timedelta(minutes=37))
        shop.work()
    reason, sent, words = shop.ledger()["preparing"]
    assert (reason, sent) == ("failed", False) and "the mail server is away" in words


def test_a_server_that_comes_back_within_the_day_gets_the_mail_once(shop: Shop) -> None:
    shop.tell(**PAID)
    shop.clock.advance(timedelta(hours=20))
    shop.work()
    shop.server.away = False
    shop.clock.advance(timedelta(hours=1))
    shop.work()
    assert len(shop.server.taken) == 1 and shop.ledger()["preparing"][:2] == ("sent", True)


def test_what_an_overtaken_mail_would_have_told_the_next_one_tells(shop: Shop) -> None:
    shop.tell(**PAID)
    shop.clock.advance(timedelta(minutes=30))
    shop.tell(**PAID, modified_at=MOMENT + timedelta(minutes=30), shipments=(make_shipment(),))
    shop.server.away = False
    shop.clock.advance(timedelta(hours=1))
    shop.work()
    assert len(shop.server.taken) == 1
    ledger = shop.ledger()
    assert ledger["preparing"][0] == "overtaken" and ledger["shipped"][:2] == ("sent", True)
    assert ledger["payment_received"][0] == "told_together"


def test_who_unsubscribes_while_a_mail_waits_does_not_get_it(shop: Shop) -> None:
    shop.tell(**PAID)
    with shop.db.transaction(shop.store.id) as tx:
        suppress(tx, shop.store.id, shop.db.vault.index("email", "alma@example.com"), shop.clock.now())
    shop.server.away = False
    shop.clock.advance(timedelta(hours=1))
    shop.work()
    assert shop.server.taken == [] and shop.ledger()["preparing"][0] == "suppressed"


@pytest.mark.parametrize("left", [True, False])
def test_back_in_preview_a_waiting_mail_goes_only_if_the_shop_had_left_it_to_us(shop: Shop, left: bool) -> None:
    from plugin.contract import Capability, Notice
    from plugin.stores import get_store
    from plugin.stores.wishes import go_back_to_preview

    with shop.db.transaction(shop.store.id) as tx:
        row = get_store(tx, shop.store.id)
        row.capabilities, row.mails_since = [Capability.MAIL_LEASE.value], MOMENT - timedelta(hours=1)
        row.mails_leased_until = MOMENT + timedelta(minutes=45)
        row.platform_mails = ["preparing", "payment_received", "order_received"] if left else []
    silent = {"untold": frozenset((Notice.preparing, Notice.payment_received, Notice.order_received)) if left
              else frozenset()}  # fmt: skip
    shop.tell(**PAID, **silent)
    assert shop.ledger()["preparing"][:2] == ("sent", False)
    with shop.db.transaction(shop.store.id) as tx:
        go_back_to_preview(get_store(tx, shop.store.id), shop.clock.now())
    shop.server.away = False
    shop.clock.advance(timedelta(hours=1))
    shop.work()
    assert len(shop.server.taken) == left
    assert shop.ledger()["preparing"][:2] == (("sent", True) if left else ("preview", False))


@pytest.mark.parametrize("change", [{"status": "uninstalled"}, {"live_at": None}])
def test_a_store_that_left_or_went_back_to_preview_sends_nothing_more(
    shop: Shop, change: dict[str, Any]
) -> None:
    from plugin.stores import get_store

    shop.tell(**PAID)
    with shop.db.transaction(shop.store.id) as tx:
        for name, value in change.items():
            setattr(get_store(tx, shop.store.id), name, value)
    shop.server.away = False
    shop.clock.advance(timedelta(hours=1))
    shop.tell(**PAID, modified_at=MOMENT + timedelta(minutes=30), shipments=(make_shipment(),))
    assert shop.server.taken == []
    assert {reason for reason, _, _ in shop.ledger().values() if reason != "told_together"} == {"preview"}
