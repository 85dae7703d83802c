"""Parquet files on a disk or in an object store, whose pages have checksums."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyarrow import ArrowException

from curation.errors import DamageError
from curation.storage.stores import resolve

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_STORES_OWN = ("AWS Error", "google::cloud::Status", "HDFS")
"""What the error of a store says, as opposed to that of a file that lies in it."""


def parquet_writer(path: Path, schema: pa.Schema, **options: object) -> pq.ParquetWriter:
    """A writer of a local file, compressed by zstd; every page of it has a checksum.

    ``options`` are more of ``pyarrow.parquet.ParquetWriter``'s.
    """
    import pyarrow.parquet as pq

    settings = {"compression": "zstd", "write_page_checksum": True, **options}
    return pq.ParquetWriter(path, schema, **settings)


@contextmanager
def open_parquet(uri: str) -> Iterator[pq.ParquetFile]:
    """A Parquet file, open until the block ends; what of it is read is fetched when it is.

    Raises DamageError, in the block too, for a file that is gone or is not as it was written;
    OSError where its store fails.
    """
    import pyarrow.parquet as pq

    store, path = resolve(uri)
    with _in_words(uri), store.open_input_file(path) as stream:
        try:
            parquet = pq.ParquetFile(stream, page_checksum_verification=True)
        except (ValueError, KeyError) as error:  # a name that is no UTF-8, an unknown type
            raise DamageError.of(uri, f"is damaged ({_first_line(error)})") from error
        yield parquet


@contextmanager
def _in_words(uri: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise DamageError.of(uri, "is gone") from error
    except (OSError, ArrowException) as error:
        is_the_stores = any(word in str(error) for word in _STORES_OWN)
        if is_the_stores or getattr(error, "errno", None) is not None:
            raise
        raise DamageError.of(uri, f"is damaged ({_first_line(error)})") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
