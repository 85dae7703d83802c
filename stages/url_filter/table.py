"""Tables of keys as sorted 64-bit hashes, and every prefix of a key looked up in one pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.kernels.arrays import Int64Array, UInt8Array, UInt32Array, UInt64Array
from models.kernels.compile import kernel
from stages.url_filter.keys import AMPERSAND, DOT, NINE, QUERY, SLASH, ZERO, UrlKeys

BUCKET_SIZE = 4
BITS_AN_ENTRY = 8

Bitmap = UInt8Array
"""A bit for each value of the lowest bits of a hash, 8 to 16 bits for each hash that is in it: it
turns away 88% to 94% of the hashes that are not."""


class HashTable(NamedTuple):
    """Different hashes in order, and where each bucket of equal top bits starts among them.

    ``value >> shift`` is a hash's bucket; buckets hold 2 to 4 hashes on average.
    """

    hashes: UInt64Array
    starts: UInt32Array
    shift: np.uint64


class Listed(NamedTuple):
    """What is listed: every entry, and the hosts of which some path is.

    Few hosts have one; a URL on any other is looked up by its host alone, which is twice as fast.
    """

    entries: HashTable
    path_hosts: Bitmap


FNV_OFFSET = np.uint64(14695981039346656037)
FNV_PRIME = np.uint64(1099511628211)

_SHIFT = np.uint64(33)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)

SUFFIX, WILDCARD, EXCEPTION = 1, 2, 4
"""What a name is to the public suffix list: "co.uk"; "ck" in "*.ck"; "www.ck" in "!www.ck"."""


class Suffixes(NamedTuple):
    """The public suffix list: its names and what each of them is."""

    names: HashTable
    kinds: Int64Array


@kernel()
def mixed(value: np.uint64) -> np.uint64:
    """The running hash spread over all 64 bits, as MurmurHash3 ends."""
    value = (value ^ (value >> _SHIFT)) * _MIX_1
    value = (value ^ (value >> _SHIFT)) * _MIX_2
    return value ^ (value >> _SHIFT)


@kernel()
def may_hold(bitmap: Bitmap, value: np.uint64) -> bool:
    """Whether a hash may be among those that the bitmap was built from."""
    place = value & np.uint64(8 * bitmap.size - 1)
    return bool(bitmap[place >> np.uint64(3)] >> (place & np.uint64(7)) & np.uint64(1))


@kernel()
def _mark(bitmap: Bitmap, hashes: UInt64Array) -> None:
    for value in hashes:
        place = value & np.uint64(8 * bitmap.size - 1)
        bitmap[place >> np.uint64(3)] |= np.uint8(1) << np.uint8(place & np.uint64(7))


def build_bitmap(hashes: UInt64Array) -> Bitmap:
    """The bitmap of some hashes; with none it holds none."""
    size = BITS_AN_ENTRY * len(hashes) // 8
    bitmap = np.zeros(1 << max(0, size - 1).bit_length(), np.uint8)
    _mark(bitmap, hashes)
    return bitmap


@kernel()
def find(table: HashTable, wanted: np.uint64) -> int:
    """The place of a hash in the table, or -1."""
    bucket = wanted >> table.shift
    first, after = table.starts[bucket], table.starts[bucket + np.uint64(1)]
    for place in range(np.int64(first), np.int64(after)):
        if table.hashes[place] == wanted:
            return place
    return -1


@kernel()
def hash_whole(keys: UrlKeys, out: UInt64Array) -> None:
    """The hash of each whole key."""
    for i in range(out.size):
        value = FNV_OFFSET
        for place in range(keys.starts[i], keys.ends[i]):
            value = (value ^ np.uint64(keys.data[place])) * FNV_PRIME
        out[i] = mixed(value)


@kernel()
def registered_end(key: UInt8Array, start: int, host: int, suffixes: Suffixes) -> int:
    """Where in the key the registered domain ends, or ``start`` if the host is a public suffix."""
    value = FNV_OFFSET
    suffix, before, pending = start, start, True  # a last label alone is a suffix by default
    for place in range(start, host + 1):
        if place == host or key[place] == DOT:
            found = find(suffixes.names, mixed(value))
            kind = suffixes.kinds[found] if found >= 0 else 0
            if kind & EXCEPTION:
                suffix = before
                break
            if before == start and place > start and ZERO <= key[place - 1] <= NINE:
                return start  # an IPv4 address
            if pending or kind & SUFFIX:
                suffix = place
            pending = bool(kind & WILDCARD)
            before = place
        if place < host:
            value = (value ^ np.uint64(key[place])) * FNV_PRIME
    if suffix >= host:
        return start
    end = suffix + 1
    while end < host and key[end] != DOT:
        end += 1
    return end


@kernel()
def look_up(keys: UrlKeys, i: int, registered: int, listed: Listed) -> tuple[int, int]:
    """The shortest prefix that is in the table: its place there and its end in the data, or -1s.

    Prefixes begin with the registered domain (the whole host if there is none) and end at labels
    of the host, then at segments of the path.
    """
    key, start, host, end = keys.data, keys.starts[i], keys.hosts[i], keys.ends[i]
    value = FNV_OFFSET
    first = registered if registered > start else host
    for place in range(start, end + 1):
        byte = key[place] if place < end else SLASH
        at_label = place == host or (byte == DOT and place < host)
        at_segment = place > host and byte in (SLASH, QUERY, AMPERSAND)
        if place >= first and (at_label or at_segment):
            prefix = mixed(value)
            found = find(listed.entries, prefix)
            if found >= 0:
                return found, place
            if place == host and not may_hold(listed.path_hosts, prefix):
                return -1, -1
        value = (value ^ np.uint64(byte)) * FNV_PRIME
    return -1, -1


@kernel()
def look_up_all(keys: UrlKeys, suffixes: Suffixes, listed: Listed, out: Int64Array) -> None:
    """For each key: where the site ends, the place of its match and where that ends, or -1s.

    ``out`` has a row for each of the three.
    """
    sites, found, until = out
    for i in range(keys.starts.size):
        start, host = keys.starts[i], keys.hosts[i]
        if host < 0:
            continue
        site = registered_end(keys.data, start, host, suffixes)
        found[i], until[i] = look_up(keys, i, site, listed)
        sites[i] = site if site > start else host


def build_table(hashes: UInt64Array) -> HashTable:
    """The table of some hashes, which it puts in order where they lie."""
    hashes.sort()
    new = np.ones(len(hashes), bool)
    new[1:] = hashes[1:] != hashes[:-1]
    if not new.all():
        hashes = hashes[new]
    bits = max(1, (len(hashes) // BUCKET_SIZE).bit_length())
    shift = np.uint64(64 - bits)
    edges = np.arange(1 << bits, dtype=np.uint64) << shift
    starts = np.append(np.searchsorted(hashes, edges), len(hashes)).astype(np.uint32)
    return HashTable(hashes, starts, shift)
