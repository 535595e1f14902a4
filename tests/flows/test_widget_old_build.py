"""A loader from before an update finds the panel of today."""

from pathlib import Path

from flask import Flask

from plugin.web.widget_files import BUILT, install_widget_files


def test_an_old_build_s_address_gives_the_current_files_and_nothing_else(tmp_path: Path) -> None:
    app = Flask(__name__, static_folder=None)
    install_widget_files(app)
    (panel,) = BUILT.glob("*/panel.js")
    client = app.test_client()
    new, old = client.get(f"/widget/{panel.parent.name}/panel.js"), client.get("/widget/0ldbuild00/panel.js")
    assert new.data == old.data == panel.read_bytes()
    assert "immutable" in new.headers["Cache-Control"]
    assert "max-age=60" in old.headers["Cache-Control"]
    assert old.headers["Access-Control-Allow-Origin"] == "*"
    for path in (
        "/widget/0ldbuild00/../loader.ts",
        "/widget/0ldbuild00/%2e%2e/%2e%2e/settings.py",
        "/widget/x/none.js",
    ):
        assert client.get(path).status_code == 404
