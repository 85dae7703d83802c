"""``python -m tests.soak 1000000``: delivery after delivery on one root, until so many pages are in.

Each is a sample crawl of its own, made while the one before it is run, and run as a batch by the whole
pipeline, with 2 GB for Java's heap; every tenth time what the batches left is merged. What each took is a
line of ``--journal FILE``, and the root stays in ``--folder``, so that a stopped series goes on. At the end
the last tenth of the deliveries is held against the first: processor time a page, and the memory and open
files of each process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from tempfile import mkdtemp

from conf import locate
from curation.sample_crawl import write_sample_crawl
from curation.storage import manifest
from tests.faults.runs import CHECKOUT, begin
from tests.journal import Entry, Journal, say
from tests.soak.trend import trends
from tests.soak.watching import bytes_below, watch

SETTINGS = (
    "stage.extract.timeout_s=1.0",
    "max_quarantine_ratio=0.05",
    'spark.settings."spark.driver.memory"="2g"',
)
MERGE_EVERY = 10
ROLES = ("driver", "java", "daemon", "worker", "child")
FIGURES = (
    "processor_ms_a_page",
    *(f"{role}_bytes" for role in ROLES),
    *(f"{role}_files" for role in ROLES),
)


def make(number: int, pages: int, folder: Path) -> Sequence[Path]:
    """The crawl of a delivery: the same whenever it is made, dates and all."""
    crawl = write_sample_crawl(folder / f"crawl-{number:05d}", seed=number + 1, pages=pages)
    for file in crawl:
        os.utime(file, (0, 0))
    return crawl


def deliver(number: int, pages: int, crawl: Sequence[Path], folder: Path) -> Mapping[str, float]:
    """Run a batch; what it took, and what it left beside its root. Ends the program where it fails."""
    batch = f"d{number:05d}"
    arguments = [str(locate("local.toml")), *map(str, crawl), "--batch", batch]
    arguments += ["--master", "local[2,4]"]
    arguments += [word for one in SETTINGS for word in ("--set", one)]
    start = time.monotonic()
    begun = begin(folder, arguments)
    most = watch(begun)
    code, left = begun.wait(), begun.left()
    if code or left:
        sys.exit(f"delivery {number}: exit code {code}, {begun.said[-2000:]} {left}")
    shutil.rmtree(crawl[0].parent)
    [last] = (folder / "runs" / "local" / batch).glob("*-balance-*")
    return {
        **most,
        "pages": pages,
        "kept": manifest.load(str(last)).keep,
        "seconds": time.monotonic() - start,
        "processor_ms_a_page": 1000 * most["processor_s"] / pages,
        "root_bytes": bytes_below(folder / "runs"),
    }


def merge(folder: Path) -> None:
    """`curate compact`: later deliveries read one file where they would read many."""
    command = [sys.executable, "-m", "curation", "compact", "--root", str(folder / "runs")]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)


def told(number: int, done: int, of: int, entry: Entry) -> str:
    """A delivery in a line."""
    memory = ", ".join(f"{role} {entry.get(f'{role}_bytes', 0) / 1e6:,.0f}" for role in ROLES)
    return (
        f"{number}: {done:,} of {of:,} pages, {entry['kept']:,} kept; {entry['seconds']:.0f} s, "
        f"{entry['processor_ms_a_page']:.0f} ms of processors a page; MB: {memory}; "
        f"root {entry['root_bytes'] / 1e9:.2f} GB"
    )


def main() -> int:
    """Go through the series; 1 is the exit code if anything grows."""
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--delivery", type=int, default=20_000, help="pages of a delivery")
    parser.add_argument(
        "--folder", type=Path, help="where the root lies; a temporary one otherwise"
    )
    parser.add_argument("--journal", type=Path)
    given = parser.parse_args()
    folder = (given.folder or Path(mkdtemp(prefix="soak-"))).resolve()
    journal, done = Journal(given.journal), []
    numbers = range(-(-given.pages // given.delivery))
    with ProcessPoolExecutor(1) as maker:
        ahead: dict[int, Future[Sequence[Path]]] = {}
        for number in numbers:
            key = f"{number}, {given.delivery} pages, {folder}"
            known = journal.get(key)
            if known is None:
                for one in (number, number + 1):
                    if one in numbers and one not in ahead:
                        ahead[one] = maker.submit(make, one, given.delivery, folder)
                if number and number % MERGE_EVERY == 0:
                    merge(folder)
                crawl = ahead.pop(number).result()
                known = journal.add(key, **deliver(number, given.delivery, crawl, folder))
            done.append({figure: known.get(figure, 0.0) for figure in FIGURES})
            say(told(number, (number + 1) * given.delivery, given.pages, known))
    grown = [trend for trend in trends(done, FIGURES) if trend.grows]
    for trend in grown:
        say(f"{trend.figure} grows: {trend.first:,.0f} at first, {trend.last:,.0f} at last")
    say(f"{len(done)} deliveries, nothing left behind; {len(grown)} figures grow")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
