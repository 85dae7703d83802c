"""How every document of a run ended, in a few bytes each, and those of some documents in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from curation.inspect.documents import read_rows
from curation.inspect.run_files import StepRun
from curation.inspect.verdicts import how_it_left
from schemas.verdict import Decision
from stages.base import Row
from stages.lottery import draw, drawn_as

_NARROW = ["doc_id", "source", "offset", "stage", "reason", "copies"]
_SHOWN = [*_NARROW, "position", "url", "detail", "language", "site", "category"]


@dataclass(frozen=True)
class Endings:
    """The documents of a run: ``keys`` name them, ``codes`` are places in ``names``.

    A document that is there twice has two keys; ``repeated`` are those that it would have shared.
    Both are sorted by key.
    """

    keys: NDArray[np.int64]
    codes: NDArray[np.int32]
    repeated: frozenset[int]


class Names:
    """The endings that there are, numbered as they come."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        """The number of an ending."""
        if name not in self._codes:
            self._codes[name] = len(self.names)
            self.names.append(name)
        return self._codes[name]


def read_endings(steps: Sequence[StepRun], names: Names) -> Endings:
    """How each document of a run ended."""
    keys: list[int] = []
    codes: list[int] = []
    repeated = _repeated(steps)
    for key, row, decision in _ended(steps, _NARROW, repeated):
        keys.append(key)
        codes.append(names.code(ending_of(row, decision)))
    order = np.argsort(np.array(keys, np.int64), kind="stable")
    return Endings(np.array(keys, np.int64)[order], np.array(codes, np.int32)[order], repeated)


def read_some(
    steps: Sequence[StepRun], keys: NDArray[np.int64], repeated: frozenset[int]
) -> Iterator[tuple[int, Row]]:
    """What is shown of those documents, each with its key."""
    wanted = frozenset(keys.tolist())
    for key, row, _ in _ended(steps, _SHOWN, repeated):
        if key in wanted:
            yield key, row


def ending_of(row: Row, decision: Decision) -> str:
    """In words: by whom it was removed and why, or in how many rows it was kept.

    >>> ending_of({"stage": "rules", "reason": "spam"}, Decision.REMOVE)
    'removed by rules: spam'
    >>> ending_of({"copies": 2}, Decision.KEEP), ending_of({}, Decision.KEEP)
    ('kept, 2 rows', 'kept')
    """
    if decision is Decision.KEEP:
        copies = row.get("copies")
        return "kept" if copies in (None, 1) else f"kept, {copies} rows"
    return how_it_left(decision, row)


def _ended(
    steps: Sequence[StepRun], columns: Sequence[str], repeated: frozenset[int]
) -> Iterator[tuple[int, Row, Decision]]:
    """Every document where its way ended, with its key."""
    seen: dict[int, int] = {}
    for place, step in enumerate(steps):
        for decision in Decision:
            if decision is Decision.KEEP and place < len(steps) - 1:
                continue
            for rows in read_rows(step, decision, columns):
                for row in rows.table.to_pylist():
                    key = _key(row)
                    if key in repeated:
                        seen[key] = seen.get(key, 0) + 1
                        key = draw(seen[key], str(key), "again")
                    yield key, row, decision


def _repeated(steps: Sequence[StepRun]) -> frozenset[int]:
    """The keys that more than one document of the crawl has."""
    keys = [
        _key(row)
        for decision in Decision
        for rows in (read_rows(steps[0], decision, _NARROW) if steps else ())
        for row in rows.table.select(_there(rows.table)).to_pylist()
    ]
    values, counts = np.unique(np.array(keys, np.int64), return_counts=True)
    return frozenset(values[counts > 1].tolist())


def _there(table: pa.Table) -> list[str]:
    return [name for name in ("doc_id", "source", "offset") if name in table.column_names]


def _key(row: Row) -> int:
    """63 bits of the id, or of the place of what has none."""
    return draw(0, drawn_as(row["doc_id"], row["source"], row["offset"]), "document")
