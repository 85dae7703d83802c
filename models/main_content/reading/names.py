"""What the names in ``class`` and ``id`` of an element say, as bit sets.

A page has some hundred distinct ones, of which most are met for the first time: a compiled loop
looks for all names at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from models.kernels.arrays import Int16Array, Int32Array, Int64Array, UInt8Array
from models.kernels.compile import inlined, kernel
from models.main_content.reading.page_elements import PageElements, distinct
from models.main_content.reading.words import VALUED
from models.main_content.trie import Trie, make_trie

# In English and in pinyin.
NAMES = {
    "navigation": r"nav|menu|crumb|toolbar|sitemap|daohang|caidan",
    "footer": r"foot|copyright|bottom|colophon|legal|banquan|dibu",
    "header": r"header|masthead|logo|top",
    "side": r"side|aside|rail|right|left|secondary|widget|cebian",
    "comment": r"comment|reply|replies|discuss|disqus|respond|pinglun|huifu",
    "related": r"relat|recommend|similar|also|more|suggest|popular|hot|trending|latest|upsell"
    r"|crosssell|cross-sell|xiangguan|tuijian|remen",
    "share": r"share|social|sns|follow|subscribe|newsletter|signup|sign-up|fenxiang",
    "advertisement": r"\bads\b|\bad\b|\bad-|\bad_|advert|promo|banner|sponsor|guanggao",
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
"""Alternatives of plain text, some of which begin or end a word."""

MAY_BE_CODE, MAY_UNFOLD, MAY_EDIT = (1 << len(NAMES) + bit for bit in range(3))
"""Set beside the names where others need a closer look."""

_CODE = (
    "code|highlight|hljs|hl-main|dp-|listing|syntax|prettyprint|crayon|enlighter|lntable|linenums"
    "|js-file|pre-numbering|line-num|line_num|lines-num|linenum|lineno|gutter|blob-num"
    r"|lnum|\bln\b|\blnt\b|geshi|source-|cm-content|\bfragment\b|\bline\b"
)
_OTHERS = (
    _CODE,
    "accordion|collaps|colla-|tab|faq|toggle|panel|answer|expand|slide|carousel|readmore|read-more",
    r"edit|backlink|backword|pstatus|\blang\b|code-lang",
)
_MAY_BE_ANY = MAY_BE_CODE | MAY_UNFOLD | MAY_EDIT
MAX_NAME_CHARS = 300
_PATTERNS = [re.compile(pattern) for pattern in NAMES.values()]
_DIGITS = re.compile(r"[0-9]+")
_READ_COLUMNS = [VALUED.index(name) for name in ("class", "id", "role")]
_NOT_ASCII = 0x80
_AMPERSAND, _SEMICOLON, _LINE, _SMALL_A, _SMALL_Z, _ZERO, _NINE = b"&;_az09"


def names_in(label: str) -> int:
    """The bit set of the names of an element, by its first ``MAX_NAME_CHARS`` characters.

    >>> names_in("Nav2 x") == 1 << [*NAMES].index("navigation"), names_in("x")
    (True, 0)
    """
    bare = _DIGITS.sub("", label[:MAX_NAME_CHARS].lower())
    return sum(
        1 << bit for bit, pattern in enumerate(_PATTERNS) if any(map(pattern.search, bare.split()))
    )


@cache
def _trie() -> Trie:
    return make_trie((*NAMES.values(), *_OTHERS), codes=256)


def names_of_page(page: PageElements) -> Int64Array:
    """The bit set of each class, id and role of a page by its entry; the last, of -1, is 0.

    Beside the names, those of ``_MAY_BE_ANY`` are set that have to be looked at.
    """
    entries = distinct(page.values[:, _READ_COLUMNS], len(page.spans))
    spans, found = page.spans[entries], np.empty(len(entries), np.int64)
    source = np.frombuffer(page.source, np.uint8)
    bare = np.empty(MAX_NAME_CHARS, np.uint8)
    _find_names(source, page.is_escaped, spans, *_trie(), bare, found)
    for number in np.flatnonzero(found < 0).tolist():
        found[number] = names_in(page.names[entries[number]]) | _MAY_BE_ANY
    by_entry = np.zeros(len(page.spans) + 1, np.int64)
    by_entry[entries] = found
    return by_entry


@kernel()
def _find_names(  # noqa: C901, PLR0917 -- one loop, compiled
    source: UInt8Array,
    is_escaped: bool,
    spans: Int32Array,
    letters: Int16Array,
    following: Int16Array,
    ends: Int64Array,
    bare: UInt8Array,
    found: Int64Array,
) -> None:
    """Set the bits of each span of HTML; -1 for one that is not plain ASCII."""
    for number in range(len(spans)):
        size = own = 0
        at, end = spans[number]
        is_long = end > at + MAX_NAME_CHARS
        if is_long:
            end = at + MAX_NAME_CHARS
            own = _MAY_BE_ANY
        while at < end:
            code = source[at]
            if code >= _NOT_ASCII or (is_escaped and code == _AMPERSAND and is_long):
                size = 0
                own = -1
                break
            if not _ZERO <= code <= _NINE:
                bare[size] = code
                size += 1
            if is_escaped and code == _AMPERSAND:  # a reference is of no name, nor of a word
                while source[at] != _SEMICOLON:
                    at += 1
            at += 1
        for place in range(size):
            node, at = 0, place
            while at < size:
                node = following[node, letters[bare[at]]]
                if not node:
                    break
                at += 1
                own |= ends[node, 0]
                if ends[node, 1] | ends[node, 2] | ends[node, 3]:
                    begins = place == 0 or not _is_word(bare[place - 1])
                    stops = at == size or not _is_word(bare[at])
                    own |= ends[node, 1] * begins | ends[node, 2] * stops
                    own |= ends[node, 3] * (begins and stops)
        found[number] = own


@inlined
def _is_word(code: int) -> bool:
    """Whether a character of ASCII, no digit, is of a word."""
    return code == _LINE or _SMALL_A <= code | 0x20 <= _SMALL_Z


def first_classes(labels: Sequence[str]) -> list[str]:
    """The first of the classes of some elements, without digits.

    >>> first_classes(["post-12 wide", ""])
    ['post-', '']
    """
    firsts = [words[0] if (words := label.split(maxsplit=1)) else "" for label in labels]
    return _DIGITS.sub("", "\0".join(firsts)).split("\0") if firsts else []
