"""What is wrong with an instance, each as one sentence that says what to do: `mostrador check`."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from plugin.contract import SystemClock
from plugin.database import ALL, Database, Vault, WrongKey, check_migrated
from plugin.http import GuardedHttp
from plugin.registry import find_adapters
from plugin.settings import Settings
from plugin.stores import list_stores
from plugin.work import buried

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def find_troubles(settings: Settings) -> list[str]:
    """Every trouble; an empty list means that all is in order."""
    return [*_in_the_settings(settings), *_with_adapters(settings), *_in_the_database(settings)]


def _in_the_settings(settings: Settings) -> list[str]:
    troubles = []
    sqlite = settings.database_url.startswith("sqlite")
    public = urlsplit(settings.base_url).hostname not in LOOPBACK
    if sqlite and settings.jobs == "worker":
        troubles.append("MOSTRADOR_JOBS=worker needs PostgreSQL: with SQLite let jobs run `embedded`.")
    if public and settings.base_url.startswith("http://"):
        troubles.append(
            "MOSTRADOR_BASE_URL is plain http: shops and browsers want https. Put a TLS proxy before the server."
        )
    if public and settings.smtp_url.startswith("console:"):
        troubles.append("MOSTRADOR_SMTP_URL prints mails instead of sending them: give it your mail server.")
    if public and parseaddr(settings.mail_from)[1].endswith("@localhost"):
        troubles.append("MOSTRADOR_MAIL_FROM is not an address of yours: mails from it would be refused.")
    if public and settings.allow_private_hosts:
        troubles.append(
            "MOSTRADOR_ALLOW_PRIVATE_HOSTS is on: merchants could make this server call your private network."
        )
    return troubles


def _with_adapters(settings: Settings) -> list[str]:
    http = GuardedHttp(allow_private_hosts=settings.allow_private_hosts)
    registry = find_adapters(settings.adapter_values, http, SystemClock(), settings.adapters)
    troubles = [f"The adapter {name} does not work: {reason}" for name, reason in registry.broken.items()]
    return troubles if registry.names else [*troubles, "No adapter is installed."]


def _in_the_database(settings: Settings) -> list[str]:
    db = Database(settings.database_url, Vault(settings.secret_keys, settings.index_key))
    try:
        old = check_migrated(settings.database_url)
        if old:
            return [old]
        with db.reading(ALL, "is everything in order") as tx:
            stores, given_up = list_stores(tx), buried(tx)
    except SQLAlchemyError as error:
        return [f"The database does not answer ({type(error).__name__}): look at MOSTRADOR_DATABASE_URL."]
    except WrongKey as error:
        return [str(error)]
    finally:
        db.close()
    troubles = [f"{row.name}: {row.trouble}" for row in stores if row.trouble]
    if given_up:
        troubles.append(f"{len(given_up)} jobs were given up; the newest said: {given_up[0].words}")
    return troubles
