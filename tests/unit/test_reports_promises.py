"""Who was answered by the time they had been told: kept, late, never, not yet."""

from __future__ import annotations

import uuid

import pytest
from report_room import ANA, DAY, HOUR, MINUTE, Room, room

from plugin.care import Form, consent_words, give_back_to_bot, resolve, send_form
from plugin.reports import list_promises, sum_promises

__all__ = ["room"]  # the fixture


def promise(room: Room) -> str:
    """Somebody is told that a person answers within a day; gives the conversation's public id."""
    form = Form("¿Me llamáis?", "alma@example.com", str(uuid.uuid4()), consent_words(room.store, "es"), "es")
    return send_form(room.care, room.store, None, form).conversation.public_id


def test_a_promise_is_kept_by_a_person_up_to_its_very_moment(room: Room) -> None:
    on_time, late, never, open_still = (promise(room) for _ in range(4))
    room.clock.advance(DAY)
    room.answer(on_time)
    resolve(room.care, room.store.id, never, ANA)
    room.clock.advance(MINUTE)
    room.answer(late)
    states = {one.conversation: one.state for one in room.read(list_promises)}
    assert states == {on_time: "kept", late: "late", never: "unanswered", open_still: "overdue"}
    room.answer(open_still)
    figures = sum_promises(room.read(list_promises))
    assert (figures.promises, figures.kept, figures.share) == (4, 1, None)


def test_a_promise_counts_once_its_time_is_over_whenever_it_was_answered(room: Room) -> None:
    answered, given_back = promise(room), promise(room)
    room.clock.advance(HOUR)
    room.answer(answered)
    give_back_to_bot(room.care, room.store.id, given_back, ANA)
    assert room.read(list_promises) == []
    room.clock.advance(23 * HOUR)
    assert [one.state for one in room.read(list_promises)] == ["unanswered", "kept"]
    room.clock.advance(7 * DAY + MINUTE)
    assert room.read(list_promises, days=7) == [] and len(room.read(list_promises)) == 2


def test_from_five_on_there_is_a_share(room: Room) -> None:
    for talk in [promise(room) for _ in range(5)][:4]:
        room.answer(talk)
    room.clock.advance(DAY)
    assert sum_promises(room.read(list_promises)).share == pytest.approx(0.8)
