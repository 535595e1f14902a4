"""What the pages of the web room are given: every room's door, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from plugin.care import Care
from plugin.contract import Clock
from plugin.database import Database
from plugin.mail import MailTransport
from plugin.push import Hub
from plugin.registry import Registry
from plugin.settings import Settings


@dataclass(frozen=True)
class Doors:
    """One running instance, as HTTP sees it."""

    settings: Settings
    db: Database
    registry: Registry
    clock: Clock
    transport: MailTransport
    hub: Hub
    care: Care


def doors() -> Doors:
    """The doors of the app that answers this request."""
    found: Doors = current_app.extensions["mostrador"]
    return found
