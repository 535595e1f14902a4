"""Shopify's own tools on what Shopify installs: built, checked and rendered, without login and without network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from shopify_bundle import APP, EXTENSIONS, TARGETS, builder, run_node
from tree import ROOT

pytestmark = pytest.mark.xdist_group("shopify_app")

SERVICE = "https://counter.example"
STALE = "run `make widget` and commit adapters/shopify/app/extensions/mostrador-embed/assets"
CLIENT_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, int]]:
    folder = tmp_path_factory.mktemp("public") / "app"
    builder.write_copy(folder)
    return folder, builder.build_app(folder)


def test_the_public_app_builds_and_every_extension_is_light(public: tuple[Path, Mapping[str, int]]) -> None:
    _, sizes = public
    print(sizes)
    assert set(sizes) == set(EXTENSIONS)
    assert {name: size for name, size in sizes.items() if size > builder.GOAL} == {}


def test_every_target_is_in_its_bundle(public: tuple[Path, Mapping[str, int]]) -> None:
    folder, _ = public
    for handle, targets in TARGETS.items():
        [bundle] = (folder / "extensions" / handle / "dist").glob("*.js")
        text = bundle.read_text()
        assert [target for target in targets if target not in text] == []


def test_the_types_in_git_are_those_the_build_writes(public: tuple[Path, Mapping[str, int]]) -> None:
    folder, _ = public
    for handle in EXTENSIONS:
        name = f"extensions/{handle}/shopify.d.ts"
        assert (folder / name).read_text() == (APP / name).read_text()


def test_an_app_of_one_merchant_builds_without_the_chat_and_with_the_merchant_s_address(
    tmp_path: Path,
) -> None:
    builder.write_copy(tmp_path / "app", SERVICE, CLIENT_ID, "custom")
    sizes = builder.build_app(tmp_path / "app")
    assert set(sizes) == {"mostrador-checkout", "mostrador-order-status"}
    for path in (tmp_path / "app").rglob("*"):
        if path.suffix in {".toml", ".js"} and "node_modules" not in path.parts and not path.is_symlink():
            assert builder.SERVICE not in path.read_text(), path
            assert builder.CLIENT_ID not in path.read_text(), path
    built = (tmp_path / "app/extensions/mostrador-checkout/dist/mostrador-checkout.js").read_text()
    assert SERVICE in built
    [config] = (tmp_path / "app").glob("*.toml")
    assert config.name == "shopify.app.toml", "what Shopify's tool deploys when nobody names a configuration"
    deployed = config.read_text()
    assert f'client_id = "{CLIENT_ID}"' in deployed
    assert f'uri = "{SERVICE}/hooks/shopify"' in deployed
    assert "embedded = false" in deployed


def test_a_finding_of_the_theme_check_is_fatal(tmp_path: Path) -> None:
    builder.write_copy(tmp_path / "app")
    block = tmp_path / "app/extensions/mostrador-embed/blocks/mostrador-embed.liquid"
    block.write_text("{{ 'not-there.css' | asset_url | stylesheet_tag }}\n" + block.read_text())
    with pytest.raises(builder.Refused, match="MissingAsset"):
        builder.build_app(tmp_path / "app")


def test_a_script_that_cannot_be_built_is_fatal(tmp_path: Path) -> None:
    builder.write_copy(tmp_path / "app")
    chat = tmp_path / "app/extensions/mostrador-chat/src/chat.tsx"
    chat.write_text("import './nowhere';\n" + chat.read_text())
    with pytest.raises(builder.Refused):
        builder.build_app(tmp_path / "app")


def test_a_bundle_that_shopify_would_not_take_is_fatal(tmp_path: Path) -> None:
    dist = tmp_path / "extensions/heavy/dist"
    dist.mkdir(parents=True)
    (dist / "heavy.js").write_bytes(os.urandom(builder.LIMIT + 1))
    with pytest.raises(builder.Refused, match="heavy"):
        builder.weigh_extensions(tmp_path)


@pytest.mark.parametrize(
    "service",
    [
        *("http://counter.example", "counter.example", "https://", "https://a b", "https://x.example/path"),
        *(
            "https://user@x.example",
            "https://x.example?q",
            'https://x"\nname="y',
            "https://x.example'+alert()+'",
        ),
    ],
)
def test_no_address_is_written_into_the_app_that_is_none(service: str) -> None:
    with pytest.raises(builder.Refused):
        builder.read_service(service)
    assert builder.read_service(f"{SERVICE}/ ") == SERVICE


@pytest.mark.parametrize(
    "client_id", ["abc", CLIENT_ID + "0", "shpss_0123456789abcdef0123456789ab", f'{CLIENT_ID[:-1]}"']
)
def test_no_client_id_is_written_into_the_app_that_is_none(client_id: str) -> None:
    with pytest.raises(builder.Refused):
        builder.read_client_id(client_id)


@pytest.mark.parametrize(
    "project", [*(f"extensions/{handle}" for handle in EXTENSIONS), "tests", "tests/refused"]
)
def test_the_types_hold_and_what_shopify_does_not_know_is_refused(project: str) -> None:
    """`tests/refused` holds lines that must not pass, `<s-chat src>` among them: one that did would be the error."""
    run = run_node("typescript/bin/tsc", "--noEmit", "--project", project)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_an_address_on_the_chat_does_not_pass_the_types(tmp_path: Path) -> None:
    text = (APP / "tests/refused/chat.tsx").read_text()
    assert text.count("@ts-expect-error") == 3
    for name in ("tsconfig.json", "tests/refused/tsconfig.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(APP / name, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(APP / "node_modules")
    (tmp_path / "tests/refused/chat.tsx").write_text(text.replace("@ts-expect-error", ""))
    run = run_node("typescript/bin/tsc", "--noEmit", "--project", tmp_path / "tests/refused")
    assert run.returncode != 0
    assert "src" in run.stdout
    assert run.stdout.count("error TS") >= 3


def test_every_target_renders_in_every_language_and_keeps_quiet_when_it_must(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run = run_node("vitest/vitest.mjs", "run", "--reporter=json", f"--outputFile={report}")
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-4000:]
    told = json.loads(report.read_text())
    names = [one["fullName"] for file in told["testResults"] for one in file["assertionResults"]]
    assert told["numPassedTests"] == told["numTotalTests"] == len(names) >= 140
    for target in TARGETS["mostrador-chat"] | TARGETS["mostrador-checkout"]:
        assert [name for name in names if name.startswith(target)], target


def test_shopify_s_security_check_finds_nothing(tmp_path: Path) -> None:
    builder.write_copy(tmp_path / "app")
    assert builder.examine(tmp_path / "app") == []


def test_shopify_s_security_check_would_find_something(tmp_path: Path) -> None:
    builder.write_copy(tmp_path / "app")
    script = tmp_path / "app/extensions/mostrador-embed/assets/trap.js"
    script.write_text("document.body.innerHTML = location.hash;\n")
    assert "UNSAFE_INNERHTML" in {one["id"] for one in builder.examine(tmp_path / "app")}


def test_the_theme_s_scripts_are_byte_for_byte_the_widget(tmp_path: Path) -> None:
    kept = {path.name: path.read_bytes() for path in (APP / "extensions/mostrador-embed/assets").iterdir()}
    run = subprocess.run(
        ["node", ROOT / "widget/build.mjs", "--flat", tmp_path / "flat"],
        cwd=ROOT / "widget", capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    built = {path.name: path.read_bytes() for path in (tmp_path / "flat").iterdir()}
    assert sorted(built) == sorted(kept), STALE
    assert [name for name in built if built[name] != kept[name]] == [], STALE
