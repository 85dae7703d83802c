"""The few documents that stand for all of their kind, and the lines that were cut from some."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.summaries.columns import constant, offsets, ones, texts
from curation.summaries.summary import CUT_LINES, CUTS, SAMPLE, add_rows, first_rows
from schemas.verdict import Decision
from stages.base import Row
from stages.lottery import draw

SNIPPET_CHARS = 600
DETAIL_CHARS = 500
MAX_LINES = 8  # of a document, and so long
LINE_CHARS = 200

SAMPLED_COLUMNS = (
    *("stage", "reason", "doc_id", "url", "source", "offset"),
    *("detail", "text", "edits"),
)

_SEED = 1


def samples_and_cuts(rows: pa.Table, decision: Decision) -> tuple[pa.Table, pa.Table]:
    """The samples of documents, and the count of the lines that were cut from them.

    What was cut from documents that are gone is of no account.
    """
    identities = _identities(rows)
    ends = {"stage": texts(rows, "stage"), "reason": texts(rows, "reason")}
    documents = pa.table(ends | {"row": pa.array(np.arange(rows.num_rows))})
    found = [_samples(rows, identities, documents, decision, cut=False)]
    lines = _cut_lines(rows if decision is Decision.KEEP else rows.slice(0, 0))
    found.append(_samples(rows, identities, lines.drop(["lines"]), decision, cut=True))
    columns = [*lines.select(["stage", "reason", "lines"]).columns, ones(lines.num_rows)]
    cuts = add_rows(pa.table(columns, schema=CUTS), ["stage", "reason"])
    return pa.concat_tables(found), cuts


def _identities(rows: pa.Table) -> pa.Table:
    """By what samples are drawn: by id, or by the place of those without one, as losses are."""
    ids, sources, places = texts(rows, "doc_id"), texts(rows, "source"), offsets(rows)
    names = zip(ids.to_pylist(), sources.to_pylist(), places.to_pylist(), strict=True)
    draws = [draw(_SEED, name or f"{source}/{offset}", "sample") for name, source, offset in names]
    columns = {"doc_id": ids, "source": sources, "offset": places}
    return pa.table({"draw": pa.array(draws, pa.int64()), **columns})


def _cut_lines(rows: pa.Table) -> pa.Table:
    """How many lines were cut by stage, reason and document, whose place in ``rows`` is ``row``."""
    edits = rows["edits"].combine_chunks()
    lines = edits.flatten()
    causes = ("stage", "reason")
    columns = {name: pc.fill_null(pc.struct_field(lines, name), "") for name in causes}
    columns["row"] = pc.list_parent_indices(edits).cast(pa.int64())
    columns["lines"] = ones(len(lines))
    return add_rows(pa.table(columns), ["stage", "reason", "row"])


def _samples(
    rows: pa.Table, identities: pa.Table, ends: pa.Table, decision: Decision, *, cut: bool
) -> pa.Table:
    """The first of each stage and reason in ``ends``, which have the ``row`` of their document."""
    count = ends.num_rows
    chosen = identities.take(ends["row"])
    for name in ends.column_names:
        chosen = chosen.append_column(name, ends[name])
    chosen = chosen.append_column("decision", constant(decision, count))
    chosen = chosen.append_column("cut", pa.array([cut] * count, pa.bool_()))
    first = first_rows(chosen)
    return _with_texts(first, rows.select(_there(rows)).take(first["row"]))


def _there(rows: pa.Table) -> list[str]:
    return [name for name in SAMPLED_COLUMNS if name in rows.column_names]


def _with_texts(first: pa.Table, documents: pa.Table) -> pa.Table:
    """What is shown of documents; of cut lines those alone that were cut for the same cause."""
    text = pc.utf8_slice_codeunits(texts(documents, "text"), 0, SNIPPET_CHARS + 1).to_pylist()
    made = zip(
        *(first[name].to_pylist() for name in ("cut", "stage", "reason")),
        documents["edits"].to_pylist(),
        strict=True,
    )
    lines = [
        _lines(edits or [], (stage, reason) if cut else None) for cut, stage, reason, edits in made
    ]
    shown = {
        "url": texts(documents, "url"),
        "detail": pc.utf8_slice_codeunits(texts(documents, "detail"), 0, DETAIL_CHARS),
        "snippet": pa.array([_snippet(each) for each in text], pa.string()),
        "lines": pa.array(lines, CUT_LINES),
    }
    columns = {name: first[name] for name in first.column_names} | shown
    return pa.table([columns[name] for name in SAMPLE.names], schema=SAMPLE)


def _snippet(text: str) -> str:
    return text[:SNIPPET_CHARS] + ("…" if len(text) > SNIPPET_CHARS else "")


def _lines(edits: Sequence[Row], cause: tuple[str, str] | None) -> list[Row]:
    """The first lines that were cut, for one cause or for any."""
    shown = [{name: edit[name] or "" for name in ("stage", "reason", "text")} for edit in edits]
    found = [line for line in shown if cause in (None, (line["stage"], line["reason"]))]
    return [{**line, "text": line["text"][:LINE_CHARS]} for line in found[:MAX_LINES]]
