"""What the summary of a step says of its documents by how they ended, in tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from curation.inspect.tokens.rates import Rates
from curation.summaries.summary import AMOUNTS, Summary
from schemas.verdict import Decision

NOT_JUDGED = ""
"""The kind of a page that left before it was judged."""
KEPT = ""
"""Where a document ended that stayed: in no stage."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Documents, or rows, and their tokens; None where these are not known of some of them."""

    rows: int = 0
    tokens: float | None = 0.0

    def __add__(self, other: Amount) -> Amount:
        unknown = self.tokens is None or other.tokens is None
        tokens = None if unknown else (self.tokens or 0.0) + (other.tokens or 0.0)
        return Amount(self.rows + other.rows, tokens)


Amounts = Mapping[str, Amount]
"""By language, or by kind."""


@dataclass(frozen=True)
class Cells:
    """The documents of a step by the stage in which they ended, and by language or by kind.

    ``KEPT`` is that of those that stayed; ``copies`` are the rows that balancing makes of these.
    """

    ended: Mapping[str, Amounts]
    copies: Amounts


class _Group(NamedTuple):
    """Documents that ended in one stage, of one language and, where it is told, of one kind."""

    stage: str
    language: str
    kind: str


_Sums = Mapping[_Group, NDArray[np.int64]]
"""What is in them, in the order of ``AMOUNTS``."""


def by_language(summary: Summary, rates: Rates) -> Cells:
    """The cells of a step by language."""
    sums = _sums(summary.counts)
    return _cells({group: (group.language, amounts) for group, amounts in sums.items()}, rates)


def by_kind(summary: Summary, rates: Rates) -> Cells:
    """The cells of a step by page type; ``NOT_JUDGED`` are those that have none (yet)."""
    labels = summary.labels.filter(pc.equal(summary.labels["column"], "page_type"))
    judged = _sums(labels, "value")
    left = {**_sums(summary.counts)}
    for group, amounts in judged.items():
        whole = group._replace(kind=NOT_JUDGED)
        left[whole] = left[whole] - amounts
    others = {group: amounts for group, amounts in left.items() if amounts[0]}
    every = {**others, **judged}
    return _cells({group: (group.kind, amounts) for group, amounts in every.items()}, rates)


def _sums(table: pa.Table, kind: str = "") -> _Sums:
    """The sums of a summary's table by stage and language, and by the column of kinds if named."""
    names = ["decision", "stage", "language", *([kind] if kind else [])]
    keys = zip(*table.select(names).to_pydict().values(), strict=True)
    amounts = np.column_stack([np.asarray(table[name]) for name, _ in AMOUNTS])
    found: dict[_Group, NDArray[np.int64]] = {}
    for (decision, stage, language, *kinds), one in zip(keys, amounts, strict=True):
        ended = KEPT if decision == Decision.KEEP else stage
        group = _Group(ended, language, kinds[0] if kinds else NOT_JUDGED)
        found[group] = found[group] + one if group in found else one
    return found


def _cells(groups: Mapping[_Group, tuple[str, NDArray[np.int64]]], rates: Rates) -> Cells:
    ended: dict[str, dict[str, Amount]] = defaultdict(lambda: defaultdict(Amount))
    copies: dict[str, Amount] = defaultdict(Amount)
    for group, (name, amounts) in groups.items():
        pages, characters, rows, tokens, row_tokens = map(int, amounts)
        known = tokens or rates.tokens(group.language, characters, group.kind)
        ended[group.stage][name] += Amount(pages, known)
        if group.stage == KEPT and rows:
            copies[name] += Amount(rows, row_tokens if tokens else known)
    return Cells(ended, copies)
