"""Bands of documents as arrays of narrow records: who shares a band with whom, and who wins it.

Arrays of members are kept in the order of their band keys, so that the members of a band are a run
and those of a range of keys a slice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.kernels.compile import kernel

ORDER = ("batch_number", "rank", "part", "position")
"""What sorts documents by who stays, the lowest first, and so also names them."""

THIS_BATCH = (1 << 31) - 1  # after every batch number: what earlier batches kept goes first

MEMBER = np.dtype(
    [
        ("band", "<i8"),
        ("batch_number", "<i4"),
        ("rank", "<i8"),
        ("part", "<i4"),
        ("position", "<i8"),
    ]
)
"""One band of one document, 32 bytes: all of a document that is ever compared, 128 times."""

LOSS = np.dtype(
    [
        ("part", "<i4"),
        ("position", "<i8"),
        ("best", [(name, MEMBER[name]) for name in ORDER]),
    ]
)
"""A document of this batch that lost a band, and the order of the one that won it: 36 bytes."""


class Combined(NamedTuple):
    """Sorted members by how they travel: compared one by one, for their crowd, or not at all."""

    singles: np.ndarray
    askers: np.ndarray
    held: np.ndarray


def make_members(
    bands: np.ndarray, counts: np.ndarray, order: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The records of documents: their band keys in one row, how many each has, and their order."""
    members = np.empty(len(bands), MEMBER)
    members["band"] = bands
    for name in ORDER:
        members[name] = np.repeat(order[name], counts)
    return members


def sort_by_band(members: np.ndarray) -> np.ndarray:
    """The members in the order of their band keys."""
    return members[np.argsort(np.ascontiguousarray(members["band"]))]


def combine(members: np.ndarray, crowd: int) -> Combined:
    """Sorted members, with the best of every band that ``crowd`` of them share to ask for the rest.

    What the others lose is known when their asker has its answer: see `take_answers`.
    Members of earlier batches lose nothing, so none is held.
    """
    starts, sizes = _runs(members)
    crowded = np.repeat(sizes >= crowd, sizes)
    asks = np.zeros(len(members), bool)
    asks[_best_of_runs(members, starts)[sizes >= crowd]] = True
    held = crowded & ~asks & (members["batch_number"] == THIS_BATCH)
    return Combined(members[~crowded], members[asks], members[held])


def slice_edges(members: np.ndarray, slices: int) -> np.ndarray:
    """Where each of equal ranges of band keys starts in sorted members, and the end: slices + 1."""
    unsigned = members["band"].view(np.uint64) ^ np.uint64(1 << 63)
    number = ((unsigned >> np.uint64(32)) * np.uint64(slices)) >> np.uint64(32)
    counts = np.bincount(number.astype(np.int64), minlength=slices)
    return np.concatenate([[0], np.cumsum(counts)])


def find_winners(members: np.ndarray) -> np.ndarray:
    """For each member, in any order, the index of the one of the lowest order in its band."""
    by_band = np.argsort(np.ascontiguousarray(members["band"]))
    ordered = members[by_band]
    starts, sizes = _runs(ordered)
    winners = np.empty(len(members), np.int64)
    winners[by_band] = by_band[np.repeat(_best_of_runs(ordered, starts), sizes)]
    return winners


def make_losses(losers: np.ndarray, winners: np.ndarray) -> np.ndarray:
    """The losses of members to those that won their bands."""
    losses = np.empty(len(losers), LOSS)
    losses["part"], losses["position"] = losers["part"], losers["position"]
    for name in ORDER:
        losses["best"][name] = winners[name]
    return losses


def take_answers(held: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The losses of the members that were held back, given the winner of each of their bands.

    Raises ValueError for a band without an answer: then a task that was tried again dealt out
    other documents than before.
    """
    ordered = sort_by_band(answers)
    at = np.searchsorted(ordered["band"], held["band"])
    known = at < len(ordered)
    if not known.all() or np.any(ordered["band"][at] != held["band"]):
        raise ValueError(
            "fuzzy_dedup: a band that was asked for has no answer; its keys came in another order "
            "when a task was tried again"
        )
    return make_losses(held, ordered[at])


def count_losses(losses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each loser once with each winner above it, and the number of bands that it lost to it."""
    best = losses["best"]
    columns = (
        best["position"],
        best["part"],
        best["batch_number"],
        losses["position"],
        losses["part"],
    )
    order = np.lexsort(columns)
    new = np.zeros(len(losses), bool)
    new[:1] = True
    for column in columns:
        sorted_column = column[order]
        new[1:] |= sorted_column[1:] != sorted_column[:-1]
    starts = np.flatnonzero(new)
    return losses[order[starts]], np.diff(np.append(starts, len(losses))).astype(np.int32)


def _runs(members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each band starts in sorted members, and how many it has."""
    band = np.ascontiguousarray(members["band"])
    new = np.ones(len(band), bool)
    new[1:] = band[1:] != band[:-1]
    starts = np.flatnonzero(new)
    return starts, np.diff(np.append(starts, len(band)))


def _best_of_runs(members: np.ndarray, starts: np.ndarray) -> np.ndarray:
    best = np.empty(len(starts), np.int64)
    batch_number, rank, part, position = (np.ascontiguousarray(members[name]) for name in ORDER)
    _find_best(starts, batch_number, rank, part, position, best)
    return best


@kernel("void(int64[::1], int32[::1], int64[::1], int32[::1], int64[::1], int64[::1])")
def _find_best(
    starts: np.ndarray,
    batch_number: np.ndarray,
    rank: np.ndarray,
    part: np.ndarray,
    position: np.ndarray,
    best: np.ndarray,
) -> None:
    """Set ``best`` to the index of the lowest order of each run."""
    for run in range(starts.shape[0]):
        end = starts[run + 1] if run + 1 < starts.shape[0] else position.shape[0]
        low = starts[run]
        for i in range(low + 1, end):
            if batch_number[i] != batch_number[low]:
                less = batch_number[i] < batch_number[low]
            elif rank[i] != rank[low]:
                less = rank[i] < rank[low]
            elif part[i] != part[low]:
                less = part[i] < part[low]
            else:
                less = position[i] < position[low]
            if less:
                low = i
        best[run] = low
