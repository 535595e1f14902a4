"""Hears "a person, please" from the build of a sentence: who is addressed, what they shall do, and no machine."""

from __future__ import annotations

import re

from faq_links.person_parts import read_parts

_FRAMES = tuple(
    re.compile(order)
    for order in (
        # to speak with somebody; with whom can I speak
        r"s[ofyqti]*g[dgui]*[prct]|gk[dfqwoi]*s(?!u)|k[dfqwoi]+sg|[wq][dfogi]*s[of]*gd*i|s[df]*[pr](?![df]*z)",
        r"(?<!n)(?<!n.)w[dfogi]*s(?=$|[fy])|n[fgid]*w[fgid]*s[of]*gi(?=$|[fy])",
        # pass me to somebody, get me your manager
        r"x[odfi]*[gu][dgi]*[prck]|(?:ox|x[dfi]*o)[dfi]*[gu][dg]*t|[xw]o[dfg]*[prc](?!d*z)|@o[fi]*g[dg]*[prct]|(?:o|^[fy]*)@[gu]?[dg]*[pr](?!d*z)|x[dfi]*t[dg]*t(?!z)|x[odfi]*[prc](?![dt]*[zg])|(?:ox|xo)[gu]d+$",
        # I want a person, help from a person
        r"(?<!a)(?<!a.)w[dofqygi]*(?:h[odgu]+)?[dgt]*[prc](?!d*[zm])|h[od]*g[dg]*[prc](?!d*z)|wf*[do]*[pr][dfto]*[ghs]",
        # is there somebody
        r"(?<!k)e[dofgy]*[prc][df]*(?:[dgu]*t)?y*[dfgkiu]*(?:[hs]|q|y(?![zu]|d+z)|o+[hs]|$)|e(?:b(?:[df]*[hoy]|$)|k[fo]*h)|^[fiyd]*[efd]*[pr][df]*y(?![zu]|d+z)",
        # somebody shall help me, call me, answer
        r"(?<!a)[pr][dfyqt]{0,5}o[qfo]*[hs]|[qwfu][dg]*[pr][dfyqgt]{0,4}h(?![df]*z)|(?<!a)[pr][dfqt]*[hs][gd]*o|bd*o[qf]*h",
        r"[pr][dfqogx]{0,5}(?<!d)s(?=$|[fy])",
        r"o[qf]*[hs][dfg]*[pr](?![df]*z)|^[dfy]*h[dfg]*[pr](?![df]*z)|k[qfie]*(?:o[qf]*h|h[of]*o)(?=$|[fy])|k[qfied]*hy",
        r"^[dfy]*r[fy]*(?:o[qf]*)?h(?![df]*z)|e[dfz]{0,3}us(?=$|[fy])",
        # nothing but somebody, or where they work
        r"w[dfgo]*t[dg]*t(?=$|[fy])",
        r"^[^zujiac]{0,5}p[^zujiac]{0,5}$",
        # no machine
        r"n[wdfogqsyir]*m(?!d*z)|n[dfogqyi]*[wsv][wdfogqsyir]*l(?!d*z)|no[f]*zd*[ml]",
        r"(?<!j)m[dfe]*n[of]*h|v[^zj]{0,4}[ml](?!d*z)|nl[df]*[prch]|^[df]*mn$",
    )
)

_OF_MINE = re.compile(r"j[dz]{1,3}[Ww][wfog]*s[of]*gd*i")
"""My husband wants to speak with you: somebody of mine, their wish, and whom it is put to."""


def find_frame(plain: str) -> str | None:
    """The order of parts by which the folded words ask for a person; None when they do not."""
    parts = read_parts(plain)
    # To all the others what somebody else wishes is a word like any.
    own = parts.replace("W", "z")
    met = _OF_MINE.search(parts) or next((found for frame in _FRAMES if (found := frame.search(own)) is not None), None)
    return None if met is None else met.group()
