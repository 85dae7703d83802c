"""How libxml2 repairs markup, as numbers: what tags close, imply and hold.

Measured on lxml 6.1 (libxml2 2.14), and compared with it in the tests: every pair of names.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from models.kernels.arrays import BoolArray, UInt8Array

VOID: Final = (
    "area", "base", "basefont", "br", "col", "frame", "hr", "img", "input", "isindex", "link",
    "meta", "param",
)  # fmt: skip
"""Elements without an end."""

PLAIN, REFERENCES, RAW, SCRIPT, ESCAPED, TWICE_ESCAPED, TO_THE_END = range(7)
"""What an element's text is: markup; text with references, or without; a script, one behind
``<!--``, and behind ``<script`` in it; all that is left of the page."""

HELD: Final = {
    REFERENCES: ("textarea", "title"),
    RAW: ("iframe", "noembed", "noframes", "style", "xmp"),
    SCRIPT: ("script",),
    TO_THE_END: ("plaintext",),
}

_PHRASES = "a abbr acronym b bdo big cite code dfn em font i kbd q s samp small span strike strong"
CLOSED_BY: Final = {
    "a": "a fieldset table td th",
    "address": "dd dl dt form li ul",
    "b": "center p td th",
    "big": "p",
    "caption": "col colgroup tbody tfoot thead tr",
    "colgroup": "colgroup tbody tfoot thead tr",
    "dd": "dt",
    "dir": "dd dl dt form ul",
    "dl": "form li",
    "dt": "dd dl",
    "font": "center td th",
    "form": "form",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "fieldset form li p table"),
    "head": f"{_PHRASES} address blockquote body br center dd dir div dl dt fieldset form frameset "
    "h1 h2 h3 h4 h5 h6 hr iframe img li listing map menu ol p pre sub sup table tt u ul var xmp",
    "i": "center p td th",
    "legend": "fieldset",
    "li": "li",
    "listing": "dd dl dt fieldset form li table ul",
    "menu": "dd dl dt form ul",
    "ol": "form",
    "option": "optgroup option",
    "p": "address blockquote body caption center col colgroup dd dir div dl dt fieldset form "
    "frameset h1 h2 h3 h4 h5 h6 head hr li listing menu ol p pre table tbody td tfoot th title tr "
    "ul xmp",
    "pre": "dd dl dt fieldset form li table ul",
    "s": "p",
    "small": "p",
    "span": "td th",
    "strike": "p",
    "tbody": "tbody tfoot",
    "td": "tbody td tfoot th tr",
    "tfoot": "tbody",
    "th": "tbody td tfoot th tr",
    "thead": "tbody tfoot",
    "tr": "tbody tfoot tr",
    "tt": "p",
    "u": "p td th",
    "ul": "address form menu pre",
}
"""Which start tags end an element that is the innermost one."""

RANKS: Final = (
    (), ("div",), ("td", "th"), ("tr",), ("thead", "tbody", "tfoot"), ("table",),
    ("head", "body"), ("html",),
)  # fmt: skip
"""An end tag ends no element of a higher rank; all others are of the first."""

IN_HEAD: Final = ("script", "style", "meta", "link", "title", "base")
"""What begins a head where there is none yet."""

FRAMES: Final = ("noframes", "frame", "frameset")
"""What begins no body."""

HTML, HEAD, BODY, P = range(1, 5)
"""Kinds of elements; 0 is any without a rule."""

KINDS: Final = tuple(
    dict.fromkeys((
        "", "html", "head", "body", "p", *VOID, *sum(HELD.values(), ()), *CLOSED_BY,
        *" ".join(CLOSED_BY.values()).split(), *sum(RANKS, ()), *IN_HEAD, *FRAMES,
    ))
)  # fmt: skip
"""The names that there are rules for."""

IS_VOID, IS_IN_HEAD, IS_FRAME = 1, 2, 4


def _flags() -> UInt8Array:
    bits = {IS_VOID: VOID, IS_IN_HEAD: IN_HEAD, IS_FRAME: FRAMES}
    return np.array(
        [sum(bit for bit, names in bits.items() if kind in names) for kind in KINDS], np.uint8
    )


def _closes() -> BoolArray:
    closes = np.zeros((len(KINDS), len(KINDS)), np.bool_)
    for old, new in CLOSED_BY.items():
        closes[[KINDS.index(name) for name in new.split()], KINDS.index(old)] = True
    return closes


FLAGS: Final = _flags()
CLOSES: Final = _closes()
"""(new, innermost): whether the start tag ends the element."""

MODES: Final = np.array(
    [next((mode for mode, names in HELD.items() if kind in names), PLAIN) for kind in KINDS],
    np.uint8,
)
RANK: Final = np.array(
    [next((rank for rank, names in enumerate(RANKS) if kind in names), 0) for kind in KINDS],
    np.uint8,
)
