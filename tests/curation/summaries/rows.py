"""Rows as a step stores them, and the summary that a plain loop makes of them."""

import math
from collections import Counter

import pyarrow as pa

from curation.summaries.documents import summarise
from curation.summaries.summary import total_of
from schemas.document import SOURCE_COLUMNS, document_schema
from schemas.verdict import Decision
from stages.lottery import draw

SCHEMA = document_schema(
    {
        **SOURCE_COLUMNS,
        "language": pa.string(),
        "site": pa.string(),
        "category": pa.string(),
        "quality": pa.float64(),
        "measures": pa.struct([("words", pa.int32()), ("ratio", pa.float64())]),
    }
)


def row(number, decision=Decision.KEEP, **columns):
    """A document; its place in the crawl is its own."""
    return {
        "doc_id": f"{number:032x}",
        "url": f"http://www.a.example/{number}",
        "source": "crawl.warc.gz",
        "offset": number,
        "text": "字" * number,
        "stage": "" if decision is Decision.KEEP else "rules",
        "reason": "" if decision is Decision.KEEP else "bad",
        "detail": "",
        "edits": [],
        **columns,
        "decision": decision,
    }


def summary_of(rows, batch_rows=512):
    """The summary of rows, of which ``batch_rows`` of a decision are summed up at a time."""
    batches = []
    for decision in Decision:
        some = [each for each in rows if each["decision"] is decision]
        for start in range(0, len(some), batch_rows):
            table = pa.Table.from_pylist(some[start : start + batch_rows], SCHEMA)
            batches.append(summarise(table, decision))
    return total_of(batches)


def pages_by(rows, *names):
    """How many rows have the same values of some columns; "" for none."""
    return Counter(tuple(each.get(name) or "" for name in names) for each in rows)


def in_bins(rows, name):
    """How many values lie from 1/64 to 1/64, and above 1 from octave to octave."""
    found = Counter()
    for each in rows:
        value = each.get(name)
        if value is not None and math.isfinite(value):
            size = abs(value)
            number = min(int(size * 64), 63) if size <= 1 else 64 + math.floor(math.log2(size))
            found[-1 - number if value < 0 else number] += 1
    return found


def drawn(rows, count):
    """The ids of the documents whose draws come first."""
    return sorted((each["doc_id"] for each in rows), key=lambda one: draw(1, one, "sample"))[:count]
