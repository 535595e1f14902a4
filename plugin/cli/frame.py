"""What all commands share: the instance of the settings, and errors as sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from plugin.app import House
    from plugin.settings import Settings


class Commands(click.Group):
    """Turns the errors that people can mend into one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        from plugin.database import WrongKey
        from plugin.settings import SettingsError

        try:
            return super().invoke(ctx)
        except (SettingsError, WrongKey) as error:
            raise click.ClickException(str(error)) from None


def read_settings() -> Settings:
    """The settings of this folder. Raises `SettingsError`."""
    from plugin.settings import load_settings

    return load_settings()


def open_house() -> House:
    """The instance of the settings, with what is wrong told in words, nothing started."""
    from plugin.app import build_house
    from plugin.troubles import find_database_trouble

    settings = check_settings()
    refuse([find_database_trouble(settings.database_url)])
    return build_house(settings)


def check_settings() -> Settings:
    """The settings, with what is wrong in them told in words."""
    from plugin.troubles import find_faults

    settings = read_settings()
    refuse(find_faults(settings))
    return settings


def refuse(troubles: Iterable[str | None]) -> None:
    """Ends the command when there is any trouble."""
    words = [trouble for trouble in troubles if trouble]
    if words:
        raise click.ClickException("\n".join(words))


def print_json(result: Any) -> None:
    """One line of JSON."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str))


def in_words(wish: Callable[[], Any]) -> Any:
    """What `wish` gives; its ValueError becomes a sentence."""
    try:
        return wish()
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def check_email(email: str, name: str = "--email") -> str:
    """The address, or a sentence about what is wrong with it. `name`: what the command calls it."""
    from plugin.mail import MailInvalid, read_address

    try:
        return read_address(email, local=True)
    except MailInvalid as error:
        raise click.BadParameter(str(error), param_hint=name) from None
