"""Every setting once: name, type, default and one sentence. Refuses to start half-configured.

Settings come from the environment (``MOSTRADOR_<NAME>``) and, below it, from the file ``mostrador.env``
in the working directory (or where ``MOSTRADOR_SETTINGS`` points). `docs/reference/settings.md` is kept
equal to this table by a test. Here is refused what can be known to be wrong from the words alone; what needs
another room's eyes is refused by `plugin.troubles`.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "MOSTRADOR_"
FILE_NAME = "mostrador.env"

DATABASES = ("sqlite", "sqlite+pysqlite", "postgres", "postgresql", "postgresql+psycopg")
REDIS_SCHEMES = ("redis", "rediss", "unix")
INSTALLS = ("first", "open", "invited")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """The settings are incomplete or wrong; the message lists every fault and what to do."""


@dataclass(frozen=True)
class Declared:
    """One setting: how it is read (see `READERS`), its default (None: required) and its sentence."""

    name: str
    kind: str
    default: Any
    help: str


DECLARED: tuple[Declared, ...] = (
    Declared(
        "SECRET_KEYS",
        "list",
        None,
        "Keys that encrypt secrets and personal data, newest first; made by `mostrador init`.",
    ),
    Declared(
        "INDEX_KEY",
        "text",
        None,
        "Key of the blind indexes and of signed links; made by `mostrador init`; never changes.",
    ),
    Declared(
        "DATABASE_URL",
        "text",
        "sqlite:///mostrador.db",
        "Where everything is kept: SQLite file or `postgresql://…`.",
    ),
    Declared(
        "BASE_URL",
        "text",
        "http://127.0.0.1:8080",
        "The public address of this server, as shoppers and platforms reach it.",
    ),
    Declared(
        "TERMS_URL",
        "text",
        "",
        "Your terms of service, linked from the first page of this server, where the shops' plugins send people.",
    ),
    Declared(
        "PRIVACY_URL", "text", "", "Your privacy policy, linked from the first page of this server as well."
    ),
    Declared("HOST", "text", "127.0.0.1", "The address the server listens on."),
    Declared("PORT", "number", 8080, "The port the server listens on."),
    Declared(
        "TRUSTED_PROXIES",
        "number",
        0,
        "How many reverse proxies stand before the server and set `X-Forwarded-*`.",
    ),
    Declared(
        "SMTP_URL",
        "text",
        "console:",
        "Where mail goes: `smtp://user:password@host:port`, `smtps://…`, or `console:` to print it.",
    ),
    Declared(
        "MAIL_FROM",
        "text",
        "counter@localhost",
        "The address mails are sent from; its domain should sign with DKIM.",
    ),
    Declared(
        "JOBS",
        "text",
        "embedded",
        "`embedded`: jobs run inside the web process; `worker`: `mostrador worker` runs them.",
    ),
    Declared(
        "REDIS_URL", "text", "", "Redis for live events between several web processes; empty: one process."
    ),
    Declared(
        "ALLOW_PRIVATE_HOSTS",
        "yes or no",
        False,
        "Let outgoing requests reach private addresses; for the demo and tests only.",
    ),
    Declared(
        "CA_BUNDLE",
        "text",
        "",
        "A file of certificates that outgoing requests trust instead of the usual ones; for a test shop with its own.",
    ),
    Declared(
        "ADAPTERS",
        "text",
        "",
        "`name=module:Class,…` to use instead of the installed adapters; for development.",
    ),
    Declared(
        "INSTALLS",
        "text",
        "first",
        "Who connects a shop without a set-up link: `first` (anybody, until the first store is there), `open` (every "
        "merchant whose platform proves them) or `invited` (nobody).",
    ),
    Declared("LOG_LEVEL", "text", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR."),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one instance. Keys never show in `repr`."""

    secret_keys: tuple[str, ...] = field(repr=False)
    index_key: str = field(repr=False)
    database_url: str = field(default="sqlite:///mostrador.db", repr=False)
    base_url: str = "http://127.0.0.1:8080"
    terms_url: str = ""
    privacy_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    trusted_proxies: int = 0
    smtp_url: str = field(default="console:", repr=False)
    mail_from: str = "counter@localhost"
    jobs: str = "embedded"
    redis_url: str = field(default="", repr=False)
    allow_private_hosts: bool = False
    ca_bundle: str = ""
    adapters: str = ""
    installs: str = "first"
    log_level: str = "INFO"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def adapter_values(self, name: str) -> dict[str, str]:
        """The values of ``MOSTRADOR_<NAME>_<KEY>`` for one adapter, keys in lower case."""
        prefix = f"{PREFIX}{name.upper()}_"
        return {
            key[len(prefix) :].lower(): value
            for key, value in self.environment.items()
            if key.startswith(prefix)
        }


def load_settings(directory: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Reads the environment over the settings file: the one in `directory`, when that is given.

    Raises `SettingsError` with all faults at once.
    """
    values = _read_file(directory) | dict(os.environ if environment is None else environment)
    fields: dict[str, Any] = {}
    faults = []
    for declared in DECLARED:
        text = values.get(PREFIX + declared.name)
        try:
            fields[declared.name.lower()] = declared.default if text is None else READERS[declared.kind](text)
        except ValueError:
            faults.append(f"{PREFIX}{declared.name} is {text!r}, which is no {declared.kind}")
    faults += [
        f"{PREFIX}{one.name} is missing" for one in DECLARED if fields.get(one.name.lower(), "") is None
    ]
    faults = faults or _find_faults(fields)
    if faults:
        words = "; ".join(faults)
        keys = any(name in words for name in ("SECRET_KEYS", "INDEX_KEY"))
        advice = f" `mostrador init` writes {FILE_NAME} with fresh keys." if keys else ""
        raise SettingsError(f"The settings are not right: {words}.{advice}")
    fields["base_url"] = fields["base_url"].rstrip("/")
    fields["log_level"] = fields["log_level"].upper()
    own = {key: value for key, value in values.items() if key.startswith(PREFIX)}
    return Settings(**fields, environment=own)


def _read_flag(text: str) -> bool:
    flags = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if text.strip().lower() not in flags:
        raise ValueError(text)
    return flags[text.strip().lower()]


def _read_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


READERS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "number": int,
    "yes or no": _read_flag,
    "list": _read_list,
}
"""How each kind of setting is read from its text."""


def _read_file(directory: Path | None) -> dict[str, str]:
    path = _find_file(directory)
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _find_file(directory: Path | None) -> Path:
    named = None if directory else os.environ.get(PREFIX + "SETTINGS")
    return Path(named or (directory or Path.cwd()) / FILE_NAME)


def _find_faults(fields: Mapping[str, Any]) -> list[str]:
    return [*_in_keys(fields), *_in_numbers(fields), *_in_addresses(fields), *_in_choices(fields)]


def _in_keys(fields: Mapping[str, Any]) -> list[str]:
    faults = []
    try:
        for key in fields["secret_keys"]:
            Fernet(key)
    except ValueError:
        faults.append(
            "MOSTRADOR_SECRET_KEYS must hold keys as `mostrador init` writes them (32 random bytes, base64)"
        )
    if not fields["secret_keys"]:
        faults.append("MOSTRADOR_SECRET_KEYS is empty")
    if len(fields["index_key"]) < 32:
        faults.append("MOSTRADOR_INDEX_KEY must be at least 32 characters")
    return faults


def _in_numbers(fields: Mapping[str, Any]) -> list[str]:
    faults = []
    if not 1 <= fields["port"] <= 65535:
        faults.append(f"MOSTRADOR_PORT is {fields['port']}; a port is a number from 1 to 65535")
    if fields["trusted_proxies"] < 0:
        faults.append("MOSTRADOR_TRUSTED_PROXIES must be 0 or the number of proxies")
    return faults


def _in_addresses(fields: Mapping[str, Any]) -> list[str]:
    """Addresses may hold passwords, so no fault repeats one."""
    faults = []
    if not fields["base_url"].startswith(("http://", "https://")):
        faults.append("MOSTRADOR_BASE_URL must start with https:// (or http:// on your own machine)")
    elif not _names_a_host(fields["base_url"]):
        faults.append("MOSTRADOR_BASE_URL must be an address like https://counter.example, without ? or #")
    for name in ("terms_url", "privacy_url"):
        if fields[name] and not fields[name].startswith(("http://", "https://")):
            faults.append(f"MOSTRADOR_{name.upper()} must start with https:// (or be empty)")
    if fields["ca_bundle"] and not Path(fields["ca_bundle"]).is_file():
        faults.append("MOSTRADOR_CA_BUNDLE must be a file of certificates (or be empty)")
    try:
        kind = make_url(fields["database_url"]).drivername
    except (ArgumentError, ValueError):
        kind = ""
    if kind not in DATABASES:
        faults.append(
            "MOSTRADOR_DATABASE_URL must be `sqlite:///file.db` or `postgresql://user:password@host/name`"
        )
    if fields["redis_url"] and fields["redis_url"].partition("://")[0] not in REDIS_SCHEMES:
        faults.append("MOSTRADOR_REDIS_URL must start with redis:// or rediss:// (or be empty)")
    return faults


def _names_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        return False


def _in_choices(fields: Mapping[str, Any]) -> list[str]:
    faults = []
    if fields["jobs"] not in ("embedded", "worker"):
        faults.append("MOSTRADOR_JOBS must be `embedded` or `worker`")
    if fields["installs"] not in INSTALLS:
        faults.append("MOSTRADOR_INSTALLS must be `first`, `open` or `invited`")
    if fields["log_level"].upper() not in LOG_LEVELS:
        faults.append("MOSTRADOR_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    return faults


def fresh_keys() -> dict[str, str]:
    """New keys for one instance."""
    return {
        PREFIX + "SECRET_KEYS": Fernet.generate_key().decode(),
        PREFIX + "INDEX_KEY": secrets.token_urlsafe(32),
    }


def list_local_values(base_url: str) -> dict[str, str]:
    """Where to listen so that a `base_url` on this machine leads to the server itself. Empty for any other: before
    a public or a TLS address stands a proxy."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname or "", parts.port or 80
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return {}
    if not loopback or parts.scheme != "http":
        return {}
    listening = "" if host in ("localhost", "127.0.0.1") else f"[{host}]" if ":" in host else host
    return {PREFIX + "PORT": str(port)} | ({PREFIX + "HOST": listening} if listening else {})


def write_first_settings(base_url: str | None = None) -> tuple[Path, bool]:
    """The settings file with fresh keys, and whether it was written now: one that is there stays as it is.

    Raises `SettingsError`, before anything is written, when the server could not start with them.
    """
    path = _find_file(None)
    if path.is_file() and path.read_bytes().strip():
        return path, False
    port = os.environ.get(PREFIX + "PORT", "8080")
    address = base_url or os.environ.get(PREFIX + "BASE_URL") or f"http://127.0.0.1:{port}"
    values = fresh_keys() | {PREFIX + "BASE_URL": address} | list_local_values(address)
    load_settings(path.parent, {**os.environ, **values})
    try:
        return write_settings(path.parent, values, path.name), True
    except FileExistsError:
        return path, False
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None


def write_settings(directory: Path, values: Mapping[str, str], name: str = FILE_NAME) -> Path:
    """Writes `mostrador.env`, readable by its owner only. Raises `FileExistsError` rather than replace one: the keys
    in it open the data. Whoever is killed meanwhile leaves no half of one."""
    path = directory / name
    lines = [
        "# Settings of Mostrador. The keys open everything in the database: keep a copy in a safe place."
    ]
    lines += [f"{key}={value}" for key, value in values.items()]
    handle, draft = tempfile.mkstemp(prefix=f".{name}.", dir=directory)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(Path(draft), path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return path


def _put_in_place(draft: Path, path: Path) -> None:
    if path.is_file() and not path.read_bytes().strip():
        path.unlink()  # an empty file opens nothing, and would be in the way for ever
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(path) from None
        draft.rename(path)
