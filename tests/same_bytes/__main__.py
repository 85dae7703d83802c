"""``python -m tests.same_bytes``: a crawl in every way that must not matter, the sample or ``--crawl FILE …``.

With ``--journal FILE`` a variant that made the same bytes before is not run again, as long as the crawl, the
pipeline and what comes out as it comes are the same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from conf import locate
from curation.sample_crawl import write_sample_crawl
from tests.faults.runs import begin
from tests.journal import Entry, Journal, say
from tests.same_bytes.outcome import products, rows
from tests.same_bytes.variants import Variant, variants

POLL_S = 0.1


def run(variant: Variant, folder: Path, conf: str) -> Entry:
    """What the variant makes. Ends the program where it makes nothing."""
    arguments = [conf, *map(str, variant.files), "--master", variant.master, *variant.arguments]
    arguments += ["--set", "stage.extract.timeout_s=1.0", "--set", "max_quarantine_ratio=0.2"]
    if variant.killed_in_step:
        begun = begin(folder, arguments, variant.environment)
        while not begun.has_come_to(variant.killed_in_step) and begun.process.poll() is None:
            time.sleep(POLL_S)
        os.kill(begun.process.pid, signal.SIGKILL)
        begun.wait()
        begun.left()
    begun = begin(folder, arguments, variant.environment)
    if begun.wait():
        sys.exit(f"{variant.name}: {begun.said[-2000:]}")
    found = {"products": products(folder / "runs"), "rows": rows(folder / "runs")}
    shutil.rmtree(folder)
    return found


def main() -> int:
    """Run all variants; 1 is the exit code where one differs."""
    parser = argparse.ArgumentParser(prog="tests.same_bytes", description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument(
        "--crawl", type=Path, nargs="+", metavar="FILE", help="gzipped archives, not the sample"
    )
    parser.add_argument("--conf", default=str(locate("local.toml")))
    parser.add_argument("--only", default="", help="part of the names of variants")
    parser.add_argument("--journal", type=Path)
    given = parser.parse_args()
    folder = Path(mkdtemp(prefix="same-bytes-"))
    crawl = given.crawl or write_sample_crawl(folder / "crawl", seed=1, pages=given.pages)
    crawl = [Path(path).resolve() for path in crawl]
    first, *others = variants(crawl, folder)
    journal, digest = Journal(given.journal), _digest(crawl)
    expected = run(first, folder / "run", given.conf)
    shown = sorted(expected["products"])
    say(f"a crawl of {len(crawl)} files makes {len(shown)}: {', '.join(shown)}")
    differing = 0
    for variant in (one for one in others if given.only in one.name):
        key = f"{variant.name}, crawl {digest}, {given.conf}"
        known = journal.get(key)
        if known is None or not _same(variant, known, expected):
            known = journal.add(key, **run(variant, folder / "run", given.conf))
        same = _same(variant, known, expected)
        differing += not same
        what = "bytes" if variant.same_files else "rows and packed bytes"
        say(f"{variant.name}: {f'the same {what}' if same else 'OTHER BYTES'}")
    say(f"{len(others)} variants: {differing} differ")
    shutil.rmtree(folder)
    return 1 if differing else 0


def _digest(files: Iterable[Path]) -> str:
    """What tells a crawl from another, whatever its files are called."""
    every = b"".join(sha256(path.read_bytes()).digest() for path in files)
    return sha256(every).hexdigest()[:16]


def _same(variant: Variant, found: Entry, expected: Entry) -> bool:
    what = "products" if variant.same_files else "rows"
    return bool(expected[what]) and found[what] == expected[what]


if __name__ == "__main__":
    sys.exit(main())
