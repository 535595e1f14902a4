"""The shop's pages for shoppers, as few as a purchase needs; the widget is there once the plugin is connected."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from plugin.testing.fake_woocommerce.nouns import Order
from plugin.testing.fake_woocommerce.pages import Sessions, field, form, go, page
from plugin.testing.fake_woocommerce.shop import GATEWAYS

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

CART = "fake_cart"


class Storefront:
    """Home, product, cart, checkout, order-pay, thank you, one order and the account."""

    def __init__(self, shop: FakeShop, sessions: Sessions) -> None:
        self.shop, self.sessions = shop, sessions

    def answer(self, request: Request) -> Response | None:
        """None: no such page."""
        parts = [part for part in request.path.split("/") if part]
        match parts:
            case [] | ["shop"]:
                return self.show("Inicio", self.list_goods(), "home" if not parts else "catalogue")
            case ["product", slug]:
                return self.show_product(slug)
            case ["cart"]:
                return self.change_cart(request) if request.method == "POST" else self.show_cart(request)
            case ["checkout"]:
                return self.place(request) if request.method == "POST" else self.show_checkout(request)
            case ["checkout", "order-received" | "order-pay" as step, number]:
                return self.show_order(request, number, step)
            case ["my-account"]:
                return self.show_account(request)
            case ["my-account", "view-order", number]:
                return self.show_order(request, number, "view-order")
        return None

    def show(self, title: str, body: str, steps: str, *, product: str = "", proof: str = "") -> Response:
        links = (
            ("/", "Inicio"),
            ("/cart/", "Carrito"),
            ("/checkout/", "Finalizar compra"),
            ("/my-account/", "Mi cuenta"),
        )
        head = "".join(f'<a href="{address}">{label}</a>' for address, label in links)
        foot = self.write_tag(steps, product, proof)
        return page(
            f"{title} – {self.shop.name}", f"<nav>{head}</nav><h1>{escape(title)}</h1>{body}", foot=foot
        )

    def write_tag(self, steps: str, product: str, proof: str) -> str:
        """What the counter's plugin puts into a page: a tag and a plain link that needs no script."""
        connection = self.shop.plugin.connection
        if not connection:
            return ""
        service, store = connection["service"].rstrip("/"), connection["store"]
        locale = connection.get("locale", "es")
        values = {
            "data-store": store,
            "data-api": service,
            "data-steps": steps,
            "data-locale": locale,
            "data-accent": connection.get("accent", ""),
            "data-product": product,
            "data-proof": proof,
        }
        given = "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)
        return (
            f'<footer><a href="{escape(service)}/help/{escape(store)}/{escape(locale)}/">Ayuda</a></footer>'
            f'<script defer src="{escape(service)}/widget/loader.js"{given}></script>'
        )

    def price(self, amount: Decimal) -> str:
        return f"{self.shop.write.amount(amount)} {self.shop.currency}"

    def list_goods(self) -> str:
        rows = (
            f'<li><a href="/product/{escape(one.slug)}/">{escape(one.name)}</a> {self.price(one.price)}</li>'
            for one in self.shop.products.values()
        )
        return f"<ul>{''.join(rows)}</ul>"

    def show_product(self, slug: str) -> Response | None:
        found = next((one for one in self.shop.products.values() if one.slug == slug), None)
        if found is None:
            return None
        add = form("/cart/", field("add", str(found.id), "hidden"), "Añadir al carrito")
        return self.show(
            found.name, f"<p>{self.price(found.price)}</p>{add}", "product", product=str(found.id)
        )

    def read_cart(self, request: Request) -> dict[int, int]:
        ids = [int(part) for part in request.cookies.get(CART, "").split("-") if part.isdigit()]
        return {number: ids.count(number) for number in ids if number in self.shop.products}

    def change_cart(self, request: Request) -> Response:
        kept, added = request.cookies.get(CART, ""), request.form.get("add", "")
        answer = go("/cart/")
        answer.set_cookie(CART, f"{kept}-{added}".strip("-") if added.isdigit() else "", samesite="Lax")
        return answer

    def sum_cart(self, cart: dict[int, int]) -> Decimal:
        return sum((self.shop.products[number].price * count for number, count in cart.items()), Decimal(0))

    def show_cart(self, request: Request) -> Response:
        cart = self.read_cart(request)
        rows = "".join(
            f"<li>{escape(self.shop.products[number].name)} × {count}</li>" for number, count in cart.items()
        )
        body = (
            f"<ul>{rows}</ul><p>Total: {self.price(self.sum_cart(cart))}</p>"
            if cart
            else "<p>Tu carrito está vacío.</p>"
        )
        return self.show("Carrito", body + form("/cart/", "", "Vaciar el carrito"), "cart")

    def show_checkout(self, request: Request) -> Response:
        """An empty cart sends everybody back to the cart."""
        cart = self.read_cart(request)
        if not cart:
            return go(f"{self.shop.home}/cart/")
        pays = "".join(f'<option value="{name}">{escape(title)}</option>' for name, title in GATEWAYS.items())
        inside = (
            field("email", "", "email", "Correo electrónico")
            + field("first_name", label="Nombre")
            + field("last_name", label="Apellidos")
            + f'<p><label for="payment">Pago</label> <select id="payment" name="payment">{pays}</select></p>'
        )
        body = f"<p>Total: {self.price(self.sum_cart(cart))}</p>" + form(
            "/checkout/", inside, "Realizar el pedido"
        )
        return self.show("Finalizar compra", body, "checkout contact shipping payment review")

    def place(self, request: Request) -> Response:
        cart = self.read_cart(request)
        user = self.sessions.find(request)
        if not cart:
            return go(f"{self.shop.home}/cart/")
        given = request.form
        payment = given.get("payment", "cod")
        order = self.shop.place_order(
            given.get("email", ""),
            payment=payment if payment in GATEWAYS else "cod",
            lines=cart.items(),
            first_name=given.get("first_name", ""),
            last_name=given.get("last_name", ""),
            customer_id=user.id if user else 0,
        )
        answer = go(f"{self.shop.home}/checkout/order-received/{order.id}/?key={order.order_key}")
        answer.set_cookie(CART, "", samesite="Lax")
        return answer

    def show_order(self, request: Request, number: str, step: str) -> Response:
        """The page is there for any id; what is in it only for who holds the key, or owns the order."""
        order = self.shop.orders.get(int(number)) if number.isdigit() else None
        user = self.sessions.find(request)
        known = order is not None and (
            request.args.get("key") == order.order_key or (user is not None and order.customer_id == user.id)
        )
        steps = {"order-pay": "order_pay", "view-order": "order_status"}.get(step, "thank_you")
        if order is None or not known:
            return self.show("Pedido", "<p>Gracias. Tu pedido ha sido recibido.</p>", steps)
        return self.show(
            f"Pedido {order.number}", self.describe(order), steps, proof=self.shop.plugin.prove_order(order)
        )

    def describe(self, order: Order) -> str:
        rows = "".join(f"<li>{escape(line.product.name)} × {line.quantity}</li>" for line in order.lines)
        state = self.shop.statuses.get(order.status, order.status)
        return f"<p>{escape(state)}</p><ul>{rows}</ul><p>Total: {self.price(order.total)}</p>"

    def show_account(self, request: Request) -> Response:
        if request.method == "POST":
            answer = go("/my-account/")
            self.sessions.sign_in(request, answer)
            return answer
        user = self.sessions.find(request)
        if user is None:
            inside = field("log", label="Usuario") + field("pwd", "", "password", "Contraseña")
            return self.show("Mi cuenta", form("/my-account/", inside, "Acceder"), "account")
        mine = self.shop.list_orders(lambda order: order.customer_id == user.id)
        rows = "".join(
            f'<li><a href="/my-account/view-order/{order.id}/">{order.number}</a></li>' for order in mine
        )
        proof = self.shop.plugin.prove_customer(user)
        return self.show("Mi cuenta", f"<p>{escape(user.email)}</p><ul>{rows}</ul>", "account", proof=proof)
