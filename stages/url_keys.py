"""URLs as keys that are prefixes of each other where one covers the other, looked up by hash.

The key of a URL is its host backwards, then its path: ``https://www.Example.com/a/b`` becomes
``moc.elpmaxe/a/b``. A parent domain's key is then a prefix that ends at a label, and that of a
folder a prefix that ends at a segment, so that one pass over the key hashes all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

FNV_OFFSET = np.uint64(14695981039346656037)
FNV_PRIME = np.uint64(1099511628211)

_SHIFT = np.uint64(33)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)

SUFFIX, WILDCARD, EXCEPTION = 1, 2, 4
"""What a name is to the public suffix list: "co.uk", the "ck" of "*.ck", the "www.ck" of "!www.ck"."""

DOT, SLASH, QUERY, AMPERSAND, HASH, PERCENT, COLON, BACKSLASH, SPACE = b"./?&#%:\\ "
_ZERO, _NINE, _UPPER_A, _UPPER_Z, _LOWER_A, _LOWER_Z = b"09AZaz"
_W, _HYPHEN, _UNDERSCORE, _PLUS = b"w-_+"


@njit(cache=True, inline="always")
def _lower(byte: int) -> int:
    return byte + 32 if _UPPER_A <= byte <= _UPPER_Z else byte


@njit(cache=True, inline="always")
def _is_alphanumeric(byte: int) -> bool:
    return _LOWER_A <= byte <= _LOWER_Z or _ZERO <= byte <= _NINE


@njit(cache=True)
def _hex_value(byte: int) -> int:
    """The value of a hexadecimal digit, or -1."""
    low = _lower(byte)
    if _ZERO <= low <= _NINE:
        return low - _ZERO
    return low - _LOWER_A + 10 if _LOWER_A <= low < _LOWER_A + 6 else -1


@njit(cache=True, inline="always")
def mixed(value: Any) -> Any:
    """The running hash spread over all 64 bits, as MurmurHash3 ends."""
    value = (value ^ (value >> _SHIFT)) * _MIX_1
    value = (value ^ (value >> _SHIFT)) * _MIX_2
    return value ^ (value >> _SHIFT)


@njit(cache=True, inline="always")
def find(hashes: Hashes, starts: NDArray[np.uint32], wanted: Any) -> int:
    """The place of a hash among the sorted ones, or -1; ``starts`` indexes them by their top bits."""
    bucket = wanted >> np.uint64(64 - STARTS_BITS)
    for place in range(np.int64(starts[bucket]), np.int64(starts[bucket + np.uint64(1)])):
        if hashes[place] == wanted:
            return place
    return -1


STARTS_BITS = 20


@njit(cache=True)
def _host_bounds(text: Bytes, start: int, end: int) -> tuple[int, int, int]:
    """Where the host starts and ends, and the path starts, or -1s if the host is not a plain name."""
    nowhere = (-1, -1, -1)
    at = start if start < end and _LOWER_A <= _lower(text[start]) <= _LOWER_Z else end
    while at < end and (_is_alphanumeric(_lower(text[at])) or text[at] in (_PLUS, _HYPHEN, DOT)):
        at += 1
    if at + 2 < end and text[at] == COLON and text[at + 1] == SLASH and text[at + 2] == SLASH:
        start = at + 3
    elif start + 1 < end and text[start] == SLASH and text[start + 1] == SLASH:
        start += 2
    path = start
    while path < end and text[path] not in (SLASH, QUERY, HASH, BACKSLASH):
        path += 1
    stop = start
    while stop < path and text[stop] != COLON:
        stop += 1
    for port in range(stop + 1, path):
        if not _ZERO <= text[port] <= _NINE:
            return nowhere
    if stop > start and text[stop - 1] == DOT:
        stop -= 1
    label = start
    for place in range(start, stop):
        byte = _lower(text[place])
        if byte == DOT:
            if place == label:
                return nowhere
            label = place + 1
        elif not (_is_alphanumeric(byte) or byte in (_HYPHEN, _UNDERSCORE)):
            return nowhere
    if label >= stop or _ZERO <= text[label] <= _NINE:
        return nowhere
    return start, stop, path


@njit(cache=True)
def _write_host(text: Bytes, start: int, end: int, key: Bytes, at: int) -> int:
    """The host backwards without "www.", unless that leaves a bare label; returns where it ends."""
    if end - start > 4 and text[start + 3] == DOT:
        www = True
        for place in range(start, start + 3):
            www &= _lower(text[place]) == _W
        dots = 0
        for place in range(start + 4, end):
            dots += text[place] == DOT
        if www and dots:
            start += 4
    for place in range(end - 1, start - 1, -1):
        key[at] = _lower(text[place])
        at += 1
    return at


@njit(cache=True)
def _write_path(text: Bytes, start: int, end: int, key: Bytes, at: int) -> int:
    """Path and query, percent-decoded, single slashes, none at the end; -1 if dots need care."""
    in_path, last = True, 0
    place = start
    while place < end and text[place] != HASH:
        byte = _lower(text[place])
        if byte == BACKSLASH or byte <= SPACE:
            return -1
        if byte == PERCENT and place + 2 < end:
            high, low = _hex_value(text[place + 1]), _hex_value(text[place + 2])
            if high >= 0 and low >= 0:
                byte = _lower(16 * high + low)
                place += 2
                if in_path and byte in (SLASH, QUERY, DOT):
                    return -1
        place += 1
        if byte == QUERY and in_path:
            in_path = False
            if last == 0:
                key[at] = SLASH
                at += 1
        elif in_path and last == SLASH and byte == SLASH:
            continue
        elif in_path and last == SLASH and byte == DOT:
            return -1
        key[at] = last = byte
        at += 1
    while key[at - 1] == SLASH:
        at -= 1
    return at


@njit(cache=True)
def write_keys(
    text: Bytes, bounds: NDArray[np.int64], keys: Bytes, hosts: NDArray[np.int64], ends: Any
) -> None:
    """Write the key of each URL ``text[bounds[i]:bounds[i + 1]]`` at ``keys[bounds[i] + i]``.

    ``hosts[i]`` and ``ends[i]`` become the places where the host and the whole key end, or -1 for
    a URL whose spelling is not plain (:func:`stages.hosts.respell` makes it so).
    """
    for i in range(bounds.size - 1):
        hosts[i] = ends[i] = -1
        start, stop, path = _host_bounds(text, bounds[i], bounds[i + 1])
        if start < 0:
            continue
        host_end = _write_host(text, start, stop, keys, bounds[i] + i)
        end = _write_path(text, path, bounds[i + 1], keys, host_end)
        if end >= 0:
            hosts[i], ends[i] = host_end, end


@njit(cache=True)
def write_respelled(
    text: Bytes, bounds: NDArray[np.int64], keys: Bytes, hosts: NDArray[np.int64], ends: Any
) -> None:
    """As :func:`write_keys`, for what ``respell`` gives: host and path, taken as they stand."""
    for i in range(bounds.size - 1):
        path, at = bounds[i], bounds[i] + i
        while path < bounds[i + 1] and text[path] != SLASH:
            path += 1
        at = hosts[i] = _write_host(text, bounds[i], path, keys, at)
        for place in range(path, bounds[i + 1]):
            keys[at] = text[place]
            at += 1
        ends[i] = at


@njit(cache=True)
def hash_whole(keys: Bytes, starts: Any, ends: Any, out: Hashes) -> None:
    """The hash of each key."""
    for i in range(out.size):
        value = FNV_OFFSET
        for place in range(starts[i], ends[i]):
            value = (value ^ np.uint64(keys[place])) * FNV_PRIME
        out[i] = mixed(value)


@njit(cache=True)
def registered_end(
    key: Bytes, start: int, host: int, suffixes: Hashes, starts: Any, kinds: Any
) -> int:
    """Where in the key the registered domain ends, or ``start`` if the host is a public suffix."""
    value = FNV_OFFSET
    suffix, before, pending = start, start, True  # a last label alone is a suffix by default
    for place in range(start, host + 1):
        if place == host or key[place] == DOT:
            found = find(suffixes, starts, mixed(value))
            kind = kinds[found] if found >= 0 else 0
            if kind & EXCEPTION:
                suffix = before
                break
            if before == start and place > start and _ZERO <= key[place - 1] <= _NINE:
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


@njit(cache=True)
def look_up(
    key: Bytes, start: int, host: int, end: int, registered: int, hashes: Hashes, starts: Any
) -> tuple[int, int]:
    """The shortest prefix that is in the table: its place there and its end in the key, or -1s.

    Prefixes begin with the registered domain (the whole host if there is none) and end at labels
    of the host, then at segments of the path.
    """
    value = FNV_OFFSET
    first = registered if registered > start else host
    for place in range(start, end + 1):
        byte = key[place] if place < end else SLASH
        at_label = place == host or (byte == DOT and place < host)
        at_segment = place > host and byte in (SLASH, QUERY, AMPERSAND)
        if place >= first and (at_label or at_segment):
            found = find(hashes, starts, mixed(value))
            if found >= 0:
                return found, place
        value = (value ^ np.uint64(byte)) * FNV_PRIME
    return -1, -1


def sort_hashes(hashes: Hashes) -> tuple[NDArray[np.int64], Hashes, NDArray[np.uint32]]:
    """The places of the different hashes in sorted order (of equals the first), they, their index."""
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    new = np.ones(len(ranked), bool)
    new[1:] = ranked[1:] != ranked[:-1]
    ranked = ranked[new]
    edges = np.arange(1 << STARTS_BITS, dtype=np.uint64) << np.uint64(64 - STARTS_BITS)
    starts = np.append(np.searchsorted(ranked, edges), len(ranked)).astype(np.uint32)
    return order[new], ranked, starts


@njit(cache=True)
def look_up_all(
    keys: Bytes,
    begins: Any,
    hosts: Any,
    ends: Any,
    suffixes: Any,
    hashes: Hashes,
    starts: Any,
    registered: Any,
    found: Any,
    until: Any,
) -> None:
    """Fill ``registered``, ``found`` and ``until`` for each key; the first is where the site ends."""
    for i in range(begins.size):
        if ends[i] < 0:
            continue
        site = registered_end(
            keys, begins[i], hosts[i], suffixes.hashes, suffixes.starts, suffixes.kinds
        )
        found[i], until[i] = look_up(keys, begins[i], hosts[i], ends[i], site, hashes, starts)
        registered[i] = site if site > begins[i] else hosts[i]
