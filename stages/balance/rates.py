"""Sampling rates by class, and the scale of each language that evens out their tokens."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.taxonomy import Kind, Taxonomy

Rates = Mapping[str, Fraction]
"""The rate of each class."""

Totals = Mapping[tuple[str, str], int]
"""Tokens by (language, class)."""


def read_rates(path: Path, taxonomy: Taxonomy, max_copies: int) -> Rates:
    """The rate of every class: its own under ``[classes]``, else that of its kind.

    Raises FileNotFoundError, or ValueError with file, key, value and rule for what is malformed.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Fraction)
    except ValueError as error:  # TOMLDecodeError is one; Fraction("nan") raises another
        raise ValueError(f"{path}: not TOML: {error}") from error
    for key in content:
        if key not in ("kinds", "classes"):
            raise ValueError(f"{path}: unknown table [{key}]; allowed: [kinds], [classes]")
        if not isinstance(content[key], dict):
            raise ValueError(  # noqa: TRY004
                f"{path}: [{key}] must be a table, not {content[key]!r}"
            )
    kinds = _read_table(path, "kinds", content, {str(kind) for kind in Kind}, max_copies)
    classes = _read_table(path, "classes", content, set(taxonomy.by_id), max_copies)
    for kind in Kind:
        if kind not in kinds:
            raise ValueError(f"{path}: [kinds] {kind} is missing: give every kind a rate")
    return {one.id: classes.get(one.id, kinds[one.kind]) for one in taxonomy.classes}


def _read_table(
    path: Path, table: str, content: Mapping[str, Any], known: set[str], max_copies: int
) -> dict[str, Fraction]:
    rates: dict[str, Fraction] = {}
    for key, value in content.get(table, {}).items():
        if key not in known:
            raise ValueError(f"{path}: [{table}] {key}: not in the taxonomy")
        number = isinstance(value, int | Fraction) and not isinstance(value, bool)
        if not number or not 0 <= value <= max_copies:
            raise ValueError(
                f"{path}: [{table}] {key} = {value!r} must be a number from 0 to {max_copies} "
                "(max_copies)"
            )
        rates[key] = Fraction(value)
    return rates


def language_scales(
    totals: Totals,
    rates: Rates,
    zh_per_en: Fraction,
    max_raise: Fraction,
    max_copies: int,
) -> Mapping[str, Fraction]:
    """The factor on every rate of Chinese and of English; other languages are not scaled.

    The scarcer language is raised until it has its share, by ``max_raise`` at most and no document
    above ``max_copies``; then the other is lowered to the share. If one of them has no tokens that
    a rate lets through, both stay at 1.
    """
    need = {"zh": Fraction(1), "en": 1 / zh_per_en}
    tokens = {language: _expected(totals, rates, language, Fraction(1), 0) for language in need}
    if not all(tokens.values()):
        return dict.fromkeys(need, Fraction(1))
    scarce, ample = sorted(need, key=lambda language: tokens[language] / need[language])
    share = tokens[ample] * need[scarce] / need[ample]
    raised = min(share / tokens[scarce], max_raise)
    reached = _expected(totals, rates, scarce, raised, max_copies)
    lowered = reached * need[ample] / need[scarce] / tokens[ample]
    return {scarce: raised, ample: min(lowered, Fraction(1))}


def _expected(
    totals: Totals, rates: Rates, language: str, scale: Fraction, max_copies: int
) -> Fraction:
    """The tokens of a language that come out at a scale; ``max_copies`` 0 means no cap."""
    total = Fraction(0)
    for (spoken, category), count in totals.items():
        if spoken == language:
            copies = rates[category] * scale
            total += count * (min(copies, Fraction(max_copies)) if max_copies else copies)
    return total
