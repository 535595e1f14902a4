"""The shapes of the widget API, for checking what comes in, for what goes out, and for its OpenAPI description.

Fields that a schema does not name are refused: nothing that a shopper sends reaches a column by accident.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from plugin.care import LONGEST_COMMENT, LONGEST_NAME, LONGEST_NUMBER, PHASES
from plugin.mail import LONGEST_ADDRESS
from plugin.stores.routing import ROUTES
from plugin.web.widget_contact_schemas import Contact
from plugin.web.widget_fields import RichNode, Schema, Words

LONGEST_TEXT = 4000
UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
LANGUAGES = ("es", "en", "pt")


def _locale() -> Words:
    description = "The page's language, as in `<html lang>`: `es`, `pt-BR`. Others get the store's."
    return Words(load_default="", validate=validate.Length(max=35), metadata={"description": description})


def _steps() -> fields.List[Any]:
    each, most = Words(validate=validate.Length(max=40)), validate.Length(max=20)
    return fields.List(each, load_default=list, allow_none=True, validate=most)


def _page() -> fields.String:
    return Words(load_default=None, allow_none=True, validate=validate.Length(max=4000))


def _basket() -> fields.String:
    description = "What the basket comes to, e.g. `125800 COP`; shown to the agent, proves nothing."
    told, most = {"description": description}, validate.Length(max=100)
    return Words(load_default=None, allow_none=True, validate=most, metadata=told)


class LocaleQuery(Schema):
    locale = _locale()


class BootQuery(LocaleQuery):
    steps = Words(
        load_default="",
        validate=validate.Length(max=300),
        metadata={"description": "Comma list of the steps this page stands for, e.g. `cart,checkout`."},
    )
    basket = Words(
        load_default="",
        validate=validate.Length(max=40),
        metadata={"description": "`1` when something lies in the shopper's basket; empty or `0` otherwise."},
    )


class SearchQuery(LocaleQuery):
    q = Words(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))


class AfterQuery(LocaleQuery):
    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))


class Written(Schema):
    """What a shopper writes, in the chat or by the form, and where they are."""

    client_id = Words(
        required=True,
        validate=[validate.Length(equal=36), validate.Regexp(UUID)],
        metadata={"description": "A random UUID minted by the page; sending again with it adds nothing."},
    )
    text = Words(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))
    locale = Words(load_default="", allow_none=True, validate=validate.Length(max=35))
    steps = _steps()
    page = _page()
    proof = Words(load_default=None, allow_none=True, validate=validate.Length(max=4096))
    basket = _basket()


class OnPage(Schema):
    steps = _steps()
    page = _page()
    basket = _basket()


class NewMessage(Written):
    @ma.validates("text")
    def refuse_blank(self, value: str, data_key: str) -> None:
        if not value.strip():
            raise ma.ValidationError("There is nothing in this message.")


class NewForm(Written):
    email = Words(required=True, validate=validate.Length(max=1000))
    name = Words(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_NAME))
    order_number = Words(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_NUMBER),
        metadata={"description": "As typed; shown to the agent, proves nothing."},
    )
    consent = Words(
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "The sentence `email_consent` of boot that the shopper agreed to, letter by letter."},
    )
    website = Words(
        load_default="",
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata={"description": "A field that no person sees: whatever fills it in is a machine."},
    )


class HandOverWish(Schema):
    client_id = Words(required=True, validate=[validate.Length(equal=36), validate.Regexp(UUID)])


class ProofOfOrder(Schema):
    proof = Words(required=True, validate=validate.Length(min=1, max=4096))
    locale = Words(load_default="", allow_none=True, validate=validate.Length(max=35))


class CodeWish(Schema):
    number = Words(required=True, validate=validate.Length(min=1, max=LONGEST_NUMBER))
    email = Words(required=True, validate=validate.Length(min=3, max=LONGEST_ADDRESS))
    handle = Words(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=60),
        metadata={"description": "Of an earlier answer: a new code takes the place of the one before."},
    )
    locale = Words(load_default="", allow_none=True, validate=validate.Length(max=35))


class CodeTry(Schema):
    handle = Words(required=True, validate=validate.Length(max=60))
    code = Words(required=True, validate=validate.Length(min=1, max=20))
    locale = Words(load_default="", allow_none=True, validate=validate.Length(max=35))
    client_id = Words(required=True, validate=[validate.Length(equal=36), validate.Regexp(UUID)])


class OwnOrderWish(Schema):
    locale = Words(load_default="", allow_none=True, validate=validate.Length(max=35))


class Nothing(Schema):
    pass


class Rating(Schema):
    score = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=5))
    comment = Words(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_COMMENT))


class LeftEmail(Schema):
    email = Words(required=True, validate=validate.Length(min=3, max=LONGEST_ADDRESS))
    consent = Words(
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "The sentence `email_consent` of boot that the shopper agreed to, letter by letter."},
    )


class Verdict(Schema):
    position = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=2**31 - 1))
    helped = fields.Boolean(required=True, truthy={True}, falsy={False})


class ArticleCount(Schema):
    kind = Words(required=True, validate=validate.OneOf(("clicked", "opened", "helped", "not_helped")))
    locale = Words(load_default="", allow_none=True, validate=validate.Length(max=35))
    step = Words(load_default="", allow_none=True, validate=validate.Length(max=40))
    phase = Words(load_default="", allow_none=True, validate=validate.Length(max=40))


class StoreName(Schema):
    name = fields.String(required=True)


class AgentName(Schema):
    name = fields.String(required=True)


class Title(Schema):
    article_id = fields.String(required=True)
    title = fields.String(required=True)


class Link(Title):
    section = fields.String(required=True)


class Section(Schema):
    id = fields.String(required=True)
    title = fields.String(required=True)
    articles = fields.List(fields.Nested(Title), required=True)


def _time(**given: Any) -> fields.String:
    """``2026-11-21T18:00:00Z``."""
    return fields.String(required=True, validate=validate.Regexp(TIME), **given)


def _phase() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(PHASES))


class Hours(Schema):
    open = fields.Boolean(required=True)
    opens_at = _time(allow_none=True, metadata={"description": "While closed: when somebody answers again, in UTC."})
    closes_at = _time(allow_none=True)
    intervals = fields.List(
        fields.List(_time(), validate=validate.Length(equal=2)),
        required=True,
        metadata={"description": "From, until, in UTC: the present one and those of the next seven days."},
    )


class Boot(Schema):
    store = fields.Nested(StoreName, required=True)
    locale = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    accent = fields.String(required=True, validate=validate.Regexp(r"^#[0-9a-fA-F]{6}$"))
    available = fields.Boolean(required=True, metadata={"description": "A person is at the counter now."})
    links = fields.List(fields.Nested(Link), required=True)
    sections = fields.List(fields.Nested(Section), required=True)
    hub_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    privacy_url = fields.Url(required=True, allow_none=True, require_tld=False, schemes={"http", "https"})
    agents = fields.List(fields.Nested(AgentName), required=True)
    people = fields.String(
        required=True, metadata={"description": "Who answers in person, there now or not, in a sentence; '': unknown."}
    )
    phase = _phase()
    greeting = fields.String(required=True)
    hours = fields.Nested(Hours, required=True, allow_none=True, metadata={"description": "null: not told."})
    time_zone = fields.String(required=True, metadata={"description": "The store's, as `Europe/Madrid`."})
    answer_seconds = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Median of the last 30 days until a person answered; null: too few to say."},
    )
    email_consent = fields.String(
        required=True, metadata={"description": "What a shopper agrees to who leaves an e-mail address."}
    )
    route = fields.String(
        required=True,
        validate=validate.OneOf(ROUTES),
        metadata={"description": "Who comes first here: the bot, a person (one is there), or the message form."},
    )
    contact = fields.Nested(Contact, required=True, metadata={"description": "How else the shop is reached."})


class Article(Link):
    body = fields.List(RichNode(), required=True)
    url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})


class SearchAnswer(Schema):
    results = fields.List(fields.Nested(Link), required=True)
    answered = fields.Boolean(required=True)


class Conversation(Schema):
    id = fields.String(required=True, validate=validate.Regexp(r"^cv_[A-Za-z0-9_-]+$"))
    status = fields.String(required=True, validate=validate.OneOf(("bot", "open", "snoozed", "resolved")))
    agent = fields.Nested(AgentName, required=True, allow_none=True)
    phase = _phase()
    rating = fields.Integer(
        required=True,
        allow_none=True,
        validate=validate.Range(min=1, max=5),
        metadata={"description": "What the shopper said of the newest answer."},
    )
    can_rate = fields.Boolean(required=True)
    ask_email = fields.Boolean(required=True, metadata={"description": "The shopper is being asked for an address."})
    email = fields.Boolean(required=True, metadata={"description": "They left one."})
    form = fields.Boolean(
        required=True,
        metadata={"description": "A person is wished and nobody is there: show the message form."},
    )


class Message(Schema):
    position = fields.Integer(required=True, validate=validate.Range(min=1))
    client_id = fields.String(required=True, allow_none=True, validate=validate.Regexp(UUID))
    author = fields.String(required=True, validate=validate.OneOf(("shopper", "bot", "agent", "system")))
    name = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    body = fields.List(RichNode(), required=True, allow_none=True)
    source = fields.Nested(Title, required=True, allow_none=True)
    created_at = _time()
    verdict = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("right", "wrong")),
        metadata={"description": "Of an answer of the bot."},
    )
    wants_order = fields.Boolean(
        required=True, metadata={"description": "The bot offers to look at the order, once it is proven."}
    )
    offers_person = fields.Boolean(
        required=True, metadata={"description": "The bot asks whether a person should help."}
    )


class ConversationAnswer(Schema):
    conversation = fields.Nested(Conversation, required=True)
    messages = fields.List(fields.Nested(Message), required=True)


class PostedAnswer(ConversationAnswer):
    token = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Given once, with the first message; for the header `Authorization: Bearer`."
        },
    )


class SentForm(PostedAnswer):
    reference = fields.String(required=True, validate=validate.Regexp(r"^M-[2-9A-HJKMNP-TV-Z]{6}$"))
    answered_by = _time(allow_none=True, metadata={"description": "When a person answers by; null: nobody knows."})
    words = fields.String(required=True, metadata={"description": "The same for the shopper, with the reference."})


class Amount(Schema):
    amount = fields.String(required=True)
    currency = fields.String(required=True)
    text = fields.String(required=True)


class Line(Schema):
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)


class TrackingEvent(Schema):
    occurred_at = fields.String(required=True)
    label = fields.String(required=True)
    location = fields.String(required=True, allow_none=True)


class Shipment(Schema):
    carrier = fields.String(required=True, allow_none=True)
    tracking_number = fields.String(required=True, allow_none=True)
    tracking_url = fields.Url(required=True, allow_none=True, require_tld=False, schemes={"http", "https"})
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    events = fields.List(fields.Nested(TrackingEvent), required=True)


class Fact(Schema):
    at = fields.String(required=True)
    label = fields.String(required=True)


class Order(Schema):
    number = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    payment_label = fields.String(required=True)
    placed_at = fields.String(required=True)
    total = fields.Nested(Amount, required=True)
    lines = fields.List(fields.Nested(Line), required=True)
    shipments = fields.List(fields.Nested(Shipment), required=True)
    timeline = fields.List(fields.Nested(Fact), required=True)


class OrderAnswer(Schema):
    order = fields.Nested(Order, required=True)
    links = fields.List(fields.Nested(Link), required=True)
    phase = _phase()
    greeting = fields.String(required=True)


class CodeAsked(Schema):
    handle = fields.String(required=True, validate=validate.Regexp(r"^oc_[A-Za-z0-9_-]{22}$"))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})


class OpenedOrder(OrderAnswer):
    token = fields.String(required=True, allow_none=True, metadata={"description": "Where no token was sent."})
    conversation = fields.Nested(Conversation, required=True)
    messages = fields.List(fields.Nested(Message), required=True)


class Error(Schema):
    code = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    status = fields.String(required=True)
    message = fields.String(required=True, metadata={"description": "A sentence for the shopper."})
    left = fields.Integer(metadata={"description": "Of a wrong code: how many tries are left; 0: ask for a new one."})
    errors = fields.Dict(metadata={"description": "For developers: what was wrong where."})
