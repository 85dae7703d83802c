"""SHA-1 of many short byte spans at once: as many lanes as the processor's vectors hold.

Only the first 4 bytes of each digest are kept, read as a little-endian uint32: what datasketch
calls ``sha1_hash32``. Function and constant names follow FIPS 180-4, section 6.1. Why it is
written so: docs/decisions/0017-sha1-in-lanes.md.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from models.kernels.arrays import Int64Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel

U32 = np.uint32
U64 = np.uint64
LANES = 64  # spans in flight: 4 AVX-512 vectors of uint32, 8 AVX2 vectors
BLOCK_BYTES = 64
WORD_BYTES = 4
ONE_BLOCK_BYTES = 55  # a block less the end mark and the length
MESSAGE_WORDS = 14  # of a block that ends with the length

State: TypeAlias = tuple[U32, U32, U32, U32, U32]
"""The five working variables a, b, c, d, e."""

Words: TypeAlias = tuple[U32, ...]
"""Big-endian words of the message schedule: 5 for a group of rounds, 16 for a block."""


@inlined
def _rotate(word: U32, bits: int) -> U32:
    return U32(U32(word << U32(bits)) | U32(word >> U32(32 - bits)))


@inlined
def _rotated_xor(first: U32, second: U32, third: U32, fourth: U32) -> U32:
    mixed = U32(first ^ second ^ third ^ fourth)
    return U32(U32(mixed << U32(1)) | U32(mixed >> U32(31)))


@inlined
def _next_words(w: Words) -> Words:
    """The 16 words of the schedule that follow ``w``: W[t-3] ^ W[t-8] ^ W[t-14] ^ W[t-16]."""
    n0 = _rotated_xor(w[13], w[8], w[2], w[0])
    n1 = _rotated_xor(w[14], w[9], w[3], w[1])
    n2 = _rotated_xor(w[15], w[10], w[4], w[2])
    n3 = _rotated_xor(n0, w[11], w[5], w[3])
    n4 = _rotated_xor(n1, w[12], w[6], w[4])
    n5 = _rotated_xor(n2, w[13], w[7], w[5])
    n6 = _rotated_xor(n3, w[14], w[8], w[6])
    n7 = _rotated_xor(n4, w[15], w[9], w[7])
    n8 = _rotated_xor(n5, n0, w[10], w[8])
    n9 = _rotated_xor(n6, n1, w[11], w[9])
    n10 = _rotated_xor(n7, n2, w[12], w[10])
    n11 = _rotated_xor(n8, n3, w[13], w[11])
    n12 = _rotated_xor(n9, n4, w[14], w[12])
    n13 = _rotated_xor(n10, n5, w[15], w[13])
    n14 = _rotated_xor(n11, n6, n0, w[14])
    n15 = _rotated_xor(n12, n7, n1, w[15])
    return n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15


@inlined
def _choose(b: U32, c: U32, d: U32) -> U32:
    return U32(d ^ (b & (c ^ d)))


@inlined
def _parity(b: U32, c: U32, d: U32) -> U32:
    return U32(b ^ c ^ d)


@inlined
def _majority(b: U32, c: U32, d: U32) -> U32:
    return U32((b & c) | (d & (b | c)))


@inlined
def _choose_rounds(state: State, w: Words) -> State:
    """Five rounds, 0 to 19: after five the variables have their own names again."""
    a, b, c, d, e = state
    k = U32(0x5A827999)
    e, b = U32(e + _rotate(a, 5) + _choose(b, c, d) + k + w[0]), _rotate(b, 30)
    d, a = U32(d + _rotate(e, 5) + _choose(a, b, c) + k + w[1]), _rotate(a, 30)
    c, e = U32(c + _rotate(d, 5) + _choose(e, a, b) + k + w[2]), _rotate(e, 30)
    b, d = U32(b + _rotate(c, 5) + _choose(d, e, a) + k + w[3]), _rotate(d, 30)
    a, c = U32(a + _rotate(b, 5) + _choose(c, d, e) + k + w[4]), _rotate(c, 30)
    return a, b, c, d, e


@inlined
def _majority_rounds(state: State, w: Words) -> State:
    """Five rounds, 40 to 59."""
    a, b, c, d, e = state
    k = U32(0x8F1BBCDC)
    e, b = U32(e + _rotate(a, 5) + _majority(b, c, d) + k + w[0]), _rotate(b, 30)
    d, a = U32(d + _rotate(e, 5) + _majority(a, b, c) + k + w[1]), _rotate(a, 30)
    c, e = U32(c + _rotate(d, 5) + _majority(e, a, b) + k + w[2]), _rotate(e, 30)
    b, d = U32(b + _rotate(c, 5) + _majority(d, e, a) + k + w[3]), _rotate(d, 30)
    a, c = U32(a + _rotate(b, 5) + _majority(c, d, e) + k + w[4]), _rotate(c, 30)
    return a, b, c, d, e


@inlined
def _parity_rounds(state: State, w: Words, k: U32) -> State:
    """Five rounds, 20 to 39 and 60 to 79, which differ in ``k``."""
    a, b, c, d, e = state
    e, b = U32(e + _rotate(a, 5) + _parity(b, c, d) + k + w[0]), _rotate(b, 30)
    d, a = U32(d + _rotate(e, 5) + _parity(a, b, c) + k + w[1]), _rotate(a, 30)
    c, e = U32(c + _rotate(d, 5) + _parity(e, a, b) + k + w[2]), _rotate(e, 30)
    b, d = U32(b + _rotate(c, 5) + _parity(d, e, a) + k + w[3]), _rotate(d, 30)
    a, c = U32(a + _rotate(b, 5) + _parity(c, d, e) + k + w[4]), _rotate(c, 30)
    return a, b, c, d, e


@inlined
def _rounds(state: State, p: Words) -> State:
    """The 80 rounds over the block ``p`` and the four blocks of schedule that follow from it."""
    state = _choose_rounds(state, p[0:5])
    state = _choose_rounds(state, p[5:10])
    state = _choose_rounds(state, p[10:15])
    q = _next_words(p)
    state = _choose_rounds(state, (p[15], q[0], q[1], q[2], q[3]))
    state = _parity_rounds(state, q[4:9], U32(0x6ED9EBA1))
    state = _parity_rounds(state, q[9:14], U32(0x6ED9EBA1))
    r = _next_words(q)
    state = _parity_rounds(state, (q[14], q[15], r[0], r[1], r[2]), U32(0x6ED9EBA1))
    state = _parity_rounds(state, r[3:8], U32(0x6ED9EBA1))
    state = _majority_rounds(state, r[8:13])
    s = _next_words(r)
    state = _majority_rounds(state, (r[13], r[14], r[15], s[0], s[1]))
    state = _majority_rounds(state, s[2:7])
    state = _majority_rounds(state, s[7:12])
    t = _next_words(s)
    state = _parity_rounds(state, (s[12], s[13], s[14], s[15], t[0]), U32(0xCA62C1D6))
    state = _parity_rounds(state, t[1:6], U32(0xCA62C1D6))
    state = _parity_rounds(state, t[6:11], U32(0xCA62C1D6))
    return _parity_rounds(state, t[11:16], U32(0xCA62C1D6))


@kernel("void(uint32[:,::1], uint32[:,::1])")
def _compress(w: UInt32Array, state: UInt32Array) -> None:
    """Fold one block of each lane, ``w`` (16, LANES), into its ``state`` (5, LANES)."""
    for lane in range(LANES):
        before = (state[0, lane], state[1, lane], state[2, lane], state[3, lane], state[4, lane])
        low = (w[0, lane], w[1, lane], w[2, lane], w[3, lane], w[4, lane], w[5, lane], w[6, lane])
        mid = (w[7, lane], w[8, lane], w[9, lane], w[10, lane], w[11, lane], w[12, lane])
        block = low + mid + (w[13, lane], w[14, lane], w[15, lane])
        a, b, c, d, e = _rounds(before, block)
        state[0, lane] = U32(before[0] + a)
        state[1, lane] = U32(before[1] + b)
        state[2, lane] = U32(before[2] + c)
        state[3, lane] = U32(before[3] + d)
        state[4, lane] = U32(before[4] + e)


@inlined
def _blocks(length: U64) -> U64:
    """Blocks of a message of ``length`` bytes: its bytes, an end mark of one and a length of 8."""
    return (length + U64(8)) // U64(BLOCK_BYTES) + U64(1)


@kernel("void(uint8[::1], uint64, uint64, uint64, uint32[:,::1], uint64)")
def _fill(
    buffer: UInt8Array, start: U64, length: U64, first: U64, w: UInt32Array, lane: U64
) -> None:
    """Set one lane's 16 words to the block whose first byte is byte ``first`` of the message."""
    whole = U64(0)
    if length > first:
        whole = min(U64(16), (length - first) >> U64(2))
    at = start + first
    for i in range(whole):
        word = U32(buffer[at]) << U32(24)
        word |= U32(buffer[at + U64(1)]) << U32(16)
        word |= U32(buffer[at + U64(2)]) << U32(8)
        w[i, lane] = U32(word | U32(buffer[at + U64(3)]))
        at += U64(4)
    if whole == U64(16):
        return
    for i in range(whole, U64(16)):
        w[i, lane] = U32(0)
    byte = first + (whole << U64(2))
    if byte <= length:  # else the end mark stands in the block before
        word = U32(0x80) << U32(24 - U32(8) * U32(length - byte))
        for i in range(length - byte):
            word |= U32(buffer[at + i]) << U32(24 - U32(8) * U32(i))
        w[whole, lane] = U32(word)
    if first + U64(BLOCK_BYTES) >= length + U64(9):
        w[14, lane] = U32(length >> U64(29))
        w[15, lane] = U32(length << U64(3))


def _ends() -> tuple[UInt32Array, UInt32Array]:
    """For each length of a message of one block, (56, 14): which bits of its words stay, are set.

    What stays is the message, what is set the end mark that follows it.
    """
    left = np.arange(ONE_BLOCK_BYTES + 1)[:, None] - WORD_BYTES * np.arange(MESSAGE_WORDS)
    stay = 0xFFFFFFFF & ~(0xFFFFFFFF >> (8 * left.clip(0, WORD_BYTES)))
    mark = 0x80000000 >> (8 * left.clip(0, WORD_BYTES))
    mark[(left < 0) | (left >= WORD_BYTES)] = 0
    return stay.astype(np.uint32), mark.astype(np.uint32)


_STAY, _MARK = _ends()


@inlined
def _swapped(word: U32) -> U32:
    """The word with its bytes in the other order."""
    swapped = U32(word << U32(24)) | U32(U32(word << U32(8)) & U32(0xFF0000))
    return U32(swapped | U32((word >> U32(8)) & U32(0xFF00)) | U32(word >> U32(24)))


@inlined
def _fill_only(words: UInt32Array, start: U64, length: U64, w: UInt32Array, lane: U64) -> None:
    """`_fill` for a message of one block, without a branch: a third of the time.

    ``words`` is the buffer as little-endian words, of which 15 are read from the one that holds
    ``start``, whatever the length: a word of the message lies in two of them.
    """
    at, shift = start >> U64(2), (start & U64(3)) * U64(8)
    for i in range(U64(MESSAGE_WORDS)):
        both = (U64(words[at + i + U64(1)]) << U64(32)) | U64(words[at + i])
        w[i, lane] = (_swapped(U32(both >> shift)) & _STAY[length, i]) | _MARK[length, i]
    w[14, lane] = U32(0)
    w[15, lane] = U32(length << U64(3))


@inlined
def _reset(state: UInt32Array) -> None:
    state[0, :] = U32(0x67452301)
    state[1, :] = U32(0xEFCDAB89)
    state[2, :] = U32(0x98BADCFE)
    state[3, :] = U32(0x10325476)
    state[4, :] = U32(0xC3D2E1F0)


@kernel()
def _short_first(lengths: Int64Array) -> Int64Array:
    """The numbers of the spans, those of one block before the others."""
    order = np.empty(lengths.shape[0], np.int64)
    short, long = 0, lengths.shape[0] - 1
    for i in range(lengths.shape[0]):
        if lengths[i] <= ONE_BLOCK_BYTES:
            order[short] = i
            short += 1
        else:
            order[long] = i
            long -= 1
    return order


@kernel("void(uint8[::1], int64[::1], int64[::1], uint32[::1])", allocates=True)
def hash_spans(
    buffer: UInt8Array, starts: Int64Array, lengths: Int64Array, out: UInt32Array
) -> None:
    """Set ``out[i]`` to the first 4 bytes of SHA-1 of ``buffer[starts[i]:][:lengths[i]]``.

    Nearly all shingles fit one block (55 bytes); the longer ones are put together in the last
    lanes, so that lanes rarely wait for each other's blocks.
    """
    order = _short_first(lengths)
    words = buffer[: buffer.shape[0] // WORD_BYTES * WORD_BYTES].view(np.uint32)
    w = np.zeros((16, LANES), np.uint32)
    state = np.empty((5, LANES), np.uint32)
    for base in range(0, order.shape[0], LANES):
        batch = order[base : base + LANES]
        most = U64(1)
        for span in batch:
            most = max(most, _blocks(U64(lengths[span])))
        _reset(state)
        for block in range(most):
            for lane in range(batch.shape[0]):
                length = U64(lengths[batch[lane]])
                start = U64(starts[batch[lane]])
                is_near_end = (start >> U64(2)) + U64(MESSAGE_WORDS) >= U64(words.shape[0])
                if length <= U64(ONE_BLOCK_BYTES) and not is_near_end:
                    if block == U64(0):
                        _fill_only(words, start, length, w, U64(lane))
                elif block < _blocks(length):
                    _fill(buffer, start, length, block * U64(BLOCK_BYTES), w, U64(lane))
            _compress(w, state)
            for lane in range(batch.shape[0]):
                if block + U64(1) == _blocks(U64(lengths[batch[lane]])):
                    out[batch[lane]] = _swapped(state[0, lane])
