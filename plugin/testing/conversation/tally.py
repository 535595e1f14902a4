"""What became of a conversation: every reader against the database, and who held it when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from plugin.care import ConversationRow, MessageRow
from plugin.database import Database
from plugin.language import translator
from plugin.testing.conversation.agents import Agent
from plugin.testing.conversation.shoppers import LOCALE, Seen, Shopper

NOBODY = "nobody"
"""Who may speak in a talk that was taken back, until somebody joins."""

@dataclass
class Tally:
    """`messages`: what people wrote and the counter took. `lost`: of those, what the database or a reader misses.
    `doubled`: what stands twice. `ghosts`: what somebody reads and nobody wrote, or what was refused. `order_differs`:
    readers who have another order than the database. `two_owners`: lines of somebody who did not hold the conversation
    at that place."""

    messages: int = 0
    lost: int = 0
    doubled: int = 0
    ghosts: int = 0
    order_differs: int = 0
    two_owners: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, count: str, where: str, what: object) -> None:
        """One more of what must not be."""
        setattr(self, count, getattr(self, count) + 1)
        if len(self.faults) < 20:
            self.faults.append(f"{where}: {count}: {what}")


@dataclass(frozen=True)
class Release:
    """The bot may speak again behind `position`, the last one that was read before it was given back."""

    position: int


def read_conversations(db: Database, store_id: int) -> set[str]:
    """The public ids of all conversations of the store."""
    with db.reading(store_id) as tx:
        return set(tx.scalars(select(ConversationRow.public_id).where(ConversationRow.store_id == store_id)))


def read_truth(db: Database, store_id: int, public_id: str) -> list[MessageRow]:
    """The conversation's rows by position."""
    with db.reading(store_id) as tx:
        mine = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
        found = tx.scalars(select(ConversationRow.id).where(*mine)).one()
        rows = (MessageRow.store_id == store_id, MessageRow.conversation_id == found)
        return list(tx.scalars(select(MessageRow).where(*rows).order_by(MessageRow.position)))


def compare_readers(
    tally: Tally, shopper: Shopper, truth: Sequence[MessageRow], pulled: Sequence[Seen], desk: Sequence[tuple[int, str]]
) -> None:
    """Both tabs, the widget's whole conversation and the desk's page, against what the database holds."""
    real = [Seen(row.position, row.author, row.text) for row in truth]
    readers = {f"tab {place}": tab.seen for place, tab in enumerate(shopper.tabs, 1)} | {"opened again": pulled}
    for name, seen in readers.items():
        _compare(tally, f"{shopper.public_id}, {name}", list(seen), real)
    if list(desk) != [(one.position, one.author) for one in real]:
        tally.add("order_differs", f"{shopper.public_id}, desk", f"{len(desk)} of {len(real)} messages")


def _compare(tally: Tally, where: str, seen: list[Seen], real: list[Seen]) -> None:
    counted = Counter(seen)
    for one, count in counted.items():
        if count > 1:
            tally.add("doubled", where, one)
        if one not in real:
            tally.add("ghosts", where, one)
    for one in real:
        if one not in counted:
            tally.add("lost", where, one)
    if list(dict.fromkeys(seen)) != [one for one in real if one in counted]:
        tally.add("order_differs", where, [one.position for one in seen])


def compare_writers(tally: Tally, shopper: Shopper, agents: Sequence[Agent], truth: Sequence[MessageRow]) -> None:
    """Everything that was written stands there once, and nothing else."""
    said = {text for agent in agents for text in agent.written.values() if text.startswith(f"[{shopper.number}]")}
    refused = set().union(*(agent.refused for agent in agents)) - said
    written = {"shopper": set(shopper.written.values()), "agent": said}
    for author, texts in written.items():
        counted = Counter(row.text for row in truth if row.author == author)
        tally.messages += len(texts)
        for text in texts - set(counted):
            tally.add("lost", shopper.public_id, text)
        for text, count in counted.items():
            if count > 1:
                tally.add("doubled", shopper.public_id, text)
            if text not in texts or text in refused:
                tally.add("ghosts", shopper.public_id, text)
    places = [row.position for row in truth]
    if places != list(range(1, len(places) + 1)):
        tally.add("order_differs", shopper.public_id, places)


def count_taken_back(truth: Sequence[MessageRow], agents: Sequence[Agent]) -> int:
    """How often the conversation was taken from an agent."""
    names = {agent.name for agent in agents}
    return sum(_is_taken_back(row, names) for row in truth if row.author == "system")


def _is_taken_back(row: MessageRow, names: set[str]) -> bool:
    """Of what the house says, two things name an agent: that they came, and that it was taken from them."""
    return any(name in row.text for name in names) and not _find_joined(row, names)


def _find_joined(row: MessageRow, names: set[str]) -> str:
    came = translator(LOCALE, "care").gettext("{name} has joined the conversation.")
    return next((name for name in names if row.text == came.format(name=name)), "")


def compare_owners(
    tally: Tally, shopper: Shopper, agents: Sequence[Agent], truth: Sequence[MessageRow], releases: Sequence[Release]
) -> None:
    """Walks the conversation: who joined holds it until it is given back, taken back, or somebody else joins."""
    names = {agent.name for agent in agents}
    given_back = sorted(one.position for one in releases)
    holder = ""
    for row in truth:
        if row.author == "system":
            holder = NOBODY if _is_taken_back(row, names) else _find_joined(row, names) or holder
        if row.author == "agent" and row.agent_name != holder:
            tally.add("two_owners", shopper.public_id, f"{row.agent_name} at {row.position}, held by {holder}")
        # Between a give-back's being asked for and its being so, either may be.
        since = max((one.position for one in truth if one.author == "system" and one.position <= row.position
                     and any(name in one.text for name in names)), default=0)  # fmt: skip
        released = any(since <= position < row.position for position in given_back)
        if row.author == "bot" and holder and not released:
            tally.add("two_owners", shopper.public_id, f"the bot at {row.position}, held by {holder}")
