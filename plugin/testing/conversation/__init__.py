"""Shoppers with two tabs and two agents over lines that lose a tenth of all answers, agents who fall silent and lose
their talk, and a server that dies once.

The server is the real one in a process of its own, on SQLite or PostgreSQL; everybody speaks HTTP on loopback.
`run_conversations` is `mostrador drill conversation`.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plugin.agents import add_membership, create_agent, mint_sign_in_link
from plugin.contract import StoreAccess
from plugin.database import ALL, Database, Vault, migrate
from plugin.settings import PREFIX, fresh_keys
from plugin.stores import connect
from plugin.stores.routing import SILENT_MINUTES, set_routing
from plugin.testing.conversation.agents import Agent, open_line
from plugin.testing.conversation.line import LineError
from plugin.testing.conversation.scene import Scene
from plugin.testing.conversation.shoppers import Shopper
from plugin.testing.conversation.silence import hurry_take_back
from plugin.testing.conversation.tally import Tally, read_conversations
from plugin.testing.drill_counter import DrillError
from plugin.testing.processes import AppServer

__all__ = ["Drill", "DrillError", "run_conversations", "went_well"]

SIZES = {"quick": 40, "full": 400}
"""Shoppers; each talk has about 26 messages of people: with what is sent again fewer than a shopper may write in a
minute."""
AT_ONCE = 12
CUT = 0.1
ZEROES = ("lost", "doubled", "ghosts", "order_differs", "two_owners")
NAMES = ("Ana", "Bruno")


@dataclass(frozen=True)
class Drill:
    """What to play. `shoppers`: how many, other than `size` says; `url`: an empty database, by default a SQLite file.
    `new_ids` (shoppers send again as if it were new) and `tamper` (with the database before the count) show that it
    can fail."""

    seed: int = 0
    size: str = "quick"
    shoppers: int = 0
    url: str = ""
    new_ids: bool = False
    tamper: Callable[[Database, int], None] = lambda _db, _store: None


def run_conversations(wish: Drill) -> dict[str, Any]:
    """Plays it. Gives `messages`, `lost`, `doubled`, `ghosts`, `order_differs`, `two_owners` and more. Raises
    `DrillError`."""
    started = time.monotonic()
    try:
        with ExitStack() as stack:
            result = _play(wish, stack)
    except LineError as error:
        raise DrillError(str(error)) from None
    result["seconds"] = round(time.monotonic() - started, 2)
    return result


def went_well(result: dict[str, Any]) -> bool:
    """Something was said: each message once, in one order for all, nothing that nobody wrote, one owner at a time."""
    return bool(result["messages"]) and not any(result[name] for name in ZEROES)


def _play(wish: Drill, stack: ExitStack) -> dict[str, Any]:
    chance = random.Random(wish.seed)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="mostrador-talks-")))
    url = wish.url or f"sqlite:///{folder / 'mostrador.db'}"
    keys = fresh_keys()
    migrate(url)
    db = Database(url, Vault([keys[PREFIX + "SECRET_KEYS"]], keys[PREFIX + "INDEX_KEY"]))
    stack.callback(db.close)
    store_id, public_id, people = _furnish(db)
    values = keys | {PREFIX + "DATABASE_URL": url, PREFIX + "LOG_LEVEL": "ERROR"}
    server = stack.enter_context(AppServer(values))
    agents = []
    for name, (agent_id, link) in people.items():
        line = open_line(server.port, CUT, chance.random())
        agents.append(Agent(name, agent_id, public_id, line))
        agents[-1].sign_in(link)
    shoppers = [
        Shopper(number, server.port, public_id, CUT, wish.new_ids, random.Random(chance.random()))
        for number in range(wish.shoppers or SIZES[wish.size])
    ]
    scenes = [
        Scene(shopper, agents, random.Random(chance.random()), lambda talk: hurry_take_back(db, store_id, talk))
        for shopper in shoppers
    ]
    with _dying(server, scenes), ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(Scene.play, scenes))
    wish.tamper(db, store_id)
    tally = Tally()
    for scene in scenes:
        scene.count(tally, db, store_id)
    for stray in read_conversations(db, store_id) - {one.public_id for one in shoppers}:
        tally.add("ghosts", stray, "a conversation that nobody has")
    lines = [agent.line for agent in agents] + [tab.line for one in shoppers for tab in one.tabs]
    return {
        "messages": tally.messages, "lost": tally.lost, "doubled": tally.doubled, "ghosts": tally.ghosts,
        "order_differs": tally.order_differs, "two_owners": tally.two_owners,
        "conversations": len(shoppers), "answers_cut": sum(line.lost for line in lines),
        "streams": sum(tab.streams for one in shoppers for tab in one.tabs),
        "races_refused": sum(scene.refused for scene in scenes),
        "taken_back": sum(scene.taken_back for scene in scenes),
        "server_killed": 1, "faults": tally.faults,
    }  # fmt: skip


def _furnish(db: Database) -> tuple[int, str, dict[str, tuple[int, str]]]:
    """A live store with two agents: its row id, its public id, and each agent's row id and sign-in token."""
    now = datetime.now(UTC)
    access = StoreAccess(domain="shop.example", name="Casa Lavanda", credentials={}, locale="es")
    people = {}
    with db.transaction(ALL, "the store of a drill") as tx:
        row = connect(tx, "demo", access, now - timedelta(days=1))
        row.live_at = now - timedelta(days=1)
        # Nobody loses a talk but where a scene wants it: a slow machine is no silent agent.
        set_routing(row, {}, silent_minutes=SILENT_MINUTES[1])
        tx.flush()
        for name in NAMES:
            agent = create_agent(tx, f"{name.lower()}@shop.example", name, "es", now)
            add_membership(tx, row.id, agent.id, "agent", now)
            people[name] = agent.id, mint_sign_in_link(tx, agent.id, now)
        return row.id, row.public_id, people


@contextmanager
def _dying(server: AppServer, scenes: list[Scene]) -> Iterator[None]:
    """Kills the server once a third of the talks are under way, and starts it again on its port."""
    over = threading.Event()
    failed: list[Exception] = []

    def watch() -> None:
        while not over.wait(0.02):
            if sum(scene.begun for scene in scenes) * 3 >= len(scenes):
                try:
                    server.kill()
                    server.start_again()
                except Exception as error:
                    failed.append(error)
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join(90)
    if failed:
        raise DrillError(f"The server did not start again: {failed[0]}")
