"""Which documents are kept as samples, and what is kept of them.

A document is picked because it stands for all that ended as it did, because lines were cut from it
for some cause, because it lies near a threshold, or because one that was picked left for its sake.
One that is picked for several reasons is held once. Which are picked depends on the documents
alone: of any picks of parts, the first are those of the whole, for adding documents never brings
one forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from curation.summaries.tables import distinct_rows, empty, ranks_in, sorted_by

PICKED = 20
"""Documents for each way to end and for each cause of cut lines."""
NEAREST = 3
"""Documents on each side of a threshold, of each language."""
CLUSTER = 5
"""Members of one cluster of duplicates among the picks of a reason."""
NEAR_CHARS = 600
"""Held of the text of a document that was picked for thresholds alone: there are many of them."""


class PickKind(StrEnum):
    """What a document was picked for."""

    END = "end"
    CUT = "cut"
    NEAR = "near"
    TWIN = "twin"


IDENTITY = ["draw", "doc_id", "source", "offset"]
"""What tells documents apart, losses too, which have no id; the draw is what orders them."""

_IDENTITIES = [
    *(("draw", pa.int64()), ("doc_id", pa.string())),
    *(("source", pa.string()), ("offset", pa.int64())),
]

PICKS = pa.schema(
    [
        *(("kind", pa.string()), ("decision", pa.string())),
        *(("stage", pa.string()), ("reason", pa.string()), ("language", pa.string())),
        *(("inside", pa.bool_()), ("distance", pa.float64())),
        *(("stratum", pa.string()), ("cluster", pa.int64())),
        *_IDENTITIES,
    ]
)
"""Why a document is held.

Of one near a threshold ``reason`` is the setting, ``inside`` the side and ``distance`` how far it
lies from it. ``stratum`` is the site, or the twin for whose sake a document left, which is the
``cluster``'s draw then (-1 for none).
"""

EDITS = pa.list_(
    pa.struct(
        [
            *(("stage", pa.string()), ("reason", pa.string())),
            *(("line", pa.int64()), ("text", pa.string())),
        ]
    )
)
VALUES = pa.list_(pa.struct([("measure", pa.string()), ("value", pa.float64())]))

DOCUMENTS = pa.schema(
    [
        *_IDENTITIES,
        *((name, pa.string()) for name in ("decision", "stage", "reason", "detail")),
        *((name, pa.string()) for name in ("url", "title", "language", "site", "category")),
        *(("twin", pa.string()), ("characters", pa.int64()), ("text", pa.string())),
        *(("edits", EDITS), ("values", VALUES)),
    ]
)
"""What is shown of a document that was picked: the start of its text, what was cut, what measured.

``characters`` is the length of the whole text.
"""

_END = ["kind", "decision", "stage", "reason"]


def first_picks(picks: pa.Table) -> pa.Table:
    """The picks that stay of some, sorted.

    Those of an end come from as many languages as there are, and in each from as many sites; of
    duplicates, whole clusters stay together, as far as they are not large.
    """
    near, twin = (pc.equal(picks["kind"], str(kind)) for kind in (PickKind.NEAR, PickKind.TWIN))
    others = picks.filter(pc.invert(pc.or_(near, twin)))
    found = [
        _nearest(picks.filter(near)),
        distinct_rows(picks.filter(twin), [*_END, *IDENTITY]),
        _spread(others.filter(pc.less(others["cluster"], 0))),
        _clusters(others.filter(pc.greater_equal(others["cluster"], 0))),
    ]
    order = [*_END, "language", "inside", "distance", "stratum", *IDENTITY]
    return sorted_by(pa.concat_tables(found), order).combine_chunks()


def _nearest(picks: pa.Table) -> pa.Table:
    side = [*_END, "language", "inside"]
    return _first(picks, side, ["distance", *IDENTITY], NEAREST)


def _spread(picks: pa.Table) -> pa.Table:
    """In turn from each language, and in each language in turn from each site."""
    sites = [*_END, "language", "stratum"]
    rows = _first(picks, sites, IDENTITY, PICKED)
    rows = rows.append_column("of_site", pa.array(ranks_in(rows, sites)))
    languages = [*_END, "language"]
    rows = _first(rows, languages, ["of_site", *IDENTITY], PICKED)
    rows = rows.append_column("of_language", pa.array(ranks_in(rows, languages)))
    rows = _first(rows, _END, ["of_language", "of_site", *IDENTITY], PICKED)
    return rows.select(PICKS.names)


def _clusters(picks: pa.Table) -> pa.Table:
    rows = _first(picks, [*_END, "stratum"], IDENTITY, CLUSTER)
    return _first(rows, _END, ["cluster", "stratum", *IDENTITY], PICKED)


def _first(rows: pa.Table, keys: Sequence[str], order: Sequence[str], count: int) -> pa.Table:
    """The first rows of each group, sorted."""
    rows = sorted_by(rows, [*keys, *order])
    return rows.filter(pa.array(ranks_in(rows, keys) < count))


def documents_of(documents: pa.Table, picks: pa.Table) -> pa.Table:
    """The documents that are picked, each once, sorted."""
    if not documents.num_rows:
        return empty(DOCUMENTS)
    wanted = pc.is_in(names_of(documents), value_set=names_of(picks))
    return _shortened(distinct_rows(documents.filter(wanted), IDENTITY), picks)


def _shortened(documents: pa.Table, picks: pa.Table) -> pa.Table:
    """The documents, with the start alone of the texts of those that only lie near thresholds.

    What is picked for more out of all was so out of each part, which holds it whole.
    """
    others = picks.filter(pc.not_equal(picks["kind"], str(PickKind.NEAR)))
    is_whole = pc.is_in(names_of(documents), value_set=names_of(others))
    text = documents["text"]
    short = pc.if_else(is_whole, text, pc.utf8_slice_codeunits(text, 0, NEAR_CHARS))
    return documents.set_column(DOCUMENTS.get_field_index("text"), DOCUMENTS.field("text"), short)


def names_of(rows: pa.Table) -> pa.Array:
    """A text for each document that no other one has: its identity."""
    parts = [rows[name].combine_chunks().cast(pa.string()) for name in IDENTITY]
    return pc.binary_join_element_wise(*parts, "/")
