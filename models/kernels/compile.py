"""Compiled loops: one decorator that compiles a function once and caches it for every worker.

The machine code lies beside the source where that can be written, else in the user's cache folder,
else (a worker without a home, a read-only install) in a private folder under the temporary one.
``NUMBA_CACHE_DIR`` overrides all three: point it at a folder that survives the worker.
numba keys the cache by processor, so unlike machines can share a folder; by what goes into a kernel
besides, see `models.kernels.cache`.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numba
from llvmlite import ir
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature

from models.kernels.cache import Function, KernelCache

Kernel = TypeVar("Kernel", bound=Callable[..., object])

Generate = Callable[[BaseContext, ir.IRBuilder, Signature, Sequence[ir.Value]], ir.Value]
"""What an intrinsic gives numba: it writes the instructions of a call whose types are found."""


def kernel(*signatures: str, allocates: bool = False) -> Callable[[Kernel], Kernel]:
    """Compile for the given signatures, or take the machine code from the cache.

    Without a signature the function is compiled when it is first called, for what it is given.

    Overflow wraps, indices are not checked, division by zero gives what the processor gives, and
    the interpreter lock is released. A kernel may call other kernels and `inlined` functions.
    One that makes arrays or returns one has to say that it ``allocates``: what does not is compiled
    without the counting of references to arrays, which would be most of a short function's time.

    >>> @kernel("int64(int64, int64)")
    ... def add(left, right):
    ...     return left + right
    >>> add(40, 2)
    42
    """

    def compile_kernel(function: Kernel) -> Kernel:
        compiled = numba.njit(
            boundscheck=False,
            error_model="numpy",
            nogil=True,
            _nrt=allocates or _returns_array(function),
        )(function)
        if cache := _open_cache(function) or _open_private_cache(function):
            compiled._cache = cache  # noqa: SLF001 -- there is no other way in
        for signature in signatures:
            compiled.compile(signature)
        if signatures:
            compiled.disable_compile()
        return compiled

    return compile_kernel


def inlined(function: Kernel) -> Kernel:
    """A function that the kernels which call it hold in full: no call is left.

    It makes no arrays and returns none, and only compiled code can call it: a way in for Python
    would take a fifth of the time of compiling.
    """
    if _returns_array(function):
        raise TypeError(f"{function.__qualname__} returns an array: make it a kernel")
    return numba.njit(
        forceinline=True,
        boundscheck=False,
        error_model="numpy",
        _nrt=False,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
    )(function)


def _returns_array(function: Kernel) -> bool:
    """Whether it says so: a reference that is not counted must not be handed on."""
    return "array" in str(function.__annotations__.get("return", "")).lower()


def _open_cache(function: Function) -> KernelCache | None:
    """The cache of a function; None if numba finds no folder to write to."""
    try:
        return KernelCache(function)
    except RuntimeError:  # "cannot cache function: no locator available"
        return None


def _open_private_cache(function: Function) -> KernelCache | None:
    """The same with the private folder; it is no help to a function without a source file."""
    if numba.config.CACHE_DIR:
        return None
    numba.config.CACHE_DIR = str(private_folder(Path(tempfile.gettempdir())))
    cache = _open_cache(function)
    if cache is None:
        numba.config.CACHE_DIR = ""
    return cache


def private_folder(parent: Path) -> Path:
    """A folder under ``parent`` that only this user can write to; made if it is not there.

    What lies in it is loaded as code, so one that somebody else owns or can write to is refused:
    then the folder is a fresh one, and the kernels are compiled once for this process.
    """
    user = os.getuid() if hasattr(os, "getuid") else "user"
    python = f"{sys.version_info.major}{sys.version_info.minor}"
    folder = parent / f"curation-kernels-{user}-{python}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="curation-kernels-"))
    ours = stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == user)
    if not ours or found.st_mode & 0o022:
        return Path(tempfile.mkdtemp(prefix="curation-kernels-", dir=parent))
    return folder
