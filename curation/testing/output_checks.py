"""What every output promises, as a check for the tests of whoever writes one."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic_core import to_jsonable_python

from conf.references import ClassReferenceError
from curation import storage
from curation.outputs.base import Material, Output, OutputAccount
from curation.outputs.registry import KNOWN_OUTPUTS
from curation.storage import StoredFile
from curation.storage.records import from_values
from curation.testing import samples
from schemas.document import SOURCE_COLUMNS
from schemas.shard import SHARD_COLUMNS
from schemas.verdict import EDITS
from stages.base import Row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OF_SOURCES = (
    *("doc_id", "url", "date", "batch", "source", "offset", "record_length", "record_id"),
    *("position", "title", "text"),
)
_OF_STAGES = (
    *("language", "language_score", "site", "published", "page_type", "quality"),
    *("category", "category_score", "tokens"),
)

KEPT: pa.Schema = pa.schema(
    [
        *((name, SOURCE_COLUMNS[name]) for name in _OF_SOURCES),
        *((name, SHARD_COLUMNS[name].type) for name in _OF_STAGES),
        ("copies", pa.int32()),
        ("edits", EDITS),
    ]
)
"""What the last step of a pipeline of ours leaves, as far as an output may count on it."""


@dataclass(frozen=True)
class _Made:
    """What an output wrote, and where it lies."""

    folder: Path
    account: OutputAccount


def check_output(
    output: Output,
    spark: SparkSession,
    documents: Sequence[Row] | None = None,
    made_of: Output | None = None,
) -> None:
    """Try an output on documents in one file, in three, and on none.

    ``documents`` are some in Chinese and English unless others are given; ``made_of`` is the output
    of whose files it is made, where it is made of one. Raises AssertionError with what the output
    does not keep to, or its error.
    """
    if output.made_of != (made_of.name if made_of else ""):
        raise ValueError(f"{output.name} is made of {output.made_of or 'documents'}: give made_of")
    _is_what_its_settings_make(output)
    tried = samples.documents() if documents is None else documents
    with TemporaryDirectory(prefix="output-") as scratch:
        tries = {"one": (tried, 1), "three": (tried, 3), "none": ([], 1)}
        made = {}
        for name, (rows, count) in tries.items():
            kept = _keep(rows, Path(scratch) / "kept" / name, count)
            if made_of:
                kept = _material(_write(made_of, spark, kept, Path(scratch) / "made of" / name))
            made[name] = _write(output, spark, kept, Path(scratch) / "made" / name)
            _accounts_for_what_it_wrote(made[name], None if made_of else len(rows))
        _are_the_same(made["one"], made["three"])


def _is_what_its_settings_make(output: Output) -> None:
    """A configuration can name its class and say its fields; it is equal to its pickle."""
    reference = KNOWN_OUTPUTS.reference_to(type(output))
    try:
        found = KNOWN_OUTPUTS.find(reference)
    except ClassReferenceError as error:
        raise AssertionError(f"{reference}: {error}") from error
    assert found is type(output), f"{reference} is {found}"
    again = from_values(to_jsonable_python(asdict(output)), type(output))
    assert again == output, f"{output} became {again}"
    copy = pickle.loads(pickle.dumps(output))  # noqa: S301 - of what was pickled right here
    assert copy == output, f"{output} became {copy}"
    for name, digest in output.resources().items():
        assert isinstance(digest, str), f"resources()[{name!r}] is no text: {digest!r}"


def _accounts_for_what_it_wrote(made: _Made, expected_rows: int | None) -> None:
    """Nothing is lost, and the files that it lists are those that are there, as they are."""
    account = made.account
    rows_in, documents = account.rows_in, account.documents
    assert documents == rows_in, f"of {rows_in} rows it wrote {documents} documents"
    assert expected_rows in (None, rows_in), f"was given {expected_rows} rows, says {rows_in}"
    listed = {file.name: file for file in account.files}
    there = storage.list_files(str(made.folder))
    assert sorted(listed) == there, f"lists {sorted(listed)}, wrote {there}"
    for name, file in listed.items():
        path = made.folder / name
        seen = StoredFile(name, file.rows, path.stat().st_size, storage.sha256_of(path))
        assert file == seen, f"says {file}, wrote {seen}"


def _are_the_same(one: _Made, three: _Made) -> None:
    """Bytes and account do not depend on how many files the documents came in."""
    assert one.account == three.account, (
        "depends on the number of files that it is given: "
        f"of one it made {one.account}, of three {three.account}"
    )


def _keep(documents: Sequence[Row], folder: Path, count: int) -> Material:
    """The documents as the last step would keep them, in so many files."""
    folder.mkdir(parents=True)
    rows = [{"copies": 1 + place % 2, **row} for place, row in enumerate(documents)]
    table = pa.Table.from_pylist(rows, KEPT)
    size = -(-table.num_rows // count) or 1
    files = []
    for number, start in enumerate(range(0, table.num_rows, size)):
        path, part = folder / f"part-{number}.parquet", table.slice(start, size)
        pq.write_table(part, path)
        digest = storage.sha256_of(path)
        files.append(StoredFile(path.name, part.num_rows, path.stat().st_size, digest))
    return Material(str(folder), tuple(files), "check", "0" * 12)


def _material(made: _Made) -> Material:
    return Material(str(made.folder), made.account.files, "check", "0" * 12)


def _write(output: Output, spark: SparkSession, material: Material, folder: Path) -> _Made:
    return _Made(folder, output.write(spark, material, str(folder)))
