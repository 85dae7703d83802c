"""A sum of float32 as wide as a register and yet in one order, whatever the register.

Partial sums in an array would be loaded and stored for each number: numba has no way to say that
they live in a register (decision 12).
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from models.kernels.compile import Generate

STRIPES = 16
"""Partial sums: number ``i`` goes to the one of ``i`` modulo this."""


@intrinsic  # type: ignore[untyped-decorator]
def striped_sum(_context: BaseContext, row: types.Array) -> tuple[Signature, Generate]:
    """The sum of a row of float32 side by side, of a multiple of ``STRIPES`` numbers."""
    vector = ir.VectorType(ir.FloatType(), STRIPES)
    word, lane = ir.IntType(64), ir.IntType(32)

    def generate(
        context: BaseContext,
        builder: ir.IRBuilder,
        _signature: Signature,
        arguments: Sequence[ir.Value],
    ) -> ir.Value:
        array = make_array(row)(context, builder, arguments[0])
        stripes = cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * STRIPES))
        size = builder.extract_value(array.shape, 0)
        with cgutils.for_range_slice(builder, word(0), size, word(STRIPES)) as (at, _):
            place = builder.bitcast(builder.gep(array.data, [at]), vector.as_pointer())
            added = builder.fadd(builder.load(stripes), builder.load(place, align=4))
            builder.store(added, stripes)
        total = ir.FloatType()(0.0)
        for stripe in range(STRIPES):
            one = builder.extract_element(builder.load(stripes), lane(stripe))
            total = builder.fadd(total, one)
        return total

    return types.float32(row), generate
