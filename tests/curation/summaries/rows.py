"""Rows as a step stores them, and the summary that a plain loop makes of them."""

import math
from collections import Counter

import pyarrow as pa

from curation.summaries.documents import summarise
from curation.summaries.summary import total_of
from schemas.document import SOURCE_COLUMNS, document_schema
from schemas.verdict import Decision
from stages.lottery import draw
from stages.recall import Bound, Limit

SCHEMA = document_schema(
    {
        **SOURCE_COLUMNS,
        "language": pa.string(),
        "site": pa.string(),
        "category": pa.string(),
        "twin": pa.string(),
        "copies": pa.int32(),
        "tokens": pa.int64(),
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


LIMITS = {
    "quality": [Limit("min_quality", "quality", Bound.AT_LEAST, 0.5)],
    "rules": [Limit("max_words", "measures.words", Bound.AT_MOST, 40, language="en")],
}


def summary_of(rows, batch_rows=512, limits=LIMITS):
    """The summary of rows, of which ``batch_rows`` of a decision are summed up at a time."""
    batches = []
    for decision in Decision:
        some = [each for each in rows if each["decision"] is decision]
        for start in range(0, len(some), batch_rows):
            table = pa.Table.from_pylist(some[start : start + batch_rows], SCHEMA)
            batches.append(summarise(table, decision, limits))
    return total_of(batches)


def pages_by(rows, *names):
    """How many rows have the same values of some columns; "" for none."""
    return Counter(tuple(each.get(name) or "" for name in names) for each in rows)


def in_bins(rows, name):
    """How many values share their first five binary digits, or their 4096ths below 1/256."""
    found = Counter()
    for each in rows:
        value = each.get(name)
        if value is not None and math.isfinite(value):
            size = abs(value)
            number = int(size * 4096)
            if number > 15:
                octave = math.floor(math.log2(size))
                number = 16 * (octave + 9) + int(size / 2**octave * 16) - 16
            found[-1 - number if value < 0 else number] += 1
    return found


def drawn(rows):
    """Rows in the order in which they are drawn, each with an id of its own."""
    return sorted(rows, key=lambda each: draw(1, each["doc_id"], "sample"))


def spread(rows, count):
    """The ids of documents, in turn from each language, and there in turn from each site."""
    turns = []
    for language in {each["language"] for each in rows}:
        some = [each for each in drawn(rows) if each["language"] == language]
        seen, in_turn = Counter(), []
        for each in some:
            in_turn.append((seen[each["site"]], draw(1, each["doc_id"], "sample"), each["doc_id"]))
            seen[each["site"]] += 1
        turns += [(place, *one) for place, one in enumerate(sorted(in_turn))]
    return [one[-1] for one in sorted(turns)[:count]]


def ids_picked(summary, kind, **columns):
    """The ids of the documents that were picked for something."""
    wanted = {"kind": kind, **columns}
    return [
        pick["doc_id"]
        for pick in summary.picks.to_pylist()
        if all(pick[name] == value for name, value in wanted.items())
    ]
