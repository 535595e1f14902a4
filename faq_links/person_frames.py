"""Hears "a person, please" from the build of a sentence: who is addressed, what they shall do, and no machine."""

from __future__ import annotations

import re

from faq_links.person_parts import read_parts

_FRAMES = tuple(
    re.compile(order)
    for order in (
        # to speak with somebody; with whom can I speak
        r"s[ofyqti]*g[dgu]*[prct]|gk[dfqwoi]*s(?!u)|k[dfqwoi]+sg",
        # pass me to somebody, get me your manager
        r"x[odfi]*[gu][dg]*[prc]|x[dfi]*o[dfi]*g[dg]*t|[xw]o[dfg]*[prc](?!d*z)|x[odfi]*[prc](?![dt]*z)|(?:ox|xo)[gu]d+$",
        # I want a person, help from a person
        r"w[dofqygi]*(?:h[odgu]+)?[dgt]*[prc](?!d*[zm])|h[od]*g[dg]*[pc](?!d*z)|wf*[do]*[pr][dfto]*[ghs]",
        # is there somebody
        r"(?<!k)e[dofg]*[prc][df]*(?:[dgu]*t)?[dfgki]*(?:[hs]|q|y(?![zdu])|o+[hs]|$)|eb[df]*[ho]|^[fiy]*[ef]*[pr]y(?![zdu])",
        # somebody shall help me, call me, answer
        r"(?<!a)[pr][dfyqt]{0,5}o[qfo]*[hs]|[qwf]d*[pr][dfyqgt]{0,4}h(?![df]*z)|(?<!a)[pr][dfqt]*[hs][gd]*o|bd*o[qf]*h",
        r"[pr][dfqogx]{0,5}(?<!d)s(?=$|[fy])",
        # nothing but somebody
        r"^[^zujiac]{0,5}p[^zujiac]{0,5}$",
        # no machine
        r"n[wdfogqsyi]*m(?!d*z)|(?<!j)m[dfe]*n[of]*h|v[^zj]{0,4}m(?!d*z)",
    )
)


def find_frame(plain: str) -> str | None:
    """The order of parts by which the folded words ask for a person; None when they do not."""
    parts = read_parts(plain)
    met = next((found for frame in _FRAMES if (found := frame.search(parts)) is not None), None)
    return None if met is None else met.group()
