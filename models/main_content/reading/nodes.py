"""The block elements of a page: what trees, layout and lines know of where a block stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.main_content.reading.names import first_class, names_in

CONTEXTS = (
    "nav", "header", "footer", "aside", "form", "table", "ul", "ol", "article", "main", "section",
    "figure", "blockquote", "pre", "dl", "details", "address", "noscript", "button",
)  # fmt: skip
ROLES = {"navigation": "nav", "contentinfo": "footer", "main": "main", "complementary": "aside"}
_CONTEXT_BITS = {context: 1 << bit for bit, context in enumerate(CONTEXTS)}


@dataclass(slots=True)
class Nodes:
    """The block elements of a page in document order, one list entry each; 0 is the body.

    ``own``, ``near`` (own and parent's) and ``inherited`` are bit sets over ``NAMES``,
    ``contexts`` over ``CONTEXTS`` (inherited). ``signature`` is tag and classes, ``kind`` tag and
    first class without digits. ``row`` is the table row it stands in, or -1. ``covered`` says that
    a browser does not show it, ``hidden`` that, or that a screen reader does not.
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
    covered: list[bool] = field(default_factory=lambda: [False])
    signature: list[str] = field(default_factory=lambda: ["body"])
    row: list[int] = field(default_factory=lambda: [-1])

    def add(self, element: Any, label: str, parent: int, *, is_covered: bool) -> int:
        """Record an element with the classes ``label`` under a parent; its number."""
        tag, name = element.tag, element.get("id")
        own = names_in(f"{label} {name}" if name else label)
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
        self.covered.append(is_covered or self.covered[parent])
        is_hidden = is_covered or self.hidden[parent] or element.get("aria-hidden") == "true"
        self.hidden.append(1 if is_hidden else 0)
        self.signature.append(f"{tag}.{label}")
        self.kind.append(f"{tag}.{first_class(label)}" if label else tag)
        self.row.append(number if tag == "tr" else self.row[parent])
        return number
