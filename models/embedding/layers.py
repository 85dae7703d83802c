"""The layers of the sentence encoder between its integer products, in float32 and one fixed order.

No sum is taken in an order that hangs on the batch, the threads or the width of a register, and
nothing is contracted to fused operations: numba keeps to IEEE 754 unless it is asked not to.
Rows of all texts stand in one array with rows of zeros between them, so that no window of one text
sees another: ``owners`` gives the text of each row, -1 where it is such a gap.
"""

from __future__ import annotations

import math

import numpy as np

from models.kernels.arrays import Float32Array, Int32Array, UInt8Array
from models.kernels.compile import inlined, kernel

F32 = np.float32
ZERO = 128  # the byte that stands for 0
MOST = F32(127.0)
STRIPES = 16  # partial sums, so that a sum is as wide as a register and yet in one order
DOCUMENTS = 8  # texts that share one pass over the weights of the last layers


@inlined
def _byte(value: F32, step: F32) -> np.uint8:
    """A value in steps, from -127 to 127, with 0 at ``ZERO``."""
    steps = min(max(np.rint(value / step), -MOST), MOST)
    return np.uint8(np.int32(steps) + ZERO)


@inlined
def _normalise_row(row: Float32Array, epsilon: F32) -> None:
    """Set a row to mean 0 and variance 1."""
    stripes = np.zeros(STRIPES, np.float32)
    for at in range(0, row.shape[0], STRIPES):
        for stripe in range(STRIPES):
            stripes[stripe] += row[at + stripe]
    total = F32(0)
    for stripe in range(STRIPES):
        total += stripes[stripe]
        stripes[stripe] = F32(0)
    mean = total / F32(row.shape[0])
    for at in range(0, row.shape[0], STRIPES):
        for stripe in range(STRIPES):
            row[at + stripe] -= mean
            stripes[stripe] += row[at + stripe] * row[at + stripe]
    total = F32(0)
    for stripe in range(STRIPES):
        total += stripes[stripe]
    factor = F32(1) / np.sqrt(total / F32(row.shape[0]) + epsilon)
    for at in range(row.shape[0]):
        row[at] *= factor


@kernel()
def project(
    sums: Int32Array,
    scale: Float32Array,
    low: Float32Array,
    weights: tuple[Float32Array, Float32Array, Float32Array],
    norm: tuple[Float32Array, Float32Array, F32],
    steps: Float32Array,
    out: tuple[Float32Array, UInt8Array],
) -> None:
    """Words from the sums (rows, width) of their bytes: values (rows, width), and bytes of them.

    ``scale`` and ``low`` of each row give its embedding from its bytes; ``weights`` are the step of
    each column, the sum of its weights, and its bias. The layer's norm spans all columns. Bytes are
    (branches, rows + gaps, width / branches), from the third row on; a row of scale 0 is a gap.
    """
    step, column, bias = weights
    gamma, beta, epsilon = norm
    values, data = out
    width = step.shape[0]
    own = width // steps.shape[0]
    for row in range(scale.shape[0]):
        if scale[row] == F32(0):
            values[row] = F32(0)
            continue
        line = values[row]
        for at in range(width):
            product = F32(sums[row * width + at]) * step[at]
            line[at] = product * scale[row] + low[row] * column[at] + bias[at]
        _normalise_row(line, epsilon)
        for branch in range(steps.shape[0]):
            for at in range(own):
                place = branch * own + at
                line[place] = line[place] * gamma[place] + beta[place]
                data[branch, row + 2, at] = _byte(line[place], steps[branch])


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


@kernel()
def gather(
    features: tuple[Float32Array, Float32Array, Float32Array, Float32Array],
    owners: Int32Array,
    epsilon: F32,
    out: Float32Array,
) -> None:
    """Add the normalised features of each text's rows, without the factors of the norm."""
    own = features[0].shape[1]
    branch = features[1].shape[1]
    line = np.empty(out.shape[1], np.float32)
    for row in range(owners.shape[0]):
        if owners[row] < 0:
            continue
        line[:own] = features[0][row]
        line[own : own + branch] = features[1][row]
        line[own + branch : own + 2 * branch] = features[2][row]
        line[own + 2 * branch :] = features[3][row]
        _normalise_row(line, epsilon)
        total = out[owners[row]]
        for at in range(line.shape[0]):
            total[at] += line[at]


@kernel("void(float32[:,::1], float32[:,::1], float32[:,::1])")
def dense(inputs: Float32Array, weights: Float32Array, out: Float32Array) -> None:
    """Add the product of rows and weights to ``out``, the first weights first."""
    for first in range(0, inputs.shape[0], DOCUMENTS):
        last = min(first + DOCUMENTS, inputs.shape[0])
        for place in range(weights.shape[0]):
            weight = weights[place]
            for row in range(first, last):
                factor = inputs[row, place]
                line = out[row]
                for at in range(line.shape[0]):
                    line[at] += factor * weight[at]


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
