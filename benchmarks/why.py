"""What it takes to tell one page's story, out of a million.

    python -m benchmarks.why [--pages 1000000] [--root DIR] [--ask QUERY…]

The run is made up: 100 parts, seven steps of fewer and fewer pages, written by the writer of parts
itself, and shards by that of exports; only Spark, the stages and most of the text are missing.
Processor time of a process that does nothing else, start to end, as `curate why` takes it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from curation.batches.run_record import RunRecord
from curation.outputs.export import ParquetLayout
from curation.outputs.shards import order_of
from curation.parts.writer import PartWriter
from curation.storage import StoredFile, manifest
from curation.storage.manifest import Manifest, PartResult
from curation.storage.stage_description import StageDescription
from schemas.document import crawl_position
from schemas.page import doc_id
from schemas.verdict import Decision, keep, remove
from stages.chain import Document
from stages.rules.families import RuleReason

PARTS = 100
STEPS = ("prepare", "identity", "lines", "privacy", "fuzzy", "semantic", "balance")
KEPT = (0.2, 0.8, 0.8, 0.9, 0.9, 0.9, 0.9)  # of the pages of the step before
COLUMNS = {
    "doc_id": pa.string(),
    "url": pa.string(),
    "date": pa.string(),
    "source": pa.string(),
    "offset": pa.int64(),
    "position": pa.int64(),
    "text": pa.string(),
    "language": pa.string(),
    "site": pa.string(),
}
SHARD_ROWS = 50_000
QUERIES = 8


def page(number: int, pages: int) -> dict[str, object]:
    """A page's columns."""
    per_part = pages // PARTS
    part, place = divmod(number, per_part)
    site = f"site-{number % 5003}.example"
    return {
        "doc_id": doc_id("why", str(number)),
        "url": f"https://www.{site}/articles/{number // 5003}/{number * 7919 % pages}.html",
        "date": "2026-01-01T00:00:00Z",
        "source": f"crawl-{part:05d}.warc.gz",
        "offset": place * 30_000,
        "position": crawl_position(part, place * 30_000),
        "text": f"Text of page {number}.",
        "language": "en" if number % 2 else "zh",
        "site": site,
    }


def write_step(folder: Path, number: int, parts: list[list[int]], pages: int) -> Manifest:
    """A step over the pages that came to it, each part of which it keeps some."""
    results: list[PartResult] = []
    for part, numbers in enumerate(parts):
        with PartWriter(COLUMNS, str(folder), part, 1000, is_crawled=number == 0) as writer:
            for start in range(0, len(numbers), 2048):
                some = numbers[start : start + 2048]
                writer.write([judged(one, number, pages) for one in some])
            results.append(writer.finish({}))
    totals = manifest.add_up(results)
    stage = StageDescription("rules", 1, {}, {})
    kept, removed, quarantined = (totals.rows.get(decision, 0) for decision in Decision)
    made = Manifest(
        step=STEPS[number],
        number=number + 1,
        fingerprint="0" * 12,
        stages=(stage,),
        rows_in=totals.rows_in,
        keep=kept,
        remove=removed,
        quarantine=quarantined,
        reasons=totals.reasons,
        skipped={},
        seconds=1.0,
        parts=tuple(results),
    )
    made.save(str(folder))
    return made


def judged(number: int, step: int, pages: int) -> Document:
    """A page after a step."""
    document = Document(page(number, pages))
    verdict = keep() if stays(number, step) else remove(RuleReason.SPAM, "made up")
    document.apply("rules", verdict)
    return document


def stays(number: int, step: int) -> bool:
    """Whether a step keeps a page, by lot."""
    return ((number * 8 + step) * 2654435761 & 0xFFFFFFFF) < KEPT[step] * (1 << 32)


def write_shards(folder: Path, numbers: list[int], pages: int) -> Manifest:
    """The pages that are kept, in shards."""
    folder.mkdir()
    columns = {"copy": pa.int32(), **{name: COLUMNS[name] for name in ("doc_id", "url", "text")}}
    layout = ParquetLayout(max(1, len(numbers) // SHARD_ROWS), 0, pa.schema(columns), 1000, 3)
    rows = [page(number, pages) for number in numbers]
    placed = sorted((order_of(0, str(row["doc_id"]), 0), row["doc_id"], row) for row in rows)
    files: list[StoredFile] = []
    for number in range(layout.shards):
        low, high = ((n << 63) // layout.shards for n in (number, number + 1))
        mine = [{**row, "copy": 0} for order, _, row in placed if low <= order < high]
        batch = pa.RecordBatch.from_pylist(mine, schema=layout.schema)
        path = folder / layout.file_name(number)
        layout.write(path, [batch])
        files.append(StoredFile(path.name, len(mine), path.stat().st_size, "0" * 64))
    made = Manifest(
        step="export",
        number=len(STEPS) + 1,
        fingerprint="0" * 12,
        stages=(),
        rows_in=len(numbers),
        keep=len(numbers),
        remove=0,
        quarantine=0,
        reasons=(),
        skipped={},
        seconds=1.0,
        products=tuple(files),
    )
    made.save(str(folder))
    return made


def write_run(root: Path, pages: int) -> str:
    """The run, whose batch folder is returned."""
    batch = root / "made-up" / "default"
    size = pages // PARTS
    parts = [list(range(n * size, (n + 1) * size)) for n in range(PARTS)]
    names = []
    for number, step in enumerate(STEPS):
        names.append(f"{number + 1:02d}-{step}-{'0' * 12}")
        write_step(batch / names[-1], number, parts, pages)
        parts = [[one for one in part if stays(one, number)] for part in parts]
    names.append(f"{len(STEPS) + 1:02d}-export-{'0' * 12}")
    write_shards(batch / names[-1], [one for part in parts for one in part], pages)
    RunRecord(0, {"export.seed": 0}, ("crawl",), tuple(names), {}, {}).save(str(batch))
    return str(batch)


def queries(pages: int) -> Iterator[tuple[str, str]]:
    """What is asked, and what it is."""
    numbers = list(range(pages // PARTS * PARTS))
    random.Random(1).shuffle(numbers)
    kept = [one for one in numbers[:5000] if all(stays(one, step) for step in range(len(STEPS)))]
    gone = [one for one in numbers[:5000] if not stays(one, 0)]
    for number in kept[:2]:
        yield "kept, by URL", str(page(number, pages)["url"])
        yield "kept, by id", str(page(number, pages)["doc_id"])
    yield "kept, no scheme", str(page(kept[2], pages)["url"]).removeprefix("https://www.") + "/"
    yield "removed, by URL", str(page(gone[0], pages)["url"])
    yield "near miss", str(page(gone[1], pages)["url"]) + "x"
    yield "not there", "https://nowhere.example/"


def ask(root: Path, query: str) -> tuple[float, float, str]:
    """Processor time, time and the last line of `curate why`."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "curation", "why", query, "--root", str(root)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = (ran.stdout or ran.stderr).strip().splitlines()
    return spent, time.monotonic() - started, said[-1][:60] if said else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--root", type=Path, help="Where the made-up run lies; made if it is not.")
    parser.add_argument("--ask", nargs="*", default=[], help="Ask these of the root instead.")
    options = parser.parse_args()
    root = options.root or Path(tempfile.mkdtemp(prefix="why-"))
    asked = [("asked", one) for one in options.ask] or list(queries(options.pages))
    if not list(root.glob("*/*/_run.json")):
        started = time.process_time()
        batch = write_run(root, options.pages)
        print(f"{options.pages:,} pages made in {time.process_time() - started:.0f} s")
        looked = sum(
            file.stat().st_size for file in Path(batch).glob("01-*/lookup/*") if file.is_file()
        )
        print(f"lookup files: {looked / options.pages:.1f} bytes a page")
    print("| query | processor, s | time, s | last line |\n|---|---|---|---|")
    for name, query in asked:
        spent, took, said = ask(root, query)
        print(f"| {name} | {spent:.2f} | {took:.2f} | {json.dumps(said)} |")
    if not options.root:
        shutil.rmtree(root)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
