"""``python -m adapters.demo.shop --port 0 --token T``: opens the shop and says where, in one line of JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from adapters.demo.shop.process import open_mailbox, open_shop, watch_for_the_end

ENVIRONMENT = "DEMO_SHOP_TOKEN"


def read_arguments(words: list[str] | None = None) -> argparse.Namespace:
    """The command line; ports of 0 mean any free one."""
    parser = argparse.ArgumentParser(prog="python -m adapters.demo.shop", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the storefront")
    parser.add_argument("--token", default="", help=f"of the JSON API; better given as {ENVIRONMENT}")
    parser.add_argument(
        "--data", type=Path, help="folder that keeps orders and mails; without it they are forgotten"
    )
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--mailbox-port", type=int, default=0, help="of the mailbox's page")
    parser.add_argument("--no-mailbox", action="store_true")
    arguments = parser.parse_args(words)
    arguments.token = arguments.token or os.environ.get(ENVIRONMENT, "")
    if not arguments.token:
        parser.error(f"Give the API's token with --token or in {ENVIRONMENT}.")
    return arguments


def main() -> int:
    """Runs until SIGTERM, SIGINT or the parent's death; 0 at the end."""
    arguments = read_arguments()
    ended = threading.Event()
    watch_for_the_end(ended)
    with ExitStack() as ending:
        folder = arguments.data or Path(
            ending.enter_context(tempfile.TemporaryDirectory(prefix="demo-shop-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        shop, addresses = open_shop(folder, arguments.token, arguments.port, ending)
        addresses |= {"mailbox": None, "smtp": None}
        if not arguments.no_mailbox:
            addresses |= open_mailbox(shop.records, arguments.mailbox_port, arguments.smtp_port, ending)
        print(json.dumps(addresses), flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
