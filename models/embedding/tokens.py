"""The unigram tokenizer of the sentence encoder: normalise bytes, then the best path of pieces.

The ids are those of the package's own tokenizer, and so of sentencepiece
(``Normalizer::Normalize`` and the Viterbi of ``unigram::Lattice``): of two equal paths to a place
the one whose last piece begins first stays.
"""

from __future__ import annotations

import numpy as np

from models.embedding.vocabulary import BEGIN, END, FREE, UNKNOWN, Vocabulary, slot_of
from models.kernels.arrays import Int32Array, UInt8Array, UInt32Array
from models.kernels.compile import inlined, kernel

ROOM = 3  # bytes for each byte of a text: a space becomes U+2581
SPACE = 0x20
_HEAVY = tuple("\u2581".encode())
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
def _below(units: UInt32Array, node: np.int64) -> np.int64:
    """Where the children of a node of the double array stand, each at this XOR its byte."""
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
def _longest_rule(raw: UInt8Array, at: int, vocabulary: Vocabulary) -> tuple[int, np.int64]:
    """The length of the longest beginning that is replaced (0: none), and its replacement."""
    units = vocabulary.units
    length, value = 0, np.int64(0)
    node = _below(units, np.int64(0))
    place = at
    while place < raw.shape[0]:
        byte = np.int64(raw[place])
        node ^= byte
        unit = units[node]
        if np.int64(unit & _LABEL) != byte:
            break
        node = _below(units, node)
        place += 1
        if unit & _LEAF:
            length, value = place - at, np.int64(units[node] & _VALUE)
    if value >= vocabulary.replacements.shape[0]:
        length = 0
    return length, value


@inlined
def _put_space(out: UInt8Array, size: int) -> int:
    out[size], out[size + 1], out[size + 2] = _HEAVY
    return size + len(_HEAVY)


@inlined
def _without_spaces_behind(out: UInt8Array, size: int) -> int:
    first, second, third = _HEAVY
    while (
        size > 0 and out[size - 1] == third and out[size - 2] == second and out[size - 3] == first
    ):
        size -= len(_HEAVY)
    return size


@kernel()
def _normalise(raw: UInt8Array, vocabulary: Vocabulary, out: UInt8Array) -> int:
    """Write the normal form of a text; its length, or -1 where ``out`` does not hold it.

    A U+2581 stands at its head and for each run of spaces; there is none at its end. A text of
    spaces has length 0.
    """
    size, at = 0, 0
    after_space = True
    while at < raw.shape[0]:
        length, value = _longest_rule(raw, at, vocabulary)
        source, end = vocabulary.replacements, value
        if length == 0:
            length = _character_length(raw, at)
            source, value, end = raw, np.int64(at), np.int64(at + length)
        else:
            while source[end] != 0:
                end += 1
        at += length
        if size + len(_HEAVY) * (end - value + 1) > out.shape[0]:
            return -1
        for place in range(value, end):
            if source[place] == SPACE and after_space:
                continue
            after_space = False  # spaces inside a replacement stay
            if size == 0:
                size = _put_space(out, size)
            if source[place] == SPACE:
                size = _put_space(out, size)
            else:
                out[size] = source[place]
                size += 1
        if end > value:
            after_space = source[end - 1] == SPACE
    return _without_spaces_behind(out, size)


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
        node, place = np.int64(0), at
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
    count, end = 0, np.int64(length)
    while end > 0:
        count, end = count + 1, np.int64(start_of[end])
    ids = np.full(max(count, 1) + 2, UNKNOWN, np.int32)
    ids[0], ids[-1] = BEGIN, END
    end = np.int64(length)
    while end > 0:
        ids[count] = piece_of[end]
        count, end = count - 1, np.int64(start_of[end])
    return ids
