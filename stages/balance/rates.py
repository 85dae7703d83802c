"""Sampling rates by class."""

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
