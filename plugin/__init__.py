"""Mostrador, the counter of a web shop."""

__version__ = "0.1.0"
