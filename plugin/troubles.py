"""What is wrong with an instance, each as one sentence that says what to do: `mostrador check`.

`find_faults` are those with which nothing works or mails would fail: every command that opens the instance refuses
them. The words of each setting alone are judged before, in `plugin.settings`.
"""

from __future__ import annotations

import errno
import socket
import ssl
from email.utils import getaddresses, parseaddr
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.exc import SQLAlchemyError

from plugin.contract import SystemClock
from plugin.database import ALL, Database, Vault, WrongKey, check_migrated, migrate
from plugin.http import GuardedHttp
from plugin.mail import check_address, open_transport
from plugin.push import open_hub
from plugin.registry import find_adapters, read_list
from plugin.settings import Settings, SettingsError
from plugin.stores import list_stores
from plugin.stores.words import tell
from plugin.work import buried

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def find_troubles(settings: Settings) -> list[str]:
    """Every trouble; an empty list means that all is in order."""
    faults, dumb = find_faults(settings), find_listening_fault(settings)
    if dumb:
        faults.append(dumb)
    adapters = [] if _in_adapters(settings) else _with_adapters(settings)
    return [*faults, *_in_the_settings(settings), *adapters, *_in_the_database(settings)]


def find_hints(settings: Settings) -> list[str]:
    """What works and should be thought of all the same: `mostrador check` says it and fails for none of it."""
    public = settings.base_url.startswith("https://") and urlsplit(settings.base_url).hostname not in LOOPBACK
    missing = {"MOSTRADOR_TERMS_URL": settings.terms_url, "MOSTRADOR_PRIVACY_URL": settings.privacy_url}
    empty = [name for name, value in missing.items() if not value]
    if not public or not empty:
        return []
    are = "is" if len(empty) == 1 else "are"
    return [f"{' and '.join(empty)} {are} empty: shops' plugins send people to this server's first page to read them."]


def find_faults(settings: Settings) -> list[str]:
    """Values with which no instance can be put together, or its mails would fail. Asks no database."""
    return [
        *_in_mail(settings),
        *_in_adapters(settings),
        *_in_redis(settings),
    ]


def find_database_trouble(url: str) -> str | None:
    """Why the database cannot be used, or None. Never repeats `url`, which may hold a password."""
    try:
        return check_migrated(url)
    except (SQLAlchemyError, OSError, ImportError) as error:
        return _tell_why(error)


def _tell_why(error: Exception) -> str:
    """Without the error's own words: they may hold the password."""
    if isinstance(error, ImportError):
        return "PostgreSQL needs the extra `postgres`: pip install 'mostrador[postgres]'."
    return f"The database does not answer ({type(error).__name__}): look at MOSTRADOR_DATABASE_URL."


def upgrade_database(url: str) -> None:
    """Brings the database to the newest migration. Raises `SettingsError` with what to do when it cannot be used."""
    try:
        migrate(url)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise SettingsError(_tell_why(error)) from None


def find_listening_fault(settings: Settings) -> str | None:
    """Why the server could not listen, or None. A port that is taken is none: the server itself may have it."""
    host, words = settings.host.strip("[]"), f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        return f"This account may not listen on {words}: choose a MOSTRADOR_PORT above 1023."
    except (OSError, UnicodeError) as error:
        if getattr(error, "errno", None) != errno.EADDRINUSE:
            return f"The server cannot listen on {words}: MOSTRADOR_HOST must be an address of this machine."
    return None


def _in_mail(settings: Settings) -> list[str]:
    faults = []
    try:
        open_transport(settings.smtp_url).close()
        for path in parse_qs(urlsplit(settings.smtp_url).query).get("ca_file", ()):
            ssl.create_default_context(cafile=path)
    except (ValueError, OSError) as error:
        words = f"Its ca_file cannot be read ({error})." if isinstance(error, OSError) else error
        faults.append(f"MOSTRADOR_SMTP_URL cannot be used. {words}")
    try:
        # Of several addresses the mails would silently take the first.
        ((_, address),) = getaddresses([settings.mail_from])
        check_address(address)
    except ValueError:
        faults.append(
            f"MOSTRADOR_MAIL_FROM is {settings.mail_from!r}, which is not one e-mail address: no mail could leave."
        )
    return faults


def _in_adapters(settings: Settings) -> list[str]:
    try:
        read_list(settings.adapters)
    except ValueError as error:
        return [str(error)]
    return []


def _in_redis(settings: Settings) -> list[str]:
    try:
        open_hub(settings.redis_url).close()
    except ImportError:
        return ["MOSTRADOR_REDIS_URL needs the extra `redis`: pip install 'mostrador[redis]'."]
    except ValueError:
        return ["MOSTRADOR_REDIS_URL cannot be read: it is like redis://host:6379/0."]
    return []


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
    http = GuardedHttp(allow_private_hosts=settings.allow_private_hosts, ca_bundle=settings.ca_bundle or None)
    registry = find_adapters(settings.adapter_values, http, SystemClock(), settings.adapters)
    troubles = [f"The adapter {name} does not work: {reason}" for name, reason in registry.broken.items()]
    for name in registry.names:
        adapter = registry.get(name)
        troubles += [f"{adapter.label}: {fault}" for fault in adapter.list_faults()]
    return troubles if registry.names else [*troubles, "No adapter is installed."]


def _in_the_database(settings: Settings) -> list[str]:
    trouble = find_database_trouble(settings.database_url)
    if trouble:
        return [trouble]
    db = Database(settings.database_url, Vault(settings.secret_keys, settings.index_key))
    try:
        with db.reading(ALL, "is everything in order") as tx:
            stores, given_up = list_stores(tx), buried(tx)
    except SQLAlchemyError as error:
        return [_tell_why(error)]
    except WrongKey as error:
        return [str(error)]
    finally:
        db.close()
    troubles = [f"{row.name}: {tell(row.trouble, None, 'en')}" for row in stores if row.trouble]
    if given_up:
        troubles.append(f"{len(given_up)} jobs were given up; the newest said: {given_up[0].words}")
    return troubles
