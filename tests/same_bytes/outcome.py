"""What a run has made, as checksums: shards and packed sequences, and the rows of the shards."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PLACE = ("warc_filename", "warc_record_offset", "warc_record_length", "warc_record_id")
ACCOUNTS = ("_manifest.json", "manifest.json", "configuration.json", "README.md")
"""What says of a run by which settings and from which files it was."""


def products(root: Path) -> dict[str, str]:
    """The SHA-256 of each shard and packed file, by its name."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in _files(root)}


def rows(root: Path) -> dict[str, str]:
    """The same but for where a record lies: of shards the other columns, of all else the bytes."""
    return {path.name: sha256(_without_place(path)).hexdigest() for path in _files(root)}


def _files(root: Path) -> Iterator[Path]:
    for step in sorted(root.glob("*/*/*-*")):
        if step.name.split("-")[1] in ("export", "pack"):
            yield from (
                path
                for path in sorted(step.rglob("*"))
                if path.is_file() and path.name not in ACCOUNTS
            )


def _without_place(path: Path) -> bytes:
    if path.suffix != ".parquet":
        return path.read_bytes()
    table = pq.read_table(path, partitioning=None)
    table = table.drop_columns([name for name in PLACE if name in table.column_names])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema.remove_metadata()) as stream:
        stream.write_table(table.replace_schema_metadata().combine_chunks())
    return sink.getvalue().to_pybytes()
