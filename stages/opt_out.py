"""What a page says of its use by machines: robots directives and TDM reservations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import Annotated, ClassVar

import pyarrow as pa
from annotated_types import Unit

from schemas.verdict import Verdict, keep, remove
from stages.base import DocumentStage, Judge, Positive, Row, one_by_one


class OptOutReason(StrEnum):
    """What a page can declare, and why it was removed."""

    NOAI = "noai"
    NOIMAGEAI = "noimageai"
    NOINDEX = "noindex"
    TDM_RESERVED = "tdm_reserved"


_DIRECTIVES: Mapping[str, OptOutReason] = {
    "noai": OptOutReason.NOAI,
    "noimageai": OptOutReason.NOIMAGEAI,
    "noindex": OptOutReason.NOINDEX,
    "none": OptOutReason.NOINDEX,  # noindex and nofollow
}
_WITH_VALUES = frozenset(
    ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
)
_EVERYONE = "robots"
_TDM = "tdm-reservation"

# Each alternative ends at the first thing that ends it, or the page, or has a bound: linear.
_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|title|noscript|template)\b.*?(?:</\1\s{0,10}>|\Z)"
    rb"|<(body)\b|<meta\b([^>]{0,1000})>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""([^\s=/"'>]{1,50})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One thing that a page declares, and where: ``meta NAME`` or ``header NAME``."""

    reason: OptOutReason
    where: str


def robots_directives(value: str, agents: frozenset[str], where: str) -> Iterator[Declaration]:
    """The declarations in a value of ``X-Robots-Tag``, or of a meta element for all robots.

    A name before a colon says for whom what follows is, up to the next one; ``agents`` are those
    that count beside everyone, in lower case.

    >>> [str(one.reason) for one in robots_directives("a-bot: noindex, nofollow", frozenset(), "")]
    []
    >>> [one.reason.value for one in robots_directives("NoAI, noindex", frozenset(), "")]
    ['noai', 'noindex']
    """
    counts = True
    for part in value.lower().split(","):
        name, colon, rest = part.strip().partition(":")
        directive = name.strip()
        if colon and directive not in _WITH_VALUES:
            counts = directive in (_EVERYONE, *agents)
            directive = rest.strip()
        if counts and directive in _DIRECTIVES:
            yield Declaration(_DIRECTIVES[directive], where)


def header_declarations(row: Row, agents: frozenset[str]) -> Iterator[Declaration]:
    """What the response's headers declare; each line of ``x_robots_tag`` was one of them."""
    for line in (row["x_robots_tag"] or "").split("\n"):
        yield from robots_directives(line, agents, "header X-Robots-Tag")
    if (row["tdm_reservation"] or "").strip() == "1":
        yield Declaration(OptOutReason.TDM_RESERVED, f"header {_TDM}")


def meta_declarations(head: bytes, agents: frozenset[str]) -> Iterator[Declaration]:
    """What the meta elements of a page's first bytes declare, up to its body.

    Comments, scripts and what is shown without scripts declare nothing. Names and values are ASCII
    in every encoding of the web but UTF-16, whose NULs are left out.

    >>> list(meta_declarations(b'<!-- <meta name=robots content=noai> --><p>', frozenset()))
    []
    """
    for tag in _TAG.finditer(head.replace(b"\0", b"")):
        if tag[2]:
            return
        if tag[3] is None:
            continue
        attributes = _attributes(tag[3].decode("latin-1"))
        name, content = attributes.get("name", "").strip().lower(), attributes.get("content", "")
        where = f"meta {name}"
        if name == _EVERYONE or name in agents:
            yield from robots_directives(content, agents, where)
        elif name == _TDM and content.strip() == "1":
            yield Declaration(OptOutReason.TDM_RESERVED, where)


def _attributes(written: str) -> dict[str, str]:
    """The attributes of an element, the first of a name."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found


@dataclass(frozen=True)
class OptOut(DocumentStage):
    """Write what a page declares of its use by machines; remove it for what is chosen.

    Sources: Robots meta tag and X-Robots-Tag as search engines document them (``noindex``,
    ``none``), DeviantArt's ``noai`` and ``noimageai``, and the TDM Reservation Protocol (W3C
    community group, 2024), header and meta. Deviation: of the protocol's third form, a file
    ``/.well-known/tdmrep.json`` of a site, a page says nothing; give its sites to ``url_filter``.
    """

    name: ClassVar[str] = "opt_out"
    reads: ClassVar[tuple[str, ...]] = ("body", "x_robots_tag", "tdm_reservation")
    writes: ClassVar[Mapping[str, pa.DataType]] = {"opt_out": pa.list_(pa.string())}

    removes: tuple[OptOutReason, ...] = (OptOutReason.NOAI, OptOutReason.TDM_RESERVED)
    """What a page leaves for: noai, noimageai, noindex, tdm_reserved; others are only written."""
    agents: tuple[str, ...] = ()
    """Names of robots whose directives count beside those for all, such as "ccbot"."""
    max_head_bytes: Annotated[Positive, Unit("bytes")] = 1 << 18
    """How far meta elements are looked for."""

    def open(self) -> Judge:
        """Nothing to load."""
        agents = frozenset(agent.lower() for agent in self.agents)
        return one_by_one(lambda row: self._judge(row, agents))

    def _judge(self, row: Row, agents: frozenset[str]) -> Verdict:
        head = (row["body"] or b"")[: self.max_head_bytes]
        found = dict.fromkeys([*header_declarations(row, agents), *meta_declarations(head, agents)])
        columns = {"opt_out": _written(list(found)) or None}
        for one in found:
            if one.reason in self.removes:
                return remove(one.reason, f"{one.reason} in {one.where}", columns)
        return keep(columns)


def _written(found: Sequence[Declaration]) -> list[str]:
    return [f"{one.reason} ({one.where})" for one in found]
