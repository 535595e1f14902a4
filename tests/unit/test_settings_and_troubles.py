"""Settings refuse to be half right, and `check` says what to do."""

import os
import stat
from pathlib import Path

import pytest

from plugin.database import migrate
from plugin.logs import redact
from plugin.settings import FILE_NAME, SettingsError, fresh_keys, load_settings, write_settings
from plugin.testing.factories import make_settings
from plugin.troubles import find_troubles


def test_without_keys_nothing_starts_and_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path, {"MOSTRADOR_PORT": "http"})
    for words in ("MOSTRADOR_SECRET_KEYS is missing", "MOSTRADOR_INDEX_KEY is missing", "'http'", "mostrador init"):
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("secret_keys", "changeme", "MOSTRADOR_SECRET_KEYS must hold keys"),
        ("secret_keys", ",", "MOSTRADOR_SECRET_KEYS is empty"),
        ("index_key", "short", "at least 32 characters"),
        ("jobs", "sometimes", "`embedded` or `worker`"),
        ("base_url", "counter.example", "must start with https://"),
        ("allow_private_hosts", "maybe", "'maybe'"),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        make_settings("sqlite:///x.db", **{name: value})


def test_the_settings_file_is_private_never_replaced_and_below_the_environment(tmp_path: Path) -> None:
    path = write_settings(tmp_path, fresh_keys() | {"MOSTRADOR_PORT": "9000", "MOSTRADOR_HOST": "127.0.0.2"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings = load_settings(tmp_path, {"MOSTRADOR_PORT": "9001", "MOSTRADOR_DEMO_SHOP_URL": "http://127.0.0.1:1"})
    assert (settings.port, settings.host) == (9001, "127.0.0.2")
    assert settings.adapter_values("demo") == {"shop_url": "http://127.0.0.1:1"}
    with pytest.raises(FileExistsError):
        write_settings(tmp_path, fresh_keys())
    assert sorted(os.listdir(tmp_path)) == [FILE_NAME]


def test_keys_and_passwords_show_in_no_repr() -> None:
    keys = fresh_keys()
    settings = load_settings(environment=keys | {"MOSTRADOR_SMTP_URL": "smtp://me:planted@mail.example"})
    for secret in (*keys.values(), "planted"):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mail to alma@example.com failed", "alma@example.com"),
        ("postgresql://user:planted@db/x", "planted"),
        ("Authorization: Bearer planted-token", "planted-token"),
        ("key ck_0123456789abcdef0123", "0123456789abcdef"),
    ],
)
def test_logs_hide_secrets_and_addresses(text: str, hidden: str) -> None:
    assert hidden not in redact(text)
    assert redact("order 1001 applied") == "order 1001 applied"


def test_a_good_instance_has_no_troubles_and_a_public_one_is_looked_at_hard(sqlite_url: str) -> None:
    assert find_troubles(make_settings(sqlite_url)) == []
    public = make_settings(sqlite_url, base_url="http://counter.example", allow_private_hosts="yes", jobs="worker")
    words = " ".join(find_troubles(public))
    for trouble in ("plain http", "prints mails", "not an address", "private network", "needs PostgreSQL"):
        assert trouble in words


def test_an_old_database_and_foreign_keys_are_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    assert any("mostrador db upgrade" in trouble for trouble in find_troubles(make_settings(url)))
    migrate(url)
    from plugin.testing.factories import make_database, make_store

    make_store(make_database(url))
    assert any("MOSTRADOR_SECRET_KEYS" in trouble for trouble in find_troubles(make_settings(url)))


def test_a_broken_adapter_is_told_and_stops_nothing(sqlite_url: str) -> None:
    settings = make_settings(sqlite_url, adapters="demo=adapters.demo:DemoAdapter,lost=nowhere:Adapter")
    assert [trouble for trouble in find_troubles(settings) if "The adapter lost does not work" in trouble]


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    settings = make_settings("postgresql://nobody:secret@127.0.0.1:1/nothing")
    (trouble,) = find_troubles(settings)
    assert "does not answer" in trouble and "secret" not in trouble
