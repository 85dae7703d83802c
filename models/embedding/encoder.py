"""The forward pass of Google's multilingual Universal Sentence Encoder (v3), in whole numbers.

Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval": the embeddings
of a text's pieces and convolutions over 2, 3 and 5 of them, normalised, added up and sent through
four dense layers. Deviation: what goes into the wide layers, and their weights, are rounded to 8
bits, which moves a vector by a cosine of at most 0.0005 and makes every product exact.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.embedding.layers import ZERO, convolve, dense, gather, project, to_unit
from models.embedding.products import ROWS, Packed, multiply, pack
from models.kernels.arrays import Float32Array, Int32Array, Int64Array, UInt8Array

CHUNKS = 17  # the table of embeddings is quantised in as many parts, by piece modulo 17
DIMENSIONS = 512
BRANCH = 256
ORDERS = ((2, 0), (3, 1), (5, 2))  # pieces that a convolution sees, and how many stand before
GAP = 2  # rows of zeros between texts: the most that a convolution sees before or behind
ROWS_AT_ONCE = 3_000  # of a group of texts: some 20 MB
WORD_RANGES = (18.1, 10.5, 14.0)  # of 100 real pages, 99.9% of each channel lie within
FIRST_RANGES = (41.3, 46.0, 39.2)


class Layer(NamedTuple):
    """Weights of a wide layer as signed bytes, a step for each column."""

    packed: Packed
    step: Float32Array
    totals: Int32Array
    """Of the rounded weights of each column."""
    bias: Float32Array

    @classmethod
    def of(cls, weights: Float32Array, bias: Float32Array) -> Layer:
        """Round weights (inputs, outputs) to 8 bits."""
        step = np.abs(weights).max(axis=0) / np.float32(127)
        rounded = np.rint(weights / step).astype(np.int8)
        totals = rounded.sum(axis=0, dtype=np.int32)
        return cls(pack(rounded), step.astype(np.float32), totals, bias)


class Words(NamedTuple):
    """What hangs on a piece alone. The last row of ``values`` and of ``data`` is that of a gap."""

    embeddings: Float32Array
    """(pieces, 512)"""
    values: Float32Array
    """What goes into each convolution: (branches, pieces + 1, 256)"""
    data: UInt8Array
    """The same as bytes."""


class Encoder:
    """Pieces to unit vectors."""

    def __init__(self, weights: bytes) -> None:
        with np.load(io.BytesIO(weights), allow_pickle=False) as found:
            read = {name: found[name] for name in found.files}
        self._table = np.empty((CHUNKS * len(read["q1"]), DIMENSIONS), np.uint8)
        for chunk in range(CHUNKS):
            self._table[chunk::CHUNKS] = read[f"q{chunk + 1}"]
        self._scale, self._low = read["scale"], read["lo"]
        self._epsilon = np.float32(read["eps"])
        names = [str(order) for order, _ in ORDERS]
        joined = [
            np.concatenate([read[f"{kind}{name}"] for name in names], axis=-1)
            for kind in ("proj", "proj_b", "ln_g", "ln_b")
        ]
        self._words = Layer.of(joined[0], joined[1])
        self._word_norm = (joined[2], joined[3], self._epsilon)
        self._first = [Layer.of(read[f"w1_{name}"], read[f"b1_{name}"]) for name in names]
        self._second = [Layer.of(read[f"w2_{name}"], read[f"b2_{name}"]) for name in names]
        # The norm's factors and the first dense layer are linear: one matrix and one summand.
        self._sum = read["ln_g"][:, None] * read["cnn_W"]
        self._summand = _summed(read["ln_b"], read["cnn_W"]) + read["cnn_b"]
        self._dense = {name: read[name] for name in ("d0", "d1", "d2", "d3", "p1", "p3")}

    def encode(self, texts: Sequence[Int32Array]) -> Float32Array:
        """A unit row for the pieces of each text; no text without a piece."""
        sums = np.zeros((len(texts), DIMENSIONS + len(ORDERS) * BRANCH), np.float32)
        first = size = 0
        for number, ids in enumerate(texts):
            if size and size + len(ids) + GAP > ROWS_AT_ONCE:
                self._add_features(texts[first:number], sums[first:number])
                first, size = number, 0
            size += len(ids) + GAP
        if size:
            self._add_features(texts[first:], sums[first:])
        return self._finish(sums, np.array([[len(ids)] for ids in texts], np.float32))

    def _add_features(self, texts: Sequence[Int32Array], sums: Float32Array) -> None:
        """Add to the row of each text its pieces' embeddings and what the convolutions see."""
        lengths = [len(ids) for ids in texts]
        pieces, found = np.unique(np.concatenate(texts), return_inverse=True)
        words = self._words_of(pieces)
        rows = _whole_blocks(sum(lengths) + GAP * len(texts))
        places, owners = np.full(rows, len(pieces), np.int64), np.full(rows, -1, np.int32)
        at = start = 0
        for number, length in enumerate(lengths):
            places[at : at + length] = found[start : start + length]
            owners[at : at + length] = number
            at, start = at + length + GAP, start + length
        branches = range(len(ORDERS))
        seen = tuple(self._convolved(branch, words, places, owners) for branch in branches)
        gather(words.embeddings, seen, (places, owners), self._epsilon, sums)

    def _words_of(self, pieces: Int32Array) -> Words:
        """What the first layer makes of some pieces, and a gap behind them."""
        count, width = len(pieces), len(ORDERS) * BRANCH
        scale, low = self._scale[pieces % CHUNKS], self._low[pieces % CHUNKS]
        letters = np.zeros((_whole_blocks(count), DIMENSIONS), np.uint8)
        letters[:count] = self._table[pieces]
        sums = np.empty(len(letters) * width, np.int32)
        multiply(letters.reshape(-1), 0, DIMENSIONS, DIMENSIONS, self._words.packed, width, sums)
        _, step, totals, bias = self._words
        weights = (step, totals * step, bias)
        steps = np.array(WORD_RANGES, np.float32) / np.float32(127)
        values = np.zeros((len(ORDERS), count + 1, BRANCH), np.float32)
        data = np.full((len(ORDERS), count + 1, BRANCH), ZERO, np.uint8)
        project(sums, scale, low, weights, self._word_norm, steps, (values, data))
        return Words(_scaled(letters[:count], scale, low), values, data)

    def _convolved(
        self, branch: int, words: Words, places: Int64Array, owners: Int32Array
    ) -> Float32Array:
        """Two convolutions, each added to what goes into it: (rows, 256)."""
        order, before = ORDERS[branch]
        values = words.values[branch].take(places, axis=0)
        data = np.full((len(places) + 2 * GAP, BRANCH), ZERO, np.uint8)
        words.data[branch].take(places, axis=0, out=data[GAP:-GAP], mode="clip")
        ranges = (WORD_RANGES[branch], FIRST_RANGES[branch])
        sums = np.empty(values.size, np.int32)
        for layer, most in zip((self._first[branch], self._second[branch]), ranges, strict=True):
            start, length = (GAP - before) * BRANCH, order * BRANCH
            multiply(data.reshape(-1), start, BRANCH, length, layer.packed, BRANCH, sums)
            weights = (
                layer.step * (np.float32(most) / np.float32(127)),
                np.int32(ZERO) * layer.totals,
                layer.bias,
            )
            step = np.float32(FIRST_RANGES[branch]) / np.float32(127)
            convolve(sums, weights, owners, values, step, data)
        return values

    def _finish(self, sums: Float32Array, lengths: Float32Array) -> Float32Array:
        """The dense layers."""
        mean = lengths * self._summand
        dense(sums, self._sum, mean)
        mean /= np.sqrt(lengths)
        weights = self._dense
        early = np.maximum(_dense(mean, weights["d0"]), 0)
        middle = _dense(mean, weights["p1"])
        dense(early, weights["d1"], middle)
        middle = np.maximum(middle, 0)
        late = np.maximum(_dense(middle, weights["d2"]), 0)
        last = _dense(middle, weights["p3"])
        dense(late, weights["d3"], last)
        to_unit(last)
        return last


def _whole_blocks(rows: int) -> int:
    """The rows of as many blocks of ``multiply`` as hold some rows."""
    return -(-rows // ROWS) * ROWS


def _scaled(letters: UInt8Array, scale: Float32Array, low: Float32Array) -> Float32Array:
    """The embeddings of rows of bytes."""
    values = letters.astype(np.float32)
    values *= scale[:, None]
    values += low[:, None]
    return values


def _dense(inputs: Float32Array, weights: Float32Array) -> Float32Array:
    out = np.zeros((len(inputs), weights.shape[1]), np.float32)
    dense(inputs, weights, out)
    return out


def _summed(row: Float32Array, weights: Float32Array) -> Float32Array:
    """A row times weights, in the order of ``dense``."""
    return _dense(row[None, :], weights)[0]
