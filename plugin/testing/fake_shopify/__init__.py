"""A Shopify that misbehaves as the real one is known to (2026-11, Admin API 2026-10), over real HTTP.

`serve_shopify` runs one on loopback for any number of shops; `FakeShop` is one of them and what happens in it;
`Manners` are its whims. Each known behaviour has a test of its name in ``tests/platforms/test_fake_shopify_*.py``.
Answering GraphQL needs ``graphql-core`` (the extra ``demo``).
"""

from plugin.testing.fake_shopify.admin_api import Asked
from plugin.testing.fake_shopify.identity import mint_id_token, sign_grant, sign_proxy, sign_webhook
from plugin.testing.fake_shopify.nouns import App, Attempt, Manners, Order
from plugin.testing.fake_shopify.platform import FakeShopify
from plugin.testing.fake_shopify.server import Application, FakeServer, serve_shopify
from plugin.testing.fake_shopify.shop import FakeShop

__all__ = [
    "App",
    "Application",
    "Asked",
    "Attempt",
    "FakeServer",
    "FakeShop",
    "FakeShopify",
    "Manners",
    "Order",
    "mint_id_token",
    "serve_shopify",
    "sign_grant",
    "sign_proxy",
    "sign_webhook",
]
