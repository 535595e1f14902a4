"""All pages of connecting a shop, on one blueprint."""

from __future__ import annotations

from plugin.web import install_owner  # noqa: F401  (registers its views)
from plugin.web.install import install

__all__ = ["install"]
