from collections import Counter, defaultdict
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.fuzzy_dedup.band_members import MEMBER, THIS_BATCH
from stages.fuzzy_dedup.blobs import Blob, read_blobs, write_blobs
from stages.fuzzy_dedup.collisions import compare_slice, deal_chunk, settle_chunk

CROWD = 3


def sent(blobs: list[Blob]) -> list[Blob]:
    """The blobs as they arrive."""
    return list(read_blobs(write_blobs(blobs)))


def collide(chunks: list[list[tuple]], slices: int) -> dict[tuple, int]:
    """What the three moves find between chunks of members: (loser, winner) -> bands."""
    dealt: list[Blob] = []
    for number, rows in enumerate(chunks):
        dealt += deal_chunk(np.array(rows, MEMBER), number, slices, CROWD)
    back: list[Blob] = []
    for _, blobs in groupby(sorted(sent(dealt), key=lambda b: b.slice), lambda b: b.slice):
        back += compare_slice(blobs)
    found = {}
    for _, blobs in groupby(sorted(sent(back), key=lambda b: b.chunk), lambda b: b.chunk):
        losses, counts = settle_chunk(blobs)
        for (part, position, best), count in zip(losses.tolist(), counts.tolist(), strict=True):
            found[(part, position), best] = count
    return found


def collide_by_loops(chunks: list[list[tuple]]) -> dict[tuple, int]:
    bands = defaultdict(list)
    for band, *order in (row for rows in chunks for row in rows):
        bands[band].append(tuple(order))
    return Counter(
        (order[2:], min(orders))
        for orders in bands.values()
        for order in orders
        if order != min(orders) and order[0] == THIS_BATCH
    )


@st.composite
def corpora(draw):
    """Documents of few bands in a few chunks; a document is in one chunk."""
    batch = st.sampled_from([0, THIS_BATCH, THIS_BATCH, THIS_BATCH])
    document = st.tuples(batch, st.integers(0, 2), st.sets(st.integers(-3, 3), max_size=5))
    chunks = draw(st.lists(st.lists(document, max_size=12), max_size=4))
    return [
        [
            (band, batch, rank, number, position)
            for position, (batch, rank, bands) in enumerate(documents)
            for band in bands
        ]
        for number, documents in enumerate(chunks)
    ]


@given(corpora(), st.integers(1, 5))
def test_the_three_moves_find_what_loops_find(chunks, slices):
    assert collide(chunks, slices) == collide_by_loops(chunks)


@given(corpora(), st.integers(1, 5))
def test_no_result_hangs_on_which_documents_share_a_chunk(chunks, slices):
    together = [[row for rows in chunks for row in rows]]
    assert collide(chunks, slices) == collide(together, 3)


@pytest.mark.parametrize("sharing", [1, 2, 3, 50_000])
def test_less_than_a_crowd_of_a_band_leaves_a_chunk(sharing):
    rows = [(7, THIS_BATCH, 0, 0, position) for position in range(sharing)]
    blobs = list(deal_chunk(np.array(rows, MEMBER), 0, 4, CROWD))
    travels = sum(len(blob.records) for blob in blobs if blob.kind.name != "HELD")
    held = sum(len(blob.records) for blob in blobs if blob.kind.name == "HELD")
    assert travels == (sharing if sharing < CROWD else 1)
    assert travels + held == sharing
    assert max(blob.records.nbytes for blob in blobs) <= 1 << 20
