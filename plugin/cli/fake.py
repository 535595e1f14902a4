"""`mostrador fake`: shops that are not there, for clicking through."""

from __future__ import annotations

import click


@click.group()
def fake() -> None:
    """Shops of other platforms that are played on this machine."""


@fake.command("woocommerce")
@click.option("--port", default=8090, show_default=True, help="0: any free port.")
@click.option("--https", is_flag=True, help="With a throw-away certificate that no browser trusts.")
@click.option("--seed", default=0, show_default=True, help="Keys and ids are made from it.")
@click.option("--plugin/--no-plugin", default=False, help="The shop has the Mostrador plugin installed.")
@click.option("--orders", default=5, show_default=True, help="How many orders it begins with.")
def woocommerce(port: int, https: bool, seed: int, plugin: bool, orders: int) -> None:
    """Run a fake WooCommerce shop on loopback until Ctrl-C."""
    import signal
    import sys
    import threading

    import urllib3

    from plugin.testing.fake_woocommerce import Manners, serve_shop

    # Its own certificate and a developer's are nothing that anybody has signed.
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    manners = Manners(cron="eager", plain_callbacks=True, plugin_installed=plugin, shuffles=True)
    try:
        with serve_shop(port, https=https, seed=seed, manners=manners) as server:
            key = server.shop.add_key(description="Mostrador")
            for number in range(orders):
                server.shop.place_order(
                    f"shopper{number}@example.com", payment=("cod", "card", "bacs")[number % 3]
                )
            fields = f"--field consumer_key={key.consumer_key} --field consumer_secret={key.consumer_secret}"
            for label, words in (
                ("Shop", f"{server.url}/"),
                ("Back room", f"{server.url}/wp-admin/  (admin, password)"),
                ("Consumer key", key.consumer_key),
                ("Consumer secret", key.consumer_secret),
                ("Certificate", str(server.certificate or "none")),
            ):
                click.echo(f"  {label:17} {words}")
            click.echo("Connect it from another terminal, where there is a counter (`mostrador init`):")
            click.echo("  export MOSTRADOR_ALLOW_PRIVATE_HOSTS=yes   # it may ask this machine")
            if server.certificate:
                click.echo(f"  export MOSTRADOR_CA_BUNDLE={server.certificate}   # it trusts this certificate")
            click.echo(f"  mostrador stores connect woocommerce {server.url} {fields}")
            click.echo("Ctrl-C ends it.")
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Closed.")
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}.") from None


@fake.command("shopify")
@click.option("--port", default=8091, show_default=True, help="0: any free port.")
@click.option("--app", "origin", default="http://127.0.0.1:8080", show_default=True, help="Where your server listens.")
@click.option("--seed", default=0, show_default=True, help="Keys and ids are made from it.")
@click.option("--orders", default=5, show_default=True, help="How many orders each shop begins with.")
@click.option("--custom", is_flag=True, help="The app is one merchant's own: authorization-code grant.")
def shopify(port: int, origin: str, seed: int, orders: int, custom: bool) -> None:
    """Run a fake Shopify with two shops on loopback until Ctrl-C. Needs the extra `demo`."""
    import signal
    import sys
    import threading
    from importlib.util import find_spec
    from pathlib import Path

    if find_spec("graphql") is None:
        raise click.ClickException("The fake needs graphql-core: pip install 'mostrador[demo]'.")
    from plugin.testing.fake_shopify import Manners, serve_shopify

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    name = "shopify.app.custom.toml" if custom else "shopify.app.toml"
    toml = Path(__file__).parents[2] / "adapters" / "shopify" / "app" / name
    manners = Manners(eager=True)
    try:
        with serve_shopify(port, seed=seed, manners=manners, app_origin=origin,
                           toml=toml if toml.exists() else None) as server:  # fmt: skip
            server.app.distribution = "custom" if custom else "public"
            for address, plan in (("cafe", "basic"), ("molino", "plus")):
                shop = server.add_shop(address, plan, installed=not custom)
                for number in range(orders):
                    shop.place_order(f"shopper{number}@example.com", paid=number % 2 == 0, customer_id=7000 + number)
            click.echo(f"  {'Shopify':17} {server.url}/  (a shop without Plus: cafe; one with it: molino)")
            click.echo(f"  {'Your server':17} {origin}")
            click.echo("For the terminal of your server, before `mostrador serve`:")
            for key, value in (
                ("SHOPIFY_FAKE_URL", server.url),
                ("SHOPIFY_CLIENT_ID", server.app.client_id),
                ("SHOPIFY_CLIENT_SECRET", server.app.client_secret),
                *((("SHOPIFY_DISTRIBUTION", "custom"),) if custom else ()),
                ("ALLOW_PRIVATE_HOSTS", "yes"),
                ("INSTALLS", "open"),
            ):
                click.echo(f"  export MOSTRADOR_{key}={value}")
            if custom:
                click.echo(f"Then open {origin}/install/shopify  (shop: cafe.myshopify.com); a mail opens the desk.")
            else:
                click.echo(f"Then open {server.url}/admin/cafe; the app's home opens the desk.")
            click.echo("Ctrl-C ends it.")
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Closed.")
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}.") from None
