"""Who we are at Shopify: the app's id and secret, how it is distributed, and where a fake of it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from plugin.contract import Clock, Http, PlatformRefused, Setting, Words

PUBLIC: Final = "public"
"""An embedded app for many merchants: Shopify installs it, session tokens are exchanged for access."""
CUSTOM: Final = "custom"
"""An app of the Dev Dashboard for one merchant: authorization-code grant, not embedded, no chat in checkout."""
CDN: Final = "https://cdn.shopify.com"

SETTINGS = (
    Setting(key="CLIENT_ID", help="Client ID of your app, from the Dev Dashboard."),
    Setting(
        key="CLIENT_SECRET",
        help="Client secret of your app. Webhooks, session tokens and installations are checked with it.",
        secret=True,
    ),
    Setting(
        key="OLD_CLIENT_SECRET",
        help="The secret before, while you rotate it: still accepted, never used to ask. Take it out afterwards.",
        secret=True,
    ),
    Setting(
        key="DISTRIBUTION",
        help="public: an embedded app for many merchants. custom: an app for one merchant's own server.",
        default=PUBLIC,
    ),
    Setting(
        key="FAKE_URL",
        help="Only for trying out: origin of `mostrador fake shopify` on this machine, asked instead of Shopify.",
    ),
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO_APP = Words(
    "Shopify is not set up on this server. Its operator has to give MOSTRADOR_SHOPIFY_CLIENT_ID and "
    "MOSTRADOR_SHOPIFY_CLIENT_SECRET."
)


@dataclass(frozen=True)
class AppIdentity:
    """The app as Shopify knows it. `fake_url` is the origin of a fake on this machine, or ''."""

    client_id: str
    client_secret: str = field(repr=False)
    old_client_secret: str = field(default="", repr=False)
    distribution: str = PUBLIC
    fake_url: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What a signature of Shopify may be made with, the one in use first. Empty when there is no app."""
        return tuple(secret for secret in (self.client_secret, self.old_client_secret) if secret)

    @property
    def is_public(self) -> bool:
        return self.distribution == PUBLIC

    @property
    def asks_address(self) -> bool:
        """Whether a merchant types where the shop is. Not of a listed app: it is installed at Shopify, and none of the
        App Store may ask for a shop's address (https://shopify.dev/docs/apps/launch/app-requirements-checklist,
        2026-11-22). A fake has no App Store."""
        return not self.is_public or bool(self.fake_url)

    @property
    def cdn(self) -> str:
        """Where App Bridge comes from: of Shopify's scripts, or of the stand-ins of a fake."""
        return self.fake_url or CDN


@dataclass(frozen=True)
class App:
    """What a page of ours works with: who we are, the way out, and the time."""

    identity: AppIdentity
    http: Http
    clock: Clock


def read_identity(values: Mapping[str, str]) -> AppIdentity:
    """The app of these settings; without an id or a secret it is one that nobody believes and that asks nothing.

    Raises ValueError with what is wrong.
    """
    given = {setting.key: values.get(setting.key, setting.default).strip() for setting in SETTINGS}
    distribution = given["DISTRIBUTION"].lower() or PUBLIC
    if distribution not in (PUBLIC, CUSTOM):
        raise ValueError("MOSTRADOR_SHOPIFY_DISTRIBUTION is public or custom.")
    return AppIdentity(
        client_id=given["CLIENT_ID"],
        client_secret=given["CLIENT_SECRET"],
        old_client_secret=given["OLD_CLIENT_SECRET"] if given["CLIENT_SECRET"] else "",
        distribution=distribution,
        fake_url=read_fake_url(given["FAKE_URL"]),
    )


def list_faults(identity: AppIdentity) -> tuple[str, ...]:
    """What of the settings does not fit together, for `mostrador check`."""
    faults = []
    if bool(identity.client_id) != bool(identity.client_secret):
        faults.append(
            "Give both MOSTRADOR_SHOPIFY_CLIENT_ID and MOSTRADOR_SHOPIFY_CLIENT_SECRET, or neither."
        )
    if identity.old_client_secret and identity.old_client_secret == identity.client_secret:
        faults.append("MOSTRADOR_SHOPIFY_OLD_CLIENT_SECRET is the secret in use: take it out.")
    return tuple(faults)


def read_fake_url(text: str) -> str:
    """The origin of a fake, or ''. Our secret goes there in plain words, so it may only stand on this machine."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "http" or host not in LOOPBACK or not bare or "@" in parts.netloc or port == 0:
        raise ValueError(
            "MOSTRADOR_SHOPIFY_FAKE_URL is only for a fake on this machine, for example http://127.0.0.1:8790. "
            "Leave it empty to ask Shopify."
        )
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}" if port else f"http://{shown}"


def need_app(identity: AppIdentity) -> None:
    """Raises `PlatformRefused` with the settings that are missing."""
    if not identity.client_id or not identity.client_secret:
        raise PlatformRefused(NO_APP)
