"""``/admin/api/<version>/graphql.json``: who asks, what it costs, what they may see.

Errors and codes: https://shopify.dev/docs/api/usage/response-codes and the packages' own tests (2026-11). A question
that is understood is answered 200, whatever is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_named_type,
    parse,
    validate,
)

from plugin.testing.fake_shopify.bodies import write_json
from plugin.testing.fake_shopify.cost import MOST, Bucket, Counter
from plugin.testing.fake_shopify.mutations import Mutations
from plugin.testing.fake_shopify.nouns import PLANS, Body
from plugin.testing.fake_shopify.queries import Queries
from plugin.testing.fake_shopify.schemas import (
    API_VERSION,
    SUPPORTED,
    build_schema,
    is_open,
    list_guards,
    list_protected,
)

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.platform import FakeShopify
    from plugin.testing.fake_shopify.shop import FakeShop

LARGEST = 2_000_000
"""Bytes of one question."""
# A sentence and, in `oauth.py`, the name of a kind of token: neither opens anything.
INVALID_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105
FALLBACKS = {"FulfillmentDisplayStatus": "IN_TRANSIT", "FulfillmentEventStatus": "IN_TRANSIT"}
"""What an older version calls a word that it does not have yet."""


@dataclass(frozen=True)
class Asked:
    """One question, as those who count need it. `outcome`: ok, throttled, dear, invalid, expired, foreign, limited …"""

    shop: str
    at: datetime
    operation: str
    outcome: str
    requested: int = 0
    actual: int = 0
    left: float = 0.0
    """Points that were in the bucket before."""
    question: str = ""
    """The operation with what was asked for: two of the same are one question asked again."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: Mapping[str, str]

    def write(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else write_json(self.body)


class AdminApi:
    """`calls` remembers every question. `unknown` names the fields that the fake could not answer."""

    def __init__(self, platform: FakeShopify) -> None:
        self.platform = platform
        self.buckets: dict[str, Bucket] = {}
        self.calls: list[Asked] = []
        self.unknown: set[str] = set()

    def find_bucket(self, shop: FakeShop) -> Bucket:
        manners = self.platform.manners
        rate = manners.restore_rate or PLANS[shop.plan][1]
        most = manners.bucket or 20 * rate
        bucket = self.buckets.get(shop.domain)
        if bucket is None or (bucket.most, bucket.rate) != (most, rate):
            bucket = self.buckets[shop.domain] = Bucket(most, rate, self.platform.bucket_now())
        return bucket

    def answer(self, domain: str, version: str, headers: Mapping[str, str], raw: bytes) -> Reply:
        shop, manners = self.platform.find_shop(domain), self.platform.manners
        if shop is None:
            return Reply(404, {"errors": "Not Found"}, {})
        if manners.frozen:
            return Reply(manners.frozen, {"errors": "Unavailable Shop"}, {})
        spoken = manners.upgraded or (version if version in SUPPORTED else "")
        if not spoken and version < SUPPORTED[0]:
            spoken = SUPPORTED[0]  # an ended version falls forward to the oldest that lives
        if not spoken:
            return Reply(404, {"errors": "Not Found"}, {})
        head = {"X-Shopify-API-Version": spoken, "X-Request-Id": shop.make_event_id()}
        with self.platform.lock:
            token = headers.get("X-Shopify-Access-Token", "")
            known = shop.tokens.find(token)
            if known is None or not shop.installed:
                return Reply(401, {"errors": INVALID_TOKEN}, head | {"WWW-Authenticate": 'Basic realm="Shopify API"'})
            if manners.retry_after:
                self.note(shop, "", "limited")
                return Reply(429, {"errors": "Too Many Requests"}, head | {"Retry-After": f"{manners.retry_after}.0"})
            if len(raw) > LARGEST:
                return Reply(413, {"errors": "Payload Too Large"}, head)
            try:
                given = json.loads(raw)
                query, variables = str(given["query"] or ""), dict(given.get("variables") or {})
                if not query:
                    raise KeyError("query")
            except (ValueError, TypeError, KeyError, AttributeError):
                return Reply(400, {"errors": {"query": "Required parameter missing or invalid"}}, head)
            return Reply(200, self.ask(shop, query, variables, given.get("operationName")), head)

    def note(
        self, shop: FakeShop, question: str, outcome: str, requested: int = 0, actual: int = 0, left: float = 0
    ) -> None:
        at, operation = self.platform.bucket_now(), question.partition(" ")[0]
        self.calls.append(Asked(shop.domain, at, operation, outcome, requested, actual, left, question))

    def ask(self, shop: FakeShop, query: str, variables: Body, name: str | None) -> Body:
        """The JSON of an answer with status 200."""
        manners = self.platform.manners
        schema = build_schema(bool(manners.upgraded), manners.gone if manners.upgraded else ())
        document, errors = read_question(schema, query)
        operation = find_operation(document, name)
        if errors or operation is None:
            self.note(shop, name or "", "invalid")
            return {"errors": [mark_invalid(error) for error in errors] or [{"message": "No operation"}]}
        counter = Counter(schema, find_fragments(document), variables)
        requested = counter.count(operation)
        label = f"{operation.name.value if operation.name else ''} {json.dumps(variables, sort_keys=True)}"
        bucket, now = self.find_bucket(shop), self.platform.bucket_now()
        left = bucket.look(now)
        if requested > MOST:
            self.note(shop, label, "dear", requested, left=left)
            return {"errors": [refuse_dear(requested)]}
        if self.platform.random.random() < manners.throttled or not bucket.take(requested, now):
            self.note(shop, label, "throttled", requested, left=left)
            return {"errors": [THROTTLED], "extensions": {"cost": write_cost(requested, None, bucket)}}
        answer, warnings = self.execute(shop, schema, document, operation, variables)
        actual = min(requested, counter.count(operation, answer.get("data")))
        bucket.give_back(requested - actual)
        self.note(shop, label, "ok", requested, actual, left)
        extensions: Body = {"cost": write_cost(requested, actual, bucket)}
        return {**answer, "extensions": extensions | ({"search": warnings} if warnings else {})}

    def execute(
        self,
        shop: FakeShop,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Body,
    ) -> tuple[Body, list[Body]]:
        queries = Queries(shop)
        is_mutation = operation.operation is OperationType.MUTATION
        root = Mutations(shop, queries).write_root() if is_mutation else queries.write_root()
        result = execute_sync(
            schema,
            document,
            root_value=root,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
            field_resolver=_Resolver(self, shop, schema),
        )
        answer: Body = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer, queries.warnings


class _Resolver:
    """Every field: first whether this app may see it, then its value."""

    def __init__(self, api: AdminApi, shop: FakeShop, schema: GraphQLSchema) -> None:
        self.api, self.shop = api, shop
        self.guards, self.protected = list_guards(schema), list_protected(schema)

    def __call__(self, source: Any, info: GraphQLResolveInfo, **given: Any) -> Any:
        place = (info.parent_type.name, info.field_name)
        for scopes in self.guards.get(place, ()):
            if not is_open(scopes, self.shop.granted):
                raise deny(
                    f"Access denied for {info.field_name} field.",
                    " or ".join(f"`{one}` access scope" for one in scopes),
                )
        data = self.protected.get(place)
        if data is not None and data not in self.api.platform.app.approved:
            raise deny(f"This app is not approved to use the {info.field_name} field.", "protected customer data")
        if info.field_name not in source:
            self.api.unknown.add(".".join(place))
            raise GraphQLError(f"The fake Shopify does not know {'.'.join(place)} yet.")
        value = source[info.field_name]
        value = value(info, **given) if callable(value) else value
        named = get_named_type(info.return_type)
        if isinstance(named, GraphQLEnumType) and isinstance(value, str) and value not in named.values:
            return FALLBACKS.get(named.name, next(iter(named.values)))
        return value


def deny(words: str, required: str) -> GraphQLError:
    documentation = "https://shopify.dev/api/usage/access-scopes"
    extensions = {"code": "ACCESS_DENIED", "documentation": documentation, "requiredAccess": f"{required}."}
    return GraphQLError(f"{words} Required access: {required}.", extensions=extensions)


THROTTLED = {
    "message": "Throttled",
    "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
}


def refuse_dear(cost: int) -> Body:
    documentation = "https://shopify.dev/api/usage/rate-limits"
    return {
        "message": f"Query cost is {cost}, which exceeds the single query max cost limit ({MOST}).",
        "extensions": {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": MOST, "documentation": documentation},
    }


def write_cost(requested: int, actual: int | None, bucket: Bucket) -> Body:
    return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": bucket.show()}


def mark_invalid(error: GraphQLError) -> Body:
    """A question that does not fit the schema, with a code like the real one's."""
    shown: Body = dict(error.formatted)
    code = "undefinedField" if error.message.startswith("Cannot query field") else "argumentLiteralsIncompatible"
    return shown | {"extensions": {"code": code}}


@lru_cache(maxsize=256)
def read_question(schema: GraphQLSchema, query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """Parsed, and what is wrong with it. An app asks the same few questions all day."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return DocumentNode(definitions=()), [error]
    return document, validate(schema, document)


def find_fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    many = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    named = [one for one in many if name and one.name is not None and one.name.value == name]
    return named[0] if named else many[0] if len(many) == 1 else None


__all__ = ["API_VERSION", "AdminApi", "Asked", "Reply"]
