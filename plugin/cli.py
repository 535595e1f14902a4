"""The command `mostrador`. Each command says in one line what it is for; errors are sentences.

Imports happen inside the commands, so that `--help` is quick and `faq ask` needs no database.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from plugin.app import House
    from plugin.settings import Settings


class Commands(click.Group):
    """Turns the errors that people can mend into one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        from plugin.database import WrongKey
        from plugin.settings import SettingsError

        try:
            return super().invoke(ctx)
        except (SettingsError, WrongKey) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mostrador")
def main() -> None:
    """The counter of a web shop: chat, answers and order tracking mails."""


def _settings() -> Settings:
    from plugin.settings import load_settings

    return load_settings()


def _house() -> House:
    """The instance of the settings, with its database checked, nothing started."""
    from plugin.app import build_house
    from plugin.database import check_migrated

    settings = _settings()
    trouble = check_migrated(settings.database_url)
    if trouble:
        raise click.ClickException(trouble)
    return build_house(settings)


def _print(result: Any) -> None:
    click.echo(json.dumps(result, ensure_ascii=False, default=str))


@main.command()
def serve() -> None:
    """Serve everything on MOSTRADOR_HOST:MOSTRADOR_PORT."""
    import os

    _house().db.close()
    os.execv(sys.executable, [sys.executable, "-m", "plugin.serve"])


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest migration."""
    from plugin.database import migrate

    migrate(_settings().database_url)
    click.echo("The database is up to date.")


@main.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--secret", required=True, help="The webhook secret the deliveries were signed with.")
@click.option("--platform", default="woocommerce", show_default=True, help="Whose deliveries they are.")
@click.option("--copies", default=1, show_default=True, help="How often each delivery arrives.")
@click.option("--shuffle", type=int, help="Seed of the order of arrival; without it: as recorded.")
@click.option("--live", is_flag=True, help="Decide after each delivery, as in a shop on a quiet day.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Keep (or take up) the instance in this folder.")
@click.option("--against", help="Address of a running instance; its settings are read as usual, or from --data.")
@click.option("--store", help="With --against: the public id of the store.")
@click.option("--smtp", help="Where the mails go; without it: a mailbox of the replay's own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def replay(as_json: bool, **wish: Any) -> None:
    """Play recorded webhook deliveries and tell what came of them."""
    from plugin.testing.replay import Replay, ReplayError, run_replay

    if wish["copies"] < 1:
        raise click.BadParameter("at least one copy", param_hint="--copies")
    if bool(wish["against"]) != bool(wish["store"]):
        raise click.UsageError("--against and --store go together.")
    try:
        result = run_replay(Replay(**wish))
    except ReplayError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        _print(result)
        return
    sent = sum(line["sent"] for line in result["notices"])
    click.echo(f"{len(result['orders'])} orders, {sent} mails sent, {result['seconds']} s")
    for name, count in result["receipts"].items():
        click.echo(f"  {name:9} {count}")


@main.group()
def faq() -> None:
    """The help articles."""


@faq.command("ask")
@click.option("--catalogue", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of articles; without it the starter articles.")
@click.option("--jsonl", is_flag=True, required=True, help="Lines of JSON in, lines of JSON out.")
def faq_ask(catalogue: Path | None, jsonl: bool) -> None:
    """Answer questions from the articles, one JSON line each."""
    from faq_links import EXAMPLE_ANSWERS, STARTER, CatalogueError, load_catalogue
    from faq_links.ask import ask

    try:
        articles = load_catalogue(catalogue) if catalogue else load_catalogue(STARTER).fill(EXAMPLE_ANSWERS)
    except CatalogueError as error:
        raise click.ClickException(str(error)) from None
    for line in ask(sys.stdin, articles):
        click.echo(line)


if __name__ == "__main__":
    main()
