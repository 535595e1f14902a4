"""A counter whose shop, orders, shoppers and agents have written script payloads wherever one may write."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter
from payload_alarm import Site
from payloads import Payload
from test_desk_pages import serve

from adapters.demo import sign_proof
from faq_links.placeholders import ALL_PLACEHOLDERS
from plugin import help
from plugin.agents import AgentRow
from plugin.care import (
    Agent,
    Arrived,
    ConversationRow,
    MessageRow,
    VisitorRow,
    ask_for_person,
    consent_words,
    leave_email,
    post_message,
    rate,
    reply,
)
from plugin.contract import (
    Finding,
    FindingState,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Refund,
    Shipment,
    ShipmentStatus,
    StatusWord,
    Step,
    Surface,
    SurfaceState,
    TrackingEvent,
)
from plugin.database import ALL
from plugin.language import LOCALES, pick_locale
from plugin.notices import TRACKING, UNSUBSCRIBE, link_token
from plugin.orders import OrderRow
from plugin.privacy import ask_for_customer
from plugin.stores import StoreRow, get_store
from plugin.stores.contact import NETWORKS
from plugin.stores.coverage import save_coverage, save_findings
from plugin.stores.status_words import learn_statuses
from plugin.stores.wishes import ANSWER_LIMIT, set_answers
from plugin.testing.factories import MOMENT, make_money, make_refund, make_shipment
from plugin.testing.servers import find_free_port

NUMBER, EMAIL = "1001", "alma@example.com"


@dataclass
class Scene:
    """`talk`: the conversation in which a shopper and Ana wrote everything; `asked`: one with the bot; `token`: of
    the shopper in `talk`; `proof`: of the order; `letters`: what came by form, one for each payload; `inviter`: the
    address of who invited a colleague."""

    counter: Counter
    base: str
    payloads: Sequence[Payload]
    store: StoreRow
    ana: AgentRow
    order: OrderRow
    talk: str
    asked: str
    token: str
    proof: str
    letters: list[str] = field(default_factory=list)
    inviter: str = ""

    def link(self, purpose: str) -> str:
        """The page that a mail about the order leads to."""
        key = self.counter.house.doors.settings.index_key
        return f"{self.base}/{purpose}/{link_token(key, purpose, self.store.id, self.order.id)}"

    @property
    def tracking(self) -> str:
        return self.link(TRACKING)

    @property
    def unsubscribe(self) -> str:
        return self.link(UNSUBSCRIBE)

    def contact_email(self) -> str:
        """As the shop tells it now."""
        with self.counter.db.reading(self.store.id) as tx:
            return str(get_store(tx, self.store.id).contact["email"])

    def social_pages(self) -> list[str]:
        with self.counter.db.reading(self.store.id) as tx:
            return list(get_store(tx, self.store.id).contact["social"].values())

    def agent(self) -> Agent:
        return Agent(self.ana.id, self.ana.name)


def join(payloads: Sequence[Payload], limit: int = 100_000) -> str:
    """As many as fit, one after the other."""
    words = ""
    for one in payloads:
        if len(words) + len(one.text) < limit:
            words = f"{words} {one.text}"
    return words.strip()


def pack(payloads: Sequence[Payload], limit: int) -> list[list[Payload]]:
    """All of them, as many at once as fit: a page costs as much for one as for ten."""
    packs: list[list[Payload]] = []
    for one in payloads:
        if not packs or len(join([*packs[-1], one])) >= limit:
            packs.append([])
        packs[-1].append(one)
    return packs


def turn(payloads: Sequence[Payload], places: int) -> list[Payload]:
    """The same, beginning elsewhere: so that each stands in front of a field once."""
    places %= len(payloads)
    return [*payloads[places:], *payloads[:places]]


@contextmanager
def open_scene(folder: Path, shop: Site, payloads: Sequence[Payload]) -> Iterator[Scene]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(folder, base_url=base) as counter:
        store = _open_store(counter, shop, payloads)
        ana = _hire(counter, store, payloads)
        _place_orders(counter, store, payloads)
        order = _place_big_order(counter, store, payloads)
        counter.clock.advance(30)
        counter.run_jobs()
        talk, token, asked = _talk(counter, store, order, ana, payloads)
        _teach(counter, store, ana, payloads)
        proof = sign_proof(
            store.public_id,
            "a-webhook-secret",
            expires_at=MOMENT + timedelta(days=1),
            order=order.external_id,
        )
        with serve(counter, port):
            yield Scene(counter, base, payloads, store, ana, order, talk, asked, token, proof)


def _open_store(counter: Counter, shop: Site, payloads: Sequence[Payload]) -> StoreRow:
    links = [one.text for one in payloads if one.kind == "url"] or [payloads[0].text]
    store = counter.add_store("barro.example", capabilities=["add_shipment"], origins=[shop.origin])
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.origins = [shop.origin, counter.house.doors.settings.base_url]
        row.name, row.sender_name = join(payloads, 240), join(turn(payloads, 9), 60)
        row.trouble, row.privacy_url = join(turn(payloads, 3)), links[0]
        row.reply_to, row.contact = "ana@example.com", make_contact(payloads)
        set_answers(row, {locale: _answer(turn(payloads, 30 * at)) for at, locale in enumerate(LOCALES)})
        row.facts = {
            "currency": "EUR",
            "countries": ["ES", payloads[0].text],
            "payment_methods": [{"id": one.text, "title": one.text} for one in payloads],
            "shipping_zones": [
                {"name": one.text, "places": [one.text], "methods": [{"title": one.text}]} for one in payloads
            ],
        }
        states = list(SurfaceState)
        save_coverage(
            row,
            [
                Surface(
                    step=step,
                    state=states[at % len(states)],
                    words=payloads[at].text,
                    url=links[at % len(links)],
                )
                for at, step in enumerate(Step)
            ],
        )
        save_findings(
            row,
            [
                Finding(
                    key=one.text, state=list(FindingState)[at % 4], words=one.text, url=links[at % len(links)]
                )
                for at, one in enumerate(payloads)
            ],
            MOMENT,
        )
        learn_statuses(tx, store.id, [_name_status(at, one) for at, one in enumerate(payloads)])
        ask_for_customer(
            tx, counter.db, store.id, "copy", f"{payloads[1].text}@example.com", counter.clock.now()
        )
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def make_contact(payloads: Sequence[Payload]) -> dict[str, object]:
    """Ways of contact as they would stand there if anything were let through; only the networks' hosts are checked
    where nobody looks at them again."""
    numbers = [join(turn(payloads, 10 * at), 120) for at in range(5)]
    pages = zip(NETWORKS.items(), turn(payloads, 15), strict=False)
    return {
        "email": f"{join(payloads, 200)}@example.com",
        "phones": [{"number": one} for one in numbers[:3]],
        "whatsapp": {"": numbers[3], "pt": numbers[4]},
        "social": {key: f"https://{hosts[0]}/{one.text}" for (key, (_, hosts)), one in pages},
    }


def _name_status(at: int, one: Payload) -> StatusWord:
    """Some have a name of which a meaning is guessed."""
    return StatusWord(raw_status=one.text, name=one.text if at % 40 else f"{one.text} enviado")


def _answer(payloads: Sequence[Payload]) -> dict[str, str]:
    """Every question of the form, as many payloads as its field holds; a number before, for those that want one."""
    return {
        one.key: "15 " + join(turn(payloads, at)[::20], ANSWER_LIMIT - 10)
        for at, one in enumerate(ALL_PLACEHOLDERS)
    }


def _hire(counter: Counter, store: StoreRow, payloads: Sequence[Payload]) -> AgentRow:
    team = [counter.add_agent(name, store) for name in ("Ana", "Eva", "Leo")]
    with counter.db.transaction(ALL, "hostile names") as tx:
        for at, agent in enumerate(team):
            agent.name = join(turn(payloads, at * 20), 200)
            tx.merge(agent)
    return team[0]


def _place_orders(counter: Counter, store: StoreRow, payloads: Sequence[Payload]) -> None:
    """One order for each, with it in every word that a platform delivers."""
    for one in payloads:
        text = one.text
        counter.add_order(
            store,
            external_id=text,
            number=text,
            customer_name=text,
            raw_status=text,
            status=OrderStatus.unknown,
            payment_method=text,
            email=f"{text}@example.com",
            country=text,
            status_url=text,
            created_at=MOMENT - timedelta(hours=1),
        )


def _place_big_order(counter: Counter, store: StoreRow, payloads: Sequence[Payload]) -> OrderRow:
    lines = tuple(
        OrderLine(
            external_id=str(at),
            name=one.text,
            quantity=1,
            total=make_money(),
            sku=one.text,
            details=(one.text, one.text),
        )
        for at, one in enumerate(payloads)
    )
    return counter.add_order(
        store,
        *make_parcels(payloads),
        lines=lines,
        refunds=make_refunds(payloads),
        customer_name=join(turn(payloads, 5), 200),
        status=OrderStatus.processing,
        payment_status=PaymentStatus.partly_refunded,
        paid_at=MOMENT,
        payment_method=join(payloads, 200),
        number=NUMBER,
        external_id=NUMBER,
        email=EMAIL,
    )


def make_parcels(payloads: Sequence[Payload]) -> list[Shipment]:
    """Ten, with carriers, numbers, addresses, words and places of the payloads."""
    links = [one.text for one in payloads if one.kind == "url"]
    parcels = []
    for at in range(10):
        some = payloads[at * 6 : at * 6 + 6]
        events = tuple(
            TrackingEvent(
                status=ShipmentStatus.in_transit,
                raw_status=one.text,
                occurred_at=MOMENT,
                message=one.text,
                location=one.text,
            )
            for one in some
        )
        url = links[at % len(links)] if links else f'https://carrier.example/"{some[0].text}'
        parcels.append(
            make_shipment(
                external_id=f"p{at}",
                carrier=join(some, 180),
                tracking_number=some[1].text,
                tracking_url=url,
                raw_status=some[2].text,
                events=events,
                expected_at=MOMENT + timedelta(days=2),
            )
        )
    return parcels


def make_refunds(payloads: Sequence[Payload]) -> tuple[Refund, ...]:
    """Nine, with payloads for reasons."""
    return tuple(make_refund(f"r{at}", "1.00", reason=one.text) for at, one in enumerate(payloads[:9]))


def _talk(
    counter: Counter, store: StoreRow, order: OrderRow, ana: AgentRow, payloads: Sequence[Payload]
) -> tuple[str, str, str]:
    """A shopper and Ana say it all; a second one asks the bot; each further one begins with a payload of their own."""
    care, first = counter.house.doors.care, payloads[0].text

    def arrive(one: Payload, **more: object) -> Arrived:
        given = {
            "locale": "es",
            "steps": (one.text,),
            "page": f"https://shop.example/{one.text}",
            "basket": None,
            "text": one.text,
            "client_id": str(uuid.uuid4()),
        } | more
        return Arrived(**given)

    posted = post_message(care, store, None, arrive(payloads[0], order_id=order.id, order_proof="order"))
    talk, token = posted.conversation.public_id, posted.token
    visitor: VisitorRow = counter._visitor(posted.conversation.visitor_id)
    leave_email(care, store, visitor, EMAIL, consent_words(store, "es"))
    ask_for_person(care, store, visitor, str(uuid.uuid4()))
    for one in payloads[1:]:
        post_message(care, store, visitor, arrive(one))
    for one in payloads:
        reply(care, store.id, talk, Agent(ana.id, one.text), one.text, str(uuid.uuid4()))
    rate(care, store, visitor, 1, join(turn(payloads, 7), 1000))
    asked = counter.write(
        store, "¿Cuánto tarda el envío?", f"¿Cuánto cuesta el envío a {first}?", page=first, steps=(first,)
    )
    for at in range(0, len(payloads), 4):
        counter.write(
            store,
            f"{payloads[at].text} quiero una persona",
            page=payloads[at].text,
            locale=pick_locale(payloads[at].text[:35], store.locale),
        )
    counter.clock.advance(30)  # who has left is mailed the answer, and who may answer is called
    counter.run_jobs()
    with counter.db.transaction(store.id) as tx:
        row = tx.query(ConversationRow).filter_by(store_id=store.id, public_id=talk).one()
        row.email, row.email_consent, row.email_at = f"{first}@example.com", join(payloads), MOMENT
        said = tx.query(MessageRow).filter(
            MessageRow.store_id == store.id, MessageRow.source_title.is_not(None)
        )
        for message in said:
            message.source_title = join(turn(payloads, 11)[:5])
    assert token is not None
    return talk, token, asked


def _teach(counter: Counter, store: StoreRow, ana: AgentRow, payloads: Sequence[Payload]) -> None:
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        for one in payloads:
            help.learn(
                tx, row, "delivery-times", "es", f"pregunta {one.text}", "written", None, ana.id, MOMENT
            )
