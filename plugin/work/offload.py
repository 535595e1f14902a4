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
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return function(*args, **kwargs)
    import gevent

    result: R = gevent.get_hub().threadpool.apply(function, args, kwargs)
    return result
