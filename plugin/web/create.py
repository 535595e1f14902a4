"""Builds the Flask app from the blueprints of this room."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from plugin.web.desk import install_desk
from plugin.web.doors import Doors
from plugin.web.errors import install_errors
from plugin.web.front_page import front_page
from plugin.web.headers import install_headers
from plugin.web.health import health
from plugin.web.hooks import hooks
from plugin.web.hub import hub
from plugin.web.install_pages import install
from plugin.web.pages import install_pages
from plugin.web.row_ids import bound_row_ids
from plugin.web.static_files import static_files
from plugin.web.tracking import tracking
from plugin.web.unsubscribe import unsubscribe
from plugin.web.widget_api import install_widget_api
from plugin.web.widget_files import install_widget_files


def create_web(given: Doors) -> Flask:
    """A Flask app over one instance's doors."""
    app = Flask("plugin.web", static_folder=None)
    app.extensions["mostrador"] = given
    bound_row_ids(app)
    install_errors(app)
    install_headers(app)
    for blueprint in (front_page, health, hooks, hub, tracking, unsubscribe, install, static_files):
        app.register_blueprint(blueprint)
    install_desk(app)
    install_widget_api(app)
    install_pages(app)
    install_widget_files(app)
    hops = given.settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
