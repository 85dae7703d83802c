"""Benchmarks as they are named in a configuration, and the items in their files."""

from __future__ import annotations

import glob
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
from annotated_types import MinLen

from conf import locate
from conf.names import FolderName

_BATCH_ROWS = 4096
_JSONL = (".jsonl", ".ndjson", ".json")
_COMPRESSED = (".gz", ".zst", ".bz2")
_DECODE = json.JSONDecoder().decode


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: its files, and which columns hold what."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}

    name: FolderName
    """What hits call it."""
    files: Annotated[tuple[str, ...], MinLen(1)]
    """JSONL (also .gz, .zst, .bz2) or Parquet; patterns with * stand for all that fit."""
    question: Annotated[tuple[str, ...], MinLen(1)] = ("question",)
    """The columns that are the question, in this order."""
    answer: tuple[str, ...] = ()
    """The columns that are the answer; none: answers are not looked for."""
    id: str = ""
    """The column of an id; none: an item is called by its file and row, from 1."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a benchmark; a text that is not there is ""."""

    id: str
    question: str
    answer: str


class BenchmarkError(ValueError):
    """A benchmark's file cannot be used; the message says benchmark, file, rule and what to do."""


def list_benchmark_files(benchmark: Benchmark) -> list[Path]:
    """The files that a benchmark's paths and patterns stand for, each once, in order.

    Raises BenchmarkError for one that stands for none.
    """
    found: dict[Path, None] = {}
    for name in benchmark.files:
        path = str(locate(name))
        fitting = glob.glob(path, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute one
        files = [path] if Path(path).is_file() else sorted(filter(os.path.isfile, fitting))
        if not files:
            raise _error(benchmark, path, "no such file; a path of your own begins with / or .")
        found |= dict.fromkeys(map(Path, files))
    return list(found)


def read_items(benchmark: Benchmark) -> Iterator[Item]:
    """All items of a benchmark, in the order of its files and their rows.

    A value may be a text, a number, a list of such (the choices of a question) or nothing. Raises
    BenchmarkError for a file without rows, a column that no row of it has, a row that is no object,
    and a value of another type.
    """
    for path in list_benchmark_files(benchmark):
        columns = [*benchmark.question, *benchmark.answer, *filter(None, [benchmark.id])]
        lacking = set(columns)
        number = 0
        for number, row in _numbered_rows(benchmark, path, columns):
            lacking -= row.keys()
            yield _item(benchmark, path, number, row)
        if not number:
            raise _error(benchmark, path, "has no rows; take it out of the files, or mend it")
        if lacking:
            rule = f"no row has {', '.join(sorted(lacking))}; name columns that it has"
            raise _error(benchmark, path, rule)


def _item(benchmark: Benchmark, path: Path, number: int, row: Mapping[str, Any]) -> Item:
    def text_of(columns: tuple[str, ...]) -> str:
        if len(columns) == 1 and isinstance(text := row.get(columns[0]), str):
            return text
        texts = (_texts(benchmark, path, number, name, row.get(name)) for name in columns)
        return "\n".join(chain.from_iterable(texts))

    given = text_of((benchmark.id,)) if benchmark.id else ""
    return Item(
        given or f"{path.name}:{number}", text_of(benchmark.question), text_of(benchmark.answer)
    )


def _texts(benchmark: Benchmark, path: Path, number: int, name: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(benchmark, path, number, name, one)
    elif value is not None:
        rule = f"{name} is a {type(value).__name__}: it must be a text, a number or a list of such"
        raise _error(benchmark, path, rule, number)


def _numbered_rows(
    benchmark: Benchmark, path: Path, columns: list[str]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of a file with their numbers from 1; of JSONL those of its lines."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    try:
        if suffixes[-1:] == [".parquet"]:
            yield from enumerate(_parquet_rows(benchmark, path, columns), 1)
        elif any(suffix in _JSONL for suffix in suffixes[-2:]):
            yield from _jsonl_rows(benchmark, path)
        else:
            rule = f"is called neither .parquet nor {', '.join(_JSONL)} ({', '.join(_COMPRESSED)})"
            raise _error(benchmark, path, rule)
    except (pa.ArrowException, OSError) as error:
        raise _error(benchmark, path, f"cannot be read: {error}") from error


def _jsonl_rows(benchmark: Benchmark, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with pa.input_stream(str(path), compression="detect") as stream:
        for number, line in enumerate(io.BufferedReader(stream), 1):
            if not line.strip():
                continue
            try:
                # What json.loads does to bytes, without looking for UTF-16 in each line.
                row = _DECODE(line.decode("utf-8", "surrogatepass").removeprefix("\ufeff"))
            except (ValueError, RecursionError) as error:
                raise _error(benchmark, path, f"is not JSON: {error}", number) from error
            if not isinstance(row, dict):
                rule = f"is a {type(row).__name__}, not an object: one object a line is read"
                raise _error(benchmark, path, rule, number)
            yield number, row


def _parquet_rows(
    benchmark: Benchmark, path: Path, columns: list[str]
) -> Iterator[Mapping[str, Any]]:
    table = pq.ParquetFile(path)
    there = table.schema_arrow.names
    if lacking := sorted(set(columns) - set(there)):
        rule = f"has no column {', '.join(lacking)}; it has {', '.join(there)[:300]}"
        raise _error(benchmark, path, rule)
    for batch in table.iter_batches(_BATCH_ROWS, columns=columns):
        yield from batch.to_pylist()


def _error(benchmark: Benchmark, path: object, rule: str, number: int = 0) -> BenchmarkError:
    where = f"{path}, line {number}" if number else f"{path}"
    return BenchmarkError(f"benchmark {benchmark.name}: {where}: {rule}")
