"""Who of a shop's people may own the store here, as the shop itself knows them."""

from __future__ import annotations

import msgspec

from adapters.woocommerce.api import Shop
from adapters.woocommerce.schemas import decode
from adapters.woocommerce.values import clean_text, read_email, read_optional_id
from plugin.contract import Clock, Http, Merchant, Store

ROLES = ("administrator", "shop_manager")
"""Those who may approve an app: https://woocommerce.com/document/roles-capabilities/ (2026-11-21)."""
FIELDS = "id,email,first_name,last_name,username,role"


class CustomerBody(msgspec.Struct, gc=False):
    """One entry of ``GET customers``; `role` is the first of a user's roles."""

    id: int | str
    role: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None


CUSTOMERS = msgspec.json.Decoder(list[CustomerBody])


def list_staff(http: Http, store: Store, clock: Clock | None = None) -> tuple[Merchant, ...]:
    """Administrators, then shop managers, each with an e-mail address. A shop that does not understand the filter
    gives its shoppers (unknown filters are ignored), so the role of each is compared here."""
    shop = Shop(http, store, clock)
    found: dict[str, Merchant] = {}
    for role in ROLES:
        for page in shop.list_pages("customers", {"role": role, "_fields": FIELDS}):
            for body in decode(CUSTOMERS, page, "list of users"):
                external_id, email = read_optional_id(body.id), read_email(body.email)
                if body.role == role and external_id and email and external_id not in found:
                    name = clean_text(f"{body.first_name or ''} {body.last_name or ''}") or clean_text(body.username)
                    found[external_id] = Merchant(external_id=external_id, email=email, name=name)
    return tuple(found.values())
