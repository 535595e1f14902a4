"""Writes down who looks at a shopper's data. It costs a page one short transaction at most, and fails none."""

from __future__ import annotations

import logging

from plugin.privacy import find_new, note_access
from plugin.web.access import here_store, visit
from plugin.web.doors import doors

log = logging.getLogger("mostrador.desk")


def note_look(kind: str, *subjects: str) -> None:
    """This request's agent sees these `subjects` (see `plugin.privacy.access_log`). Called after the reading: most
    looks are noted already, which a reading tells, and only a new one asks for the lock of writing."""
    here, store, agent = doors(), here_store(), visit().agent
    now = here.clock.now()
    try:
        with here.db.reading(store.id) as tx:
            new = find_new(tx, store.id, agent.id, kind, subjects, now)
        if new:
            with here.db.transaction(store.id) as tx:
                for one in new:
                    note_access(tx, store.id, agent, kind, one, now)
    except Exception:
        # Shoppers wait for answers also while the log cannot be written; that it could not is told to the operator.
        log.exception("A look at a %s of store %s could not be noted.", kind, store.public_id)
