"""A WooCommerce shop that misbehaves as the real one was observed to (10.5.2, 2026-11-21), over real HTTP.

`serve_shop` runs one on loopback; `FakeShop` is what it holds and does; `Manners` are its whims. Each observed
behaviour has a test of its name in ``tests/platforms/test_fake_woocommerce_*.py``.
"""

from plugin.testing.fake_woocommerce.nouns import Attempt, Manners, Order
from plugin.testing.fake_woocommerce.server import Application, FakeServer, serve_shop
from plugin.testing.fake_woocommerce.shop import FakeShop

__all__ = ["Application", "Attempt", "FakeServer", "FakeShop", "Manners", "Order", "serve_shop"]
