"""Megatron-Core's IndexedDataset on disk: a ``.bin`` of token ids and an ``.idx`` that finds them.

Written from the format (megatron/core/datasets/indexed_dataset.py), not by Megatron-Core, which
needs torch. Every sequence is a document of its own in the index. All numbers are little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

MAGIC = b"MMIDIDX\x00\x00"
VERSION = 1
_CODES: dict[str, int] = {"int32": 4, "uint16": 8}
_NARROW_BELOW = 65_500  # the same limit as Megatron-Core's DType.optimal_dtype

Ids = npt.NDArray[np.generic]


def token_type(vocabulary_size: int) -> np.dtype[np.generic]:
    """The type in which Megatron-Core stores ids of a vocabulary of this size.

    >>> token_type(16_384), token_type(151_936)
    (dtype('uint16'), dtype('int32'))
    """
    return np.dtype("<u2" if vocabulary_size < _NARROW_BELOW else "<i4")


@dataclass
class IndexedDatasetWriter:
    """Appends sequences to an open ``.bin``; ``index`` gives the bytes of the ``.idx``."""

    stream: BinaryIO
    kind: np.dtype[np.generic]
    _lengths: list[int] = field(default_factory=list)

    def add(self, ids: Ids) -> None:
        """Append one sequence."""
        self.stream.write(np.ascontiguousarray(ids, dtype=self.kind).tobytes())
        self._lengths.append(len(ids))

    def index(self) -> bytes:
        """The index of what was added."""
        return index_bytes(self._lengths, self.kind)


def index_bytes(lengths: Sequence[int], kind: np.dtype[np.generic]) -> bytes:
    """An ``.idx`` for sequences of these lengths that lie one after the other."""
    sizes = np.asarray(lengths, dtype="<i4")
    pointers = np.zeros(len(sizes), dtype="<i8")
    if len(sizes):
        np.cumsum(sizes[:-1].astype("<i8") * kind.itemsize, out=pointers[1:])
    documents = np.arange(len(sizes) + 1, dtype="<i8")
    header = MAGIC + struct.pack("<QBQQ", VERSION, _CODES[kind.name], len(sizes), len(documents))
    return header + sizes.tobytes() + pointers.tobytes() + documents.tobytes()


def read_sequences(prefix: Path) -> list[Ids]:
    """The sequences of ``prefix``.bin and ``prefix``.idx, as views of the mapped file.

    Raises ValueError for an index that is not one.
    """
    data = prefix.with_suffix(".idx").read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError(f"{prefix}.idx: not an index: it does not begin with {MAGIC!r}")
    version, code, count, _ = struct.unpack_from("<QBQQ", data, len(MAGIC))
    names = {code: name for name, code in _CODES.items()}
    if version != VERSION or code not in names:
        raise ValueError(f"{prefix}.idx: version {version} with type {code} is not known")
    kind = np.dtype(names[code]).newbyteorder("<")
    start = len(MAGIC) + struct.calcsize("<QBQQ")
    sizes = np.frombuffer(data, "<i4", count, start)
    pointers = np.frombuffer(data, "<i8", count, start + sizes.nbytes)
    if not count:
        return []
    tokens = np.memmap(prefix.with_suffix(".bin"), dtype=kind, mode="r")
    firsts = pointers // kind.itemsize
    return [tokens[a : a + n] for a, n in zip(firsts, sizes, strict=True)]
