"""The one way to a shop's GraphQL Admin API, and the one place that decides where a shop is asked.

Every operation stands in a file of its own in ``documents/``; this module sends it, keeps within what the shop's
bucket holds, and turns what comes back into data or into one of the contract's errors (`answers`).

Sources, read 2026-11-21: https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits (cost, throttle status),
https://shopify.dev/docs/api/usage/versioning (the header ``X-Shopify-API-Version``),
https://shopify.dev/docs/api/usage/response-codes.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from adapters.shopify.answers import Bucket, Data, Throttled, read_answer
from plugin.contract import Clock, Http, PlatformRefused, RateLimited, Store, Words

if TYPE_CHECKING:
    from adapters.shopify.settings import AppIdentity

API_VERSION: Final = "2026-10"
SHOP: Final = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com", re.ASCII)
"""A shop's permanent domain, always matched whole."""
LONGEST_DOMAIN = 255
LONGEST_WAIT = 2.0
"""Seconds a request of ours may wait by itself; a longer wait is the caller's to plan."""
LONGEST_LIST_WAIT = 25.0
"""The same while a long list is gone through: longer than any plan needs to fill its bucket."""
PATIENCE = 120.0
"""Seconds that one client waits altogether: less than a job may stay in somebody's hands."""
MOST_TRIES = 3
DOCUMENTS = Path(__file__).parent / "documents"
SPREAD = re.compile(r"\.\.\.\s*(?!on\b)([A-Za-z]\w*)")
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")

NO_SHOP = Words("This is no Shopify shop: its address must end in .myshopify.com, as in name.myshopify.com.")
NO_ACCESS = Words(
    "We have no access to this shop yet. Open the app once in Shopify (Apps > Mostrador), or connect the shop again."
)
BUSY = Words("Shopify lets us ask this shop again in a moment.")


def check_shop(text: str) -> str:
    """`text` as a shop's permanent domain, in lower case. Raises `PlatformRefused` for anything else."""
    shop = text.lower() if len(text) <= LONGEST_DOMAIN and text.isascii() else ""
    if SHOP.fullmatch(shop) is None:
        raise PlatformRefused(NO_SHOP)
    return shop


def shop_url(identity: AppIdentity, shop: str, path: str) -> str:
    """Where this shop is asked for `path` (``/admin/...``): at Shopify, or at the fake one on this machine.

    Nothing of ours ever goes to another host. Raises `PlatformRefused` for what is no shop.
    """
    checked = check_shop(shop)
    if not path.startswith("/") or path.startswith("//") or not path.isascii() or not path.isprintable():
        raise PlatformRefused(NO_SHOP)
    if identity.fake_url:
        return f"{identity.fake_url.rstrip('/')}/shops/{checked}{path}"
    return f"https://{checked}{path}"


@cache
def read_document(name: str) -> str:
    """The operation in ``documents/<name>.graphql`` with the fragments it spreads, each once."""
    texts: dict[str, str] = {}
    wanted = [name]
    while wanted:
        file = wanted.pop(0)
        if file in texts:
            continue
        texts[file] = (DOCUMENTS / f"{file}.graphql").read_text("utf-8")
        wanted += [CAPITAL.sub("_", spread).lower() for spread in SPREAD.findall(texts[file])]
    return "\n".join(texts.values())


class AdminClient:
    """One shop's Admin API, for one chain of calls. What it learns of the shop's bucket is forgotten with it.

    Credentials: ``access_token``. Raises `PlatformRefused` when the store has none.
    """

    def __init__(
        self, http: Http, identity: AppIdentity, store: Store, clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.url = shop_url(identity, store.domain, f"/admin/api/{API_VERSION}/graphql.json")
        self.http = http
        self.identity = identity
        self.store = store
        self.clock = clock
        self.sleep = sleep
        self.version = ""
        """The version that Shopify answered with last; another one than ours when ours has ended."""
        self.bucket: Bucket | None = None
        self.bucket_at: datetime = clock.now()
        self.costs: dict[str, float] = {}
        self.longest_wait = LONGEST_WAIT
        self.patience = PATIENCE

    def __repr__(self) -> str:
        return f"AdminClient({self.store.domain!r})"

    def run(self, document: str, variables: Mapping[str, Any] | None = None) -> Data:
        """The data of one operation; `Data.errors` names the fields that Shopify kept from us.

        Waits up to `longest_wait` seconds by itself. Raises `AccessExpired`, `AccessRevoked`, `RateLimited`,
        `PlatformDown`, and `PlatformRefused` for a refusal, `answers.UserRefused` where Shopify tells which field of a
        wish is wrong.
        """
        waited = self.wait_for_bucket(document)
        for left in reversed(range(MOST_TRIES)):
            try:
                return self.ask(document, variables or {})
            except Throttled as error:
                waited += error.retry_after
                if not left or waited > min(self.longest_wait, self.patience):
                    raise RateLimited(BUSY, retry_after=error.retry_after) from error
                self.wait(error.retry_after)
        raise AssertionError("MOST_TRIES is zero")

    def ask(self, document: str, variables: Mapping[str, Any]) -> Data:
        token = self.store.credentials.get("access_token", "")
        if not token:
            raise PlatformRefused(NO_ACCESS)
        body = {"query": read_document(document), "variables": dict(variables)}
        answer = self.http.request(
            "POST",
            self.url,
            headers={
                "Accept": "application/json",
                "Content-Type": "application/json",
                "X-Shopify-Access-Token": token,
            },
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8"),
            redirects=False,
        )
        read = read_answer(answer, self.clock.now())
        self.version = read.version or self.version
        if read.bucket is not None:
            self.bucket, self.bucket_at = read.bucket, self.clock.now()
        if read.requested_cost:
            self.costs[document] = read.requested_cost
        return read.give()

    def wait_for_bucket(self, document: str) -> float:
        """Waits until the bucket holds what `document` cost last time, and gives how long. Raises `RateLimited`
        rather than wait for longer than `longest_wait`, or when it has waited enough."""
        needed = self.costs.get(document, 0.0)
        if self.bucket is None or not needed:
            return 0.0
        passed = max((self.clock.now() - self.bucket_at).total_seconds(), 0.0)
        wait = self.bucket.wait_for(needed, passed)
        if wait > min(self.longest_wait, self.patience):
            raise RateLimited(BUSY, retry_after=wait)
        if wait > 0:
            self.wait(wait)
        return wait

    def wait(self, seconds: float) -> None:
        self.patience -= seconds
        self.sleep(seconds)
