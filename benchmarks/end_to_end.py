"""From WARC to what is kept beside datatrove 0.10.1, both on one core, in one run.

    python -m benchmarks.end_to_end DATA [--peer PYTHON --lid-model lid.176.ftz] [--every N]

Both read the same WARC files of real English pages (``DATA/extraction/en``) and run URL filter,
extraction, language identification, Gopher, C4 and FineWeb rules and MinHash at 128 bands of 16.
"whole" is all of ``conf/local.toml``: line dedup, privacy, classifiers, semantic dedup, balance,
export and packing too. The peer runs ``benchmarks/peer_datatrove.py`` in its own environment
(PYTHON); without it only our own figures are printed. Each side runs on every fourth page and on
all pages: the difference is the cost of a record, what is left is the cost of a run (for us mostly
Spark's start). A first small run of each side compiles and caches. Times are processor seconds of a
process and all that it started (the JVM, its workers and their children), pinned to one core.
Linux only.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from conf import locate
from curation.inspect.run_files import choose_run, load_run
from curation.sample_crawl.archive import DATE, Response, response_record
from curation.training.labelled_pages import read_pages
from schemas.page import Page

ROOT = Path(__file__).resolve().parents[1]
TO_NEAR_COPIES = """
name = "to_near_copies"
part_bytes = 16_777_216
max_quarantine_ratio = 1.0

[[step]]
name = "prepare"
stages = ["url_filter", "extract", "language", "rules"]

[[step]]
name = "fuzzy"
stages = ["fuzzy_dedup"]

[spark]
master = "local[1]"

[spark.settings]
"spark.sql.shuffle.partitions" = "1"
"""
PEER = "datatrove 0.10.1"
SMALL, PART = 20, 4
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What one run took and gave: ``read`` of the ``records`` there are, ``kept`` in the end."""

    records: int
    read: int
    kept: int
    processor_s: float
    wall_s: float


def write_warc(path: Path, pages: Sequence[Page]) -> None:
    """The pages as response records, in order."""
    random = Random(0)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        for page in pages:
            response = Response(page.url, page.body, content_type="text/html")
            file.write(response_record(response, random, DATE))


def run_ours(pipeline: str, folder: Path, out: Path) -> dict[str, int]:
    """Run a pipeline of ours; the records read and the documents kept."""
    out.mkdir()
    config = out / "pipeline.toml"
    config.write_text(pipeline)
    job = [sys.executable, str(ROOT / "jobs" / "run.py"), str(config), str(folder)]
    _pinned([*job, "--root", str(out / "root")], {"PYTHONPATH": str(ROOT)})
    done = load_run(choose_run(str(out / "root"), None, None))
    judged = [step.manifest for step in done if step.manifest.stages]
    return {"read": judged[0].rows_in, "kept": judged[-1].keep}


def whole_pipeline() -> str:
    """The default pipeline on one core, whatever it quarantines."""
    text = locate("local.toml").read_text()
    for given, other in (("local[*,4]", "local[1]"), ("ratio = 0.1", "ratio = 1.0")):
        if given not in text:
            raise SystemExit(f"conf/local.toml has no {given!r} to be replaced")
        text = text.replace(given, other)
    return text


def run_peer(python: str, model: str, folder: Path, out: Path) -> dict[str, int]:
    """Run datatrove; the records read and the documents kept."""
    script = str(ROOT / "benchmarks" / "peer_datatrove.py")
    printed = _pinned([python, script, str(folder), str(out)], {"LID_MODEL": model})
    figures: dict[str, int] = json.loads(printed.splitlines()[-1])
    return figures


def measure(records: int, run: Any, *arguments: Any) -> Cost:
    """Processor and wall seconds of one run over an archive of so many records."""
    before, started = _processor_seconds(), time.monotonic()
    figures = run(*arguments)
    wall = time.monotonic() - started
    used = _processor_seconds() - before
    return Cost(records, figures["read"], figures["kept"], used, wall)


def report(costs: dict[str, tuple[Cost, Cost]]) -> None:
    """Rows of the table, and the ratio of the costs of a record."""
    print("| | records | read | kept | processor s | wall s | run, s | record, ms | records/s |")
    print("|---|---|---|---|---|---|---|---|---|")
    rates = {}
    for name, (part, whole) in costs.items():
        record = (whole.processor_s - part.processor_s) / (whole.records - part.records)
        rates[name] = 1 / record
        print(
            f"| {name} | {whole.records} | {whole.read} | {whole.kept} | {whole.processor_s:.1f} | "
            f"{whole.wall_s:.1f} | {whole.processor_s - record * whole.records:.1f} | "
            f"{1e3 * record:.1f} | {1 / record:.1f} |"
        )
    theirs = rates.pop(PEER, None)
    for name, rate in rates.items():
        if theirs:
            print(f"\n{name}: {rate / theirs:.2f} times the records per second of {PEER}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer")
    parser.add_argument("--lid-model")
    parser.add_argument("--every", type=int, default=1, help="take every Nth page")
    options = parser.parse_args()
    sides: dict[str, Any] = {
        "ours": partial(run_ours, TO_NEAR_COPIES),
        "ours, whole": partial(run_ours, whole_pipeline()),
    }
    if options.peer:
        sides[PEER] = lambda *a: run_peer(options.peer, options.lid_model, *a)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    labelled = read_pages(options.data / "extraction", "en")
    pages = [known.page for known in labelled if known.truth][:: options.every]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sizes = {"small": pages[:SMALL], "part": pages[::PART], "whole": pages}
        for name, some in sizes.items():
            write_warc(folder / name / "pages.warc.gz", some)
        costs: dict[str, list[Cost]] = {name: [] for name in sides}
        for size, some in sizes.items():
            for name, run in sides.items():
                out = folder / f"{name.replace(' ', '-')}-{size}"
                costs[name].append(measure(len(some), run, folder / size, out))
        report({name: (made[1], made[2]) for name, made in costs.items()})


def _pinned(command: Sequence[str], environment: dict[str, str]) -> str:
    """Run a command on one core; what it printed on standard output."""
    core = {min(os.sched_getaffinity(0))}
    done = subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, core),
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def _processor_seconds() -> float:
    """Of all children so far; what they left behind is waited for, or its time would be lost."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
