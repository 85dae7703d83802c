"""The layers of the sentence encoder between its integer products, in float32 and one fixed order.

No sum is taken in an order that hangs on the batch, the threads or the width of a register, and
nothing is contracted to fused operations: numba keeps to IEEE 754 unless it is asked not to.
Rows of all texts stand in one array with rows of zeros between them, so that no window of one text
sees another: ``owners`` gives the text of each row, -1 where it is such a gap.
"""

from __future__ import annotations

import math

import numpy as np

from models.kernels.arrays import Float32Array, Int32Array, Int64Array, UInt8Array
from models.kernels.compile import inlined, kernel
from models.kernels.stripes import striped_sum

F32 = np.float32
ZERO = 128  # the byte that stands for 0
MOST = F32(127.0)
DOCUMENTS = 16  # texts that share one pass over the weights of the last layers


@inlined
def _byte(value: F32, step: F32) -> np.uint8:
    """A value in steps, from -127 to 127, with 0 at ``ZERO``."""
    steps = min(max(np.rint(value / step), -MOST), MOST)
    return np.uint8(np.int32(steps) + ZERO)


@inlined
def _centre(row: Float32Array, squares: Float32Array, epsilon: F32) -> F32:
    """Set the mean of a row to 0; the factor that makes its variance 1."""
    size = row.shape[0]
    mean = striped_sum(row) / F32(size)
    for at in range(size):
        row[at] -= mean
        squares[at] = row[at] * row[at]
    return F32(1) / np.sqrt(striped_sum(squares) / F32(size) + epsilon)


@kernel(allocates=True)
def project(
    sums: Int32Array,
    scale: Float32Array,
    low: Float32Array,
    weights: tuple[Float32Array, Float32Array, Float32Array],
    norm: tuple[Float32Array, Float32Array, F32],
    steps: Float32Array,
    out: tuple[Float32Array, UInt8Array],
) -> None:
    """What the first layer makes of pieces, from the sums (pieces, width) of their bytes.

    ``out`` has room for values, and for bytes of them, of (branches, pieces, width / branches).
    ``scale`` and ``low`` of each piece give its embedding from its bytes; ``weights`` are the step
    of each column, the sum of its weights, and its bias. The layer's norm spans all columns.
    """
    step, column, bias = weights
    gamma, beta, epsilon = norm
    values, data = out
    width = step.shape[0]
    own = width // steps.shape[0]
    line, squares = np.empty(width, np.float32), np.empty(width, np.float32)
    for row in range(scale.shape[0]):
        for at in range(width):
            product = F32(sums[row * width + at]) * step[at]
            line[at] = product * scale[row] + low[row] * column[at] + bias[at]
        factor = _centre(line, squares, epsilon)
        for branch in range(steps.shape[0]):
            for at in range(own):
                place = branch * own + at
                values[branch, row, at] = line[place] * factor * gamma[place] + beta[place]
                data[branch, row, at] = _byte(values[branch, row, at], steps[branch])


@kernel()
def convolve(
    sums: Int32Array,
    weights: tuple[Float32Array, Int32Array, Float32Array],
    owners: Int32Array,
    values: Float32Array,
    step: F32,
    data: UInt8Array,
) -> None:
    """Add a layer's positive results to its inputs ``values``, and write their bytes."""
    scale, offset, bias = weights
    width = scale.shape[0]
    for row in range(owners.shape[0]):
        if owners[row] < 0:
            continue
        line, target = values[row], data[row + 2]
        for at in range(width):
            result = F32(sums[row * width + at] - offset[at]) * scale[at] + bias[at]
            line[at] += max(result, F32(0))
            target[at] = _byte(line[at], step)


@kernel(allocates=True)
def gather(
    embeddings: Float32Array,
    seen: tuple[Float32Array, ...],
    rows: tuple[Int64Array, Int32Array],
    epsilon: F32,
    out: Float32Array,
) -> None:
    """Add the normalised features of each text's rows, without the factors of the norm.

    They are the ``embeddings`` of pieces (pieces, 512) and what each convolution makes of the rows
    (rows, 256); ``rows`` says which piece and whose text each row is.
    """
    places, owners = rows
    line, squares = np.empty(out.shape[1], np.float32), np.empty(out.shape[1], np.float32)
    own, branch = embeddings.shape[1], seen[0].shape[1]
    for row in range(owners.shape[0]):
        if owners[row] < 0:
            continue
        line[:own] = embeddings[places[row]]
        for number in range(len(seen)):
            line[own + number * branch : own + (number + 1) * branch] = seen[number][row]
        factor = _centre(line, squares, epsilon)
        total = out[owners[row]]
        for at in range(line.shape[0]):
            total[at] += line[at] * factor


@kernel("void(float32[:,::1], float32[:,::1], float32[:,::1])")
def dense(inputs: Float32Array, weights: Float32Array, out: Float32Array) -> None:
    """Add the product of rows and weights to ``out``, the first weights first.

    The number of weights is a multiple of 4: so many rows of them are added in one pass.
    """
    for first in range(0, inputs.shape[0], DOCUMENTS):
        last = min(first + DOCUMENTS, inputs.shape[0])
        for place in range(0, weights.shape[0], 4):
            one, two = weights[place], weights[place + 1]
            three, four = weights[place + 2], weights[place + 3]
            for row in range(first, last):
                a, b = inputs[row, place], inputs[row, place + 1]
                c, d = inputs[row, place + 2], inputs[row, place + 3]
                line = out[row]
                for at in range(line.shape[0]):
                    line[at] = line[at] + a * one[at] + b * two[at] + c * three[at] + d * four[at]


@kernel("void(float32[:,::1])")
def to_unit(rows: Float32Array) -> None:
    """Set each row to its hyperbolic tangents, scaled to length 1."""
    for row in rows:
        total = 0.0
        for at in range(row.shape[0]):
            row[at] = F32(math.tanh(np.float64(row[at])))
            total += np.float64(row[at]) * np.float64(row[at])
        length = math.sqrt(total)
        if length > 0.0:
            for at in range(row.shape[0]):
                row[at] = F32(np.float64(row[at]) / length)
