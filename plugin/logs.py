"""Logs to standard error: readable on a terminal, JSON elsewhere; secrets and addresses left out."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

SECRET = re.compile(
    r"(://[^/\s:@]+:)[^@\s]+(@)|([\w.+-]+@[\w-]+\.[\w.-]+)|((?:Bearer|Basic)\s+)\S+|\b(c[ks]_)[0-9a-f]{8,}"
    r"|\b(eyJ)[\w-]{5,}\.[\w.-]+|([?&][\w.-]+=)[^&\s'\"]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """`text` without mail addresses, passwords and queries in URLs, tokens and platform keys."""

    def hide(found: re.Match[str]) -> str:
        if found[3]:
            return "[address]"
        kept = found[1] or found[4] or found[5] or found[6] or found[7] or ""
        return f"{kept}[secret]{found[2] or ''}"

    return SECRET.sub(hide, text)


def _redact_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def set_up_logs(level: str) -> None:
    """Call once per process."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    last: Any = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
