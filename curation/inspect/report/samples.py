"""The documents that a run's summaries hold, as the report shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curation.inspect.printable import printable
from curation.inspect.report.excerpt import MAX_CHARS, excerpt, packed
from curation.summaries.picks import NEAR_CHARS, PickKind
from curation.summaries.summary import Summary
from stages.base import Row

Data = Mapping[str, Any]
"""A part of the report's data, as JSON has it; its names are short where there are many."""


def samples(summaries: Sequence[Summary]) -> list[Data]:
    """Every document that some step holds, with what it was picked for."""
    return [one for number, summary in enumerate(summaries) for one in _of_step(number, summary)]


def measured(summary: Summary) -> list[str]:
    """The numbers that samples of a step have, in the order of their ``values``."""
    return sorted(set(summary.limits["measure"].to_pylist()))


def _of_step(number: int, summary: Summary) -> Iterator[Data]:
    picks: dict[tuple[object, ...], list[Row]] = {}
    for pick in summary.picks.to_pylist():
        picks.setdefault(_identity(pick), []).append(pick)
    names = measured(summary)
    for document in summary.documents.to_pylist():
        yield _shown(number, document, picks.get(_identity(document), []), names)


def _identity(row: Row) -> tuple[object, ...]:
    return row["draw"], row["doc_id"], row["source"], row["offset"]


def _shown(step: int, document: Row, picks: Sequence[Row], names: Sequence[str]) -> Data:
    kinds = {pick["kind"] for pick in picks}
    address = document["url"] or f"{document['source']} at {document['offset']:,}"
    texts = {
        "id": document["doc_id"],
        "decision": document["decision"],
        "stage": document["stage"],
        "reason": document["reason"],
        "url": address,
        **{name: document[name] for name in ("title", "language", "site", "category", "twin")},
        "detail": document["detail"],
    }
    length = NEAR_CHARS if kinds == {PickKind.NEAR} else MAX_CHARS
    lines = excerpt(document["text"], document["characters"], document["edits"], length)
    return {
        "step": step,
        **{name: printable(text) for name, text in texts.items() if text},
        "characters": document["characters"],
        "lines": packed(lines),
        "values": _values(document["values"], names),
        "ends": PickKind.END in kinds,
        "isTwin": PickKind.TWIN in kinds,
        "cuts": sorted(
            f"{pick['stage']}: {pick['reason']}" for pick in picks if pick["kind"] == PickKind.CUT
        ),
    }


def _values(values: Sequence[Row], names: Sequence[str]) -> list[float | None]:
    """The numbers of a document by their places among ``names``."""
    by_name = {one["measure"]: one["value"] for one in values}
    found = (by_name.get(name) for name in names)
    return [None if one is None else _rounded(one) for one in found]


def _rounded(value: float) -> float:
    """Six digits: what a person compares."""
    return float(f"{value:.6g}")
