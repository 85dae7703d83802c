"""The vocabulary of a sentencepiece unigram model as arrays that compiled loops walk.

The file is a protocol buffer: pieces with their scores in field 1, and in field 2 of field 3 the
rules of normalisation as a double-array trie (darts-clone) with its table of replacements.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.kernels.arrays import (
    Float64Array,
    Int32Array,
    Int64Array,
    UInt8Array,
    UInt32Array,
    UInt64Array,
)
from models.kernels.compile import inlined, kernel

UNKNOWN, BEGIN, END = 0, 1, 2
UNKNOWN_PENALTY = 10.0  # below the least score of a piece, as sentencepiece has it
FREE = np.uint64(0xFFFFFFFFFFFFFFFF)

Field = tuple[int, bytes]


class Vocabulary(NamedTuple):
    """What the tokenizer's kernels read."""

    units: UInt32Array
    """The double-array trie over the bytes of what is replaced."""
    replacements: UInt8Array
    """Replacements, each with a zero byte at its end."""
    edges: UInt64Array
    """A hash table, from node and byte to the node below; its length is a power of two."""
    pieces: Int32Array
    """The piece that ends at each node; -1: none does."""
    scores: Float64Array
    """Log probabilities of pieces."""
    unknown_score: float


def read_vocabulary(model: bytes) -> Vocabulary:
    """Read the bytes of a sentencepiece model.

    Of two pieces that are spelled alike the later one counts.
    """
    texts: list[bytes] = []
    scores: list[float] = []
    rules = b""
    for field, value in _fields(model):
        if field == 1:
            piece = dict(_fields(value))
            texts.append(piece[1])
            scores.append(struct.unpack("<f", piece[2])[0] if 2 in piece else 0.0)
        elif field == 3:
            rules = dict(_fields(value)).get(2, b"")
    size = struct.unpack_from("<I", rules)[0]
    lengths = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    room = 1 << int(2 * lengths[-1]).bit_length()
    edges = np.full(room, FREE, np.uint64)
    pieces = np.full(int(lengths[-1]) + 1, -1, np.int32)
    nodes = _build_trie(np.frombuffer(bytearray().join(texts), np.uint8), lengths, edges, pieces)
    table = np.full(1 << int(3 * nodes).bit_length(), FREE, np.uint64)
    _move(edges, table)
    return Vocabulary(
        np.frombuffer(rules, "<u4", size // 4, 4).astype(np.uint32),
        np.frombuffer(rules, np.uint8, offset=4 + size).copy(),
        table,
        pieces[:nodes].copy(),
        np.array(scores, np.float64),
        min(scores) - UNKNOWN_PENALTY,
    )


def _fields(message: bytes) -> Iterator[Field]:
    """The numbers and raw values of the fields of a protocol buffer; of a varint nothing."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == 0:
            _, at = _varint(message, at)
            continue
        length = {1: 8, 5: 4}.get(kind)
        if length is None:
            length, at = _varint(message, at)
        yield tag >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


@inlined
def slot_of(edges: UInt64Array, node: int, byte: int) -> int:
    """Where the edge from a node by a byte stands, or the free slot where it would."""
    key = (np.uint64(node) << np.uint64(8)) | np.uint64(byte)
    mask = np.uint64(edges.shape[0] - 1)
    slot = ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while edges[slot] != FREE and (edges[slot] >> np.uint64(32)) != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel("int64(uint8[::1], int64[::1], uint64[::1], int32[::1])")
def _build_trie(
    letters: UInt8Array, starts: Int64Array, edges: UInt64Array, pieces: Int32Array
) -> int:
    """Fill ``edges`` and ``pieces``; the number of nodes, of which 0 is the root."""
    nodes = 1
    for piece in range(starts.shape[0] - 1):
        node = 0
        for at in range(starts[piece], starts[piece + 1]):
            byte = letters[at]
            slot = slot_of(edges, node, byte)
            if edges[slot] == FREE:
                key = (np.uint64(node) << np.uint64(8)) | np.uint64(byte)
                edges[slot] = (key << np.uint64(32)) | np.uint64(nodes)
                nodes += 1
            node = np.int64(edges[slot] & np.uint64(0xFFFFFFFF))
        pieces[node] = piece
    return nodes


@kernel("void(uint64[::1], uint64[::1])")
def _move(edges: UInt64Array, table: UInt64Array) -> None:
    """Put all edges into a table of another size."""
    for edge in edges:
        if edge != FREE:
            key = edge >> np.uint64(32)
            table[slot_of(table, key >> np.uint64(8), key & np.uint64(0xFF))] = edge
