"""The documents that a run's summaries hold, as the report shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curation.inspect.printable import printable
from curation.inspect.report.excerpt import excerpt, packed
from curation.summaries.picks import PickKind
from curation.summaries.summary import Summary
from stages.base import Row

Data = Mapping[str, Any]
"""A part of the report's data, as JSON has it; its names are short where there are many."""


def samples(summaries: Sequence[Summary]) -> list[Data]:
    """Every document that some step holds, with what it was picked for."""
    return [one for number, summary in enumerate(summaries) for one in _of_step(number, summary)]


def _of_step(number: int, summary: Summary) -> Iterator[Data]:
    picks: dict[tuple[object, ...], list[Row]] = {}
    for pick in summary.picks.to_pylist():
        picks.setdefault(_identity(pick), []).append(pick)
    for document in summary.documents.to_pylist():
        yield _shown(number, document, picks.get(_identity(document), []))


def _identity(row: Row) -> tuple[object, ...]:
    return row["draw"], row["doc_id"], row["source"], row["offset"]


def _shown(step: int, document: Row, picks: Sequence[Row]) -> Data:
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
    lines = excerpt(document["text"], document["characters"], document["edits"])
    return {
        "step": step,
        **{name: printable(text) for name, text in texts.items() if text},
        "characters": document["characters"],
        "lines": packed(lines),
        "values": {
            one["measure"]: _rounded(one["value"])
            for one in document["values"]
            if one["value"] is not None
        },
        "ends": PickKind.END in kinds,
        "isTwin": PickKind.TWIN in kinds,
        "cuts": sorted(
            f"{pick['stage']}: {pick['reason']}" for pick in picks if pick["kind"] == PickKind.CUT
        ),
    }


def _rounded(value: float) -> float:
    """Six digits: what a person compares."""
    return float(f"{value:.6g}")
