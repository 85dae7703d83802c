"""Parquet files on a disk or in an object store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from curation.storage.stores import resolve

if TYPE_CHECKING:
    import pyarrow.parquet as pq


@contextmanager
def open_parquet(uri: str) -> Iterator[pq.ParquetFile]:
    """A Parquet file, open until the block ends; what of it is read is fetched when it is."""
    import pyarrow.parquet as pq

    store, path = resolve(uri)
    with store.open_input_file(path) as stream:
        yield pq.ParquetFile(stream)
