"""A Shopify shop's own facts fill its articles on paying and delivery: it connects, the job asks, a shopper reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_shopify_frames import Street, open_street

from adapters.shopify.hooks import SCOPES
from plugin.help import get_article
from plugin.stores import StoreRow


@pytest.fixture
def street(tmp_path: Path, database_url: str) -> Iterator[Street]:
    with open_street(tmp_path, database_url) as opened:
        yield opened


def open_shop(street: Street) -> StoreRow:
    shop = street.shopify.add_shop("flores")
    shop.place_order(paid=True)
    shop.place_order()
    assert street.open_home(shop).status_code == 200
    street.counter.run_jobs()
    return street.find(shop)


def read(row: StoreRow, article_id: str) -> str:
    article = get_article(row, article_id, "es")
    return article.text if article is not None else ""


def test_how_it_is_paid_and_where_it_ships_stand_in_the_articles_without_a_word_of_the_merchant(street: Street) -> None:
    row = open_shop(street)
    assert row.answers == {}
    paying = read(row, "payment-ways")
    assert "Tarjeta de crédito o débito, Pago contra entrega, Apple Pay, Google Pay, Shop Pay" in paying
    assert "Pago contra entrega" in read(row, "pay-on-delivery")
    delivery = read(row, "delivery-costs").replace("\u00a0", " ")
    assert "Llegamos a: Colombia, España\n" in delivery
    assert "Precio: Colombia: Envío nacional 9.900 COP; España: Envío internacional 89.000 COP\n" in delivery


def test_a_shop_that_has_not_approved_shipping_keeps_its_article_on_paying(street: Street) -> None:
    street.shopify.app.scopes = tuple(sorted(SCOPES - {"read_shipping"}))
    row = open_shop(street)
    assert "Pago contra entrega" in read(row, "payment-ways") and "Envío nacional" not in read(row, "delivery-costs")
    scopes = next(one for one in row.findings if one["key"] == "scopes")
    assert scopes["state"] == "trouble" and "read_shipping" in str(scopes["words"])
