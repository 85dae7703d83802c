"""MinHash signatures, bit-identical to datasketch 2.0's at 18 times its default size.

datasketch's scheme ("affine32"): the first 4 bytes of each shingle's SHA-1, mixed by MurmurHash3's
finalizer, go through ``a * h + b mod 2**32`` for each permutation, and the minimum stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from models.kernels.compile import inlined, kernel
from models.kernels.permute import EMPTY, mix32, permute
from models.kernels.sha1 import hash_spans
from stages.fuzzy_dedup.shingles import Shingles, shingle

U32 = np.uint32
U64 = np.uint64
NUM_PERMUTATIONS = 2048
SHINGLE_TOKENS = 5
SEED = 1


def signature(
    text: str, *, width: int = SHINGLE_TOKENS, size: int = NUM_PERMUTATIONS, seed: int = SEED
) -> np.ndarray:
    """``size`` uint32 minima over the shingles of ``width`` tokens of the standardised text.

    A text without tokens gives `EMPTY` throughout, as an empty ``datasketch.MinHash`` does.
    """
    return signatures([text], width=width, size=size, seed=seed)[0]


def signatures(
    texts: Sequence[str],
    *,
    width: int = SHINGLE_TOKENS,
    size: int = NUM_PERMUTATIONS,
    seed: int = SEED,
    user_dictionary: str = "",
) -> np.ndarray:
    """One signature a row, (texts, size) uint32: see `signature` and `shingle`."""
    return minima(shingle(texts, width, user_dictionary), size, seed)


def minima(shingles: Shingles, size: int, seed: int) -> np.ndarray:
    """The signatures of documents already shingled, (documents, size) uint32."""
    hashes = np.empty(len(shingles.starts), np.uint32)
    hash_spans(shingles.buffer, shingles.starts, shingles.lengths, hashes)
    out = np.empty((len(shingles.offsets) - 1, size), np.uint32)
    permute(hashes, shingles.offsets, *permutations(size, seed), out)
    return out


@cache
def permutations(size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The odd factors and the summands of the permutations, drawn as datasketch 2.0 draws them."""
    draw = np.random.RandomState(seed)  # the frozen generator: its stream never changes
    factors = draw.randint(0, 1 << 31, size, dtype=np.uint32) * U32(2) + U32(1)
    return factors, draw.randint(0, 1 << 32, size, dtype=np.uint32)


def band_keys(minima: np.ndarray, bands: int) -> np.ndarray:
    """One 64-bit key for each band of each signature, (documents, bands) int64.

    Equal keys mean the same band with the same rows, but for chance: among 10 billion documents
    of 128 bands (1.3e12 keys) about 350 pairs of one band are expected to agree by accident, and
    44,000 of different bands. Raises ValueError unless the bands share the signature equally.
    """
    size = minima.shape[1]
    if size % bands:
        raise ValueError(f"bands: {bands} do not share a signature of {size} minima equally")
    keys = np.empty((minima.shape[0], bands), np.int64)
    _fold(np.ascontiguousarray(minima), keys)
    return keys


def sketches(minima: np.ndarray) -> np.ndarray:
    """One bit of a hash of each minimum, (documents, ceil(size / 64)) int64; unused bits are 0.

    Two sketches agree in all bits of equal minima and in half of the others: of 2,048 bits they
    estimate a similarity of 0.8 with a standard error of 0.013, where the minima themselves, 32
    times the size, give 0.009. Source: b-bit minwise hashing (Li and Koenig, WWW 2010), b = 1; it
    takes the lowest bit of each minimum, which affine permutations make a poor one: for an odd
    factor it depends on the lowest bit of the hash alone. Here it is one of a mixed minimum.
    """
    bits = np.empty((minima.shape[0], -(-minima.shape[1] // 64)), np.int64)
    _sketch(np.ascontiguousarray(minima), bits)
    return bits


def has_tokens(minima: np.ndarray) -> np.ndarray:
    """Which signatures are of a document with at least one token, (documents,) bool."""
    return np.any(minima != EMPTY, axis=1)


@inlined
def _mix64(h: np.uint64) -> np.uint64:
    """SplitMix64's finalizer: every bit of the input moves every bit of the output."""
    h = (h ^ (h >> U64(30))) * U64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> U64(27))) * U64(0x94D049BB133111EB)
    return h ^ (h >> U64(31))


@kernel("void(uint32[:,::1], int64[:,::1])")
def _fold(minima: np.ndarray, keys: np.ndarray) -> None:
    """Set each key to a hash of the band's number and its rows, in their order."""
    rows = minima.shape[1] // keys.shape[1]
    for document in range(keys.shape[0]):
        for band in range(keys.shape[1]):
            key = _mix64(U64(band) + U64(1))
            for row in range(band * rows, band * rows + rows):
                key = _mix64(key ^ U64(minima[document, row])) + U64(0x9E3779B97F4A7C15)
            keys[document, band] = np.int64(key)


@kernel("void(uint32[:,::1], int64[:,::1])")
def _sketch(minima: np.ndarray, bits: np.ndarray) -> None:
    """Set bit i of word w to the highest bit of the mixed minimum 64 w + i."""
    for document in range(bits.shape[0]):
        for word in range(bits.shape[1]):
            packed = U64(0)
            for i in range(min(64, minima.shape[1] - word * 64)):
                mixed = mix32(minima[document, word * 64 + i])
                packed |= U64(mixed >> U32(31)) << U64(i)
            bits[document, word] = np.int64(packed)
