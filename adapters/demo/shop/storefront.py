"""Looking and choosing: the catalogue, a product, the cart."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop import cart
from adapters.demo.shop.pages import currency, show
from adapters.demo.shop.products import CURRENCIES, MOST_PIECES, PRODUCTS

storefront = Blueprint("storefront", __name__)


@storefront.get("/")
def catalogue() -> Response:
    return show("catalogue.html", steps=("home", "catalogue"), products=PRODUCTS.values())


@storefront.get("/product/<slug>")
def product(slug: str) -> Response:
    found = PRODUCTS.get(slug) or abort(404)
    others = [other for other in PRODUCTS.values() if other is not found][:3]
    return show("product.html", steps=("product",), product=found, others=others, most=MOST_PIECES)


@storefront.get("/cart")
def show_cart() -> Response:
    return show(
        "cart.html",
        steps=("cart",),
        lines=cart.read_cart(),
        most=MOST_PIECES,
        subtotal=cart.sum_lines(currency()),
    )


@storefront.post("/cart/add")
def add() -> AnyResponse:
    quantity = request.form.get("quantity", 1, type=int)
    try:
        cart.add_to_cart(request.form.get("product", ""), request.form.get("glaze", ""), max(1, quantity))
    except LookupError:
        abort(404)
    return redirect(url_for("storefront.show_cart"), 303)


@storefront.post("/cart/update")
def update() -> AnyResponse:
    for line in cart.read_cart():
        quantity = request.form.get(f"quantity-{line.key}", type=int)
        if request.form.get("remove") == line.key:
            quantity = 0
        if quantity is not None:
            cart.set_quantity(line.key, quantity)
    return redirect(url_for("storefront.show_cart"), 303)


@storefront.post("/currency")
def choose_currency() -> AnyResponse:
    chosen = request.form.get("currency")
    if chosen in CURRENCIES:
        session["currency"] = chosen
    return redirect(url_for("storefront.catalogue"), 303)
