"""Products of bytes with signed bytes, added as integers: the same on every processor.

Where the processor multiplies four pairs of bytes in one instruction (AVX-512 VNNI) that is used,
else the same sums are made of products of 16 bits: two pairs in one instruction where there is
AVX2, plain multiplications where there is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features, llvm_version_info
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from models.kernels.arrays import Int8Array, Int16Array, Int32Array, UInt8Array
from models.kernels.compile import Generate, kernel

Packed: TypeAlias = Int8Array | Int16Array
"""Weights as ``pack`` leaves them."""

_Weights = TypeVar("_Weights", Int8Array, Int16Array)

HAS_VNNI = bool(get_host_cpu_features().get("avx512vnni"))
HAS_AVX2 = bool(get_host_cpu_features().get("avx2"))
SIGNED_BYTES_SINCE = 22  # LLVM's intrinsic took vectors of int32 before

ROWS = 6


class Layout(NamedTuple):
    """How a block of sums is made: ``ROWS`` x ``columns`` of them, ``depth`` products a step.

    A register has ``lanes`` sums. What is multiplied at a step takes 32 bits a sum.
    """

    lanes: int
    columns: int
    depth: int


QUADS = Layout(16, 64, 4)
"""Of bytes: 24 sums, 4 weights and a row fill 29 of 32 registers."""

PAIRS = Layout(8, 16, 2)
"""Of 16 bits: 12 sums, 2 weights and a row fill 15 of 16 registers."""

_WORD, _HALF = ir.IntType(32), ir.IntType(16)


def pack(weights: Int8Array) -> Packed:
    """Weights (k, n) as ``multiply`` reads them: n / columns, k / depth, columns, depth."""
    if HAS_VNNI:
        return _pack(weights, QUADS)
    return _pack(weights.astype(np.int16), PAIRS)


def _pack(weights: _Weights, layout: Layout) -> _Weights:
    k, n = weights.shape
    tiles = weights.reshape(k // layout.depth, layout.depth, n // layout.columns, layout.columns)
    return np.ascontiguousarray(tiles.transpose(2, 0, 3, 1)).reshape(-1)


def _add_quads(builder: ir.IRBuilder, total: ir.Value, row: ir.Value, weight: ir.Value) -> ir.Value:
    """``total`` plus, in each lane, the four products of bytes of ``row`` and ``weight``."""
    words = total.type
    kind = ir.VectorType(ir.IntType(8), QUADS.lanes * QUADS.depth)
    kind = kind if llvm_version_info[0] >= SIGNED_BYTES_SINCE else words
    function = cgutils.get_or_insert_function(
        builder.module,
        ir.FunctionType(words, [words, kind, kind]),
        "llvm.x86.avx512.vpdpbusd.512",
    )
    return builder.call(
        function, [total, builder.bitcast(row, kind), builder.bitcast(weight, kind)]
    )


def _add_pairs(builder: ir.IRBuilder, total: ir.Value, row: ir.Value, weight: ir.Value) -> ir.Value:
    """``total`` plus, in each lane, the two products of 16 bits of ``row`` and ``weight``."""
    if HAS_AVX2:
        kind = ir.VectorType(_HALF, PAIRS.lanes * PAIRS.depth)
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(total.type, [kind, kind]), "llvm.x86.avx2.pmadd.wd"
        )
        pairs = [builder.bitcast(row, kind), builder.bitcast(weight, kind)]
        return builder.add(total, builder.call(function, pairs))
    half = ir.Constant(total.type, [16] * PAIRS.lanes)
    low = [builder.ashr(builder.shl(value, half), half) for value in (row, weight)]
    high = [builder.ashr(value, half) for value in (row, weight)]
    return builder.add(builder.add(total, builder.mul(*low)), builder.mul(*high))


@intrinsic  # type: ignore[untyped-decorator]
def _multiply_block(  # noqa: PLR0917 (numba passes what it compiles by position)
    _context: BaseContext,
    data: types.Array,
    first: types.Integer,
    stride: types.Integer,
    weights: types.Array,
    tile: types.Integer,
    steps: types.Integer,
    out: types.Array,
    place: types.Integer,
    width: types.Integer,
) -> tuple[Signature, Generate]:
    """Set ROWS x columns of ``out`` from ``place`` on; ``first`` and ``tile`` count elements."""
    layout, add = (QUADS, _add_quads) if data.dtype == types.uint8 else (PAIRS, _add_pairs)
    lanes, columns, depth = layout
    words = ir.VectorType(_WORD, lanes)

    def generate(
        context: BaseContext,
        builder: ir.IRBuilder,
        _signature: Signature,
        arguments: Sequence[ir.Value],
    ) -> ir.Value:
        source, begin, step, packed, block, count, target, corner, across = arguments

        def pointer(kind: types.Array, array: ir.Value, at: ir.Value) -> ir.Value:
            return builder.gep(make_array(kind)(context, builder, array).data, [at])

        def number(value: int) -> ir.Constant:
            return ir.Constant(ir.IntType(64), value)

        zero = ir.Constant(words, [0] * lanes)
        parts = columns // lanes
        sums = [cgutils.alloca_once_value(builder, zero) for _ in range(ROWS * parts)]
        rows = [
            pointer(data, source, builder.add(begin, builder.mul(step, number(row))))
            for row in range(ROWS)
        ]
        tiles = pointer(weights, packed, block)
        with cgutils.for_range(builder, count) as loop:
            offset = builder.mul(loop.index, number(columns * depth))
            registers = []
            for part in range(parts):
                at = builder.gep(tiles, [builder.add(offset, number(part * lanes * depth))])
                registers.append(builder.load(builder.bitcast(at, words.as_pointer()), align=1))
            for row in range(ROWS):
                at = builder.gep(rows[row], [builder.mul(loop.index, number(depth))])
                word = builder.load(builder.bitcast(at, _WORD.as_pointer()), align=1)
                lane = builder.insert_element(ir.Constant(words, ir.Undefined), word, _WORD(0))
                spread = builder.shuffle_vector(lane, lane, zero)
                for part in range(parts):
                    total = sums[row * parts + part]
                    added = add(builder, builder.load(total), spread, registers[part])
                    builder.store(added, total)
        for row in range(ROWS):
            for part in range(parts):
                at = builder.add(corner, builder.mul(across, number(row)))
                at = builder.add(at, number(part * lanes))
                to = builder.bitcast(pointer(out, target, at), words.as_pointer())
                builder.store(builder.load(sums[row * parts + part]), to, align=4)
        return context.get_dummy_value()

    return types.void(data, first, stride, weights, tile, steps, out, place, width), generate


def multiply(
    data: UInt8Array,
    start: int,
    stride: int,
    length: int,
    weights: Packed,
    width: int,
    out: Int32Array,
) -> None:
    """Rows of bytes times packed weights, into ``out`` (rows, width) as one line of int32.

    Row i is ``data[start + i * stride :][:length]``; rows may overlap. The number of rows is a
    multiple of ``ROWS``, that of bytes of 4, ``width`` one of 64.
    """
    place = (start, stride, length)
    if HAS_VNNI:
        _multiply(data, place, weights, width, QUADS, out)
    else:
        _multiply(data.astype(np.int16), place, weights, width, PAIRS, out)


@kernel()
def _multiply(
    data: UInt8Array | Int16Array,
    place: tuple[int, int, int],
    weights: Packed,
    width: int,
    layout: Layout,
    out: Int32Array,
) -> None:
    start, stride, length = place
    columns = layout.columns
    rows = out.shape[0] // width
    for block in range(width // columns):
        for row in range(0, rows, ROWS):
            _multiply_block(
                data,
                start + row * stride,
                stride,
                weights,
                block * columns * length,
                length // layout.depth,
                out,
                row * width + block * columns,
                width,
            )
