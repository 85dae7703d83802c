"""Products of bytes with signed bytes, added as integers: the same on every processor.

Where the processor multiplies four pairs of bytes in one instruction (AVX-512 VNNI) that is used,
else the same sums are made of plain multiplications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features, llvm_version_info
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from models.kernels.arrays import Int8Array, Int32Array, UInt8Array
from models.kernels.compile import kernel

ROWS, COLUMNS, LANES, QUAD = 6, 64, 16, 4  # 24 sums, 4 weights and a row fill 29 of 32 registers
HAS_VNNI = bool(get_host_cpu_features().get("avx512vnni"))
SIGNED_BYTES_SINCE = 22  # LLVM's intrinsic took vectors of int32 before

Generate = Callable[[BaseContext, ir.IRBuilder, Signature, Sequence[ir.Value]], ir.Value]

_WORD = ir.IntType(32)
_WORDS = ir.VectorType(_WORD, LANES)
_BYTES = ir.VectorType(ir.IntType(8), LANES * QUAD)


def pack(weights: Int8Array) -> Int8Array:
    """Weights (k, n) in the order in which ``multiply`` reads them: n / 64, k / 4, 64, 4."""
    k, n = weights.shape
    tiles = weights.reshape(k // QUAD, QUAD, n // COLUMNS, COLUMNS)
    return np.ascontiguousarray(tiles.transpose(2, 0, 3, 1)).reshape(-1)


def _add_products(
    builder: ir.IRBuilder, total: ir.Value, row: ir.Value, weight: ir.Value
) -> ir.Value:
    """``total`` plus, in each lane, the four products of bytes of ``row`` and ``weight``."""
    if HAS_VNNI:
        kind = _BYTES if llvm_version_info[0] >= SIGNED_BYTES_SINCE else _WORDS
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(_WORDS, [_WORDS, kind, kind]),
            "llvm.x86.avx512.vpdpbusd.512",
        )
        return builder.call(
            function, [total, builder.bitcast(row, kind), builder.bitcast(weight, kind)]
        )
    return _add_plain_products(builder, total, row, weight)


def _add_plain_products(
    builder: ir.IRBuilder, total: ir.Value, row: ir.Value, weight: ir.Value
) -> ir.Value:
    for quarter in range(QUAD):
        up = ir.Constant(_WORDS, [24 - 8 * quarter] * LANES)
        down = ir.Constant(_WORDS, [24] * LANES)
        left = builder.lshr(builder.shl(row, up), down)
        right = builder.ashr(builder.shl(weight, up), down)
        total = builder.add(total, builder.mul(left, right))
    return total


@intrinsic  # type: ignore[untyped-decorator]
def _multiply_block(
    _context: BaseContext,
    data: types.Array,
    first: types.Integer,
    stride: types.Integer,
    weights: types.Array,
    tile: types.Integer,
    quads: types.Integer,
    out: types.Array,
    place: types.Integer,
    width: types.Integer,
) -> tuple[Signature, Generate]:
    """Set ROWS x COLUMNS of ``out`` from ``place`` on; ``first`` and ``tile`` count bytes."""

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

        zero = ir.Constant(_WORDS, [0] * LANES)
        parts = COLUMNS // LANES
        sums = [cgutils.alloca_once_value(builder, zero) for _ in range(ROWS * parts)]
        rows = [
            pointer(data, source, builder.add(begin, builder.mul(step, number(row))))
            for row in range(ROWS)
        ]
        tiles = pointer(weights, packed, block)
        with cgutils.for_range(builder, count) as loop:
            offset = builder.mul(loop.index, number(COLUMNS * QUAD))
            columns = []
            for part in range(parts):
                at = builder.gep(tiles, [builder.add(offset, number(part * LANES * QUAD))])
                columns.append(builder.load(builder.bitcast(at, _WORDS.as_pointer()), align=1))
            for row in range(ROWS):
                at = builder.gep(rows[row], [builder.mul(loop.index, number(QUAD))])
                word = builder.load(builder.bitcast(at, _WORD.as_pointer()), align=1)
                lane = builder.insert_element(ir.Constant(_WORDS, ir.Undefined), word, _WORD(0))
                spread = builder.shuffle_vector(lane, lane, zero)
                for part in range(parts):
                    total = sums[row * parts + part]
                    added = _add_products(builder, builder.load(total), spread, columns[part])
                    builder.store(added, total)
        for row in range(ROWS):
            for part in range(parts):
                at = builder.add(corner, builder.mul(across, number(row)))
                at = builder.add(at, number(part * LANES))
                to = builder.bitcast(pointer(out, target, at), _WORDS.as_pointer())
                builder.store(builder.load(sums[row * parts + part]), to, align=4)
        return context.get_dummy_value()

    return types.void(data, first, stride, weights, tile, quads, out, place, width), generate


@kernel("void(uint8[::1], int64, int64, int64, int8[::1], int64, int32[::1])")
def multiply(
    data: UInt8Array,
    start: int,
    stride: int,
    length: int,
    weights: Int8Array,
    width: int,
    out: Int32Array,
) -> None:
    """Rows of bytes times packed weights, into ``out`` (rows, width) as one line of int32.

    Row i is ``data[start + i * stride :][:length]``; rows may overlap. The number of rows is a
    multiple of ``ROWS``, that of bytes of 4, ``width`` one of ``COLUMNS``.
    """
    rows = out.shape[0] // width
    for block in range(width // COLUMNS):
        for row in range(0, rows, ROWS):
            _multiply_block(
                data,
                start + row * stride,
                stride,
                weights,
                block * COLUMNS * length,
                length // QUAD,
                out,
                row * width + block * COLUMNS,
                width,
            )
