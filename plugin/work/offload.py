"""Work that would hold up everybody else: under gevent it goes to the hub's real threads."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def offload(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Calls `function`; where greenlets share one thread (`serve`), in a real thread, so that a few
    milliseconds of computing stop nobody. `function` must not touch database or network."""
    if not _share_a_thread():
        return function(*args, **kwargs)
    import gevent

    result: R = gevent.get_hub().threadpool.apply(function, args, kwargs)
    return result


def give_way(seconds: float) -> None:
    """Where greenlets share one thread, lets everybody go first who is ready to run, for `seconds` at most: a rush
    of requests is answered now, what they promised is worked off after it, and never stands still."""
    if not _share_a_thread():
        return
    import gevent

    with gevent.Timeout(seconds, False):
        gevent.idle()


def _share_a_thread() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))
