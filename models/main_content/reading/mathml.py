"""MathML that names no source, as TeX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MAX_DEPTH = 40
"""Deeper ones are read as their text: no formula is, and a page must not end the recursion."""

_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"))


def to_tex(math: Any) -> str:
    r"""The formula in TeX; symbols stay the characters that they are.

    >>> from lxml import html
    >>> to_tex(html.fromstring("<math><mfrac><mi>a</mi><msqrt><mi>b</mi></msqrt></mfrac></math>"))
    '\\frac{a}{\\sqrt{b}}'
    """
    return _read(math, MAX_DEPTH)


def _read(element: Any, levels: int) -> str:
    if not isinstance(element.tag, str) or element.tag.startswith("annotation"):
        return ""
    if not levels:
        return "".join(element.itertext())
    parts = [_read(child, levels - 1) for child in element]
    if not parts:
        return " ".join((element.text or "").translate(_INVISIBLE).split())
    return _RULES.get(element.tag, "".join)(parts)


def _group(part: str) -> str:
    return part if len(part) == 1 else f"{{{part}}}"


def _raised(parts: Sequence[str]) -> str:
    return f"{_base(parts)}^{_group(parts[1])}" if len(parts) > 1 else "".join(parts)


def _lowered(parts: Sequence[str]) -> str:
    return f"{_base(parts)}_{_group(parts[1])}" if len(parts) > 1 else "".join(parts)


def _both(parts: Sequence[str]) -> str:
    if len(parts) <= 2:  # noqa: PLR2004 -- base, below and above
        return _lowered(parts)
    return f"{_lowered(parts)}^{_group(parts[2])}"


def _base(parts: Sequence[str]) -> str:
    return parts[0] if len(parts[0]) <= 1 or parts[0].isalnum() else f"{{{parts[0]}}}"


def _fraction(parts: Sequence[str]) -> str:
    return f"\\frac{{{parts[0]}}}{{{''.join(parts[1:])}}}"


def _root(parts: Sequence[str]) -> str:
    return f"\\sqrt[{''.join(parts[1:])}]{{{parts[0]}}}"


_RULES: dict[str, Callable[[Sequence[str]], str]] = {
    "msup": _raised,
    "mover": _raised,
    "msub": _lowered,
    "munder": _lowered,
    "msubsup": _both,
    "munderover": _both,
    "mfrac": _fraction,
    "msqrt": lambda parts: f"\\sqrt{{{''.join(parts)}}}",
    "mroot": _root,
    "mfenced": lambda parts: f"({','.join(parts)})",
    "mtd": "".join,
    "mtr": " & ".join,
    "mtable": lambda rows: "\\begin{matrix} " + " \\\\ ".join(rows) + " \\end{matrix}",
}
