"""Superscripts and subscripts in a line of text."""

from __future__ import annotations

from typing import Any

from models.main_content.reading.runs import Run

MAX_RAISED_CHARS = 20
"""What is longer is a sentence in small type, and read as one."""

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ")
_SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
_SIGNS = {"sup": ("^", _SUPERSCRIPTS), "sub": ("_", _SUBSCRIPTS)}
_AS_READ = frozenset(
    (
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "re",
        "e",
        "ème",
        "o",
        "a",
        "os",
        "as",
        "tm",
        "sm",
        "r",
        "c",
        "*",
    )
)
"""Ordinals and marks (1st, Nº, ™, the star of a footnote): the line reads right with them."""


def raise_text(tag: str, text: str, before: str) -> str | None:
    r"""What a ``sup`` or ``sub`` reads as after ``before``; None if as it stands.

    In Unicode's raised and lowered characters where it has them all, else behind ``^`` or ``_``:
    10 to the 5th is never 105. Footnote marks in brackets stay as they read.

    >>> raise_text("sup", "5", "10"), raise_text("sub", "2", "H"), raise_text("sup", "x+1", "2")
    ('⁵', '₂', '^{x+1}')
    >>> raise_text("sup", "th", "5"), raise_text("sup", "[1]", "word")
    (None, None)
    """
    bare = text.strip()
    if not bare or len(bare) > MAX_RAISED_CHARS or bare.lower() in _AS_READ:
        return None
    if not before or before[-1].isspace() or not any(map(str.isalnum, bare)) or bare[0] in "[［〔":
        return None
    sign, table = _SIGNS[tag]
    codes = {chr(code) for code in table}
    if codes.issuperset(bare):
        return bare.translate(table)
    return f"{sign}{bare}" if len(bare) == 1 else f"{sign}{{{bare}}}"


def raise_element(element: Any, tag: str, run: Run, in_link: bool, in_strong: bool) -> bool:
    """Add a ``sup`` or ``sub`` to a run by other characters; whether it needed them."""
    raised = raise_text(tag, "".join(element.itertext()), run.last())
    if raised is None:
        return False
    run.links += next(element.iterdescendants("a"), None) is not None
    run.take(raised, in_link, in_strong)
    return True
