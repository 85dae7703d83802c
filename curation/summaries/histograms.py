"""Histograms of the numbers that stages gave documents, whatever the stages and the numbers are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from curation.summaries.bins import bins_of
from curation.summaries.columns import constant, texts
from curation.summaries.summary import HISTOGRAMS
from curation.summaries.tables import empty
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision

_PACKED_BINS = 1 << 16  # more than there are: 16 of each octave of a double, and those mirrored


def numeric_columns(schema: pa.Schema) -> list[str]:
    """The columns that hold numbers, or records of numbers, which no source gives."""
    return [
        field.name
        for field in schema
        if field.name not in SOURCE_COLUMNS
        and (_is_number(field.type) or pa.types.is_struct(field.type))
    ]


def histograms(rows: pa.Table, decision: Decision) -> pa.Table:
    """The histogram of each number by language; a record's field is COLUMN.FIELD.

    A number that is not there, or not finite, is in none.
    """
    languages = texts(rows, "language").dictionary_encode()
    codes = np.asarray(languages.indices)
    names: list[str] = []
    packed: list[NDArray[np.int64]] = []
    numbers: list[NDArray[np.float64]] = []
    for name, values in numbers_of(rows):
        there = np.isfinite(values)
        group = len(names) * len(languages.dictionary) + codes[there]
        numbers.append(values[there] + 0.0)  # -0.0 is 0.0: they share a bin
        packed.append(group * _PACKED_BINS + bins_of(numbers[-1]) + _PACKED_BINS // 2)
        names.append(name)
    if not sum(map(len, packed)):
        return empty(HISTOGRAMS)
    of_each, found = np.concatenate(packed), np.concatenate(numbers)
    order = np.argsort(of_each, kind="stable")
    distinct, starts, pages = np.unique(of_each[order], return_index=True, return_counts=True)
    groups, bins = np.divmod(distinct, _PACKED_BINS)
    columns, languages_of = np.divmod(groups, len(languages.dictionary))
    made = [
        pa.array(names, pa.string()).take(pa.array(columns)),
        constant(decision, len(pages)),
        languages.dictionary.take(pa.array(languages_of)),
        pa.array(bins - _PACKED_BINS // 2),
        pa.array(pages),
        pa.array(np.minimum.reduceat(found[order], starts)),
        pa.array(np.maximum.reduceat(found[order], starts)),
    ]
    return pa.table(made, schema=HISTOGRAMS)


def numbers_of(rows: pa.Table) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Each number that stages gave, by its name, with NaN for none; a record's is COLUMN.FIELD."""
    for name in numeric_columns(rows.schema):
        column = rows[name].combine_chunks()
        if not pa.types.is_struct(column.type):
            yield name, _floats(column)
            continue
        for field in column.type:
            if _is_number(field.type):
                yield f"{name}.{field.name}", _floats(pc.struct_field(column, field.name))


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _floats(column: pa.Array) -> NDArray[np.float64]:
    """The values of a column, NaN for none."""
    floats = column.cast(pa.float64(), safe=False)
    return np.asarray(floats.to_numpy(zero_copy_only=False))
