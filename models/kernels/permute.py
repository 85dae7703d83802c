"""The minima of affine permutations over a document's hashes: MinHash's inner loop.

The loop is bound by the rate at which the processor multiplies, adds and takes minima, if it does
nothing else. numba's own loops load and store a minimum for every eight updates; here the factors,
summands and minima of a block of permutations stay in registers while all hashes pass by.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from models.kernels.arrays import Int64Array, UInt32Array
from models.kernels.compile import Generate, inlined, kernel

U32 = np.uint32
EMPTY = U32(0xFFFFFFFF)  # the minimum over nothing
# Permutations whose factors, summands and minima fit the registers: 12 of 32 with AVX-512, 12 of 16
# with AVX2.
BLOCK = 64 if get_host_cpu_features().get("avx512f") else 32


@inlined
def mix32(h: U32) -> U32:
    """MurmurHash3's 32-bit finalizer."""
    h = U32(U32(h ^ (h >> U32(16))) * U32(0x85EBCA6B))
    h = U32(U32(h ^ (h >> U32(13))) * U32(0xC2B2AE35))
    return U32(h ^ (h >> U32(16)))


@intrinsic  # type: ignore[untyped-decorator]
def _set_block(
    _context: BaseContext,
    row: types.Array,
    start: types.Integer,
    factors: types.Array,
    summands: types.Array,
    hashes: types.Array,
    first: types.Integer,
    end: types.Integer,
) -> tuple[Signature, Generate]:
    """Set ``row[start : start + BLOCK]`` to the minima over ``hashes[first:end]``."""
    word = ir.IntType(32)
    block = ir.VectorType(word, BLOCK)
    zeros = ir.Constant(block, [0] * BLOCK)

    def generate(
        context: BaseContext,
        builder: ir.IRBuilder,
        _signature: Signature,
        arguments: Sequence[ir.Value],
    ) -> ir.Value:
        rows, at, a, b, hashed, begin, stop = arguments

        def data(kind: types.Array, array: ir.Value) -> ir.Value:
            return make_array(kind)(context, builder, array).data

        def block_of(kind: types.Array, array: ir.Value) -> ir.Value:
            return builder.bitcast(builder.gep(data(kind, array), [at]), block.as_pointer())

        factor = builder.load(block_of(factors, a), align=4)
        summand = builder.load(block_of(summands, b), align=4)
        least = cgutils.alloca_once_value(builder, ir.Constant(block, [int(EMPTY)] * BLOCK))
        with cgutils.for_range_slice(builder, begin, stop, stop.type(1)) as (i, _):
            single = builder.load(builder.gep(data(hashes, hashed), [i]))
            lane = builder.insert_element(ir.Constant(block, ir.Undefined), single, word(0))
            spread = builder.shuffle_vector(lane, lane, zeros)
            value = builder.add(builder.mul(factor, spread), summand)
            before = builder.load(least)
            is_less = builder.icmp_unsigned("<", value, before)
            builder.store(builder.select(is_less, value, before), least)
        builder.store(builder.load(least), block_of(row, rows), align=4)
        return context.get_dummy_value()

    return types.void(row, start, factors, summands, hashes, first, end), generate


@kernel("void(uint32[::1], int64[::1], uint32[::1], uint32[::1], uint32[:,::1])", allocates=True)
def permute(
    hashes: UInt32Array,
    offsets: Int64Array,
    factors: UInt32Array,
    summands: UInt32Array,
    out: UInt32Array,
) -> None:
    """Set each row of ``out`` to the minima of ``factor * mixed hash + summand`` mod 2**32.

    Row i is over the hashes from ``offsets[i]`` to ``offsets[i + 1]``.
    """
    mixed = np.empty_like(hashes)
    for i in range(len(hashes)):
        mixed[i] = mix32(hashes[i])
    in_blocks = len(factors) // BLOCK * BLOCK
    for document in range(len(offsets) - 1):
        row = out[document]
        first, end = offsets[document], offsets[document + 1]
        for p in range(0, in_blocks, BLOCK):
            _set_block(row, p, factors, summands, mixed, first, end)
        for p in range(in_blocks, len(factors)):
            row[p] = EMPTY
            for i in range(first, end):
                row[p] = min(row[p], U32(factors[p] * mixed[i] + summands[p]))
