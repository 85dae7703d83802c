"""The unigram tokenizer of the sentence encoder: normalise bytes, then the best path of pieces.

The ids are those of the package's own tokenizer, and so of sentencepiece
(``Normalizer::Normalize`` and the Viterbi of ``unigram::Lattice``): of two equal paths to a place
the one whose last piece begins first stays.
"""

from __future__ import annotations

import numpy as np

from models.embedding.vocabulary import BEGIN, END, FREE, UNKNOWN, Vocabulary, slot_of
from models.kernels.arrays import Int32Array, UInt8Array
from models.kernels.compile import inlined, kernel

ROOM = 3  # bytes for each byte of a text: a space becomes U+2581
SPACE = 0x20
WORST = -1e38
_ASCII, _TWO, _THREE, _FOUR = 0x80, 0x6, 0xE, 0x1E
_LEAF, _LABEL, _VALUE = np.uint32(0x100), np.uint32(0x800000FF), np.uint32(0x7FFFFFFF)


def tokenize(text: str, vocabulary: Vocabulary) -> Int32Array:
    """The ids of a text, with those of its begin and end. A lone surrogate is a question mark."""
    raw = np.frombuffer(bytearray(text.encode("utf-8", "replace")), np.uint8)
    room = ROOM * len(raw) + 64
    while True:
        clean = np.empty(room, np.uint8)
        length = _normalise(raw, vocabulary, clean)
        if length >= 0:
            return _best_path(clean[:length], vocabulary)
        room *= 4  # a ligature may stand for many letters


@inlined
def _child(units: Int32Array, node: int, byte: int) -> int:
    """The place below a node of the double array, before its label is compared."""
    unit = units[node]
    return node ^ np.int64((unit >> np.uint32(10)) << ((unit & np.uint32(0x200)) >> np.uint32(6)))


@inlined
def _character_length(raw: UInt8Array, at: int) -> int:
    first = raw[at]
    if first < _ASCII:
        return 1
    if first >> 5 == _TWO:
        return 2
    if first >> 4 == _THREE:
        return 3
    return 4 if first >> 3 == _FOUR else 1


@inlined
def _longest_rule(raw: UInt8Array, at: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """The length of the longest beginning that is replaced (0: none), and its replacement."""
    units = vocabulary.units
    length, value = 0, 0
    node = _child(units, 0, 0)
    place = at
    while place < raw.shape[0]:
        byte = np.int64(raw[place])
        node ^= byte
        unit = units[node]
        if np.int64(unit & _LABEL) != byte:
            break
        node = _child(units, node, 0)
        place += 1
        if unit & _LEAF:
            length, value = place - at, np.int64(units[node] & _VALUE)
    if value >= vocabulary.replacements.shape[0]:
        length = 0
    return length, value


@kernel()
def _normalise(raw: UInt8Array, vocabulary: Vocabulary, out: UInt8Array) -> int:
    """Write the normal form of a text; its length, or -1 where ``out`` does not hold it.

    A U+2581 stands at its head and for each run of spaces; there is none at its end. A text of
    spaces has length 0.
    """
    replacements = vocabulary.replacements
    size, at = 0, 0
    after_space = True
    while at < raw.shape[0]:
        length, value = _longest_rule(raw, at, vocabulary)
        source, end = replacements, value
        if length == 0:
            length = _character_length(raw, at)
            source, value, end = raw, at, at + length
        else:
            while replacements[end] != 0:
                end += 1
        at += length
        for place in range(value, end):
            byte = source[place]
            if byte == SPACE and after_space:
                continue
            after_space = False  # spaces inside a replacement stay
            if size + 6 > out.shape[0]:
                return -1
            if size == 0:
                out[0], out[1], out[2] = 0xE2, 0x96, 0x81
                size = 3
            if byte == SPACE:
                out[size], out[size + 1], out[size + 2] = 0xE2, 0x96, 0x81
                size += 3
            else:
                out[size] = byte
                size += 1
        if end > value:
            after_space = source[end - 1] == SPACE
    while size >= 3 and out[size - 1] == 0x81 and out[size - 2] == 0x96 and out[size - 3] == 0xE2:
        size -= 3
    return size


@kernel()
def _best_path(text: UInt8Array, vocabulary: Vocabulary) -> Int32Array:
    """The ids of the pieces of the best path through a normal form, between begin and end."""
    length = text.shape[0]
    best = np.full(length + 1, WORST)
    best[0] = 0.0
    start_of = np.zeros(length + 1, np.int32)
    piece_of = np.zeros(length + 1, np.int32)
    at = 0
    while at < length:
        first = at + _character_length(text, at)
        node, place = 0, at
        is_known = False
        while place < length:
            slot = slot_of(vocabulary.edges, node, text[place])
            if vocabulary.edges[slot] == FREE:
                break
            node = np.int64(vocabulary.edges[slot] & np.uint64(0xFFFFFFFF))
            place += 1
            piece = vocabulary.pieces[node]
            if piece >= 0:
                is_known |= place == first
                score = best[at] + vocabulary.scores[piece]
                if score > best[place]:
                    best[place], start_of[place], piece_of[place] = score, at, piece
        if not is_known:
            score = best[at] + vocabulary.unknown_score
            if score > best[first]:
                best[first], start_of[first], piece_of[first] = score, at, UNKNOWN
        at = first
    count, at = 0, length
    while at > 0:
        count, at = count + 1, start_of[at]
    ids = np.full(max(count, 1) + 2, UNKNOWN, np.int32)
    ids[0], ids[-1] = BEGIN, END
    at = length
    while at > 0:
        ids[count] = piece_of[at]
        count, at = count - 1, start_of[at]
    return ids
