"""What a stage can still say of a document once it has been judged: from what was stored of it.

Stages store what they measured, whatever they decided. So a threshold can be shown beside what it
was compared with, and another one can be tried without measuring again. Each stage says here, in
one place, which of its settings are thresholds, and of which stored column (``Threshold``), and
what it would decide by the stored columns alone (``Recall``). A step records the thresholds in
force (``Limit``), so that who looks at a run needs neither the stage nor its files for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.verdict import Verdict

Row = Mapping[str, Any]


class Bound(StrEnum):
    """What a measure must be, against its threshold, for the document to stay."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BELOW = "<"

    def holds(self, value: Any, limit: float) -> Any:
        """Whether a value keeps to a limit; of an array, each of its values."""
        if self is Bound.AT_LEAST:
            return value >= limit
        return value <= limit if self is Bound.AT_MOST else value < limit


_MISSED = {Bound.AT_LEAST: "<", Bound.AT_MOST: ">", Bound.BELOW: ">="}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a setting bounds: a column that the stage writes or reads, or COLUMN.FIELD of one."""

    measure: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold in force, for the documents of a ``language`` ("" for all).

    With a ``confidence`` a document leaves only where its measure is surely beyond the ``value``.
    """

    setting: str
    measure: str
    bound: Bound
    value: float
    language: str = ""
    confidence: float = 0.0

    def compare(self, row: Row) -> Comparison | None:
        """A document's measure against it; None where there is none, or it is for others."""
        found = stored(row, self.measure)
        if found is None or self.language not in ("", row.get("language")):
            return None
        return Comparison(self, float(found))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure of a document against a threshold.

    >>> limit = Limit("min_quality", "quality", Bound.AT_LEAST, 0.2)
    >>> str(limit.compare({"quality": 0.63})), str(limit.compare({"quality": 0.1}))
    ('quality 0.63 >= min_quality 0.2', 'quality 0.1 < min_quality 0.2')
    """

    limit: Limit
    value: float

    @property
    def is_inside(self) -> bool:
        """Whether the document stays by it."""
        return bool(self.limit.bound.holds(self.value, self.limit.value))

    @property
    def distance(self) -> float:
        """How far the value is from the threshold, as a share of that; one of 0 is near nothing."""
        if not self.limit.value:
            return math.inf
        return abs(self.value - self.limit.value) / abs(self.limit.value)

    def __str__(self) -> str:
        """The measure, the sign that holds, the threshold."""
        sign = self.limit.bound if self.is_inside else _MISSED[self.limit.bound]
        measure = self.limit.measure.rpartition(".")[2]
        return f"{measure} {self.value:.4g} {sign} {self.limit.setting} {self.limit.value:.6g}"


def stored(row: Row, measure: str) -> Any:
    """A column, or a field of one; None where the row has none.

    >>> stored({"measures": {"words": 3.0}}, "measures.words"), stored({}, "quality")
    (3.0, None)
    """
    column, _, name = measure.partition(".")
    value = row.get(column)
    return value.get(name) if name and value is not None else value


def as_number(value: object) -> float:
    """The value of a threshold. Raises ValueError for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")  # noqa: TRY004 - in words for the user
    return float(value)


@dataclass(frozen=True)
class Recall:
    """How a stage judges by what was stored, as it is configured now.

    ``judge`` is given the columns of ``reads`` of each document that the stage judged, in crawl
    order, and returns the verdict, or None where they do not tell; the verdict's ``columns`` and
    ``edits`` are those that would be others. ``settings`` are those whose change it follows: any
    other value of another one asks for the stage itself. Where ``learn`` is set, it sees every
    document before the first is judged. ``reason`` may be read: why the stage removed the document,
    "" if it did not. ``caveat`` says in words what the verdicts do not tell, if anything.
    """

    settings: frozenset[str]
    reads: tuple[str, ...]
    judge: Callable[[Row], Verdict | None]
    learn: Callable[[Iterable[Row]], None] | None = None
    caveat: str = ""
