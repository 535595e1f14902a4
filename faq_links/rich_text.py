"""Markdown → the small tree the widget draws → HTML for mails and hub pages. HTML in it stays text.

Pictures stand in the HTML alone: the widget draws a fixed list of tags, and shows their alternative text instead; the
app's own drawings only repeat what their step says, and are left out there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from typing import Literal, NotRequired, TypedDict
from urllib.parse import quote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

Tag = Literal["p", "h3", "ul", "ol", "li", "strong", "em", "code", "br", "a", "img"]


class Element(TypedDict):
    """One element of the tree; `href` only on `a`, and only an address that passed `is_safe_link`. `img` stands only in
    trees that were parsed with pictures: `src` passed `is_safe_picture` or `is_own_drawing`, its words are its
    alternative text."""

    tag: Tag
    href: NotRequired[str]
    src: NotRequired[str]
    children: list[Node]


Node = str | Element
"""A string is text, never markup."""

_TAGS: dict[str, Tag] = {
    "paragraph": "p",
    "heading": "h3",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "strong": "strong",
    "em": "em",
}
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_INVISIBLE = re.compile(
    r"[\x00-\x20\x7f\u200b-\u200f\u2028\u2029]|%(?:0[0-9a-f]|1[0-9a-f]|20|7f)", re.IGNORECASE
)
_ODD_IN_PICTURE = re.compile(r"[\x00-\x20\x7f\\\u200b-\u200f\u2028\u2029]")
_DRAWING = re.compile(r"/static/guide/[a-z]+\.svg")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}\n]{1,80}?)\s*\}\}")
_ENCODED_BRACES = re.compile(r"%7B%7B(.{1,80}?)%7D%7D", re.IGNORECASE)


def is_safe_link(address: str) -> bool:
    """True for http, https, mailto and relative addresses; browsers skip control characters, so we do too."""
    bare = _INVISIBLE.sub("", unescape(address))
    scheme = _SCHEME.match(bare)
    if scheme is None:
        # A colon before the path is a scheme in disguise or a mistake.
        return bool(bare) and ":" not in re.split(r"[/?#]", bare, maxsplit=1)[0]
    return scheme.group(1).lower() in _SAFE_SCHEMES


def is_safe_picture(address: str) -> bool:
    """True for a whole https address without a user name in it. Whatever else stands in it is only asked for."""
    try:
        parts = urlsplit(address)
        odd = _ODD_IN_PICTURE.search(address) or "@" in parts.netloc or "%" in parts.netloc
        return not odd and parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False


def is_own_drawing(address: str) -> bool:
    """True for a drawing that the app brings for the articles it begins with (`plugin/web/static/guide`)."""
    return bool(_DRAWING.fullmatch(address))


def read_tokens(source: str) -> list[Token]:
    """The tokens of Markdown, as the tree is made of them; each block says on which lines it stood."""
    return _parser().parse(source)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    # Unsafe links must reach the tree builder, which keeps their words and drops their address; the library
    # would print the Markdown source instead.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def parse_markdown(source: str, *, pictures: bool = False) -> tuple[Node, ...]:
    """Markdown as tree nodes, with `pictures` also those. Never raises: what is not understood is text."""
    root: list[Node] = []
    stack: list[list[Node]] = [root]
    for token in read_tokens(source):
        _add_token(token, stack, pictures)
    return tuple(root)


def _add_token(token: Token, stack: list[list[Node]], pictures: bool) -> None:
    kind = token.type
    if kind == "inline":
        for child in token.children or []:
            _add_token(child, stack, pictures)
    elif kind in ("text", "html_inline", "html_block", "text_special"):
        _add_text(stack[-1], token.content)
    elif kind == "softbreak":
        _add_text(stack[-1], " ")
    elif kind == "hardbreak":
        stack[-1].append({"tag": "br", "children": []})
    elif kind == "image":
        src = str(token.attrs.get("src", ""))
        if pictures and (is_safe_picture(src) or is_own_drawing(src)):
            stack[-1].append({"tag": "img", "src": src, "children": [token.content]})
        elif is_own_drawing(src):
            _end_text(stack[-1])
        else:
            _add_text(stack[-1], token.content)
    elif kind == "code_inline":
        stack[-1].append({"tag": "code", "children": [token.content]})
    elif kind in ("fence", "code_block"):
        code: Element = {"tag": "code", "children": [token.content.rstrip("\n")]}
        stack[-1].append({"tag": "p", "children": [code]})
    elif token.nesting == 1:
        _open_element(token, stack)
    elif token.nesting == -1:
        stack.pop()


def _open_element(token: Token, stack: list[list[Node]]) -> None:
    name = token.type.removesuffix("_open")
    if name == "link":
        href = str(token.attrs.get("href", ""))
        if not is_safe_link(href):
            stack.append(stack[-1])
            return
        element: Element = {"tag": "a", "href": href, "children": []}
    elif name in _TAGS and not token.hidden:
        element = {"tag": _TAGS[name], "children": []}
    else:
        # Hidden paragraphs of tight lists, quotes: their children belong to the parent.
        stack.append(stack[-1])
        return
    stack[-1].append(element)
    stack.append(element["children"])


def _add_text(children: list[Node], text: str) -> None:
    if children and isinstance(children[-1], str):
        children[-1] += text
    elif text:
        children.append(text)


def _end_text(children: list[Node]) -> None:
    """Without the blank that stood before what is left out."""
    if children and isinstance(children[-1], str):
        children[-1] = children[-1].rstrip(" ")


def fill_text(text: str, answers: Callable[[str], str | None]) -> str:
    """`text` with `{{name}}` replaced; a name without answer stays. A full stop is not doubled, and the lines of an
    answer run on."""

    def replace(found: re.Match[str]) -> str:
        answer = answers(found.group(1))
        if answer is None:
            return found.group(0)
        answer = answer.replace("\n", " ")
        doubled = answer.endswith((".", "!", "?", "…")) and text[found.end() : found.end() + 1] == "."
        return answer.rstrip(".!?…") if doubled else answer

    return PLACEHOLDER.sub(replace, text)


def fill_nodes(nodes: Iterable[Node], answers: Callable[[str], str | None]) -> tuple[Node, ...]:
    """The tree with answers put in as text: an answer can never become markup or an unsafe link. One of several lines
    that is all of a list item becomes an item per line."""
    filled: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            filled.append(fill_text(node, answers))
            continue
        if lines := _lines_of_item(node, answers):
            filled.extend({"tag": "li", "children": [line]} for line in lines)
            continue
        children = list(fill_nodes(node["children"], answers))
        if "src" in node:
            filled.append({"tag": "img", "src": node["src"], "children": children})
            continue
        if "href" not in node:
            filled.append({"tag": node["tag"], "children": children})
            continue
        href = fill_text(_ENCODED_BRACES.sub(r"{{\1}}", node["href"]), lambda name: _quoted(answers(name)))
        if is_safe_link(href):
            filled.append({"tag": "a", "href": href, "children": children})
        else:
            filled.extend(children)
    return tuple(filled)


def _lines_of_item(node: Element, answers: Callable[[str], str | None]) -> list[str]:
    """The lines of the answer that is all of a list item; none where there is more in it, or no answer."""
    words = node["children"][0] if node["tag"] == "li" and len(node["children"]) == 1 else None
    alone = PLACEHOLDER.fullmatch(words) if isinstance(words, str) else None
    answer = answers(alone.group(1)) if alone else None
    return answer.split("\n") if answer else []


def _quoted(answer: str | None) -> str | None:
    return None if answer is None else quote(answer.replace("\n", " "), safe=":/?#@!$&'()*+,;=%~")


def escape_markdown(text: str) -> str:
    """Plain text as Markdown that renders to the same text."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&])", r"\\\1", text)


def plain_text(nodes: Iterable[Node]) -> str:
    """The words of a tree, blocks on lines of their own."""
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        else:
            parts.append(plain_text(node["children"]))
            if node["tag"] in ("p", "h3", "li", "br"):
                parts.append("\n")
    return re.sub(r"\n{2,}", "\n", "".join(parts)).strip(" ")


def render_html(nodes: Iterable[Node]) -> str:
    """The tree as HTML; the only markup in it is the allow-list of `Tag`."""
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(escape(node))
        elif node["tag"] == "br":
            parts.append("<br>")
        elif node["tag"] == "img":
            alt = escape(plain_text(node["children"]))
            parts.append(f'<img src="{escape(node.get("src", ""))}" alt="{alt}" loading="lazy">')
        elif node["tag"] == "a":
            href = escape(node.get("href", ""))
            parts.append(f'<a href="{href}" rel="noopener noreferrer">{render_html(node["children"])}</a>')
        else:
            parts.append(f"<{node['tag']}>{render_html(node['children'])}</{node['tag']}>")
    return "".join(parts)
