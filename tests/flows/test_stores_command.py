"""`mostrador stores …`: an operator connects, gives away, examines and lets go of shops, on the command line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from plugin.agents import create_agent, get_role
from plugin.app import House, build_house
from plugin.cli import main
from plugin.database import ALL
from plugin.settings import PREFIX, Settings, fresh_keys, load_settings
from plugin.stores import StoreRow, list_stores
from plugin.testing.factories import make_store

ROOT = Path(__file__).parents[2]
SHOP = "shop.example"
KEYS = ("--field", f"secret={SHOP[::-1]}")


class Place:
    """An instance and its command line."""

    def __init__(self, folder: Path, database_url: str, logged: pytest.LogCaptureFixture) -> None:
        self.logged = logged
        own = {
            "DATABASE_URL": database_url, "BASE_URL": "https://care.example", "ADAPTERS": "post=post_office:Post",
            "JOBS": "embedded",
        }  # fmt: skip
        self.values = fresh_keys() | {PREFIX + name: value for name, value in own.items()}
        self.settings: Settings = load_settings(folder, self.values)
        self.folder = folder
        self.house: House = build_house(self.settings)

    def start(self, *words: str, **further: str) -> subprocess.Popen[str]:
        path = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"} | self.values | further
        return subprocess.Popen(
            [sys.executable, "-m", "plugin.cli", "stores", *words], cwd=self.folder, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str) -> tuple[int, str, str]:
        """In this process: to start another takes most of a second. `start` does it as an operator would."""
        nowhere = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"))
        with chdir(self.folder):
            answer = CliRunner().invoke(main, ["stores", *words], env=self.values | nowhere)
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        assert [one.getMessage() for one in self.logged.records if one.exc_info] == []
        return answer.exit_code, answer.stdout, answer.stderr

    def add_agent(self, email: str = "ana@example.com") -> int:
        with self.house.db.transaction(ALL, "the first agent") as tx:
            return create_agent(tx, email, "Ana", "es").id

    def stores(self) -> list[StoreRow]:
        with self.house.db.reading(ALL, "look at the stores") as tx:
            return list(list_stores(tx))

    def role(self, store: StoreRow, agent_id: int) -> str | None:
        with self.house.db.reading(ALL, "look at a role") as tx:
            return get_role(tx, store.id, agent_id)


@pytest.fixture
def place(tmp_path: Path, database_url: str, caplog: pytest.LogCaptureFixture) -> Iterator[Place]:
    made = Place(tmp_path, database_url, caplog)
    yield made
    made.house.db.close()


def test_a_shop_with_keys_is_connected_set_up_and_read_at_once(place: Place) -> None:
    owner = place.add_agent()
    code, said, told = place.run("connect", "post", SHOP, *KEYS, "--json")
    assert (code, told) == (0, ""), told
    report = json.loads(said)
    [store] = place.stores()
    assert (report["store"], report["hooks"], report["orders"]) == (store.public_id, 4, 0)
    assert report["preview"] is True and report["reconciled"] and report["surfaces"] == []
    assert report["warnings"] == ["Look at 2 things."]
    assert store.domain == SHOP and store.live_at is None and place.role(store, owner) == "owner"
    again = place.run("connect", "post", SHOP, *KEYS)
    assert again[0] == 0 and "webhooks          4" in again[1] and "none: it is in preview" in again[1]
    assert len(place.stores()) == 1


def test_secrets_come_from_the_environment_and_never_show(place: Place) -> None:
    place.add_agent()
    process = place.start("connect", "post", SHOP, "--field", f"url={SHOP}", MOSTRADOR_FIELD_SECRET=SHOP[::-1])
    said, told = process.communicate(timeout=60)
    assert process.returncode == 0 and SHOP[::-1] not in said + told, told
    assert len(place.stores()) == 1


def test_what_is_missing_wrong_or_strange_is_said(place: Place) -> None:
    assert "mostrador init" in place.run("connect", "post", SHOP, *KEYS)[2]
    place.add_agent()
    for words, expected in (
        (("connect", "nothing"), "nothing"),
        (("connect", "post", SHOP, "--field", f"url={SHOP}"), "--field secret="),
        (("connect", "post", SHOP, *KEYS, "--field", "colour=red"), "colour"),
        (("connect", "post", SHOP, "--field", "secret"), "KEY=VALUE"),
        (("connect", "post", SHOP, "--field", "secret=wrong"), "does not know these keys"),
        (("connect", "post", "loop.example"), "loop.example sends us in circles."),
        (("connect", "post", "--json"), "URL"),
        (("connect", "post", SHOP, "--owner", "nobody@example.com"), "no such agent"),
        (("owner", "st_nothing", "a@example.com"), "There is no store st_nothing"),
        (("doctor", "st_nothing"), "There is no store st_nothing"),
    ):
        code, said, told = place.run(*words)
        assert code != 0 and expected in told, (words, said, told)
    assert place.stores() == []


def test_a_link_is_printed_and_the_approval_waited_for(place: Place) -> None:
    owner = place.add_agent("bea@example.com")
    process = place.start("connect", "post", SHOP, "--owner", "bea@example.com")
    assert process.stdout is not None
    assert "approve" in process.stdout.readline()
    link = urlsplit(process.stdout.readline().strip())
    state = parse_qs(link.query)["user_id"][0]
    assert link.netloc == SHOP
    answer = place.house.web().test_client().post(
        "/install/post/callback", data=json.dumps({"user_id": state, "key": SHOP[::-1]}),
        content_type="application/json", base_url="https://care.example",
    )  # fmt: skip
    assert (answer.status_code, answer.text) == (200, "")
    said, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    [store] = place.stores()
    assert store.public_id in said and "webhooks          4" in said and place.role(store, owner) == "owner"


def test_wrong_keys_from_the_shop_end_the_wait_with_their_words(place: Place) -> None:
    place.add_agent()
    process = place.start("connect", "post", SHOP)
    assert process.stdout is not None
    process.stdout.readline()
    state = parse_qs(urlsplit(process.stdout.readline().strip()).query)["user_id"][0]
    place.house.web().test_client().post(
        "/install/post/callback", data=json.dumps({"user_id": state, "key": "planted"}),
        content_type="application/json", base_url="https://care.example",
    )  # fmt: skip
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1 and "does not know these keys" in told and place.stores() == []


def test_without_an_address_a_set_up_link_is_printed(place: Place) -> None:
    place.add_agent()
    code, said, _ = place.run("connect", "post")
    assert code == 0 and re.fullmatch(r"https://care\.example/install/post\?ticket=\S+\n", said)


def test_an_owner_is_made_and_gets_a_link_that_signs_in_once(place: Place) -> None:
    store = make_store(place.house.db, platform="post", domain=SHOP)
    code, said, told = place.run("owner", store.public_id, "Marta@shop.example")
    assert code == 0 and "owns" in told
    path = urlsplit(said.strip()).path
    browser, ours = place.house.web().test_client(), {"Origin": "https://care.example"}
    token = path.rpartition("/")[2]
    answers = [
        browser.post("/sign-in/enter", data={"token": token}, headers=ours, base_url="https://care.example").status_code
        for _ in range(2)
    ]
    assert answers == [303, 410]
    code, _, told = place.run("owner", store.public_id, "no address")
    assert code != 0 and "EMAIL" in told and "--email" not in told


def test_the_doctor_names_what_is_wrong_and_keeps_it(place: Place) -> None:
    store = make_store(place.house.db, platform="post", domain=SHOP, credentials={"key": "k"})
    code, said, _ = place.run("doctor", store.public_id, "--json")
    found = {one["key"]: one for one in json.loads(said)["findings"]}
    assert code == 1 and found["clock"]["words"] == "The clock is 9 minutes off."
    assert found["hooks"]["state"] == "good"
    assert [one["key"] for one in place.stores()[0].findings] == ["hooks", "clock"]
    assert "✗ clock" in place.run("doctor", store.public_id)[1]


def test_the_list_tells_how_each_shop_is(place: Place) -> None:
    store = make_store(place.house.db, platform="post", domain=SHOP, trouble="The key was taken back.", repaired=3)
    code, said, _ = place.run("list", "--json")
    told = json.loads(said)
    assert code == 0 and told["id"] == store.public_id and told["trouble"] == "The key was taken back."
    assert (told["state"], told["live"], told["recovered"], told["repaired"]) == ("connected", True, 0, 3)
    assert "✗ The key was taken back." in place.run("list")[1]


def test_a_shop_is_let_go_after_a_yes(place: Place) -> None:
    store = make_store(place.house.db, platform="post", domain=SHOP, credentials={"key": "k"})
    assert place.run("disconnect", store.public_id)[0] == 1 and place.stores()[0].status == "connected"
    code, said, _ = place.run("disconnect", store.public_id, "--yes")
    assert code == 0 and "Remove the key" in said
    [row] = place.stores()
    assert (row.status, row.credentials, row.live_at) == ("uninstalled", None, None)
    for words in (("disconnect", store.public_id, "--yes"), ("doctor", store.public_id)):
        code, said, told = place.run(*words)
        assert (code, said) == (1, "") and "is disconnected. `mostrador stores connect post URL`" in told
    assert "uninstalled" in place.run("list")[1] and "preview" not in place.run("list")[1]
    assert "once it is connected again" in place.run("owner", store.public_id, "marta@shop.example")[2]
