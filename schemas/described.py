"""Columns that say what they mean, for whoever opens a file years later."""

from __future__ import annotations

import pyarrow as pa


def described(
    name: str, kind: pa.DataType, meaning: str, *, unit: str = "", nullable: bool = False
) -> pa.Field:
    """A column with its meaning and unit in its metadata.

    >>> described("tokens", pa.int64(), "under the counting tokenizer", unit="tokens").metadata
    {b'description': b'under the counting tokenizer', b'unit': b'tokens'}
    """
    metadata = {"description": meaning, **({"unit": unit} if unit else {})}
    return pa.field(name, kind, nullable=nullable, metadata=metadata)
