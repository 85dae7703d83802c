"""What summaries cost: to make of documents, to add, and to make the ranking of sites of.

    python -m benchmarks.summaries [--sites 10000 100000 300000]

Processor time of one process. The documents have 70 numbers, as many as the stages of
`conf/local.toml` write, with values all over the bins, and a text of 800 characters. For each
number of sites 16 parts have a page of each that is kept and one that is gone. Peak memory is that
of a process that does nothing else.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pyarrow as pa

from curation.inspect.sites import rank_sites
from curation.storage import StoredFile
from curation.summaries.documents import summarise
from curation.summaries.files import merge_files, read_summary, write_summary
from curation.summaries.summary import COUNTS, NOTHING, Summary, add, total_of
from schemas.document import SOURCE_COLUMNS, document_schema
from schemas.verdict import Decision

PARTS = 16
ROW_GROUP = 512
MEASURES = pa.struct(
    [(f"ratio_{n}", pa.float64()) for n in range(60)]
    + [(f"count_{n}", pa.int32()) for n in range(10)]
)
Made = TypeVar("Made")


def timed(work: Callable[[], Made]) -> tuple[Made, float]:
    """What a function returns, and the processor time that it takes."""
    started = time.process_time()
    made = work()
    return made, time.process_time() - started


def documents(count: int) -> pa.Table:
    """Documents in 4 languages, of a site for each 7 of them."""
    random = np.random.default_rng(1)
    schema = document_schema({**SOURCE_COLUMNS, "language": pa.string(), "measures": MEASURES})
    columns = [_column(field, count, random) for field in schema]
    return pa.table(columns, schema=schema)


def _column(field: pa.Field, count: int, random: np.random.Generator) -> pa.Array:
    if pa.types.is_struct(field.type):
        parts = [_column(part, count, random) for part in field.type]
        return pa.StructArray.from_arrays(parts, fields=list(field.type))
    if pa.types.is_floating(field.type) or pa.types.is_integer(field.type):
        ratio = pa.types.is_floating(field.type)
        return pa.array(random.random(count) * (1 if ratio else 5000)).cast(field.type, safe=False)
    if not pa.types.is_string(field.type):
        return pa.nulls(count, field.type)
    texts = {
        "doc_id": [f"{n:032x}" for n in range(count)],
        "url": [f"https://www.site-{n % (count // 7 + 1)}.example/page/{n}" for n in range(count)],
        "text": ["Words of a page. 网页的文字。" * 50] * count,
        "language": ["en", "zh", "fr", "de"] * (count // 4 + 1),
    }
    return pa.array(texts.get(field.name, [""] * count)[:count], field.type)


def show_making() -> None:
    """A line for each size of part: what a document costs."""
    print("| documents of a part | us a document | bytes of its summary |\n|---|---|---|")
    for count in (150, 1_200, 12_000):
        table = documents(count)
        groups = [table.slice(start, ROW_GROUP) for start in range(0, count, ROW_GROUP)]
        with tempfile.TemporaryDirectory() as folder:

            def make(groups: list[pa.Table] = groups, folder: str = folder) -> StoredFile:
                summary = total_of(summarise(group, Decision.KEEP) for group in groups)
                return write_summary(summary, folder, "part")

            make()
            file, seconds = timed(make)
        print(f"| {count:,} | {1e6 * seconds / count:.1f} | {file.bytes:,} |", flush=True)


def part_of_sites(sites: int, part: int) -> Summary:
    """The summary of a part with a page of each site that is kept and one that is gone."""
    number = np.arange(sites)
    tables = []
    for decision, reason in ((Decision.KEEP, ""), (Decision.REMOVE, "too_few_words")):
        columns = {
            "decision": pa.repeat(str(decision), sites),
            "stage": pa.repeat("rules" if reason else "", sites),
            "reason": pa.repeat(reason, sites),
            "language": pa.array(["zh", "en"]).take(pa.array(number % 2)),
            "site": pa.array([f"site-{n}.example" for n in range(sites)]),
            "pages": pa.array(np.ones(sites, np.int64)),
            "characters": pa.array(number % 5000),
            **{name: pa.array(number % 2) for name in ("rows", "tokens", "row_tokens")},
            "doc_id": pa.array([f"{n * PARTS + part:032x}" for n in range(sites)]),
            "url": pa.array([f"https://www.site-{n}.example/{part}" for n in range(sites)]),
        }
        tables.append(pa.table(columns, schema=COUNTS))
    return add([replace(NOTHING, counts=pa.concat_tables(tables))])


def merge(folder: str, files: list[StoredFile]) -> tuple[float, float, StoredFile]:
    """Seconds and peak memory (MiB) of the sum of all parts."""
    file, seconds = timed(lambda: merge_files(folder, "step", files))
    return seconds, _peak(), file


def rank(uri: str) -> tuple[float, float]:
    """Seconds and peak memory (MiB) of the thousand largest sites."""
    _, seconds = timed(lambda: rank_sites([read_summary(uri)], 1000))
    return seconds, _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show_adding(sizes: list[int]) -> None:
    """A line for each number of sites: the sum of all parts, and the ranking of sites."""
    print(
        f"\n| sites | pages in {PARTS} parts | the sum, s | peak, MiB | its file, MiB "
        "| ranking, s | peak, MiB |\n|---|---|---|---|---|---|---|"
    )
    context = multiprocessing.get_context("spawn")
    for sites in sizes:
        with tempfile.TemporaryDirectory() as folder:
            with context.Pool(1) as pool:
                work = [(sites, part, folder) for part in range(PARTS)]
                files = pool.starmap(write_part, work)
            with context.Pool(1) as pool:
                seconds, peak, file = pool.apply(merge, (folder, files))
            with context.Pool(1) as pool:
                ranking, ranking_peak = pool.apply(rank, (f"{folder}/{file.name}",))
        print(
            f"| {sites:,} | {file.rows:,} | {seconds:.1f} | {peak:,.0f} | {file.bytes / 2**20:.1f} "
            f"| {ranking:.2f} | {ranking_peak:,.0f} |",
            flush=True,
        )


def write_part(sites: int, part: int, folder: str) -> StoredFile:
    """Write a part's summary."""
    return write_summary(part_of_sites(sites, part), folder, f"part-{part:05d}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", nargs="*", type=int, default=[10_000, 100_000, 300_000])
    options = parser.parse_args()
    show_making()
    show_adding(options.sites)


if __name__ == "__main__":
    main()
