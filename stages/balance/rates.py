"""Sampling rates by class, and the scale of each language that evens out their tokens."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from annotated_types import Ge

from conf.records import RecordReader, read_table
from models.taxonomy import ClassKind, Taxonomy

Rate = Annotated[float, Ge(0)]

Rates = Mapping[str, Fraction]
"""The rate of each class."""

Totals = Mapping[tuple[str, str], int]
"""Tokens by (language, class)."""


@dataclass(frozen=True)
class RateFile:
    """What a file of rates says: a rate for every kind, and classes with a rate of their own."""

    kinds: Mapping[ClassKind, Rate]
    classes: Mapping[str, Rate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in ClassKind:
            if kind not in self.kinds:
                raise ValueError(f"kinds.{kind} is missing: give every kind a rate")


def read_rates(path: Path, taxonomy: Taxonomy, max_copies: int) -> Rates:
    """The rate of every class: its own under ``[classes]``, else that of its kind.

    Raises ConfigError with file, key, value and rule for what is missing or malformed.
    """
    reader = RecordReader(str(path))
    content = reader.record(RateFile, read_table(path))
    for name, rate in content.classes.items():
        complaint = "is not in the taxonomy"
        reader.refuse_unknown(name, taxonomy.by_id, f"classes.{name}", complaint, rate)
    for table, rates in (("kinds", content.kinds), ("classes", content.classes)):
        for name, rate in rates.items():
            if rate > max_copies:
                rule = f"must be a number from 0 to {max_copies} (max_copies)"
                raise reader.error(f"{table}.{name}", rate, rule)
    rates_of = {
        one.id: content.classes.get(one.id, content.kinds[one.kind]) for one in taxonomy.classes
    }
    # By its shortest decimal, so that 0.4 is two fifths.
    return {name: Fraction(str(rate)) for name, rate in rates_of.items()}


def override_rates(rates: Rates, others: Mapping[str, float], max_copies: int) -> Rates:
    """The rates with others in their place.

    Raises ValueError for the rate of no class and for one beyond ``max_copies``.
    """
    for name, rate in others.items():
        if name not in rates:
            near = difflib.get_close_matches(name, rates, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"class_rates: {name!r} is not in the taxonomy{hint}")
        if not 0 <= rate <= max_copies:
            raise ValueError(
                f"class_rates.{name} = {rate}: must be a number from 0 to {max_copies} (max_copies)"
            )
    return {**rates, **{name: Fraction(str(rate)) for name, rate in others.items()}}


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
