"""Short names for the arrays that compiled loops work on. The loops themselves check no type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

BoolArray: TypeAlias = NDArray[np.bool_]
UInt8Array: TypeAlias = NDArray[np.uint8]
UInt32Array: TypeAlias = NDArray[np.uint32]
UInt64Array: TypeAlias = NDArray[np.uint64]
Int8Array: TypeAlias = NDArray[np.int8]
Int16Array: TypeAlias = NDArray[np.int16]
Int32Array: TypeAlias = NDArray[np.int32]
Int64Array: TypeAlias = NDArray[np.int64]
Float32Array: TypeAlias = NDArray[np.float32]
Float64Array: TypeAlias = NDArray[np.float64]

whole: Callable[[Any], int] = np.int64  # type: ignore[assignment]
truth: Callable[[Any], bool] = np.bool_  # type: ignore[assignment]
"""Numbers of compiled loops, which a type checker may take for Python's. A constant that is given
to a kernel is of one of these, or the kernel is compiled again for that value."""
