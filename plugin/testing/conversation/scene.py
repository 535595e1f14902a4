"""One talk from the first word to the last, with every race that can go wrong on the way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from plugin.database import Database
from plugin.testing.conversation.agents import Agent
from plugin.testing.conversation.line import LineError
from plugin.testing.conversation.shoppers import Seen, Shopper
from plugin.testing.conversation.tally import (
    Release,
    Tally,
    compare_owners,
    compare_readers,
    compare_writers,
    count_taken_back,
    read_truth,
)

ARRIVES_WITHIN = 30.0


@dataclass
class Scene:
    """`hurry`: the agent who holds a talk was silent for too long; `refused`: how often the desk told an agent that
    somebody else answers; `taken_back`: how often the talk was taken from one."""

    shopper: Shopper
    agents: Sequence[Agent]
    random: random.Random
    hurry: Callable[[str], None]
    begun: bool = False
    refused: int = 0
    taken_back: int = 0
    releases: list[Release] = field(default_factory=list)
    pulled: list[Seen] = field(default_factory=list)

    def play(self) -> None:
        """The bot; two agents reach for it at once; both write; it goes back, or to the colleague; one falls
        silent; the end."""
        shopper = self.shopper
        shopper.arrive()
        self.begun = True
        try:
            _together(lambda: shopper.chatter(0, 4, "bot"), lambda: shopper.chatter(1, 4, "bot"))
            winner, loser = self._race("first")
            _together(
                lambda: self._answer(winner, 4, "a"), lambda: self._answer(loser, 2, "b"),
                lambda: shopper.chatter(0, 2, "talk"), lambda: shopper.chatter(1, 2, "talk"),
            )  # fmt: skip
            if self.random.random() < 0.5:
                self._give_back(winner)
                winner, loser = self._race("second")
            else:
                self._take_over(winner, loser)
                winner, loser = loser, winner
            _together(
                lambda: shopper.chatter(0, 2, "end"), lambda: shopper.chatter(1, 2, "end"),
                lambda: self._answer(winner, 3, "c"), lambda: self._answer(loser, 1, "d"),
            )  # fmt: skip
            self._fall_silent(winner, loser)
            self._wait_for_the_end()
        finally:
            shopper.leave()

    def _race(self, mark: str) -> tuple[Agent, Agent]:
        """Both agents take it while the bot has a question to answer; exactly one may have it."""
        got: dict[str, bool] = {}

        def reach(agent: Agent) -> None:
            time.sleep(agent.line.random.random() * 0.03)
            got[agent.name] = agent.take(self.shopper.public_id)

        _together(*((lambda one=agent: reach(one)) for agent in self.agents), lambda: self.shopper.chatter(0, 1, mark))
        holder = self._holder()
        self.refused += sum(not one for one in got.values())
        winner = next((agent for agent in self.agents if agent.name == holder), None)
        if winner is None:
            raise LineError(f"Nobody holds {self.shopper.public_id} though two agents took it.")
        loser = next(agent for agent in self.agents if agent is not winner)
        return winner, loser

    def _holder(self) -> str:
        told = self.shopper.read()["conversation"]["agent"]
        return str(told["name"]) if told else ""

    def _answer(self, agent: Agent, count: int, mark: str) -> None:
        for place in range(count):
            taken = agent.answer(self.shopper.public_id, f"[{self.shopper.number}] {agent.name} {mark}{place}")
            self.refused += not taken
            time.sleep(agent.line.random.random() * 0.02)

    def _give_back(self, holder: Agent) -> None:
        """While the shopper writes; the bot may speak behind what is read now."""
        self.releases.append(Release(self.shopper.read()["messages"][-1]["position"]))
        _together(lambda: holder.give_back(self.shopper.public_id), lambda: self.shopper.chatter(1, 2, "back"))

    def _take_over(self, holder: Agent, other: Agent) -> None:
        """The colleague takes it while its holder still writes."""
        _together(
            lambda: other.take(self.shopper.public_id, from_agent=holder.id),
            lambda: self._answer(holder, 2, "late"),
        )  # fmt: skip

    def _fall_silent(self, holder: Agent, other: Agent) -> None:
        """The shopper waits and the holder says nothing, or answers at the very moment at which the talk is taken from
        them, while the colleague reaches for it. In the end one of them has it, and answers."""
        self._answer(holder, 1, "before")
        self.shopper.chatter(0, 1, "waits")
        last, late = self._last(), self.random.random() < 0.5
        acts = [lambda: self.hurry(self.shopper.public_id)]
        if late:
            acts += [lambda: self._answer(holder, 1, "late"), lambda: self._reach(other)]
        _together(*acts)
        give_up_at = time.monotonic() + ARRIVES_WITHIN
        while not late and self._last() == last and time.monotonic() < give_up_at:
            time.sleep(0.1)
        # Whoever it belongs to now; what comes too late for them is refused.
        self._answer(other, 1, "after")
        self._answer(holder, 1, "after")

    def _reach(self, agent: Agent) -> None:
        self.refused += not agent.take(self.shopper.public_id)

    def _last(self) -> int:
        return int(self.shopper.read()["messages"][-1]["position"])

    def _wait_for_the_end(self) -> None:
        """Until nothing more comes: the bot's turn is part of the request that asks for it."""
        last = self.shopper.read()["messages"][-1]["position"]
        for tab in self.shopper.tabs:
            tab.wait_for(last, ARRIVES_WITHIN)
        self.pulled = [Seen(one["position"], one["author"], one["text"]) for one in self.shopper.read()["messages"]]

    def count(self, tally: Tally, db: Database, store_id: int) -> None:
        """What became of it."""
        truth = read_truth(db, store_id, self.shopper.public_id)
        self.taken_back = count_taken_back(truth, self.agents)
        desk = self.agents[0].read(self.shopper.public_id)
        compare_readers(tally, self.shopper, truth, self.pulled, desk)
        compare_writers(tally, self.shopper, self.agents, truth)
        compare_owners(tally, self.shopper, self.agents, truth, self.releases)


def _together(*acts: Callable[[], object]) -> None:
    """All at once; the first error is raised once all have ended."""
    errors: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except (LineError, OSError) as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
