"""Settings refuse to be half right, and `check` says what to do."""

import os
import re
import socket
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugin.cli import main
from plugin.database import migrate
from plugin.logs import redact
from plugin.settings import (
    FILE_NAME,
    PREFIX,
    SettingsError,
    fresh_keys,
    list_local_values,
    load_settings,
    write_settings,
)
from plugin.testing.factories import make_settings
from plugin.troubles import find_hints, find_troubles


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
        ("base_url", "http://", "must be an address like"),
        ("base_url", "http://127.0.0.1:web", "must be an address like"),
        ("base_url", "https://counter.example/?shop=1", "must be an address like"),
        ("port", "0", "from 1 to 65535"),
        ("port", "65536", "from 1 to 65535"),
        ("trusted_proxies", "-1", "the number of proxies"),
        ("log_level", "loud", "DEBUG, INFO, WARNING or ERROR"),
        ("redis_url", "http://127.0.0.1:6379", "must start with redis://"),
        ("allow_private_hosts", "maybe", "'maybe'"),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        make_settings("sqlite:///x.db", **{name: value})


@pytest.mark.parametrize("url", ["", "shop.db", "mysql://me:planted@db/x", "postgresql://me:planted@db:port/x"])
def test_a_database_of_an_unknown_kind_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="MOSTRADOR_DATABASE_URL must be") as refused:
        make_settings(url)
    assert "planted" not in str(refused.value)


def test_addresses_end_without_a_slash_and_log_levels_may_be_small(tmp_path: Path) -> None:
    settings = make_settings("sqlite:///x.db", base_url="https://counter.example/shop/", log_level="warning")
    assert (settings.base_url, settings.log_level) == ("https://counter.example/shop", "WARNING")


def test_a_named_folder_wins_over_a_named_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    write_settings(tmp_path / "other", fresh_keys() | {"MOSTRADOR_PORT": "9001"})
    write_settings(tmp_path, fresh_keys() | {"MOSTRADOR_PORT": "9000"})
    monkeypatch.setenv("MOSTRADOR_SETTINGS", str(tmp_path / "other" / FILE_NAME))
    assert (load_settings().port, load_settings(tmp_path).port) == (9001, 9000)


def test_a_settings_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path, {})


def test_an_empty_settings_file_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\n")
    write_settings(tmp_path, fresh_keys())
    assert load_settings(tmp_path, {}).index_key
    assert sorted(os.listdir(tmp_path)) == [FILE_NAME]


@pytest.mark.parametrize(
    ("base_url", "values"),
    [
        ("http://127.0.0.1:9000", {"PORT": "9000"}),
        ("http://localhost:9000/", {"PORT": "9000"}),
        ("http://localhost", {"PORT": "80"}),
        ("http://127.0.0.5:9000", {"PORT": "9000", "HOST": "127.0.0.5"}),
        ("http://[::1]:9000", {"PORT": "9000", "HOST": "[::1]"}),
        ("https://localhost:9000", {}),
        ("http://counter.example:9000", {}),
    ],
)
def test_an_address_of_this_machine_says_where_to_listen(base_url: str, values: dict[str, str]) -> None:
    assert list_local_values(base_url) == {PREFIX + name: value for name, value in values.items()}


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
        ("GET /p/x/chat?locale=es&id_token=planted refused", "planted"),
        ("GET /p/x/chat?hmac=planted&locale=es refused", "planted"),
        ("the token eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.planted-_ is old", "planted"),
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


WRONG = [
    ("smtp_url", "ftp://me:planted@mail.example", "MOSTRADOR_SMTP_URL"),
    ("smtp_url", "smtp://me:planted@mail.example:port", "MOSTRADOR_SMTP_URL"),
    ("smtp_url", "smtp://me:planted@mail.example", "in the open"),
    ("smtp_url", "smtps://mail.example?ca_file=nowhere.pem", "ca_file"),
    ("mail_from", "nobody", "MOSTRADOR_MAIL_FROM"),
    ("mail_from", "a@b.example, c@d.example x", "MOSTRADOR_MAIL_FROM"),
    ("adapters", "demo", "MOSTRADOR_ADAPTERS"),
    ("redis_url", "redis://127.0.0.1:port", "MOSTRADOR_REDIS_URL"),
    ("host", "192.0.2.1", "MOSTRADOR_HOST"),
]
"""Values that look right by themselves, and with which the server would end or mails would fail."""


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_what_would_stop_the_server_or_its_mails_is_one_sentence(
    sqlite_url: str, name: str, value: str, words: str
) -> None:
    (trouble,) = find_troubles(make_settings(sqlite_url, **{name: value}))
    assert words in trouble and "planted" not in trouble


@pytest.mark.parametrize("command", ["check", "serve", "init"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, value) for name, value, _ in WRONG if name in ("smtp_url", "mail_from", "adapters", "redis_url")],
        ("port", "70000"),
        ("log_level", "loud"),
        ("database_url", "mysql://me:planted@db/x"),
        ("database_url", "postgresql://me:planted@127.0.0.1:1/x"),
        ("database_url", "sqlite:////proc/none/x.db"),
    ],
)
def test_no_command_answers_a_wrong_setting_with_a_traceback(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str, value: str
) -> None:
    values = {"DATABASE_URL": sqlite_url, "SETTINGS": str(tmp_path / FILE_NAME), name.upper(): value}
    for key, words in (fresh_keys() | {PREFIX + key: words for key, words in values.items()}).items():
        monkeypatch.setenv(key, words)
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("it started"))
    run = CliRunner().invoke(main, [command])
    assert run.exit_code == 1 and isinstance(run.exception, SystemExit)
    assert PREFIX + name.upper() in run.output and "planted" not in run.output


def test_serve_says_that_it_cannot_listen_before_it_starts(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {PREFIX + "DATABASE_URL": sqlite_url, PREFIX + "HOST": "192.0.2.1"}
    for key, words in (fresh_keys() | values).items():
        monkeypatch.setenv(key, words)
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("it started"))
    run = CliRunner().invoke(main, ["serve"])
    assert run.exit_code == 1 and "cannot listen on 192.0.2.1:8080" in run.output


def test_a_port_in_use_is_no_trouble_since_the_server_itself_may_have_it(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert find_troubles(make_settings(sqlite_url, port=server.getsockname()[1])) == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"base_url": "https://counter.example"}, ("MOSTRADOR_TERMS_URL", "MOSTRADOR_PRIVACY_URL")),
        ({"base_url": "https://counter.example", "terms_url": "https://a.example/t"}, ("MOSTRADOR_PRIVACY_URL",)),
        (
            {"base_url": "https://counter.example", "terms_url": "https://a.example/t",
             "privacy_url": "https://a.example/p"}, (),
        ),
        ({"base_url": "https://localhost:9000"}, ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_a_public_server_without_terms_or_privacy_policy_is_told_so(
    sqlite_url: str, values: dict[str, str], named: tuple[str, ...]
) -> None:
    told = " ".join(find_hints(make_settings(sqlite_url, **values)))
    assert tuple(re.findall(r"MOSTRADOR_[A-Z]+_URL", told)) == named


def test_a_hint_is_said_and_nothing_fails_for_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"BASE_URL": "https://counter.example", "SMTP_URL": "smtp://mail.example", "DATABASE_URL": sqlite_url,
              "MAIL_FROM": "counter@counter.example"}  # fmt: skip
    for name, value in (fresh_keys() | {PREFIX + name: value for name, value in values.items()}).items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke(main, ["check"])
    assert run.exit_code == 0, run.output
    assert run.output.startswith("! MOSTRADOR_TERMS_URL and MOSTRADOR_PRIVACY_URL are empty")
    assert run.output.endswith("Everything is in order.\n")
