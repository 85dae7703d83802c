"""Machine code that is kept belongs to all that it was made of, not to one file.

numba keeps it by the time and size of the file that a kernel stands in. A kernel holds inlined
functions and constants of other files too: after these change, what is kept would go on computing
as they were, and say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba.core.caching import FunctionCache

_VALUES = (int, float, complex, str, bytes, tuple, np.generic, type(None))
Function = Callable[..., object]


class KernelCache(FunctionCache):
    """numba's cache of a function, whose keys say what its code was made of besides."""

    def _index_key(self, sig: object, codegen: object) -> tuple[object, ...]:
        return (*super()._index_key(sig, codegen), self._digest)

    @cached_property
    def _digest(self) -> str:
        return digest_of(self._py_func)


def digest_of(function: Function) -> str:
    """The SHA-256 of a function's code, of what it calls that is compiled, and of its constants.

    Asked when it is compiled, for what it calls may stand below it.
    """
    digest = sha256()
    for part in _parts_of(function, set()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts_of(function: Function, seen: set[Function]) -> Iterator[bytes]:
    if isinstance(function, FunctionType) and function not in seen:
        seen.add(function)
        yield from _parts_of_code(function.__code__, function.__globals__, seen)


def _parts_of_code(
    code: CodeType, scope: Mapping[str, Any], seen: set[Function]
) -> Iterator[bytes]:
    yield code.co_code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts_of_code(constant, scope, seen)
        else:
            yield repr(constant).encode()
    for name in code.co_names:
        value = scope.get(name)
        yield name.encode()
        yield from _parts_of_value(value, seen)
        if isinstance(value, ModuleType):
            for inner in code.co_names:
                yield from _parts_of_value(getattr(value, inner, None), seen)


def _parts_of_value(value: Any, seen: set[Function]) -> Iterator[bytes]:
    """Of a constant its value; of what numba compiles, or generates, its code."""
    compiled = getattr(value, "py_func", None) or getattr(value, "_defn", None)
    if compiled is not None:
        yield from _parts_of(compiled, seen)
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype}{value.shape}".encode() + value.tobytes()
    elif isinstance(value, _VALUES):
        yield repr(value).encode()
