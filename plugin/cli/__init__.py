"""The command `mostrador`. Each command says in one line what it is for; errors are sentences.

Imports happen inside the commands, so that `--help` is quick and `faq ask` needs no database.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from plugin.cli.drill import drill
from plugin.cli.fake import fake
from plugin.cli.frame import (
    Commands,
    check_email,
    check_settings,
    in_words,
    open_house,
    print_json,
    read_settings,
    refuse,
)
from plugin.cli.privacy import privacy
from plugin.cli.stores import stores


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mostrador")
def main() -> None:
    """The counter of a web shop: chat, answers and order tracking mails."""


@main.command()
def serve() -> None:
    """Serve everything on MOSTRADOR_HOST:MOSTRADOR_PORT."""
    import os

    from plugin.troubles import find_listening_fault

    house = open_house()
    house.db.close()
    refuse([find_listening_fault(house.doors.settings)])
    os.execv(sys.executable, [sys.executable, "-m", "plugin.serve"])


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest migration."""
    from plugin.troubles import upgrade_database

    upgrade_database(read_settings().database_url)
    click.echo("The database is up to date.")


@main.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--secret", required=True, help="The webhook secret the deliveries were signed with.")
@click.option("--platform", default="woocommerce", show_default=True, help="Whose deliveries they are.")
@click.option("--copies", default=1, show_default=True, help="How often each delivery arrives.")
@click.option("--shuffle", type=int, help="Seed of the order of arrival; without it: as recorded.")
@click.option("--live", is_flag=True, help="Decide after each delivery, as in a shop on a quiet day.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep (or take up) the instance in this folder.",
)
@click.option(
    "--against", help="Address of a running instance; its settings are read as usual, or from --data."
)
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
        print_json(result)
        return
    sent = sum(line["sent"] for line in result["notices"])
    click.echo(f"{len(result['orders'])} orders, {sent} mails sent, {result['seconds']} s")
    for name, count in result["receipts"].items():
        click.echo(f"  {name:9} {count}")


@main.command()
@click.option("--email", help="The first agent, who owns the stores.")
@click.option("--name", help="Shoppers see it beside your answers.")
@click.option("--base-url", help="This server's public address (default: http://127.0.0.1:8080).")
@click.option("--locale", type=click.Choice(["es", "en", "pt"]), default="es", show_default=True)
def init(email: str | None, name: str | None, base_url: str | None, locale: str) -> None:
    """Write settings with fresh keys, make the database, print the owner's sign-in link.

    Run again, it keeps the keys and prints a new link. Without a terminal nothing is asked.
    """
    from plugin.agents import create_agent, find_agent, first_agent, mint_sign_in_link
    from plugin.contract import SystemClock
    from plugin.database import ALL, Database, Vault
    from plugin.settings import write_first_settings
    from plugin.troubles import upgrade_database

    if email is not None:
        check_email(email)
    path, new = write_first_settings(base_url)
    kept = "is written. Keep a copy of its keys: without them the data cannot be opened."
    click.echo(f"{path.name} {kept if new else 'is there already and stays as it is.'}")
    settings = check_settings()
    upgrade_database(settings.database_url)
    db = Database(settings.database_url, Vault(settings.secret_keys, settings.index_key))
    with db.reading(ALL, "is the first agent there") as tx:
        agent = find_agent(tx, email) if email else first_agent(tx)
    if agent is None:
        email, name = _ask_who(email, name)
    with db.transaction(ALL, "the first agent") as tx:
        agent = agent or create_agent(tx, email or "", name or "", locale)
        token = mint_sign_in_link(tx, agent.id, SystemClock().now())
    db.close()
    click.echo(f"The link is for {agent.email}. With `--email` and `--name` it is for another owner.")
    click.echo(
        f"Start it with `mostrador serve`, then sign in once with this link: {settings.base_url}/sign-in/{token}"
    )


def _ask_who(email: str | None, name: str | None) -> tuple[str, str]:
    """The first agent's address and name, asked for at a terminal only."""
    if sys.stdin is not None and sys.stdin.isatty():
        email = email or click.prompt("Your e-mail address", value_proc=check_email)
        name = name or click.prompt("Your name")
    return email or "owner@localhost", name or "Owner"


@main.command()
def worker() -> None:
    """Run jobs in a process of their own (MOSTRADOR_JOBS=worker, PostgreSQL)."""
    import os

    open_house().db.close()
    os.execv(sys.executable, [sys.executable, "-m", "plugin.worker"])


@main.command()
def check() -> None:
    """Say what is wrong with this instance and what to do."""
    from plugin.settings import SettingsError
    from plugin.troubles import find_hints, find_troubles

    hints: list[str] = []
    try:
        settings = read_settings()
        troubles, hints = find_troubles(settings), find_hints(settings)
    except SettingsError as error:
        troubles = [str(error)]
    for hint in hints:
        click.echo(f"! {hint}")
    for trouble in troubles:
        click.echo(f"✗ {trouble}")
    if troubles:
        sys.exit(1)
    click.echo("Everything is in order.")


@main.command()
@click.option("--order", "number", required=True, help="The order's number, as the shopper sees it.")
@click.option("--store", help="The store's public id; needed when there are several.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def ledger(number: str, store: str | None, as_json: bool) -> None:
    """Tell why each mail about an order was sent or not."""
    from dataclasses import asdict

    from plugin.database import ALL
    from plugin.notices import read_ledger
    from plugin.orders import find_by_number
    from plugin.stores import list_stores

    db = open_house().db
    with db.reading(ALL, "the ledger of an order, for its operator") as tx:
        stores = [row for row in list_stores(tx) if store in (None, row.public_id)]
        found = [order for row in stores if (order := find_by_number(tx, db.vault, row.id, number))]
        if len(found) > 1:
            raise click.ClickException("Several stores have an order of this number: name one with --store.")
        if not found:
            raise click.ClickException(f"There is no order {number}. It may not have reached us yet.")
        lines = [asdict(line) for line in read_ledger(tx, found[0])]
    if as_json:
        print_json({"order": number, "status": found[0].status, "notices": lines})
        return
    for line in lines:
        click.echo(
            f"{line['decided_at']:%Y-%m-%d %H:%M}  {line['notice']:18} {line['about']:14} {line['reason']}"
        )


@main.group()
def adapters() -> None:
    """Adapters: the platforms this counter speaks with."""


@adapters.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def adapters_list(as_json: bool) -> None:
    """List what is installed, and why something does not work."""
    import os

    from plugin.testing.adapters import describe_adapters, list_adapters, open_registry

    registry = in_words(lambda: open_registry(os.environ))
    if as_json:
        print_json(describe_adapters(registry))
        return
    sys.exit(list_adapters(registry, click.echo))


@adapters.command("check")
@click.argument("names", nargs=-1)
def adapters_check(names: tuple[str, ...]) -> None:
    """Run the conformance kit over adapters; without NAMES over all."""
    import os

    from plugin.testing.adapters import check_adapters, open_registry

    sys.exit(check_adapters(in_words(lambda: open_registry(os.environ)), names, click.echo))


@adapters.command("new")
@click.argument("name")
def adapters_new(name: str) -> None:
    """Write the skeleton of a new adapter into this folder; its red tests are the to-do list."""
    from plugin.testing.new_adapter import CannotWrite, write_adapter

    try:
        path = write_adapter(name, Path.cwd())
    except CannotWrite as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{path} is written. Read its README.md, then run its tests: they say what is left to do.")


@main.command()
@click.option(
    "--story", is_flag=True, help="Play one shopper's purchase and say whether all went as it should."
)
@click.option("--json", "as_json", is_flag=True, help="With --story: print one JSON object.")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="Where the demo lives (default: .demo)."
)
@click.option("--port", default=8080, show_default=True, help="The counter's port; the shop takes free ones.")
def demo(story: bool, as_json: bool, data: Path | None, port: int) -> None:
    """Start the counter with a demo shop connected and live, and a mailbox."""
    if story:
        from plugin.testing.story import play_story

        result = play_story()
        if as_json:
            print_json(result)
        else:
            click.echo("\n".join(f"{mail['notice']:18} {mail['subject']}" for mail in result["mails"]))
        for fault in result["faults"]:
            click.echo(f"✗ {fault}", err=True)
        sys.exit(1 if result["faults"] else 0)
    from plugin.testing.demo import run_demo

    run_demo(data or Path(".demo"), port, click.echo)


@main.group()
def faq() -> None:
    """The help articles."""


@faq.command("ask")
@click.option(
    "--catalogue",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of articles; without it the starter articles.",
)
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


main.add_command(stores)
main.add_command(fake)
main.add_command(drill)
main.add_command(privacy)
