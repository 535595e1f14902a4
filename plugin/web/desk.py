"""The desk: where a store's agents answer shoppers, look at orders, and say how they want things."""

from __future__ import annotations

from flask import Flask

from plugin.web import (  # noqa: F401  (each registers its views with the blueprints of the frame)
    desk_accesses,
    desk_account,
    desk_answers,
    desk_articles,
    desk_assign,
    desk_company,
    desk_connection,
    desk_contact,
    desk_conversations,
    desk_doctor,
    desk_editor,
    desk_editor_form,
    desk_editor_tell,
    desk_entry,
    desk_gaps,
    desk_home,
    desk_hours,
    desk_invitations,
    desk_learned,
    desk_live,
    desk_macros,
    desk_mails,
    desk_notes,
    desk_numbers,
    desk_orders,
    desk_privacy,
    desk_routing,
    desk_search,
    desk_shipments,
    desk_statuses,
    desk_steps,
    desk_store,
    desk_team,
    desk_test_box,
    desk_topics,
    hand_over,
    invited,
)
from plugin.web.desk_frame import desk, entry


def install_desk(app: Flask) -> None:
    """Puts ``/desk/…`` and ``/sign-in`` into the app."""
    app.register_blueprint(entry)
    app.register_blueprint(desk)
