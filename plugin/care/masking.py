"""Card numbers do not belong into a chat: what looks like one is masked before it is stored."""

from __future__ import annotations

import re

# Groups of digits with little between them; \d also knows the digits of other scripts.
_RUN = re.compile(r"(?<!\d)\d++(?:[\s\-\u2010-\u2015\u2212.·_\u200b]{1,3}\d++)*+")
# As a card is printed, with any other signs between its groups: "4242/4242/4242/4242", also after other fours.
_SIGNS = r"\s?[^\w\s]{1,3}\s?"
_PRINTED = re.compile(
    rf"(?<!\d)\d{{4}}(?:{_SIGNS}\d{{4}}){{3,}}(?!\d)|(?<!\d)\d{{4}}{_SIGNS}\d{{6}}{_SIGNS}\d{{5}}(?!\d)"
)
_GROUP = re.compile(r"\d+")
SHORTEST, LONGEST = 13, 19


def mask_cards(text: str) -> str:
    """`text` with every number that could be a payment card's (13 to 19 digits, Luhn) cut to its last four."""
    return _PRINTED.sub(_mask_run, _RUN.sub(_mask_run, text))


def _mask_run(run: re.Match[str]) -> str:
    text = run[0]
    groups = list(_GROUP.finditer(text))
    pieces, position, first = [], 0, 0
    while first < len(groups):
        last = _find_card(groups, first)
        if last is None:
            first += 1
            continue
        digits = "".join(group[0] for group in groups[first : last + 1])
        pieces += [text[position : groups[first].start()], "•••• ", digits[-4:]]
        position = groups[last].end()
        first = last + 1
    return "".join([*pieces, text[position:]])


def _find_card(groups: list[re.Match[str]], first: int) -> int | None:
    """The index of the last group of a card that begins with group `first`; the longest that fits."""
    digits, found = "", None
    for index in range(first, len(groups)):
        digits += groups[index][0]
        if len(digits) > LONGEST:
            break
        if len(digits) >= SHORTEST and _is_card(digits):
            found = index
    return found


def _is_card(digits: str) -> bool:
    values = [int(digit) for digit in digits]
    if values[0] not in (2, 3, 4, 5, 6) or len(set(values)) == 1:
        return False
    doubled = [value * 2 - 9 if value > 4 else value * 2 for value in values[-2::-2]]
    return (sum(values[-1::-2]) + sum(doubled)) % 10 == 0
