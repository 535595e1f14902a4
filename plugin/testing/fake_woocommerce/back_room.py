"""``/wp-admin/``: where a developer plays the merchant, and the network's whims. Only for who manages the shop."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from plugin.testing.fake_woocommerce.nouns import Attempt, Order
from plugin.testing.fake_woocommerce.pages import Sessions, field, form, go, page

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

SWITCHES = ("fulfillments", "plugin_installed", "strips_authorization", "hides_https", "plain_permalinks")
LEFT = " · left to the counter"


class BackRoom:
    """Orders, webhooks, mails, and switches for what may go wrong. `losing` drops every delivery from now on."""

    def __init__(self, shop: FakeShop, sessions: Sessions) -> None:
        self.shop, self.sessions = shop, sessions
        self.losing = False
        usual = shop.webhooks.loses

        def loses(attempt: Attempt) -> bool:
            return self.losing or usual(attempt)

        shop.webhooks.loses = loses

    def answer(self, request: Request) -> Response:
        here = "/wp-admin/"
        if request.path.startswith("/wp-admin/login"):
            answer = go(here)
            self.sessions.sign_in(request, answer)
            return answer
        user = self.sessions.find(request)
        if user is None or not user.manages:
            inside = field("log", "admin", label="Username") + field("pwd", "", "password", "Password")
            return page("Log in", form("/wp-admin/login", inside, "Log in"), 200 if user is None else 403)
        if request.method == "POST":
            # The counter's pages are elsewhere: whatever is posted here comes from these forms.
            if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
                return page("No", "<p>Post from this page only.</p>", 403)
            self.act(request)
            return go(here)
        return self.show()

    def act(self, request: Request) -> None:
        given = request.form
        what, number = given.get("act", ""), given.get("order", "")
        order = self.shop.orders.get(int(number)) if number.isdigit() else None
        hooks = self.shop.webhooks
        if what == "place":
            payment = given.get("payment", "cod")
            self.shop.place_order(given.get("email", "ursula@example.com"), payment=payment)
        elif what == "cron":
            hooks.run_cron()
        elif what == "lose":
            self.losing = not self.losing
        elif what == "switch" and given.get("name") in SWITCHES:
            name = given["name"]
            setattr(self.shop.manners, name, not getattr(self.shop.manners, name))
        elif what == "hook" and given.get("status") in ("active", "paused", "disabled"):
            hook = hooks.hooks.get(int(given.get("hook", "0")))
            if hook is not None:
                hook.status = given["status"]
        elif order is not None:
            self.act_on_order(what, order, request)

    def act_on_order(self, what: str, order: Order, request: Request) -> None:
        given = request.form
        if what == "status" and given.get("status") in self.shop.statuses:
            self.shop.change_status(order, given["status"])
        elif what == "track" and given.get("number"):
            self.shop.add_tracking(order, given["number"], given.get("carrier", "servientrega"))
        elif what == "refund":
            self.shop.refund(order)
        elif what == "trash":
            self.shop.trash(order)
        elif what == "restore":
            self.shop.restore(order)
        elif what == "delete":
            self.shop.delete(order)

    def show(self) -> Response:
        plugin = self.shop.plugin
        desk = ""
        if plugin.connection:
            admin = self.shop.users[1]
            action = f"{plugin.connection['service'].rstrip('/')}/desk/enter/woocommerce"
            desk = form(
                action, field("proof", plugin.hand_over(admin), "hidden"), "Open the desk", target="_blank"
            )
        body = (
            f"<h1>{escape(self.shop.name)}</h1>{desk}{self.show_orders()}{self.show_hooks()}"
            f"{self.show_switches()}{self.show_mails()}"
        )
        return page(f"Back room – {self.shop.name}", body)

    def show_orders(self) -> str:
        place = form(
            "/wp-admin/",
            field("act", "place", "hidden")
            + field("email", "ursula@example.com", label="Email")
            + self.choose("payment", ("cod", "card", "bacs")),
            "Place an order",
        )
        rows = "".join(self.show_order(order) for order in reversed(self.shop.list_orders()))
        head = "<tr><th>Order</th><th>Status</th><th>Email</th><th>Acts</th></tr>"
        return f"<h2>Orders</h2><p>{place}</p><table>{head}{rows}</table>"

    def show_order(self, order: Order) -> str:
        here = field("order", str(order.id), "hidden")
        acts = form(
            "/wp-admin/",
            here + field("act", "status", "hidden") + self.choose("status", self.shop.statuses),
            "Set",
        )
        acts += form(
            "/wp-admin/",
            here
            + field("act", "track", "hidden")
            + '<input name="number" aria-label="Tracking number" size="12">',
            "Add tracking",
        )
        for act in ("refund", "trash", "restore", "delete"):
            acts += form("/wp-admin/", here + field("act", act, "hidden"), act.title())
        cells = (order.number, order.status, order.billing.get("email", ""))
        return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{acts}</td></tr>"

    def choose(self, name: str, values: object) -> str:
        options = "".join(f"<option>{escape(str(value))}</option>" for value in values)  # type: ignore[attr-defined]
        return f'<select name="{name}" aria-label="{name}">{options}</select>'

    def show_hooks(self) -> str:
        hooks = self.shop.webhooks
        rows = "".join(
            f"<tr><td>{hook.id}</td><td>{escape(hook.topic)}</td><td>{hook.status}</td><td>{hook.failures}</td><td>"
            + form(
                "/wp-admin/",
                field("act", "hook", "hidden")
                + field("hook", str(hook.id), "hidden")
                + self.choose("status", ("active", "paused", "disabled")),
                "Set",
            )
            + "</td></tr>"
            for hook in hooks.hooks.values()
        )
        run = form("/wp-admin/", field("act", "cron", "hidden"), f"Run the queue ({len(hooks.queue)})")
        lose = form(
            "/wp-admin/",
            field("act", "lose", "hidden"),
            "Deliver again" if self.losing else "Lose deliveries",
        )
        return (
            f"<h2>Webhooks</h2><p>{run} {lose}</p><table><tr><th>Id</th><th>Topic</th><th>Status</th>"
            f"<th>Failures</th><th></th></tr>{rows}</table>"
        )

    def show_switches(self) -> str:
        rows = "".join(
            f"<li>{name}: {getattr(self.shop.manners, name)} "
            + form("/wp-admin/", field("act", "switch", "hidden") + field("name", name, "hidden"), "Switch")
            + "</li>"
            for name in SWITCHES
        )
        return f"<h2>Manners</h2><ul>{rows}</ul>"

    def show_mails(self) -> str:
        rows = "".join(
            f"<li>{escape(mail.mail_id)} · {mail.order_id} · {escape(mail.to)}{LEFT if mail.left else ''}</li>"
            for mail in reversed(self.shop.mails.sent[-50:])
        )
        return f"<h2>Mails of the shop</h2><ul>{rows}</ul>"
