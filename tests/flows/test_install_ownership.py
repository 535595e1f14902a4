"""Whose shop it is: an address is known to everybody, so that alone it never opens a store that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from pages_house import dump_rows, open_client, open_house
from werkzeug.test import TestResponse

from plugin.agents import add_membership, create_agent, get_role, mint_sign_in_link, sign_in
from plugin.app import House
from plugin.contract import Capability, Form, InstallRejected, Redirect, Setting, StoreAccess, Urls, WebRequest
from plugin.database import ALL
from plugin.stores import StoreRow, as_contract, get_store
from plugin.stores.install import mint_install_ticket
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_store
from plugin.testing.twins import TwinAdapter

