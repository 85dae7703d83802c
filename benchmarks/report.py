"""What a report costs to write and to open: a run of 16 stages with thousands of samples.

    python -m benchmarks.report [--documents 20000]

The run is made up: 16 steps of a stage each, of documents in two languages and of 5,000 sites, each
with 40 numbers. One stage has two thresholds for every one of them, by language, as the rules have;
the others have one threshold. Documents are written as a
run writes them. Times are processor time of this process, imports and all. Where there are Chromium
and playwright, the report is opened from the disk too, and every view once.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from curation import storage
from curation.batches.run_record import RunRecord
from curation.inspect.report.data import report_data
from curation.inspect.report.page import embedded, page_of
from curation.parts.writer import PartWriter
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription
from curation.summaries.files import merge_files
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision, Edit, keep, remove
from stages.chain import Document
from stages.recall import Bound, Limit

STAGES = 16
RULES = "stage_05"
NUMBERS = 40
SITES = 5_000
REASONS = 6
GONE_RATIO = 0.04  # of what reaches a stage
TEXT = "A sentence of a page that says little and goes on for a while. 网页里的一句话。\n" * 30
COLUMNS = {
    **SOURCE_COLUMNS,
    "site": pa.string(),
    "language": pa.string(),
    "category": pa.string(),
    "measures": pa.struct([(f"number_{n}", pa.float64()) for n in range(NUMBERS)]),
}
VIEWS = ("overview", "thresholds", "reasons", "mix", "duplicates", "sites", "samples", "run")


class Reason(StrEnum):
    """Made up, as many as a stage has."""

    A, B, C, D, E, F = (f"fault_{letter}" for letter in "abcdef")


def limits_of(stage: str) -> Mapping[str, tuple[Limit, ...]]:
    """A lower and an upper threshold of each number for the rules, one for any other stage."""
    if stage != RULES:
        return {stage: (Limit("min_number_1", "measures.number_1", Bound.AT_LEAST, 0.1),)}
    return {
        stage: tuple(
            Limit(f"{side}_number_{n}", f"measures.number_{n}", bound, value, language)
            for n in range(NUMBERS)
            for side, bound, value in (("min", Bound.AT_LEAST, 0.1), ("max", Bound.AT_MOST, 0.9))
            for language in ("en", "zh")
        )
    }


def documents(numbers: Sequence[int], random: np.random.Generator) -> Iterator[Document]:
    """Documents by their numbers; every fifth has lost a line."""
    for number in numbers:
        values = random.beta(2, 2, NUMBERS)
        site = f"site-{number % SITES}.example"
        columns: dict[str, Any] = {
            "doc_id": f"{number:032x}",
            "url": f"https://www.{site}/page/{number}",
            "site": site,
            "source": "crawl.warc.gz",
            "offset": number,
            "position": number,
            "text": f"Page {number}.\n{TEXT}",
            "title": f"Page {number}",
            "language": ("en", "zh")[number % 2],
            "category": f"class_{number % 200}",
            "measures": {f"number_{n}": float(value) for n, value in enumerate(values)},
        }
        one = Document(columns)
        if number % 5 == 0:
            one.apply("line_dedup", keep({}, (Edit(2, "Share this page", "frequent_line"),)))
        yield one


def make_run(folder: str, count: int) -> None:
    """Write the summaries and manifests of a run, and the documents that they are of."""
    random = np.random.default_rng(1)
    left, names = list(range(count)), []
    for number in range(1, STAGES + 1):
        stage = f"stage_{number:02d}"
        names.append(f"{number:02d}-{stage}-0")
        step, limits = storage.join(folder, names[-1]), limits_of(stage)
        some = list(documents(left, random))
        gone = random.random(len(some)) < GONE_RATIO
        for place in np.flatnonzero(gone):
            reason = list(Reason)[int(place) % REASONS]
            some[place].apply(stage, remove(reason, "number_1 0.95 > max_number_1 0.9"))
        with PartWriter(COLUMNS, step, 0, 10**6, limits=limits) as writer:
            for start in range(0, len(some), 512):
                writer.write(some[start : start + 512])
            part = writer.finish({})
        kept = [one.columns["position"] for one in some if one.decision is Decision.KEEP]
        assert part.summary
        Manifest(
            step=stage,
            number=number,
            fingerprint="0",
            stages=(StageDescription(stage, 1, {}, {}),),
            rows_in=len(left),
            keep=len(kept),
            remove=len(left) - len(kept),
            quarantine=0,
            reasons=part.reasons,
            skipped={},
            seconds=60.0,
            parts=(part,),
            summary=merge_files(step, "step", [part.summary]),
            limits=limits,
        ).save(step)
        left = kept
    RunRecord(0, {}, ("crawl.warc.gz",), tuple(names), {}, {}).save(folder)


def open_in_browser(path: Path) -> None:
    """Print how long the browser takes until the first view is drawn, and for each view."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a dev tool
    except ImportError:
        chromium = None
    if not chromium:
        print("no browser here: the report was not opened")
        return
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(path.as_uri())
        entry = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
        print(f"loaded and drawn in {entry['loadEventEnd'] / 1000:.2f} s on the clock")
        for view in VIEWS:
            began = time.monotonic()
            page.evaluate(f"location.hash = '#{view}'")
            page.wait_for_selector(f"nav a[data-view='{view}'][aria-current]")
            print(f"  {view}: {time.monotonic() - began:.2f} s")
        browser.close()


def main() -> None:
    """Make the run, write its report, open it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=20_000)
    count = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        run = str(Path(folder) / "pipeline" / "batch")
        make_run(run, count)
        begun = time.process_time()
        data = report_data(run)
        made = time.process_time()
        html = page_of(data)
        done = time.process_time()
        target = Path(folder) / "report.html"
        target.write_text(html, encoding="utf-8")
        summaries = sum(file.stat().st_size for file in Path(run).glob("*/summary/step-*"))
        print(
            f"{count:,} documents, {STAGES} stages, {len(data['samples']):,} samples, "
            f"{len(data['measures'])} numbers, {len(data['sites']['rows']):,} sites"
        )
        print(f"summaries {summaries / 2**20:.1f} MiB, report {len(html.encode()) / 2**20:.1f} MiB")
        print(f"data {made - begun:.1f} s, page {done - made:.1f} s of processor time")
        sizes = {name: len(embedded({"": part})) for name, part in data.items()}
        print(json.dumps({n: f"{s / 2**20:.2f} MiB" for n, s in sizes.items() if s > 2**17}))
        open_in_browser(target)


if __name__ == "__main__":
    main()
