"""Every setting once: name, type, default and one sentence. Refuses to start half-configured.

Settings come from the environment (``MOSTRADOR_<NAME>``) and, below it, from the file ``mostrador.env``
in the working directory (or where ``MOSTRADOR_SETTINGS`` points). `docs/reference/settings.md` is kept
equal to this table by a test.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

PREFIX = "MOSTRADOR_"
FILE_NAME = "mostrador.env"


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
        "ADAPTERS",
        "text",
        "",
        "`name=module:Class,…` to use instead of the installed adapters; for development.",
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
    host: str = "127.0.0.1"
    port: int = 8080
    trusted_proxies: int = 0
    smtp_url: str = field(default="console:", repr=False)
    mail_from: str = "counter@localhost"
    jobs: str = "embedded"
    redis_url: str = field(default="", repr=False)
    allow_private_hosts: bool = False
    adapters: str = ""
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
    """Reads the environment over the settings file. Raises `SettingsError` with all faults at once."""
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
        raise SettingsError(
            f"The settings are not right: {words}. `mostrador init` writes {FILE_NAME} with fresh keys."
        )
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
    path = Path(os.environ.get(PREFIX + "SETTINGS") or (directory or Path.cwd()) / FILE_NAME)
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _find_faults(fields: Mapping[str, Any]) -> list[str]:
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
    if fields["jobs"] not in ("embedded", "worker"):
        faults.append("MOSTRADOR_JOBS must be `embedded` or `worker`")
    if not fields["base_url"].startswith(("http://", "https://")):
        faults.append("MOSTRADOR_BASE_URL must start with https:// (or http:// on your own machine)")
    return faults


def fresh_keys() -> dict[str, str]:
    """New keys for one instance."""
    return {
        PREFIX + "SECRET_KEYS": Fernet.generate_key().decode(),
        PREFIX + "INDEX_KEY": secrets.token_urlsafe(32),
    }


def write_settings(directory: Path, values: Mapping[str, str]) -> Path:
    """Writes `mostrador.env`, readable by its owner only. Refuses to replace one: the keys in it open the data."""
    path = directory / FILE_NAME
    lines = [
        "# Settings of Mostrador. The keys open everything in the database: keep a copy in a safe place."
    ]
    lines += [f"{key}={value}" for key, value in values.items()]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path
