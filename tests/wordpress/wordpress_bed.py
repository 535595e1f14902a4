"""A private WordPress beside nothing else: its own MariaDB, its own files, PHP's own server on a loopback port.

Everything lies in two temporary folders and ends with the process that started it. WordPress itself is the
distribution's; WooCommerce is the double in `double/`. Nothing it requests leaves the machine: `requests()` lists it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from wordpress_servers import MariaDB, PHPServer, find_program

from plugin.testing.servers import ServerMissing, find_free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLUGIN = "mostrador/mostrador.php"
WORDPRESS = Path("/usr/share/wordpress")
BLOCK_THEME, CLASSIC_THEME = "twentytwentythree", "twentytwentyone"
CONTENTS = {
    "classic": ("[woocommerce_cart]", "[woocommerce_checkout]"),
    "blocks": (
        '<!-- wp:woocommerce/cart --><div class="wp-block-woocommerce-cart"></div><!-- /wp:woocommerce/cart -->',
        '<!-- wp:woocommerce/checkout --><div class="wp-block-woocommerce-checkout"></div>'
        "<!-- /wp:woocommerce/checkout -->",
    ),
}
"""The cart's and the checkout's page in both kinds."""

OF_WORDPRESS = re.compile(
    r"Deprecated:  preg_replace\(\): Passing null .*/wp-admin/includes/plugin\.php on line \d+$"
)
"""What WordPress 6.1 itself says on its privacy pages with PHP 8.2, without any plugin."""


@dataclass(frozen=True)
class Key:
    """A REST key of the shop."""

    name: str
    secret: str

    @property
    def auth(self) -> tuple[str, str]:
        return self.name, self.secret


class PHPFailed(Exception):
    """A PHP program of a test failed; the words are what it said."""


class WordPress:
    """A running WordPress. `made`: the ids of the pages, the product and the people that `bed/fill.php` makes."""

    def __init__(self, folder: Path, database: MariaDB, server: PHPServer) -> None:
        self.folder, self.database, self.server = folder, database, server
        self.site = folder / "site"
        self.made: dict[str, int] = {}
        self.state = ""
        self._kept: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    # --- PHP ---------------------------------------------------------------------------------------------

    def run_php(self, code: str, *, user: str = "", admin: bool = False, **given: Any) -> Any:
        """Runs `code` inside this WordPress (``return`` gives the answer; ``$given`` holds the keywords)."""
        program = self.folder / f"program-{secrets.token_hex(4)}.php"
        program.write_text(
            "<?php\n"
            f"$_SERVER['HTTP_HOST'] = '127.0.0.1:{self.server.port}'; $_SERVER['REQUEST_METHOD'] = 'GET';\n"
            + ("define( 'WP_ADMIN', true );\n" if admin else "")
            + f"require {json.dumps(str(self.site))} . '/wp-load.php';\n"
            + ("require_once ABSPATH . 'wp-admin/includes/admin.php';\n" if admin else "")
            + (f"wp_set_current_user( get_user_by( 'login', {json.dumps(user)} )->ID );\n" if user else "")
            + f"$given = json_decode( {json.dumps(json.dumps(given)).replace('$', chr(92) + '$')}, true );\n"
            + f"$answer = ( function () use ( $given ) {{\n{code}\n}} )();\n"
            + 'echo "\\n=answer=" . json_encode( $answer );\n'
        )
        try:
            return self._run(program)
        finally:
            program.unlink()

    def _run(self, program: Path, *words: str) -> Any:
        run = subprocess.run(
            [find_program("php", "php-cli"), "-d", "display_errors=stderr", "-d", "error_reporting=-1",
             str(program), *words],
            capture_output=True, text=True, timeout=60, cwd=self.site,
        )  # fmt: skip
        _, _, answer = run.stdout.rpartition("\n=answer=")
        if run.returncode or (not answer and not words):
            raise PHPFailed(f"{run.stdout[-1500:]}\n{run.stderr[-1500:]}")
        return json.loads(answer) if answer else None

    # --- the shop ----------------------------------------------------------------------------------------

    def set_language(self, locale: str) -> None:
        """The shop's language; WordPress' own words stay English, for it has no catalogue but an empty one."""
        folder = self.site / "wp-content/languages"
        folder.mkdir(exist_ok=True)
        with (folder / f"{locale}.mo").open("wb") as file:
            write_mo(file, Catalog(locale=locale.partition("_")[0]))
        self.run_php("update_option( 'WPLANG', $given['locale'] );", locale=locale)

    def set_theme(self, theme: str) -> None:
        self.run_php("switch_theme( $given['theme'] );", theme=theme)

    def set_kind(self, kind: str) -> None:
        """Cart and checkout as `classic` shortcodes or as `blocks`."""
        cart, checkout = CONTENTS[kind]
        self.run_php(
            "foreach ( array( 'cart', 'checkout' ) as $at => $name ) {"
            " wp_update_post( array( 'ID' => wc_get_page_id( $name ),"
            " 'post_content' => $given['contents'][ $at ] ) ); }",
            contents=[cart, checkout],
        )

    def make_page(self, title: str, content: str) -> int:
        page: int = self.run_php(
            "return wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish',"
            " 'post_title' => $given['title'], 'post_content' => $given['content'] ) );",
            title=title, content=content,
        )  # fmt: skip
        return page

    def make_order(self, **record: Any) -> dict[str, Any]:
        """An order of the double; `record` changes its fields. Gives id, key and addresses of its pages."""
        made: dict[str, Any] = self.run_php(
            "$order = double_make_order( (array) $given );"
            " return array( 'id' => $order->get_id(), 'key' => $order->get_order_key(),"
            " 'received' => $order->get_checkout_order_received_url(), 'pay' => $order->get_checkout_payment_url(),"
            " 'view' => $order->get_view_order_url(), 'edit' => $order->get_edit_order_url() );",
            **record,
        )
        return made

    def change_status(self, order_id: int, *statuses: str) -> None:
        """As if the merchant had done it, with the mails that follow."""
        self.run_php(
            "$order = wc_get_order( $given['id'] ); foreach ( $given['to'] as $to ) { $order->update_status( $to ); }",
            id=order_id, to=statuses,
        )  # fmt: skip

    def read_meta(self, order_id: int) -> dict[str, Any]:
        """All meta of an order."""
        found = self.run_php(
            "return array_column( wc_get_order( $given['id'] )->get_meta_data(), 'value', 'key' );",
            id=order_id,
        )
        return dict(found or {})

    def mails(self) -> list[dict[str, Any]]:
        """The mails of WooCommerce so far: id, to, order, html, text."""
        return list(self.run_php("return get_option( 'double_mails', array() );"))

    def make_key(self, user: str = "ana", permissions: str = "read_write") -> Key:
        key = Key(f"ck_{secrets.token_hex(20)}", f"cs_{secrets.token_hex(20)}")
        self.run_php(
            "$keys = get_option( 'double_api_keys', array() ); $keys[ $given['name'] ] = array("
            " 'user_id' => get_user_by( 'login', $given['owner'] )->ID, 'secret' => $given['secret'],"
            " 'permissions' => $given['permissions'] ); update_option( 'double_api_keys', $keys );",
            name=key.name, secret=key.secret, owner=user, permissions=permissions,
        )  # fmt: skip
        return key

    def sign_in(self, user: str) -> requests.Session:
        """A signed-in visitor without a browser; `session.cookies` fit one too."""
        visitor = requests.Session()
        answer = visitor.post(
            f"{self.url}/wp-login.php",
            data={"log": user, "pwd": f"{user}-password", "testcookie": "1"},
            cookies={"wordpress_test_cookie": "WP%20Cookie%20check"},
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 302, answer.text[-1500:]
        return visitor

    # --- plugins -----------------------------------------------------------------------------------------

    def unzip_plugin(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(self.site / "wp-content/plugins")

    def activate(self, *plugins: str) -> None:
        self.run_php(
            "foreach ( $given['plugins'] as $one ) { $failed = activate_plugin( $one );"
            " if ( is_wp_error( $failed ) ) { throw new Exception( $failed->get_error_message() ); } }",
            admin=True, plugins=plugins,
        )  # fmt: skip

    def deactivate(self, *plugins: str) -> None:
        self.run_php("deactivate_plugins( $given['plugins'] );", admin=True, plugins=plugins)

    def uninstall(self, plugin: str) -> None:
        """What "Delete" does before it deletes the files, which stay here for the next test."""
        self.run_php("return uninstall_plugin( $given['plugin'] );", admin=True, plugin=plugin)

    # --- what happened -----------------------------------------------------------------------------------

    def log(self) -> str:
        """Every notice, warning and error of PHP since `forget`."""
        path = self.folder / "php.log"
        lines = path.read_text(errors="replace").splitlines(keepends=True) if path.exists() else []
        return "".join(line for line in lines if not OF_WORDPRESS.search(line))

    def requests(self) -> list[dict[str, Any]]:
        """What PHP wanted to ask of other servers: `url`, and whether our plugin was on the stack (`ours`)."""
        path = self.folder / "requests.log"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def forget(self) -> None:
        """Empties the logs."""
        for name in ("php.log", "requests.log", "mails.log"):
            (self.folder / name).unlink(missing_ok=True)

    def keep(self, state: str) -> None:
        """From now on `restore` comes back to this."""
        self._kept[state] = self.database.dump()
        self.state = state

    def has(self, state: str) -> bool:
        return state in self._kept

    def restore(self, state: str) -> None:
        """The database as it was at `keep`."""
        left = self.database.run_sql(
            "SELECT CONCAT('DROP TABLE `', table_name, '`;') FROM information_schema.tables"
            " WHERE table_schema = 'wordpress'"
        ).stdout.splitlines()[1:]
        self.database.run_sql("\n".join([*left, self._kept[state]]))
        self.state = state


def build_zip(target: Path, service: str = "") -> Path:
    """What `make wordpress-plugin` makes, somewhere else."""
    run = subprocess.run(
        ["sh", "setup/wordpress_plugin.sh", service, str(target)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert zipfile.is_zipfile(target)
    return target


@contextmanager
def open_wordpress(folder: Path) -> Iterator[WordPress]:
    """Installs and serves a WordPress with the double active, below `folder`; ends everything on leaving."""
    if not (WORDPRESS / "wp-load.php").exists():
        raise ServerMissing(
            "WordPress is missing: `make test` installs it as root, or `apt-get install wordpress`."
        )
    database = MariaDB()
    with ThreadPoolExecutor(1) as side:
        copied = side.submit(_copy_files, folder)
        with database:
            copied.result()
            database.run_sql(
                "CREATE DATABASE wordpress CHARACTER SET utf8mb4; CREATE USER shop@localhost;"
                " GRANT ALL ON wordpress.* TO shop@localhost;",
                database="",
            )
            site = {"user": "shop", "socket": database.socket, "salt": secrets.token_hex(16),
                    "url": f"http://127.0.0.1:{find_free_port()}"}  # fmt: skip
            (folder / "site.json").write_text(json.dumps(site))
            server = PHPServer(folder / "site")
            with server:
                shop = WordPress(folder, database, server)
                shop._run(HERE / "bed/install.php", str(shop.site))
                shop.activate("woocommerce/woocommerce.php")
                shop.made = shop.run_php((HERE / "bed/fill.php").read_text().removeprefix("<?php"))
                yield shop


def _copy_files(folder: Path) -> None:
    """A copy, because PHP would follow links back to the distribution's own configuration."""
    site = folder / "site"
    shutil.copytree(WORDPRESS, site, ignore=shutil.ignore_patterns("wp-config.php", ".htaccess", "akismet"))
    shutil.copyfile(HERE / "bed/wp-config.php", site / "wp-config.php")
    (site / "wp-content/mu-plugins").mkdir()
    shutil.copyfile(HERE / "bed/bed.php", site / "wp-content/mu-plugins/bed.php")
    shutil.copytree(HERE / "double/woocommerce", site / "wp-content/plugins/woocommerce")
