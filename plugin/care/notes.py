"""What the store's people write to each other about a talk. It has its own table and its own way: nothing that answers
a shopper (messages, streams, mails, the hub) reads it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.desk_models import NoteRow
from plugin.care.doors import Care
from plugin.care.hold import Agent, locked
from plugin.care.masking import mask_cards
from plugin.care.models import ConversationRow
from plugin.care.shapes import desk_channel, desk_event
from plugin.push import tell

LONGEST_NOTE = 4000


def add_note(care: Care, store_id: int, public_id: str, agent: Agent, text: str, client_id: str) -> NoteRow:
    """A note after the newest message; the desks that show the talk read it anew. Sending again with the same client id
    gives the same note. Raises `LookupError` for an unknown conversation."""
    with locked(care, store_id, public_id) as (tx, row):
        return write_note(care, tx, row, agent, text, client_id)


def write_note(
    care: Care, tx: Session, row: ConversationRow, agent: Agent, text: str, client_id: str
) -> NoteRow:
    """The same in a locked conversation."""
    mine = (NoteRow.store_id == row.store_id, NoteRow.conversation_id == row.id, NoteRow.client_id == client_id)
    known = tx.scalar(select(NoteRow).where(*mine))
    if known is not None:
        return known
    note = NoteRow(
        store_id=row.store_id, conversation_id=row.id, client_id=client_id, agent_id=agent.id, agent_name=agent.name,
        text=mask_cards(text[:LONGEST_NOTE]), after_position=row.last_position, created_at=care.clock.now(),
    )  # fmt: skip
    tx.add(note)
    tx.flush()
    tell(tx, care.hub, desk_channel(row.store_id), desk_event(row))
    return note


def list_notes(tx: Session, row: ConversationRow) -> dict[int, Sequence[NoteRow]]:
    """Position → the notes that were written after the message there (0: before the first), the oldest first."""
    mine = (NoteRow.store_id == row.store_id, NoteRow.conversation_id == row.id)
    found: dict[int, list[NoteRow]] = {}
    for note in tx.scalars(select(NoteRow).where(*mine).order_by(NoteRow.id)):
        found.setdefault(min(note.after_position, row.last_position), []).append(note)
    return dict(found)
