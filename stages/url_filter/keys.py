"""URLs as keys that are prefixes of each other where one covers the other, looked up by hash.

The key of a URL is its host backwards, then its path: ``https://www.Example.com/a/b`` becomes
``moc.elpmaxe/a/b``. A parent domain's key is then a prefix that ends at a label, and that of a
folder a prefix that ends at a segment, so that one pass over the key hashes all of them.
"""

from __future__ import annotations

from typing import NamedTuple

from models.kernels.arrays import Int64Array, UInt8Array
from models.kernels.compile import kernel


class UrlKeys(NamedTuple):
    """The keys of some URLs: where each starts in ``data``, where its host ends and where it ends.

    The last two are -1 for what is not a URL.
    """

    data: UInt8Array
    starts: Int64Array
    hosts: Int64Array
    ends: Int64Array


DOT, SLASH, QUERY, AMPERSAND, HASH, PERCENT, COLON, BACKSLASH, SPACE = b"./?&#%:\\ "
ZERO, NINE, _UPPER_A, _UPPER_Z, _LOWER_A, _LOWER_Z = b"09AZaz"
_W, _HYPHEN, _UNDERSCORE, _PLUS = b"w-_+"
_WWW = "www."


@kernel()
def _lower(byte: int) -> int:
    return byte + 32 if _UPPER_A <= byte <= _UPPER_Z else byte


@kernel()
def _is_alphanumeric(byte: int) -> bool:
    return _LOWER_A <= byte <= _LOWER_Z or ZERO <= byte <= NINE


@kernel()
def _hex_value(byte: int) -> int:
    """The value of a hexadecimal digit, or -1."""
    low = _lower(byte)
    if ZERO <= low <= NINE:
        return low - ZERO
    return low - _LOWER_A + 10 if _LOWER_A <= low < _LOWER_A + 6 else -1


@kernel()
def _after_scheme(text: UInt8Array, start: int, end: int) -> int:
    """Where the authority starts: after "scheme://" or "//", if there is one."""
    at = start if start < end and _LOWER_A <= _lower(text[start]) <= _LOWER_Z else end
    while at < end and (_is_alphanumeric(_lower(text[at])) or text[at] in (_PLUS, _HYPHEN, DOT)):
        at += 1
    if at + 2 < end and text[at] == COLON and text[at + 1] == SLASH and text[at + 2] == SLASH:
        return at + 3
    if start + 1 < end and text[start] == SLASH and text[start + 1] == SLASH:
        return start + 2
    return start


@kernel()
def _before_port(text: UInt8Array, start: int, end: int) -> int:
    """Where the host ends in an authority: before its port and a last dot; -1 for an odd port."""
    stop = start
    while stop < end and text[stop] != COLON:
        stop += 1
    for place in range(stop + 1, end):
        if not ZERO <= text[place] <= NINE:
            return -1
    return stop - 1 if stop > start and text[stop - 1] == DOT else stop


@kernel()
def _is_plain_name(text: UInt8Array, start: int, end: int) -> bool:
    """Whether a host is labels of letters, digits, hyphens and underscores, the last no number."""
    label = start
    for place in range(start, end):
        byte = _lower(text[place])
        if byte == DOT:
            if place == label:
                return False
            label = place + 1
        elif not (_is_alphanumeric(byte) or byte in (_HYPHEN, _UNDERSCORE)):
            return False
    return label < end and not ZERO <= text[label] <= NINE


@kernel()
def _write_host(text: UInt8Array, start: int, end: int, key: UInt8Array, at: int) -> int:
    """The host backwards without "www.", unless that leaves a bare label; returns where it ends."""
    if end - start > len(_WWW) and text[start + 3] == DOT:
        www = True
        for place in range(start, start + 3):
            www &= _lower(text[place]) == _W
        dots = 0
        for place in range(start + len(_WWW), end):
            dots += text[place] == DOT
        if www and dots:
            start += len(_WWW)
    for place in range(end - 1, start - 1, -1):
        key[at] = _lower(text[place])
        at += 1
    return at


@kernel()
def _percent_decoded(text: UInt8Array, place: int, end: int) -> int:
    """The byte that the "%41" at ``place`` stands for, or -1 if that is not what stands there."""
    if text[place] != PERCENT or place + 2 >= end:
        return -1
    high, low = _hex_value(text[place + 1]), _hex_value(text[place + 2])
    return 16 * high + low if high >= 0 and low >= 0 else -1


@kernel()
def _write_path(text: UInt8Array, start: int, end: int, key: UInt8Array, at: int) -> int:
    """Path and query, percent-decoded, single slashes, none at the end; -1 if dots need care."""
    in_path, last = True, 0
    place = start
    while place < end and text[place] != HASH:
        if text[place] == BACKSLASH or text[place] <= SPACE:
            return -1
        decoded = _percent_decoded(text, place, end)
        byte = _lower(decoded if decoded >= 0 else text[place])
        place += 3 if decoded >= 0 else 1
        if in_path:
            if decoded in (SLASH, QUERY, DOT) or (last == SLASH and byte == DOT):
                return -1
            if last == SLASH and byte == SLASH:
                continue
            if byte == QUERY:
                in_path = False
                if last == 0:
                    key[at] = SLASH
                    at += 1
        key[at] = last = byte
        at += 1
    while key[at - 1] == SLASH:
        at -= 1
    return at


@kernel()
def write_keys(text: UInt8Array, bounds: Int64Array, keys: UrlKeys) -> None:
    """Write the key of each URL ``text[bounds[i]:bounds[i + 1]]`` where ``keys.starts`` says.

    Hosts and ends become -1 for a URL whose spelling is not plain: ``hosts.respell`` it.
    """
    for i in range(bounds.size - 1):
        keys.hosts[i] = keys.ends[i] = -1
        start = path = _after_scheme(text, bounds[i], bounds[i + 1])
        while path < bounds[i + 1] and text[path] not in (SLASH, QUERY, HASH, BACKSLASH):
            path += 1
        stop = _before_port(text, start, path)
        if not _is_plain_name(text, start, stop):
            continue
        host = _write_host(text, start, stop, keys.data, keys.starts[i])
        end = _write_path(text, path, bounds[i + 1], keys.data, host)
        if end >= 0:
            keys.hosts[i], keys.ends[i] = host, end


@kernel()
def write_respelled(text: UInt8Array, bounds: Int64Array, keys: UrlKeys) -> None:
    """As :func:`write_keys`, for what ``respell`` gives: host and path, taken as they stand."""
    for i in range(bounds.size - 1):
        path = bounds[i]
        while path < bounds[i + 1] and text[path] != SLASH:
            path += 1
        at = keys.hosts[i] = _write_host(text, bounds[i], path, keys.data, keys.starts[i])
        for place in range(path, bounds[i + 1]):
            keys.data[at] = text[place]
            at += 1
        keys.ends[i] = at
