"""What the names in ``class`` and ``id`` of an element say, as bit sets."""

from __future__ import annotations

import re
from functools import lru_cache

# In English and in pinyin.
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


@lru_cache(maxsize=1 << 14)
def names_in(label: str) -> int:
    """The bit set of the names of an element; a page repeats the same few hundred."""
    own = 0
    for token in _DIGITS.sub("", label[:MAX_NAME_CHARS].lower()).split():
        own |= _names(token)
    return own


@lru_cache(maxsize=1 << 14)
def first_class(label: str) -> str:
    """The first of the classes, without digits.

    >>> first_class("post-12 wide")
    'post-'
    """
    return _DIGITS.sub("", label.split(maxsplit=1)[0]) if label.strip() else ""


@lru_cache(maxsize=1 << 16)
def _names(token: str) -> int:
    """The bit set of one name; the same few thousand names fill the web's pages."""
    return sum(1 << bit for bit, name in enumerate(_NAMES) if name.search(token))
