"""The few documents that stand for all of their kind, and the count of lines that were cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from curation.summaries.columns import constant, offsets, ones, sites_of, texts
from curation.summaries.histograms import numbers_of
from curation.summaries.picks import (
    DOCUMENTS,
    EDITS,
    IDENTITY,
    NEAREST,
    PICKS,
    VALUES,
    PickKind,
    documents_of,
    first_picks,
)
from curation.summaries.summary import CUTS, Limits
from curation.summaries.tables import add_rows, empty
from schemas.verdict import Decision
from stages.lottery import draw, drawn_as

TEXT_CHARS = 2000
DETAIL_CHARS = 500
MAX_EDITS = 24  # of a document
EDIT_CHARS = 300

SAMPLED_COLUMNS = (
    *("stage", "reason", "doc_id", "url", "source", "offset", "language", "site", "category"),
    *("title", "twin", "detail", "text", "edits"),
)

_SEED = 1


def samples_and_cuts(
    rows: pa.Table, decision: Decision, sites: pa.Array, limits: Limits
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The picks among documents, what is shown of those, and the count of the lines cut from them.

    What was cut from documents that are gone is of no account.
    """
    numbers = dict(numbers_of(rows))
    frame = _frame(rows, sites)
    lines = _cut_lines(rows if decision is Decision.KEEP else rows.slice(0, 0))
    columns = [*lines.select(["stage", "reason", "lines"]).columns, ones(lines.num_rows)]
    cuts = add_rows(pa.table(columns, schema=CUTS), ["stage", "reason"])
    found = [_ends(rows, frame, decision), _causes(frame, lines), _near(frame, numbers, limits)]
    picks = first_picks(pa.concat_tables(found))
    measures = sorted({one.measure for some in limits.values() for one in some} & numbers.keys())
    documents = _documents(rows, frame, decision, {name: numbers[name] for name in measures})
    return picks, documents_of(documents, picks), cuts


def picked_as(kind: PickKind, rows: pa.Table, decision: Decision) -> tuple[pa.Table, pa.Table]:
    """The picks of all of some documents, for one thing, and what is shown of them."""
    frame = _frame(rows, sites_of(rows))
    picks = _picks(frame, kind=str(kind), decision=str(decision), stage="", reason="", cluster=-1)
    return picks, documents_of(_documents(rows, frame, decision, {}), picks)


def _frame(rows: pa.Table, sites: pa.Array) -> pa.Table:
    """What documents are picked by: who they are, language, site and twin.

    They are drawn by id, or by the place of those without one, as losses are; of duplicates all
    of a cluster by the twin that they left for.
    """
    ids, sources, places = texts(rows, "doc_id"), texts(rows, "source"), offsets(rows)
    twins = texts(rows, "twin")
    who = zip(ids.to_pylist(), sources.to_pylist(), places.to_pylist(), strict=True)
    draws = [draw(_SEED, drawn_as(*one), "sample") for one in who]
    clusters = [draw(_SEED, twin, "cluster") if twin else -1 for twin in twins.to_pylist()]
    return pa.table(
        {
            "draw": pa.array(draws, pa.int64()),
            "doc_id": ids,
            "source": sources,
            "offset": places,
            "language": texts(rows, "language"),
            "stratum": pc.if_else(pc.equal(twins, ""), sites, twins),
            "cluster": pa.array(clusters, pa.int64()),
            "site": sites,
            "twin": twins,
        }
    )


def _picks(frame: pa.Table, **columns: pa.Array | str | bool | float) -> pa.Table:
    """Picks of the documents of a frame; what is no array is the same for all."""
    count = frame.num_rows
    defaults = {"decision": "", "inside": False, "distance": 0.0}
    made = {name: frame[name] for name in PICKS.names if name in frame.column_names}
    for name, value in (defaults | columns).items():
        is_array = isinstance(value, pa.Array | pa.ChunkedArray)
        made[name] = (
            value if is_array else pa.repeat(pa.scalar(value, PICKS.field(name).type), count)
        )
    return pa.table([made[name] for name in PICKS.names], schema=PICKS)


def _ends(rows: pa.Table, frame: pa.Table, decision: Decision) -> pa.Table:
    """Each document for how it ended."""
    ends = {name: texts(rows, name) for name in ("stage", "reason")}
    return _picks(frame, kind=str(PickKind.END), decision=str(decision), **ends)


def _causes(frame: pa.Table, lines: pa.Table) -> pa.Table:
    """Each document for each cause of lines that it lost."""
    causes = {name: lines[name] for name in ("stage", "reason")}
    some = frame.take(lines["row"]).set_column(
        frame.schema.get_field_index("cluster"), "cluster", pa.repeat(pa.scalar(-1), len(lines))
    )
    return _picks(some, kind=str(PickKind.CUT), decision=str(Decision.KEEP), **causes)


@dataclass(frozen=True, slots=True)
class _Side:
    """The documents nearest to a threshold on one side of it, of one language."""

    stage: str
    reason: str
    language: str
    inside: bool
    places: NDArray[np.int64]
    distance: NDArray[np.float64]


def _near(frame: pa.Table, numbers: Mapping[str, NDArray[np.float64]], limits: Limits) -> pa.Table:
    """The documents that lie nearest to each threshold, on either side of it, by language."""
    sides = list(_sides(frame, numbers, limits))
    sizes = [len(side.places) for side in sides]
    if not sum(sizes):
        return empty(PICKS)
    columns = {
        name: pa.array(np.repeat([getattr(side, name) for side in sides], sizes))
        for name in ("stage", "reason", "language", "inside")
    }
    return _picks(
        frame.take(pa.array(np.concatenate([side.places for side in sides]))),
        **columns,
        kind=str(PickKind.NEAR),
        distance=pa.array(np.concatenate([side.distance for side in sides])),
        stratum="",
        cluster=-1,
    )


def _sides(
    frame: pa.Table, numbers: Mapping[str, NDArray[np.float64]], limits: Limits
) -> Iterator[_Side]:
    from models.text.languages import base_code  # and numba: a second for who only adds summaries

    encoded = frame["language"].combine_chunks().dictionary_encode()
    codes, draws = np.asarray(encoded.indices), np.asarray(frame["draw"])
    languages = [(name, codes == n) for n, name in enumerate(encoded.dictionary.to_pylist())]
    for stage, limit in ((stage, one) for stage, some in limits.items() for one in some):
        if limit.measure not in numbers:
            continue
        values = numbers[limit.measure]
        distances, inside = np.abs(values - limit.value), limit.bound.holds(values, limit.value)
        there = np.isfinite(distances)
        for language, speaks in languages:
            if limit.language not in ("", base_code(language)):
                continue
            for side in (False, True):
                places = _nearest(there & speaks & (inside == side), distances, draws)
                yield _Side(stage, limit.setting, language, side, places, distances[places])


def _nearest(
    there: NDArray[np.bool_], distances: NDArray[np.float64], draws: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The places of the documents that may be among the nearest; equal draws are not parted."""
    places = np.flatnonzero(there)
    if len(places) <= NEAREST:
        return places
    last = places[np.lexsort((draws[places], distances[places]))[NEAREST - 1]]
    is_before = distances[places] < distances[last]
    is_as_near = (distances[places] == distances[last]) & (draws[places] <= draws[last])
    return places[is_before | is_as_near]


def _cut_lines(rows: pa.Table) -> pa.Table:
    """How many lines were cut by stage, reason and document, whose place in ``rows`` is ``row``."""
    edits = rows["edits"].combine_chunks()
    lines = edits.flatten()
    causes = ("stage", "reason")
    columns = {name: pc.fill_null(pc.struct_field(lines, name), "") for name in causes}
    columns["row"] = pc.list_parent_indices(edits).cast(pa.int64())
    columns["lines"] = ones(len(lines))
    return add_rows(pa.table(columns), ["stage", "reason", "row"])


def _documents(
    rows: pa.Table,
    frame: pa.Table,
    decision: Decision,
    numbers: dict[str, NDArray[np.float64]],
) -> pa.Table:
    """What is shown of documents."""
    count = rows.num_rows
    if not count:
        return empty(DOCUMENTS)
    columns = {name: frame[name] for name in (*IDENTITY, "language", "site", "twin")}
    columns |= {name: texts(rows, name) for name in ("stage", "reason", "url", "title", "category")}
    text = texts(rows, "text")
    columns |= {
        "decision": constant(decision, count),
        "detail": pc.utf8_slice_codeunits(texts(rows, "detail"), 0, DETAIL_CHARS),
        "title": pc.utf8_slice_codeunits(texts(rows, "title"), 0, DETAIL_CHARS),
        "characters": pc.utf8_length(text).cast(pa.int64()),
        "text": pc.utf8_slice_codeunits(text, 0, TEXT_CHARS),
        "edits": _edits(rows),
        "values": _values(numbers, count),
    }
    return pa.table([columns[name] for name in DOCUMENTS.names], schema=DOCUMENTS)


def _edits(rows: pa.Table) -> pa.ListArray:
    """The first lines that were cut from each document, and the start of each."""
    edits = pc.fill_null(rows["edits"].combine_chunks(), [])
    some = pc.list_slice(edits, 0, MAX_EDITS, return_fixed_size_list=False)
    lines = some.flatten()
    fields = [pc.fill_null(pc.struct_field(lines, name), "") for name in ("stage", "reason")]
    fields.append(pc.fill_null(pc.struct_field(lines, "line"), 0).cast(pa.int64()))
    words = pc.fill_null(pc.struct_field(lines, "text"), "")
    fields.append(pc.utf8_slice_codeunits(words, 0, EDIT_CHARS))
    values = pa.StructArray.from_arrays(fields, fields=list(EDITS.value_type))
    lengths = np.asarray(pc.list_value_length(some))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), values, type=EDITS)


def _values(numbers: dict[str, NDArray[np.float64]], count: int) -> pa.ListArray:
    """The numbers of each document that thresholds stand on; null for one that it lacks."""
    width = len(numbers)
    matrix = np.column_stack(list(numbers.values())) if width else np.zeros((count, 0))
    names = pa.array(list(numbers), pa.string()).take(
        pa.array(np.tile(np.arange(width), count), pa.int64())
    )
    values = pa.StructArray.from_arrays(
        [names, pa.array(matrix.ravel(), from_pandas=True)], fields=list(VALUES.value_type)
    )
    starts = pa.array(np.arange(count + 1, dtype=np.int32) * width)
    return pa.ListArray.from_arrays(starts, values, type=VALUES)
