"""The PHP of the WordPress plugin: Plugin Check's rules, old enough for every shop, and tokens as Python makes them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from wordpress_zip import ROOT, builder, read_php

from adapters.woocommerce.proof import derive_secret, sign_token
from plugin.contract import Store

TOKENS = json.loads((ROOT / "tests/data/wordpress_plugin/tokens.json").read_text())

# Words of PHP after 7.4: a parser of 8.x accepts them, a shop on 7.4 dies of them.
NEWER_PHP = {
    "match": r"\bmatch\s*\([^)]*\)\s*\{",
    "enum": r"^\s*enum\s+\w",
    "readonly": r"\breadonly\b",
    "nullsafe": r"\?->",
    "8.0 functions": r"\b(str_contains|str_starts_with|str_ends_with|get_debug_type|array_is_list)\s*\(",
    "union types": r"(\(|,|\)\s*:)\s*\??\\?[A-Za-z]\w*\|[A-Za-z]\w*\s+\$|\)\s*:\s*\w+\|\w+",
    "promotion": r"__construct\([^)]*\b(public|private|protected)\b",
    "named arguments": r"\(\s*[a-z_]+:\s[^:]",
    "throw as expression": r"\?\?\s*throw\b",
    "catch without variable": r"catch\s*\(\s*[\w|\\ ]+\s*\)",
    "first-class callables": r"\(\s*\.\.\.\s*\)",
    "static return type": r"\)\s*:\s*(static|mixed|never)\b",
}
ESCAPED = re.compile(
    r"^(esc_(html|attr|url|html__|attr__)|esc_url_raw|wp_kses_post|checked|selected|wp_nonce_field)\s*\("
)


@pytest.fixture(scope="module")
def php() -> dict[str, str]:
    return read_php()


# --- the PHP ----------------------------------------------------------------------------------------------


def test_no_php_file_runs_when_it_is_opened_by_its_address(php: dict[str, str]) -> None:
    guard = re.compile(r"^defined\( 'ABSPATH' \) \|\| exit;$", re.MULTILINE)
    assert len(php) > 20
    unguarded = []
    for name, text in php.items():
        found = guard.search(text)
        before = re.sub(r"/\*.*?\*/", "", text[: found.start()], flags=re.S) if found else "x"
        if before.replace("<?php", "").strip():
            unguarded.append(name)
    assert unguarded == []
    assert "defined( 'WP_UNINSTALL_PLUGIN' ) || exit;" in php["mostrador/uninstall.php"]


def test_every_php_file_is_sound_to_php_itself(php: dict[str, str], tmp_path: Path) -> None:
    program = shutil.which("php")
    assert program, "php is missing: `make test` installs it as root, or `apt-get install php-cli`"
    for name, text in php.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    said = [subprocess.run([program, "-l", tmp_path / name], capture_output=True, text=True) for name in sorted(php)]
    assert [run.stdout + run.stderr for run in said if run.returncode] == []


def test_the_php_is_old_enough_for_7_4(php: dict[str, str]) -> None:
    found = [
        f"{name}: {kind}: {hit[0].strip()}"
        for name, text in php.items()
        for kind, pattern in NEWER_PHP.items()
        if (hit := re.search(pattern, strip_words(text), re.MULTILINE))
    ]
    assert found == []


def strip_words(text: str) -> str:
    """PHP without its comments and the contents of its strings."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    return re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", "''", text)


def test_each_class_option_and_function_wears_our_name(php: dict[str, str]) -> None:
    code = {name: re.sub(r"/\*.*?\*/", "", text, flags=re.S) for name, text in php.items()}
    classes = [one for text in code.values() for one in re.findall(r"^(?:final )?class (\w+)", text, re.M)]
    functions = [one for text in code.values() for one in re.findall(r"^function (\w+)", text, re.M)]
    assert len(classes) > 15 and [one for one in classes if not one.startswith("Mostrador_")] == []
    assert [one for one in functions if not one.startswith("mostrador_")] == []
    kept = {one for text in code.values() for one in re.findall(r"OPTION\s*=\s*'(\w+)'", text)}
    assert kept and {one for one in kept if not one.startswith("mostrador_")} == set()
    assert {one for one in kept if f"'{one}'" not in php["mostrador/uninstall.php"]} == set(), "left after uninstall"


def test_a_file_is_one_noun(php: dict[str, str]) -> None:
    for name, text in php.items():
        if name.startswith("mostrador/includes/"):
            stem = Path(name).stem.replace("-", "_")
            assert [one.lower() for one in re.findall(r"^final class (\w+)", text, re.M)] == [f"mostrador_{stem}"]


def test_nothing_is_printed_unescaped(php: dict[str, str]) -> None:
    breaches = []
    for name, text in php.items():
        for number, line in enumerate(text.splitlines(), 1):
            for shown in re.findall(r"(?:\becho|<\?php echo)\s+(.+?);", line):
                parts = re.split(r"\s\.\s", shown.strip())
                if not all(is_escaped(part.strip()) for part in parts):
                    breaches.append(f"{name}:{number}: {line.strip()}")
            if re.search(r"\b_e\(|\bprint\s|\bprint_r\(|\bvar_dump\(|\bvprintf\(", line):
                breaches.append(f"{name}:{number}: {line.strip()}")
    assert breaches == []


def is_escaped(part: str) -> bool:
    return bool(re.fullmatch(r"'[^'$]*'|\"[^\"$]*\"", part) or ESCAPED.match(part))


def test_every_argument_of_printf_is_escaped(php: dict[str, str]) -> None:
    """The one exception says why on its own line."""
    breaches = []
    for name, text in php.items():
        for call in re.finditer(r"(?<![a-z_])printf\((.*?)\n?\t*\);", text, re.S):
            arguments = re.sub(r"\s+", " ", call[1])
            for variable in re.finditer(r"\$\w+", strip_words(arguments)):
                before = strip_words(arguments)[: variable.start()]
                inside = re.search(r"(esc_\w+|checked|selected|wp_kses_post)\([^;]*$", before)
                if not inside and "phpcs:ignore WordPress.Security.EscapeOutput" not in arguments:
                    breaches.append(f"{name}: {arguments[:160]}")
    assert breaches == []


def test_what_comes_from_a_request_is_unslashed_and_cleaned_and_its_nonce_was_checked(php: dict[str, str]) -> None:
    breaches = []
    for name, text in php.items():
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"\$_(GET|POST|REQUEST|COOKIE|FILES)\b", line):
                tame = re.sub(r"isset\([^)]*\)|is_(array|string)\([^)]*\)", "", line)
                if re.search(r"\$_(GET|POST|REQUEST|COOKIE|FILES)\b", tame) and "wp_unslash" not in tame:
                    breaches.append(f"{name}:{number}: {line.strip()}")
        if "$_POST" in text and not re.search(r"wp_verify_nonce|check_admin_referer", text):
            breaches.append(f"{name}: no nonce")
    assert breaches == []
    forms = php["mostrador/includes/screen-forms.php"]
    assert forms.index("self::require_merchant( $action );") < forms.index("self::$action()")


def test_orders_are_reached_through_woocommerce_alone(php: dict[str, str]) -> None:
    forbidden = re.compile(r"\b(get|update|add|delete)_post_meta\(|new WC_Order\(|WP_Query|\$wpdb")
    found = {name for name, text in php.items() if forbidden.search(text)}
    assert found == {"mostrador/uninstall.php"}


def test_scripts_have_a_version_and_a_place_and_no_library_of_wordpress_is_copied(php: dict[str, str]) -> None:
    whole = "\n".join(php.values())
    calls = re.findall(r"wp_(?:enqueue|register)_script\((.+)\);", whole)
    assert len(calls) == 2
    assert all("in_footer" in call and ("version" in call.lower()) for call in calls)
    assert re.findall(r"add_action\( 'wp_enqueue_scripts'", whole) == ["add_action( 'wp_enqueue_scripts'"]
    assert "wp_add_inline_script" not in whole and "wp_localize_script" not in whole


def test_both_features_of_woocommerce_are_declared(php: dict[str, str]) -> None:
    text = php["mostrador/includes/plugin.php"]
    assert "before_woocommerce_init" in text
    assert "'custom_order_tables', 'cart_checkout_blocks'" in text


# --- tokens -----------------------------------------------------------------------------------------------

PHP_TOKENS = """
define( 'ABSPATH', '/' );
function wp_json_encode( $value, $flags = 0 ) { return json_encode( $value, $flags ); }
require $argv[1];
$given = json_decode( stream_get_contents( STDIN ), true );
$answer = array();
foreach ( $given['tokens'] as $one ) {
    $sealed   = Mostrador_Token::seal( $given['secret'], $one['purpose'], $one['claims'] );
    $answer[] = array(
        'token'   => $sealed,
        'opened'  => Mostrador_Token::open( $given['secret'], $one['purpose'], $one['token'] ),
        'refused' => array(
            Mostrador_Token::open( strrev( $given['secret'] ), $one['purpose'], $one['token'] ),
            Mostrador_Token::open( $given['secret'], 'order' === $one['purpose'] ? 'link' : 'order', $one['token'] ),
            Mostrador_Token::open( $given['secret'], $one['purpose'], substr( $one['token'], 0, -1 ) ),
            Mostrador_Token::open( $given['secret'], $one['purpose'], $one['token'] . '.x' ),
            Mostrador_Token::open( $given['secret'], $one['purpose'], array( $one['token'] ) ),
            Mostrador_Token::open( $given['secret'], $one['purpose'], '' ),
        ),
    );
}
echo json_encode( $answer );
"""


def test_the_adapter_makes_the_tokens_of_the_table_byte_for_byte() -> None:
    store = Store(
        public_id=TOKENS["store"], platform="woocommerce", domain="x.example", webhook_secret=TOKENS["webhook_secret"]
    )
    assert derive_secret(store) == TOKENS["secret"]
    made = [sign_token(one["purpose"], one["claims"], TOKENS["secret"]) for one in TOKENS["tokens"]]
    assert made == [one["token"] for one in TOKENS["tokens"]]


def test_php_makes_and_opens_the_tokens_of_the_table_and_refuses_what_was_touched() -> None:
    program = shutil.which("php")
    assert program, "php is missing: `make test` installs it as root, or `apt-get install php-cli`"
    run = subprocess.run(
        [program, "-d", "display_errors=stderr", "-r", PHP_TOKENS, "--", builder.PLUGIN / "includes/token.php"],
        input=json.dumps(TOKENS), capture_output=True, text=True,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    assert [one["token"] for one in answers] == [one["token"] for one in TOKENS["tokens"]]
    assert [one["opened"] for one in answers] == [one["claims"] for one in TOKENS["tokens"]]
    assert [one["refused"] for one in answers] == [[None] * 6] * len(answers)


# --- addresses --------------------------------------------------------------------------------------------

ADDRESSES = [
    "https://care.example", "https://Care.Example/", "http://127.0.0.1:8080", "http://[::1]:8080/", "https://care.example/desk//",
    " https://care.example ", "ftp://care.example", "care.example", "//care.example", "https://", "https:///x", "",
    "https://ana:secret@care.example", "https://ana@care.example", "https://care.example?a", "https://care.example/#a",
    "https://care.example/a b", "https://ca re.example", "https://-.example", "https://care.example:99999",
    "https://care.example'x", 'https://care.example/"x', "https://care.example/<b>", "javascript:alert(1)",
]  # fmt: skip
PHP_ADDRESSES = """
define( 'ABSPATH', '/' );
function wp_parse_url( $url ) { return parse_url( $url ); }
require $argv[1];
$given = json_decode( stream_get_contents( STDIN ), true );
echo json_encode( array_map( array( 'Mostrador_Address', 'read' ), $given ) );
"""


def test_the_build_and_the_plugin_accept_the_same_addresses_of_a_server() -> None:
    program = shutil.which("php")
    assert program, "php is missing: `make test` installs it as root, or `apt-get install php-cli`"
    run = subprocess.run(
        [program, "-d", "display_errors=stderr", "-r", PHP_ADDRESSES, "--", builder.PLUGIN / "includes/address.php"],
        input=json.dumps(ADDRESSES), capture_output=True, text=True,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    read = json.loads(run.stdout)
    assert read == [read_as_the_build(address) for address in ADDRESSES]
    assert len([one for one in read if one]) == 6


def read_as_the_build(address: str) -> str:
    try:
        told: str = builder.read_service(address)
    except builder.Refused:
        return ""
    return told
