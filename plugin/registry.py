"""Finds adapters and builds each once. Built-ins come through the same door as strangers: an entry point.

A broken adapter never stops the app: it is kept under its name with the reason in words, and shown to
whoever asks (`mostrador adapters list`, `mostrador check`). Reads no environment of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType

from plugin.contract import CONTRACT_VERSION, Clock, Http, StoreAdapter

GROUP = "mostrador.adapters"
# A name becomes part of addresses (/hooks/<name>) and of settings (MOSTRADOR_<NAME>_<KEY>).
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")

Values = Callable[[str], Mapping[str, str]] | Mapping[str, Mapping[str, str]]
"""Adapter name → the values of its settings by key; keys may come in lower case."""


class UnknownAdapter(LookupError):
    """No adapter of this name works here; the message says which do, or why this one does not."""


class BrokenAdapter(Exception):
    """Why an adapter cannot be used, in words."""


@dataclass(frozen=True)
class Source:
    """Where an adapter comes from: ``module:Class`` and the distribution that brought it, if any."""
    name: str
    path: str
    distribution: str = ""


@dataclass(frozen=True)
class Registry:
    """The adapters of this process. `broken` maps a name to the reason; `sources` knows both kinds."""
    adapters: Mapping[str, StoreAdapter]
    broken: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the adapters that work, in order."""
        return tuple(sorted(self.adapters))

    def get(self, name: str) -> StoreAdapter:
        """The adapter of this name. Raises `UnknownAdapter`."""
        if name in self.adapters:
            return self.adapters[name]
        if name in self.broken:
            raise UnknownAdapter(f"The adapter {name!r} does not work: {self.broken[name]}")
        raise UnknownAdapter(f"There is no adapter {name!r}. There are: {', '.join(self.names) or 'none'}.")


def find_adapters(values: Values, http: Http, clock: Clock, listed: str = "") -> Registry:
    """Every installed adapter, built. `listed` (``name=module:Class,…``) replaces what is installed.

    Raises ValueError when `listed` cannot be read, because then nobody knows what was meant.
    """
    adapters: dict[str, StoreAdapter] = {}
    broken: dict[str, str] = {}
    sources: dict[str, Source] = {}
    for source in read_list(listed) if listed.strip() else find_installed():
        if source.name in sources:
            adapters.pop(source.name, None)
            broken[source.name] = (f"Two packages bring an adapter of this name ({sources[source.name].path} and "
                                   f"{source.path}). Remove one of them.")
            continue
        sources[source.name] = source
        try:
            adapters[source.name] = build_adapter(source, values, http, clock)
        except BrokenAdapter as reason:
            broken[source.name] = str(reason)
    return Registry(MappingProxyType(adapters), MappingProxyType(broken), MappingProxyType(sources))


def find_installed() -> Sequence[Source]:
    """What installed packages name in the entry point group, in order of name."""
    found: Iterable[EntryPoint] = entry_points(group=GROUP)
    # A distribution may be seen twice, as metadata in a checkout and as an installed copy of it.
    unique = {Source(point.name, point.value, f"{point.dist.name} {point.dist.version}" if point.dist else "")
              for point in found}
    return sorted(unique, key=lambda source: (source.name, source.path))


def read_list(text: str) -> Sequence[Source]:
    """The adapters of ``name=module:Class,…``. Raises ValueError."""
    sources = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, path = (piece.strip() for piece in part.partition("="))
        if not equals or not name or path.count(":") != 1 or path.startswith(":") or path.endswith(":"):
            raise ValueError(f"MOSTRADOR_ADAPTERS holds {part!r}; it wants name=module:Class, parted by commas.")
        sources.append(Source(name, path))
    return sources


def build_adapter(source: Source, values: Values, http: Http, clock: Clock) -> StoreAdapter:
    """The adapter of a source. Raises `BrokenAdapter` with what is wrong and what to do."""
    if not NAME.fullmatch(source.name):
        raise BrokenAdapter("Its name must be lower case letters, digits and _, and start with a letter.")
    kind = check_class(load_class(source), source)
    given = values(source.name) if callable(values) else values.get(source.name, {})
    settings = {setting.key: given.get(setting.key, given.get(setting.key.lower(), setting.default))
                for setting in kind.settings}
    try:
        return kind(settings, http, clock)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        for setting in kind.settings:
            if setting.secret and settings[setting.key]:
                words = words.replace(settings[setting.key], "…")
        raise BrokenAdapter(f"It could not be built: {words}") from None


def load_class(source: Source) -> object:
    """What the source names. An import may fail in any way, also by `SystemExit`; none of them stops the app."""
    module, _, name = source.path.partition(":")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        words = f"{source.path} needs the module {error.name}, which is not installed."
    except AttributeError:
        words = f"{module} has no {name}."
    except (Exception, SystemExit) as error:
        words = f"{module} could not be imported: {type(error).__name__}: {error}"
    raise BrokenAdapter(words)


def check_class(kind: object, source: Source) -> type[StoreAdapter]:
    """The class, when it keeps the form of the contract. Raises `BrokenAdapter`."""
    if not (isinstance(kind, type) and issubclass(kind, StoreAdapter)):
        raise BrokenAdapter(f"{source.path} is not a subclass of plugin.contract.StoreAdapter.")
    if kind.contract_version != CONTRACT_VERSION:
        older = "Mostrador" if kind.contract_version > CONTRACT_VERSION else "the adapter"
        raise BrokenAdapter(f"It was written for version {kind.contract_version} of the contract, and this Mostrador "
                            f"speaks version {CONTRACT_VERSION}. Update {older}.")
    if missing := sorted(kind.__abstractmethods__):
        raise BrokenAdapter(f"It lacks {', '.join(missing)}.")
    if getattr(kind, "name", None) != source.name:
        raise BrokenAdapter(f"It calls itself {getattr(kind, 'name', None)!r}, and its entry point {source.name!r}. "
                            "Both must be the same.")
    if not getattr(kind, "label", ""):
        raise BrokenAdapter("It has no label, the platform's name as people write it.")
    return kind
