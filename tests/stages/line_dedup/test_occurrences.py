from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stages.line_dedup import occurrences
from stages.line_dedup.occurrences import cut_in_part

DIGESTS = st.integers(-3, 3)
DOCUMENTS = st.lists(st.lists(DIGESTS, max_size=6), max_size=12)


def part(documents, *, places=None, number=0):
    """The lines of a part; the document at ``places[n]`` of the crawl stands at row n."""
    places = places or range(len(documents))
    return pa.table(
        {
            "part": pa.array([number] * len(documents), pa.int32()),
            "position": pa.array([place * 1000 for place in places], pa.int64()),
            "numbers": pa.array([list(range(len(d))) for d in documents], pa.list_(pa.int32())),
            "digests": pa.array(documents, pa.list_(pa.int64())),
        }
    )


def allowance(quotas):
    return pa.table(
        {
            "part": pa.array([0] * len(quotas), pa.int32()),
            "digest": pa.array(list(quotas), pa.int64()),
            "allowed": pa.array(list(quotas.values()), pa.int64()),
        }
    )


@given(DOCUMENTS, st.dictionaries(DIGESTS, st.integers(0, 4)), st.randoms())
def test_a_part_keeps_of_each_line_what_it_is_allowed_and_cuts_the_rest(documents, quotas, order):
    rows = list(range(len(documents)))
    order.shuffle(rows)
    lines = part([documents[row] for row in rows], places=rows)
    seen, expected = Counter(), {}
    for place, document in enumerate(documents):
        for number, digest in enumerate(document):
            seen[digest] += 1
            if digest in quotas and seen[digest] > quotas[digest]:
                expected.setdefault(place * 1000, []).append(number)
    found = cut_in_part(lines, allowance(quotas))
    assert found["position"].to_pylist() == sorted(expected)
    assert (
        dict(zip(found["position"].to_pylist(), found["cut"].to_pylist(), strict=True)) == expected
    )


@given(DOCUMENTS, st.integers(1, 5))
def test_lines_are_counted_however_they_are_gathered(documents, chunk):
    batches = [
        batch.select(["part", "position", "digests"])
        for number in range(3)
        for batch in part(documents, number=number).to_batches(max_chunksize=2)
    ]
    kept, occurrences.CHUNK_LINES = occurrences.CHUNK_LINES, chunk
    try:
        rows = [row for batch in occurrences._count(iter(batches)) for row in batch.to_pylist()]
    finally:
        occurrences.CHUNK_LINES = kept
    counts, first = Counter(), {}
    for row in rows:
        key = row["digest"], row["part"]
        counts[key] += row["count"]
        first[key] = min(first.get(key, row["first_position"]), row["first_position"])
    expected, places = Counter(), {}
    for number in range(3):
        for place, document in enumerate(documents):
            for digest in document:
                expected[digest, number] += 1
                places.setdefault((digest, number), place * 1000)
    assert (counts, first) == (expected, places)


def test_a_line_is_a_row_for_each_part_however_often_it_occurs():
    batches = part([[7]] * 5000).select(["part", "position", "digests"]).to_batches(100)
    [counted] = occurrences._count(iter(batches))
    assert counted.to_pylist() == [{"digest": 7, "part": 0, "count": 5000, "first_position": 0}]
