"""A page's HTML as a tree, parsed once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from models.kernels.arrays import UInt8Array
from models.kernels.compile import kernel

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Bytes of UTF-8: C2 begins U+0080 to U+00BF, EF BF begins U+FFC0 to U+FFFF.
_TAB, _LINE_FEED, _FORM_FEED, _RETURN, _SPACE = b"\t\n\f\r "
_DELETE, _NEL, _NO_BREAK_SPACE, _C1_LEAD = 0x7F, 0x85, 0xA0, 0xC2
_LAST_LEAD, _CONTINUED, _NONCHARACTER = 0xEF, 0xBF, 0xBE

# What XML cannot hold, DEL and the C1 controls; lone surrogates cannot be encoded either.
_UNFIT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Within the first a page can go on: these end tags close nothing (HTML Standard, 13.2.6.4.19), and
# what stands behind them is the body's. libxml2 reads nothing behind ``</html>``.
_END = re.compile(r"</(?:body|html)\s{0,100}>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


def remove_unfit(text: str) -> str:
    r"""The text without control characters (but tab, line feeds and NEL) and lone surrogates.

    >>> remove_unfit("a\x00b\ud800c\n")
    'abc\n'
    """
    return _UNFIT.sub("", text) if _UNFIT.search(text) else text


def parse(html: str) -> Element | None:
    """The ``html`` element of a page, or None if there is no element in it.

    Broken markup is repaired as libxml2 does, but that a page goes on behind its first ``</body>``
    or ``</html>``, and that ``noframes`` is read. Comments and instructions are left out.

    >>> [p.text for p in parse("<body><p>one</body></html><p>two").iter("p")]
    ['one', 'two']
    """
    from lxml import etree

    # A parser of its own for each page: nothing of one page can reach the next. Not lxml.html's,
    # which looks the class of each element up in Python: a sixth of the time of reading a page.
    parser = etree.HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    body = _encode(_go_on(_XML_DECLARATION.sub("", html, count=1)))
    if not body or body.isspace():
        return None
    try:
        tree = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError:  # only comments, for one
        return None
    if tree is not None:
        _open_noframes(tree)
    return tree


def _go_on(html: str) -> str:
    """The page without the end tags that more of it follows."""
    first = _END.search(html)
    if first is None or not _END.sub("", html[first.end() :]).strip():
        return html
    return _END.sub("", html)


def _open_noframes(tree: Element) -> None:
    """Put what ``noframes`` holds into the tree: a parser takes it for text."""
    for element in list(tree.iter("noframes")):
        inner = parse(element.text or "") if "<" in (element.text or "") else None
        if inner is not None:
            element.text = None
            element.append(inner)


def _encode(html: str) -> bytes:
    """The fit text in UTF-8. Looking for what is unfit in the bytes is three times as fast."""
    try:
        body = html.encode()
    except UnicodeEncodeError:
        return remove_unfit(html).encode()
    is_fit = not _has_unfit(np.frombuffer(body, np.uint8))
    return body if is_fit else remove_unfit(html).encode()


@kernel()
def _has_unfit(body: UInt8Array) -> bool:
    """Whether UTF-8 has a character that does not fit. Most bytes are neither low nor of those."""
    for at in range(len(body)):
        byte = body[at]
        if byte < _SPACE:
            if byte not in (_TAB, _LINE_FEED, _FORM_FEED, _RETURN):
                return True
        elif byte == _DELETE:
            return True
        elif byte == _C1_LEAD:
            following = body[at + 1]
            if following < _NO_BREAK_SPACE and following != _NEL:
                return True
        elif byte == _LAST_LEAD and body[at + 1] == _CONTINUED and body[at + 2] >= _NONCHARACTER:
            return True
    return False
