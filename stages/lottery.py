"""The one seeded lottery: whatever is "random" in a run hangs on a seed and on names alone.

Survivors, samples, copies and the order of exported rows are drawn here, so they are the same in
every run, whatever the partitions. What Spark sorts or filters by is drawn beside the keys, as a
column: no expression of Spark's has to give the same numbers.
"""

from __future__ import annotations

import hashlib

DRAW_BITS = 63
"""A draw is a whole number below 2**63, and so a long of Spark's."""


def draw(seed: int, *names: str | int) -> int:
    """A number from 0 to 2**63 - 1: 63 bits of BLAKE2b over ``seed/name/name``.

    The last name says what is drawn for, so that draws of one seed for one document do not hang
    together: those that an export sorts by, whose last name is the number of a copy, would
    otherwise have what balancing kept stand first.

    >>> draw(1, "00ff", "balance") == draw(1, "00ff", "balance")
    True
    >>> draw(1, "00ff", "balance") == draw(1, "00ff", "identity")
    False
    """
    key = "/".join(map(str, (seed, *names))).encode()
    digest = hashlib.blake2b(key, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - DRAW_BITS)


def drawn_as(doc_id: str | None, source: str, offset: int | None) -> str:
    """The name of a document in draws: its id, or the place of one without, as losses are.

    >>> drawn_as("00ff", "a.warc", 7), drawn_as("", "a.warc", 7)
    ('00ff', 'a.warc/7')
    """
    return doc_id or f"{source}/{offset}"


def highest_of(share: float) -> int:
    """The highest draw of the lowest ``share`` of all draws; -1 where none of them are in it.

    >>> highest_of(0.0), highest_of(1.0) == 2**63 - 1
    (-1, True)
    """
    return int(share * (1 << DRAW_BITS)) - 1
