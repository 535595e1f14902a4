"""Whether the process lives and whether it can work."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from plugin.database import ALL, check_migrated
from plugin.web.doors import doors

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def ready() -> Response:
    """The database answers and is at the newest migration."""
    try:
        with doors().db.reading(ALL, "is the database there") as tx:
            tx.execute(text("SELECT 1"))
        trouble = check_migrated(doors().settings.database_url)
    except SQLAlchemyError:
        trouble = "The database does not answer."
    return Response((trouble or "ok") + "\n", 503 if trouble else 200, mimetype="text/plain")
