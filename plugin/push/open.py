"""Which hub this instance uses."""

from __future__ import annotations

from plugin.push.hub import Hub


def open_hub(redis_url: str = "") -> Hub:
    """The hub of this process: its own, or joined with other processes through Redis.

    Raises ImportError when a Redis is named and the extra `redis` is not installed.
    """
    if not redis_url:
        return Hub()
    from plugin.push.redis_hub import RedisHub

    return RedisHub(redis_url)
