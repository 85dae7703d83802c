"""A page's HTML: its elements as arrays, and as a tree for what asks for one."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from models.kernels.arrays import UInt8Array
from models.kernels.compile import inlined, kernel
from models.main_content.reading.formulas import has_formulas
from models.main_content.reading.html.parse import PADDING
from models.main_content.reading.page_elements import PageElements, read_elements, read_html

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Bytes of UTF-8: C2 begins U+0080 to U+00BF, EF BF begins U+FFC0 to U+FFFF.
_TAB, _VERTICAL_TAB, _RETURN, _SPACE, _LESS, _SLASH = map(np.uint8, b"\t\v\r </")
_B, _H, _O, _R, _T, _LOWER = map(np.uint8, b"bhort ")
_DELETE, _NEL, _NO_BREAK_SPACE, _C1_LEAD = map(np.uint8, b"\x7f\x85\xa0\xc2")
_LAST_LEAD, _CONTINUED, _NONCHARACTER = map(np.uint8, b"\xef\xbf\xbe")
_STRETCH = 1 << 12  # bytes
_MARK = "\ufeff".encode()

# What XML cannot hold, DEL and the C1 controls; lone surrogates cannot be encoded either.
_UNFIT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Within the first a page can go on: these end tags close nothing (HTML Standard, 13.2.6.4.19), and
# what stands behind them is the body's. libxml2 reads nothing behind ``</html>``.
_END = re.compile(r"</(?:body|html)\s{0,100}>", re.IGNORECASE)
# These begin a line (13.2.6.4.7, "br" end tags); to libxml2 they are nothing.
_BREAK_END = re.compile(r"</br(?=[\s/>])[^>]{0,100}>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


def remove_unfit(text: str) -> str:
    r"""The text without control characters (but tab, line feeds and NEL) and lone surrogates.

    >>> remove_unfit("a\x00b\ud800c\n")
    'abc\n'
    """
    return _UNFIT.sub("", text) if _UNFIT.search(text) else text


def read(html: str, encoded: bytes | None = None) -> PageElements | None:
    """The elements of a page, or None if there is none in it.

    They are those of `parse`; a page with formulas or ``noframes`` is read from its tree.
    ``encoded`` is the page in UTF-8, where that is known.

    >>> page = read("<body><p>one</body></html><p>two")
    >>> [page.string_of(element) for element in page.named("p").tolist()]
    ['one', 'two']
    """
    body = _encode(html, encoded)
    page = read_html(body, partial(_parse, body))
    if page is None or not (has_formulas(page) or len(page.named("noframes"))):
        return page
    return read_elements(page.tree)


def parse(html: str) -> Element | None:
    """The ``html`` element of a page, or None if there is no element in it.

    Broken markup is repaired as libxml2 does, but that a page goes on behind its first ``</body>``
    or ``</html>``, that ``</br>`` ends a line, and that ``noframes`` is read. Comments and
    instructions are left out.

    >>> [p.text for p in parse("<body><p>one</body></html><p>two").iter("p")]
    ['one', 'two']
    """
    return _parse(_encode(html, None))


def _parse(padded: bytes) -> Element | None:
    """The tree of a page that ends with ``PADDING``."""
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
    body = padded.removesuffix(PADDING)
    if not body or body.isspace():
        return None
    try:
        tree = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError:  # only comments, for one
        return None
    if tree is not None:
        _open_noframes(tree)
    return tree


def _mend_ends(html: str) -> str:
    """The page, or the end of one, with the end tags that mean something else to a browser mended.

    Those that more of it follows are left out, and ``</br>`` is ``<br>``.
    """
    html = _BREAK_END.sub("<br>", html)
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


def _encode(html: str, encoded: bytes | None) -> bytes:
    """The fit text of a page that goes on, in UTF-8, without XML's declaration; then ``PADDING``.

    Looking through bytes takes a tenth of the time of patterns over text.
    """
    declaration = _XML_DECLARATION.match(html)
    if declaration:
        html, encoded = html[declaration.end() :], None
    if encoded is None:
        try:
            encoded = html.encode()
        except UnicodeEncodeError:
            return _repaired(html)
    padded = encoded.removeprefix(_MARK) + PADDING
    is_unfit, first_end = _look_through(np.frombuffer(padded, np.uint8))
    if is_unfit:
        return _repaired(html)
    behind = padded[first_end:].removesuffix(PADDING).decode()
    rest = _mend_ends(behind)
    return padded if rest == behind else padded[:first_end] + rest.encode() + PADDING


def _repaired(html: str) -> bytes:
    """The same of a page with characters that do not fit."""
    return remove_unfit(_mend_ends(html)).encode().removeprefix(_MARK) + PADDING


@kernel()
def _look_through(body: UInt8Array) -> tuple[bool, int]:
    """Whether UTF-8 has a character that does not fit, and where its first end tag of those may be.

    Behind the page stands ``PADDING``. A stretch at a time, in which nothing is decided, and
    where each array is read from its beginning: so 32 bytes are looked at at once.
    """
    size = len(body) - len(PADDING)
    first_end = size
    for start in range(0, size, _STRETCH):
        stop = min(start + _STRETCH, size)
        one, two = body[start:stop], body[start + 1 : stop + 1]
        three, four = body[start + 2 : stop + 2], body[start + 3 : stop + 3]
        is_unfit = may_end = False
        for at in range(len(one)):
            is_unfit |= _is_unfit(one[at], two[at], three[at])
            may_end |= _may_end(one[at], two[at], three[at], four[at])
        if is_unfit:
            return True, 0
        if may_end and first_end == size:
            at = 0
            while not _may_end(one[at], two[at], three[at], four[at]):
                at += 1
            first_end = start + at
    return False, first_end


@inlined
def _is_unfit(one: np.uint8, two: np.uint8, three: np.uint8) -> bool:
    """Whether a character of ``_UNFIT`` begins so in UTF-8."""
    is_control = (one < _SPACE) & ((one < _TAB) | (one > _RETURN) | (one == _VERTICAL_TAB))
    is_c1 = (one == _C1_LEAD) & (two < _NO_BREAK_SPACE) & (two != _NEL)
    is_last = (one == _LAST_LEAD) & (two == _CONTINUED) & (three >= _NONCHARACTER)
    return is_control | (one == _DELETE) | is_c1 | is_last


@inlined
def _may_end(one: np.uint8, two: np.uint8, three: np.uint8, four: np.uint8) -> bool:
    """Whether it is ``</bo``, ``</br`` or ``</ht``, in either case."""
    three, four = three | _LOWER, four | _LOWER
    is_name = (three == _B) & ((four == _O) | (four == _R))
    is_name |= (three == _H) & (four == _T)
    return (one == _LESS) & (two == _SLASH) & is_name
