"""A page as blocks of text in reading order, each with the elements that it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

SKIPPED = frozenset((
    "applet", "audio", "base", "canvas", "datalist", "embed", "frameset", "head",
    "iframe", "input", "link", "map", "math", "meta", "meter", "noframes", "object",
    "option", "progress", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
))  # fmt: skip
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rb", "rp", "rt",
    "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr",
))  # fmt: skip
LINE_BREAKS = frozenset(("br", "hr"))

CONTEXTS = (
    "nav", "header", "footer", "aside", "form", "table", "ul", "ol", "article", "main", "section",
    "figure", "blockquote", "pre", "dl", "details", "address", "noscript", "button",
)  # fmt: skip
ROLES = {"navigation": "nav", "contentinfo": "footer", "main": "main", "complementary": "aside"}

# What the names in class and id say, in English and in pinyin.
NAMES = {
    "navigation": r"nav|menu|crumb|toolbar|sitemap|daohang|caidan",
    "footer": r"foot|copyright|bottom|colophon|legal|banquan|dibu",
    "header": r"header|masthead|logo|top",
    "side": r"side|aside|rail|right|left|secondary|widget|cebian",
    "comment": r"comment|repl(?:y|ies)|discuss|disqus|respond|pinglun|huifu",
    "related": r"relat|recommend|similar|also|more|suggest|popular|hot|trending|latest|upsell"
    r"|cross-?sell|xiangguan|tuijian|remen",
    "share": r"share|social|sns|follow|subscribe|newsletter|sign-?up|fenxiang",
    "advertisement": r"\bads?\b|\bad[-_]|advert|promo|banner|sponsor|guanggao",
    "source": r"meta|author|byline|date|time|tag|categor|info|source|credit|caption|laiyuan|zuozhe",
    "popup": r"cookie|consent|gdpr|popup|modal|overlay|dialog|login|toast|alert|denglu",
    "content": r"content|article|entry|\bbody|text|main|story|detail|zhengwen|neirong|wenzhang",
    "post": r"post|thread|topic|message|msg|forum|question|answer|tiezi",
    "product": r"product|item|price|cart|shop|goods|sku|variant|chanpin|shangpin",
    "description": r"desc|summary|intro|overview|feature|spec|excerpt|jianjie|zhaiyao",
    "review": r"review|rating|testimonial|star",
    "list": r"list|grid|card|row|tile|carousel|slider|swiper|gallery|tab\b|accordion|faq|liebiao",
    "paging": r"pagin|pager|next|prev|fenye",
    "title": r"title|heading|headline|biaoti",
    "hidden": r"hidden|hide|sr-only|visually|screen-reader|skip|print",
    "search": r"search|filter|sort|facet|refine|sousuo",
    "section": r"hero|cta|callout|section|block|wysiwyg|rte|rich|prose|markdown|markup|editor",
}
MAX_NAME_CHARS = 300
_NAMES = [re.compile(pattern) for pattern in NAMES.values()]
_DIGITS = re.compile(r"[0-9]+")
_CONTEXT_BITS = {context: 1 << bit for bit, context in enumerate(CONTEXTS)}
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A run of text between two boundaries of block elements, white space collapsed."""

    text: str
    link_chars: int
    links: int
    strong_chars: int
    node: int


@dataclass(slots=True)
class Nodes:
    """The block elements of a page in document order, one list entry each; 0 is the body.

    ``own``, ``near`` (own and parent's) and ``inherited`` are bit sets over ``NAMES``,
    ``contexts`` over ``CONTEXTS`` (inherited). ``signature`` is tag and classes, ``kind`` tag and
    first class without digits. ``row`` is the table row it stands in, or -1.
    """

    parent: list[int] = field(default_factory=lambda: [-1])
    tag: list[str] = field(default_factory=lambda: ["body"])
    depth: list[int] = field(default_factory=lambda: [0])
    own: list[int] = field(default_factory=lambda: [0])
    near: list[int] = field(default_factory=lambda: [0])
    inherited: list[int] = field(default_factory=lambda: [0])
    contexts: list[int] = field(default_factory=lambda: [0])
    kind: list[str] = field(default_factory=lambda: ["body"])
    hidden: list[int] = field(default_factory=lambda: [0])
    signature: list[str] = field(default_factory=lambda: ["body"])
    row: list[int] = field(default_factory=lambda: [-1])

    def add(self, element: Any, parent: int) -> int:
        """Record an element under a parent; its number."""
        tag, label, name = element.tag, element.get("class") or "", element.get("id")
        own = _names_in(f"{label} {name}" if name else label)
        number = len(self.parent)
        self.parent.append(parent)
        self.tag.append(tag)
        self.depth.append(self.depth[parent] + 1)
        self.own.append(own)
        self.near.append(own | self.own[parent])
        self.inherited.append(own | self.inherited[parent])
        role = element.get("role")
        bit = _CONTEXT_BITS.get(ROLES.get(role, tag) if role else tag, 0)
        self.contexts.append(self.contexts[parent] | bit)
        self.hidden.append(1 if self.hidden[parent] or _is_hidden(element) else 0)
        self.signature.append(f"{tag}.{label}")
        self.kind.append(f"{tag}.{_first_class(label)}" if label else tag)
        self.row.append(number if tag == "tr" else self.row[parent])
        return number


@lru_cache(maxsize=1 << 14)
def _names_in(label: str) -> int:
    """The bit set of the names of an element; a page repeats the same few hundred."""
    own = 0
    for token in _DIGITS.sub("", label[:MAX_NAME_CHARS].lower()).split():
        own |= _names(token)
    return own


@lru_cache(maxsize=1 << 14)
def _first_class(label: str) -> str:
    return _DIGITS.sub("", label.split(maxsplit=1)[0]) if label.strip() else ""


@lru_cache(maxsize=1 << 16)
def _names(token: str) -> int:
    """The bit set of one name; the same few thousand names fill the web's pages."""
    return sum(1 << bit for bit, name in enumerate(_NAMES) if name.search(token))


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    return (
        (style is not None and _INVISIBLE.search(style) is not None)
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    )


class _Reader:
    """Collects runs of text and cuts a block at each boundary."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.nodes = Nodes()
        self.runs: list[str] = []
        self.link_chars = self.links = self.strong_chars = 0

    def take(self, text: str | None, in_link: bool, in_strong: bool) -> None:
        if text:
            self.runs.append(text)
            if in_link:
                self.link_chars += len(text.strip())
            if in_strong:
                self.strong_chars += len(text.strip())

    def cut(self, node: int) -> None:
        if not self.runs:
            return
        text = " ".join("".join(self.runs).split())
        self.runs.clear()
        if text:
            linked, strong = min(self.link_chars, len(text)), min(self.strong_chars, len(text))
            self.blocks.append(Block(text, linked, self.links, strong, node))
        self.link_chars = self.links = self.strong_chars = 0


def read_blocks(tree: Any) -> tuple[list[Block], Nodes]:
    """Blocks of text and block elements of a page. Nesting of any depth is read without recursion.

    A line break ends a block: old Chinese pages hold a whole article, and the menu, in one cell.
    """
    body = tree.find("body")
    root = tree if body is None else body
    reader = _Reader()
    reader.take(root.text, in_link=False, in_strong=False)
    stack = [(root, iter(root), 0, False, False)]
    while stack:
        element, children, node, in_link, in_strong = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if not stack or element.tag not in INLINE:
                reader.cut(node)
            if stack:
                reader.take(element.tail, stack[-1][3], stack[-1][4])
            continue
        tag = child.tag
        if tag in LINE_BREAKS or tag in SKIPPED or not isinstance(tag, str):
            if tag in LINE_BREAKS:
                reader.cut(node)
            reader.take(child.tail, in_link, in_strong)
            continue
        if tag in INLINE:
            reader.links += tag == "a"
            link, strong = in_link or tag == "a", in_strong or tag in {"b", "strong"}
            inner = node
        else:
            reader.cut(node)
            link, strong, inner = in_link, in_strong, reader.nodes.add(child, node)
        reader.take(child.text, link, strong)
        stack.append((child, iter(child), inner, link, strong))
    return reader.blocks, reader.nodes
