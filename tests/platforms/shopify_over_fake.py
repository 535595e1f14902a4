"""The adapter connected to a shop of the fake, for the tests over real HTTP."""

from __future__ import annotations

from adapters.shopify import ShopifyAdapter
from plugin.contract import Proof
from plugin.http import GuardedHttp
from plugin.testing.adapter_contract import make_store


def build(bench, **values):
    app = bench.server.app
    given = {
        "CLIENT_ID": app.client_id,
        "CLIENT_SECRET": app.client_secret,
        "FAKE_URL": bench.server.url,
        **values,
    }
    return ShopifyAdapter(given, GuardedHttp(allow_private_hosts=True), bench.clock)


def connect(bench, adapter, shop=None, sub="1"):
    """The store as the merchant's first visit of the app's home leaves it."""
    domain = (shop or bench.shop).domain
    token = bench.platform.mint_id_token(domain, sub=sub)
    access = adapter.exchange_access(Proof(token=token, claimed_domain=domain))
    return make_store("shopify", public_id=f"store-{domain}", domain=access.domain, credentials=access.credentials,
                      currency=access.currency, time_zone=access.time_zone, locale=access.locale)  # fmt: skip
