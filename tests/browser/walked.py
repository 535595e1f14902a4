"""A page as somebody meets it who neither sees it nor has a mouse: keys go in, and out comes what Chromium's
accessibility tree holds — what has the focus, and what its live regions announce, in order."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

PATIENCE = 60.0
"""Seconds that anything may take before it is missed; an answer by mail leaves after thirty."""
MOST_STEPS = 150
"""Presses of Tab: more, and it cannot be reached."""
CHANGING = (
    (re.compile(r"M-[23456789A-HJKMNP-Z]{6}"), "M-······"),
    (re.compile(r"(Cliente|Shopper) [\w-]{4} "), r"\1 ···· "),
    (re.compile(r"\d+ min\b"), "·· min"),
    (re.compile(r"\d{1,2}:\d{2}(\s?[ap]\.?\s?m\.?)?", re.IGNORECASE), "··:··"),
)
"""What is another one in every run: references, names given to who has none, how long somebody waits, times of day."""


@dataclass
class Walker:
    """One page under the keys. `transcript`: a line for each thing that got the focus on purpose (``focus``) and for
    each announcement (``said``). What was announced between two things that were waited for is written region by
    region, so that it is the same however fast the machine is. `passing`: words that may come and go unheard."""

    page: Page
    passing: tuple[str, ...] = ()
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._debugger = self.page.context.new_cdp_session(self.page)
        self._debugger.send("Accessibility.enable")
        self.arrive()

    def arrive(self) -> None:
        """On a new page: what stands in its live regions already is read as text, not announced."""
        self._fresh: dict[int, list[str]] = {}
        self._heard = {one.key: Counter(one.words) for one in self._read_regions()}

    def reach(self, role: str, name: str, key: str = "Tab") -> None:
        """Presses a key until something of this role whose name holds `name` has the focus."""
        passed: list[tuple[str, str] | None] = []
        for _ in range(MOST_STEPS):
            found = self._find_focus()
            passed.append(found)
            if found is not None and found[0] == role and name in found[1]:
                self._flush()
                self._note(f"focus  {role} «{found[1]}»")
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"No {role} named {name!r} is reached by {key}, but {list(dict.fromkeys(passed))}.")

    def press(self, role: str, name: str, key: str = "Enter") -> None:
        """Reaches it and presses a key there."""
        self.reach(role, name)
        self.page.keyboard.press(key)

    def write(self, name: str, words: str, key: str = "") -> None:
        """Reaches a field and types into it; then perhaps a key."""
        self.reach("textbox", name)
        self.page.keyboard.insert_text(words)
        if key:
            self.page.keyboard.press(key)

    def hear(self, *expected: str) -> None:
        """Waits until announcements since the last thing waited for hold each of these words."""
        deadline = time.monotonic() + PATIENCE
        while missing := [words for words in expected if not any(words in one for one in self._list_fresh())]:
            assert time.monotonic() < deadline, f"{missing} not announced: {self.transcript[-9:]} {self._list_fresh()}"
            self._listen()
            self.page.wait_for_timeout(40)
        self._flush()

    def _listen(self) -> None:
        """Keeps what the live regions say that they did not say before. A log that appears full is not announced."""
        for region in self._read_regions():
            before = self._heard.get(region.key)
            if before is None and region.is_log:
                self._heard[region.key] = Counter(region.words)
                continue
            left = Counter(before)
            for words in region.words:
                if left[words]:
                    left[words] -= 1
                else:
                    self._fresh.setdefault(region.key, []).append(words)
            self._heard[region.key] = Counter(region.words) | (before or Counter())

    def _list_fresh(self) -> list[str]:
        return [words for spoken in self._fresh.values() for words in spoken]

    def _flush(self) -> None:
        self._listen()
        for key in sorted(self._fresh, key=[one.key for one in self._read_regions()].index):
            for words in self._fresh[key]:
                self._note(f"said   «{words}»")
        self._fresh = {}

    def _note(self, line: str) -> None:
        for pattern, words in CHANGING:
            line = pattern.sub(words, line)
        self.transcript.append(line)

    def _read_tree(self) -> dict[str, Any]:
        nodes = self._debugger.send("Accessibility.getFullAXTree")["nodes"]
        return {node["nodeId"]: node for node in nodes}

    def _find_focus(self) -> tuple[str, str] | None:
        """Role and name of what has the focus; the innermost one, for the page itself counts as focused too."""
        found = None
        for node in self._read_tree().values():
            if _property(node, "focused") and _value(node, "role") != "RootWebArea":
                found = (_value(node, "role"), _value(node, "name"))
        return found

    def _read_regions(self) -> list[Region]:
        """The live regions in the tree's order."""
        tree, silent = self._read_tree(), self._find_silent()
        regions = []
        for node in tree.values():
            if _is_live(node) and not _is_live(tree.get(node.get("parentId", ""), {})):
                spoken = [words for words in _speak(tree, node, silent) if words not in self.passing]
                for passing in self.passing:
                    spoken = [words.removesuffix(passing).rstrip() for words in spoken]
                regions.append(Region(node["backendDOMNodeId"], _value(node, "role") == "log", spoken))
        return regions

    def _find_silent(self) -> set[int]:
        """Elements inside live regions that say of themselves that they are not: the tree does not tell."""
        document = self._debugger.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        silent: set[int] = set()
        waiting = [document]
        while waiting:
            node = waiting.pop()
            marks = node.get("attributes", [])
            if ("aria-live", "off") in zip(marks[::2], marks[1::2], strict=True):
                silent.add(node["backendNodeId"])
            waiting += [*node.get("children", ()), *node.get("shadowRoots", ())]
            waiting += [node["contentDocument"]] if "contentDocument" in node else []
        return silent


@dataclass(frozen=True)
class Region:
    """One live region and its words, one entry for each list item."""

    key: int
    is_log: bool
    words: list[str]


def _speak(tree: dict[str, Any], node: dict[str, Any], silent: set[int]) -> list[str]:
    """What is read of a live region: each list item as one sentence, else all its text as one."""
    items = [one for one in _below(tree, node) if _value(one, "role") == "listitem"]
    spoken = [" ".join(_texts(tree, one, silent)) for one in items or [node]]
    return [" ".join(words.split()) for words in spoken if words.strip()]


def _texts(tree: dict[str, Any], node: dict[str, Any], silent: set[int]) -> list[str]:
    if _value(node, "role") == "StaticText":
        return [_value(node, "name")]
    texts: list[str] = []
    for child in node.get("childIds", ()):
        found = tree.get(child)
        if found is not None and found.get("backendDOMNodeId") not in silent:
            texts += _texts(tree, found, silent)
    return texts


def _below(tree: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for child in node.get("childIds", ()):
        if child in tree:
            found += [tree[child], *_below(tree, tree[child])]
    return found


def _is_live(node: dict[str, Any]) -> bool:
    return _property(node, "live") in ("polite", "assertive")


def _property(node: dict[str, Any], name: str) -> Any:
    return next((one["value"].get("value") for one in node.get("properties", ()) if one["name"] == name), None)


def _value(node: dict[str, Any], name: str) -> str:
    return str(node.get(name, {}).get("value", ""))
