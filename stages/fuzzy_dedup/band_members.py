"""Bands of documents as arrays of narrow records: who shares a band with whom, and who wins it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

ORDER = ("batch_number", "rank", "part", "position")
"""What sorts documents by who stays, the lowest first, and so also names them."""

MEMBER = np.dtype(
    [
        ("band", "<i8"),
        ("batch_number", "<i4"),
        ("rank", "<i8"),
        ("part", "<i4"),
        ("position", "<i8"),
    ]
)
"""One band of one document, 32 bytes: all of a document that is ever shuffled, 128 times."""


def make_members(
    bands: np.ndarray, counts: np.ndarray, order: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The records of documents: their band keys in one row, how many each has, and their order."""
    members = np.empty(len(bands), MEMBER)
    members["band"] = bands
    for name in ORDER:
        members[name] = np.repeat(order[name], counts)
    return members


def split_members(members: np.ndarray, buckets: int) -> Iterator[tuple[int, np.ndarray]]:
    """The members by bucket, an equal range of band keys each; empty buckets are left out."""
    high = members["band"].astype(np.uint64) >> np.uint64(32)
    # 16-bit numbers are sorted by radix, five times as fast as wider ones.
    kind = np.uint16 if buckets <= 1 << 16 else np.uint32
    bucket = ((high * np.uint64(buckets)) >> np.uint64(32)).astype(kind)
    ordered = members[np.argsort(bucket, kind="stable")]
    edges = [0, *np.cumsum(np.bincount(bucket, minlength=buckets)).tolist()]
    for number, (first, last) in enumerate(pairwise(edges)):
        if first < last:
            yield number, ordered[first:last]


def find_losses(members: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each loser with each winner above it, and the number of bands that it lost to that one.

    In every band the lowest order wins. Losers and winners are returned as members, with some
    band that they share; the work is a sort of all members by band and two of the shared ones.
    """
    shared = _in_shared_bands(members)
    document, first = _number_documents(shared)
    by_band = np.lexsort((document, shared["band"]))
    band, document = shared["band"][by_band], document[by_band]
    wins = np.ones(len(band), bool)
    wins[1:] = band[1:] != band[:-1]
    winner = document[np.maximum.accumulate(np.where(wins, np.arange(len(band)), 0))]
    pairs, count = np.unique(document[~wins] * len(first) + winner[~wins], return_counts=True)
    losers, winners = np.divmod(pairs, max(len(first), 1))
    return shared[first[losers]], shared[first[winners]], count.astype(np.int32)


def _in_shared_bands(members: np.ndarray) -> np.ndarray:
    """The members whose band has another member."""
    by_band = np.argsort(members["band"])
    band = members["band"][by_band]
    alike = band[1:] == band[:-1]
    shared = np.zeros(len(members), bool)
    shared[1:] |= alike
    shared[:-1] |= alike
    return members[by_band[shared]]


def _number_documents(members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each member's document, numbered in order from 0, and the index of a member of each."""
    by_order = np.lexsort([members[name] for name in reversed(ORDER)])
    new = np.zeros(len(members), bool)
    new[:1] = True
    for name in ORDER:
        column = members[name][by_order]
        new[1:] |= column[1:] != column[:-1]
    number = np.empty(len(members), np.int64)
    number[by_order] = np.cumsum(new) - 1
    return number, by_order[new]
